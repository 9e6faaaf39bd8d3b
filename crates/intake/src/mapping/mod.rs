//! `catalog/<id>/mapping.toml` → [`Mapping`]: which column of a file means what, as data.
//!
//! Called by the server (lists, uploads, the `import` command) and by [`crate::open`]. A new form of file
//! is a new folder here or in a deployment's own catalog; no Rust changes. A bad folder is a
//! [`MappingProblem`], the rest stays usable.

mod check;
mod file;
mod form;
mod items;
mod records;
mod sample;

pub(crate) use form::*;
pub(crate) use items::{Item, Items};
pub use sample::SampleResult;
pub(crate) use sample::difference;

use crate::problems::folded;
use domain::catalog::Files;
use domain::{Table, Text};

static BUILTIN: include_dir::Dir<'_> = include_dir::include_dir!("$CARGO_MANIFEST_DIR/catalog");

/// What a mapping's files become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Into {
    /// Readings.
    Observations,
    /// Rows of a small table.
    Records(Table),
}

/// A declared form of file.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// Id, such as `uci-beijing`: the folder's name.
    pub id: String,
    /// Title.
    pub title: Text,
    /// What the form is and how to make a file of it.
    pub description: Text,
    /// What its files become.
    pub into: Into,
    /// Formats it reads: `csv`, `xlsx`, `parquet`, `geojson`.
    pub formats: Vec<String>,
    /// Expected headers, for people: the first name of each column; optional ones end in `?`.
    pub columns: Vec<String>,
    /// How such values were obtained, such as `automatic` or `manual`.
    pub method: String,
    /// Where the form is described or was seen.
    pub source: String,
    /// Why an hour's label was taken for the start or the end of the hour.
    pub label_reason: Option<Text>,
    pub(crate) form: Form,
}

/// Every mapping of a catalog.
#[derive(Clone, Debug, Default)]
pub struct Mappings {
    list: Vec<Mapping>,
    files: Files,
}

/// Something wrong in a mapping's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingProblem {
    /// Path in the catalog.
    pub path: String,
    /// What is wrong and what to do.
    pub message: Text,
}

impl Into {
    /// The word used in files and answers.
    pub fn code(self) -> &'static str {
        match self {
            Into::Observations => "observations",
            Into::Records(table) => table.code(),
        }
    }
}

impl Mapping {
    /// The same mapping for a file whose rows name no station: every value belongs to `station`.
    /// Only a mapping that says `given = true` (or has a constant station) needs it; others ignore it.
    pub fn at_station(&self, station: &str) -> Mapping {
        let mut mapping = self.clone();
        if let Body::Observations(body) = &mut mapping.form.body
            && !matches!(body.station, StationFrom::Column(..))
        {
            body.station = StationFrom::Constant(station.trim().to_string());
        }
        mapping
    }

    /// Whether the one who imports must name the station.
    pub fn needs_station(&self) -> bool {
        matches!(&self.form.body, Body::Observations(body) if matches!(body.station, StationFrom::Given))
    }
}

impl Mappings {
    /// The built-in mappings.
    pub fn builtin() -> Mappings {
        Mappings::load(&Mappings::builtin_files()).0
    }

    /// The text files of the built-in mappings, to be overlaid by a deployment's own.
    pub fn builtin_files() -> Files {
        Files::embedded(&BUILTIN)
    }

    /// Every readable mapping of `files` (`<id>/mapping.toml`), and what is wrong with the others.
    pub fn load(files: &Files) -> (Mappings, Vec<MappingProblem>) {
        let mut mappings = Mappings { list: Vec::new(), files: files.clone() };
        let mut problems = Vec::new();
        for folder in files.folders_with("mapping.toml") {
            match check::read(&folder, files) {
                Ok(mapping) => mappings.list.push(mapping),
                Err(mut found) => problems.append(&mut found),
            }
        }
        (mappings, problems)
    }

    /// Every mapping, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Mapping> {
        self.list.iter()
    }

    /// A mapping by id.
    pub fn get(&self, id: &str) -> Option<&Mapping> {
        self.list.iter().find(|mapping| mapping.id == id)
    }

    /// Checks every mapping against units and parameters, and runs the samples that lie beside it
    /// (`samples/NAME.csv` with `samples/NAME.expect.txt`).
    pub fn run_samples(&self, context: &crate::Context) -> Vec<SampleResult> {
        self.list.iter().flat_map(|mapping| sample::run_all(mapping, &self.files, context)).collect()
    }
}

/// What a file of `mapping` gives, as the text that stands in a sample's `.expect.txt`.
pub fn transcript(name: &str, bytes: &[u8], mapping: &Mapping, context: &crate::Context) -> String {
    sample::transcript(name, bytes, mapping, context)
}

impl Column {
    /// A column that may be called by any of `names`.
    pub(crate) fn new(names: Vec<String>) -> Column {
        let keys = names.iter().map(|name| folded(name)).collect();
        Column { names, keys }
    }
}
