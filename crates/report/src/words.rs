//! `words.toml` of a report's folder → the words of one language. Called by the `*_sheets` modules, so that the
//! workbook says the same as the typeset pages.

use crate::ReportError;
use crate::template::Templates;
use domain::{Lang, Text};
use std::collections::BTreeMap;

/// Name of the file in a report's folder.
const FILE: &str = "words.toml";

/// The words of a report in one language.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    words: BTreeMap<String, Text>,
    lang: Lang,
}

impl Words {
    /// The words of a built-in report.
    pub(crate) fn builtin(id: &str, lang: Lang) -> Result<Words, ReportError> {
        let fail = |reason: String| ReportError::Template { id: id.to_string(), file: FILE.to_string(), reason };
        let templates = Templates::builtin();
        let bytes = templates.file(id, FILE)?.ok_or_else(|| fail("is absent; add it".to_string()))?;
        let text = std::str::from_utf8(bytes).map_err(|_| fail("is not UTF-8; save it as UTF-8".to_string()))?;
        let words = toml::from_str(text).map_err(|error| fail(error.to_string()))?;
        Ok(Words { words, lang })
    }

    /// A word; its key if the file lacks it, so that the gap shows.
    pub(crate) fn get(&self, key: &str) -> String {
        self.words.get(key).map_or(key, |text| text.get(self.lang)).to_string()
    }

    /// A sentence with its `{name}` filled in.
    pub(crate) fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        values.iter().fold(self.get(key), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }

    /// A text of the data in this language; the other one if it is empty.
    pub(crate) fn of(&self, text: &Text) -> String {
        let (own, other) = match self.lang {
            Lang::Zh => (&text.zh, &text.en),
            Lang::En => (&text.en, &text.zh),
        };
        if own.is_empty() { other.clone() } else { own.clone() }
    }

    /// The language.
    pub(crate) fn lang(&self) -> Lang {
        self.lang
    }

    /// Texts of the data side by side.
    pub(crate) fn join<T: AsRef<str>>(&self, parts: &[T]) -> String {
        parts.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(&self.get("and"))
    }

    #[cfg(test)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &Text)> {
        self.words.iter()
    }
}
