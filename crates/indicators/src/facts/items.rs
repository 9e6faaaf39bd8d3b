//! `items.csv` → what a department can be asked for, and a stated fact → an exact number in the item's unit.
//!
//! An expression names items only; a fact in another dimension than its item is refused with the reason. Every
//! folder of the catalog may hold an `items.csv`, so that a deployment adds its own beside the built-in ones.

use crate::definition::DefinitionProblem;
use crate::formula::Formula;
use domain::catalog::Files;
use domain::{Fact, Fixed, Ratio, Text, Unit, Units};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A value in another unit of the same dimension.
static CONVERSION: LazyLock<Formula> =
    LazyLock::new(|| Formula::read("value * a / b").expect("a formula without a fault"));

/// One thing that departments state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Code, such as `straw.used`.
    pub code: String,
    /// Name.
    pub name: Text,
    /// Unit that formulas count in; a fact may be stated in any unit of the same dimension.
    pub unit: String,
    /// What it is stated of.
    pub about: About,
    /// How long a time it is stated for.
    pub period: PeriodKind,
    /// Which document asks for it or defines it.
    pub source: String,
    /// What a reader must know.
    pub note: Text,
}

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    /// An area.
    Area,
    /// A monitoring point.
    Point,
    /// A project.
    Project,
    /// A polygon.
    Parcel,
}

/// How long a time a fact is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PeriodKind {
    /// A calendar year, or the end of it.
    Year,
    /// A month; the twelve of a year add up.
    Month,
}

/// Every item of the catalog.
#[derive(Clone, Debug)]
pub struct Items {
    by_code: BTreeMap<String, Item>,
    units: Units,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    item: String,
    name_zh: String,
    name_en: String,
    unit: String,
    feature: About,
    period: PeriodKind,
    note_zh: String,
    note_en: String,
    source: String,
}

impl Default for Items {
    fn default() -> Items {
        Items { by_code: BTreeMap::new(), units: Units::builtin() }
    }
}

impl Items {
    /// From every `items.csv`; a bad row is a problem, the others stay usable.
    pub fn load(files: &Files) -> (Items, Vec<DefinitionProblem>) {
        let mut items = Items::default();
        let mut problems = Vec::new();
        for folder in files.folders_with("items.csv") {
            let path = format!("{folder}/items.csv");
            let Some(text) = files.get(&path) else { continue };
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            for (index, row) in reader.deserialize::<Row>().enumerate() {
                let read = row.map_err(|error| unreadable(&error)).and_then(|row| items.keep(row));
                if let Err(reason) = read {
                    problems.push(DefinitionProblem { path: path.clone(), message: at_row(index as u64 + 2, &reason) });
                }
            }
        }
        (items, problems)
    }

    fn keep(&mut self, row: Row) -> Result<(), Text> {
        if row.item.is_empty() || row.name_zh.is_empty() || row.name_en.is_empty() {
            return Err(Text::new(
                "item、name_zh、name_en 不能为空",
                "`item`, `name_zh` and `name_en` must not be empty",
            ));
        }
        let unit = &row.unit;
        self.units.get(unit).map_err(|_| {
            Text::new(
                format!("没有单位“{unit}”；见 jingce catalog list units"),
                format!("no unit `{unit}`; see `jingce catalog list units`"),
            )
        })?;
        let code = row.item.clone();
        if self.by_code.contains_key(&code) {
            return Err(Text::new(
                format!("项目“{code}”出现多次"),
                format!("the item `{code}` appears more than once"),
            ));
        }
        let item = Item {
            code: row.item,
            name: Text::new(row.name_zh, row.name_en),
            unit: row.unit,
            about: row.feature,
            period: row.period,
            source: row.source,
            note: Text::new(row.note_zh, row.note_en),
        };
        self.by_code.insert(code, item);
        Ok(())
    }

    /// An item.
    pub fn get(&self, code: &str) -> Option<&Item> {
        self.by_code.get(code)
    }

    /// Every item, in order of its code.
    pub fn iter(&self) -> impl Iterator<Item = &Item> {
        self.by_code.values()
    }

    /// The number of a fact in its item's unit, or why the fact cannot be used.
    pub fn number(&self, item: &Item, fact: &Fact) -> Result<Ratio, Text> {
        let (code, stated, wanted) = (&item.code, &fact.unit, &item.unit);
        let key = &fact.key;
        let refused = |zh: String, en: String| {
            let (feature, period, value) = (&key.feature, &key.period, fact.value);
            Text::new(
                format!("{feature} {period} 的 {code} 写作“{value} {stated}”，{zh}，未采用"),
                format!("{code} of {feature} for {period} is written `{value} {stated}` and was not used: {en}"),
            )
        };
        let conversion = self.units.conversion(stated, wanted).map_err(|error| {
            refused(
                format!("单位应为 {wanted} 或可换算的单位"),
                format!("its unit must be {wanted} or one that converts to it ({error})"),
            )
        })?;
        if let Some(exact) = self.exactly(fact.value, stated, wanted) {
            return Ok(exact);
        }
        let number = conversion.apply(fact.value);
        number
            .map(Ratio::from)
            .map_err(|_| refused("换算后数字过大".into(), "the converted number is too large".into()))
    }

    /// The number in another unit without any rounding; `None` where a factor has no short decimal (亩) or the scale
    /// has another zero.
    fn exactly(&self, value: Fixed, stated: &str, wanted: &str) -> Option<Ratio> {
        if self.units.conversion(stated, wanted).is_ok_and(|own| own.is_identity()) {
            return Some(value.into());
        }
        let (from, to) = (self.units.get(stated).ok()?, self.units.get(wanted).ok()?);
        let (a, b) = (factor(from)?, factor(to)?);
        CONVERSION
            .value(&|name| match name {
                "a" => a,
                "b" => b,
                _ => value.into(),
            })
            .ok()
    }
}

impl About {
    /// The word used in files and answers.
    pub fn code(self) -> &'static str {
        match self {
            About::Area => "area",
            About::Point => "point",
            About::Project => "project",
            About::Parcel => "parcel",
        }
    }

    /// In both languages.
    pub fn name(self) -> Text {
        match self {
            About::Area => Text::new("区域", "area"),
            About::Point => Text::new("点位", "point"),
            About::Project => Text::new("项目", "project"),
            About::Parcel => Text::new("图斑", "polygon"),
        }
    }
}

/// A unit's factor as a fraction, if it is short.
fn factor(unit: &Unit) -> Option<Ratio> {
    const LONGEST: i128 = 1_000_000_000_000_000;
    let factor = unit.factor.normalize();
    let short = unit.offset.is_zero() && (1..LONGEST).contains(&factor.mantissa());
    short.then(|| Ratio::new(factor.mantissa(), 10_i128.pow(factor.scale())))
}

/// A row's problem, with its number.
pub(crate) fn at_row(number: u64, reason: &Text) -> Text {
    Text::new(format!("第 {number} 行：{}", reason.zh), format!("row {number}: {}", reason.en))
}

/// What a reader of CSV complains about.
pub(crate) fn unreadable(error: &csv::Error) -> Text {
    Text::new(format!("无法读取：{error}"), format!("cannot be read: {error}"))
}
