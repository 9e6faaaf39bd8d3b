//! `breakpoints.csv`, `items.csv`, `levels.csv` and `groups.csv` → an [`AirIndex`], with its checks.

use crate::air::index::{AirIndex, IndexItem, Level, MAX_ITEMS, Missing, Period, SensitiveGroup};
use crate::air::kernel::Kernel;
use crate::methods::Breakpoint;
use crate::problem::CatalogProblem;
use crate::sheet::{Row, Sheet};
use crate::standard::{Header, Names};
use domain::catalog::Files;
use domain::{Fixed, Text};
use serde::Deserialize;
use std::sync::Arc;

/// The `[index]` part of `standard.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IndexFile {
    daily_clause: String,
    hourly_clause: String,
    primary_above: u16,
    missing_clause: String,
    /// Absent: the AQI of the rest is always published.
    publish_above_when_missing: Option<u16>,
}

const ITEM_COLUMNS: [&str; 16] = [
    "period",
    "item",
    "parameter",
    "breakpoints",
    "unit",
    "digits",
    "above_last",
    "instead_zh",
    "instead_en",
    "required",
    "clause",
    "statistic_zh",
    "statistic_en",
    "hours",
    "min_hours",
    "confidence",
];
const LEVEL_COLUMNS: [&str; 18] = [
    "level",
    "name_zh",
    "name_en",
    "class_zh",
    "class_en",
    "color",
    "color_zh",
    "color_en",
    "cmyk",
    "from",
    "to",
    "good",
    "heavy",
    "effect_zh",
    "effect_en",
    "advice_zh",
    "advice_en",
    "clause",
];
const GROUP_COLUMNS: [&str; 5] = ["parameter", "above", "groups_zh", "groups_en", "clause"];
/// Indices fit in 16 bits with room for the kernel's own marks.
const MAX_INDEX: u16 = 9999;

/// Reads the index of a standard's folder.
pub(crate) fn read(
    files: &Files,
    header: &Header,
    own: &IndexFile,
    names: &Names,
    problems: &mut Vec<CatalogProblem>,
) -> Option<AirIndex> {
    let before = problems.len();
    let breakpoints = kept(Sheet::read(files, &header.path("breakpoints.csv")), problems);
    let items = kept(Sheet::read_columns(files, &header.path("items.csv"), &ITEM_COLUMNS), problems);
    let levels = kept(Sheet::read_columns(files, &header.path("levels.csv"), &LEVEL_COLUMNS), problems);
    let (breakpoints, items, levels) = (breakpoints?, items?, levels?);
    let mut confidence = header.confidence;
    let mut columns: Vec<(String, String)> = Vec::new();
    let both = items.map(problems, |row| {
        let (period, item) = read_item(row, &breakpoints, names)?;
        confidence = confidence.and(row.confidence("confidence", header.confidence)?);
        if !columns.iter().any(|(code, _)| *code == item.item) {
            columns.push((item.item.clone(), item.unit.clone()));
        }
        Ok((period, item))
    });
    let of = |period: Period| -> Vec<IndexItem> {
        both.iter().filter(|(own, _)| *own == period).map(|(_, item)| item.clone()).collect()
    };
    let (day, hour) = (of(Period::Day), of(Period::Hour));
    check_items(&items, &day, &hour, problems);
    let levels = read_levels(&levels, problems);
    let sensitive = read_groups(files, header, names, problems);
    if problems.len() > before {
        return None;
    }
    let missing =
        own.publish_above_when_missing.map_or(Missing::Rest, |above| Missing::RestAbove(above.min(MAX_INDEX)));
    let by_code = levels_by_code(&levels, &both);
    let primary_above = own.primary_above.min(MAX_INDEX);
    let kernel = |items: &[IndexItem]| Arc::new(Kernel::new(items, primary_above, missing, by_code.clone()));
    Some(AirIndex {
        id: header.id.clone(),
        number: header.number.clone(),
        title: header.title.clone(),
        confidence,
        daily_clause: own.daily_clause.clone(),
        hourly_clause: own.hourly_clause.clone(),
        levels,
        primary_above,
        missing,
        missing_clause: own.missing_clause.clone(),
        sensitive,
        day_kernel: kernel(&day),
        hour_kernel: kernel(&hour),
        day,
        hour,
        columns,
    })
}

fn kept(sheet: Result<Sheet, CatalogProblem>, problems: &mut Vec<CatalogProblem>) -> Option<Sheet> {
    sheet.map_err(|problem| problems.push(problem)).ok()
}

fn read_item(row: &Row, breakpoints: &Sheet, names: &Names) -> Result<(Period, IndexItem), CatalogProblem> {
    let period: Period = row.value("period")?;
    let parameter = names.parameter(row, "parameter")?;
    let unit = names.unit_of(row, "unit", &parameter)?;
    let above_last = match row.required("above_last")? {
        "not-applicable" => None,
        _ => Some(index(row, "above_last")?),
    };
    let instead = match above_last {
        None => row.both("instead")?,
        Some(_) => Text::default(),
    };
    let item = IndexItem {
        item: row.required("item")?.to_string(),
        parameter,
        unit,
        statistic: row.both("statistic")?,
        digits: row.optional("digits")?,
        breakpoints: column(breakpoints, row)?,
        above_last,
        instead,
        required: row.yes("required")?,
        hours: running(row, "hours", period)?,
        min_hours: running(row, "min_hours", period)?,
        clause: row.required("clause")?.to_string(),
    };
    match (item.breakpoints.last(), item.above_last) {
        (Some((_, last)), Some(above)) if above < *last => Err(row.problem(
            format!("above_last 为 {above}，小于最后一个分指数 {last}"),
            format!("above_last is {above}, below the last index {last} of its column"),
        )),
        _ => Ok((period, item)),
    }
}

/// Hours of a running mean: a number in the hourly report, nothing in the daily one.
fn running(row: &Row, column: &str, period: Period) -> Result<u8, CatalogProblem> {
    match period {
        Period::Hour => row.value(column),
        Period::Day => Ok(row.optional(column)?.unwrap_or(0)),
    }
}

fn index(row: &Row, column: &str) -> Result<u16, CatalogProblem> {
    let index: u16 = row.value(column)?;
    if index > MAX_INDEX {
        return Err(row.problem(
            format!("`{column}` 的值 {index} 大于 {MAX_INDEX}"),
            format!("`{column}` is {index}, above {MAX_INDEX}"),
        ));
    }
    Ok(index)
}

/// One column of the printed table: ascending, without holes, empty cells only at its end.
fn column(sheet: &Sheet, item: &Row) -> Result<Vec<Breakpoint>, CatalogProblem> {
    let name = item.required("breakpoints")?;
    if !sheet.header.iter().any(|own| own == name) {
        return Err(item
            .problem(format!("breakpoints.csv 中没有列 `{name}`"), format!("breakpoints.csv has no column `{name}`")));
    }
    let mut list: Vec<Breakpoint> = Vec::new();
    let mut ended = false;
    for row in &sheet.rows {
        let Some(concentration) = row.amount(name)? else {
            ended = true;
            continue;
        };
        let at = index(row, "iaqi")?;
        if ended {
            return Err(row.problem(
                format!("`{name}` 列中间有空格"),
                format!("the column `{name}` has a hole above this line: only its end may be empty"),
            ));
        }
        if let Some((last, last_index)) = list.last()
            && (concentration <= *last || at <= *last_index)
        {
            return Err(row.problem(
                format!("`{name}` 的值 {concentration}（IAQI {at}）没有大于上一行的 {last}（IAQI {last_index}）"),
                format!("`{name}` is {concentration} at index {at}, not above {last} at index {last_index} before it"),
            ));
        }
        list.push((concentration, at));
    }
    if list.len() < 2 || list[0] != (Fixed::ZERO, 0) {
        return Err(item.problem(
            format!("breakpoints.csv 的 `{name}` 列应从 IAQI 0、浓度 0 开始，且至少两行"),
            format!("the column `{name}` of breakpoints.csv must start with 0 at index 0 and have two lines or more"),
        ));
    }
    Ok(list)
}

fn check_items(sheet: &Sheet, day: &[IndexItem], hour: &[IndexItem], problems: &mut Vec<CatalogProblem>) {
    for (period, items) in [(Period::Day, day), (Period::Hour, hour)] {
        if items.is_empty() || items.len() > MAX_ITEMS {
            problems.push(CatalogProblem::file(
                &sheet.path,
                format!("{period} 应有 1 至 {MAX_ITEMS} 个项目，现有 {}", items.len()),
                format!("{period} needs 1 to {MAX_ITEMS} items, there are {}", items.len()),
            ));
        }
        for (position, item) in items.iter().enumerate() {
            if items[..position].iter().any(|other| other.item == item.item) {
                problems.push(CatalogProblem::file(
                    &sheet.path,
                    format!("{period} 的项目 `{}` 出现两次", item.item),
                    format!("the item `{}` of {period} stands here twice", item.item),
                ));
            }
        }
    }
}

fn read_levels(sheet: &Sheet, problems: &mut Vec<CatalogProblem>) -> Vec<Level> {
    let levels = sheet.map(problems, read_level);
    for (position, pair) in levels.windows(2).enumerate() {
        let adjoins = pair[0].to.is_some_and(|to| to.checked_add(1) == Some(pair[1].from));
        if !adjoins || pair[0].level.checked_add(1) != Some(pair[1].level) {
            let row = &sheet.rows[position + 1];
            problems.push(row.problem(
                "级别应逐级相接：上一级的上限加 1 等于本级下限".to_string(),
                "levels must adjoin: this one starts one above the end of the one before".to_string(),
            ));
        }
    }
    if levels.last().is_none_or(|level| level.to.is_some()) {
        problems.push(CatalogProblem::file(
            &sheet.path,
            "最后一级的上限应为空",
            "the last level must be open: leave its `to` empty",
        ));
    }
    levels
}

fn read_level(row: &Row) -> Result<Level, CatalogProblem> {
    let color = row.required("color")?;
    let hex = color.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()));
    if hex.is_none() {
        return Err(row.problem(
            format!("颜色 `{color}` 应写成 #RRGGBB"),
            format!("the colour `{color}` must be written #RRGGBB"),
        ));
    }
    let to: Option<u16> = match row.text("to") {
        "" => None,
        _ => Some(index(row, "to")?),
    };
    Ok(Level {
        level: row.value("level")?,
        name: row.both("name")?,
        class: row.both("class")?,
        color: color.to_string(),
        color_name: row.both("color")?,
        cmyk: row.text("cmyk").to_string(),
        from: index(row, "from")?,
        to,
        good: row.yes("good")?,
        heavy: row.yes("heavy")?,
        effect: row.both("effect")?,
        advice: row.both("advice")?,
    })
}

fn read_groups(
    files: &Files,
    header: &Header,
    names: &Names,
    problems: &mut Vec<CatalogProblem>,
) -> Vec<SensitiveGroup> {
    let path = header.path("groups.csv");
    if files.get(&path).is_none() {
        return Vec::new();
    }
    let Some(sheet) = kept(Sheet::read_columns(files, &path, &GROUP_COLUMNS), problems) else { return Vec::new() };
    sheet.map(problems, |row| {
        Ok(SensitiveGroup {
            parameter: names.parameter(row, "parameter")?,
            above: index(row, "above")?,
            groups: row.both("groups")?,
        })
    })
}

/// The level of every kernel code (index plus one); 0 for code 0, which is no index.
fn levels_by_code(levels: &[Level], items: &[(Period, IndexItem)]) -> Vec<u8> {
    let last = |item: &IndexItem| item.breakpoints.last().map_or(0, |(_, index)| *index);
    let top = items.iter().map(|(_, item)| last(item).max(item.above_last.unwrap_or(0))).max().unwrap_or(0);
    let level = |aqi: u16| levels.iter().find(|level| level.to.is_none_or(|to| aqi <= to)).map_or(0, |own| own.level);
    std::iter::once(0).chain((0..=top).map(level)).collect()
}
