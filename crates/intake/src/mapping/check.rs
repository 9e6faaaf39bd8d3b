//! The text of one mapping folder → a checked [`Mapping`], or everything that is wrong with it.

use super::file::{BelowPart, FlagPart, MappingFile, NamePart, Names, StatesPart, StationPart, TimePart, ValuePart};
use super::items::items_of;
use super::records::records_of;
use super::*;
use crate::problems::folded;
use crate::time::{DEFAULT_ZONE_MS, DateOrder, HourLabel, parse_zone};
use domain::{Fixed, Flag, Span};
use std::collections::BTreeMap;

/// Collects what is wrong, so that an author sees all of it at once.
pub(super) struct Faults<'a> {
    path: &'a str,
    found: Vec<MappingProblem>,
}

/// The files that a mapping may name: beside it, or in another folder of the catalog by `../`.
#[derive(Clone, Copy)]
pub(super) struct Beside<'a> {
    files: &'a Files,
    folder: &'a str,
}

impl<'a> Beside<'a> {
    /// A file's content.
    pub(super) fn get(self, name: &str) -> Option<&'a str> {
        let above = self.folder.rsplit_once('/').map_or("", |(above, _)| above);
        let path = match name.strip_prefix("../") {
            Some(other) if above.is_empty() => other.to_string(),
            Some(other) => format!("{above}/{other}"),
            None => format!("{}/{name}", self.folder),
        };
        self.files.get(&path)
    }
}

impl Faults<'_> {
    pub(super) fn add(&mut self, zh: impl std::convert::Into<String>, en: impl std::convert::Into<String>) {
        self.found.push(MappingProblem { path: self.path.to_string(), message: Text::new(zh, en) });
    }

    pub(super) fn unknown(&mut self, key: &str, value: &str, choices: &str) {
        self.add(
            format!("`{key}` 的值 `{value}` 无法识别；可用：{choices}"),
            format!("`{key}` cannot be `{value}`; use one of: {choices}"),
        );
    }

    pub(super) fn lacking(&mut self, key: &str) {
        self.add(format!("缺少 `{key}`"), format!("`{key}` is needed"));
    }
}

/// Reads `mapping.toml` of a folder of the catalog.
pub(super) fn read(folder: &str, files: &Files) -> Result<Mapping, Vec<MappingProblem>> {
    let beside = Beside { files, folder };
    let path = format!("{folder}/mapping.toml");
    let mut faults = Faults { path: &path, found: Vec::new() };
    let file: MappingFile = match toml::from_str(beside.get("mapping.toml").unwrap_or("")) {
        Ok(file) => file,
        Err(error) => {
            faults.add(format!("无法读取：{error}"), format!("cannot be read: {error}"));
            return Err(faults.found);
        }
    };
    let name = folder.rsplit('/').next().unwrap_or(folder);
    if file.id != name {
        faults.add(
            format!("id `{}` 与文件夹名 `{name}` 不一致", file.id),
            format!("the id `{}` differs from the folder's name `{name}`", file.id),
        );
    }
    let columns = expected_columns(
        &file,
        &items_of(file.items.as_deref(), beside, &mut Faults { path: &path, found: Vec::new() }),
    );
    let into = into_of(&file.into, &mut faults);
    let label_reason = file.time.as_ref().and_then(|time| time.why.clone());
    let mut mapping = Mapping {
        id: file.id.clone(),
        title: file.title.clone(),
        description: file.description.clone(),
        into: into.unwrap_or(Into::Observations),
        formats: file.formats.clone(),
        columns,
        method: file.method.clone().unwrap_or_else(|| "unknown".to_string()),
        source: file.source.clone(),
        label_reason,
        form: form_of(&file, &mut faults),
    };
    mapping.form.body = match into {
        Some(Into::Records(table)) => Body::Records(records_of(file, table, beside, &mut faults)),
        _ => Body::Observations(Box::new(observations_of(file, beside, &mut faults))),
    };
    if faults.found.is_empty() { Ok(mapping) } else { Err(faults.found) }
}

fn into_of(word: &str, faults: &mut Faults<'_>) -> Option<Into> {
    let records = Table::ALL.into_iter().map(Into::Records);
    let all: Vec<Into> = std::iter::once(Into::Observations).chain(records).collect();
    let found = all.iter().find(|into| into.code() == word).copied();
    if found.is_none() {
        faults.unknown("into", word, &all.iter().map(|into| into.code()).collect::<Vec<_>>().join(", "));
    }
    found
}

/// Everything but the body.
fn form_of(file: &MappingFile, faults: &mut Faults<'_>) -> Form {
    let mut formats = Vec::new();
    for word in &file.formats {
        match word.as_str() {
            "csv" => formats.push(Format::Csv),
            "xlsx" => formats.push(Format::Xlsx),
            "parquet" => formats.push(Format::Parquet),
            "geojson" => formats.push(Format::GeoJson),
            other => faults.unknown("formats", other, "csv, xlsx, parquet, geojson"),
        }
    }
    if formats.is_empty() {
        faults.lacking("formats");
    }
    let mut delimiters = Vec::new();
    for word in file.delimiters.clone().unwrap_or_else(|| vec![",".to_string()]) {
        match word.as_bytes() {
            [byte] if byte.is_ascii() && !byte.is_ascii_alphanumeric() && !b"\"\n\r.-".contains(byte) => {
                delimiters.push(*byte);
            }
            _ => faults.unknown("delimiters", &word, "`,`, `;`, `|`, tab (`\\t`)"),
        }
    }
    let encoding = match file.encoding.as_deref() {
        None | Some("auto") => TextEncoding::Auto,
        Some(label) => match encoding_rs::Encoding::for_label(label.as_bytes()) {
            Some(encoding) => TextEncoding::Stated(encoding),
            None => {
                faults.unknown("encoding", label, "auto, utf-8, gbk, gb18030, utf-16le, big5 …");
                TextEncoding::Auto
            }
        },
    };
    let mut missing = Missing { texts: vec![String::new()], numbers: Vec::new() };
    let states = file.states.iter().flat_map(|states| states.words.keys().cloned());
    for text in file.missing.clone().unwrap_or_default().into_iter().chain(states) {
        match text.parse() {
            Ok(number) => missing.numbers.push(number),
            Err(_) => missing.texts.push(text),
        }
    }
    Form {
        formats,
        delimiters,
        encoding,
        sheets: file.sheets.clone().into_vec(),
        header_within: file.header_within.unwrap_or(1).clamp(1, 1000),
        header_rows: file.header_rows.unwrap_or(1).clamp(1, 5),
        missing,
        ignore: file.ignore.iter().map(|name| folded(name)).collect(),
        body: Body::Records(Records::default()),
    }
}

fn observations_of(mut file: MappingFile, beside: Beside<'_>, faults: &mut Faults<'_>) -> Observations {
    if !file.fields.is_empty() || !file.constants.is_empty() || file.wide.is_some() {
        faults.add(
            "`fields`、`constants` 与 `wide` 只用于台账类映射（into 不是 observations）",
            "`fields`, `constants` and `wide` belong to mappings of small tables only",
        );
    }
    let items = items_of(file.items.as_deref(), beside, faults);
    let states = file.states.take().map(|part| states_of(part, &file, faults)).unwrap_or_default();
    let time = match file.time.take() {
        Some(part) => time_of(part, faults),
        None => {
            faults.lacking("time");
            Time {
                span: Span::Hour,
                zone_ms: DEFAULT_ZONE_MS,
                label: HourLabel::End,
                order: DateOrder::YearMonthDay,
                ways: Vec::new(),
            }
        }
    };
    let wide = !file.values.is_empty() || (!items.list.is_empty() && file.long.is_none());
    let shapes = usize::from(wide) + usize::from(file.long.is_some()) + usize::from(file.by_station.is_some());
    if shapes != 1 {
        faults.add(
            "须且只须声明一种形式：[[values]]（或 items）、[long] 或 [by_station]",
            "declare exactly one of [[values]] (or items), [long] and [by_station]",
        );
    }
    let own_stations = !file.values.is_empty() && file.values.iter().all(|value| value.station.is_some());
    let from_header = own_stations || file.by_station.is_some();
    let (station, station_codes) = station_of(file.station.take(), from_header, faults);
    let flag = file.flag.take().map(|part| flag_of(part, faults));
    let below = file.below.take().map(below_of).unwrap_or_default();
    let shape = shape_of(file, items, faults);
    Observations { time, station, station_codes, flag, below, states, shape }
}

/// Where the values stand.
fn shape_of(file: MappingFile, items: Items, faults: &mut Faults<'_>) -> Shape {
    if let Some(part) = file.long {
        let unit = optional(part.unit);
        let mut names = name_table(part.names, &part.ignore_names, part.catalog);
        for item in &items.list {
            let own = Some(item.unit.clone()).filter(|own| unit.is_none() && !own.is_empty());
            for key in &item.names.keys {
                names.add(key, NamedParameter { parameter: item.code.clone(), unit: own.clone() });
            }
        }
        Shape::Long {
            parameter: needed(part.parameter, "long.parameter", faults),
            value: needed(part.value, "long.value", faults),
            unit,
            limit: optional(part.limit),
            names,
        }
    } else if let Some(part) = file.by_station {
        if let Some((name, _)) = part.names.iter().find(|(_, named)| named.unit.is_none()) {
            faults.lacking(&format!("by_station.names.{name}.unit"));
        }
        Shape::ByStation {
            parameter: needed(part.parameter, "by_station.parameter", faults),
            names: name_table(part.names, &part.ignore_names, false),
        }
    } else {
        let declared: Vec<ValueColumn> = file.values.into_iter().map(|part| value_of(part, faults)).collect();
        Shape::Wide(declared.into_iter().chain(items.columns()).collect())
    }
}

fn time_of(part: TimePart, faults: &mut Faults<'_>) -> Time {
    let span = match part.span.as_str() {
        "hour" => Span::Hour,
        "day" => Span::Day,
        "instant" => Span::Instant,
        other => {
            faults.unknown("time.span", other, "hour, day, instant");
            Span::Hour
        }
    };
    let label = match part.hour_label.as_deref() {
        Some("start") => HourLabel::Start,
        Some("end") => HourLabel::End,
        None if span != Span::Hour => HourLabel::End,
        None => {
            faults.lacking("time.hour_label");
            HourLabel::End
        }
        Some(other) => {
            faults.unknown("time.hour_label", other, "start, end");
            HourLabel::End
        }
    };
    if span == Span::Hour && part.why.is_none() {
        faults.lacking("time.why");
    }
    let zone_ms = part.zone.as_deref().map_or(Some(DEFAULT_ZONE_MS), parse_zone).unwrap_or_else(|| {
        faults.unknown("time.zone", part.zone.as_deref().unwrap_or(""), "+08:00, Z, -05:00 …");
        DEFAULT_ZONE_MS
    });
    let order = match part.order.as_deref() {
        None | Some("ymd") => DateOrder::YearMonthDay,
        Some("dmy") => DateOrder::DayMonthYear,
        Some("mdy") => DateOrder::MonthDayYear,
        Some(other) => {
            faults.unknown("time.order", other, "ymd, dmy, mdy");
            DateOrder::YearMonthDay
        }
    };
    let hour = optional(part.hour);
    let mut ways: Vec<TimeWay> = optional(part.column).map(TimeWay::One).into_iter().collect();
    match (optional(part.date), &hour) {
        (Some(date), Some(hour)) => ways.push(TimeWay::DateHour(date, hour.clone())),
        (Some(date), None) => ways.push(TimeWay::One(date)),
        _ => {}
    }
    if let (Some(year), Some(month), Some(day)) = (optional(part.year), optional(part.month), optional(part.day)) {
        ways.push(TimeWay::Parts { year, month, day, hour });
    }
    if ways.is_empty() {
        faults.lacking("time.column | time.date + time.hour | time.year + time.month + time.day");
    }
    Time { span, zone_ms, label, order, ways }
}

fn station_of(
    part: Option<StationPart>,
    from_header: bool,
    faults: &mut Faults<'_>,
) -> (StationFrom, BTreeMap<String, String>) {
    let Some(part) = part else {
        if !from_header {
            faults.lacking("station");
        }
        return (StationFrom::Header, BTreeMap::new());
    };
    let from = match (optional(part.column), part.constant, part.given) {
        (Some(code), None, false) => {
            StationFrom::Column(StationColumn { code, name: optional(part.or), within: optional(part.within) })
        }
        (None, Some(constant), false) => StationFrom::Constant(constant),
        (None, None, true) => StationFrom::Given,
        (None, None, false) if from_header => StationFrom::Header,
        _ => {
            faults.add(
                "[station] 须且只须有 column、constant、given 之一",
                "[station] needs exactly one of column, constant and given",
            );
            StationFrom::Given
        }
    };
    (from, part.codes)
}

fn flag_of(part: FlagPart, faults: &mut Faults<'_>) -> FlagColumn {
    let mut words = Vec::new();
    for (code, texts) in part.words {
        match Flag::from_code(&code) {
            Some(flag) => words.extend(texts.iter().map(|text| (folded(text), flag))),
            None => faults.unknown("flag.words", &code, "good, missing, suspect, invalid, below"),
        }
    }
    FlagColumn { column: needed(part.column, "flag.column", faults), words }
}

/// Words of states need a station in every row, or nobody would know whose state it is.
fn states_of(part: StatesPart, file: &MappingFile, faults: &mut Faults<'_>) -> States {
    if file.by_station.is_some() || file.values.iter().any(|value| value.station.is_some()) {
        faults.add("[states] 只用于每行写明点位的表", "[states] is for files of which every row names its station");
    }
    let words = part.words.into_iter().map(|(word, parameter)| (folded(&word), parameter)).collect();
    States { column: optional(part.column), words }
}

fn below_of(part: BelowPart) -> Below {
    Below { prefixes: part.prefixes, suffixes: part.suffixes, words: part.words }
}

fn value_of(part: ValuePart, faults: &mut Faults<'_>) -> ValueColumn {
    let mut words = Vec::new();
    for (word, number) in &part.words {
        match number.parse() {
            Ok(number) => words.push((word.clone(), number)),
            Err(_) => faults.unknown("values.words", number, "1, 22.5 …"),
        }
    }
    let factor = part.factor.and_then(|factor| match factor.by.parse() {
        Ok(by) if !factor.source.trim().is_empty() => Some(Factor { by, to: factor.to }),
        Ok(_) => {
            faults.lacking("values.factor.source");
            None
        }
        Err(_) => {
            faults.unknown("values.factor.by", &factor.by, "1, 1.88 …");
            None
        }
    });
    let limit = part.limit.as_deref().and_then(|text| number(text, "values.limit", faults));
    ValueColumn {
        column: needed(part.column, "values.column", faults),
        parameter: part.parameter,
        unit: part.unit,
        optional: part.optional,
        station: part.station,
        words,
        factor,
        limit,
    }
}

fn name_table(names: BTreeMap<String, NamePart>, ignore: &[String], catalog: bool) -> NameTable {
    NameTable {
        names: names
            .into_iter()
            .map(|(name, part)| (folded(&name), NamedParameter { parameter: part.parameter, unit: part.unit }))
            .collect(),
        ignore: ignore.iter().map(|name| folded(name)).collect(),
        catalog,
    }
}

pub(super) fn number(text: &str, key: &str, faults: &mut Faults<'_>) -> Option<Fixed> {
    let parsed = text.parse().ok();
    if parsed.is_none() {
        faults.unknown(key, text, "0, 1.5 …");
    }
    parsed
}

pub(super) fn optional(names: Names) -> Option<Column> {
    let names = names.into_vec();
    (!names.is_empty()).then(|| Column::new(names))
}

pub(super) fn needed(names: Names, key: &str, faults: &mut Faults<'_>) -> Column {
    optional(names).unwrap_or_else(|| {
        faults.lacking(key);
        Column::default()
    })
}

fn into_observations(file: &MappingFile) -> bool {
    file.into == Into::Observations.code()
}

/// The headers for people, in the order of the mapping.
fn expected_columns(file: &MappingFile, items: &Items) -> Vec<String> {
    let mut columns = Vec::new();
    let mut push = |names: &Names, mark: &str| {
        if let Some(first) = names.clone().into_vec().first() {
            columns.push(format!("{first}{mark}"));
        }
    };
    if let Some(station) = &file.station {
        push(&station.within, "");
        push(&station.column, "");
    }
    if let Some(time) = &file.time {
        let several = time.column.clone().into_vec().is_empty();
        push(&time.column, "");
        if several {
            for names in [&time.date, &time.year, &time.month, &time.day, &time.hour] {
                push(names, "");
            }
        }
    }
    if let Some(long) = &file.long {
        push(&long.parameter, "");
        push(&long.value, "");
        push(&long.unit, "");
        push(&long.limit, "?");
    }
    if let Some(by_station) = &file.by_station {
        push(&by_station.parameter, "");
    }
    for value in &file.values {
        push(&value.column, if value.optional { "?" } else { "" });
    }
    if let Some(flag) = &file.flag {
        push(&flag.column, "?");
    }
    for field in &file.fields {
        push(&field.column, if field.need { "" } else { "?" });
    }
    if file.long.is_none() && (into_observations(file) || file.wide.is_some()) {
        // The first name of an item is its code; people know it by the next.
        let named = items.list.iter().filter_map(|item| item.names.names.get(1).or(item.names.names.first()));
        columns.extend(named.map(|name| format!("{name}?")));
    }
    columns
}
