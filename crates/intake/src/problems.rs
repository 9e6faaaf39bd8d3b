//! Every problem that intake can find, with the words for people in Chinese and English.
//!
//! `tables` says what is wrong as a [`CellFault`], [`RowFault`] or [`FileFault`] with the values at hand;
//! this is the only place where that becomes a code and a text. A text quotes the value and says what to do.

mod files;

use crate::time::TimeFault;
use domain::{Place, Severity, Text};

pub(crate) use files::{After, FileFault};

/// Longest piece of a file that is quoted in a problem, in characters.
const QUOTE: usize = 160;

/// What is wrong with one cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum CellFault {
    NotANumber,
    NotFinite,
    TooLarge,
    OutOfRange { name: Text, min: String, max: String, unit: String },
    Negative { name: Text },
    UnknownUnit,
    UnitMissing,
    OtherDimension { name: Text, from: String, unit: String },
    UnknownParameter { near: Option<String> },
    StationMissing,
    TooManyStations(usize),
    TooLong { bytes: usize, most: usize },
    Undecodable,
    Time(TimeFault),
    TimeMissing,
    UnknownFlag,
    ValueUnderMissingFlag,
    BelowWithoutLimit,
    SheetError,
    FieldMissing,
    NotADay,
    NotAYear,
    FieldRange { min: String, max: String },
    NotAPeriod,
    NotAGeometry,
    NotInTable { table: String, near: Option<String> },
    UnknownItem { near: Option<String> },
    ItemUnit { from: String, unit: String },
    NotParameters { unknown: String },
    EndsBefore { field: String, first: String },
}

/// What is wrong with a whole row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RowFault {
    CellCount { found: usize, expected: usize },
    UnterminatedQuote,
    TooLong { kept: usize },
    CutOff,
    NotAFeature(String),
}

/// Text for comparing names: byte order mark and white space taken off, full-width forms and
/// sub- and superscript digits made plain, lower case, one spelling of micro. Nothing else is guessed.
pub(crate) fn folded(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '\u{feff}' && *c != '\u{200b}')
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '\u{2080}'..='\u{2089}' => char::from_u32(c as u32 - 0x2080 + 0x30).unwrap_or(c),
            '²' => '2',
            '³' => '3',
            'µ' | 'μ' => 'u',
            other => other,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// At most [`QUOTE`] characters of a text.
pub(crate) fn quoted(text: &str) -> String {
    match text.char_indices().nth(QUOTE) {
        Some((end, _)) => format!("{}… ({} bytes)", &text[..end], text.len()),
        None => text.to_string(),
    }
}

impl CellFault {
    /// Severity and code.
    pub(crate) fn kind(&self) -> (Severity, &'static str) {
        let code = match self {
            CellFault::NotANumber => "not-a-number",
            CellFault::NotFinite => "not-finite",
            CellFault::TooLarge | CellFault::OutOfRange { .. } | CellFault::FieldRange { .. } => "out-of-range",
            CellFault::Negative { .. } => "negative",
            CellFault::UnknownUnit => "unknown-unit",
            CellFault::UnitMissing => "unit-missing",
            CellFault::OtherDimension { .. } => "unit-dimension",
            CellFault::UnknownParameter { .. } => "unknown-parameter",
            CellFault::StationMissing => "station-missing",
            CellFault::TooManyStations(_) => "too-many-stations",
            CellFault::TooLong { .. } => "cell-too-long",
            CellFault::Undecodable => "undecodable",
            CellFault::Time(TimeFault::NoSuchDate) => "no-such-date",
            CellFault::Time(TimeFault::NoSuchTime) => "no-such-time",
            CellFault::Time(TimeFault::FarYear) => "far-year",
            CellFault::Time(TimeFault::OffTheHour | TimeFault::OffTheDay) => "off-the-span",
            CellFault::Time(TimeFault::Unreadable) => "not-a-time",
            CellFault::TimeMissing => "time-missing",
            CellFault::UnknownFlag => "unknown-flag",
            CellFault::ValueUnderMissingFlag => "value-under-missing-flag",
            CellFault::BelowWithoutLimit => "below-without-limit",
            CellFault::SheetError => "sheet-error",
            CellFault::FieldMissing => "field-missing",
            CellFault::NotADay => "not-a-day",
            CellFault::NotAYear => "not-a-year",
            CellFault::NotAPeriod => "not-a-period",
            CellFault::NotAGeometry => "not-a-geometry",
            CellFault::NotInTable { .. } => "not-in-table",
            CellFault::UnknownItem { .. } => "unknown-item",
            CellFault::ItemUnit { .. } => "unit-dimension",
            CellFault::NotParameters { .. } => "unknown-parameter",
            CellFault::EndsBefore { .. } => "ends-before",
        };
        let doubt = matches!(self, CellFault::UnknownFlag | CellFault::ValueUnderMissingFlag);
        (if doubt { Severity::Warning } else { Severity::Error }, code)
    }

    /// What is wrong with `raw`, and what to do.
    pub(crate) fn text(&self, raw: &str) -> Text {
        let raw = quoted(raw);
        match self {
            CellFault::NotANumber => number_text(&raw),
            CellFault::NotFinite => Text::new(
                format!("`{raw}` 不是有限的数，未采用；若表示缺测，请留空"),
                format!(
                    "`{raw}` is not a finite number and was not taken; leave the cell empty if the value is missing"
                ),
            ),
            CellFault::TooLarge => Text::new(
                format!("`{raw}` 过大，不可能是监测值，未采用；请核对小数点与单位"),
                format!("`{raw}` is too large to be a measurement and was not taken; check the point and the unit"),
            ),
            CellFault::OutOfRange { name, min, max, unit } => Text::new(
                format!("{} `{raw}` 超出可信范围 {min}–{max} {unit}，未采用；请核对数值与单位", name.zh),
                format!(
                    "{} `{raw}` is outside of {min}–{max} {unit} and was not taken; check the value and its unit",
                    name.en
                ),
            ),
            CellFault::Negative { name } => Text::new(
                format!("{} `{raw}` 为负值，未采用；若表示缺测请留空，若为零点漂移请改为原始记录或剔除", name.zh),
                format!(
                    "{} `{raw}` is negative and was not taken; leave the cell empty if the value is missing",
                    name.en
                ),
            ),
            CellFault::SheetError => Text::new(
                format!("单元格是公式错误 `{raw}`，未采用；请在表格中更正公式或填入数值"),
                format!(
                    "the cell holds the formula error `{raw}` and was not taken; mend the formula or enter the value"
                ),
            ),
            CellFault::BelowWithoutLimit => Text::new(
                format!("`{raw}` 表示低于检出限，但没有给出检出限，未采用；请写成如 `<0.01` 或 `0.01L`"),
                format!("`{raw}` means below the detection limit, but gives no limit; write `<0.01` or `0.01L`"),
            ),
            CellFault::TooLong { bytes, most } => Text::new(
                format!("内容过长（{bytes} 字节，最多 {most}），未采用：`{raw}`；请检查引号或分隔符是否遗漏"),
                format!(
                    "too long ({bytes} bytes, at most {most}) and not taken: `{raw}`; look for a missing quote or delimiter"
                ),
            ),
            CellFault::Undecodable => Text::new(
                format!("`{raw}` 中有无法解码的字节，未采用；请将文件另存为 UTF-8（或整个文件用 GBK）"),
                format!(
                    "`{raw}` holds bytes that cannot be decoded and was not taken; save the file as UTF-8 (or all of it as GBK)"
                ),
            ),
            CellFault::Time(fault) => time_text(*fault, &raw),
            CellFault::TimeMissing => {
                Text::new("没有填写时间，整行未采用；请补上", "no time is given, the row was not taken; fill it in")
            }
            _ => self.word_text(&raw),
        }
    }

    /// Texts of faults in words: units, parameters, stations, flags.
    fn word_text(&self, raw: &str) -> Text {
        match self {
            CellFault::UnknownUnit => Text::new(
                format!("单位 `{raw}` 不在单位表中，未采用；请改用如 µg/m³、mg/L 的写法"),
                format!(
                    "the unit `{raw}` is not in the catalog of units and the value was not taken; write µg/m³, mg/L and the like"
                ),
            ),
            CellFault::UnitMissing => Text::new(
                "没有填写单位，数值未采用；请补上单位",
                "no unit is given and the value was not taken; fill it in",
            ),
            CellFault::OtherDimension { name, from, unit } => Text::new(
                format!(
                    "{} 的单位 `{from}` 不能换算为 {unit}（量纲不同），未采用；请更正单位，或核对因子是否填错",
                    name.zh
                ),
                format!(
                    "{}: `{from}` cannot be converted to {unit} (another dimension), the value was not taken; correct the unit, or check whether another parameter is meant",
                    name.en
                ),
            ),
            CellFault::UnknownParameter { near } => Text::new(
                format!("监测因子 `{raw}` 不认识，未采用；请使用映射或因子表中的名称{}", asked(near.as_deref()).zh),
                format!(
                    "the parameter `{raw}` is not known and was not taken; use a name of the mapping or of the catalog of parameters{}",
                    asked(near.as_deref()).en
                ),
            ),
            CellFault::StationMissing => Text::new(
                "没有填写点位，整行未采用；请补上点位编码；若单元格是合并的，请取消合并并逐行填写",
                "no station is given, the row was not taken; fill in its code; if cells are merged, unmerge them and fill in every row",
            ),
            CellFault::TooManyStations(most) => Text::new(
                format!("点位 `{raw}`：不同点位已超过 {most} 个，未采用；请检查点位列是否选错"),
                format!("station `{raw}`: more than {most} different stations, not taken; is this the station column?"),
            ),
            CellFault::UnknownFlag => Text::new(
                format!("标识 `{raw}` 不认识，数值按“存疑”采用；请使用映射中的标识"),
                format!("the flag `{raw}` is not known, the value was taken as suspect; use a flag of the mapping"),
            ),
            CellFault::ValueUnderMissingFlag => Text::new(
                format!("标识为缺测却有数值 `{raw}`，按“无效”保存"),
                format!("flagged missing, yet there is a value `{raw}`; kept as invalid"),
            ),
            _ => self.field_text(raw),
        }
    }

    /// The words for a cell of a small table.
    fn field_text(&self, raw: &str) -> Text {
        match self {
            CellFault::FieldMissing => {
                Text::new("此项必须填写，整行未采用；请补上", "this must be filled in, the row was not taken")
            }
            CellFault::NotADay => Text::new(
                format!("`{raw}` 不是日期，未采用；请写成如 2020-01-31"),
                format!("`{raw}` is not a date and was not taken; write it like 2020-01-31"),
            ),
            CellFault::NotAYear => Text::new(
                format!("`{raw}` 不是年份，未采用；请写成如 2020"),
                format!("`{raw}` is not a year and was not taken; write it like 2020"),
            ),
            CellFault::FieldRange { min, max } => Text::new(
                format!("`{raw}` 超出范围 {min}–{max}，未采用；请核对"),
                format!("`{raw}` is outside of {min}–{max} and was not taken; check it"),
            ),
            CellFault::NotInTable { table, near } => Text::new(
                format!(
                    "`{raw}` 不在对照表 {table} 中，未采用；请改用表中的名称，或在映射中补充{}",
                    asked(near.as_deref()).zh
                ),
                format!(
                    "`{raw}` is not in the table {table} and was not taken; use a name of it, or add one to the mapping{}",
                    asked(near.as_deref()).en
                ),
            ),
            CellFault::UnknownItem { near } => Text::new(
                format!("指标项 `{raw}` 不认识，整行未采用；请使用指标项表中的名称或编码{}", asked(near.as_deref()).zh),
                format!(
                    "the item `{raw}` is not known, the row was not taken; use a name or code of the table of items{}",
                    asked(near.as_deref()).en
                ),
            ),
            CellFault::ItemUnit { from, unit } => Text::new(
                format!("单位 `{from}` 与该指标项的单位 {unit} 量纲不同，整行未采用；请更正单位，或核对指标项是否填错"),
                format!(
                    "`{from}` and the item's unit {unit} are of different dimensions, the row was not taken; correct the unit, or check the item"
                ),
            ),
            CellFault::NotAPeriod => Text::new(
                format!("`{raw}` 不是年份或月份，未采用；请写成如 2025 或 2025-03"),
                format!("`{raw}` is neither a year nor a month and was not taken; write it like 2025 or 2025-03"),
            ),
            CellFault::NotAGeometry => Text::new(
                format!("`{raw}` 不是图形，未采用；请写成 WKT（如 POLYGON((…))）或 GeoJSON"),
                format!("`{raw}` is no geometry and was not taken; write WKT such as POLYGON((…)) or GeoJSON"),
            ),
            CellFault::NotParameters { unknown } => Text::new(
                format!("`{unknown}` 不在因子表中，整行未采用；请写因子编码，用分号隔开，空或 * 为全部"),
                format!(
                    "`{unknown}` is not in the catalog of parameters, the row was not taken; write codes separated by semicolons, nothing or * for all"
                ),
            ),
            CellFault::EndsBefore { field, first } => Text::new(
                format!("`{raw}` 早于 {field}（{first}），未采用；请更正其一"),
                format!("`{raw}` is before {field} ({first}) and was not taken; correct one of them"),
            ),
            other => Text::new(format!("`{raw}` 未采用：{other:?}"), format!("`{raw}` was not taken: {other:?}")),
        }
    }
}

/// “是否指 …？”, or nothing where no known word is near.
fn asked(near: Option<&str>) -> Text {
    match near {
        Some(near) => Text::new(format!("；是否指“{near}”？"), format!("; did you mean `{near}`?")),
        None => Text::default(),
    }
}

fn number_text(raw: &str) -> Text {
    let (zh, en) = if raw.contains(',') || raw.contains('，') {
        ("请去掉千位分隔符，小数用点", "take off thousands separators and use a point for decimals")
    } else {
        ("请更正；若表示缺测，请留空", "correct it, or leave the cell empty if the value is missing")
    };
    Text::new(format!("`{raw}` 不是数字，未采用；{zh}"), format!("`{raw}` is not a number and was not taken; {en}"))
}

fn time_text(fault: TimeFault, raw: &str) -> Text {
    let (zh, en) = match fault {
        TimeFault::Unreadable => (
            "不是可读的时间；请写成如 2020-01-31 08:00",
            "is not a time that can be read; write it like 2020-01-31 08:00",
        ),
        TimeFault::NoSuchDate => ("：日历上没有这一天；请更正日期", "is a date that does not exist; correct it"),
        TimeFault::NoSuchTime => {
            ("：一天没有这个时刻（0 至 24 时）；请更正", "is a time that does not exist (0 to 24 h); correct it")
        }
        TimeFault::FarYear => ("：年份不可信（1900–2200 之外）；请更正", "has a year outside of 1900–2200; correct it"),
        TimeFault::OffTheHour => (
            "不是整点，而此映射读小时值；请更正时间或改用其他映射",
            "is not on the hour, but this mapping reads hourly values; correct it or use another mapping",
        ),
        TimeFault::OffTheDay => (
            "带有时刻，而此映射读日值；请只写日期或改用其他映射",
            "has a time of day, but this mapping reads daily values; write the date alone or use another mapping",
        ),
    };
    Text::new(format!("`{raw}` {zh}。整行未采用"), format!("`{raw}` {en}. The row was not taken"))
}

impl RowFault {
    /// The code.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            RowFault::CellCount { .. } => "cell-count",
            RowFault::UnterminatedQuote => "unterminated-quote",
            RowFault::TooLong { .. } => "row-too-long",
            RowFault::CutOff => "row-cut-off",
            RowFault::NotAFeature(_) => "not-a-feature",
        }
    }

    /// What is wrong, and what to do.
    pub(crate) fn text(&self) -> Text {
        match self {
            RowFault::CellCount { found, expected } => Text::new(
                format!("此行有 {found} 格，表头有 {expected} 格，整行未采用；请检查分隔符与引号"),
                format!(
                    "the row has {found} cells, the header {expected}; it was not taken; check delimiters and quotes"
                ),
            ),
            RowFault::UnterminatedQuote => Text::new(
                "引号没有闭合，整行未采用，从下一行继续读；请补上引号",
                "a quote is not closed; the row was not taken and reading went on with the next line; close the quote",
            ),
            RowFault::TooLong { kept } => Text::new(
                format!("此行过长，整行未采用；退回文件只保留前 {kept} 字节；请检查换行"),
                format!(
                    "the row is too long and was not taken; the rejects file keeps its first {kept} bytes; check line breaks"
                ),
            ),
            RowFault::NotAFeature(reason) => Text::new(
                format!("不是带有图形的要素（{reason}），未采用；请更正，或在地理信息软件中重新导出"),
                format!("is no feature with a geometry ({reason}) and was not taken; correct it or export it again"),
            ),
            RowFault::CutOff => Text::new(
                "文件在此行中间断掉，此行未采用；请重新取得完整文件",
                "the file ends in the middle of this row, which was not taken; get the whole file again",
            ),
        }
    }
}

/// The place of a whole file.
pub(crate) fn place(file: &str, sheet: &str) -> Place {
    Place { file: file.to_string(), sheet: sheet.to_string(), ..Place::default() }
}
