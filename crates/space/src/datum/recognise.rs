//! A region without a datum, beside one in CGCS2000 that has borders in common with it → the datum that fits.

use super::{Datum, to_cgcs2000};
use crate::geometry::LonLat;
use crate::line::Plane;
use crate::region::Region;
use domain::Text;

/// When a datum counts as recognised.
///
/// The shifts are some hundred metres. Of the same border both numbers may be tens of metres; a simplified one at
/// the scale of a province is some 230 m off by itself, and then 400 m and 50 m still tell the datums apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wanted {
    /// Largest mean distance of the best fit [m]: beyond it the shapes are not the same border.
    pub fit_m: f64,
    /// How much farther away the second best must be [m].
    pub margin_m: f64,
}

/// How well one datum fits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// The datum that the region is supposed to be in.
    pub datum: Datum,
    /// Mean distance of its points to the border of the reference, once converted [m].
    pub mean_m: f64,
}

/// Which datum a region is in, with the numbers that say so.
#[derive(Clone, Debug, PartialEq)]
pub struct Recognition {
    /// Every datum, the best fit first.
    pub fits: Vec<Fit>,
    /// The answer, or why there is none.
    pub answer: Result<Datum, Unsure>,
}

/// Why a datum is not recognised.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unsure {
    /// One of the regions is empty.
    Nothing,
    /// Even the best fit is too far away.
    NothingFits { best: Fit, fit_m: f64 },
    /// Two datums fit nearly alike.
    TooClose { best: Fit, second: Fit, margin_m: f64 },
}

/// Points of the region that are tried; more say nothing new of a shift that is the same for all.
const TRIED: usize = 300;

/// Recognises the datum of `candidate` by a reference in CGCS2000.
///
/// `d(D) = 1/n Σ |p_i(D), border|` over points spread evenly over the candidate, each converted from `D`;
/// the smallest wins if it is at most `fit_m` and the next is at least `margin_m` larger. The distances are
/// planar, good to a thousandth over the size of a city.
pub fn recognise(candidate: &Region, reference: &Region, wanted: Wanted) -> Recognition {
    let points: Vec<LonLat> = candidate.points().copied().collect();
    let (Some(bounds), false) = (reference.bounds(), points.is_empty()) else {
        return Recognition { fits: Vec::new(), answer: Err(Unsure::Nothing) };
    };
    let plane = Plane::at(LonLat::new((bounds.west + bounds.east) / 2.0, (bounds.south + bounds.north) / 2.0));
    let rings = reference.polygons().iter().flat_map(|polygon| polygon.rings());
    let edges: Vec<_> = rings.flat_map(|ring| ring.windows(2)).map(|pair| plane.edge(pair[0], pair[1])).collect();
    let step = points.len().div_ceil(TRIED);
    let tried: Vec<LonLat> = points.into_iter().step_by(step).collect();
    let mut fits: Vec<Fit> = Datum::ALL
        .into_iter()
        .map(|datum| {
            let distance = |point: &LonLat| plane.nearest_m(to_cgcs2000(*point, datum), &edges);
            let total: f64 = tried.iter().map(distance).sum();
            Fit { datum, mean_m: total / tried.len() as f64 }
        })
        .collect();
    fits.sort_by(|a, b| a.mean_m.total_cmp(&b.mean_m));
    let answer = judged(fits[0], fits[1], wanted);
    Recognition { fits, answer }
}

fn judged(best: Fit, second: Fit, wanted: Wanted) -> Result<Datum, Unsure> {
    if best.mean_m > wanted.fit_m {
        return Err(Unsure::NothingFits { best, fit_m: wanted.fit_m });
    }
    if second.mean_m - best.mean_m < wanted.margin_m {
        return Err(Unsure::TooClose { best, second, margin_m: wanted.margin_m });
    }
    Ok(best.datum)
}

impl Recognition {
    /// The answer in words, with the distances.
    pub fn text(&self) -> Text {
        match self.answer {
            Ok(datum) => Text::new(
                format!("坐标系识别为{}（平均偏差：{}）。", datum.name().zh, self.distances()),
                format!("the coordinates are {} (mean distances: {})", datum.name().en, self.distances()),
            ),
            Err(Unsure::Nothing) => Text::new(
                "没有可比较的边界，无法识别坐标系；请注明坐标系。",
                "there is no boundary to compare, so the datum is not recognised; state it",
            ),
            Err(Unsure::NothingFits { fit_m, .. }) => Text::new(
                format!(
                    "与参考边界都不吻合（平均偏差：{}，应不大于{fit_m:.0} m）；请注明坐标系或更换参考边界。",
                    self.distances()
                ),
                format!(
                    "no datum fits the reference (mean distances: {}, at most {fit_m:.0} m wanted); state the datum or take another reference",
                    self.distances()
                ),
            ),
            Err(Unsure::TooClose { margin_m, .. }) => Text::new(
                format!(
                    "两种坐标系的吻合程度相近，无法判定（平均偏差：{}，差值应不小于{margin_m:.0} m）；请注明坐标系。",
                    self.distances()
                ),
                format!(
                    "two datums fit nearly alike (mean distances: {}, {margin_m:.0} m apart wanted); state the datum",
                    self.distances()
                ),
            ),
        }
    }

    fn distances(&self) -> String {
        let each = self.fits.iter().map(|fit| format!("{} {:.1} m", fit.datum.code(), fit.mean_m));
        each.collect::<Vec<_>>().join(", ")
    }
}
