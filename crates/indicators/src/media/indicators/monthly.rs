//! A share of points → the same share month by month, so that the rest of a year can be foretold.

use crate::definition::{Definition, Method};
use crate::graph::{GraphMethod, World};
use crate::media::indicators::class_share::Rule;
use crate::media::look::Plain;
use crate::media::medium_year::{Selection, points_of};
use crate::media::point_year::PointMonthVerdict;
use domain::Year;

/// For each month of the year how many points are of the counted classes, and of how many that were judged; `None` for
/// an indicator that is no share of points by class.
///
/// A month's class is that of its own values. The year's share is made of the year's means, so the two are not the same
/// share; the one only tells how the other moves.
pub fn monthly_shares(definition: &Definition, world: &World, area: &str, year: Year) -> Option<Vec<(u32, u32)>> {
    let Method::Graph(GraphMethod::ClassShare(rule)) = &definition.method else { return None };
    let selection = Selection {
        network: Some(rule.of.network.clone()).filter(|own| !own.is_empty()),
        kinds: rule.of.kinds.clone(),
        needed: rule.of.months,
        ..Selection::default()
    };
    let points = points_of(&Plain { world, area, year }, rule.of.medium, &selection);
    let months = (0..12).map(|at| {
        let judged: Vec<bool> =
            points.list.iter().filter_map(|own| is_counted(rule, world, own.months.get(at)?)).collect();
        (judged.iter().filter(|own| **own).count() as u32, judged.len() as u32)
    });
    Some(months.collect())
}

/// Whether the class of a month is one of the counted; `None` where nothing was judged.
fn is_counted(rule: &Rule, world: &World, month: &PointMonthVerdict) -> Option<bool> {
    let own = month.judged.first()?;
    let class = world.standards.limits(&own.standard)?.class(own.verdict.class?)?;
    Some(rule.classes.contains(&class.id))
}
