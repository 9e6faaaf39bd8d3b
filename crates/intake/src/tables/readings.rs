//! Rows → readings, for the three shapes of files: one column a parameter, one row a value, one column a
//! station. The hot loop of an import: no allocation per cell.

use super::bind::{BoundLong, BoundShape, BoundStation, ReadingPlan, position};
use super::cell::{Cell, Cells};
use super::clock::{TimeRefusal, row_time};
use super::ledger::Ledger;
use super::value::{Marks, Value, ValueReader};
use crate::Context;
use crate::mapping::{Below, Missing, NameTable, NamedParameter, Observations, Time};
use crate::near::nearest;
use crate::problems::{CellFault, folded};
use domain::unit::UnitError;
use domain::{Flag, Instant, Reading, ReadingBatch, Span};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Longest station code, in bytes.
const LONGEST_CODE: usize = 128;
/// How many different stations a file may have.
const MOST_STATIONS: usize = 100_000;
/// How many spellings of parameters and units are remembered.
const MOST_SPELLINGS: usize = 4096;

/// Makes readings of rows.
#[derive(Debug)]
pub(crate) struct ReadingMaker {
    plan: ReadingPlan,
    time: Time,
    missing: Missing,
    below: Below,
    stations: Stations,
    /// Of the constant station, or of each value column or station column.
    fixed_stations: Vec<u32>,
    spellings: Spellings,
    context: Context,
    rows: Vec<Reading>,
    /// States said so far: a sheet of one row a value says the same of every value.
    said: BTreeSet<(u32, Instant, u16)>,
}

/// Station codes seen so far. Neighbouring rows mostly have the same one.
#[derive(Debug, Default)]
struct Stations {
    codes: Vec<String>,
    by_text: HashMap<Box<[u8]>, u32>,
    last_text: Vec<u8>,
    last: Option<u32>,
    translate: BTreeMap<String, String>,
}

/// Readers by the spelling of parameter and unit.
#[derive(Debug, Default)]
struct Spellings {
    known: HashMap<Spelling, Spelled>,
    last_text: (Vec<u8>, Vec<u8>),
    last: Option<Spelled>,
    readers: Vec<ValueReader>,
}

/// Parameter and unit as a file writes them.
type Spelling = (Box<[u8]>, Box<[u8]>);

#[derive(Clone, Copy, Debug)]
enum Spelled {
    Ignored,
    Read { parameter: u16, reader: u32 },
}

/// What all values of a row share.
#[derive(Clone, Copy)]
struct RowContext {
    row: u64,
    time: Instant,
    span: Span,
    flag: Flag,
}

impl ReadingMaker {
    /// For a bound plan.
    pub(crate) fn new(plan: ReadingPlan, body: &Observations, missing: &Missing, context: &Context) -> ReadingMaker {
        let mut stations = Stations { translate: body.station_codes.clone(), ..Stations::default() };
        let own = match (&plan.station, &plan.shape) {
            (_, BoundShape::ByStation { stations, .. }) => stations.iter().map(|(_, code)| code.clone()).collect(),
            (BoundStation::Constant(code), BoundShape::Wide(values)) => {
                values.iter().map(|value| value.station.clone().unwrap_or_else(|| code.clone())).collect()
            }
            (_, BoundShape::Wide(values)) => values.iter().filter_map(|value| value.station.clone()).collect(),
            (BoundStation::Constant(code), _) => vec![code.clone()],
            _ => Vec::new(),
        };
        let fixed_stations = own.iter().map(|code| stations.add(code.as_bytes(), code)).collect();
        ReadingMaker {
            plan,
            time: body.time.clone(),
            missing: missing.clone(),
            below: body.below.clone(),
            stations,
            fixed_stations,
            spellings: Spellings::default(),
            context: context.clone(),
            rows: Vec::new(),
            said: BTreeSet::new(),
        }
    }

    /// How many readings wait.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Takes the readings made since the last call.
    pub(crate) fn take(&mut self) -> ReadingBatch {
        let next = Vec::with_capacity(self.rows.len());
        ReadingBatch {
            stations: self.stations.codes.clone(),
            parameters: self.plan.parameters.clone(),
            rows: std::mem::replace(&mut self.rows, next),
        }
    }

    /// Reads one row.
    #[inline]
    pub(crate) fn row(&mut self, row: u64, cells: &impl Cells, ledger: &mut Ledger) {
        let time = match row_time(cells, self.plan.time, &self.time) {
            Ok(time) => time,
            Err(refusal) => {
                let TimeRefusal { column, fault, raw } = *refusal;
                let cell = raw.as_ref().map_or(cells.cell(column), |raw| Cell::Text(raw.as_bytes()));
                return ledger.cell(row, column, cell, &fault);
            }
        };
        let station = match self.plan.station {
            BoundStation::Column(column, within) => match self.stations.of_row(cells, column, within) {
                Ok(station) => Some(station),
                Err(fault) => return ledger.cell(row, column, cells.cell(column), &fault),
            },
            BoundStation::Constant(_) | BoundStation::Header => None,
        };
        let flag = self.flag(row, cells, ledger);
        let shared = RowContext { row, time, span: self.time.span, flag };
        if let Some(station) = station.filter(|_| !self.plan.states.words.is_empty()) {
            self.states(shared, station, cells);
        }
        let marks = Marks { missing: &self.missing, below: &self.below };
        match &self.plan.shape {
            BoundShape::Wide(values) => {
                for (index, value) in values.iter().enumerate() {
                    let station = match (&value.station, station) {
                        (None, Some(station)) => station,
                        _ => self.fixed_stations.get(index).copied().unwrap_or(0),
                    };
                    let cell = cells.cell(value.column);
                    match value.reader.read(cell, marks) {
                        Ok(read) => {
                            let (value_of, flag) = flagged(read, shared, value.column, cell, ledger);
                            self.rows.push(shared.reading(station, value.parameter, value_of, flag));
                        }
                        Err(fault) => ledger.cell(row, value.column, cell, &fault),
                    }
                }
            }
            BoundShape::Long(_) => {
                let station = station.or(self.fixed_stations.first().copied()).unwrap_or(0);
                self.long(shared, station, cells, ledger);
            }
            BoundShape::ByStation { .. } => self.by_station(shared, cells, ledger),
        }
    }

    fn flag(&self, row: u64, cells: &impl Cells, ledger: &mut Ledger) -> Flag {
        let Some((column, words)) = &self.plan.flag else { return Flag::Good };
        let cell = cells.cell(*column);
        if cell.is_blank() {
            return Flag::Good;
        }
        let text = folded(&cell.text());
        match words.iter().find(|(word, _)| *word == text) {
            Some((_, flag)) => *flag,
            None => {
                ledger.cell(row, *column, cell, &CellFault::UnknownFlag);
                Flag::Suspect
            }
        }
    }

    fn long(&mut self, shared: RowContext, station: u32, cells: &impl Cells, ledger: &mut Ledger) {
        let BoundShape::Long(long) = &self.plan.shape else { return };
        let BoundLong { parameter: name, value, unit, limit, names } = long.as_ref();
        let marks = Marks { missing: &self.missing, below: &self.below };
        let unit_cell = unit.map_or(Cell::Empty, |unit| cells.cell(unit));
        let cell = cells.cell(*value);
        let texts = (cells.cell(*name), unit_cell);
        let spelled = self.spellings.of(texts, names, &mut self.plan.parameters, &self.context);
        match spelled {
            Ok(Spelled::Ignored) => {}
            Ok(Spelled::Read { parameter, reader }) => {
                let reader = &self.spellings.readers[reader as usize];
                let read = match (reader.read(cell, marks), limit) {
                    (Err(CellFault::BelowWithoutLimit), Some(limit)) => reader.below(cells.cell(*limit), marks),
                    (read, _) => read,
                };
                match read {
                    Ok(read) => {
                        let (value_of, flag) = flagged(read, shared, *value, cell, ledger);
                        self.rows.push(shared.reading(station, parameter, value_of, flag));
                    }
                    Err(fault) => ledger.cell(shared.row, *value, cell, &fault),
                }
            }
            Err(fault) => {
                let column = match (&fault, unit) {
                    (CellFault::UnknownParameter { .. } | CellFault::Undecodable, _) | (_, None) => *name,
                    (_, Some(unit)) => *unit,
                };
                ledger.cell(shared.row, column, cells.cell(column), &fault);
            }
        }
    }

    fn by_station(&mut self, shared: RowContext, cells: &impl Cells, ledger: &mut Ledger) {
        let BoundShape::ByStation { parameter: name, stations, names } = &self.plan.shape else { return };
        let marks = Marks { missing: &self.missing, below: &self.below };
        let texts = (cells.cell(*name), Cell::Empty);
        let spelled = self.spellings.of(texts, names, &mut self.plan.parameters, &self.context);
        let (parameter, reader) = match spelled {
            Ok(Spelled::Ignored) => return,
            Ok(Spelled::Read { parameter, reader }) => (parameter, &self.spellings.readers[reader as usize]),
            Err(fault) => return ledger.cell(shared.row, *name, cells.cell(*name), &fault),
        };
        for ((column, _), station) in stations.iter().zip(&self.fixed_stations) {
            let cell = cells.cell(*column);
            match reader.read(cell, marks) {
                Ok(read) => {
                    let (value_of, flag) = flagged(read, shared, *column, cell, ledger);
                    self.rows.push(shared.reading(*station, parameter, value_of, flag));
                }
                Err(fault) => ledger.cell(shared.row, *column, cell, &fault),
            }
        }
    }
}

impl ReadingMaker {
    /// What the row says of the place rather than of a value, such as 断流: once a station and time.
    fn states(&mut self, shared: RowContext, station: u32, cells: &impl Cells) {
        for column in &self.plan.states.columns {
            let Cell::Text(bytes) = cells.cell(*column) else { continue };
            let Ok(text) = std::str::from_utf8(bytes) else { continue };
            let word = folded(text);
            let Some((_, parameter)) = self.plan.states.words.iter().find(|(known, _)| *known == word) else {
                continue;
            };
            if self.said.len() < MOST_STATIONS && self.said.insert((station, shared.time, *parameter)) {
                let one = Some(domain::Fixed::from_integer(1));
                self.rows.push(shared.reading(station, *parameter, one, Flag::Good));
            }
        }
    }
}

impl RowContext {
    #[inline]
    fn reading(self, station: u32, parameter: u16, value: Option<domain::Fixed>, flag: Flag) -> Reading {
        Reading { station, parameter, span: self.span, time: self.time, value, flag, row: self.row }
    }
}

/// The value and its flag, from what the cell says and what the row's flag says.
#[inline]
fn flagged(
    read: Value,
    shared: RowContext,
    column: usize,
    cell: Cell<'_>,
    ledger: &mut Ledger,
) -> (Option<domain::Fixed>, Flag) {
    match (read, shared.flag) {
        (Value::Missing, _) => (None, Flag::Missing),
        (Value::Good(value), Flag::Missing) | (Value::Below(value), Flag::Missing) => {
            ledger.cell(shared.row, column, cell, &CellFault::ValueUnderMissingFlag);
            (Some(value), Flag::Invalid)
        }
        (Value::Below(value), Flag::Good) => (Some(value), Flag::Below),
        (Value::Good(value) | Value::Below(value), flag) => (Some(value), flag),
    }
}

impl Stations {
    /// The station of a row: its name, behind that of what it is unique within.
    #[inline]
    fn of_row(&mut self, cells: &impl Cells, column: usize, within: Option<usize>) -> Result<u32, CellFault> {
        let Some(within) = within else { return self.of(cells.cell(column)) };
        let (outer, name) = (cells.cell(within).text(), cells.cell(column).text());
        let (outer, name) = (outer.trim(), name.trim());
        if outer.is_empty() || name.is_empty() {
            return Err(CellFault::StationMissing);
        }
        self.of(Cell::Text(format!("{outer}/{name}").as_bytes()))
    }

    #[inline]
    fn of(&mut self, cell: Cell<'_>) -> Result<u32, CellFault> {
        if let Cell::Text(bytes) = cell
            && let Some(last) = self.last
            && bytes == self.last_text
        {
            return Ok(last);
        }
        let text = cell.text();
        let bytes = match cell {
            Cell::Text(bytes) => bytes,
            Cell::Fault(_) => return Err(CellFault::SheetError),
            _ => text.as_bytes(),
        };
        let station = self.look_up(bytes)?;
        self.last = Some(station);
        self.last_text.clear();
        self.last_text.extend_from_slice(bytes);
        Ok(station)
    }

    fn look_up(&mut self, bytes: &[u8]) -> Result<u32, CellFault> {
        if let Some(station) = self.by_text.get(bytes) {
            return Ok(*station);
        }
        if bytes.len() > LONGEST_CODE {
            return Err(CellFault::TooLong { bytes: bytes.len(), most: LONGEST_CODE });
        }
        let code = std::str::from_utf8(bytes).map_err(|_| CellFault::Undecodable)?.trim();
        if code.contains('\u{fffd}') {
            return Err(CellFault::Undecodable);
        }
        if code.is_empty() {
            return Err(CellFault::StationMissing);
        }
        if self.codes.len() >= MOST_STATIONS || self.by_text.len() >= 2 * MOST_STATIONS {
            return Err(CellFault::TooManyStations(MOST_STATIONS));
        }
        let code = code.to_string();
        Ok(self.add(bytes, &code))
    }

    fn add(&mut self, text: &[u8], code: &str) -> u32 {
        let code = self.translate.get(code).cloned().unwrap_or_else(|| code.to_string());
        let known = self.by_text.get(code.as_bytes()).copied();
        let station = known.unwrap_or_else(|| {
            self.codes.push(code.clone());
            let station = (self.codes.len() - 1) as u32;
            self.by_text.insert(code.into_bytes().into(), station);
            station
        });
        self.by_text.insert(text.into(), station);
        station
    }
}

impl Spellings {
    #[inline]
    fn of(
        &mut self,
        (name, unit): (Cell<'_>, Cell<'_>),
        names: &NameTable,
        parameters: &mut Vec<String>,
        context: &Context,
    ) -> Result<Spelled, CellFault> {
        if let (Cell::Text(name), Cell::Text(unit), Some(last)) = (name, unit, self.last)
            && name == self.last_text.0
            && unit == self.last_text.1
        {
            return Ok(last);
        }
        let (name, unit) = (name.text(), unit.text());
        let key: Spelling = (name.as_bytes().into(), unit.as_bytes().into());
        let spelled = match self.known.get(&key) {
            Some(spelled) => *spelled,
            None => {
                let spelled = self.make(&name, unit.trim(), names, parameters, context)?;
                if self.known.len() < MOST_SPELLINGS {
                    self.known.insert(key, spelled);
                }
                spelled
            }
        };
        self.last_text = (name.as_bytes().to_vec(), unit.as_bytes().to_vec());
        self.last = Some(spelled);
        Ok(spelled)
    }

    fn make(
        &mut self,
        name: &str,
        unit: &str,
        names: &NameTable,
        parameters: &mut Vec<String>,
        context: &Context,
    ) -> Result<Spelled, CellFault> {
        let key = folded(name);
        if names.ignore.contains(&key) {
            return Ok(Spelled::Ignored);
        }
        let named = names.names.get(&key).cloned().or_else(|| {
            let known = context.parameters.get(name.trim()).or_else(|| context.parameters.get(&key));
            known.filter(|_| names.catalog).map(|known| NamedParameter { parameter: known.code.clone(), unit: None })
        });
        let parameter = named.as_ref().and_then(|named| context.parameters.get(&named.parameter));
        let (Some(named), Some(parameter)) = (named, parameter) else {
            let known = names.names.keys().map(String::as_str);
            let catalog = context.parameters.iter().filter(|_| names.catalog);
            let catalog = catalog.flat_map(|known| [known.name.zh.as_str(), known.code.as_str()]);
            return Err(CellFault::UnknownParameter { near: nearest(name, known.chain(catalog)) });
        };
        let stated = if unit.is_empty() { named.unit.as_deref().unwrap_or("") } else { unit };
        if stated.is_empty() {
            return Err(CellFault::UnitMissing);
        }
        let reader = ValueReader::new(parameter, stated, &context.units).map_err(|error| match error {
            UnitError::Dimension { from, to, .. } => {
                CellFault::OtherDimension { name: parameter.name.clone(), from, unit: to }
            }
            _ => CellFault::UnknownUnit,
        })?;
        let parameter = position(parameters, &parameter.code);
        // A spelling past the memory's size would be made again and again: reuse the last reader's place.
        if self.readers.len() >= MOST_SPELLINGS {
            self.readers.pop();
        }
        self.readers.push(reader);
        Ok(Spelled::Read { parameter, reader: (self.readers.len() - 1) as u32 })
    }
}
