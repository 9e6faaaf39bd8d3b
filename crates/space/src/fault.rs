//! What can be wrong with a shape, with the words for people. Made by `region` and `read`, shown by both.

use crate::geometry::LonLat;
use domain::{Place, Problem, Severity, Text};

/// One fault of one ring.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// Which polygon of the shape, from 1.
    pub part: usize,
    /// Which ring of it: 1 is the shell, the holes follow. 0 when the whole part is meant.
    pub ring: usize,
    /// What is wrong.
    pub kind: FaultKind,
}

/// What is wrong, with the values.
#[derive(Clone, Debug, PartialEq)]
pub enum FaultKind {
    /// A coordinate is no finite number.
    NotFinite { point: usize, at: LonLat },
    /// Beyond ±180 or ±90 degrees.
    OffEarth { point: usize, at: LonLat, looks: Looks },
    /// Fewer than three different points.
    TooFewPoints { points: usize },
    /// Its points lie on a line, or so near to one that its geodesics turn the other way.
    NoArea,
    /// It spans more of the earth than any plan, so that one of its points must be wrong.
    TooWide { degrees: f64 },
    /// Two edges cross.
    Crossing { at: LonLat, other_ring: usize },
    /// Two edges lie on each other.
    DoubledEdge { at: LonLat, other_ring: usize },
    /// A hole that is not in its shell.
    HoleOutside { at: LonLat },
    /// A hole in, or over, another hole.
    HoleInHole { at: LonLat, other_ring: usize },
    /// Two polygons of one shape share ground.
    PartsOverlap { other_part: usize, area_m2: f64, at: LonLat },
    /// The last point is not the first: the ring was closed.
    NotClosed { first: LonLat, last: LonLat },
    /// Points that repeat the one before: left out.
    RepeatedPoints { points: usize },
    /// A shell that turns clockwise or a hole that does not: turned.
    Turned,
    /// A ring that touches itself or another one in a point.
    Touch { at: LonLat, other_ring: usize },
    /// A ring that goes out and back on the same line: taken out.
    Spike { at: LonLat },
    /// All points would lie in China if longitude and latitude were exchanged, and none does now.
    SwappedSuspected { at: LonLat },
}

/// What a coordinate beyond the earth looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    /// Latitude written before longitude.
    Swapped,
    /// Metres of a map projection.
    Projected,
    /// Nothing known.
    Unknown,
}

impl Fault {
    /// Whether the shape cannot be measured with it.
    pub fn refuses(&self) -> bool {
        self.severity() == Severity::Error
    }

    /// How much it matters.
    pub fn severity(&self) -> Severity {
        match self.kind {
            FaultKind::RepeatedPoints { .. } | FaultKind::Turned => Severity::Note,
            FaultKind::NotClosed { .. }
            | FaultKind::Touch { .. }
            | FaultKind::Spike { .. }
            | FaultKind::SwappedSuspected { .. } => Severity::Warning,
            _ => Severity::Error,
        }
    }

    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self.kind {
            FaultKind::NotFinite { .. } => "not-finite",
            FaultKind::OffEarth { looks: Looks::Swapped, .. } => "lon-lat-swapped",
            FaultKind::OffEarth { looks: Looks::Projected, .. } => "projected-metres",
            FaultKind::OffEarth { .. } => "off-earth",
            FaultKind::TooFewPoints { .. } => "too-few-points",
            FaultKind::NoArea => "no-area",
            FaultKind::TooWide { .. } => "too-wide",
            FaultKind::Crossing { .. } => "self-crossing",
            FaultKind::DoubledEdge { .. } => "doubled-edge",
            FaultKind::HoleOutside { .. } => "hole-outside",
            FaultKind::HoleInHole { .. } => "hole-in-hole",
            FaultKind::PartsOverlap { .. } => "parts-overlap",
            FaultKind::NotClosed { .. } => "ring-not-closed",
            FaultKind::RepeatedPoints { .. } => "repeated-points",
            FaultKind::Turned => "ring-turned",
            FaultKind::Touch { .. } => "ring-touches",
            FaultKind::Spike { .. } => "spike",
            FaultKind::SwappedSuspected { .. } => "lon-lat-swapped-suspected",
        }
    }

    /// Where, what, and what to do.
    pub fn text(&self) -> Text {
        let (zh, en) = self.words();
        let (place_zh, place_en) = match self.ring {
            0 => (format!("第{}部分", self.part), format!("part {}", self.part)),
            1 => (format!("第{}个多边形的外环", self.part), format!("polygon {}, outer ring", self.part)),
            ring => (
                format!("第{}个多边形的第{}个内环", self.part, ring - 1),
                format!("polygon {}, hole {}", self.part, ring - 1),
            ),
        };
        Text::new(format!("{place_zh}：{zh}"), format!("{place_en}: {en}"))
    }

    /// As a problem of a file.
    pub fn problem(&self, place: Place) -> Problem {
        Problem {
            severity: self.severity(),
            code: self.code(),
            place,
            raw: self.at().map(|at| format!("{} {}", at.lon, at.lat)).unwrap_or_default(),
            message: self.text(),
        }
    }

    /// The place in degrees, where there is one.
    pub fn at(&self) -> Option<LonLat> {
        match self.kind {
            FaultKind::NotFinite { at, .. }
            | FaultKind::OffEarth { at, .. }
            | FaultKind::Crossing { at, .. }
            | FaultKind::DoubledEdge { at, .. }
            | FaultKind::HoleOutside { at }
            | FaultKind::HoleInHole { at, .. }
            | FaultKind::PartsOverlap { at, .. }
            | FaultKind::Touch { at, .. }
            | FaultKind::Spike { at }
            | FaultKind::SwappedSuspected { at } => Some(at),
            FaultKind::NotClosed { last, .. } => Some(last),
            FaultKind::TooFewPoints { .. }
            | FaultKind::NoArea
            | FaultKind::TooWide { .. }
            | FaultKind::RepeatedPoints { .. }
            | FaultKind::Turned => None,
        }
    }

    fn words(&self) -> (String, String) {
        match &self.kind {
            FaultKind::NotFinite { point, at } => (
                format!("第{point}个点（{} {}）不是有限的数；请改正坐标。", at.lon, at.lat),
                format!("point {point} ({} {}) is not a finite number; correct the coordinates", at.lon, at.lat),
            ),
            FaultKind::OffEarth { point, at, looks } => off_earth(*point, *at, *looks),
            FaultKind::TooFewPoints { points } => (
                format!("只有{points}个不同的点，至少需要3个；请补全边界。"),
                format!("has {points} different points, at least 3 are needed; complete the boundary"),
            ),
            FaultKind::NoArea => (
                "所有点（几乎）在一条线上，没有可计算的面积；请检查边界。".into(),
                "all points lie on a line, or nearly, so there is no area to measure; check the boundary".into(),
            ),
            FaultKind::TooWide { degrees } => (
                format!("跨越{degrees:.0}度，超出任何规划的范围；请检查坐标的正负号和数位。"),
                format!("spans {degrees:.0} degrees, more than any plan; check signs and digits of its coordinates"),
            ),
            FaultKind::Crossing { at, other_ring } => (
                format!(
                    "与{}在（{at}）处相交，面积无法确定；请在该处改正边界后重新提交。",
                    ring_zh(*other_ring, self.ring)
                ),
                format!(
                    "crosses {} at ({at}), so its area is not defined; correct the boundary there and submit it again",
                    ring_en(*other_ring, self.ring)
                ),
            ),
            FaultKind::DoubledEdge { at, other_ring } => (
                format!(
                    "与{}在（{at}）附近有重合的边；请去掉重复的边，孔洞应作为单独的内环。",
                    ring_zh(*other_ring, self.ring)
                ),
                format!(
                    "shares an edge with {} near ({at}); take the doubled edge out, and give holes as rings of their own",
                    ring_en(*other_ring, self.ring)
                ),
            ),
            FaultKind::HoleOutside { at } => (
                format!("内环（{at}）不在外环之内；请检查它属于哪个多边形。"),
                format!("lies outside of its outer ring at ({at}); check to which polygon it belongs"),
            ),
            FaultKind::HoleInHole { at, other_ring } => (
                format!("与{}在（{at}）处重叠；请合并两个内环。", ring_zh(*other_ring, self.ring)),
                format!("lies over {} at ({at}); join the two holes", ring_en(*other_ring, self.ring)),
            ),
            FaultKind::PartsOverlap { other_part, area_m2, at } => (
                format!("与第{other_part}个多边形在（{at}）附近重叠{area_m2:.1}平方米，会被重复计算；请去掉重叠部分。"),
                format!(
                    "overlaps polygon {other_part} by {area_m2:.1} m² near ({at}), which would be counted twice; take the overlap out"
                ),
            ),
            _ => self.mended_words(),
        }
    }

    /// Words for what was taken all the same.
    fn mended_words(&self) -> (String, String) {
        match &self.kind {
            FaultKind::NotClosed { first, last } => (
                format!("终点（{last}）不是起点（{first}），已按直接相连闭合；请确认边界没有缺点。"),
                format!(
                    "ends at ({last}), not where it begins ({first}); it was closed, check that no points are missing"
                ),
            ),
            FaultKind::RepeatedPoints { points } => {
                (format!("有{points}个重复的点，已略去。"), format!("{points} repeated points were left out"))
            }
            FaultKind::Touch { at, other_ring } => (
                format!("与{}在（{at}）处相接，面积不受影响。", ring_zh(*other_ring, self.ring)),
                format!("touches {} at ({at}); the area is not affected", ring_en(*other_ring, self.ring)),
            ),
            FaultKind::Spike { at } => (
                format!("在（{at}）处有往返的尖刺，没有面积，已删除。"),
                format!("has a spike at ({at}), which holds no ground; it was taken out"),
            ),
            FaultKind::SwappedSuspected { at } => (
                format!("坐标（{at}）在中国以外，而交换经纬度后在中国以内；请确认经度写在前面。"),
                format!(
                    "({at}) lies outside of China and would lie in it with longitude and latitude exchanged; check that longitude comes first"
                ),
            ),
            _ => ("环的方向已调整。".into(), "the ring was turned to the customary direction".into()),
        }
    }
}

fn off_earth(point: usize, at: LonLat, looks: Looks) -> (String, String) {
    let (zh, en) = match looks {
        Looks::Swapped => {
            ("像是纬度写在了经度前面；请把经度写在前面", "latitude seems to come first; write longitude first")
        }
        Looks::Projected => (
            "像是投影坐标（米）；请先转换为CGCS2000经纬度",
            "these look like metres of a projection; convert them to degrees of CGCS2000 first",
        ),
        Looks::Unknown => ("请改正坐标", "correct the coordinates"),
    };
    (
        format!("第{point}个点（{} {}）超出经度±180、纬度±90的范围；{zh}。", at.lon, at.lat),
        format!("point {point} ({} {}) is beyond ±180 and ±90 degrees; {en}", at.lon, at.lat),
    )
}

fn ring_zh(other: usize, own: usize) -> String {
    match other {
        _ if other == own => "自身".into(),
        1 => "外环".into(),
        _ => format!("第{}个内环", other - 1),
    }
}

fn ring_en(other: usize, own: usize) -> String {
    match other {
        _ if other == own => "itself".into(),
        1 => "the outer ring".into(),
        _ => format!("hole {}", other - 1),
    }
}
