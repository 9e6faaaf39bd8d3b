//! A frozen baseline of plots and the plots of now → what was lost, gained and changed, and what that says
//! of the test “面积不减少、功能不降、性质不改”. Called by the red-line indicator.
//!
//! Areas are geodesic. `lost = A(baseline ∖ ∪ current)`, `gained = A(current ∖ ∪ baseline)`, their sum is the
//! symmetric difference; land classes are compared over `A(baseline_i ∩ current_j)`, so that the matrix of
//! classes adds up to what was kept. `closure_m2` says how well it does, `resolution_m2` how well it must.
//!
//! Thin pieces come from drawing the same border twice. They are counted apart, by their mean width
//! `2 A / P`, and stand in every sum as well: nothing is hidden, and an outcome that hangs on them says so.
//! Whether a function declined cannot be seen in geometry; it stays a reported value.

mod outcome;

use crate::area::{self, Measure};
use crate::geometry::Polygon;
use crate::overlay::{self, Pieces};
use crate::region::Region;
use std::collections::BTreeMap;

pub use outcome::{Outcome, Tests};

/// One plot: a polygon with its land class.
#[derive(Clone, Copy, Debug)]
pub struct Plot<'a> {
    /// Its id: plots of the baseline and of now with the same id are the same plot.
    pub id: &'a str,
    /// Its land class, empty when it is not known.
    pub land_class: &'a str,
    /// Its boundary in CGCS2000.
    pub region: &'a Region,
}

/// What counts as no change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerance {
    /// Area below which a loss or a change does not count [m²].
    pub area_m2: f64,
    /// Mean width below which a piece is a sliver [m].
    pub sliver_width_m: f64,
}

/// Some ground in pieces.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Amount {
    /// All of it, slivers too [m²].
    pub area_m2: f64,
    /// The slivers of it [m²].
    pub sliver_m2: f64,
    /// How many pieces.
    pub pieces: usize,
    /// How many of them are slivers.
    pub slivers: usize,
}

/// What became of one plot.
#[derive(Clone, Debug, PartialEq)]
pub struct PlotChange {
    /// Its id.
    pub id: String,
    /// Area in the baseline; `None` for a new plot [m²].
    pub before_m2: Option<f64>,
    /// Area of the plot with this id now; `None` when there is none [m²].
    pub after_m2: Option<f64>,
    /// Ground of the baseline plot that lies in no plot now.
    pub lost: Amount,
    /// Ground of the plot of now that lay in no plot of the baseline.
    pub gained: Amount,
    /// Ground of the baseline plot that lies in a plot of another land class now.
    pub reclassed: Amount,
    /// `lost` divided by the area before; `None` for a new plot.
    pub share_lost: Option<f64>,
    /// The lost ground itself, for a map.
    pub lost_pieces: Vec<Polygon>,
}

/// Ground that was of one class and is of another, or of the same.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassFlow {
    /// Class in the baseline.
    pub from: String,
    /// Class now.
    pub to: String,
    /// How much.
    pub amount: Amount,
}

/// The comparison as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Identity {
    /// Every plot of the baseline, then those that are new, in the order given.
    pub plots: Vec<PlotChange>,
    /// Area of the baseline, ground that plots share taken once [m²].
    pub before_m2: f64,
    /// Area now, likewise [m²].
    pub after_m2: f64,
    /// All that was lost.
    pub lost: Amount,
    /// All that was gained.
    pub gained: Amount,
    /// `lost` divided by the area before; `None` without a baseline.
    pub share_lost: Option<f64>,
    /// Lost and gained together [m²].
    pub symmetric_difference_m2: f64,
    /// The matrix of land classes over the ground that was kept, sorted by class.
    pub classes: Vec<ClassFlow>,
    /// Ground kept whose class is not known before or now.
    pub class_unknown: Amount,
    /// Ground kept whose class is another now.
    pub reclassed: Amount,
    /// Ground that plots of the baseline share with each other, and would be counted twice [m²].
    pub overlap_before_m2: f64,
    /// Ground that plots of now share with each other [m²].
    pub overlap_after_m2: f64,
    /// How far `before − lost` and `after − gained` are from the ground kept [m²].
    pub closure_m2: f64,
    /// How far the sums may be wrong by the overlay [m²].
    pub resolution_m2: f64,
    /// What it says of the test.
    pub tests: Tests,
}

/// Compares the plots of now with the baseline.
///
/// The areas of whole plots are exact to the ellipsoid's 1e-9; those of cut pieces to `resolution_m2`.
/// Validated against shapely 2.2 and PROJ by random pairs.
pub fn compare(baseline: &[Plot], current: &[Plot], tolerance: Tolerance) -> Identity {
    let mut sums = Sums::default();
    let mut plots: Vec<PlotChange> =
        baseline.iter().map(|plot| change_of(plot, current, tolerance, &mut sums)).collect();
    for plot in current {
        let gained = pieces_beyond(plot, baseline, &mut sums);
        let amount = Amount::of(&gained, tolerance.sliver_width_m);
        sums.gained.add(amount);
        match plots.iter_mut().find(|change| change.id == plot.id) {
            Some(change) => {
                change.after_m2 = Some(change.after_m2.unwrap_or(0.0) + area::area_m2(plot.region));
                change.gained.add(amount);
            }
            None => plots.push(new_plot(plot, amount)),
        }
    }
    let before = total(baseline, &mut sums);
    let after = total(current, &mut sums);
    sums.identity(plots, before, after, tolerance)
}

impl Amount {
    /// All but the slivers [m²].
    pub fn solid_m2(self) -> f64 {
        self.area_m2 - self.sliver_m2
    }

    fn of(pieces: &Pieces, sliver_width_m: f64) -> Amount {
        let mut amount = Amount::default();
        for Measure { area_m2, perimeter_m } in pieces.measures() {
            let sliver = 2.0 * area_m2 < sliver_width_m * perimeter_m;
            amount.add(Amount {
                area_m2,
                pieces: 1,
                sliver_m2: if sliver { area_m2 } else { 0.0 },
                slivers: usize::from(sliver),
            });
        }
        amount
    }

    fn add(&mut self, other: Amount) {
        self.area_m2 += other.area_m2;
        self.sliver_m2 += other.sliver_m2;
        self.pieces += other.pieces;
        self.slivers += other.slivers;
    }
}

/// What is summed over all plots.
#[derive(Default)]
struct Sums {
    lost: Amount,
    gained: Amount,
    kept_m2: f64,
    flows: BTreeMap<(String, String), Amount>,
    resolution_m2: f64,
}

/// Area of plots [m²].
struct Total {
    area_m2: f64,
    overlap_m2: f64,
}

fn change_of(plot: &Plot, current: &[Plot], tolerance: Tolerance, sums: &mut Sums) -> PlotChange {
    let before_m2 = area::area_m2(plot.region);
    let lost_pieces = pieces_beyond(plot, current, sums);
    let lost = Amount::of(&lost_pieces, tolerance.sliver_width_m);
    let mut reclassed = Amount::default();
    for now in near(plot, current) {
        let kept = overlay::shared(plot.region.dense(), now.region.dense());
        let amount = Amount::of(&kept, tolerance.sliver_width_m);
        sums.resolution_m2 += kept.resolution_m2;
        sums.kept_m2 += amount.area_m2;
        if amount.pieces == 0 {
            continue;
        }
        let key = (plot.land_class.to_string(), now.land_class.to_string());
        if outcome::differ(&key) {
            reclassed.add(amount);
        }
        sums.flows.entry(key).or_default().add(amount);
    }
    sums.lost.add(lost);
    PlotChange {
        id: plot.id.to_string(),
        before_m2: Some(before_m2),
        after_m2: None,
        lost,
        gained: Amount::default(),
        reclassed,
        share_lost: share(lost, before_m2),
        lost_pieces: lost_pieces.pieces,
    }
}

/// What was lost of an area, not more than all of it by rounding; `None` without an area.
fn share(lost: Amount, before_m2: f64) -> Option<f64> {
    Some(lost.area_m2 / before_m2).filter(|share| share.is_finite()).map(|share| share.min(1.0))
}

fn new_plot(plot: &Plot, gained: Amount) -> PlotChange {
    PlotChange {
        id: plot.id.to_string(),
        before_m2: None,
        after_m2: Some(area::area_m2(plot.region)),
        lost: Amount::default(),
        gained,
        reclassed: Amount::default(),
        share_lost: None,
        lost_pieces: Vec::new(),
    }
}

/// The ground of a plot that lies in none of the others.
fn pieces_beyond(plot: &Plot, others: &[Plot], sums: &mut Sums) -> Pieces {
    let near: Vec<&[Polygon]> = near(plot, others).map(|other| other.region.dense()).collect();
    let pieces = overlay::without(plot.region.dense(), &near);
    sums.resolution_m2 += pieces.resolution_m2;
    pieces
}

/// Those whose boxes meet.
fn near<'a>(plot: &'a Plot, others: &'a [Plot<'a>]) -> impl Iterator<Item = &'a Plot<'a>> {
    let here = plot.region.reach();
    others.iter().filter(move |other| here.zip(other.region.reach()).is_some_and(|(a, b)| a.meets(b)))
}

/// Area of all plots, with what they share taken once.
fn total(plots: &[Plot], sums: &mut Sums) -> Total {
    let mut overlap_m2 = 0.0;
    let mut area_m2 = 0.0;
    for (at, plot) in plots.iter().enumerate() {
        area_m2 += area::area_m2(plot.region);
        let earlier: Vec<&[Polygon]> = near(plot, &plots[..at]).map(|other| other.region.dense()).collect();
        if earlier.is_empty() {
            continue;
        }
        let covered = overlay::shared_with_any(plot.region.dense(), &earlier);
        sums.resolution_m2 += covered.resolution_m2;
        overlap_m2 += covered.area_m2();
    }
    Total { area_m2: area_m2 - overlap_m2, overlap_m2 }
}

impl Sums {
    fn identity(self, plots: Vec<PlotChange>, before: Total, after: Total, tolerance: Tolerance) -> Identity {
        let (mut reclassed, mut class_unknown) = (Amount::default(), Amount::default());
        for (key, amount) in &self.flows {
            if key.0.is_empty() || key.1.is_empty() {
                class_unknown.add(*amount);
            } else if outcome::differ(key) {
                reclassed.add(*amount);
            }
        }
        let classes = self.flows.into_iter().map(|((from, to), amount)| ClassFlow { from, to, amount }).collect();
        let left = (before.area_m2 + before.overlap_m2 - self.lost.area_m2 - self.kept_m2).abs();
        let right = (after.area_m2 + after.overlap_m2 - self.gained.area_m2 - self.kept_m2).abs();
        let mut identity = Identity {
            plots,
            before_m2: before.area_m2,
            after_m2: after.area_m2,
            share_lost: share(self.lost, before.area_m2),
            symmetric_difference_m2: self.lost.area_m2 + self.gained.area_m2,
            lost: self.lost,
            gained: self.gained,
            classes,
            class_unknown,
            reclassed,
            overlap_before_m2: before.overlap_m2,
            overlap_after_m2: after.overlap_m2,
            closure_m2: left.max(right),
            resolution_m2: self.resolution_m2,
            tests: Tests::default(),
        };
        identity.tests = outcome::judge(&identity, tolerance);
        identity
    }
}

#[cfg(test)]
mod tests;
