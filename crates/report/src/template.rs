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

    fn typeset(&self, id: &str, data: &Value, lang: Lang) -> Result<(Vec<u8>, usize), ReportError> {
        let about = self.about(id)?;
        let mut files = self.files(id)?.clone();
        for (file, bytes) in self.reports.get(COMMON).into_iter().flatten() {
            files.insert(format!("{COMMON}/{file}"), bytes.clone());
        }
        let json = serde_json::to_vec(data).map_err(|error| ReportError::Data(error.to_string()))?;
        files.insert(DATA.to_string(), json);
        let fail =
            |fault: Fault| ReportError::Template { id: id.to_string(), file: fault.file, reason: fault.reason };
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
