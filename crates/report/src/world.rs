//! Files in memory → typeset pages → PDF bytes: the only module that names typst. Called by `template`.
//!
//! No file system, no network, no packages, no clock: a template sees its own folder, `data.json` and
//! `sys.inputs.lang`, and the same input gives the same pages.

use domain::Lang;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Dict, Duration, Smart, Value};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};
use typst_layout::PagedDocument;

/// WenQuanYi Micro Hei 0.2.0-beta, used under its Apache-2.0 option: see `fonts/copyright`.
static HAN: &[u8] = include_bytes!("../fonts/wqy-microhei.ttc");

/// The Han font and the Latin and formula fonts of typst, read once.
static FONTS: LazyLock<(LazyHash<FontBook>, Vec<Font>)> = LazyLock::new(|| {
    let files = std::iter::once(HAN).chain(typst_assets::fonts());
    let fonts: Vec<Font> = files.flat_map(|file| Font::iter(Bytes::new(file))).collect();
    (LazyHash::new(FontBook::from_fonts(&fonts)), fonts)
});

/// One document to be typeset.
pub(crate) struct Folder {
    library: LazyHash<Library>,
    main: FileId,
    files: HashMap<FileId, Bytes>,
}

/// What is wrong with a template, and where.
pub(crate) struct Fault {
    /// File of the folder.
    pub file: String,
    /// Message with its line.
    pub reason: String,
}

impl Folder {
    /// From files by path within the project; `main` is one of them.
    pub(crate) fn new(files: BTreeMap<String, Vec<u8>>, main: &str, lang: Lang) -> Result<Folder, Fault> {
        let mut inputs = Dict::new();
        inputs.insert("lang".into(), Value::Str(lang_code(lang).into()));
        let library = LazyHash::new(Library::builder().with_inputs(inputs).build());
        let mut own = HashMap::new();
        for (name, bytes) in files {
            own.insert(file_id(&name)?, Bytes::new(bytes));
        }
        Ok(Folder { library, main: file_id(main)?, files: own })
    }

    /// Typesets and exports. The answer also says how many pages there are.
    pub(crate) fn pdf(&self, ident: &str) -> Result<(Vec<u8>, usize), Fault> {
        let document = typst::compile::<PagedDocument>(self).output.map_err(|errors| self.fault(&errors))?;
        let options = typst_pdf::PdfOptions { ident: Smart::Custom(ident.to_string()), ..Default::default() };
        let bytes = typst_pdf::pdf(&document, &options).map_err(|errors| self.fault(&errors))?;
        Ok((bytes, document.pages().len()))
    }

    fn fault(&self, errors: &[SourceDiagnostic]) -> Fault {
        let mut fault = Fault { file: name_of(self.main), reason: String::new() };
        for error in errors {
            if !fault.reason.is_empty() {
                fault.reason.push_str("; ");
            }
            if let Some((file, line)) = self.place(error) {
                fault.reason.push_str(&format!("{file} line {line}: "));
            }
            fault.reason.push_str(&error.message);
        }
        fault
    }

    fn place(&self, error: &SourceDiagnostic) -> Option<(String, usize)> {
        let id = error.span.id()?;
        let range = self.range(error.span)?;
        let line = self.source(id).ok()?.lines().byte_to_line(range.start)?;
        Some((name_of(id), line + 1))
    }
}

/// `zh` or `en`, as templates read it.
pub(crate) fn lang_code(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh",
        Lang::En => "en",
    }
}

fn file_id(name: &str) -> Result<FileId, Fault> {
    let path = VirtualPath::new(name)
        .map_err(|_| Fault { file: name.to_string(), reason: "is not a usable file name; rename it".to_string() })?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

fn name_of(id: FileId) -> String {
    id.get().vpath().get_without_slash().to_string()
}

impl World for Folder {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.0
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let bytes = self.file(id)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| FileError::InvalidUtf8)?;
        Ok(Source::new(id, text.to_string()))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or_else(|| FileError::NotFound(name_of(id).into()))
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.1.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// Families of the fonts that draw a character; a font may have it and draw nothing.
#[cfg(test)]
pub(crate) fn drawn_by(character: char) -> Vec<String> {
    let drawing = FONTS.1.iter().filter(|font| draws(font, character));
    drawing.map(|font| font.info().family.to_string()).collect()
}

/// Characters that the Han font has and draws as nothing, spaces and invisible ones aside.
#[cfg(test)]
pub(crate) fn empty_in_han_font() -> Vec<char> {
    let is_meant = |c: &char| {
        c.is_whitespace() || c.is_control() || ('\u{200b}'..='\u{206f}').contains(c) || "\u{3164}\u{feff}".contains(*c)
    };
    let han = &FONTS.1[0];
    let had = ('\0'..='\u{ffff}').filter(|c| han.info().coverage.contains(u32::from(*c)));
    had.filter(|c| !is_meant(c) && !draws(han, *c)).collect()
}

#[cfg(test)]
fn draws(font: &Font, character: char) -> bool {
    let font = font.clone().instantiate(Default::default(), Default::default(), &Default::default());
    let face = font.ttf();
    face.glyph_index(character).is_some_and(|glyph| face.glyph_bounding_box(glyph).is_some())
}
