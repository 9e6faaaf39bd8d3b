//! What several commands ask for alike: the data folder, the area, the year, the rules, the moment.

use crate::asked::{calendar_year, moment};
use crate::data::Data;
use crate::trouble::Trouble;
use clap::{Args, ValueEnum};
use domain::{Instant, Lang, Year};
use std::path::PathBuf;

/// The data folder.
#[derive(Debug, Args)]
pub(crate) struct Folder {
    /// Data folder.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Folder with own catalogs (default: DIR/catalog.d if it is there).
    #[arg(long, value_name = "DIR")]
    pub catalog: Option<PathBuf>,
}

/// An area's year, and by which rules and as of when.
#[derive(Debug, Args)]
pub(crate) struct AreaYear {
    /// Area: code, Chinese or English name.
    #[arg(long)]
    pub area: String,
    /// Calendar year.
    #[arg(long)]
    pub year: i16,
    /// Rule set or standard id; `in-force` lets the date of the data pick.
    #[arg(long, default_value = "in-force", value_name = "ID")]
    pub rules: String,
    /// Read the data as they stood at this moment (2026-01-31, 2026-01-31T08:00, with an offset or UTC+8).
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
}

/// Form of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Columns for people.
    Table,
    /// Comma-separated values.
    Csv,
    /// JSON.
    Json,
}

impl Folder {
    /// Opens it; what is wrong in its own catalogs is told on standard error.
    pub fn open(&self, lang: Lang) -> Result<Data, Trouble> {
        let data = Data::open(&self.data, self.catalog.as_deref())?;
        tell_problems(&data, lang);
        Ok(data)
    }

    /// Opens it, making it if it is not there.
    pub fn create(&self, lang: Lang) -> Result<Data, Trouble> {
        let data = Data::create(&self.data, self.catalog.as_deref())?;
        tell_problems(&data, lang);
        Ok(data)
    }
}

impl AreaYear {
    /// The year, if a calendar has it.
    pub fn year(&self) -> Result<Year, Trouble> {
        calendar_year(self.year)
    }

    /// The moment, if one was named.
    pub fn as_of(&self) -> Result<Option<Instant>, Trouble> {
        self.as_of.as_deref().map(moment).transpose()
    }
}

fn tell_problems(data: &Data, lang: Lang) {
    for problem in &data.problems {
        let message = match lang {
            Lang::Zh => &problem.message.zh,
            Lang::En => &problem.message.en,
        };
        eprintln!("jingce: catalog {}: {message}", problem.path);
    }
}
