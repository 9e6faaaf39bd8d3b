//! The columns `points` and `values` of an indicator's `cases.csv` → points and months of a small world.
//!
//! ```text
//! points   s1 surface-water river network=assessment body=沱江; s2 surface-water lake from=2025-07-01
//! values   s1 codmn=4 tp=0.1; s1@3 codmn=7; s2@1-6 tp=0.01L; s3@2 断流; n1@4 leq_day=55/58
//! ```
//! A later entry replaces an earlier one of the same month and parameter; without a month an entry is for all of
//! them; `/` separates the values of days. Called by `graph::cases`.

use crate::graph::{MonthValue, PointMonth, Source, World};
use crate::media::combine::combine;
use domain::{Day, Medium, Month, Point, Text, Year};
use standards::media::{Reading, exact};
use standards::water::MeanWay;

/// Fills points and months; the error is the part that cannot be read.
pub(crate) fn fill(world: &mut World, area: &str, points: &str, values: &str, year: Year) -> Result<(), Text> {
    for written in points.split(';').map(str::trim).filter(|own| !own.is_empty()) {
        world.city.points.push(point(written, area).ok_or_else(|| wrong("points", written))?);
    }
    world.city.points.sort_by(|a, b| (&a.code, a.from).cmp(&(&b.code, b.from)));
    for written in values.split(';').map(str::trim).filter(|own| !own.is_empty()) {
        put(world, written, year).ok_or_else(|| wrong("values", written))?;
    }
    Ok(())
}

fn wrong(what: &str, value: &str) -> Text {
    Text::new(format!("“{what}”不能是“{value}”"), format!("`{what}` cannot be `{value}`"))
}

fn point(written: &str, area: &str) -> Option<Point> {
    let mut words = written.split_whitespace();
    let (code, medium, kind) = (words.next()?, Medium::from_code(words.next()?)?, words.next()?);
    let mut own = Point {
        code: code.to_string(),
        from: None,
        to: None,
        name_zh: code.to_string(),
        name_en: code.to_string(),
        medium,
        kind: kind.to_string(),
        area: area.to_string(),
        water_body: String::new(),
        basin: String::new(),
        level: String::new(),
        target: String::new(),
        networks: Vec::new(),
        source_name: String::new(),
        lon_deg: None,
        lat_deg: None,
        datum: String::new(),
        simulated: false,
        document: String::new(),
        note: String::new(),
    };
    for word in words {
        let (name, value) = word.split_once('=')?;
        match name {
            "network" => own.networks.push(value.to_string()),
            "body" => own.water_body = value.to_string(),
            "basin" => own.basin = value.to_string(),
            "target" => own.target = value.to_string(),
            "area" => own.area = value.to_string(),
            "from" => own.from = Some(value.parse().ok()?),
            "to" => own.to = Some(value.parse().ok()?),
            _ => return None,
        }
    }
    Some(own)
}

fn put(world: &mut World, written: &str, year: Year) -> Option<()> {
    let mut words = written.split_whitespace();
    let (code, months) = months(words.next()?, year)?;
    let words: Vec<&str> = words.collect();
    for at in months {
        let month = world.months.entry((code.clone(), at)).or_default();
        for word in &words {
            match word.split_once('=') {
                Some((parameter, values)) => value(month, at, parameter, values)?,
                None => *month = PointMonth { state: (*word).to_string(), ..PointMonth::default() },
            }
        }
    }
    Some(())
}

/// `s1`, `s1@3`, `s1@1-6`, `s1@2024-3`: four digits are another year.
fn months(text: &str, year: Year) -> Option<(String, Vec<Month>)> {
    let (code, months) = text.split_once('@').unwrap_or((text, "1-12"));
    let (from, to) = months.split_once('-').unwrap_or((months, months));
    let (year, from, to) = if from.len() == 4 { (Year(from.parse().ok()?), to, to) } else { (year, from, to) };
    let month = |text: &str| Month::from_ym(year.0, text.parse().ok()?);
    let (from, to) = (month(from)?, month(to)?);
    Some((code.to_string(), (from.0..=to.0).map(Month).collect()))
}

fn value(month: &mut PointMonth, at: Month, parameter: &str, values: &str) -> Option<()> {
    let reading = |text: &str| match text.strip_suffix('L') {
        Some(limit) => exact(limit).map(Reading::Below),
        None => exact(text).map(Reading::Value),
    };
    let readings: Vec<Reading> = values.split('/').map(reading).collect::<Option<_>>()?;
    let n = readings.len() as u32;
    let own = MonthValue { reading: combine(MeanWay::Arithmetic, &readings)?, source: Source::Manual, n, of: n };
    month.values.insert(parameter.to_string(), own);
    if n > 1 {
        let first = at.first_day().0;
        let days = readings.into_iter().enumerate().map(|(at, own)| (Day(first + at as i32), own));
        month.days.insert(parameter.to_string(), days.collect());
    }
    Some(())
}
