//! Rings of one polygon, free of spikes → every place where they cross, touch or lie on each other.
//!
//! A sweep from west to east over the edges, with exact predicates; nothing is rounded, so that a region that
//! passes does not cross itself. Two rings that meet in a point cross there if the ways out of it alternate.

use crate::geometry::LonLat;
use geo::kernels::{Kernel, Orientation, RobustKernel};
use geo::line_intersection::{LineIntersection, line_intersection};

/// How two edges meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// From one side to the other.
    Crossing,
    /// Along a line.
    Doubled,
    /// In a point, without crossing.
    Touch,
}

/// One place where two edges meet that are not neighbours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contact {
    /// How.
    pub kind: Kind,
    /// Where.
    pub at: LonLat,
    /// Which rings, counted from 0; the later one first.
    pub rings: (usize, usize),
}

/// Contacts that are told of one polygon: after so many crossings the rest says nothing new.
const MOST: usize = 5;

#[derive(Clone, Copy, Debug)]
struct Edge {
    ring: usize,
    at: usize,
    line: geo::Line,
}

/// All contacts of closed rings without repeated points: at most some of each kind, crossings first.
pub fn contacts(rings: &[Vec<LonLat>]) -> Vec<Contact> {
    let mut edges: Vec<Edge> = rings.iter().enumerate().flat_map(|(ring, points)| edges(ring, points)).collect();
    edges.sort_by(|a, b| west(a).total_cmp(&west(b)).then((a.ring, a.at).cmp(&(b.ring, b.at))));
    let mut found: Vec<Contact> = Vec::new();
    let mut open: Vec<Edge> = Vec::new();
    for edge in edges {
        open.retain(|other| east(other) >= west(&edge));
        for other in open.iter().filter(|other| share_latitudes(other, &edge)) {
            found.extend(contact(rings, other, &edge));
        }
        open.push(edge);
        if found.iter().filter(|contact| contact.kind <= Kind::Doubled).count() > MOST * MOST {
            break;
        }
    }
    few(found)
}

/// Sorted, one of a place, a handful of each kind.
fn few(mut found: Vec<Contact>) -> Vec<Contact> {
    let key = |contact: &Contact| (contact.kind, contact.rings);
    found.sort_by(|a, b| key(a).cmp(&key(b)).then(a.at.lon.total_cmp(&b.at.lon)).then(a.at.lat.total_cmp(&b.at.lat)));
    found.dedup();
    let mut counts = [0; 3];
    found.retain(|contact| {
        counts[contact.kind as usize] += 1;
        counts[contact.kind as usize] <= MOST
    });
    found
}

fn edges(ring: usize, points: &[LonLat]) -> impl Iterator<Item = Edge> {
    let line = |pair: &[LonLat]| geo::Line::new(coord(pair[0]), coord(pair[1]));
    points.windows(2).enumerate().map(move |(at, pair)| Edge { ring, at, line: line(pair) })
}

/// How two edges meet, if they do other than as neighbours.
fn contact(rings: &[Vec<LonLat>], one: &Edge, two: &Edge) -> Option<Contact> {
    let met = line_intersection(one.line, two.line)?;
    let rings_of = (one.ring.max(two.ring), one.ring.min(two.ring));
    let told = |kind, coord: geo::Coord| Some(Contact { kind, at: LonLat::new(coord.x, coord.y), rings: rings_of });
    let neighbours = are_neighbours(rings, one, two);
    match met {
        LineIntersection::Collinear { intersection } if intersection.start == intersection.end => {
            if neighbours {
                None
            } else {
                told(how(rings, one, two, intersection.start), intersection.start)
            }
        }
        LineIntersection::Collinear { intersection } => told(Kind::Doubled, intersection.start),
        LineIntersection::SinglePoint { intersection, is_proper: true } => told(Kind::Crossing, intersection),
        LineIntersection::SinglePoint { .. } if neighbours => None,
        LineIntersection::SinglePoint { intersection, .. } => told(how(rings, one, two, intersection), intersection),
    }
}

fn are_neighbours(rings: &[Vec<LonLat>], one: &Edge, two: &Edge) -> bool {
    let edges = rings[one.ring].len() - 1;
    one.ring == two.ring && ((one.at + 1) % edges == two.at || (two.at + 1) % edges == one.at)
}

/// Whether two ways through a point cross or only touch in it.
fn how(rings: &[Vec<LonLat>], one: &Edge, two: &Edge, at: geo::Coord) -> Kind {
    let (from, to) = way(&rings[one.ring], one, at);
    let (left, right) = way(&rings[two.ring], two, at);
    if [from, to].iter().any(|end| is_along(at, *end, left) || is_along(at, *end, right)) {
        // They run together for a while; that is told of the edges that lie on each other.
        return Kind::Touch;
    }
    if is_between(at, (left, right), from) == is_between(at, (left, right), to) { Kind::Touch } else { Kind::Crossing }
}

/// The points before and after `at` on the way along an edge's ring.
fn way(points: &[LonLat], edge: &Edge, at: geo::Coord) -> (geo::Coord, geo::Coord) {
    let edges = points.len() - 1;
    if at == edge.line.start {
        (coord(points[(edge.at + edges - 1) % edges]), edge.line.end)
    } else if at == edge.line.end {
        (edge.line.start, coord(points[(edge.at + 2) % edges]))
    } else {
        (edge.line.start, edge.line.end)
    }
}

/// Whether `a` and `b` lie in the same direction from `at`.
fn is_along(at: geo::Coord, a: geo::Coord, b: geo::Coord) -> bool {
    let same = |u: f64, v: f64| (u >= 0.0 && v >= 0.0) || (u <= 0.0 && v <= 0.0);
    turn(at, a, b) == Orientation::Collinear && same(a.x - at.x, b.x - at.x) && same(a.y - at.y, b.y - at.y)
}

/// Whether the direction to `end` lies in the angle from the first way counter-clockwise to the second.
fn is_between(at: geo::Coord, ways: (geo::Coord, geo::Coord), end: geo::Coord) -> bool {
    let left_of = |way: geo::Coord| turn(at, way, end) == Orientation::CounterClockwise;
    match turn(at, ways.0, ways.1) {
        Orientation::CounterClockwise => left_of(ways.0) && !left_of(ways.1),
        Orientation::Clockwise => left_of(ways.0) || !left_of(ways.1),
        Orientation::Collinear => left_of(ways.0),
    }
}

fn turn(a: geo::Coord, b: geo::Coord, c: geo::Coord) -> Orientation {
    RobustKernel::orient2d(a, b, c)
}

fn coord(point: LonLat) -> geo::Coord {
    geo::Coord { x: point.lon, y: point.lat }
}

fn west(edge: &Edge) -> f64 {
    edge.line.start.x.min(edge.line.end.x)
}

fn east(edge: &Edge) -> f64 {
    edge.line.start.x.max(edge.line.end.x)
}

fn share_latitudes(one: &Edge, two: &Edge) -> bool {
    let (a, b) = (one.line, two.line);
    a.start.y.min(a.end.y) <= b.start.y.max(b.end.y) && b.start.y.min(b.end.y) <= a.start.y.max(a.end.y)
}
