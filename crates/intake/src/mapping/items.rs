//! A table of items beside a mapping (`item,unit,names,limit`) → what a column or a cell of that name means.
//! Read by `check`; used for columns of observations, and for columns and cells of small tables.

use super::check::{Beside, Faults};
use super::form::{Column, Factor, ValueColumn};
use crate::problems::folded;
use domain::Fixed;

/// What names mean.
#[derive(Clone, Debug, Default)]
pub(crate) struct Items {
    /// In the order of the table.
    pub list: Vec<Item>,
}

/// One item.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// Code: of a parameter, or of the catalog of facts.
    pub code: String,
    /// Unit where the file states none.
    pub unit: String,
    /// The code and every other name.
    pub names: Column,
    /// Detection limit in `unit`.
    pub limit: Option<Fixed>,
}

impl Items {
    /// By any of its names.
    pub(crate) fn get(&self, name: &str) -> Option<&Item> {
        let key = folded(name);
        self.list.iter().find(|item| item.names.keys.contains(&key))
    }

    /// Every name.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.list.iter().flat_map(|item| item.names.names.iter().map(String::as_str))
    }

    /// As columns of observations, each of which a file may leave out.
    pub(super) fn columns(self) -> impl Iterator<Item = ValueColumn> {
        self.list.into_iter().map(|item| ValueColumn {
            column: item.names,
            parameter: item.code,
            unit: item.unit,
            optional: true,
            station: None,
            words: Vec::new(),
            factor: None::<Factor>,
            limit: item.limit,
        })
    }
}

/// Reads the table that a mapping names; one name for two items is told.
pub(super) fn items_of(name: Option<&str>, beside: Beside<'_>, faults: &mut Faults<'_>) -> Items {
    let Some(name) = name else { return Items::default() };
    let Some(text) = beside.get(name) else {
        faults.lacking(name);
        return Items::default();
    };
    let mut items = Items::default();
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    for row in reader.records().filter_map(Result::ok) {
        let cell = |column: usize| row.get(column).unwrap_or("");
        let code = cell(0).to_string();
        if code.is_empty() {
            continue;
        }
        let limit = Some(cell(3)).filter(|text| !text.is_empty()).and_then(|text| match text.parse() {
            Ok(limit) => Some(limit),
            Err(_) => {
                faults.unknown(&format!("{name}: limit"), text, "0.01 …");
                None
            }
        });
        let others = cell(2).split(['|', ';']).map(str::trim).filter(|other| !other.is_empty() && *other != code);
        let names: Vec<String> = std::iter::once(code.as_str()).chain(others).map(str::to_string).collect();
        for own in &names {
            if items.get(own).is_some() {
                faults.add(
                    format!("{name}: 名称 `{own}` 属于两个项目"),
                    format!("{name}: the name `{own}` belongs to two items"),
                );
            }
        }
        items.list.push(Item { code, unit: cell(1).to_string(), names: Column::new(names), limit });
    }
    items
}
