//! A workbook's sheet → rows of cells. A sheet is held in memory; workbooks are small by their nature
//! (at most 1,048,576 rows).

use super::cell::{Cell, Cells, Rows, Step};
use super::clock::sheet_time;
use crate::ReadSeek;
use crate::problems::{After, FileFault};
use crate::time::Civil;
use calamine::{Data, Range, Reader, Xls, Xlsx};
use domain::Day;
use std::io::BufReader;

/// Every sheet of a workbook, by name in the workbook's order.
pub(crate) struct Workbook {
    pub sheets: Vec<(String, Range<Data>)>,
}

/// Rows of one sheet.
pub(crate) struct SheetRows {
    range: Range<Data>,
    /// Rows above the range.
    above: u32,
    /// Columns left of the range.
    left: usize,
    /// Next row, from 0, counted from the sheet's top.
    next: usize,
    /// Cells of the current row.
    current: Option<usize>,
}

impl Workbook {
    /// Reads the sheets; `wanted` names which, empty means all.
    pub(crate) fn open(data: Box<dyn ReadSeek + Send>, xls: Old, wanted: &[String]) -> Result<Workbook, FileFault> {
        // A damaged workbook must not take the program with it, whatever the library does.
        let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || {
            let data = BufReader::new(data);
            match xls {
                Old::No => {
                    let workbook =
                        Xlsx::new(data).map_err(|error| FileFault::Unreadable(error.to_string(), After::Nothing))?;
                    sheets(workbook, wanted)
                }
                Old::Yes => {
                    let workbook =
                        Xls::new(data).map_err(|error| FileFault::Unreadable(error.to_string(), After::Nothing))?;
                    sheets(workbook, wanted)
                }
            }
        }));
        read.unwrap_or_else(|_| Err(FileFault::Unreadable("damaged workbook".to_string(), After::Nothing)))
    }
}

/// Whether a workbook is in the format before 2007.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Old {
    /// It is.
    Yes,
    /// It is not.
    No,
}

fn sheets<RS, R>(mut workbook: R, wanted: &[String]) -> Result<Workbook, FileFault>
where
    RS: std::io::Read + std::io::Seek,
    R: Reader<RS>,
    R::Error: std::fmt::Display,
{
    let names = workbook.sheet_names();
    let chosen: Vec<String> = names
        .iter()
        .filter(|name| wanted.is_empty() || wanted.iter().any(|want| want == name.trim()))
        .cloned()
        .collect();
    if chosen.is_empty() {
        return Err(FileFault::NoSheet { wanted: wanted.join(" / "), found: names.join(", ") });
    }
    let mut sheets = Vec::new();
    for name in chosen {
        match workbook.worksheet_range(&name) {
            Ok(range) => sheets.push((name, range)),
            Err(error) => return Err(FileFault::Unreadable(format!("{name}: {error}"), After::Nothing)),
        }
    }
    Ok(Workbook { sheets })
}

impl SheetRows {
    /// From the top of a sheet.
    pub(crate) fn new(range: Range<Data>) -> SheetRows {
        let (above, left) = range.start().unwrap_or((0, 0));
        SheetRows { range, above, left: left as usize, next: 0, current: None }
    }

    /// The first rows as text.
    pub(crate) fn first_rows(&mut self, count: u64) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        while (rows.len() as u64) < count && matches!(self.step(), Step::Row(_)) {
            rows.push((0..self.count()).map(|column| self.cell(column).text().into_owned()).collect());
        }
        (self.next, self.current) = (0, None);
        rows
    }
}

impl Cells for SheetRows {
    fn count(&self) -> usize {
        self.left + self.range.width()
    }

    fn cell(&self, column: usize) -> Cell<'_> {
        let data = self.current.zip(column.checked_sub(self.left)).and_then(|at| self.range.get(at));
        match data {
            None | Some(Data::Empty) => Cell::Empty,
            Some(Data::String(text) | Data::DurationIso(text) | Data::DateTimeIso(text)) => Cell::Text(text.as_bytes()),
            Some(Data::Float(number)) => Cell::Sheet(*number),
            Some(Data::Int(number)) => Cell::Sheet(*number as f64),
            Some(Data::Bool(value)) => Cell::Bool(*value),
            Some(Data::DateTime(time)) => Cell::Time(civil_of(time)),
            Some(Data::Error(error)) => Cell::Fault(error_text(error)),
        }
    }
}

impl Rows for SheetRows {
    fn step(&mut self) -> Step {
        let row = self.next;
        if row >= self.above as usize + self.range.height() {
            self.current = None;
            return Step::End;
        }
        self.next += 1;
        self.current = row.checked_sub(self.above as usize);
        Step::Row(row as u64 + 1)
    }
}

fn civil_of(time: &calamine::ExcelDateTime) -> Civil {
    let number = time.as_f64();
    let mut civil = sheet_time(number);
    if number >= 1.0 {
        let (year, month, day, ..) = time.to_ymd_hms_milli();
        // The library knows whether the workbook counts from 1904; the time of day is the same either way.
        let exact = Day::from_ymd(year as i16, month as i8, day as i8);
        if let Some(day) = exact.filter(|day| (day.0 - civil.day.0).abs() > 1) {
            civil.day = day;
        }
    }
    civil
}

fn error_text(error: &calamine::CellErrorType) -> &'static str {
    use calamine::CellErrorType as E;
    match error {
        E::Div0 => "#DIV/0!",
        E::NA => "#N/A",
        E::Name => "#NAME?",
        E::Null => "#NULL!",
        E::Num => "#NUM!",
        E::Ref => "#REF!",
        E::Value => "#VALUE!",
        E::GettingData => "#DATA!",
    }
}
