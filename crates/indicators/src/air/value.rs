//! A judged year + a definition → one indicator value that can account for itself.

use crate::air::completeness::{Completeness, completeness};
use crate::air::statistic::statistic;
use crate::air::year::{AirYear, CityDay};
use crate::definition::{DayClass, Definition, Method, Statistic};
use crate::plan::DaysSoFar;
use crate::plan::value::print;
use domain::{Confidence, Day, Fixed, Ratio, Text};
use standards::{AqiCell, RuleSet};

/// An indicator value of an area's year.
#[derive(Clone, Debug, PartialEq)]
pub struct AirValue {
    /// Indicator id.
    pub id: String,
    /// The value, rounded once by the standard; after exclusions where there are any.
    pub value: Option<Fixed>,
    /// Decimal places of `value`, for printing it.
    pub digits: u32,
    /// The value before rounding.
    pub exact: Option<Ratio>,
    /// The value from all data, where exceptional periods were left out of `value`.
    pub all_data: Option<Fixed>,
    /// Whether the year is complete enough for it.
    pub valid: bool,
    /// Days it was made of.
    pub n: u32,
    /// Days of the year.
    pub of: u32,
    /// Grade 2 limit, where the standard has one for this statistic.
    pub limit: Option<Fixed>,
    /// Ids of the rule sets used, joined by `+`.
    pub rules: String,
    /// The clauses it rests on.
    pub clauses: Vec<RuleRef>,
    /// Confidence of the weakest of them.
    pub confidence: Confidence,
    /// What a reader must know.
    pub notes: Vec<Text>,
    /// Completeness of the year for it.
    pub completeness: Completeness,
}

/// A standard and the clause that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleRef {
    /// Standard id.
    pub standard: String,
    /// Clause or table.
    pub clause: String,
    /// Confidence in it.
    pub confidence: Confidence,
}

impl AirValue {
    /// The value with all its decimal places, such as `3.0`.
    pub fn shown(&self) -> Option<String> {
        self.value.map(|value| print(value, self.digits))
    }
}

/// An exact result and the days it used.
#[derive(Clone)]
struct Made {
    exact: Option<Ratio>,
    digits: u32,
    days: Vec<Day>,
    limit: Option<Fixed>,
    clauses: Vec<RuleRef>,
}

/// Computes one indicator of a judged year.
pub fn air_value(year: &AirYear, definition: &Definition) -> AirValue {
    let assessed = made(year, definition, true);
    let all = if year.has_excluded() { made(year, definition, false) } else { assessed.clone() };
    let completeness = completeness(&year.rules.annual.evaluation, year.year, all.days.iter().copied());
    let value = assessed.exact.map(|exact| exact.round(assessed.digits));
    let excluded = all.exact != assessed.exact || all.days != assessed.days;
    let all_value = all.exact.map(|exact| exact.round(all.digits)).filter(|_| excluded);
    let confidence =
        assessed.clauses.iter().fold(definition.confidence, |weakest, clause| weakest.and(clause.confidence));
    AirValue {
        id: definition.id.clone(),
        value,
        digits: assessed.digits,
        exact: assessed.exact,
        all_data: all_value,
        valid: value.is_some() && completeness.valid,
        n: assessed.days.len() as u32,
        of: year.year.len(),
        limit: assessed.limit,
        rules: rules(year, definition),
        clauses: assessed.clauses,
        confidence,
        notes: notes(year, &completeness, excluded, confidence),
        completeness,
    }
}

fn made(year: &AirYear, definition: &Definition, assessed: bool) -> Made {
    match &definition.method {
        Method::DayStatistic { item, statistic } => day_statistic(year, definition, item, *statistic, assessed),
        Method::DayCount(class) => {
            let (days, told) = class_days(year, class, assessed);
            let exact = (!told.is_empty()).then(|| Ratio::new(days.len() as i128, 1));
            of_days(year, told, (exact, definition.digits.unwrap_or(0)))
        }
        Method::DayShare(class) => {
            let (days, told) = class_days(year, class, assessed);
            let exact = (!told.is_empty()).then(|| Ratio::new(days.len() as i128 * 100, told.len() as i128));
            of_days(year, told, (exact, definition.digits.unwrap_or(1)))
        }
        Method::Composite => composite(year, assessed),
        Method::Graph(_) => of_days(year, Vec::new(), (None, 0)),
    }
}

/// A result over days that were judged one by one, and the clauses that judged them.
fn of_days(year: &AirYear, days: Vec<Day>, (exact, digits): (Option<Ratio>, u32)) -> Made {
    let mut clauses = Vec::new();
    for set in year.rules.sets() {
        clauses.push(RuleRef {
            standard: set.index.id.clone(),
            clause: set.index.daily_clause.clone(),
            confidence: set.index.confidence,
        });
    }
    let evaluation = &year.rules.annual.evaluation;
    clauses.push(RuleRef {
        standard: evaluation.id.clone(),
        clause: evaluation.city_clause.clone(),
        confidence: evaluation.confidence,
    });
    Made { exact, digits, days, limit: None, clauses }
}

fn cell(day: &CityDay, assessed: bool) -> &AqiCell {
    if assessed { &day.assessed } else { &day.cell }
}

/// Days of a class, and the days that could be told.
pub(crate) fn class_days(year: &AirYear, class: &DayClass, assessed: bool) -> (Vec<Day>, Vec<Day>) {
    let mut days = Vec::new();
    let mut told = Vec::new();
    for day in &year.city {
        let Some(belongs) = belongs(year, day, class, assessed) else { continue };
        told.push(day.day);
        if belongs {
            days.push(day.day);
        }
    }
    (days, told)
}

/// Whether a day is of a class; `None` where it cannot be told.
pub(crate) fn belongs(year: &AirYear, day: &CityDay, class: &DayClass, assessed: bool) -> Option<bool> {
    match class {
        DayClass::Above { item, value } => item_value(year, day, item, assessed).map(|own| own > Ratio::from(*value)),
        _ => cell(day, assessed).aqi.map(|aqi| level_belongs(year.rules_of(day.day), aqi, class)),
    }
}

/// Counts the days up to and including `as_of`, as they are assessed, for the budget of good days.
pub fn days_so_far(year: &AirYear, as_of: Day) -> DaysSoFar {
    let first = year.year.first_day();
    DaysSoFar::count(year.year, as_of, |day| {
        let own = year.city.get((day.0 - first.0) as usize)?;
        belongs(year, own, &DayClass::Good, true)
    })
}

fn level_belongs(rules: &RuleSet, aqi: u16, class: &DayClass) -> bool {
    let Some(level) = rules.index.level(aqi) else { return false };
    match class {
        DayClass::Judged => true,
        DayClass::Good => level.good,
        DayClass::Polluted => !level.good,
        DayClass::Heavy => level.heavy,
        DayClass::Above { .. } => false,
    }
}

/// The city's value of an item on a day, unless it is excluded from assessment.
pub(crate) fn item_value(year: &AirYear, day: &CityDay, item: &str, assessed: bool) -> Option<Ratio> {
    let position = year.item(item)?;
    let excluded = assessed && day.excluded & (1 << position) != 0;
    day.items[position].value.filter(|_| !excluded)
}

/// Days with a value of an item, and the values.
pub(crate) fn day_item_values(year: &AirYear, item: &str, assessed: bool) -> (Vec<Day>, Vec<Ratio>) {
    let mut days = Vec::with_capacity(year.city.len());
    let mut values = Vec::with_capacity(year.city.len());
    for day in &year.city {
        if let Some(value) = item_value(year, day, item, assessed) {
            days.push(day.day);
            values.push(value);
        }
    }
    (days, values)
}

fn day_statistic(year: &AirYear, definition: &Definition, item: &str, which: Statistic, assessed: bool) -> Made {
    let evaluation = &year.rules.annual.evaluation;
    let (days, values) = day_item_values(year, item, assessed);
    let own = evaluation.item(item);
    let annual = own.and_then(|own| own.annual.iter().find(|annual| annual.id == which.code()));
    let places = annual.map(|annual| annual.digits).or(definition.digits).or(own.map(|own| own.digits_day));
    let (clause, confidence) = match annual {
        Some(annual) => (annual.clause.clone(), evaluation.confidence.and(annual.confidence)),
        None => (evaluation.city_clause.clone(), evaluation.confidence),
    };
    Made {
        exact: statistic(&values, which),
        digits: places.unwrap_or(0),
        days,
        limit: annual.and_then(|annual| annual.limit),
        clauses: vec![RuleRef { standard: evaluation.id.clone(), clause, confidence }],
    }
}

/// I = Σ wᵢ · Cᵢ / Sᵢ from the exact annual statistics; nothing if one of them is missing.
fn composite(year: &AirYear, assessed: bool) -> Made {
    let rule = &year.rules.annual.composite;
    let mut parts = Vec::new();
    let mut least: Option<(Completeness, Vec<Day>)> = None;
    for item in &rule.items {
        let (days, values) = day_item_values(year, &item.item, assessed);
        let which = Statistic::from_code(&item.statistic);
        if let Some(value) = which.and_then(|which| statistic(&values, which)) {
            parts.push((value, item.standard, item.weight));
        }
        let own = completeness(&year.rules.annual.evaluation, year.year, days.iter().copied());
        if least.as_ref().is_none_or(|(least, _)| (own.valid, own.days) < (least.valid, least.days)) {
            least = Some((own, days));
        }
    }
    let clauses = vec![RuleRef { standard: rule.id.clone(), clause: rule.clause.clone(), confidence: rule.confidence }];
    Made {
        exact: if parts.len() == rule.items.len() { standards::methods::composite(&parts) } else { None },
        digits: rule.digits,
        days: least.map(|(_, days)| days).unwrap_or_default(),
        limit: None,
        clauses,
    }
}

/// The parts of the composite index: item code and w · C / S, unrounded; what goes into the index after exclusions.
pub fn composite_parts(year: &AirYear) -> Vec<(String, Option<Ratio>)> {
    let rule = &year.rules.annual.composite;
    let part = |item: &standards::CompositeItem| {
        let (_, values) = day_item_values(year, &item.item, true);
        let value = Statistic::from_code(&item.statistic).and_then(|which| statistic(&values, which))?;
        standards::methods::composite(&[(value, item.standard, item.weight)])
    };
    rule.items.iter().map(|item| (item.item.clone(), part(item))).collect()
}

fn rules(year: &AirYear, definition: &Definition) -> String {
    match definition.method {
        Method::DayCount(_) | Method::DayShare(_) => {
            let ids: Vec<&str> = year.rules.sets().map(|set| set.id.as_str()).collect();
            ids.join("+")
        }
        _ => year.rules.annual.id.clone(),
    }
}

fn notes(year: &AirYear, completeness: &Completeness, excluded: bool, confidence: Confidence) -> Vec<Text> {
    let mut notes = Vec::new();
    if completeness.days > 0 && !completeness.valid {
        notes.push(Text::new(
            format!("有效日 {} 天（全年需 {} 天且每月达到要求），不满足有效性要求，仅供参考", completeness.days, completeness.needed),
            format!(
                "{} valid days (the year needs {} and every month its share): not complete enough, for orientation only",
                completeness.days, completeness.needed
            ),
        ));
    }
    if year.rules.asked {
        notes.push(Text::new(
            format!("按指定规则 {} 计算，不一定是数据日期当时有效的规则", year.rules.annual.id),
            format!("computed under {} as asked, not by the date of the data", year.rules.annual.id),
        ));
    } else if !year.rules.in_force {
        notes.push(Text::new(
            "数据日期早于目录中最早的规则，按最早规则计算".to_string(),
            "the data are older than the first rule set of the catalog, which was used".to_string(),
        ));
    }
    let spans = year.rules.spans();
    if spans.len() > 1 {
        let zh: Vec<String> = spans.iter().map(|(from, to, set)| format!("{from} 至 {to} 按 {}", set.id)).collect();
        let en: Vec<String> = spans.iter().map(|(from, to, set)| format!("{from} to {to} by {}", set.id)).collect();
        notes.push(Text::new(
            format!("年内规则有变：{}；年度统计按 {}", zh.join("，"), year.rules.annual.id),
            format!(
                "the rules changed within the year: {}; annual statistics by {}",
                en.join(", "),
                year.rules.annual.id
            ),
        ));
    }
    if excluded {
        notes.push(Text::new(
            "已按例外时段清单剔除后评价；全部数据的结果另列".to_string(),
            "assessed after the listed exceptional periods; the value from all data stands beside it".to_string(),
        ));
    }
    if confidence == Confidence::Unconfirmed {
        notes.push(Text::new(
            "所依据的规则数值未确认".to_string(),
            "rests on a rule whose numbers are unconfirmed".to_string(),
        ));
    }
    notes
}
