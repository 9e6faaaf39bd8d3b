//! What several commands ask for alike: the data folder, the area, the year, the rules, the moment.

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
        year(self.year)
    }

    /// The moment, if one was named.
    pub fn as_of(&self) -> Result<Option<Instant>, Trouble> {
        self.as_of.as_deref().map(moment).transpose()
    }
}

/// A year between 1900 and 2200.
pub(crate) fn year(year: i16) -> Result<Year, Trouble> {
    if (1900..=2200).contains(&year) {
        return Ok(Year(year));
    }
    Err(Trouble::bad(
        "year",
        format!("年份 {year} 不在 1900–2200 之间。"),
        format!("year {year} is not between 1900 and 2200."),
    ))
}

/// A moment as a person writes it.
pub(crate) fn moment(text: &str) -> Result<Instant, Trouble> {
    Instant::parse(text).map_err(|_| {
        Trouble::bad(
            "time",
            format!("“{text}”不是时间。请写成 2026-01-31T08:00（北京时间）或带时区。"),
            format!("`{text}` is not a time. Write 2026-01-31T08:00 (UTC+8) or add an offset."),
        )
    })
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
