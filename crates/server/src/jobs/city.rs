//! Points, facts, projects and polygons of the lake → the graph of indicators, kept in memory and changed with the lake.
//!
//! The first question reads everything there is. After an import only what its rows touch is read again, and only the
//! nodes that depend on it are computed again.

use crate::data::View;
use crate::jobs::judge::{AreaYear, IN_FORCE, judge};
use crate::jobs::layers;
use crate::trouble::Trouble;
use domain::period::Hour;
use domain::{Area, City, Instant, Month, Observation, Span, Table, Year};
use indicators::air::air_value;
use indicators::graph::{Changed, Graph, Leaf, NodeKey, NodeValue, World};
use indicators::media::{Sampled, month};
use indicators::plan::read_reported;
use indicators::{Definitions, Method};
use lake::{ObservationQuery, SeriesQuery, Snapshot, Touched};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Graphs kept in memory: the newest, and moments of the past that were asked about.
const KEPT: usize = 4;
/// Spans of observations that are read row by row; hours are read as dense series.
const ROWS: [Span; 3] = [Span::Instant, Span::Day, Span::Month];

/// A city as of one commit, and what was computed of it.
#[derive(Debug)]
pub struct CityGraph {
    /// Plain data.
    pub world: World,
    /// Nodes.
    pub graph: Graph,
    commit: u32,
    tables: [u32; 6],
    /// Areas and years whose air values are in the world.
    air: BTreeSet<(String, i16)>,
}

/// The graphs of a data folder, newest use first.
#[derive(Debug, Default)]
pub struct Cities(Mutex<Vec<Arc<Mutex<CityGraph>>>>);

/// A locked graph with the view it belongs to.
#[derive(Debug)]
pub struct Asked<'a> {
    view: &'a View<'a>,
    own: MutexGuard<'a, CityGraph>,
}

/// Tables that the world is made of, in the order of [`CityGraph::tables`].
const TABLES: [Table; 6] =
    [Table::Areas, Table::Points, Table::Facts, Table::Projects, Table::Parcels, Table::Reported];

/// The graph of a view.
pub fn city(view: &View) -> Result<Arc<Mutex<CityGraph>>, Trouble> {
    let commit = view.snapshot.commit();
    let mut kept = view.data.cities.0.lock().unwrap_or_else(PoisonError::into_inner);
    let at = kept.iter().position(|own| locked(own).commit == commit);
    let found = match at {
        Some(at) => kept.remove(at),
        None => match kept.iter().position(|own| view.as_of.is_none() && locked(own).commit < commit) {
            // The newest graph before this commit goes on; a moment of the past gets its own.
            Some(at) if view.as_of.is_none() => {
                let own = kept.remove(at);
                refresh(&mut locked(&own), view)?;
                own
            }
            _ => Arc::new(Mutex::new(CityGraph::read(view)?)),
        },
    };
    kept.insert(0, Arc::clone(&found));
    kept.truncate(KEPT);
    Ok(found)
}

fn locked(own: &Mutex<CityGraph>) -> MutexGuard<'_, CityGraph> {
    own.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Brings a graph up to the view's commit: what became another.
pub fn refresh(own: &mut CityGraph, view: &View) -> Result<Vec<Changed>, Trouble> {
    let mut leaves = Vec::new();
    let tables = TABLES.map(|table| view.snapshot.records_commit(table));
    let names = stations_of(&own.world.city);
    if tables != own.tables {
        leaves.extend(own.read_tables(view, tables)?);
    }
    // A new point may have been measured before it was registered, a known one under a name that is new.
    let since = if stations_of(&own.world.city) == names { own.commit } else { 0 };
    leaves.extend(own.read_months(view, since)?);
    // An air year is judged again when it is asked for.
    let definitions = &view.data.catalogs.definitions;
    let given: Vec<NodeKey> = own.world.given.keys().cloned().collect();
    own.air.clear();
    own.world.given.clear();
    own.commit = view.snapshot.commit();
    let years: BTreeSet<(String, i16)> = given.iter().map(|key| (key.area.clone(), key.year)).collect();
    for (area, year) in years {
        own.give_air(view, &area, year)?;
    }
    leaves.extend(given.into_iter().map(Leaf::Given));
    Ok(own.graph.changed(&leaves, &own.world, definitions))
}

impl CityGraph {
    fn read(view: &View) -> Result<CityGraph, Trouble> {
        let mut own = CityGraph {
            world: World::new(Arc::clone(&view.data.catalogs.standards)),
            graph: Graph::default(),
            commit: view.snapshot.commit(),
            tables: [0; 6],
            air: BTreeSet::new(),
        };
        own.read_tables(view, TABLES.map(|table| view.snapshot.records_commit(table)))?;
        own.read_months(view, 0)?;
        Ok(own)
    }

    /// Reads the small tables that changed; the leaves that became others.
    fn read_tables(&mut self, view: &View, tables: [u32; 6]) -> Result<Vec<Leaf>, Trouble> {
        let before = self.tables;
        let changed =
            |table: Table| TABLES.iter().position(|own| *own == table).is_some_and(|at| tables[at] != before[at]);
        let mut leaves = Vec::new();
        let rows = |table| view.snapshot.records(table);
        if changed(Table::Areas) {
            self.world.areas = rows(Table::Areas)?.iter().map(Area::from_record).collect();
            leaves.push(Leaf::Areas);
        }
        if [Table::Points, Table::Facts, Table::Projects, Table::Parcels].into_iter().any(changed) {
            let (city, _) = City::load(
                &rows(Table::Points)?,
                &rows(Table::Facts)?,
                &rows(Table::Projects)?,
                &rows(Table::Parcels)?,
            );
            let parcels = changed(Table::Parcels);
            leaves.extend(self.world.put_city(city));
            if parcels {
                self.world.layers = layers::figures(&self.world, years(view));
                leaves.extend(
                    self.world.layers.keys().cloned().map(|(area, layer, year)| Leaf::Layer(area, layer, year)),
                );
            }
        }
        if changed(Table::Reported) {
            let before = std::mem::take(&mut self.world.reported);
            for record in rows(Table::Reported)? {
                let (values, _) = read_reported(std::slice::from_ref(&record));
                self.world.reported.entry(record.get("area").to_string()).or_default().extend(values);
            }
            let all = before.iter().chain(&self.world.reported);
            leaves.extend(all.flat_map(|(area, values)| {
                values.iter().map(|value| Leaf::Reported(area.clone(), value.indicator.clone()))
            }));
        }
        self.tables = tables;
        Ok(leaves)
    }

    /// Reads the months that series touched after a commit may have changed; the leaves that became others.
    fn read_months(&mut self, view: &View, since: u32) -> Result<Vec<Leaf>, Trouble> {
        let touched = view.snapshot.touched(since)?;
        let mut leaves = Vec::new();
        for (code, names) in stations_of(&self.world.city) {
            let own: Vec<&Touched> = touched.iter().filter(|own| names.contains(&own.station)).collect();
            let Some(first) = own.iter().map(|own| first_month(own)).min() else { continue };
            let last = own.iter().map(|own| month_of(own.last, own.span)).max().unwrap_or(first);
            // A month is made of everything that was measured in it, also of spans that were not touched since.
            let mut spans = ROWS.to_vec();
            spans.push(Span::Hour);
            spans.retain(|span| since > 0 || own.iter().any(|own| own.span == *span));
            // A night that ends in the next month needs that month's first morning.
            let rows = sampled(&view.snapshot, &names, &spans, (first, Month(last.0 + 1)))?;
            let of = |at: Month| rows.get(&at).map(Vec::as_slice).unwrap_or_default();
            for at in first.0..=last.0 {
                let at = Month(at);
                let next = of(Month(at.0 + 1))
                    .iter()
                    .filter(|row| row.span == Span::Hour && row.day() == Month(at.0 + 1).first_day());
                let rows: Vec<Sampled> = of(at).iter().chain(next).cloned().collect();
                let point = self.world.city.point(&code, at.first_day());
                let made = month(&self.world, point, at, &rows);
                leaves.extend(self.world.put_month(&code, at, made));
            }
        }
        Ok(leaves)
    }

    /// Puts the air values of an area's year into the world.
    fn give_air(&mut self, view: &View, area: &str, year: i16) -> Result<(), Trouble> {
        if !self.air.insert((area.to_string(), year)) {
            return Ok(());
        }
        let Some(found) = view.areas()?.into_iter().find(|own| own.id == area) else { return Ok(()) };
        let judged = judge(view, &AreaYear { area: found, year: Year(year), rules: IN_FORCE.to_string() })?;
        if !judged.has_data() {
            return Ok(());
        }
        for definition in view.data.catalogs.definitions.of_air() {
            let value = air_value(&judged.year, definition);
            let key = NodeKey::new(&definition.id, area, year);
            self.world.given.insert(key, NodeValue::of_air(definition, &value));
        }
        Ok(())
    }
}

impl<'a> Asked<'a> {
    /// Locks the graph of a view.
    pub fn new(view: &'a View<'a>, own: &'a Mutex<CityGraph>) -> Asked<'a> {
        Asked { view, own: locked(own) }
    }

    /// The world.
    pub fn world(&self) -> &World {
        &self.own.world
    }

    /// Definitions of indicators.
    pub fn definitions(&self) -> &'a Definitions {
        &self.view.data.catalogs.definitions
    }

    /// The value of an indicator.
    pub fn value(&mut self, indicator: &str, area: &str, year: i16) -> Result<Arc<NodeValue>, Trouble> {
        let definitions = self.definitions();
        let air = definitions.get(indicator).is_some_and(|own| !matches!(own.method, Method::Graph(_)));
        if air {
            self.own.give_air(self.view, area, year)?;
        }
        let CityGraph { world, graph, .. } = &mut *self.own;
        Ok(graph.value(&NodeKey::new(indicator, area, year), world, definitions))
    }
}

/// Calendar years that layers are compared for: those of the plans, and this one.
fn years(view: &View) -> std::ops::RangeInclusive<i16> {
    let plans = || view.data.catalogs.plans.iter();
    let today = crate::clock::today().year().0;
    let first = plans().map(|plan| plan.base_year).min().unwrap_or(today);
    first..=plans().map(|plan| plan.to).max().unwrap_or(today).max(today)
}

/// Every point's code with the names under which its values may stand in the lake.
pub(crate) fn stations_of(city: &City) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for point in &city.points {
        let names = all.entry(point.code.clone()).or_default();
        let listed = point.source_name.split([';', '；']).map(str::trim);
        let own = [point.code.as_str(), point.name_zh.as_str()].into_iter().chain(listed);
        names.extend(own.filter(|name| !name.is_empty()).map(str::to_string));
    }
    all
}

/// The month that a value belongs to: a span is named by its end, a sample by its moment.
fn month_of(time: Instant, span: Span) -> Month {
    match span {
        Span::Instant => time.civil().0.month(),
        _ => Instant(time.0 - 1).civil().0.month(),
    }
}

/// The first month that touched values may have changed: the hours of a month's first morning end a night of the month
/// before.
fn first_month(own: &Touched) -> Month {
    let first = month_of(own.first, own.span);
    let morning = own.span == Span::Hour && Instant(own.first.0 - 1).civil().0 == first.first_day();
    if morning { Month(first.0 - 1) } else { first }
}

/// What a point's stations measured in some months: the newest revision of each value.
fn sampled(
    snapshot: &Snapshot,
    names: &BTreeSet<String>,
    spans: &[Span],
    (first, last): (Month, Month),
) -> Result<BTreeMap<Month, Vec<Sampled>>, Trouble> {
    let stations: Vec<String> = names.iter().cloned().collect();
    let mut rows: BTreeMap<Month, Vec<Sampled>> = BTreeMap::new();
    let (from, until) = (first.first_day(), Month(last.0 + 1).first_day());
    if spans.contains(&Span::Hour) {
        let (first, last) = (Hour::of(from, 1), Hour(Hour::of(until, 1).0 - 1));
        let query = SeriesQuery { stations: stations.clone(), parameters: Vec::new(), first, last };
        for series in snapshot.hour_series(&query)? {
            for at in series.first.0..series.first.0 + series.values.len() as i32 {
                let hour = Hour(at);
                let Some(value) = series.at(hour) else { continue };
                rows.entry(hour.day().month()).or_default().push(Sampled::hour(&series.parameter, hour.end(), value));
            }
        }
    }
    for span in ROWS.into_iter().filter(|span| spans.contains(span)) {
        let query = ObservationQuery {
            stations: stations.clone(),
            parameters: Vec::new(),
            span,
            from: Instant::from_civil(from, 0),
            to: Instant::from_civil(until, 0),
        };
        let all = snapshot.observations(&query)?;
        for (at, row) in all.iter().enumerate() {
            let replaced = all.get(at + 1).is_some_and(|next| same(row, next));
            let month = month_of(row.time, span);
            if !replaced && first <= month && month <= last {
                rows.entry(month).or_default().push(Sampled::of(row));
            }
        }
    }
    Ok(rows)
}

/// Whether two observations are revisions of one another.
pub(crate) fn same(a: &Observation, b: &Observation) -> bool {
    a.station == b.station && a.parameter == b.parameter && a.span == b.span && a.time == b.time
}
