//! A judged year + a definition → one indicator value that can account for itself.

use crate::air::completeness::{Completeness, completeness};
use crate::air::statistic::statistic;
use crate::air::year::{AirYear, CityDay};
use crate::definition::{DayClass, Definition, Method, Statistic};
use domain::{Confidence, Day, Fixed, Ratio, Text};
use standards::{AqiCell, RuleSet};

/// An indicator value of an area's year.
#[derive(Clone, Debug, PartialEq)]
pub struct AirValue {
    /// Indicator id.
    pub id: String,
    /// The value, rounded once by the standard; after exclusions where there are any.
    pub value: Option<Fixed>,
    /// The value before rounding.
    pub exact: Option<Ratio>,
    /// The value from all data, where exclusions changed it.
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

/// An exact result and the days it used.
struct Result {
    exact: Option<Ratio>,
    digits: u32,
    days: Vec<Day>,
    limit: Option<Fixed>,
    clauses: Vec<RuleRef>,
}

/// Computes one indicator of a judged year.
pub fn air_value(year: &AirYear, definition: &Definition) -> AirValue {
    let assessed = result(year, definition, true);
    let all = result(year, definition, false);
    let completeness = completeness(&year.rules.annual.evaluation, year.year, all.days.iter().copied());
    let value = assessed.exact.map(|exact| exact.round(assessed.digits));
    let all_value = all.exact.map(|exact| exact.round(all.digits));
    let confidence =
        assessed.clauses.iter().fold(definition.confidence, |weakest, clause| weakest.and(clause.confidence));
    AirValue {
        id: definition.id.clone(),
        value,
        exact: assessed.exact,
        all_data: all_value.filter(|_| all_value != value),
        valid: value.is_some() && completeness.valid,
        n: assessed.days.len() as u32,
        of: year.year.len(),
        limit: assessed.limit,
        rules: rules(year, definition),
        clauses: assessed.clauses,
        confidence,
        notes: notes(year, &completeness, all_value != value, confidence),
        completeness,
    }
}

fn result(year: &AirYear, definition: &Definition, assessed: bool) -> Result {
    match &definition.method {
        Method::DayStatistic { item, statistic } => day_statistic(year, definition, item, *statistic, assessed),
        Method::DayCount(class) => {
            let (days, _) = class_days(year, class, assessed);
            let exact = Some(Ratio::new(days.len() as i128, 1)).filter(|_| has_days(year));
            Result { exact, digits: definition.digits.unwrap_or(0), ..day_result(year, assessed) }
        }
        Method::DayShare(class) => {
            let (days, judged) = class_days(year, class, assessed);
            let exact = (judged > 0).then(|| Ratio::new(days.len() as i128 * 100, judged as i128));
            Result { exact, digits: definition.digits.unwrap_or(1), ..day_result(year, assessed) }
        }
        Method::Composite => composite(year, assessed),
    }
}

/// The days that make a value of this class, for `n` and completeness: every judged day.
fn day_result(year: &AirYear, assessed: bool) -> Result {
    let (days, _) = class_days(year, &DayClass::Judged, assessed);
    let mut clauses = Vec::new();
    for set in year.rules.sets() {
        clauses.push(RuleRef {
            standard: set.index.id.clone(),
            clause: set.index.daily_clause.clone(),
            confidence: set.index.confidence,
        });
    }
    clauses.push(RuleRef {
        standard: year.rules.annual.evaluation.id.clone(),
        clause: year.rules.annual.evaluation.city_clause.clone(),
        confidence: year.rules.annual.evaluation.confidence,
    });
    Result { exact: None, digits: 0, days, limit: None, clauses }
}

fn has_days(year: &AirYear) -> bool {
    year.city.iter().any(|day| day.cell.aqi.is_some())
}

fn cell(day: &CityDay, assessed: bool) -> &AqiCell {
    if assessed { &day.assessed } else { &day.cell }
}

/// Days of a class, and how many days could be told.
pub(crate) fn class_days(year: &AirYear, class: &DayClass, assessed: bool) -> (Vec<Day>, usize) {
    let mut days = Vec::new();
    let mut told = 0;
    for day in &year.city {
        let belongs = match class {
            DayClass::Above { item, value } => item_value(year, day, item, assessed).map(|own| own > Ratio::from(*value)),
            _ => cell(day, assessed).aqi.map(|aqi| level_belongs(year.rules_of(day.day), aqi, class)),
        };
        told += usize::from(belongs.is_some());
        if belongs == Some(true) {
            days.push(day.day);
        }
    }
    (days, told)
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

fn day_statistic(year: &AirYear, definition: &Definition, item: &str, which: Statistic, assessed: bool) -> Result {
    let evaluation = &year.rules.annual.evaluation;
    let mut days = Vec::new();
    let mut values = Vec::new();
    for day in &year.city {
        if let Some(value) = item_value(year, day, item, assessed) {
            days.push(day.day);
            values.push(value);
        }
    }
    let own = evaluation.items.iter().find(|own| own.item == item);
    let annual = own.and_then(|own| own.annual.iter().find(|annual| annual.id == statistic_id(which)));
    let digits = annual.map(|annual| annual.digits).or(definition.digits).or(own.map(|own| own.digits_day)).unwrap_or(0);
    let clause = annual.map_or_else(|| evaluation.city_clause.clone(), |annual| annual.clause.clone());
    let clauses = vec![RuleRef { standard: evaluation.id.clone(), clause, confidence: evaluation.confidence }];
    let limit = annual.and_then(|annual| annual.limit);
    Result { exact: statistic(&values, which), digits, days, limit, clauses }
}

fn statistic_id(which: Statistic) -> String {
    match which {
        Statistic::Mean => "mean".to_string(),
        Statistic::Max => "max".to_string(),
        Statistic::Percentile(p) => format!("p{p}"),
    }
}

/// I = Σ wᵢ · Cᵢ / Sᵢ from the exact annual statistics; nothing if one of them is missing.
fn composite(year: &AirYear, assessed: bool) -> Result {
    let rule = &year.rules.annual.composite;
    let mut sum = domain::RatioSum::default();
    let mut fewest: Option<Vec<Day>> = None;
    for item in &rule.items {
        let mut days = Vec::new();
        let mut values = Vec::new();
        for day in &year.city {
            if let Some(value) = item_value(year, day, &item.item, assessed) {
                days.push(day.day);
                values.push(value);
            }
        }
        let which = match item.statistic.as_str() {
            "mean" => Statistic::Mean,
            other => Statistic::Percentile(other.trim_start_matches('p').parse().unwrap_or(100)),
        };
        if let Some(value) = statistic(&values, which) {
            sum.add(value.divided_by(Ratio::from(item.standard)).times(i64::from(item.weight)));
        }
        if fewest.as_ref().is_none_or(|fewest| days.len() < fewest.len()) {
            fewest = Some(days);
        }
    }
    let complete = sum.count() as usize == rule.items.len() && !rule.items.is_empty();
    let clauses =
        vec![RuleRef { standard: rule.id.clone(), clause: rule.clause.clone(), confidence: rule.confidence }];
    Result {
        exact: complete.then(|| sum.total()),
        digits: rule.digits,
        days: fewest.unwrap_or_default(),
        limit: None,
        clauses,
    }
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
    if excluded {
        notes.push(Text::new(
            "已按例外时段清单剔除后评价；全部数据的结果另列".to_string(),
            "assessed after the listed exceptional periods; the value from all data stands beside it".to_string(),
        ));
    }
    if confidence == Confidence::Unconfirmed {
        notes.push(Text::new("所依据的规则数值未确认".to_string(), "rests on a rule whose numbers are unconfirmed".to_string()));
    }
    notes
}
