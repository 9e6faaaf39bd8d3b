//! `jingce explain INDICATOR --data DIR --area AREA --year YYYY`

use super::Ending;
use super::ask::{AreaYear, Folder};
use super::print::{json, out};
use crate::answers::Text;
use crate::answers::explain::Explanation;
use crate::asked::civil_day;
use crate::jobs;
use crate::trouble::Trouble;
use clap::{Args, ValueEnum};
use domain::Lang;
use std::fmt::Write;

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Indicator id, such as air.pm25.mean, or a plan's such as ziyang-145.01.
    #[arg(value_name = "INDICATOR")]
    indicator: String,
    #[command(flatten)]
    folder: Folder,
    #[command(flatten)]
    ask: AreaYear,
    /// Goes down to one day: its stations and the hours with file and row.
    #[arg(long, value_name = "DATE")]
    day: Option<String>,
    /// Only this station's hours with --day.
    #[arg(long, value_name = "CODE")]
    station: Option<String>,
    /// Form of the output.
    #[arg(long, value_enum, default_value = "text")]
    format: TextFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TextFormat {
    Text,
    Json,
}

pub(crate) fn run(own: &Explain, lang: Lang) -> Result<Ending, Trouble> {
    let data = own.folder.open(lang)?;
    let view = data.view(own.ask.as_of()?)?;
    let area = view.area(&own.ask.area)?;
    let ask = jobs::judge::AreaYear { area, year: own.ask.year()?, rules: own.ask.rules.clone() };
    let explanation = jobs::explain::explain(&view, &ask, &own.indicator)?;
    let day = own.day.as_deref().map(civil_day).transpose()?;
    let stations = day.map(|day| jobs::air_days::day_of_stations(&view, &ask.area, day, &ask.rules)).transpose()?;
    let hours = match (day, &stations) {
        (Some(day), Some(of)) => {
            let codes = of.stations.iter().map(|station| station.station.clone());
            let codes: Vec<String> =
                codes.filter(|code| own.station.as_ref().is_none_or(|only| only == code)).collect();
            Some(jobs::air_hours::hours(&view, &codes, day)?)
        }
        _ => None,
    };
    match own.format {
        TextFormat::Json if day.is_some() => {
            json(&serde_json::json!({ "explanation": explanation, "day": stations, "hours": hours }))?;
        }
        TextFormat::Json => json(&explanation)?,
        TextFormat::Text => {
            let mut text = describe(&explanation, lang);
            match (&stations, &hours) {
                (Some(stations), Some(hours)) => text.push_str(&describe_day(stations, hours, lang)),
                _ => text.push_str(&describe_days(&explanation)),
            }
            out(&text)?;
        }
    }
    Ok(Ending::Done)
}

fn pick(text: &Text, lang: Lang) -> &str {
    match lang {
        Lang::Zh => &text.zh,
        Lang::En => &text.en,
    }
}

fn describe(own: &Explanation, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let mut text = String::new();
    let value = own.value.map_or_else(|| "—".to_string(), |value| value.0.to_string());
    let mut line = |words: String| writeln!(text, "{words}").expect("writing to memory does not fail");
    line(format!("{}  {} {}  {} {}", own.indicator, value, own.unit, own.area, own.year));
    line(format!("  {}", pick(&own.title, lang)));
    if let Some(exact) = &own.exact {
        line(format!("  {} {exact}", if zh { "修约前" } else { "before rounding" }));
    }
    line(format!("  {} {}", if zh { "算法" } else { "equation" }, pick(&own.equation, lang)));
    for step in &own.steps {
        line(format!("  · {}", pick(&step.text, lang)));
    }
    for rule in &own.rules {
        line(
            format!("  {} {} {} [{:?}]", if zh { "依据" } else { "rule" }, rule.number, rule.clause, rule.confidence)
                .to_string(),
        );
    }
    let complete = &own.completeness;
    // A reported value is made of nothing that could be counted.
    if complete.of > 0 {
        let mark = if complete.valid { "✓" } else { "✗" };
        line(format!("  {} {}/{} {mark}", pick(&complete.counts, lang), complete.days, complete.of));
    }
    for exclusion in &own.exclusions {
        line(format!(
            "  {} {} – {} {}",
            if zh { "例外时段" } else { "exceptional period" },
            exclusion.from,
            exclusion.to,
            pick(&exclusion.reason, lang)
        ));
    }
    for source in &own.sources {
        line(format!(
            "  {} {} ({}) sha256 {} {} {}",
            if zh { "来源" } else { "source" },
            source.file,
            source.import,
            &source.sha256.get(..16).unwrap_or(""),
            source.recorded,
            source.rows
        ));
    }
    text
}

fn describe_days(own: &Explanation) -> String {
    let mut text = String::new();
    for day in &own.days {
        let value = day.value.as_deref().unwrap_or("—");
        let aqi = day.aqi.map_or_else(|| "—".to_string(), |aqi| aqi.to_string());
        let used = if day.used { "✓" } else { "✗" };
        text.push_str(&format!(
            "    {} {value:>12} {used} AQI {aqi:>3} {} {}\n",
            day.date,
            day.primary.join(";"),
            day.stations
        ));
    }
    text
}

fn describe_day(of: &crate::answers::air::DayOfStations, hours: &[crate::answers::air::HourRow], lang: Lang) -> String {
    let mut text = format!("\n{} [{}]\n", of.date, of.rules);
    for station in &of.stations {
        let values: Vec<String> = station
            .items
            .iter()
            .map(|(item, value)| {
                format!("{item} {}", value.value.map_or_else(|| "—".to_string(), |value| value.0.to_string()))
            })
            .collect();
        let aqi = station.aqi.map_or_else(|| "—".to_string(), |aqi| aqi.to_string());
        text.push_str(&format!("  {} {} AQI {aqi} {}\n", station.station, pick(&station.name, lang), values.join(" ")));
    }
    for hour in hours {
        let (value, row) = (hour.value.as_deref().unwrap_or("—"), hour.row.unwrap_or(0));
        text.push_str(&format!(
            "    {} {} {} {value} {} {} r{} {}:{row}\n",
            hour.station, hour.hour, hour.parameter, hour.unit, hour.flag, hour.revision, hour.file
        ));
    }
    text
}
