//! Rows → records of a small table: text by column, checked by the kind that the mapping declares.

use super::bind::{BoundField, RecordPlan};
use super::cell::{Cell, Cells};
use super::ledger::Ledger;
use crate::Context;
use crate::mapping::{FieldKind, Missing};
use crate::problems::{CellFault, folded};
use crate::time::{DateOrder, TimeFault, parse_civil, parse_whole};
use domain::{Fixed, Parameters, Record};

/// Longest text of a field, in bytes.
const LONGEST_TEXT: usize = 10_000;

/// Makes records of rows.
#[derive(Debug)]
pub(crate) struct RecordMaker {
    plan: RecordPlan,
    missing: Missing,
    parameters: Parameters,
    records: Vec<Record>,
}

impl RecordMaker {
    /// For a bound plan.
    pub(crate) fn new(plan: RecordPlan, missing: &Missing, context: &Context) -> RecordMaker {
        let (missing, parameters) = (missing.clone(), context.parameters.clone());
        RecordMaker { plan, missing, parameters, records: Vec::new() }
    }

    /// How many records wait.
    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    /// Takes the records made since the last call.
    pub(crate) fn take(&mut self) -> Vec<Record> {
        std::mem::take(&mut self.records)
    }

    /// Reads one row. A bad field is left out; a bad field that is needed costs the row.
    pub(crate) fn row(&mut self, row: u64, cells: &impl Cells, ledger: &mut Ledger) {
        let mut fields = self.plan.constants.clone();
        let mut whole = true;
        for field in &self.plan.fields {
            let cell = cells.cell(field.column);
            match self.read_field(field, cell) {
                Ok(Some(text)) => {
                    fields.insert(field.field.clone(), text);
                }
                Ok(None) => {}
                Err(fault) => {
                    ledger.cell(row, field.column, cell, &fault);
                    // Left out, wrong parameters would mean all of them.
                    whole &= !field.need && !matches!(field.kind, FieldKind::Parameters);
                }
            }
        }
        for field in &self.plan.fields {
            let Some(other) = &field.not_before else { continue };
            // Days as text sort as days do.
            let (Some(first), Some(last)) = (fields.get(other), fields.get(&field.field)) else { continue };
            if last < first {
                let fault = CellFault::EndsBefore { field: other.clone(), first: first.clone() };
                ledger.cell(row, field.column, cells.cell(field.column), &fault);
                fields.remove(&field.field);
                whole &= !field.need;
            }
        }
        if whole {
            self.records.push(Record::new(fields, row));
        }
    }

    fn read_field(&self, field: &BoundField, cell: Cell<'_>) -> Result<Option<String>, CellFault> {
        match cell {
            Cell::Text(bytes) if bytes.len() > LONGEST_TEXT => {
                return Err(CellFault::TooLong { bytes: bytes.len(), most: LONGEST_TEXT });
            }
            Cell::Text(bytes) if std::str::from_utf8(bytes).is_err() => return Err(CellFault::Undecodable),
            Cell::Fault(_) => return Err(CellFault::SheetError),
            _ => {}
        }
        let text = cell.text();
        let text = text.trim();
        if text.contains('\u{fffd}') {
            return Err(CellFault::Undecodable);
        }
        if text.is_empty() || (!matches!(field.kind, FieldKind::Text) && self.missing.has_text(text)) {
            return if field.need { Err(CellFault::FieldMissing) } else { Ok(None) };
        }
        if let Some(table) = &field.translate {
            let found = table.get(text).cloned();
            return found.map(Some).ok_or(CellFault::NotInTable { table: field.field.clone() });
        }
        match field.kind {
            FieldKind::Parameters => codes(text, &self.parameters),
            ref kind => typed(kind, text, cell).map(Some),
        }
    }
}

fn typed(kind: &FieldKind, text: &str, cell: Cell<'_>) -> Result<String, CellFault> {
    match kind {
        FieldKind::Text | FieldKind::Parameters => Ok(text.to_string()),
        FieldKind::Number(min, max) => {
            let number: Fixed = folded(text).parse().map_err(|_| CellFault::NotANumber)?;
            if min.is_some_and(|min| number < min) || max.is_some_and(|max| number > max) {
                let bound = |bound: &Option<Fixed>| bound.map_or("…".to_string(), |bound| bound.to_string());
                return Err(CellFault::FieldRange { min: bound(min), max: bound(max) });
            }
            // As written, so that 104.6600 keeps its places; a double of a workbook in its shortest form.
            Ok(if text.parse::<Fixed>().is_ok() { text.to_string() } else { number.to_string() })
        }
        FieldKind::Day => day(text, cell),
        FieldKind::Year => {
            let plain = folded(text);
            let year = parse_whole(plain.trim_end_matches('年').as_bytes()).filter(|year| (1900..=2200).contains(year));
            year.map(|year| year.to_string()).ok_or(CellFault::NotAYear)
        }
    }
}

/// Codes or names of parameters → codes with semicolons between; `None` for every parameter.
fn codes(text: &str, parameters: &Parameters) -> Result<Option<String>, CellFault> {
    if folded(text) == "*" {
        return Ok(None);
    }
    let mut codes: Vec<&str> = Vec::new();
    for name in text.split(|c: char| c.is_whitespace() || ";；,，、".contains(c)).filter(|name| !name.is_empty()) {
        let known = parameters.get(name).or_else(|| parameters.get(&folded(name)));
        let code = known.ok_or_else(|| CellFault::NotParameters { unknown: name.to_string() })?.code.as_str();
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    if codes.is_empty() {
        Err(CellFault::NotParameters { unknown: text.to_string() })
    } else {
        Ok(Some(codes.join(";")))
    }
}

fn day(text: &str, cell: Cell<'_>) -> Result<String, CellFault> {
    let civil = match cell {
        Cell::Time(civil) => civil,
        Cell::Sheet(number) if (1.0..100_000.0).contains(&number) => super::clock::sheet_time(number),
        _ => parse_civil(text.as_bytes(), DateOrder::YearMonthDay).map_err(|fault| match fault {
            TimeFault::Unreadable => CellFault::NotADay,
            other => CellFault::Time(other),
        })?,
    };
    if civil.ms == 0 { Ok(civil.day.to_string()) } else { Err(CellFault::NotADay) }
}
