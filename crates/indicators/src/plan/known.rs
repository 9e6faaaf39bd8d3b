//! Values computed from observations and values reported with a document → what is known of one indicator,
//! year by year, and which of it is judged.

use crate::air::AirValue;
use crate::definition::Definition;
use crate::graph::{NodeKey, NodeValue};
use crate::plan::model::Plan;
use crate::plan::value::ValueText;
use domain::{Confidence, Fixed, Ratio, Record, Text, Year};
use std::collections::BTreeMap;

/// A value of an indicator computed from observations.
#[derive(Clone, Debug, PartialEq)]
pub struct ComputedValue {
    /// Id of the indicator, such as `air.good_ratio`.
    pub indicator: String,
    /// Year.
    pub year: i16,
    /// The value, rounded by its standard.
    pub value: Option<Fixed>,
    /// The value before rounding.
    pub exact: Option<Ratio>,
    /// Unit.
    pub unit: String,
    /// Whether the data are complete enough for it.
    pub valid: bool,
    /// Parts it was made of.
    pub n: u32,
    /// Parts there could be.
    pub of: u32,
    /// What `n` and `of` count: valid days, sections, inputs.
    pub counts: Text,
    /// The value in words, where it is words.
    pub words: Option<Text>,
    /// What the indicator itself asks, and whether it is so.
    pub conditions: Vec<(Text, Option<bool>)>,
    /// The same by another account, such as with upstream inflow deducted.
    pub variants: Vec<(Text, Option<Fixed>)>,
    /// How it came about; where there is no value, what is missing.
    pub why: Text,
    /// Whether anything in it is made up for demonstration (模拟).
    pub simulated: bool,
    /// Rule sets used.
    pub rules: String,
    /// Confidence of the weakest rule.
    pub confidence: Confidence,
}

/// Where a shown value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueSource {
    /// Computed from observations.
    Computed,
    /// Reported with a document.
    Reported,
}

/// What kind of report a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReportedKind {
    /// Issued by the authority that assesses.
    Official,
    /// As measured, before an adjustment.
    Raw,
    /// After a documented adjustment, such as upstream inflow deducted.
    Adjusted,
    /// Computed elsewhere and reported as such; also what this software computes.
    Computed,
}

/// A reported value, typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedValue {
    /// What it is a value of: id or number of a row, id of a target.
    pub indicator: String,
    /// Year.
    pub year: i16,
    /// Kind of report.
    pub kind: ReportedKind,
    /// The value as reported.
    pub value: ValueText,
    /// Unit as reported.
    pub unit: String,
    /// The document that says so.
    pub document: String,
    /// Remark.
    pub note: String,
}

/// Everything known of one indicator in one year.
#[derive(Clone, Debug, Default)]
pub(crate) struct YearValues<'a> {
    pub reported: Vec<&'a ReportedValue>,
    pub computed: Option<&'a ComputedValue>,
}

/// The value of a year that is shown and judged.
#[derive(Clone, Debug)]
pub(crate) struct Chosen {
    pub year: i16,
    pub value: ValueText,
    /// Rounded once to the row's places, from the exact value where it is known.
    pub number: Option<Fixed>,
    pub source: ValueSource,
    pub kind: ReportedKind,
    pub document: Option<String>,
    pub valid: bool,
    pub confidence: Confidence,
    /// How many parts of how many, and what they are.
    pub detail: Option<(u32, u32, Text)>,
    pub conditions: Vec<(Text, Option<bool>)>,
}

impl ComputedValue {
    /// Of an air indicator of a judged year.
    pub fn of_air(year: Year, definition: &Definition, value: &AirValue) -> ComputedValue {
        ComputedValue {
            indicator: value.id.clone(),
            year: year.0,
            value: value.value,
            exact: value.exact,
            unit: definition.unit.clone(),
            valid: value.valid,
            n: value.n,
            of: value.of,
            counts: Text::new("有效日", "valid days"),
            words: None,
            conditions: Vec::new(),
            variants: Vec::new(),
            why: Text::default(),
            simulated: false,
            rules: value.rules.clone(),
            confidence: value.confidence,
        }
    }

    /// A bare value, complete from `n` of `of` days.
    #[cfg(test)]
    pub(crate) fn of_days(indicator: &str, year: i16, value: Option<Fixed>, (n, of): (u32, u32)) -> ComputedValue {
        ComputedValue {
            indicator: indicator.to_string(),
            year,
            value,
            exact: None,
            unit: String::new(),
            valid: true,
            n,
            of,
            counts: Text::new("有效日", "valid days"),
            words: None,
            conditions: Vec::new(),
            variants: Vec::new(),
            why: Text::default(),
            simulated: false,
            rules: String::new(),
            confidence: Confidence::Confirmed,
        }
    }

    /// Of a node of the graph.
    pub fn of_node(key: &NodeKey, unit: &str, value: &NodeValue) -> ComputedValue {
        let asks = value.parts.iter().filter(|part| part.met.is_some() || !part.counted);
        ComputedValue {
            indicator: key.indicator.clone(),
            year: key.year,
            value: value.value,
            exact: value.exact,
            unit: unit.to_string(),
            valid: value.valid,
            n: value.n,
            of: value.of,
            counts: value.counts.clone(),
            words: value.words.clone(),
            conditions: asks.map(|part| (part.name.clone(), part.met)).collect(),
            variants: value.variants.clone(),
            why: value.why.clone(),
            simulated: value.simulated,
            rules: value.standards.join("+"),
            confidence: value.confidence,
        }
    }

    fn says_something(&self) -> bool {
        self.value.is_some() || self.words.is_some()
    }
}

impl ValueSource {
    /// The word used in answers.
    pub fn code(self) -> &'static str {
        match self {
            ValueSource::Computed => "computed",
            ValueSource::Reported => "reported",
        }
    }
}

impl ReportedKind {
    /// The word used in files.
    pub fn code(self) -> &'static str {
        match self {
            ReportedKind::Official => "official",
            ReportedKind::Raw => "raw",
            ReportedKind::Adjusted => "adjusted",
            ReportedKind::Computed => "computed",
        }
    }

    /// Back from its word.
    pub fn from_code(code: &str) -> Option<ReportedKind> {
        use ReportedKind::{Adjusted, Computed, Official, Raw};
        [Official, Raw, Adjusted, Computed].into_iter().find(|kind| kind.code() == code.trim())
    }

    /// In both languages.
    pub fn name(self) -> Text {
        match self {
            ReportedKind::Official => Text::new("公布值", "official value"),
            ReportedKind::Raw => Text::new("原始值", "raw value"),
            ReportedKind::Adjusted => Text::new("调整后的值", "adjusted value"),
            ReportedKind::Computed => Text::new("计算值", "computed value"),
        }
    }
}

/// Types the records of the `reported` table; what cannot be read is told, with its row, and kept out.
pub fn read_reported(records: &[Record]) -> (Vec<ReportedValue>, Vec<Text>) {
    let mut values = Vec::new();
    let mut problems = Vec::new();
    for record in records {
        match read_one(record) {
            Ok(value) => values.push(value),
            Err(problem) => problems.push(problem),
        }
    }
    (values, problems)
}

fn read_one(record: &Record) -> Result<ReportedValue, Text> {
    let (row, indicator) = (record.row, record.get("indicator").trim());
    let year = record.get("year").trim().trim_end_matches('年').parse::<i16>().map_err(|_| {
        let own = record.get("year");
        Text::new(
            format!("上报值第 {row} 行（{indicator}）的年份“{own}”不是年份，未采用；请写四位数字"),
            format!("reported row {row} ({indicator}): `{own}` is no year, not used; write four digits"),
        )
    })?;
    let kind = match record.get("kind").trim() {
        "" => ReportedKind::Official,
        own => ReportedKind::from_code(own).ok_or_else(|| {
            Text::new(
                format!("上报值第 {row} 行（{indicator}）的种类“{own}”未知，未采用；可用 official、raw、adjusted、computed"),
                format!("reported row {row} ({indicator}): no kind `{own}`, not used; use official, raw, adjusted or computed"),
            )
        })?,
    };
    Ok(ReportedValue {
        indicator: indicator.to_string(),
        year,
        kind,
        value: ValueText::read(record.get("value")),
        unit: record.get("unit").to_string(),
        document: record.get("document").to_string(),
        note: record.get("note").to_string(),
    })
}

/// What is known of the indicators and targets that `called` accepts, by year.
pub(crate) fn by_year<'a>(
    reported: &'a [ReportedValue],
    computed: &'a [ComputedValue],
    called: impl Fn(&str) -> bool,
) -> BTreeMap<i16, YearValues<'a>> {
    let mut years: BTreeMap<i16, YearValues<'a>> = BTreeMap::new();
    for value in reported.iter().filter(|value| called(&value.indicator) && !value.value.is_absent()) {
        years.entry(value.year).or_default().reported.push(value);
    }
    for value in computed.iter().filter(|value| called(&value.indicator) && value.says_something()) {
        years.entry(value.year).or_default().computed = Some(value);
    }
    years
}

impl YearValues<'_> {
    /// The value of the year that prevails: the plan's order of kinds, a complete computed value at
    /// `computed`'s place, an incomplete one only when there is nothing else.
    pub(crate) fn chosen(&self, plan: &Plan, year: i16, digits: u32) -> Option<Chosen> {
        for kind in &plan.assess_by {
            if let Some(value) = self.reported.iter().find(|value| value.kind == *kind) {
                return Some(chosen_reported(value, digits));
            }
            if *kind == ReportedKind::Computed
                && let Some(value) = self.computed.filter(|value| value.valid)
            {
                return chosen_computed(value, year, digits);
            }
        }
        let left = self.reported.first().map(|value| chosen_reported(value, digits));
        left.or_else(|| self.computed.and_then(|value| chosen_computed(value, year, digits)))
    }
}

fn chosen_reported(value: &ReportedValue, digits: u32) -> Chosen {
    Chosen {
        year: value.year,
        value: value.value.clone(),
        number: value.value.number.map(|number| number.round(digits)),
        source: ValueSource::Reported,
        kind: value.kind,
        document: Some(value.document.clone()).filter(|document| !document.is_empty()),
        valid: true,
        confidence: Confidence::Confirmed,
        detail: None,
        conditions: Vec::new(),
    }
}

fn chosen_computed(value: &ComputedValue, year: i16, digits: u32) -> Option<Chosen> {
    let number = match (value.exact, value.value) {
        (Some(exact), _) => Some(exact.round(digits)),
        (None, value) => value.map(|own| own.round(digits)),
    };
    let shown = match (number, &value.words) {
        (Some(number), _) => ValueText::of_number(number, digits),
        (None, words) => ValueText::read(&words.as_ref()?.zh),
    };
    Some(Chosen {
        year,
        value: shown,
        number,
        source: ValueSource::Computed,
        kind: ReportedKind::Computed,
        document: None,
        valid: value.valid,
        confidence: value.confidence,
        detail: Some((value.n, value.of, value.counts.clone())),
        conditions: value.conditions.clone(),
    })
}
