//! Hours of an area's stations → its judged year, kept for the next question.

use crate::catalogs::Catalogs;
use crate::data::View;
use crate::trouble::Trouble;
use domain::{Area, Exclusion, Station, Table, Year};
use indicators::air::{AirYear, RulesChoice, air_year};
use lake::SeriesQuery;
use std::sync::{Arc, Mutex};

/// The word that lets the date of the data pick the rules.
pub const IN_FORCE: &str = "in-force";
/// Judged years kept in memory.
const KEPT: usize = 24;

/// A judged year with the stations it was asked for.
#[derive(Debug)]
pub struct Judged {
    /// The area.
    pub area: Area,
    /// The year.
    pub year: AirYear,
    /// The area's stations, measured or not.
    pub stations: Vec<Station>,
}

/// What a judged year is the answer to.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Key {
    area: String,
    year: i16,
    rules: String,
    commit: u32,
}

/// The years judged last, newest first.
#[derive(Debug, Default)]
pub struct JudgedYears(Mutex<Vec<(Key, Arc<Judged>)>>);

/// An area's year under some rules.
#[derive(Clone, Debug)]
pub struct AreaYear {
    /// The area.
    pub area: Area,
    /// The year.
    pub year: Year,
    /// Rule set id, standard id, or [`IN_FORCE`].
    pub rules: String,
}

impl Judged {
    /// Name of a station; its code if it is not listed.
    pub fn station_name(&self, code: &str) -> crate::answers::Text {
        station_name(&self.stations, code)
    }

    /// Whether any station measured anything.
    pub fn has_data(&self) -> bool {
        self.year.stations.iter().any(|station| station.days.iter().any(|day| day.items.iter().any(|item| item.n > 0)))
    }
}

/// Name of a station in a list; its code if it is not there.
pub fn station_name(stations: &[Station], code: &str) -> crate::answers::Text {
    let known = stations.iter().find(|station| station.code == code);
    known.map_or_else(
        || crate::answers::Text::same(code),
        |station| crate::answers::Text::new(&station.name_zh, &station.name_en),
    )
}

/// The rules a reader named.
pub fn rules_choice(catalogs: &Catalogs, rules: &str) -> Result<RulesChoice, Trouble> {
    if rules.is_empty() || rules == IN_FORCE {
        return Ok(RulesChoice::InForce);
    }
    let sets = catalogs.standards.rule_sets();
    let named = sets.iter().find(|set| set.id == rules).or_else(|| {
        sets.iter().find(|set| [&set.index.id, &set.limits.id, &set.evaluation.id].into_iter().any(|id| id == rules))
    });
    let known = || sets.iter().map(|set| set.id.as_str()).collect::<Vec<_>>().join(", ");
    named.map(|set| RulesChoice::Asked(Box::new(set.clone()))).ok_or_else(|| {
        Trouble::not_found(
            "no-such-rules",
            format!("没有规则集“{rules}”。现有：{IN_FORCE}（按数据日期）, {}。", known()),
            format!("there is no rule set `{rules}`. There are: {IN_FORCE} (by the date of the data), {}.", known()),
        )
    })
}

/// Judges an area's year, or takes it from the years judged before.
pub fn judge(view: &View, ask: &AreaYear) -> Result<Arc<Judged>, Trouble> {
    let key =
        Key { area: ask.area.id.clone(), year: ask.year.0, rules: ask.rules.clone(), commit: view.snapshot.commit() };
    let kept = &view.data.years.0;
    if let Some((_, judged)) = kept.lock().expect("no panic while it was held").iter().find(|(own, _)| *own == key) {
        return Ok(Arc::clone(judged));
    }
    let judged = Arc::new(judge_anew(view, ask)?);
    let mut kept = kept.lock().expect("no panic while it was held");
    kept.insert(0, (key, Arc::clone(&judged)));
    kept.truncate(KEPT);
    Ok(judged)
}

fn judge_anew(view: &View, ask: &AreaYear) -> Result<Judged, Trouble> {
    let catalogs = &view.data.catalogs;
    let choice = rules_choice(catalogs, &ask.rules)?;
    let stations = view.stations(&ask.area.id)?;
    let exclusions: Vec<Exclusion> = view
        .snapshot
        .records(Table::Exclusions)?
        .iter()
        .filter_map(Exclusion::from_record)
        .filter(|exclusion| exclusion.area == ask.area.id)
        .collect();
    let (first, last) = ask.year.hours();
    let series = match stations.is_empty() {
        true => Vec::new(),
        false => view.snapshot.hour_series(&SeriesQuery {
            stations: stations.iter().map(|station| station.code.clone()).collect(),
            parameters: evaluated_parameters(catalogs),
            first,
            last,
        })?,
    };
    let year = air_year(&catalogs.standards, &choice, ask.year, &series, &exclusions);
    Ok(Judged { area: ask.area.clone(), year, stations })
}

/// Parameters that any rule set evaluates.
fn evaluated_parameters(catalogs: &Catalogs) -> Vec<String> {
    let sets = catalogs.standards.rule_sets().iter();
    let mut parameters: Vec<String> =
        sets.flat_map(|set| set.evaluation.items.iter().map(|item| item.parameter.clone())).collect();
    parameters.sort();
    parameters.dedup();
    parameters
}
