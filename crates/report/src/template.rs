//! A report's folder and its data → PDF. Called by the jobs of `server` and by [`crate::air_year_pdf`].
//!
//! A folder holds `report.toml` (title, main file), the template, and whatever files the template reads
//! (`words.toml` with the words of both languages, pictures …). The template finds its data in the file
//! `data.json`, which exists only while it is typeset, and the language in `sys.inputs.lang`. What several
//! reports use lies in the folder `common`, which every template reads as `/common/…`.

use crate::ReportError;
use crate::world::{Fault, Folder};
use domain::{Lang, Text};
use include_dir::{Dir, include_dir};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

static BUILTIN: Dir = include_dir!("$CARGO_MANIFEST_DIR/catalog");

/// Name under which a template reads its data.
const DATA: &str = "data.json";
/// The file that makes a folder a report.
const ABOUT: &str = "report.toml";
/// The folder that every template may read; it is no report.
const COMMON: &str = "common";

/// `report.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// What the report is called in lists.
    pub title: Text,
    /// Main file of the template.
    pub template: String,
    /// What the data must hold, for people.
    #[serde(default)]
    pub data: String,
}

/// Every report there is: files by report id and file name.
#[derive(Clone, Debug, Default)]
pub struct Templates {
    reports: BTreeMap<String, BTreeMap<String, Vec<u8>>>,
}

impl Templates {
    /// The reports that come with the product.
    pub fn builtin() -> Templates {
        let mut all = Templates::default();
        for folder in BUILTIN.dirs() {
            let id = folder.path().to_string_lossy().to_string();
            for file in folder.files() {
                if let Some(name) = file.path().file_name() {
                    all.insert(&id, &name.to_string_lossy(), file.contents().to_vec());
                }
            }
        }
        all
    }

    /// Adds, or replaces, one file of a report's folder.
    pub fn insert(&mut self, id: &str, file: &str, bytes: Vec<u8>) {
        self.reports.entry(id.to_string()).or_default().insert(file.to_string(), bytes);
    }

    /// Adds every folder below `dir` that is a report, and `common`; files of the same name replace the built-in ones.
    ///
    /// # Errors
    /// [`ReportError::Template`] names the file that cannot be read.
    pub fn add_dir(&mut self, dir: &Path) -> Result<(), ReportError> {
        for folder in list(dir)? {
            let id = name(&folder);
            if !folder.join(ABOUT).is_file() && id != COMMON {
                continue;
            }
            for file in list(&folder)?.iter().filter(|path| path.is_file()) {
                let bytes = std::fs::read(file).map_err(|error| unreadable(&id, file, &error))?;
                self.insert(&id, &name(file), bytes);
            }
        }
        Ok(())
    }

    /// Ids, sorted.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.reports.keys().map(String::as_str).filter(|id| *id != COMMON)
    }

    /// What a report says of itself.
    ///
    /// # Errors
    /// [`ReportError::Unknown`] or [`ReportError::Template`] if `report.toml` is absent or wrong.
    pub fn about(&self, id: &str) -> Result<About, ReportError> {
        let fail = |reason: String| ReportError::Template { id: id.to_string(), file: ABOUT.to_string(), reason };
        let bytes = self.files(id)?.get(ABOUT).ok_or_else(|| fail("is absent; add it".to_string()))?;
        let text = std::str::from_utf8(bytes).map_err(|_| fail("is not UTF-8; save it as UTF-8".to_string()))?;
        toml::from_str(text).map_err(|error| fail(error.to_string()))
    }

    /// Typesets a report; `data` is what the template reads as `json("data.json")`.
    ///
    /// # Errors
    /// [`ReportError::Unknown`] for another id, [`ReportError::Template`] with file and line if the template
    /// does not compile with this data.
    pub fn render(&self, id: &str, data: &Value, lang: Lang) -> Result<Vec<u8>, ReportError> {
        self.typeset(id, data, lang).map(|(bytes, _)| bytes)
    }

    /// One file of a report's folder, if it has it.
    pub(crate) fn file(&self, id: &str, file: &str) -> Result<Option<&[u8]>, ReportError> {
        Ok(self.files(id)?.get(file).map(Vec::as_slice))
    }

    /// The same; the answer also says how many pages there are.
    pub(crate) fn typeset(&self, id: &str, data: &Value, lang: Lang) -> Result<(Vec<u8>, usize), ReportError> {
        let about = self.about(id)?;
        let mut files = self.files(id)?.clone();
        for (file, bytes) in self.reports.get(COMMON).into_iter().flatten() {
            files.insert(format!("{COMMON}/{file}"), bytes.clone());
        }
        let json = serde_json::to_vec(data).map_err(|error| ReportError::Data(error.to_string()))?;
        files.insert(DATA.to_string(), json);
        let fail = |fault: Fault| ReportError::Template { id: id.to_string(), file: fault.file, reason: fault.reason };
        Folder::new(files, &about.template, lang).and_then(|folder| folder.pdf(id)).map_err(fail)
    }

    fn files(&self, id: &str) -> Result<&BTreeMap<String, Vec<u8>>, ReportError> {
        self.reports.get(id).filter(|_| id != COMMON).ok_or_else(|| ReportError::Unknown {
            id: id.to_string(),
            known: self.ids().collect::<Vec<_>>().join(", "),
        })
    }
}

/// Typesets a built-in report; see [`Templates::render`].
///
/// # Errors
/// As [`Templates::render`].
pub fn render_pdf(report_id: &str, data: &Value, lang: Lang) -> Result<Vec<u8>, ReportError> {
    Templates::builtin().render(report_id, data, lang)
}

fn list(dir: &Path) -> Result<Vec<std::path::PathBuf>, ReportError> {
    let read = || std::fs::read_dir(dir)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>();
    let mut paths = read().map_err(|error| unreadable(&name(dir), dir, &error))?;
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().to_string()
}

fn unreadable(id: &str, file: &Path, error: &std::io::Error) -> ReportError {
    ReportError::Template { id: id.to_string(), file: file.display().to_string(), reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(template: &str) -> Templates {
        let mut templates = Templates::default();
        let about = "title = { zh = \"试\", en = \"try\" }\ntemplate = \"main.typ\"\n";
        templates.insert("try", ABOUT, about.as_bytes().to_vec());
        templates.insert("try", "main.typ", template.as_bytes().to_vec());
        templates
    }

    fn fault(templates: &Templates) -> (String, String) {
        match templates.render("try", &serde_json::json!({ "year": 2023 }), Lang::Zh) {
            Err(ReportError::Template { id, file, reason }) if id == "try" => (file, reason),
            other => panic!("{:?}", other.map(|bytes| bytes.len())),
        }
    }

    #[test]
    fn a_wrong_template_is_named_with_file_and_line() {
        let (file, reason) = fault(&with("一行\n\n#nothing-of-that-name\n"));
        assert_eq!(file, "main.typ");
        assert!(reason.starts_with("main.typ line 3: ") && reason.contains("nothing-of-that-name"), "{reason}");

        let (_, reason) = fault(&with("#let data = json(\"data.json\")\n#data.month"));
        assert!(reason.starts_with("main.typ line 2: ") && reason.contains("month"), "{reason}");

        // The place is that of the imported file.
        let mut templates = with("#import \"other.typ\": value\n#value");
        templates.insert("try", "other.typ", b"\n#let value = 1 +\n".to_vec());
        assert!(fault(&templates).1.starts_with("other.typ line 2: "));

        let (_, reason) = fault(&with("#image(\"absent.png\")"));
        assert!(reason.contains("main.typ line 1: ") && reason.contains("absent.png"), "{reason}");
    }

    #[test]
    fn a_report_toml_that_is_absent_or_wrong_is_named() {
        let mut templates = Templates::default();
        templates.insert("try", "main.typ", b"x".to_vec());
        assert_eq!(fault(&templates).0, ABOUT);
        templates.insert("try", ABOUT, b"title = 1".to_vec());
        let (file, reason) = fault(&templates);
        assert!(file == ABOUT && reason.contains("line 1"), "{reason}");
        // The main file that it names does not exist.
        let mut templates = with("x");
        templates.insert("try", ABOUT, b"title = { zh = \"\", en = \"\" }\ntemplate = \"gone.typ\"".to_vec());
        assert!(fault(&templates).1.contains("gone.typ"));
    }

    #[test]
    fn a_folder_on_disk_adds_and_replaces_reports() {
        let dir = std::env::temp_dir().join(format!("jingce-report-{}", std::process::id()));
        let folder = dir.join("notice");
        std::fs::create_dir_all(&folder).expect("a writable folder");
        std::fs::write(folder.join(ABOUT), "title = { zh = \"通知\", en = \"Notice\" }\ntemplate = \"n.typ\"")
            .expect("written");
        std::fs::write(folder.join("n.typ"), "#import \"/common/style.typ\": heavy\n#heavy(json(\"data.json\").text)")
            .expect("written");
        std::fs::create_dir_all(dir.join("no-report")).expect("a writable folder");
        let mut templates = Templates::builtin();
        let added = templates.add_dir(&dir);
        std::fs::remove_dir_all(&dir).expect("removed");
        added.expect("readable");
        assert_eq!(templates.ids().collect::<Vec<_>>(), ["air-year", "notice", "plan-report"]);
        assert_eq!(templates.about("notice").expect("it is there").title.zh, "通知");
        let pdf = templates.render("notice", &serde_json::json!({ "text": "通知" }), Lang::Zh).expect("it compiles");
        assert!(pdf.starts_with(b"%PDF-"));
        assert!(templates.add_dir(&dir.join("gone")).is_err());
    }

    /// The Han font draws class five as nothing: “劣Ⅴ类” would be printed as “劣类”.
    #[test]
    fn what_the_han_font_draws_as_nothing_is_drawn_by_another() {
        let style = include_str!("../catalog/common/style.typ");
        let (_, left_out) = style.split_once("covers: regex(\"[^Ⅰ-ⅿ").expect("the style names what it leaves out");
        let left_out = left_out.split_once(']').expect("one class of characters").0;
        let empty = crate::world::empty_in_han_font();
        assert!(empty.contains(&'Ⅴ') && empty.contains(&'℃'), "{empty:?}");
        for character in empty.into_iter().chain('Ⅰ'..='Ⅻ') {
            assert!(('Ⅰ'..='ⅿ').contains(&character) || left_out.contains(character), "{character} is not left out");
            let others = crate::world::drawn_by(character);
            let is_named = |family: &&String| style.contains(&format!("\"{family}\""));
            assert!(others.iter().any(|family| is_named(&family)), "{character} is drawn by {others:?} only");
        }
        let text = "#import \"/common/style.typ\": font\n#set text(font: font)\nⅠⅡⅢⅣⅤⅥ Ⅹ ℃";
        let mut templates = with(text);
        templates.insert(COMMON, "style.typ", style.as_bytes().to_vec());
        let pdf = templates.render("try", &serde_json::json!({}), Lang::Zh).expect("it compiles");
        assert!(String::from_utf8_lossy(&pdf).contains("LibertinusSerif"), "the other font is in the document");
    }

    #[test]
    fn every_built_in_report_has_its_words_in_both_languages_and_the_font_has_them() {
        let templates = Templates::builtin();
        for (id, files) in &templates.reports {
            for (file, bytes) in files {
                let text = std::str::from_utf8(bytes).expect("the catalog is UTF-8");
                let lost: String =
                    text.chars().filter(|c| !c.is_whitespace() && crate::world::drawn_by(*c).is_empty()).collect();
                // Zero-width characters are never drawn.
                assert_eq!(lost.replace(['\u{200B}', '\u{2060}'], ""), "", "{id}/{file}: no glyph");
            }
            if !files.contains_key("words.toml") {
                continue;
            }
            let words = crate::words::Words::builtin(id, Lang::Zh).expect("words.toml is right");
            for (key, text) in words.iter() {
                assert!(!text.zh.is_empty() && !text.en.is_empty(), "{id}: {key} lacks a language");
            }
            let templates = files.iter().filter(|(file, _)| file.ends_with(".typ"));
            let template: String = templates.map(|(_, bytes)| String::from_utf8_lossy(bytes)).collect();
            for used in template.split("w(\"").skip(1).filter_map(|rest| rest.split_once('"')) {
                assert!(words.iter().any(|(key, _)| key == used.0), "{id}: no word `{}`", used.0);
            }
        }
    }
}
