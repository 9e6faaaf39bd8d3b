//! Rows → records of a small table: text by column, checked by the kind that the mapping declares.

use super::bind::{BoundField, RecordPlan, same_quantity};
use super::cell::{Cell, Cells};
use super::ledger::Ledger;
use crate::Context;
use crate::mapping::{FieldKind, Missing};
use crate::near::nearest;
use crate::problems::{CellFault, folded};
use crate::time::{DateOrder, TimeFault, parse_civil, parse_whole};
use domain::unit::UnitError;
use domain::{Fixed, Parameters, Record, Units};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Longest text of a field, in bytes.
const LONGEST_TEXT: usize = 10_000;
/// Longest text of a geometry, in bytes.
const LONGEST_GEOMETRY: usize = 1 << 20;

type Fields = BTreeMap<String, String>;

/// Makes records of rows.
#[derive(Debug)]
pub(crate) struct RecordMaker {
    plan: RecordPlan,
    missing: Missing,
    parameters: Parameters,
    units: Units,
    records: Vec<Record>,
}

impl RecordMaker {
    /// For a bound plan.
    pub(crate) fn new(plan: RecordPlan, missing: &Missing, context: &Context) -> RecordMaker {
        let (missing, parameters) = (missing.clone(), context.parameters.clone());
        RecordMaker { plan, missing, parameters, units: context.units.clone(), records: Vec::new() }
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
                    whole &= !field.need && !costs_the_row(&field.kind);
                }
            }
        }
        whole &= self.in_order(row, cells, ledger, &mut fields);
        whole = whole && self.unit_fits(row, cells, ledger, &mut fields);
        match &self.plan.wide {
            _ if !whole => {}
            None => self.records.push(Record::new(fields, row)),
            Some(wide) => {
                for column in &wide.columns {
                    let cell = cells.cell(column.column);
                    match self.number_of(cell) {
                        Ok(None) => {}
                        Ok(Some(value)) => {
                            let mut fields = fields.clone();
                            fields.insert(wide.into.item.clone(), column.item.clone());
                            fields.insert(wide.into.value.clone(), value);
                            fields.insert(wide.into.unit.clone(), column.unit.clone());
                            self.records.push(Record::new(fields, row));
                        }
                        Err(fault) => ledger.cell(row, column.column, cell, &fault),
                    }
                }
            }
        }
    }

    /// Takes out days that are before those they must follow; whether the row is still whole.
    fn in_order(&self, row: u64, cells: &impl Cells, ledger: &mut Ledger, fields: &mut Fields) -> bool {
        let mut whole = true;
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
        whole
    }

    /// Whether the unit of a row fits its item; what is stated stays as it is.
    fn unit_fits(&self, row: u64, cells: &impl Cells, ledger: &mut Ledger, fields: &mut Fields) -> bool {
        let Some(unit) = self.plan.fields.iter().find(|field| matches!(field.kind, FieldKind::Unit)) else {
            return true;
        };
        let item = self.plan.fields.iter().find(|field| matches!(field.kind, FieldKind::Item));
        let Some(item) = item.and_then(|field| self.plan.items.get(fields.get(&field.field)?)) else { return true };
        let fault = match fields.get(&unit.field).map(String::as_str) {
            Some(stated) => match same_quantity(stated, &item.unit, &self.units) {
                Ok(()) => return true,
                Err(UnitError::Dimension { .. }) => {
                    CellFault::ItemUnit { from: stated.to_string(), unit: item.unit.clone() }
                }
                Err(_) => CellFault::UnknownUnit,
            },
            None => CellFault::UnitMissing,
        };
        ledger.cell(row, unit.column, cells.cell(unit.column), &fault);
        false
    }

    /// The number of an item's cell; `None` where it says that there is none.
    fn number_of(&self, cell: Cell<'_>) -> Result<Option<String>, CellFault> {
        let text = text_of(cell, LONGEST_TEXT)?;
        let text = text.trim();
        if text.is_empty() || self.missing.has_text(text) {
            return Ok(None);
        }
        typed(&FieldKind::Number(None, None), text, cell).map(Some)
    }

    fn read_field(&self, field: &BoundField, cell: Cell<'_>) -> Result<Option<String>, CellFault> {
        let geometry = matches!(field.kind, FieldKind::Geometry);
        let text = text_of(cell, if geometry { LONGEST_GEOMETRY } else { LONGEST_TEXT })?;
        let text = text.trim();
        if text.is_empty() || (!matches!(field.kind, FieldKind::Text) && self.missing.has_text(text)) {
            return if field.need { Err(CellFault::FieldMissing) } else { Ok(None) };
        }
        if let Some(table) = &field.translate {
            let folded_text = folded(text);
            let found = table.get(text).or_else(|| {
                let mut same = table.iter().filter(|(from, _)| folded(from) == folded_text);
                same.next().map(|(_, to)| to)
            });
            return found.cloned().map(Some).ok_or_else(|| CellFault::NotInTable {
                table: field.field.clone(),
                near: nearest(text, table.keys().map(String::as_str)),
            });
        }
        match field.kind {
            FieldKind::Parameters => codes(text, &self.parameters),
            FieldKind::Item => match self.plan.items.get(text) {
                Some(item) => Ok(Some(item.code.clone())),
                None => Err(CellFault::UnknownItem { near: nearest(text, self.plan.items.names()) }),
            },
            ref kind => typed(kind, text, cell).map(Some),
        }
    }
}

/// Whether a field that cannot be read makes its row mean something else, or nothing.
fn costs_the_row(kind: &FieldKind) -> bool {
    // Left out, wrong parameters would mean all of them.
    matches!(kind, FieldKind::Parameters | FieldKind::Item | FieldKind::Unit | FieldKind::Geometry)
}

/// A cell's text, if it is one and not too long.
fn text_of(cell: Cell<'_>, most: usize) -> Result<Cow<'_, str>, CellFault> {
    match cell {
        Cell::Text(bytes) if bytes.len() > most => return Err(CellFault::TooLong { bytes: bytes.len(), most }),
        Cell::Text(bytes) if std::str::from_utf8(bytes).is_err() => return Err(CellFault::Undecodable),
        Cell::Fault(_) => return Err(CellFault::SheetError),
        _ => {}
    }
    let text = cell.text();
    if text.contains('\u{fffd}') { Err(CellFault::Undecodable) } else { Ok(text) }
}

fn typed(kind: &FieldKind, text: &str, cell: Cell<'_>) -> Result<String, CellFault> {
    match kind {
        FieldKind::Text | FieldKind::Parameters | FieldKind::Item | FieldKind::Unit => Ok(text.to_string()),
        FieldKind::Geometry if is_geometry(text) => Ok(text.to_string()),
        FieldKind::Geometry => Err(CellFault::NotAGeometry),
        FieldKind::Period => period(text, cell),
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

/// Whether a text looks like WKT or GeoJSON; what it holds is looked at by those who use it.
fn is_geometry(text: &str) -> bool {
    let word = text.split([' ', '(']).next().unwrap_or("").to_ascii_uppercase();
    let known =
        ["POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION"];
    text.starts_with('{') || word.starts_with("SRID=") || known.contains(&word.as_str())
}

/// `2025`, `2025年`, `2025-03`, `2025/3`, `2025年3月`, `202503`, or a sheet's day that is the first of a month
/// → `2025` or `2025-03`.
fn period(text: &str, cell: Cell<'_>) -> Result<String, CellFault> {
    if let Cell::Time(civil) = cell {
        let (year, month, day) = civil.day.ymd();
        return if day == 1 && civil.ms == 0 {
            Ok(format!("{year:04}-{month:02}"))
        } else {
            Err(CellFault::NotAPeriod)
        };
    }
    let plain = folded(text);
    let plain = plain.trim_end_matches(['月', '度']);
    let whole = |part: &str| parse_whole(part.as_bytes());
    let (year, month) = match plain.split_once(['-', '/', '.', '年']) {
        Some((year, "" | "0")) => (whole(year), None),
        Some((year, month)) => (whole(year), Some(whole(month).unwrap_or(0))),
        None if plain.len() == 6 && plain.is_ascii() => (whole(&plain[..4]), Some(whole(&plain[4..]).unwrap_or(0))),
        None => (whole(plain), None),
    };
    let year = year.filter(|year| (1900..=2200).contains(year)).ok_or(CellFault::NotAPeriod)?;
    match month {
        None => Ok(format!("{year:04}")),
        Some(month) if (1..=12).contains(&month) => Ok(format!("{year:04}-{month:02}")),
        Some(_) => Err(CellFault::NotAPeriod),
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
