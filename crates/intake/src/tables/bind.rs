//! A header row and a mapping → a [`Plan`]: which column is read how. Names are compared folded (case,
//! white space, full-width forms); a column is never guessed from its content.

use super::value::ValueReader;
use crate::Context;
use crate::mapping::{
    Body, Column, FieldKind, Form, Items, Mapping, NameTable, NamedParameter, Observations, Records, Shape, States,
    StationColumn, StationFrom, TimeWay, ValueColumn, Wide,
};
use crate::near::nearest;
use crate::problems::{FileFault, folded};
use domain::unit::UnitError;
use domain::{Flag, Parameter, Units};
use std::collections::BTreeMap;

/// Columns (folded) that a rejects file adds to those of its source: not wanted when it comes back corrected.
const OF_REJECTS: [&str; 2] = ["rejected_row", "rejected_because"];

/// How rows are read.
#[derive(Debug)]
pub(crate) struct Plan {
    pub what: What,
    /// Columns that nothing reads and the mapping does not know.
    pub unknown: Vec<String>,
    /// How many columns are read, and how many of them state a unit.
    pub used: (usize, usize),
}

#[derive(Debug)]
pub(crate) enum What {
    Readings(Box<ReadingPlan>),
    Records(RecordPlan),
}

#[derive(Debug)]
pub(crate) struct ReadingPlan {
    pub time: BoundTime,
    pub station: BoundStation,
    pub flag: Option<(usize, Vec<(String, Flag)>)>,
    pub states: BoundStates,
    pub parameters: Vec<String>,
    pub shape: BoundShape,
}

/// Where the time stands.
#[derive(Clone, Copy, Debug)]
pub(crate) enum BoundTime {
    One(usize),
    DateHour(usize, usize),
    Parts { year: usize, month: usize, day: usize, hour: Option<usize> },
}

#[derive(Debug)]
pub(crate) enum BoundStation {
    /// A column, and where there is one, the column that its names are unique within.
    Column(usize, Option<usize>),
    Constant(String),
    /// Every value column has its own.
    Header,
}

/// Where words of states may stand, and what they mean.
#[derive(Debug, Default)]
pub(crate) struct BoundStates {
    pub columns: Vec<usize>,
    /// Folded word → index into [`ReadingPlan::parameters`].
    pub words: Vec<(String, u16)>,
}

#[derive(Debug)]
pub(crate) enum BoundShape {
    Wide(Vec<BoundValue>),
    Long(Box<BoundLong>),
    ByStation { parameter: usize, stations: Vec<(usize, String)>, names: NameTable },
}

#[derive(Debug)]
pub(crate) struct BoundValue {
    pub column: usize,
    /// Index into [`ReadingPlan::parameters`].
    pub parameter: u16,
    pub station: Option<String>,
    pub reader: ValueReader,
}

#[derive(Debug)]
pub(crate) struct BoundLong {
    pub parameter: usize,
    pub value: usize,
    pub unit: Option<usize>,
    pub limit: Option<usize>,
    pub names: NameTable,
}

#[derive(Debug)]
pub(crate) struct RecordPlan {
    pub fields: Vec<BoundField>,
    pub constants: BTreeMap<String, String>,
    pub items: Items,
    pub wide: Option<BoundWide>,
}

/// Columns of items, each of which makes a record.
#[derive(Debug)]
pub(crate) struct BoundWide {
    pub into: Wide,
    pub columns: Vec<BoundItem>,
}

/// A column of an item.
#[derive(Debug)]
pub(crate) struct BoundItem {
    pub column: usize,
    pub item: String,
    pub unit: String,
}

#[derive(Debug)]
pub(crate) struct BoundField {
    pub column: usize,
    pub field: String,
    pub kind: FieldKind,
    pub need: bool,
    pub not_before: Option<String>,
    pub translate: Option<BTreeMap<String, String>>,
}

/// Why a row cannot be the header.
#[derive(Debug)]
pub(crate) enum BindFault {
    /// Columns that are needed and absent; how many were found.
    Lacking(Vec<String>, usize),
    /// Something that looking at another row will not mend.
    Fatal(FileFault),
}

struct Binder<'a> {
    header: &'a [String],
    keys: Vec<String>,
    /// Name (folded) and unit of headers that state one.
    split: Vec<Option<(String, String)>>,
    used: Vec<bool>,
    lacking: Vec<String>,
    context: &'a Context,
    mapping: &'a str,
}

/// Binds a mapping to a header.
pub(crate) fn bind(header: &[String], mapping: &Mapping, context: &Context) -> Result<Plan, BindFault> {
    let mut binder = Binder {
        header,
        keys: header.iter().map(|name| folded(name)).collect(),
        split: header.iter().map(|name| name_and_unit(name)).collect(),
        used: vec![false; header.len()],
        lacking: Vec::new(),
        context,
        mapping: &mapping.id,
    };
    let what = match &mapping.form.body {
        Body::Observations(body) => binder.observations(body, &mapping.form).map(|plan| What::Readings(Box::new(plan))),
        Body::Records(body) => binder.records(body).map(What::Records),
    }
    .map_err(BindFault::Fatal)?;
    let used = binder.used.iter().filter(|used| **used).count();
    if !binder.lacking.is_empty() {
        return Err(BindFault::Lacking(binder.lacking, used));
    }
    let with_unit = binder.used.iter().zip(&binder.split).filter(|(used, split)| **used && split.is_some()).count();
    Ok(Plan { what, unknown: binder.unknown(&mapping.form), used: (used, with_unit) })
}

impl Binder<'_> {
    /// The position of a column; `None` if it is absent.
    fn find(&mut self, column: &Column) -> Result<Option<usize>, FileFault> {
        let keys = std::mem::take(&mut self.keys);
        let found = self.find_by(column, |index, name| keys[index] == *name);
        self.keys = keys;
        found
    }

    fn find_by(
        &mut self,
        column: &Column,
        matches: impl Fn(usize, &String) -> bool,
    ) -> Result<Option<usize>, FileFault> {
        let mut found: Option<(usize, &String)> = None;
        for name in &column.keys {
            for index in (0..self.header.len()).filter(|index| matches(*index, name)) {
                match found {
                    None => found = Some((index, name)),
                    Some((other, _)) if other == index => {}
                    Some((_, same)) if same == name => {
                        return Err(FileFault::DuplicateColumn(self.header[index].clone()));
                    }
                    Some((other, _)) => {
                        let (a, b) = (self.header[other].clone(), self.header[index].clone());
                        return Err(FileFault::AmbiguousColumn { a, b });
                    }
                }
            }
        }
        if let Some((index, _)) = found {
            self.used[index] = true;
        }
        Ok(found.map(|(index, _)| index))
    }

    fn need(&mut self, column: &Column) -> Result<usize, FileFault> {
        let found = self.find(column)?;
        if found.is_none() {
            self.lacking.push(column.names.join(" / "));
        }
        Ok(found.unwrap_or(0))
    }

    /// A value column, with the unit that its header may add in brackets: `氨氮（mg/L）`.
    fn find_with_unit(&mut self, column: &Column) -> Result<Option<(usize, Option<String>)>, FileFault> {
        if let Some(index) = self.find(column)? {
            return Ok(Some((index, None)));
        }
        let split = std::mem::take(&mut self.split);
        let found = self.find_by(column, |index, name| split[index].as_ref().is_some_and(|(plain, _)| plain == name));
        self.split = split;
        Ok(found?.map(|index| (index, self.split[index].as_ref().map(|(_, unit)| unit.clone()))))
    }

    fn observations(&mut self, body: &Observations, form: &Form) -> Result<ReadingPlan, FileFault> {
        let station = match &body.station {
            StationFrom::Column(column) => self.station(column)?,
            StationFrom::Constant(code) => BoundStation::Constant(code.clone()),
            StationFrom::Given => return Err(FileFault::StationNotGiven),
            StationFrom::Header => BoundStation::Header,
        };
        let time = self.time(&body.time.ways)?;
        let flag = match &body.flag {
            None => None,
            Some(flag) => self.find(&flag.column)?.map(|index| (index, flag.words.clone())),
        };
        let mut parameters = Vec::new();
        let shape = match &body.shape {
            Shape::Wide(values) => BoundShape::Wide(self.wide(values, &mut parameters)?),
            Shape::Long { parameter, value, unit, limit, names } => {
                self.check_names(names)?;
                let (parameter, value) = (self.need(parameter)?, self.need(value)?);
                let unit = unit.as_ref().map(|unit| self.need(unit)).transpose()?;
                let limit = limit.as_ref().map(|limit| self.find(limit)).transpose()?.flatten();
                BoundShape::Long(Box::new(BoundLong { parameter, value, unit, limit, names: names.clone() }))
            }
            Shape::ByStation { parameter, names } => {
                self.check_names(names)?;
                let parameter = self.need(parameter)?;
                BoundShape::ByStation { parameter, stations: self.station_columns(form)?, names: names.clone() }
            }
        };
        let states = self.states(&body.states, &shape, &mut parameters)?;
        Ok(ReadingPlan { time, station, flag, states, parameters, shape })
    }

    fn states(
        &mut self,
        states: &States,
        shape: &BoundShape,
        parameters: &mut Vec<String>,
    ) -> Result<BoundStates, FileFault> {
        if states.words.is_empty() {
            return Ok(BoundStates::default());
        }
        let mut columns: Vec<usize> = match shape {
            BoundShape::Wide(values) => values.iter().map(|value| value.column).collect(),
            BoundShape::Long(long) => vec![long.value],
            BoundShape::ByStation { .. } => Vec::new(),
        };
        if let Some(column) = &states.column {
            columns.extend(self.find(column)?);
        }
        let mut words = Vec::new();
        for (word, code) in &states.words {
            let parameter = self.parameter(code)?;
            self.context
                .units
                .conversion("1", &parameter.unit)
                .map_err(|error| self.mapping_fault(&error.to_string()))?;
            words.push((word.clone(), position(parameters, &parameter.code)));
        }
        Ok(BoundStates { columns, words })
    }

    /// The code where the file has one, else the name; a name beside a code is known and not needed.
    fn station(&mut self, column: &StationColumn) -> Result<BoundStation, FileFault> {
        let within = column.within.as_ref().map(|within| self.need(within)).transpose()?;
        let name = column.name.as_ref().map(|name| self.find(name)).transpose()?.flatten();
        let code = match (self.find(&column.code)?, name) {
            (Some(code), _) => code,
            (None, Some(name)) => name,
            (None, None) => self.need(&column.code)?,
        };
        Ok(BoundStation::Column(code, within))
    }

    fn time(&mut self, ways: &[TimeWay]) -> Result<BoundTime, FileFault> {
        let used = self.used.clone();
        let mut first_lacking = None;
        for way in ways {
            let before = self.lacking.len();
            let bound = match way {
                TimeWay::One(column) => BoundTime::One(self.need(column)?),
                TimeWay::DateHour(date, hour) => BoundTime::DateHour(self.need(date)?, self.need(hour)?),
                TimeWay::Parts { year, month, day, hour } => BoundTime::Parts {
                    year: self.need(year)?,
                    month: self.need(month)?,
                    day: self.need(day)?,
                    hour: hour.as_ref().map(|hour| self.need(hour)).transpose()?,
                },
            };
            if self.lacking.len() == before {
                return Ok(bound);
            }
            first_lacking.get_or_insert(self.lacking.split_off(before));
            self.used.clone_from(&used);
        }
        self.lacking.append(&mut first_lacking.unwrap_or_default());
        Ok(BoundTime::One(0))
    }

    fn wide(&mut self, values: &[ValueColumn], parameters: &mut Vec<String>) -> Result<Vec<BoundValue>, FileFault> {
        let mut bound = Vec::new();
        for value in values {
            let Some((column, unit)) = self.find_with_unit(&value.column)? else {
                if !value.optional {
                    self.lacking.push(value.column.names.join(" / "));
                }
                continue;
            };
            let parameter = self.parameter(&value.parameter)?;
            let stated = unit.as_deref().unwrap_or(&value.unit);
            if stated.is_empty() {
                return Err(FileFault::HeaderWithoutUnit(self.header[column].trim().to_string()));
            }
            let reader =
                ValueReader::of_column(value, &parameter, stated, &self.context.units).map_err(
                    |error| match &unit {
                        Some(_) => {
                            FileFault::HeaderUnit { column: self.header[column].clone(), reason: error.to_string() }
                        }
                        None => self.mapping_fault(&error.to_string()),
                    },
                )?;
            let parameter = position(parameters, &parameter.code);
            bound.push(BoundValue { column, parameter, station: value.station.clone(), reader });
        }
        if bound.is_empty() && values.iter().all(|value| value.optional) {
            let names: Vec<&str> = values.iter().map(|value| value.column.names[0].as_str()).collect();
            self.lacking.push(format!("({})", names.join(" | ")));
        }
        Ok(bound)
    }

    /// Every column that is neither used nor ignored is a station.
    fn station_columns(&mut self, form: &Form) -> Result<Vec<(usize, String)>, FileFault> {
        let mut stations: Vec<(usize, String)> = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        for index in 0..self.header.len() {
            let name = self.header[index].trim();
            if self.used[index] || name.is_empty() || not_wanted(&self.keys[index], form) {
                continue;
            }
            if !seen.insert(name.to_string()) {
                return Err(FileFault::DuplicateColumn(name.to_string()));
            }
            self.used[index] = true;
            stations.push((index, name.to_string()));
        }
        Ok(stations)
    }

    fn records(&mut self, body: &Records) -> Result<RecordPlan, FileFault> {
        let mut fields = Vec::new();
        for field in &body.fields {
            // A constant stands for a column that a file lacks; one that is there must still be filled.
            let must = field.need && !body.constants.contains_key(&field.field);
            let found = if must { Some(self.need(&field.column)?) } else { self.find(&field.column)? };
            let Some(column) = found else { continue };
            fields.push(BoundField {
                column,
                field: field.field.clone(),
                kind: field.kind.clone(),
                need: field.need,
                not_before: field.not_before.clone(),
                translate: field.translate.clone(),
            });
        }
        let wide = body.wide.as_ref().map(|wide| self.item_columns(wide, &body.items)).transpose()?;
        Ok(RecordPlan { fields, constants: body.constants.clone(), items: body.items.clone(), wide })
    }

    /// Every column of an item; the unit in its header, if there is one, must be of the item's dimension.
    fn item_columns(&mut self, wide: &Wide, items: &Items) -> Result<BoundWide, FileFault> {
        let mut columns = Vec::new();
        for item in &items.list {
            let Some((column, unit)) = self.find_with_unit(&item.names)? else { continue };
            if let Some(unit) = &unit
                && let Err(error) = same_quantity(unit, &item.unit, &self.context.units)
            {
                let header = self.header[column].clone();
                return Err(FileFault::HeaderUnit { column: header, reason: error.to_string() });
            }
            let unit = unit.unwrap_or_else(|| item.unit.clone());
            columns.push(BoundItem { column, item: item.code.clone(), unit });
        }
        if columns.is_empty() {
            let mut some: Vec<&str> = items.list.iter().take(4).map(name_of).collect();
            some.push("…");
            self.lacking.push(format!("({})", some.join(" | ")));
        }
        Ok(BoundWide { into: wide.clone(), columns })
    }

    fn parameter(&self, code: &str) -> Result<Parameter, FileFault> {
        let known = self.context.parameters.get(code).cloned();
        known.ok_or_else(|| self.mapping_fault(&format!("unknown parameter `{code}`")))
    }

    /// Every name of a table must have a parameter, and its unit must fit.
    fn check_names(&self, names: &NameTable) -> Result<(), FileFault> {
        for NamedParameter { parameter, unit } in names.names.values() {
            let parameter = self.parameter(parameter)?;
            if let Some(unit) = unit {
                let checked: Result<_, UnitError> = self.context.units.conversion(unit, &parameter.unit);
                checked.map_err(|error| self.mapping_fault(&error.to_string()))?;
            }
        }
        Ok(())
    }

    fn mapping_fault(&self, reason: &str) -> FileFault {
        FileFault::MappingWord { mapping: self.mapping.to_string(), reason: reason.to_string() }
    }

    fn unknown(&self, form: &Form) -> Vec<String> {
        let columns = self.header.iter().zip(&self.keys).zip(&self.used);
        let unknown = columns.filter(|((_, key), used)| !**used && !key.is_empty() && !not_wanted(key, form));
        unknown.map(|((name, _), _)| name.clone()).collect()
    }
}

/// The name of the mapping's columns that is nearest to a header that it does not know.
pub(crate) fn nearest_column(header: &str, form: &Form) -> Option<String> {
    let plain = name_and_unit(header).map_or_else(|| header.to_string(), |(plain, _)| plain);
    nearest(&plain, form.body.column_names().into_iter())
}

/// Whether two units are one text, or of one dimension in the catalog of units.
pub(crate) fn same_quantity(stated: &str, own: &str, units: &Units) -> Result<(), UnitError> {
    if folded(stated) == folded(own) { Ok(()) } else { units.conversion(stated, own).map(drop) }
}

/// What people call an item: the name after its code.
fn name_of(item: &crate::mapping::Item) -> &str {
    let names = &item.names.names;
    names.get(1).or(names.first()).map_or("", String::as_str)
}

fn not_wanted(key: &String, form: &Form) -> bool {
    form.ignore.contains(key) || OF_REJECTS.contains(&key.as_str())
}

/// The position of a code in a list, added if it is new.
pub(crate) fn position(codes: &mut Vec<String>, code: &str) -> u16 {
    let found = codes.iter().position(|known| known == code);
    found.unwrap_or_else(|| {
        codes.push(code.to_string());
        codes.len() - 1
    }) as u16
}

/// `氨氮（mg/L）` → folded name and unit as written; the unit may have brackets of its own, as dB(A) has.
fn name_and_unit(header: &str) -> Option<(String, String)> {
    let body = header.trim().strip_suffix([')', '）', ']', '］'])?;
    let mut depth = 1;
    for (at, mark) in body.char_indices().rev() {
        match mark {
            ')' | '）' | ']' | '］' => depth += 1,
            '(' | '（' | '[' | '［' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let unit = body[at + mark.len_utf8()..].trim();
            return (!unit.is_empty()).then(|| (folded(&body[..at]), unit.to_string()));
        }
    }
    None
}
