//! A folder with `factors.toml` and `factors.csv` → dated factors by which facts are weighted: emission factors,
//! standard-coal coefficients, nutrients taken up by crops. The factor of the data's year picks itself.

use crate::definition::{DefinitionProblem, called_as_folder, read_toml};
use crate::facts::items::{Items, at_row, unreadable};
use crate::formula::Formula;
use domain::catalog::Files;
use domain::{Confidence, Ratio, Text};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A table of factors.
#[derive(Clone, Debug, PartialEq)]
pub struct FactorTable {
    /// Id, the folder's name.
    pub id: String,
    /// Title.
    pub title: Text,
    /// Unit of item × factor.
    pub unit: String,
    /// Document and clause.
    pub source: String,
    /// Whether the last published factor stands in for later years, and the first for earlier ones; what rests on
    /// one that stands in is unconfirmed and says so.
    pub carry: bool,
    rows: Vec<FactorRow>,
}

/// A factor of an item between two years.
#[derive(Clone, Debug, PartialEq)]
pub struct FactorRow {
    /// Item that is weighted.
    pub item: String,
    /// The factor, per unit of the item.
    pub factor: Ratio,
    /// The factor as its table writes it, such as `43.07 * 18.9 * 0.98 * 44 / 12 / 1000`.
    pub written: String,
    /// First year.
    pub from: Option<i16>,
    /// Last year.
    pub to: Option<i16>,
    /// Confidence.
    pub confidence: Confidence,
    /// Where the number is printed, and what a reader must know.
    pub note: String,
}

/// A factor for a year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Picked<'a> {
    /// Its row.
    pub row: &'a FactorRow,
    /// Year whose factor stands in because none is published for the asked one.
    pub carried_from: Option<i16>,
}

/// The tables of a catalog, by id.
pub type FactorTables = BTreeMap<String, FactorTable>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    id: String,
    title: Text,
    unit: String,
    source: String,
    #[serde(default)]
    carry: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    item: String,
    factor: String,
    from: Option<i16>,
    to: Option<i16>,
    confidence: Confidence,
    note: String,
}

impl FactorTable {
    /// From every folder with a `factors.toml`; a bad row is a problem, the others stay usable.
    pub fn load(files: &Files, items: &Items) -> (FactorTables, Vec<DefinitionProblem>) {
        let (mut tables, mut problems) = (FactorTables::new(), Vec::new());
        for folder in files.folders_with("factors.toml") {
            let path = format!("{folder}/factors.toml");
            match read_head(files.get(&path).unwrap_or(""), &folder) {
                Ok(head) => {
                    let mut table = FactorTable {
                        id: head.id,
                        title: head.title,
                        unit: head.unit,
                        source: head.source,
                        carry: head.carry,
                        rows: Vec::new(),
                    };
                    let path = format!("{folder}/factors.csv");
                    table.read_rows(files.get(&path).unwrap_or(""), items, &mut |message| {
                        problems.push(DefinitionProblem { path: path.clone(), message });
                    });
                    tables.insert(table.id.clone(), table);
                }
                Err(message) => problems.push(DefinitionProblem { path, message }),
            }
        }
        (tables, problems)
    }

    fn read_rows(&mut self, text: &str, items: &Items, tell: &mut dyn FnMut(Text)) {
        let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
        for (index, row) in reader.deserialize::<Row>().enumerate() {
            let read = row.map_err(|error| unreadable(&error)).and_then(|row| factor_row(row, items));
            let kept = read.and_then(|row| match self.rows.iter().any(|own| own.overlaps(&row)) {
                true => Err(Text::new(
                    format!("“{}”在同一年有两个系数", row.item),
                    format!("`{}` has two factors for the same year", row.item),
                )),
                false => Ok(row),
            });
            match kept {
                Ok(row) => self.rows.push(row),
                Err(reason) => tell(at_row(index as u64 + 2, &reason)),
            }
        }
    }

    /// Its rows.
    pub fn rows(&self) -> &[FactorRow] {
        &self.rows
    }

    /// The items that it weights, each once, in the table's order.
    pub fn items(&self) -> Vec<&str> {
        let mut items: Vec<&str> = Vec::new();
        for row in &self.rows {
            if !items.contains(&row.item.as_str()) {
                items.push(&row.item);
            }
        }
        items
    }

    /// The factor of an item for a year.
    pub fn pick(&self, item: &str, year: i16) -> Option<Picked<'_>> {
        let own = || self.rows.iter().filter(|row| row.item == item);
        if let Some(row) = own().find(|row| row.holds(year)) {
            return Some(Picked { row, carried_from: None });
        }
        let before = own().filter(|row| row.to.is_some_and(|to| to < year)).max_by_key(|row| row.to);
        let after = || own().filter(|row| row.from.is_some_and(|from| year < from)).min_by_key(|row| row.from);
        let carried = before.map(|row| Picked { row, carried_from: row.to });
        let carried = carried.or_else(|| after().map(|row| Picked { row, carried_from: row.from }));
        carried.filter(|_| self.carry)
    }
}

impl FactorRow {
    fn holds(&self, year: i16) -> bool {
        self.from.is_none_or(|from| from <= year) && self.to.is_none_or(|to| year <= to)
    }

    fn overlaps(&self, other: &FactorRow) -> bool {
        let before = |a: &FactorRow, b: &FactorRow| matches!((a.to, b.from), (Some(to), Some(from)) if to < from);
        self.item == other.item && !before(self, other) && !before(other, self)
    }
}

fn read_head(text: &str, folder: &str) -> Result<Head, Text> {
    let head: Head = read_toml(text)?;
    called_as_folder(&head.id, folder)?;
    Ok(head)
}

fn factor_row(row: Row, items: &Items) -> Result<FactorRow, Text> {
    if items.get(&row.item).is_none() {
        return Err(Text::new(
            format!("没有项目“{}”；请先加入 items.csv", row.item),
            format!("no item `{}`: add it to items.csv first", row.item),
        ));
    }
    let formula = Formula::read(&row.factor)?;
    if let Some(name) = formula.names().first() {
        return Err(Text::new(format!("系数中不能有名称“{name}”"), format!("a factor cannot hold the name `{name}`")));
    }
    let factor = formula.value(&|_| Ratio::new(0, 1)).map_err(|reason| reason.text())?;
    Ok(FactorRow {
        item: row.item,
        factor,
        written: row.factor,
        from: row.from,
        to: row.to,
        confidence: row.confidence,
        note: row.note,
    })
}
