//! What the readers of all formats have in common: a current row of cells, and the step to the next.

use crate::problems::RowFault;
use crate::time::Civil;
use domain::{Fixed, Problem};
use std::borrow::Cow;

/// One cell as its format holds it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cell<'a> {
    /// Nothing.
    Empty,
    /// Text, UTF-8 unless the file is broken.
    Text(&'a [u8]),
    /// A binary number.
    Float(f64),
    /// A number of a sheet, which may also be a day number or a part of a day.
    Sheet(f64),
    /// A whole number.
    Int(i64),
    /// An exact decimal.
    Exact(Fixed),
    /// A date or time.
    Time(Civil),
    /// Yes or no.
    Bool(bool),
    /// A formula error of a sheet.
    Fault(&'static str),
}

/// The cells of the current row.
pub(crate) trait Cells {
    /// How many there are.
    fn count(&self) -> usize;
    /// One of them; empty beyond the last.
    fn cell(&self, column: usize) -> Cell<'_>;
}

/// A reader of rows.
pub(crate) trait Rows: Cells {
    /// Goes to the next row.
    fn step(&mut self) -> Step;
}

/// What a step met. Row numbers count from 1 as a spreadsheet shows them: a cell with line breaks in it
/// does not add rows, a blank line does.
#[derive(Debug)]
pub(crate) enum Step {
    /// A row.
    Row(u64),
    /// A row that cannot be cut into cells; what there is of it can be read as the current row.
    Odd(u64, RowFault),
    /// The end.
    End,
    /// The file cannot be read further.
    Broken(Box<Problem>),
}

impl<'a> Cell<'a> {
    /// As text for people and for the rejects file: what a CSV of the same table would hold.
    pub(crate) fn text(self) -> Cow<'a, str> {
        match self {
            Cell::Empty => Cow::Borrowed(""),
            Cell::Text(bytes) => String::from_utf8_lossy(bytes),
            Cell::Float(value) | Cell::Sheet(value) => Cow::Owned(value.to_string()),
            Cell::Int(value) => Cow::Owned(value.to_string()),
            Cell::Exact(value) => Cow::Owned(value.to_string()),
            Cell::Time(civil) => Cow::Owned(time_text(civil)),
            Cell::Bool(value) => Cow::Borrowed(if value { "true" } else { "false" }),
            Cell::Fault(text) => Cow::Borrowed(text),
        }
    }

    /// Whether it holds nothing but white space.
    pub(crate) fn is_blank(self) -> bool {
        match self {
            Cell::Empty => true,
            Cell::Text(bytes) => bytes.trim_ascii().is_empty(),
            _ => false,
        }
    }
}

fn time_text(civil: Civil) -> String {
    let seconds = civil.ms / 1000;
    let clock = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    match civil.offset_ms {
        None if civil.ms == 0 => civil.day.to_string(),
        None => format!("{} {clock}", civil.day),
        Some(offset) => {
            let minutes = offset.abs() / 60_000;
            let sign = if offset < 0 { '-' } else { '+' };
            format!("{}T{clock}{sign}{:02}:{:02}", civil.day, minutes / 60, minutes % 60)
        }
    }
}
