//! The one door to every standard that judges rows: which columns it takes, which it adds, and row after row.
//!
//! ```
//! use standards::{Catalog, media::Options};
//! let catalog = Catalog::builtin();
//! let evaluator = catalog.evaluator("gb3838-2002").unwrap();
//! let bound = evaluator.bind(&["section", "kind", "codmn", "tp"], &Options::default()).unwrap();
//! let judged = bound.row(&[Some("桥头"), Some("lake"), Some("7"), Some("0.06")]);
//! let at = |name: &str| evaluator.outputs().iter().position(|own| own.name == name).unwrap();
//! assert_eq!(judged.cells[at("class")].as_deref(), Some("Ⅳ"));
//! assert_eq!(judged.cells[at("exceed")].as_deref(), Some("codmn:0.17;tp:0.2"));
//! ```

use crate::media::bind::{nearly, places};
use crate::media::words::misspelt;
use domain::{Confidence, Problem, Text};

pub use crate::media::bind::BindError;

/// A column that a standard takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Name, such as `codmn`.
    pub name: String,
    /// Other names it may have.
    pub also: Vec<String>,
    /// Unit of its numbers; empty for words.
    pub unit: String,
    /// What it says.
    pub meaning: Text,
    /// What it is for.
    pub role: Role,
    /// Whether the rows cannot be judged without it.
    pub required: bool,
    /// The words it may hold, with their names.
    pub words: Vec<(String, Text)>,
}

/// What a column is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Judged, and it makes the class.
    Item,
    /// Judged, but it makes the class only when asked.
    Reference,
    /// A word that picks limits.
    Word,
    /// A number that picks or changes limits.
    Number,
}

/// A column that a standard adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Name, such as `class`.
    pub name: String,
    /// What it says.
    pub meaning: Text,
}

/// What is asked beyond the standard's own ways.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Items that make the class. Items that do not make it by themselves are added; as soon as the list
    /// names one that does, the list is the whole of them. Empty: the standard's own.
    pub items: Vec<String>,
}

/// A row judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// One a column of [`Evaluator::outputs`]; `None` is nothing to say.
    pub cells: Vec<Option<String>>,
    /// Cells that could not be used, and what to know of the result; the row number is the caller's to add.
    pub problems: Vec<Problem>,
}

/// What judges rows. Cells come in the order of `columns`, and go out in that of `outputs`.
pub(crate) trait Rule {
    fn id(&self) -> &str;
    fn confidence(&self) -> Confidence;
    fn columns(&self) -> Vec<Column>;
    fn outputs(&self) -> Vec<Output>;
    fn row(&self, cells: &[Option<&str>], counted: &[bool]) -> Judged;
}

/// A standard that judges rows.
#[derive(Clone, Copy)]
pub struct Evaluator<'a> {
    rule: &'a dyn Rule,
}

/// A standard joined with a header.
pub struct Bound<'a> {
    rule: &'a dyn Rule,
    /// Where each column of the rule stands in the input.
    places: Vec<Option<usize>>,
    /// For each column of the rule, whether it makes the class.
    counted: Vec<bool>,
    notes: Vec<Problem>,
}

impl<'a> Evaluator<'a> {
    pub(crate) fn new(rule: &'a dyn Rule) -> Evaluator<'a> {
        Evaluator { rule }
    }

    /// Standard id.
    pub fn id(&self) -> &'a str {
        self.rule.id()
    }

    /// Confidence in the standard's tables as a whole.
    pub fn confidence(&self) -> Confidence {
        self.rule.confidence()
    }

    /// The columns it takes, in table order.
    pub fn columns(&self) -> Vec<Column> {
        self.rule.columns()
    }

    /// The columns it adds.
    pub fn outputs(&self) -> Vec<Output> {
        self.rule.outputs()
    }

    /// Joins it with the header of a file; other columns are left alone.
    pub fn bind(&self, header: &[&str], options: &Options) -> Result<Bound<'a>, BindError> {
        let columns = self.columns();
        let (places, counted) = places(&columns, header, options)?;
        let notes = nearly(&columns, header, &places).iter().map(|(given, meant)| misspelt(given, meant)).collect();
        Ok(Bound { rule: self.rule, places, counted, notes })
    }
}

impl Bound<'_> {
    /// What to know of the header: columns that are not used although their name is nearly one that is.
    pub fn notes(&self) -> &[Problem] {
        &self.notes
    }

    /// Whether a column of the input, by its place, is used.
    pub fn uses(&self, place: usize) -> bool {
        self.places.contains(&Some(place))
    }

    /// Judges one row, given in the order of the header; a cell past the end of a short row is missing.
    pub fn row(&self, cells: &[Option<&str>]) -> Judged {
        let own: Vec<Option<&str>> =
            self.places.iter().map(|place| place.and_then(|at| cells.get(at).copied().flatten())).collect();
        self.rule.row(&own, &self.counted)
    }
}

impl std::fmt::Debug for Evaluator<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Evaluator").field(&self.rule.id()).finish()
    }
}

impl std::fmt::Debug for Bound<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bound").field("rule", &self.rule.id()).field("places", &self.places).finish()
    }
}
