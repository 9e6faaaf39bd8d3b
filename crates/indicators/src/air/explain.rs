//! A judged year + a definition → everything its value was made of, as data and in words.
//!
//! The server adds what only the lake knows: the file and row behind every hour.

use crate::air::completeness::Completeness;
use crate::air::cost::primary;
use crate::air::explain_steps::steps;
use crate::air::value::{AirValue, air_value, belongs, item_value};
use crate::air::year::{AirYear, CityDay};
use crate::definition::{Definition, Method};
use domain::{Confidence, Day, Exclusion, Ratio, Text};

/// How a value came about.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// Indicator id.
    pub indicator: String,
    /// Title.
    pub title: Text,
    /// Unit.
    pub unit: String,
    /// Year.
    pub year: i16,
    /// The value with its notes, rules and completeness.
    pub value: AirValue,
    /// The clauses it rests on, with number and title of their standard.
    pub rules: Vec<ExplainedRule>,
    /// The equation in words.
    pub equation: Text,
    /// What was done, in order.
    pub steps: Vec<Text>,
    /// How complete the year is.
    pub completeness: Completeness,
    /// Exceptional periods that touch the year.
    pub exclusions: Vec<ExplainedExclusion>,
    /// Every day of the year.
    pub days: Vec<ExplainedDay>,
}

/// A clause and the standard it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedRule {
    /// Standard id.
    pub standard: String,
    /// Number of the standard.
    pub number: String,
    /// Clause or table.
    pub clause: String,
    /// Title of the standard.
    pub title: Text,
    /// Confidence in the rule.
    pub confidence: Confidence,
    /// Why the confidence is lower than the standard's own; empty otherwise.
    pub doubt: Text,
}

/// An exceptional period and the days of the year it covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedExclusion {
    /// The period.
    pub exclusion: Exclusion,
    /// Its days in this year.
    pub days: u32,
}

/// One day of an explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedDay {
    /// The day.
    pub day: Day,
    /// The day's value: of the item where the indicator is of one item, otherwise its AQI.
    pub value: Option<Ratio>,
    /// Whether it could be used.
    pub valid: bool,
    /// Whether it was used: valid and not excluded.
    pub used: bool,
    /// Whether it is of the class that is counted; `false` for statistics.
    pub counted: bool,
    /// Stations with a valid value (of the item, or of the item with the most stations).
    pub stations: u16,
    /// AQI from all data.
    pub aqi: Option<u16>,
    /// Level of it.
    pub level: Option<u8>,
    /// Item codes of its primary pollutants.
    pub primary: Vec<String>,
    /// Whether something of it is excluded from assessment.
    pub excluded: bool,
}

/// Explains one indicator of a judged year.
pub fn explain(year: &AirYear, definition: &Definition) -> Explanation {
    let value = air_value(year, definition);
    let first = year.year.first_day();
    let exclusions = year.exclusions.iter().map(|exclusion| {
        let (from, to) = (exclusion.from.max(first), exclusion.to.min(year.year.last_day()));
        ExplainedExclusion { exclusion: exclusion.clone(), days: (to.0 - from.0 + 1).max(0) as u32 }
    });
    Explanation {
        indicator: definition.id.clone(),
        title: definition.title.clone(),
        unit: definition.unit.clone(),
        year: year.year.0,
        rules: explained_rules(year, &value),
        equation: definition.equation.clone(),
        steps: steps(year, definition, &value),
        completeness: value.completeness.clone(),
        exclusions: exclusions.collect(),
        days: year.city.iter().map(|day| explained_day(year, definition, day)).collect(),
        value,
    }
}

fn explained_rules(year: &AirYear, value: &AirValue) -> Vec<ExplainedRule> {
    let known = |id: &str| year.rules.sets().flat_map(|set| &set.standards).find(|own| own.id == id);
    let rule = |clause: &crate::air::value::RuleRef| {
        let own = known(&clause.standard);
        ExplainedRule {
            standard: clause.standard.clone(),
            number: own.map_or_else(|| clause.standard.clone(), |own| own.number.clone()),
            clause: clause.clause.clone(),
            title: own.map(|own| own.title.clone()).unwrap_or_default(),
            confidence: clause.confidence,
            doubt: own.map(|own| own.doubt.clone()).unwrap_or_default(),
        }
    };
    value.clauses.iter().map(rule).collect()
}

fn explained_day(year: &AirYear, definition: &Definition, day: &CityDay) -> ExplainedDay {
    let rules = year.rules_of(day.day);
    let (value, used, stations) = match definition.method.item() {
        Some(item) => {
            let position = year.item(item);
            let stations = position.map_or(0, |position| day.items[position].stations);
            let used = item_value(year, day, item, true).is_some();
            (item_value(year, day, item, false), used, stations)
        }
        None => {
            let stations = day.items.iter().map(|item| item.stations).max().unwrap_or(0);
            let aqi = day.cell.aqi.map(|aqi| Ratio::new(i128::from(aqi), 1));
            (aqi, day.assessed.aqi.is_some(), stations)
        }
    };
    let class = match &definition.method {
        Method::DayCount(class) | Method::DayShare(class) => Some(class),
        Method::DayStatistic { .. } | Method::Composite | Method::Graph(_) => None,
    };
    ExplainedDay {
        day: day.day,
        value,
        valid: value.is_some(),
        used,
        counted: class.and_then(|class| belongs(year, day, class, true)).unwrap_or(false),
        stations,
        aqi: day.cell.aqi,
        level: day.cell.aqi.and_then(|aqi| rules.index.level(aqi)).map(|level| level.level),
        primary: primary(rules, &day.cell),
        excluded: day.excluded != 0,
    }
}
