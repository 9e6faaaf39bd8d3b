//! An item of a point, month by month, with its trends.

use super::asked_point;
use crate::answers::Text;
use crate::answers::media::{PointSeries, SeriesMonth};
use crate::data::View;
use crate::jobs::city::{Asked, city};
use crate::jobs::trend::{self, against_year_before, month_text, of_months};
use crate::trouble::Trouble;
use domain::{Day, Month, Ratio};
use indicators::graph::{MonthValue, World};
use standards::media::Reading;

/// Decimal places of monthly values on the page.
const PLACES: u32 = 4;
/// Level of significance of the page's tests: the usual one.
const ALPHA: f64 = 0.05;

/// What is asked of a series.
#[derive(Clone, Debug)]
pub struct SeriesAsk {
    /// Point.
    pub point: String,
    /// Item.
    pub item: String,
    /// First and last month; the newest ten years without.
    pub from: Option<Month>,
    /// Last month.
    pub to: Option<Month>,
    /// Tests by name; the customary ones without.
    pub tests: Vec<String>,
}

/// The series.
pub fn series(view: &View, ask: &SeriesAsk) -> Result<PointSeries, Trouble> {
    let kept = city(view)?;
    let asked = Asked::new(view, &kept);
    let world = asked.world();
    let values = months(world, &ask.point, &ask.item);
    let last = ask.to.or_else(|| values.last().map(|own| own.0));
    let parameter = view.data.catalogs.parameters.get(&ask.item);
    if parameter.is_none() {
        let item = &ask.item;
        return Err(Trouble::not_found(
            "no-such-item",
            format!("没有项目“{item}”。项目编码见 jingce catalog list parameters。"),
            format!("there is no item `{item}`. See jingce catalog list parameters for the codes."),
        ));
    }
    let unit = parameter.map(|own| own.unit.clone()).unwrap_or_default();
    let name = parameter.map_or_else(|| Text::same(&ask.item), |own| (&own.name).into());
    let Some(last) = last else {
        asked_point(world, &ask.point, crate::clock::today())?;
        return Ok(PointSeries {
            item: ask.item.clone(),
            name,
            unit,
            limit: None,
            limit_text: None,
            points: Vec::new(),
            trends: Vec::new(),
            yoy: None,
            simulated: false,
        });
    };
    let point = asked_point(world, &ask.point, Day(Month(last.0 + 1).first_day().0 - 1))?;
    let earliest = values.first().map_or(last, |own| own.0).max(Month(last.0 - 119));
    let first = ask.from.unwrap_or(earliest).min(last);
    let all: Vec<(Month, Option<&MonthValue>)> = (first.0..=last.0)
        .map(|at| (Month(at), values.iter().find(|own| own.0 == Month(at)).map(|own| own.1)))
        .collect();
    let points: Vec<SeriesMonth> = all.iter().map(|(month, value)| shown(*month, *value)).collect();
    let exact: Vec<(Month, Option<Ratio>)> =
        all.iter().map(|(month, value)| (*month, value.and_then(|own| number(own.reading)))).collect();
    let own = of_months(&points, &unit);
    let tests = trend::tests(&ask.tests, own.period)?;
    let (limit, limit_text) = super::limit_of(world, point, &ask.item, last);
    Ok(PointSeries {
        item: ask.item.clone(),
        name,
        trends: trend::trends(&own, &tests, ALPHA),
        unit,
        limit,
        limit_text,
        points,
        yoy: against_year_before(&exact, PLACES),
        simulated: point.simulated,
    })
}

fn months<'w>(world: &'w World, point: &str, item: &str) -> Vec<(Month, &'w MonthValue)> {
    let from = (point.to_string(), Month(i32::MIN));
    let own = world.months.range(from..).take_while(|((code, _), _)| code == point);
    own.filter_map(|((_, month), own)| Some((*month, own.values.get(item)?))).collect()
}

/// Half the detection limit for a value below it, as the means of the rules count it.
fn number(reading: Reading) -> Option<Ratio> {
    match reading {
        Reading::Value(value) => Some(value),
        Reading::Below(limit) => Some(limit.divided_by(Ratio::new(2, 1))),
        Reading::Missing | Reading::Undetected => None,
    }
}

fn shown(month: Month, value: Option<&MonthValue>) -> SeriesMonth {
    SeriesMonth {
        month: month_text(month),
        value: value.and_then(|own| number(own.reading)).map(|own| own.round(PLACES).to_string()),
        below: value.is_some_and(|own| matches!(own.reading, Reading::Below(_))),
        source: value.map(|own| super::source_word(own.source).to_string()),
        n: value.map_or(0, |own| own.n),
        of: value.map_or(0, |own| own.of),
    }
}
