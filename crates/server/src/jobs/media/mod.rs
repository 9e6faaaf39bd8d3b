//! Monitoring points of a medium → the page of the medium, the page of a point, its series and their sources.

mod page;
mod point;
mod rows;
pub mod series;
pub mod sources;

pub use page::{list, page};
pub use point::point_page;

use crate::answers::Text;
use crate::data::{Data, MAPS, View};
use crate::jobs::city::{Asked, city};
use crate::trouble::Trouble;
use domain::{Day, Medium, Month, Point, Year};
use indicators::Definition;
use indicators::graph::{Source, World};
use models::forecast::Tally;
use standards::media::Reading;

/// File of the data folder's maps with lines of rivers.
const RIVERS: &str = "rivers.geojson";

/// The medium that is named.
pub fn medium(name: &str) -> Result<Medium, Trouble> {
    Medium::from_code(name).ok_or_else(|| {
        let known = Medium::ALL.map(Medium::code).join(", ");
        Trouble::not_found(
            "no-such-medium",
            format!("没有名为“{name}”的要素；可用：{known}。"),
            format!("there is no medium `{name}`; there are: {known}."),
        )
    })
}

/// A point as it is registered on a day, or else as it is registered at any time.
pub(super) fn asked_point<'w>(world: &'w World, code: &str, day: Day) -> Result<&'w Point, Trouble> {
    let city = &world.city;
    let any = || city.points.iter().rev().find(|point| point.code == code);
    city.point(code, day).or_else(any).ok_or_else(|| {
        Trouble::not_found(
            "no-such-point",
            format!("没有点位“{code}”。点位用映射 points 导入。"),
            format!("there is no point `{code}`. Import points with the mapping `points`."),
        )
    })
}

/// A reading as it is shown, without trailing zeros and with at most four digits that say something.
pub(super) fn reading_text(reading: Reading, places: u32) -> String {
    match reading {
        Reading::Value(value) => value.round(telling(value.to_f64()).min(places)).to_string(),
        Reading::Below(limit) => format!("<{}", limit.round(places)),
        Reading::Undetected => "ND".to_string(),
        Reading::Missing => String::new(),
    }
}

/// Decimal places that give a number four digits: 18.48, 0.1408, 0.00004.
fn telling(value: f64) -> u32 {
    if value == 0.0 { 0 } else { (3 - value.abs().log10().floor() as i32).clamp(0, 9) as u32 }
}

/// The word of a source.
pub(super) fn source_word(source: Source) -> &'static str {
    match source {
        Source::Automatic => "automatic",
        Source::Manual => "manual",
    }
}

/// The limit that an item of a point is held against at a month, as a number and in words.
pub(super) fn limit_of(world: &World, point: &Point, item: &str, month: Month) -> (Option<String>, Option<Text>) {
    let day = Day(Month(month.0 + 1).first_day().0 - 1);
    let standards = &world.standards;
    let Some((rules, _)) = standards.monitoring(point.medium.code(), day) else { return (None, None) };
    for judge in rules.judges_of(&point.kind) {
        let Some((limits, _)) = standards.limits_on(&judge.family, day) else { continue };
        let Some(own) = limits.items.iter().find(|own| own.parameter == item) else { continue };
        let words: Vec<(&str, &str)> =
            judge.selector.iter().map(|selector| (selector.as_str(), point.kind.as_str())).collect();
        let Some(limit) = limits.limit(&own.code, limits.reference, &words) else { continue };
        let class = limits.class(limits.reference).map(|class| class.id.clone()).unwrap_or_default();
        let text = rows::limit_text(limit);
        let unit = &own.unit;
        let words = Text::new(
            format!("{} {class} {text} {unit}", limits.number),
            format!("{} {class} {text} {unit}", limits.number),
        );
        // A line of the chart is in the unit of the item; where the point's values have another, there is no line.
        let number =
            limit.number().filter(|_| world_unit(own) == own.unit).map(|own| own.round(rows::PLACES).to_string());
        return (number, Some(words));
    }
    (None, None)
}

fn world_unit(item: &standards::media::Item) -> String {
    domain::Parameters::builtin().get(&item.parameter).map(|own| own.unit.clone()).unwrap_or_default()
}

/// Lines of rivers for the map; none where the data folder has no such file.
pub fn rivers(data: &Data) -> serde_json::Value {
    let empty = || serde_json::json!({ "type": "FeatureCollection", "features": [], "attribution": null });
    let read = std::fs::read_to_string(data.dir.join(MAPS).join(RIVERS)).ok();
    read.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_else(empty)
}

/// January to December; nothing where no point was judged.
type MonthTallies = Vec<Option<Tally>>;

/// For an indicator that is a share of points: month by month how many met it, for some years.
pub(crate) fn monthly_tallies(
    view: &View,
    definition: &Definition,
    area: &str,
    years: &[i16],
) -> Result<Vec<(i16, MonthTallies)>, Trouble> {
    let kept = city(view)?;
    let asked = Asked::new(view, &kept);
    let mut all = Vec::new();
    for year in years {
        let made = indicators::media::monthly_shares(definition, asked.world(), area, Year(*year));
        let slots = made.map(|months| {
            months.into_iter().map(|(met, of)| (of > 0).then_some(Tally { met, of })).collect::<Vec<_>>()
        });
        all.extend(slots.map(|slots| (*year, slots)));
    }
    Ok(all)
}
