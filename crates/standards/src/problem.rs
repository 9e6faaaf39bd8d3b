//! What is wrong in a catalog file, for people. Made by every reader of this crate, listed by
//! `jingce catalog check`.

use domain::{Lang, Text};

/// Something wrong in a catalog file; the folder it stands in is not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogProblem {
    /// Path in the catalog.
    pub path: String,
    /// Line, from 1; `None` when the whole file is meant.
    pub line: Option<u64>,
    /// What is wrong, with the value, and what to do.
    pub message: Text,
}

impl CatalogProblem {
    /// About a whole file.
    pub fn file(path: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> CatalogProblem {
        CatalogProblem { path: path.into(), line: None, message: Text::new(zh, en) }
    }

    /// About one line of a file.
    pub fn at(path: impl Into<String>, line: u64, zh: impl Into<String>, en: impl Into<String>) -> CatalogProblem {
        CatalogProblem { path: path.into(), line: Some(line), message: Text::new(zh, en) }
    }

    /// One line for a person: place, then message.
    pub fn line(&self, lang: Lang) -> String {
        let message = self.message.get(lang);
        match self.line {
            Some(line) => format!("{}:{line}: {message}", self.path),
            None => format!("{}: {message}", self.path),
        }
    }
}
