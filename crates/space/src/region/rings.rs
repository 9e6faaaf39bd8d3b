//! One ring → closed, without repeated points, turned the customary way; what cannot be mended is a fault.

use crate::datum;
use crate::fault::{FaultKind, Looks};
use crate::geometry::{Bounds, LonLat};
use geo::kernels::{Kernel, Orientation, RobustKernel};

/// Mends a ring; the faults say what was done and what refuses it.
pub fn mend(ring: &[LonLat], shell: bool) -> (Vec<LonLat>, Vec<FaultKind>) {
    let mut faults: Vec<FaultKind> =
        ring.iter().enumerate().filter_map(|(at, point)| misplaced(at + 1, *point)).collect();
    faults.truncate(MOST);
    if !faults.is_empty() {
        return (ring.to_vec(), faults);
    }
    let mut points = ring.to_vec();
    points.dedup();
    let repeated = ring.len() - points.len();
    if repeated > 0 {
        faults.push(FaultKind::RepeatedPoints { points: repeated });
    }
    if let (Some(first), Some(last)) = (points.first().copied(), points.last().copied()) {
        if first == last {
            points.pop();
        } else {
            faults.push(FaultKind::NotClosed { first, last });
        }
    }
    let before = different(&points);
    let (points, spikes) = without_spikes(points);
    faults.extend(spikes.iter().take(MOST).map(|at| FaultKind::Spike { at: *at }));
    let different = different(&points);
    if before >= 3 && different < 3 {
        faults.push(FaultKind::NoArea);
        return (points, faults);
    }
    if different < 3 {
        faults.push(FaultKind::TooFewPoints { points: different });
        return (points, faults);
    }
    if lies_on_a_line(&points) {
        faults.push(FaultKind::NoArea);
        return (points, faults);
    }
    let degrees = Bounds::of(&points).map_or(0.0, Bounds::extent);
    if degrees > WIDEST_DEG {
        faults.push(FaultKind::TooWide { degrees });
        return (points, faults);
    }
    if let Some(at) = swapped(&points).filter(|_| shell) {
        faults.push(FaultKind::SwappedSuspected { at });
    }
    let mut points = points;
    points.push(points[0]);
    if is_counter_clockwise(&points) != shell {
        points.reverse();
        faults.push(FaultKind::Turned);
    }
    (points, faults)
}

/// Widest ring that is measured [°]: beyond it a geodesic may run the other way around the earth.
const WIDEST_DEG: f64 = 90.0;

/// Misplaced points of one ring that are told, so that a file in metres gives lines and not pages.
const MOST: usize = 3;

/// A coordinate that is no number or beyond the earth.
pub fn misplaced(point: usize, at: LonLat) -> Option<FaultKind> {
    if !at.lon.is_finite() || !at.lat.is_finite() {
        return Some(FaultKind::NotFinite { point, at });
    }
    if at.is_on_earth() {
        return None;
    }
    let looks = if LonLat::new(at.lat, at.lon).is_on_earth() {
        Looks::Swapped
    } else if at.lon.abs() > 10_000.0 || at.lat.abs() > 10_000.0 {
        Looks::Projected
    } else {
        Looks::Unknown
    };
    Some(FaultKind::OffEarth { point, at, looks })
}

/// The first point, if none lies in China and all would with longitude and latitude exchanged.
pub fn swapped(points: &[LonLat]) -> Option<LonLat> {
    let china = datum::china();
    let all = points.iter().all(|point| !china.holds(*point) && china.holds(LonLat::new(point.lat, point.lon)));
    points.first().copied().filter(|_| all)
}

/// By the sign of `Σ (p_i − p_0) × (p_{i+1} − p_0)`. One corner does not tell of a ring that touches itself there.
pub fn is_counter_clockwise(points: &[LonLat]) -> bool {
    let origin = points[0];
    let from_origin = |point: LonLat| (point.lon - origin.lon, point.lat - origin.lat);
    let cross = |pair: &[LonLat]| {
        let (a, b) = (from_origin(pair[0]), from_origin(pair[1]));
        a.0 * b.1 - a.1 * b.0
    };
    points.windows(2).map(cross).sum::<f64>() > 0.0
}

/// An open ring without the points at which it turns back on itself, and those points.
fn without_spikes(points: Vec<LonLat>) -> (Vec<LonLat>, Vec<LonLat>) {
    let mut spikes = Vec::new();
    let mut kept: Vec<LonLat> = Vec::with_capacity(points.len());
    for point in points {
        while let [.., before, tip] = kept[..]
            && turns_back(before, tip, point)
        {
            spikes.push(tip);
            kept.pop();
        }
        if kept.last() != Some(&point) {
            kept.push(point);
        }
    }
    // The same over the seam, from both sides.
    let mut from = 0;
    while let [first, second, .., before, last] = kept[from..] {
        if first == last {
            kept.pop();
        } else if turns_back(before, last, first) {
            spikes.push(last);
            kept.pop();
        } else if turns_back(last, first, second) {
            spikes.push(first);
            from += 1;
        } else {
            break;
        }
    }
    (kept.split_off(from), spikes)
}

/// Whether the way to `to` leads from `tip` back towards `before`.
fn turns_back(before: LonLat, tip: LonLat, to: LonLat) -> bool {
    let coord = |point: LonLat| geo::Coord { x: point.lon, y: point.lat };
    let dot = (before.lon - tip.lon) * (to.lon - tip.lon) + (before.lat - tip.lat) * (to.lat - tip.lat);
    dot > 0.0 && RobustKernel::orient2d(coord(before), coord(tip), coord(to)) == Orientation::Collinear
}

fn different(points: &[LonLat]) -> usize {
    let mut sorted = points.to_vec();
    sorted.sort_by(|a, b| a.lon.total_cmp(&b.lon).then(a.lat.total_cmp(&b.lat)));
    sorted.dedup();
    sorted.len()
}

fn lies_on_a_line(points: &[LonLat]) -> bool {
    let Some(second) = points.iter().find(|point| **point != points[0]) else { return true };
    let coord = |point: &LonLat| geo::Coord { x: point.lon, y: point.lat };
    let turn = |point: &LonLat| RobustKernel::orient2d(coord(&points[0]), coord(second), coord(point));
    points.iter().all(|point| turn(point) == Orientation::Collinear)
}
