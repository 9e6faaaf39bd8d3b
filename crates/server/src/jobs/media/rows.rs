//! Judged points → rows, cells and shares of the pages.

use crate::answers::Text;
use crate::answers::media::{MainItem, MediumClass, MediumItem, MediumRule, PointCell, PointRow};
use domain::{Month, Point, Ratio};
use indicators::graph::{MonthValue, World};
use indicators::media::{Judged, PointYear};
use space::LonLat;
use space::datum::{Datum, to_cgcs2000};
use standards::media::{Item, ItemVerdict, Limit, Limits, Reading};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Most decimal places of a shown value.
pub(super) const PLACES: u32 = 6;

/// `≤0.2`, `≥5`, `6–9`.
pub(super) fn limit_text(limit: Limit) -> String {
    let shown = |value: Ratio| value.round(PLACES).to_string();
    match limit {
        Limit::AtMost(value) => format!("≤{}", shown(value)),
        Limit::AtLeast(value) => format!("≥{}", shown(value)),
        Limit::Above(value) => format!(">{}", shown(value)),
        Limit::Below(value) => format!("<{}", shown(value)),
        Limit::Between(low, high) => format!("{}–{}", shown(low), shown(high)),
        Limit::Any | Limit::None => String::new(),
    }
}

/// The limits that a judgement was made by.
pub(super) fn limits_of<'w>(world: &'w World, judged: &Judged) -> Option<&'w Limits> {
    world.standards.limits(&judged.standard)
}

/// Class id and colour of a place in the classes.
pub(super) fn class_of(limits: &Limits, class: usize) -> (Option<String>, Option<String>) {
    let own = limits.class(class);
    (own.map(|own| own.id.clone()), own.map(|own| own.color.clone()).filter(|color| !color.is_empty()))
}

/// Main items with their multiples.
pub(super) fn main_items(world: &World, judged: &Judged) -> Vec<MainItem> {
    let Some(limits) = limits_of(world, judged) else { return Vec::new() };
    let own = limits.main_items(&judged.verdict).into_iter();
    own.map(|verdict| MainItem {
        item: limits.items[verdict.item].code.clone(),
        value: verdict.value.round(PLACES).to_string(),
        multiple: verdict.exceed.map(|exceed| exceed.round(limits.exceed_digits).to_string()),
    })
    .collect()
}

/// The cells of a judgement, in the standard's order.
pub(super) fn cells(world: &World, judged: &[Judged], values: &BTreeMap<String, MonthValue>) -> Vec<PointCell> {
    let mut all: Vec<PointCell> = Vec::new();
    for own in judged {
        let Some(limits) = limits_of(world, own) else { continue };
        for (at, item) in limits.items.iter().enumerate() {
            let verdict = own.verdict.items.iter().find(|verdict| verdict.item == at);
            let value = values.get(&item.parameter);
            let nothing = matches!(own.sample.items[at], Reading::Missing) && verdict.is_none();
            if nothing || all.iter().any(|cell| cell.item == item.code) {
                continue;
            }
            all.push(cell(limits, item, own.sample.items[at], (verdict, value)));
        }
    }
    all
}

fn cell(
    limits: &Limits,
    item: &Item,
    reading: Reading,
    (verdict, value): (Option<&ItemVerdict>, Option<&MonthValue>),
) -> PointCell {
    // An item that does not make the class, as total nitrogen of a river, is shown and not held against the point.
    let counted = verdict.filter(|own| own.counted);
    let (class, color) = counted.map_or((None, None), |own| class_of(limits, own.class));
    // Where rules round, half of a detection limit is judged; what was found is still that it is below it.
    let below = value.map(|own| own.reading).filter(|own| matches!(own, Reading::Below(_)));
    let reading = below.filter(|_| matches!(reading, Reading::Value(_))).unwrap_or(reading);
    PointCell {
        item: item.code.clone(),
        value: Some(super::reading_text(reading, PLACES)).filter(|text| !text.is_empty()),
        class,
        color,
        limit: verdict.map(|own| limit_text(own.limit)).filter(|text| !text.is_empty()),
        over: counted.is_some_and(|own| own.class > limits.reference),
        exceed: counted.and_then(|own| own.exceed).map(|own| own.round(limits.exceed_digits).to_string()),
        source: value.map(|own| super::source_word(own.source).to_string()),
        n: value.map_or(0, |own| own.n),
        of: value.map_or(0, |own| own.of),
        below: matches!(reading, Reading::Below(_)),
    }
}

/// What of a point is the same in every time.
pub(super) fn row(world: &World, point: &Point) -> PointRow {
    let position = position(point);
    PointRow {
        code: point.code.clone(),
        name: point.name().into(),
        kind: kind_name(world, point),
        water_body: point.water_body.clone(),
        basin: point.basin.clone(),
        level: point.level.clone(),
        target: Some(point.target.clone()).filter(|own| !own.is_empty()),
        lon: position.map(|own| own.0),
        lat: position.map(|own| own.1),
        class: None,
        color: None,
        met: None,
        main: Vec::new(),
        cells: Vec::new(),
        months: 0,
        months_of: 0,
        why: None,
        note: Some(Text::same(&point.note)).filter(|own| !own.zh.is_empty()),
        confidence: domain::Confidence::Confirmed.into(),
        simulated: point.simulated,
    }
}

/// Longitude and latitude on CGCS2000; a shifted datum is converted, an unknown one taken as it is.
fn position(point: &Point) -> Option<(f64, f64)> {
    let (lon, lat) = (point.lon_deg?, point.lat_deg?);
    let datum = Datum::from_code(&point.datum).unwrap_or(Datum::Cgcs2000);
    let own = to_cgcs2000(LonLat::new(lon, lat), datum);
    Some((own.lon, own.lat))
}

/// The word of a point's kind, as the standard that asks for it names it.
fn kind_name(world: &World, point: &Point) -> Text {
    let limits = world.standards.evaluators().filter_map(|own| world.standards.limits(own.id()));
    let words = limits.flat_map(|own| own.selectors.iter().flat_map(|selector| &selector.words));
    let named = words.into_iter().find(|word| word.code == point.kind).map(|word| (&word.name).into());
    named.unwrap_or_else(|| Text::same(&point.kind))
}

/// A year of a point as its row.
pub(super) fn year_row(world: &World, own: &PointYear) -> PointRow {
    let values: BTreeMap<String, MonthValue> =
        own.values.iter().map(|(item, value)| (item.clone(), value.value)).collect();
    let first = own.verdict();
    let limits = first.and_then(|first| limits_of(world, first));
    let (_, color) = match (limits, own.class) {
        (Some(limits), Some(class)) => class_of(limits, class),
        _ => (None, None),
    };
    let notes: Vec<&domain::Text> = own.notes.iter().collect();
    PointRow {
        class: own.class.map(|_| own.class_id.clone()),
        color,
        met: met(world, own, limits),
        main: first.map(|first| main_items(world, first)).unwrap_or_default(),
        cells: cells(world, &own.judged, &values),
        months: own.n,
        months_of: own.needed.max(own.n),
        why: joined(&notes),
        confidence: own.confidence.into(),
        simulated: own.simulated,
        ..row(world, &own.point)
    }
}

/// Whether the point's own target class is met; without one, the reference class.
fn met(_world: &World, own: &PointYear, limits: Option<&Limits>) -> Option<bool> {
    let target = limits.and_then(|limits| limits.classes.iter().position(|class| class.id == own.point.target));
    match (target, own.class) {
        (Some(target), Some(class)) => Some(class <= target + 1),
        _ => own.good,
    }
}

fn joined(notes: &[&domain::Text]) -> Option<Text> {
    let side = |pick: fn(&domain::Text) -> &str| notes.iter().map(|own| pick(own)).collect::<Vec<_>>();
    (!notes.is_empty()).then(|| Text::new(side(|own| &own.zh).join("；"), side(|own| &own.en).join("; ")))
}

/// Classes of a standard.
pub(super) fn classes(limits: &Limits) -> Vec<MediumClass> {
    let own = limits.classes.iter().enumerate();
    own.map(|(at, class)| MediumClass {
        class: class.id.clone(),
        name: (&class.name).into(),
        color: class.color.clone(),
        met: at < limits.reference,
    })
    .collect()
}

/// Items that any row has a cell of, in the order of the standards.
pub(super) fn items(world: &World, judged: &[&Judged], rows: &[&[PointCell]]) -> Vec<MediumItem> {
    let mut standards: Vec<&Limits> = Vec::new();
    for own in judged {
        if let Some(limits) = limits_of(world, own)
            && !standards.iter().any(|known| known.id == limits.id)
        {
            standards.push(limits);
        }
    }
    let mut all: Vec<MediumItem> = Vec::new();
    for item in standards.iter().flat_map(|limits| &limits.items) {
        let cells: Vec<&PointCell> =
            rows.iter().flat_map(|cells| cells.iter()).filter(|cell| cell.item == item.code).collect();
        if cells.is_empty() || all.iter().any(|known| known.code == item.code) {
            continue;
        }
        let first = cells[0].limit.clone();
        let same = cells.iter().all(|cell| cell.limit == first);
        all.push(MediumItem {
            code: item.code.clone(),
            name: (&item.name).into(),
            symbol: symbol_of(&item.parameter),
            unit: item.unit.clone(),
            limit: first.filter(|_| same),
        });
    }
    all
}

/// The short name of a parameter, such as NH₃-N; none where it has no other than its name.
fn symbol_of(parameter: &str) -> Option<String> {
    static PARAMETERS: LazyLock<domain::Parameters> = LazyLock::new(domain::Parameters::builtin);
    PARAMETERS.get(parameter).map(|own| own.symbol.clone()).filter(|symbol| !symbol.is_empty())
}

/// Standards and rules by id, as the page names them.
pub(super) fn rules(world: &World, ids: &[String]) -> Vec<MediumRule> {
    let mut known: Vec<MediumRule> = Vec::new();
    for id in ids {
        let Some(own) = world.standards.standard(id).filter(|_| !known.iter().any(|rule| rule.standard == *id)) else {
            continue;
        };
        let unconfirmed = own.confidence == domain::Confidence::Unconfirmed;
        known.push(MediumRule {
            standard: id.clone(),
            number: own.number.clone(),
            title: (&own.title).into(),
            clause: own.clauses.first().map(|clause| clause.id.clone()).unwrap_or_default(),
            confidence: own.confidence.into(),
            note: unconfirmed.then(|| {
                Text::new("其中的数值尚未与原文核对", "its numbers have not been checked against the text yet")
            }),
        });
    }
    known
}

/// Months of a page's year as text.
pub(super) fn month_texts(months: impl Iterator<Item = Month>) -> Vec<String> {
    months.map(crate::jobs::trend::month_text).collect()
}
