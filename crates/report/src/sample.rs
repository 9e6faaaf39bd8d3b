//! A simulated year for the tests of this crate: every list filled, every number invented.

use crate::air_year::*;
use crate::amount::Amount;
use domain::{Confidence, Text};
use std::io::Write;
use std::process::{Command, Stdio};

/// With `REPORT_OUT=DIR cargo test -p report` the documents are written there, to be looked at.
pub(crate) fn keep(name: &str, bytes: &[u8]) {
    if let Ok(dir) = std::env::var("REPORT_OUT") {
        std::fs::write(std::path::Path::new(&dir).join(name), bytes).expect("REPORT_OUT is a folder");
    }
}

/// The text of a PDF by poppler's `pdftotext`, if that is installed.
pub(crate) fn text_of(pdf: &[u8]) -> Option<String> {
    let mut tool = Command::new("pdftotext");
    tool.args(["-layout", "-", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = tool.spawn().ok()?;
    child.stdin.take().expect("piped").write_all(pdf).ok()?;
    let output = child.wait_with_output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn both(zh: &str, en: &str) -> Text {
    Text::new(zh, en)
}

fn amounts(texts: &[&str]) -> Vec<Amount> {
    texts.iter().map(|text| Amount::of(*text)).collect()
}

/// A year of 365 days; every tenth has no index, day 4 to 6 are an exceptional period.
pub(crate) fn year() -> AirYear {
    let calendar: Vec<Day> = (0..365).map(day).collect();
    let polluted: Vec<PollutedDay> = calendar.iter().filter_map(polluted_day).collect();
    AirYear {
        area: "999900".to_string(),
        name: both("示例市", "Sample City"),
        year: 2023,
        generated_at: "2026-11-24 17:20".to_string(),
        issuer: both("示例市生态环境监测站", "Sample City monitoring station"),
        marks: vec![both("模拟", "simulated")],
        statements: vec![both("数值均为虚构。", "Every number is invented.")],
        rules_in_force: true,
        rules: rules(),
        items: vec![item("o3_8h", "臭氧", "ozone", "O₃"), item("pm25", "细颗粒物", "fine particles", "PM₂.₅")],
        statistics: statistics(),
        days: DayCounts {
            of: 365,
            valid: 328,
            good: 241,
            polluted: 87,
            heavy: 12,
            good_ratio: Amount::of("73.5"),
            last_good_ratio: Some(Amount::of("70.1")),
            complete: true,
        },
        levels: levels(),
        calendar,
        months: (1..=12).map(month).collect(),
        stations: stations(),
        polluted,
        polluted_by_primary: vec![PrimaryCount { symbol: "PM₂.₅".to_string(), days: 87 }],
        composite: Composite {
            value: Amount::of("4.56"),
            last_year: Some(Amount::of("4.70")),
            parts: vec![CompositePart {
                symbol: "PM₂.₅".to_string(),
                value: Amount::of("1.20"),
                share: Amount::of("26.3"),
            }],
            rule: both("示例规则", "sample rule"),
        },
        exclusions: vec![Exclusion {
            from: "2023-01-04".to_string(),
            to: "2023-01-06".to_string(),
            items: vec!["PM₂.₅".to_string()],
            reason: "沙尘天气".to_string(),
            document: "示例函〔2023〕1 号".to_string(),
        }],
        comparisons: vec![comparison()],
        targets: vec![target()],
        sources: vec![Source {
            file: "a_very_long_name_of_a_file_of_hourly_measurements_of_the_sample_city_2023.csv".to_string(),
            sha256: "3f786850e387550fdab836ed7e6dc881de23001b3f786850e387550fdab836ed".to_string(),
            recorded: "2026-11-24 17:02".to_string(),
            rows: 105_120,
            attribution: "=HYPERLINK(\"nowhere\")".to_string(),
        }],
        notes: vec![both("说明一。", "Note one.")],
        ..AirYear::default()
    }
}

fn rules() -> Vec<Rule> {
    let rule = |id: &str, number: &str, confidence| Rule {
        id: id.to_string(),
        number: number.to_string(),
        title: both("示例标准", "Sample standard"),
        clauses: vec!["表 1".to_string(), "4.4".to_string()],
        in_force: "2016-01-01 –".to_string(),
        confidence,
    };
    vec![rule("sample-1", "HJ 1—2012", Confidence::Confirmed), rule("sample-2", "HJ 2—2026", Confidence::Unconfirmed)]
}

fn item(code: &str, zh: &str, en: &str, symbol: &str) -> Item {
    Item { code: code.to_string(), name: both(zh, en), symbol: symbol.to_string(), unit: "µg/m³".to_string() }
}

fn statistics() -> Vec<Statistic> {
    let mean = Statistic {
        id: "air.pm25.mean".to_string(),
        symbol: "PM₂.₅".to_string(),
        name: both("年平均", "annual mean"),
        value: Amount::of("38").with_exact("38.4167").with_confidence(Confidence::Unconfirmed),
        unit: "µg/m³".to_string(),
        limit: Amount::of("35"),
        exceed: Amount::of("0.09"),
        passes: Some(false),
        days: 328,
        of: 365,
        valid: true,
        all_data: Some(Amount::of("41")),
        last_year: Some(Amount::of("40")),
        change: Some("-5.0 %".to_string()),
        clauses: vec!["HJ 663—2013 附录 A.6".to_string()],
    };
    let percentile = Statistic {
        id: "air.o3.p90".to_string(),
        symbol: "O₃".to_string(),
        name: both("第 90 百分位数", "90th percentile"),
        value: Amount::missing("有效天数不足", "too few valid days"),
        passes: None,
        valid: false,
        all_data: None,
        last_year: None,
        change: None,
        ..mean.clone()
    };
    vec![mean, percentile]
}

fn levels() -> Vec<Level> {
    let level = |code: &str, name: Text, colour: &str, range: &str, days: u32, share: &str| Level {
        code: code.to_string(),
        name,
        colour: colour.to_string(),
        range: range.to_string(),
        days,
        share: Amount::of(share),
    };
    vec![
        level("1", both("一级（优）", "Level 1, good"), "#00E400", "0–50", 120, "36.6"),
        level("2", both("二级（良）", "Level 2, moderate"), "#FFFF00", "51–100", 121, "36.9"),
        level("3", both("三级（轻度污染）", "Level 3, lightly polluted"), "#FF7E00", "101–150", 75, "22.9"),
        level("5", both("五级（重度污染）", "Level 5, heavily polluted"), "#99004C", "201–300", 12, "3.7"),
    ]
}

fn day(number: u16) -> Day {
    const LENGTHS: [u16; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let (mut month, mut rest) = (0, number);
    while rest >= LENGTHS[month] {
        rest -= LENGTHS[month];
        month += 1;
    }
    let date = format!("2023-{:02}-{:02}", month + 1, rest + 1);
    if number % 10 == 9 {
        let values = vec![Amount::missing("小时不足", "too few hours"); 2];
        return Day { date, values, note: both("有效小时不足", "too few valid hours"), ..Day::default() };
    }
    let aqi = 30 + (number * 37) % 180;
    let level = match aqi {
        0..=50 => "1",
        51..=100 => "2",
        101..=150 => "3",
        _ => "5",
    };
    Day {
        date,
        aqi: Some(aqi),
        level: level.to_string(),
        primary: if aqi > 50 { vec!["PM₂.₅".to_string()] } else { Vec::new() },
        values: amounts(&["88", "41"]),
        excluded: (3..6).contains(&number),
        note: Text::default(),
    }
}

fn polluted_day(day: &Day) -> Option<PollutedDay> {
    day.aqi.filter(|aqi| *aqi > 100).map(|aqi| PollutedDay {
        date: day.date.clone(),
        aqi,
        level: day.level.clone(),
        primary: day.primary.clone(),
        values: vec!["80 µg/m³".to_string()],
        excluded: day.excluded,
    })
}

fn month(month: u8) -> Month {
    Month {
        month,
        of: 30,
        valid: 28,
        good: 20,
        good_ratio: Amount::of("71.4"),
        by_level: vec![10, 10, 6, 2],
        values: amounts(&["120", "36"]),
        item_days: vec![28, 27],
    }
}

fn stations() -> Vec<Station> {
    let ranked = Station {
        rank: Some(1),
        code: "9999A".to_string(),
        name: both(
            "一个名称很长而需要换行的示例监测点位（清洁对照点）",
            "A sample station whose name is long and wraps",
        ),
        valid: 350,
        good: 260,
        good_ratio: Amount::of("74.3"),
        values: amounts(&["150", "37"]),
        composite: Amount::of("4.40"),
    };
    let unranked = Station { rank: None, code: "9998A".to_string(), values: Vec::new(), ..ranked.clone() };
    vec![ranked, unranked]
}

fn comparison() -> Comparison {
    Comparison {
        base: "HJ 1—2012".to_string(),
        other: "HJ 2—2026".to_string(),
        figures: vec![ComparedFigure {
            name: both("优良天数", "good days"),
            unit: both("天", "days"),
            base: Amount::of("241"),
            other: Amount::of("219").with_confidence(Confidence::Unconfirmed),
        }],
        days: vec![ComparedDay {
            date: "2023-02-03".to_string(),
            base_aqi: Some(98),
            base_level: both("二级（良）", "Level 2, moderate"),
            base_colour: "#FFFF00".to_string(),
            other_aqi: Some(111),
            other_level: both("三级（轻度污染）", "Level 3, lightly polluted"),
            other_colour: "#FF7E00".to_string(),
            primary: vec!["PM₂.₅".to_string()],
        }],
        confidence: Some(Confidence::Unconfirmed),
    }
}

fn target() -> Target {
    Target {
        name: both("空气优良天数比例", "good-day ratio"),
        unit: both("%", "%"),
        value: Amount::of("73.5"),
        target: "≥90.8".to_string(),
        target_year: "2025".to_string(),
        attribute: both("约束性", "binding"),
        state: both("未达到", "not met"),
        met: Some(false),
        source: both("示例规划", "sample plan"),
    }
}
