//! Polygons as read → a region that can be measured, or the reasons why not. Called by `read`, `datum` and
//! whoever makes polygons; everything that measures takes a [`Region`] and so need not check again.

mod crossing;
pub(crate) mod rings;

use crate::fault::{Fault, FaultKind};
use crate::geometry::{Bounds, LonLat, Polygon};
use crate::overlay;
use crossing::Contact;
use geo::CoordsIter;
use geo::coordinate_position::{CoordPos, CoordinatePosition};

/// Polygons that stood the checks: rings closed, shells counter-clockwise, holes clockwise and inside,
/// nothing crosses, nothing is counted twice.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Region {
    polygons: Vec<Polygon>,
    dense: Vec<Polygon>,
    reach: Option<Bounds>,
}

impl Region {
    /// Checks and mends polygons: the region unless a fault refuses it, and all faults found.
    ///
    /// Without polygons there is a region, of area 0.
    pub fn check(polygons: &[Polygon]) -> (Option<Region>, Vec<Fault>) {
        let mut faults = Vec::new();
        let mut taken = Vec::new();
        for (at, polygon) in polygons.iter().enumerate() {
            taken.extend(check_polygon(polygon, at + 1, &mut faults));
        }
        if faults.iter().any(Fault::refuses) {
            return (None, faults);
        }
        let dense: Vec<Polygon> = taken.iter().map(overlay::dense).collect();
        faults.extend(dense.iter().enumerate().flat_map(|(at, polygon)| geodesic_faults(polygon, at + 1)));
        if !faults.iter().any(Fault::refuses) {
            faults.extend(parts_overlap(&dense));
        }
        let region = Region { reach: overlay::reach(&dense), polygons: taken, dense };
        let sound = !faults.iter().any(Fault::refuses);
        (sound.then_some(region), faults)
    }

    /// The polygons: closed rings, shells counter-clockwise, holes clockwise.
    pub fn polygons(&self) -> &[Polygon] {
        &self.polygons
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.polygons.is_empty()
    }

    /// The box around it; `None` when it is empty.
    pub fn bounds(&self) -> Option<Bounds> {
        Bounds::of(self.polygons.iter().flat_map(|polygon| &polygon.shell))
    }

    /// The polygons with points along their long edges, for overlays.
    pub(crate) fn dense(&self) -> &[Polygon] {
        &self.dense
    }

    /// The box around its geodesic edges; `None` when it is empty.
    pub(crate) fn reach(&self) -> Option<Bounds> {
        self.reach
    }

    /// Every point of every ring.
    pub fn points(&self) -> impl Iterator<Item = &LonLat> {
        self.polygons.iter().flat_map(Polygon::rings).flatten()
    }

    /// Every point moved by `convert`, and checked again: a region seldom breaks by a change of datum,
    /// but two points closer than the numbers resolve may.
    pub fn converted(&self, convert: impl Fn(LonLat) -> LonLat) -> (Option<Region>, Vec<Fault>) {
        let ring = |ring: &Vec<LonLat>| ring.iter().map(|point| convert(*point)).collect();
        let moved = |polygon: &Polygon| Polygon {
            shell: ring(&polygon.shell),
            holes: polygon.holes.iter().map(ring).collect(),
        };
        Region::check(&self.polygons.iter().map(moved).collect::<Vec<_>>())
    }
}

/// One polygon mended, unless it is refused.
fn check_polygon(polygon: &Polygon, part: usize, faults: &mut Vec<Fault>) -> Option<Polygon> {
    let before = faults.len();
    let mut rings = Vec::new();
    for (at, ring) in polygon.rings().enumerate() {
        let (mended, kinds) = rings::mend(ring, at == 0);
        faults.extend(kinds.into_iter().map(|kind| Fault { part, ring: at + 1, kind }));
        rings.push(mended);
    }
    if faults[before..].iter().any(Fault::refuses) {
        return None;
    }
    for contact in crossing::contacts(&rings) {
        faults.push(fault_of(contact, part));
    }
    if faults[before..].iter().any(Fault::refuses) {
        // Which way a crossed ring turns means nothing.
        faults.retain(|fault| fault.part != part || fault.kind != FaultKind::Turned);
        return None;
    }
    faults.extend(misplaced_holes(&rings, part));
    let mut rings = rings.into_iter();
    Some(Polygon { shell: rings.next().unwrap_or_default(), holes: rings.collect() })
}

/// Faults of the geodesics where the straight lines of degrees have none: edges that run beside each other, some
/// millimetres apart. Their ground would be counted with the wrong sign.
fn geodesic_faults(dense: &Polygon, part: usize) -> Vec<Fault> {
    let rings: Vec<Vec<LonLat>> = dense.rings().cloned().collect();
    let contacts = crossing::contacts(&rings).into_iter().map(|contact| fault_of(contact, part));
    let mut faults: Vec<Fault> = contacts.filter(Fault::refuses).collect();
    // A ring whose geodesics turn the other way than its lines is thinner than they are apart.
    let turned = rings.iter().enumerate().filter(|(at, ring)| rings::is_counter_clockwise(ring) != (*at == 0));
    faults.extend(turned.map(|(at, _)| Fault { part, ring: at + 1, kind: FaultKind::NoArea }));
    faults
}

fn fault_of(contact: Contact, part: usize) -> Fault {
    let (ring, other_ring) = (contact.rings.0 + 1, contact.rings.1 + 1);
    let at = contact.at;
    let kind = match contact.kind {
        crossing::Kind::Crossing => FaultKind::Crossing { at, other_ring },
        crossing::Kind::Doubled => FaultKind::DoubledEdge { at, other_ring },
        crossing::Kind::Touch => FaultKind::Touch { at, other_ring },
    };
    Fault { part, ring, kind }
}

/// Holes that are not in the shell, or in another hole. The rings do not cross, so one point decides.
fn misplaced_holes(rings: &[Vec<LonLat>], part: usize) -> Vec<Fault> {
    let shapes: Vec<geo::Polygon> =
        rings.iter().map(|ring| geo::Polygon::new(overlay::line(ring), Vec::new())).collect();
    let bounds: Vec<Option<Bounds>> = rings.iter().map(Bounds::of).collect();
    let mut faults = Vec::new();
    for (at, hole) in shapes.iter().enumerate().skip(1) {
        let (ring, here) = (at + 1, rings[at][0]);
        if position(hole, &shapes[0]) != CoordPos::Inside {
            faults.push(Fault { part, ring, kind: FaultKind::HoleOutside { at: here } });
        }
        for (other, shape) in shapes.iter().enumerate().skip(1) {
            let near = bounds[at].zip(bounds[other]).is_some_and(|(a, b)| a.meets(b));
            if other != at && near && position(hole, shape) == CoordPos::Inside {
                faults.push(Fault { part, ring, kind: FaultKind::HoleInHole { at: here, other_ring: other + 1 } });
            }
        }
    }
    faults
}

/// Where a ring lies that does not cross `shape`: its first point that is not on the border says so.
fn position(ring: &geo::Polygon, shape: &geo::Polygon) -> CoordPos {
    let places = ring.exterior().coords_iter().map(|coord| shape.coordinate_position(&coord));
    let clear = places.into_iter().find(|place| *place != CoordPos::OnBoundary);
    // Every point on the border, no edge on an edge: the edges of the ring are chords.
    clear.unwrap_or_else(|| {
        let points: Vec<geo::Coord> = ring.exterior().coords_iter().take(2).collect();
        match points[..] {
            [a, b] => shape.coordinate_position(&((a + b) / 2.0)),
            _ => CoordPos::Outside,
        }
    })
}

/// Ground that two polygons of one shape share, beyond what the overlay resolves.
fn parts_overlap(polygons: &[Polygon]) -> Vec<Fault> {
    let bounds: Vec<Option<Bounds>> = polygons.iter().map(|polygon| overlay::reach([polygon])).collect();
    let mut faults = Vec::new();
    for (at, one) in polygons.iter().enumerate() {
        for (other, two) in polygons.iter().enumerate().take(at) {
            if !bounds[at].zip(bounds[other]).is_some_and(|(a, b)| a.meets(b)) {
                continue;
            }
            let shared = overlay::shared_by_polygons(one, two);
            let Some(place) = shared.pieces.first().and_then(|piece| piece.shell.first()) else { continue };
            let area_m2 = shared.area_m2();
            if area_m2 > shared.resolution_m2 {
                let kind = FaultKind::PartsOverlap { other_part: other + 1, area_m2, at: *place };
                faults.push(Fault { part: at + 1, ring: 0, kind });
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests;
