//! Collects the problems and refused rows of a file. Problems of one kind in one column are listed singly
//! up to a number; the rest is counted and said at the end, never dropped in silence: every refused row is
//! in the rejects with all its reasons.

use super::cell::{Cell, Cells};
use crate::problems::{CellFault, FileFault, RowFault, quoted};
use crate::tables::Reject;
use domain::{Place, Problem, Severity, Text};
use std::collections::BTreeMap;
use std::fmt::Write;

/// How many problems of one code and column are listed singly.
const LISTED: u64 = 1000;

/// Problems and rejects of one file.
#[derive(Debug)]
pub(crate) struct Ledger {
    place: Place,
    header: Vec<String>,
    pub problems: Vec<Problem>,
    pub rejects: Vec<Reject>,
    /// Problems since the last chunk that were counted but not listed.
    pub folded: u64,
    reasons: String,
    counts: BTreeMap<(&'static str, usize), Count>,
}

#[derive(Clone, Copy, Debug)]
struct Count {
    total: u64,
    severity: Severity,
    first_folded: u64,
    last: u64,
}

/// Stands for the whole row where a column is asked for.
const WHOLE_ROW: usize = usize::MAX;

impl Ledger {
    /// For one file.
    pub(crate) fn new(place: Place, header: Vec<String>) -> Ledger {
        Ledger {
            place,
            header,
            problems: Vec::new(),
            rejects: Vec::new(),
            folded: 0,
            reasons: String::new(),
            counts: BTreeMap::new(),
        }
    }

    /// The header as in the file.
    pub(crate) fn header(&self) -> &[String] {
        &self.header
    }

    /// Notes a fault of one cell.
    #[cold]
    pub(crate) fn cell(&mut self, row: u64, column: usize, raw: Cell<'_>, fault: &CellFault) {
        let (severity, code) = fault.kind();
        let raw = raw.text();
        let message = fault.text(&raw);
        if severity == Severity::Error {
            let name = self.header.get(column).map_or("", |name| name.trim());
            add_reason(&mut self.reasons, name, &message);
        }
        if self.list(code, severity, row, column) {
            let column = self.header.get(column).map_or_else(String::new, |name| name.trim().to_string());
            let place = Place { row: Some(row), column, ..self.place.clone() };
            self.problems.push(Problem { severity, code, place, raw: quoted(&raw), message });
        }
    }

    /// Notes a fault of a whole row and keeps the row.
    #[cold]
    pub(crate) fn row(&mut self, row: u64, cells: &impl Cells, fault: &RowFault) {
        let (severity, code) = (Severity::Error, fault.code());
        let message = fault.text();
        add_reason(&mut self.reasons, "", &message);
        if self.list(code, severity, row, WHOLE_ROW) {
            let texts: Vec<String> = (0..cells.count().min(50)).map(|i| cells.cell(i).text().into_owned()).collect();
            let place = Place { row: Some(row), ..self.place.clone() };
            self.problems.push(Problem { severity, code, place, raw: quoted(&texts.join(",")), message });
        }
        self.end_row(row, cells);
    }

    /// Notes something about the file or a column of it.
    pub(crate) fn file(&mut self, fault: FileFault, column: &str) {
        let place = Place { column: column.to_string(), ..self.place.clone() };
        self.problems.push(fault.at(place, column));
    }

    /// Keeps the row if anything of it was refused.
    #[inline]
    pub(crate) fn end_row(&mut self, row: u64, cells: &impl Cells) {
        if !self.reasons.is_empty() {
            let reasons = std::mem::take(&mut self.reasons);
            let cells = (0..cells.count()).map(|column| cells.cell(column).text().into_owned()).collect();
            self.rejects.push(Reject { row, cells, reasons });
        }
    }

    fn list(&mut self, code: &'static str, severity: Severity, row: u64, column: usize) -> bool {
        let count = self.counts.entry((code, column)).or_insert(Count { total: 0, severity, first_folded: 0, last: 0 });
        count.total += 1;
        count.last = row;
        if count.total == LISTED + 1 {
            count.first_folded = row;
        }
        let listed = count.total <= LISTED;
        self.folded += u64::from(!listed);
        listed
    }

    /// Says how many problems were not listed singly.
    pub(crate) fn finish(&mut self) {
        for ((code, column), count) in &self.counts {
            if count.total <= LISTED {
                continue;
            }
            let (more, first, last) = (count.total - LISTED, count.first_folded, count.last);
            let column = self.header.get(*column).map_or_else(String::new, |name| name.trim().to_string());
            let message = Text::new(
                format!(
                    "另有 {more} 处同样的问题（{code}，第 {first}–{last} 行）没有逐条列出；未采用的行及原因全部在退回文件中"
                ),
                format!(
                    "{more} more of the same ({code}, rows {first}–{last}) are not listed singly; every row that was not taken is in the rejects file with its reasons"
                ),
            );
            let place = Place { column, ..self.place.clone() };
            self.problems.push(Problem { severity: count.severity, code, place, raw: String::new(), message });
        }
    }
}

fn add_reason(reasons: &mut String, column: &str, message: &Text) {
    if !reasons.is_empty() {
        reasons.push_str("; ");
    }
    let separator = if column.is_empty() { "" } else { ": " };
    write!(reasons, "{column}{separator}{} / {}", message.zh, message.en).expect("writing to a string does not fail");
}
