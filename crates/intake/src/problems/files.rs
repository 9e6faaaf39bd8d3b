//! What can be wrong with a whole file, a sheet or a header of it, with the words for people.
//!
//! Made by `tables`; each becomes a problem by [`FileFault::at`].

use super::{asked, quoted};
use domain::{Place, Problem, Severity, Text};

/// What was read before a file broke off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    Nothing,
    Rows,
}

/// What is wrong with a whole file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum FileFault {
    Empty,
    NoRows,
    NotText(&'static str),
    WrongFormat { found: &'static str, accepted: String },
    WrongDelimiter { row: u64, found: String, expected: String, accepted: String },
    MissingColumns { row: u64, lacking: String, found: String },
    DuplicateColumn(String),
    AmbiguousColumn { a: String, b: String },
    HeaderUnit { column: String, reason: String },
    HeaderWithoutUnit(String),
    ColumnType { column: String, kind: String },
    MappingWord { mapping: String, reason: String },
    NoSheet { wanted: String, found: String },
    EmptySheet(String),
    NoHeader { rows: u64, columns: String },
    NotAWorkbook,
    StationNotGiven,
    TruncatedGzip(After),
    Unreadable(String, After),
    UnknownColumn { near: Option<String> },
    NotFeatures(String),
    ReadAs(&'static str),
    BlankRows(u64),
}

impl FileFault {
    fn kind(&self) -> (Severity, &'static str) {
        match self {
            FileFault::Empty => (Severity::Error, "empty-file"),
            FileFault::NoRows => (Severity::Warning, "no-rows"),
            FileFault::NotText(_) => (Severity::Error, "not-a-table"),
            FileFault::WrongFormat { .. } => (Severity::Error, "wrong-format"),
            FileFault::WrongDelimiter { .. } => (Severity::Error, "wrong-delimiter"),
            FileFault::MissingColumns { .. } => (Severity::Error, "missing-column"),
            FileFault::DuplicateColumn(_) => (Severity::Error, "duplicate-column"),
            FileFault::AmbiguousColumn { .. } => (Severity::Error, "ambiguous-column"),
            FileFault::HeaderWithoutUnit(_) => (Severity::Error, "header-without-unit"),
            FileFault::HeaderUnit { .. } => (Severity::Error, "header-unit"),
            FileFault::ColumnType { .. } => (Severity::Error, "column-type"),
            FileFault::MappingWord { .. } => (Severity::Error, "mapping"),
            FileFault::NoSheet { .. } => (Severity::Error, "no-sheet"),
            FileFault::EmptySheet(_) => (Severity::Error, "empty-sheet"),
            FileFault::NoHeader { .. } => (Severity::Error, "missing-column"),
            FileFault::NotAWorkbook => (Severity::Error, "not-a-workbook"),
            FileFault::StationNotGiven => (Severity::Error, "station-not-given"),
            FileFault::TruncatedGzip(_) => (Severity::Error, "truncated-gzip"),
            FileFault::Unreadable(..) => (Severity::Error, "unreadable"),
            FileFault::UnknownColumn { near: None } => (Severity::Note, "unknown-column"),
            // Most likely it was meant, and nothing of it was imported.
            FileFault::UnknownColumn { near: Some(_) } => (Severity::Warning, "unknown-column"),
            FileFault::NotFeatures(_) => (Severity::Error, "not-features"),
            FileFault::ReadAs(_) => (Severity::Note, "read-as"),
            FileFault::BlankRows(_) => (Severity::Note, "blank-rows"),
        }
    }

    fn text(&self, raw: &str) -> Text {
        match self {
            FileFault::Empty => {
                Text::new("文件是空的；请检查导出是否成功", "the file is empty; check whether the export worked")
            }
            FileFault::NoRows => Text::new("文件只有表头，没有数据行", "the file has a header and no rows"),
            FileFault::NotText(kind) => Text::new(
                format!("文件不是表格（看起来是 {kind}）；请另存为 CSV（UTF-8）、XLSX 或 Parquet"),
                format!("the file is not a table (it looks like {kind}); save it as CSV (UTF-8), XLSX or Parquet"),
            ),
            FileFault::WrongFormat { found, accepted } => Text::new(
                format!("文件是 {found}，而此映射只读 {accepted}；请另存或换一个映射"),
                format!("the file is {found}, but this mapping reads {accepted}; save it so or choose another mapping"),
            ),
            FileFault::StationNotGiven => Text::new(
                "文件中没有点位；命令行请加 `--station 编码`，网页导入请填写点位编码一栏",
                "the file names no station; add `--station CODE` on the command line, or fill in the station code in the import form",
            ),
            FileFault::TruncatedGzip(After::Rows) => Text::new(
                "压缩文件不完整，此前各行已读出；请重新取得完整文件",
                "the gzip file ends too early; the rows before were read; get the whole file again",
            ),
            FileFault::TruncatedGzip(After::Nothing) => Text::new(
                "压缩文件不完整，没有读出任何行；请重新取得完整文件",
                "the gzip file ends too early; nothing was read; get the whole file again",
            ),
            FileFault::Unreadable(reason, After::Rows) => Text::new(
                format!("读取失败：{reason}；此前各行已读出；请重新取得完整文件"),
                format!("cannot be read: {reason}; the rows before were read; get the whole file again"),
            ),
            FileFault::Unreadable(reason, After::Nothing) => Text::new(
                format!("读取失败：{reason}；没有读出任何行；文件可能已损坏，请重新导出或下载"),
                format!(
                    "cannot be read: {reason}; nothing was read; the file may be damaged, export or download it again"
                ),
            ),
            FileFault::UnknownColumn { near } => Text::new(
                format!("列 `{raw}` 不在映射中，其内容没有导入{}", asked(near.as_deref()).zh),
                format!(
                    "the column `{raw}` is not in the mapping, its content was not imported{}",
                    asked(near.as_deref()).en
                ),
            ),
            FileFault::NotFeatures(kind) => Text::new(
                format!("文件是 JSON，但 type 为 `{kind}`，不是 FeatureCollection；请在地理信息软件中另存为 GeoJSON"),
                format!(
                    "the file is JSON of type `{kind}`, not a FeatureCollection; save it as GeoJSON in a GIS program"
                ),
            ),
            FileFault::ReadAs(encoding) => Text::new(
                format!("文件不是 UTF-8，按 {encoding} 读取；若汉字显示有误请另存为 UTF-8"),
                format!("the file is not UTF-8 and was read as {encoding}; if characters look wrong save it as UTF-8"),
            ),
            FileFault::BlankRows(count) => {
                Text::new(format!("跳过空行 {count} 行"), format!("{count} blank rows were skipped"))
            }
            other => other.header_text(),
        }
    }

    /// Texts of faults in headers, sheets and mappings.
    fn header_text(&self) -> Text {
        match self {
            FileFault::WrongDelimiter { row, found, expected, accepted } => Text::new(
                format!(
                    "第 {row} 行只读出一列 `{found}`，需要的列是 {expected}；此映射的分隔符为 {accepted}；请用它另存，或换一个映射"
                ),
                format!(
                    "row {row} has one column only, `{found}`; needed: {expected}; this mapping splits at {accepted}; save the file so or choose another mapping"
                ),
            ),
            FileFault::MissingColumns { row, lacking, found } => Text::new(
                format!("缺少列：{lacking}。第 {row} 行中有：{found}；请更正表头或换一个映射"),
                format!(
                    "missing columns: {lacking}; row {row} has: {found}; correct the header or choose another mapping"
                ),
            ),
            FileFault::DuplicateColumn(column) => Text::new(
                format!("列 `{column}` 出现不止一次，无法判断用哪一列；请删去或改名"),
                format!("the column `{column}` is there more than once; remove or rename one"),
            ),
            FileFault::AmbiguousColumn { a, b } => Text::new(
                format!("列 `{a}` 与 `{b}` 含义相同，无法判断用哪一列；请删去一列"),
                format!("the columns `{a}` and `{b}` mean the same; remove one"),
            ),
            FileFault::HeaderUnit { column, reason } => Text::new(
                format!("列 `{column}` 表头中的单位不能使用：{reason}；请更正表头"),
                format!("the unit in the header of `{column}` cannot be used: {reason}; correct the header"),
            ),
            FileFault::HeaderWithoutUnit(column) => Text::new(
                format!("列 `{column}` 表头没有写单位，而此项目习惯上有几种单位，不能猜；请写成如 `{column}(µg/L)`"),
                format!(
                    "the header `{column}` states no unit, and several are in use for this item; write it like `{column}(µg/L)`"
                ),
            ),
            FileFault::ColumnType { column, kind } => Text::new(
                format!("列 `{column}` 的类型 {kind} 无法读取；请存为数字、文本或时间"),
                format!(
                    "the column `{column}` has the type {kind}, which cannot be read; store it as number, text or time"
                ),
            ),
            FileFault::MappingWord { mapping, reason } => Text::new(
                format!("映射 `{mapping}` 有误：{reason}；请更正映射"),
                format!("the mapping `{mapping}` is wrong: {reason}; correct the mapping"),
            ),
            FileFault::NoSheet { wanted, found } => Text::new(
                format!("没有工作表 {wanted}；文件中有：{found}；请改名或换一个映射"),
                format!("there is no sheet {wanted}; the file has: {found}; rename one or choose another mapping"),
            ),
            FileFault::EmptySheet(sheets) => Text::new(
                format!("工作表 {sheets} 是空的；请检查数据是否在另一个文件中，或导出是否成功"),
                format!("the sheet {sheets} is empty; are the data in another file, or did the export fail?"),
            ),
            FileFault::NoHeader { rows, columns } => Text::new(
                format!("开头 {rows} 行是空的，没有表头；需要的列是 {columns}；请删去上方的空行"),
                format!(
                    "there is no header: the first {rows} rows are blank; needed: {columns}; remove the blank rows"
                ),
            ),
            FileFault::NotAWorkbook => Text::new(
                "文件名像工作簿，内容却不是工作簿而是文本；请在表格程序中另存为 XLSX，若其实是 CSV 请改名为 .csv",
                "the file is named like a workbook but is text, not a workbook; save it as XLSX in a spreadsheet program, or name it .csv if that is what it is",
            ),
            other => Text::new(format!("文件有误：{other:?}"), format!("the file is wrong: {other:?}")),
        }
    }

    /// The same where the file broke off before any row was read.
    pub(crate) fn before_rows(self) -> FileFault {
        match self {
            FileFault::TruncatedGzip(_) => FileFault::TruncatedGzip(After::Nothing),
            FileFault::Unreadable(reason, _) => FileFault::Unreadable(reason, After::Nothing),
            other => other,
        }
    }

    /// The problem of a file (or of a sheet or column of it).
    pub(crate) fn at(self, mut place: Place, raw: &str) -> Problem {
        let (severity, code) = self.kind();
        match &self {
            FileFault::WrongDelimiter { row, .. } | FileFault::MissingColumns { row, .. } => place.row = Some(*row),
            FileFault::DuplicateColumn(column)
            | FileFault::AmbiguousColumn { b: column, .. }
            | FileFault::HeaderUnit { column, .. }
            | FileFault::HeaderWithoutUnit(column)
            | FileFault::ColumnType { column, .. } => place.column.clone_from(column),
            _ => {}
        }
        Problem { severity, code, place, raw: quoted(raw), message: self.text(raw) }
    }
}
