//! Years, days and moments as a person or a program writes them, refused in plain words. Used by `cli` and `api`.

use crate::trouble::Trouble;
use domain::{Day, Instant, Month, Year};

/// A year between 1900 and 2200.
pub fn calendar_year(year: i16) -> Result<Year, Trouble> {
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
pub fn moment(text: &str) -> Result<Instant, Trouble> {
    Instant::parse(text).map_err(|_| {
        Trouble::bad(
            "time",
            format!("“{text}”不是时间。请写成 2026-01-31T08:00（北京时间）或带时区。"),
            format!("`{text}` is not a time. Write 2026-01-31T08:00 (UTC+8) or add an offset."),
        )
    })
}

/// A civil day as a person writes it, in a year that a calendar of ours has.
pub fn civil_day(text: &str) -> Result<Day, Trouble> {
    let day: Day = text.parse().map_err(|_| {
        Trouble::bad(
            "date",
            format!("“{text}”不是日期。请写成 2026-01-31。"),
            format!("`{text}` is not a date. Write 2026-01-31."),
        )
    })?;
    calendar_year(day.year().0)?;
    Ok(day)
}

/// A month as a person writes it: `2026-01`.
pub fn civil_month(text: &str) -> Result<Month, Trouble> {
    let read = text.trim().split_once('-').and_then(|(year, month)| {
        let year: i16 = year.parse().ok().filter(|year| (1900..=2200).contains(year))?;
        Month::from_ym(year, month.parse().ok()?)
    });
    read.ok_or_else(|| {
        Trouble::bad(
            "month",
            format!("“{text}”不是月份。请写成 2026-01。"),
            format!("`{text}` is not a month. Write 2026-01."),
        )
    })
}
