//! Rows of cells → XLSX bytes: the only module that names the workbook writer. Called by the `*_sheets`
//! modules, and by `server` for any table that people take away.
//!
//! A number arrives as the text that is to be printed; it is written as a number that shows just these
//! decimals. A text is never written as a formula. The same sheets give the same bytes.

use crate::ReportError;
use crate::amount::Amount;
use domain::{Confidence, Lang};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, FormatUnderline, Workbook, Worksheet,
    XlsxError,
};
use std::collections::BTreeSet;

/// Colours of the house, as `0xRRGGBB`.
const HEAD_FILL: u32 = 0x0B_4F_5C;
const LINE: u32 = 0xD5_DE_E2;
const FAINT: u32 = 0x8A_96_9C;
const MARK_FILL: u32 = 0xFF_F3_C4;
/// What the file format allows.
const MAX_NAME: usize = 31;
const MAX_TEXT: usize = 32_767;
/// More digits than this do not survive in the 64-bit float that the file format stores.
const MAX_DIGITS: usize = 15;

/// What a cell holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Value {
    #[default]
    Empty,
    Text(String),
    Faint(String),
    Number(String),
    Date(String),
    /// Part of the cell above.
    Above,
}

/// One cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    value: Value,
    fill: Option<u32>,
}

impl Cell {
    /// Nothing.
    pub fn empty() -> Cell {
        Cell::default()
    }

    /// A text; an empty one leaves the cell empty.
    pub fn text(text: impl Into<String>) -> Cell {
        let text = text.into();
        Cell { value: if text.is_empty() { Value::Empty } else { Value::Text(text) }, fill: None }
    }

    /// A remark in grey, such as the reason why there is no number.
    pub fn faint(text: impl Into<String>) -> Cell {
        let text = text.into();
        Cell { value: if text.is_empty() { Value::Empty } else { Value::Faint(text) }, fill: None }
    }

    /// A number as it is printed, `0.70`; what is not a plain decimal (`≥92`) is kept as text.
    pub fn number(text: impl Into<String>) -> Cell {
        let text = text.into();
        if is_plain_decimal(&text) { Cell { value: Value::Number(text), fill: None } } else { Cell::text(text) }
    }

    /// A whole number.
    pub fn count(count: impl Into<u64>) -> Cell {
        Cell::number(count.into().to_string())
    }

    /// A day `2024-01-31`; any other text is kept as text.
    pub fn date(text: impl Into<String>) -> Cell {
        Cell { value: Value::Date(text.into()), fill: None }
    }

    /// Part of the cell above it: both are one cell on the sheet, which then has no filter.
    pub fn same_as_above() -> Cell {
        Cell { value: Value::Above, fill: None }
    }

    /// A printed number or, in grey, the reason why there is none; a number that rests on an unconfirmed
    /// clause has a yellow ground.
    pub fn amount(amount: &Amount, lang: Lang) -> Cell {
        let mut cell =
            if amount.is_some() { Cell::number(&amount.text) } else { Cell::faint(amount.missing.get(lang)) };
        if amount.confidence == Confidence::Unconfirmed {
            cell.fill = Some(MARK_FILL);
        }
        cell
    }

    /// The same on a ground of colour `#RRGGBB`; another text changes nothing.
    pub fn on(mut self, colour: &str) -> Cell {
        self.fill = parse_colour(colour).or(self.fill);
        self
    }

    /// Whether its ground says that it rests on an unconfirmed clause.
    pub fn is_marked(&self) -> bool {
        self.fill == Some(MARK_FILL)
    }

    /// The same on the ground that marks what rests on an unconfirmed clause.
    pub fn marked(mut self) -> Cell {
        self.fill = Some(MARK_FILL);
        self
    }
}

/// A column: its head and width.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Head.
    pub head: String,
    /// Width in characters of the standard font; a Han character is two of them.
    pub width: f64,
}

impl Column {
    /// A column.
    pub fn new(head: impl Into<String>, width: f64) -> Column {
        Column { head: head.into(), width }
    }
}

/// One sheet: lines above, the head row, rows, lines below.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// Name on its tab; made unique and cut to what the file format allows.
    pub name: String,
    /// Lines above the table; the first is its title.
    pub title: Vec<String>,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows, one cell a column.
    pub rows: Vec<Vec<Cell>>,
    /// Lines below the table.
    pub notes: Vec<String>,
}

impl Sheet {
    /// The same with lines below the table; empty ones are left out.
    pub fn with_notes(mut self, notes: Vec<String>) -> Sheet {
        self.notes.extend(notes.into_iter().filter(|note| !note.is_empty()));
        self
    }

    /// The same with one more line above the table.
    pub fn with_line(mut self, line: impl Into<String>) -> Sheet {
        self.title.push(line.into());
        self
    }
}

/// Sheets as one XLSX file. `generated_at` (`2026-11-24 17:20`) becomes the date of the file's properties; no
/// clock is read.
///
/// # Errors
/// [`ReportError::Workbook`] if a sheet is beyond what the file format can hold.
pub fn workbook(title: &str, generated_at: &str, sheets: &[Sheet]) -> Result<Vec<u8>, ReportError> {
    write(title, generated_at, sheets).map_err(|error| ReportError::Workbook(error.to_string()))
}

fn write(title: &str, generated_at: &str, sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::parse_from_str(generated_at).or_else(|_| ExcelDateTime::from_ymd(2000, 1, 1))?;
    book.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&made));
    let mut names = BTreeSet::new();
    for sheet in sheets {
        let page = book.add_worksheet();
        page.set_name(sheet_name(&sheet.name, &mut names))?;
        write_sheet(page, sheet)?;
        set_print(page, sheet)?;
    }
    if sheets.is_empty() {
        book.add_worksheet();
    }
    book.save_to_buffer()
}

fn write_sheet(page: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    page.set_screen_gridlines(false);
    for (at, column) in (0_u16..).zip(&sheet.columns) {
        page.set_column_width(at, column.width)?;
    }
    let mut row = 0;
    for line in &sheet.title {
        let format = if row == 0 { title_format() } else { Format::new().set_font_color(Color::RGB(FAINT)) };
        page.write_string_with_format(row, 0, cut(line), &format)?;
        row += 1;
    }
    let head = row;
    for (at, column) in (0_u16..).zip(&sheet.columns) {
        page.write_string_with_format(head, at, &column.head, &head_format())?;
    }
    if !sheet.columns.is_empty() {
        page.set_row_height(head, 30)?;
        page.set_freeze_panes(head + 1, 0)?;
        row += 1;
    }
    let first = row;
    for cells in &sheet.rows {
        for (at, cell) in (0_u16..).zip(cells) {
            write_cell(page, (row, at), cell)?;
        }
        row += 1;
    }
    let is_merged = merge(page, first, &sheet.rows)?;
    if let (Some(last), false) = (sheet.columns.len().checked_sub(1), sheet.rows.is_empty() || is_merged) {
        page.autofilter(head, 0, row - 1, last as u16)?;
    }
    for line in &sheet.notes {
        row += 1;
        page.write_string_with_format(row, 0, cut(line), &Format::new().set_font_color(Color::RGB(FAINT)))?;
    }
    Ok(())
}

/// Makes one cell of every text with parts of it below; the answer says whether there was any.
fn merge(page: &mut Worksheet, first: u32, rows: &[Vec<Cell>]) -> Result<bool, XlsxError> {
    let is_part = |row: usize, at: usize| {
        rows.get(row).and_then(|cells| cells.get(at)).is_some_and(|cell| cell.value == Value::Above)
    };
    let mut any = false;
    for (at, cells) in rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let Value::Text(text) = &cell.value else { continue };
            let below = (at + 1..).take_while(|row| is_part(*row, column)).count();
            if below > 0 {
                let (top, column) = (first + at as u32, column as u16);
                let format = cell_format(cell).set_text_wrap().set_align(FormatAlign::Center);
                page.merge_range(top, column, top + below as u32, column, &cut(text), &format)?;
                any = true;
            }
        }
    }
    Ok(any)
}

fn write_cell(page: &mut Worksheet, (row, column): (u32, u16), cell: &Cell) -> Result<(), XlsxError> {
    let format = cell_format(cell);
    match &cell.value {
        Value::Empty | Value::Above => page.write_blank(row, column, &format)?,
        Value::Text(text) => page.write_string_with_format(row, column, cut(text), &format.set_text_wrap())?,
        Value::Faint(text) => {
            let format = format.set_font_color(Color::RGB(FAINT)).set_text_wrap();
            page.write_string_with_format(row, column, cut(text), &format)?
        }
        Value::Number(text) => match text.parse::<f64>() {
            Ok(number) => {
                page.write_number_with_format(row, column, number, &format.set_num_format(number_format(text)))?
            }
            Err(_) => page.write_string_with_format(row, column, text, &format)?,
        },
        Value::Date(text) => match ExcelDateTime::parse_from_str(text) {
            Ok(date) => {
                let format = format.set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left);
                page.write_datetime_with_format(row, column, &date, &format)?
            }
            Err(_) => page.write_string_with_format(row, column, cut(text), &format)?,
        },
    };
    Ok(())
}

fn cell_format(cell: &Cell) -> Format {
    let format = Format::new()
        .set_border(FormatBorder::Thin)
        .set_border_color(Color::RGB(LINE))
        .set_align(FormatAlign::VerticalCenter);
    match cell.fill {
        Some(fill) => format.set_background_color(Color::RGB(fill)).set_font_color(Color::RGB(ink_on(fill))),
        None => format,
    }
}

fn set_print(page: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    const A4: u8 = 9;
    page.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
    page.set_footer("&C&P / &N");
    if !sheet.columns.is_empty() {
        let head = sheet.title.len() as u32;
        page.set_repeat_rows(0, head)?;
    }
    Ok(())
}

fn title_format() -> Format {
    Format::new()
        .set_bold()
        .set_font_size(14)
        .set_font_color(Color::RGB(HEAD_FILL))
        .set_underline(FormatUnderline::None)
}

fn head_format() -> Format {
    Format::new()
        .set_bold()
        .set_font_color(Color::White)
        .set_background_color(Color::RGB(HEAD_FILL))
        .set_border(FormatBorder::Thin)
        .set_border_color(Color::RGB(LINE))
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap()
}

/// `0.70` → `0.00`, `+5.8` → `+0.0`.
fn number_format(text: &str) -> String {
    let sign = if text.starts_with('+') { "+" } else { "" };
    match text.split_once('.') {
        Some((_, decimals)) => format!("{sign}0.{}", "0".repeat(decimals.len())),
        None => format!("{sign}0"),
    }
}

fn is_plain_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, decimals) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(decimals) && whole.len() + decimals.len() <= MAX_DIGITS
}

fn parse_colour(colour: &str) -> Option<u32> {
    let digits = colour.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    u32::from_str_radix(digits, 16).ok()
}

/// Black or white, whichever is read better on the colour.
fn ink_on(fill: u32) -> u32 {
    let part = |shift: u32| (fill >> shift) & 0xFF;
    let light = (299 * part(16) + 587 * part(8) + 114 * part(0)) / 1000;
    if light > 110 { 0x00_00_00 } else { 0xFF_FF_FF }
}

fn sheet_name(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let clean: String = wanted.chars().map(|c| if "[]:*?/\\'".contains(c) { ' ' } else { c }).collect();
    let clean = if clean.trim().is_empty() { "Sheet".to_string() } else { clean.trim().to_string() };
    let fit = |text: &str, room: usize| text.chars().take(room).collect::<String>();
    let mut name = fit(&clean, MAX_NAME);
    let mut number = 2;
    while !taken.insert(name.to_lowercase()) {
        let suffix = format!(" {number}");
        name = fit(&clean, MAX_NAME - suffix.len()) + &suffix;
        number += 1;
    }
    name
}

/// What does not fit into a cell is cut, and says so.
fn cut(text: &str) -> String {
    if text.chars().count() <= MAX_TEXT {
        return text.to_string();
    }
    let kept: String = text.chars().take(MAX_TEXT - 1).collect();
    kept + "…"
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use calamine::{Data, DataType, Range, Reader, Xlsx};
    use std::io::Cursor;

    /// A workbook read back by calamine.
    pub(crate) struct Read(Xlsx<Cursor<Vec<u8>>>);

    /// One of its sheets; rows and columns from 0.
    pub(crate) struct ReadSheet(Range<Data>);

    impl Read {
        pub(crate) fn new(bytes: Vec<u8>) -> Read {
            Read(Xlsx::new(Cursor::new(bytes)).expect("a workbook"))
        }

        pub(crate) fn names(&self) -> Vec<String> {
            self.0.sheet_names().clone()
        }

        pub(crate) fn sheet(&mut self, name: &str) -> ReadSheet {
            ReadSheet(self.0.worksheet_range(name).unwrap_or_else(|error| panic!("{name}: {error}")))
        }
    }

    impl ReadSheet {
        fn at(&self, row: u32, column: u32) -> &Data {
            self.0.get_value((row, column)).unwrap_or(&Data::Empty)
        }

        pub(crate) fn text(&self, row: u32, column: u32) -> String {
            self.at(row, column).get_string().unwrap_or_default().to_string()
        }

        pub(crate) fn number(&self, row: u32, column: u32) -> f64 {
            self.at(row, column).get_float().unwrap_or_else(|| panic!("{:?} is no number", self.at(row, column)))
        }

        pub(crate) fn date(&self, row: u32, column: u32) -> String {
            let date = self.at(row, column).get_datetime().expect("a date");
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }

        /// The row whose first cell is `head`.
        pub(crate) fn row_of(&self, head: &str) -> u32 {
            (0..40).find(|row| self.text(*row, 0) == head).expect("a head row")
        }

        pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
            self.0.used_cells().filter_map(|(_, _, cell)| cell.get_string())
        }

        pub(crate) fn all(&self) -> String {
            self.texts().collect::<Vec<_>>().join("\n")
        }
    }

    fn one(cells: Vec<Cell>) -> ReadSheet {
        let columns = cells.iter().map(|_| Column::new("head", 12.0)).collect();
        let sheet = Sheet { name: "s".to_string(), columns, rows: vec![cells], ..Sheet::default() };
        Read::new(workbook("t", "", &[sheet]).expect("a workbook")).sheet("s")
    }

    #[test]
    fn numbers_are_numbers_and_all_else_is_text() {
        let texts = ["0.70", "-3", "≥92", "1e9", "007.5", "", "=1+1", "1234567890123456789", "NaN"];
        let read = one(texts.iter().map(|text| Cell::number(*text)).collect());
        assert_eq!(read.number(1, 0), 0.7);
        assert_eq!(read.number(1, 1), -3.0);
        assert_eq!(read.text(1, 2), "≥92");
        assert_eq!(read.text(1, 3), "1e9");
        assert_eq!(read.number(1, 4), 7.5);
        assert_eq!(read.at(1, 5), &Data::Empty);
        assert_eq!(read.text(1, 6), "=1+1");
        // Nineteen digits would lose their last ones.
        assert_eq!(read.text(1, 7), "1234567890123456789");
        assert_eq!(read.text(1, 8), "NaN");
    }

    #[test]
    fn the_printed_decimals_are_the_format_of_the_cell() {
        assert_eq!(number_format("0.70"), "0.00");
        assert_eq!(number_format("35"), "0");
        assert_eq!(number_format("+5.8"), "+0.0");
        let read = one(vec![Cell::number("+5.8"), Cell::number("+-5")]);
        assert_eq!((read.number(1, 0), read.text(1, 1)), (5.8, "+-5".to_string()));
    }

    #[test]
    fn dates_are_dates_and_a_wrong_one_is_kept_as_text() {
        let read = one(vec![Cell::date("2024-02-29"), Cell::date("2024-02-31"), Cell::date("")]);
        assert_eq!(read.date(1, 0), "2024-02-29");
        assert_eq!(read.text(1, 1), "2024-02-31");
    }

    #[test]
    fn a_cell_over_several_rows_is_one_cell_without_a_filter() {
        let group = |cell: Cell, number: &str| vec![cell, Cell::number(number)];
        let rows = vec![
            group(Cell::text("A"), "1"),
            group(Cell::same_as_above(), "2"),
            group(Cell::same_as_above(), "3"),
            group(Cell::text("B"), "4"),
        ];
        let columns = vec![Column::new("group", 9.0), Column::new("n", 9.0)];
        let sheet = Sheet { name: "s".to_string(), columns, rows, ..Sheet::default() };
        let bytes = workbook("t", "", &[sheet]).expect("a workbook");
        let mut book = Xlsx::new(Cursor::new(bytes.clone())).expect("a workbook");
        let regions = book.merge_cells_by_sheet_name("s").expect("regions are read");
        let regions: Vec<_> = regions.iter().map(|range| (range.start, range.end)).collect();
        assert_eq!(regions, [((1, 0), (3, 0))]);
        let read = Read::new(bytes).sheet("s");
        assert_eq!((read.text(1, 0), read.text(4, 0)), ("A".to_string(), "B".to_string()));
        assert_eq!(read.number(3, 1), 3.0);
    }

    #[test]
    fn sheet_names_fit_the_format_and_differ() {
        let mut taken = BTreeSet::new();
        let long = "不同标准下的对照".repeat(5);
        let names = [sheet_name(&long, &mut taken), sheet_name(&long, &mut taken), sheet_name("a/b:[c]", &mut taken)];
        assert!(names.iter().all(|name| name.chars().count() <= MAX_NAME));
        assert!(names[1].ends_with(" 2") && names[0] != names[1]);
        assert_eq!(names[2], "a b  c");
        assert_eq!(sheet_name("", &mut taken), "Sheet");
    }

    #[test]
    fn too_long_a_text_is_cut_visibly() {
        let read = one(vec![Cell::text("长".repeat(40_000))]);
        assert!(read.text(1, 0).ends_with('…'));
        assert!(workbook("t", "not a date", &[]).is_ok());
    }
}
