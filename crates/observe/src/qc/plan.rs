//! Which tests a series gets, with their limits: made by [`super::QcCatalog`], run by [`super::run`].

use super::attenuated::Attenuated;
use super::beside::{Cross, Neighbour};
use super::drift::Drift;
use super::flag::TestKind;
use super::flat::FlatLine;
use super::gap::{Gap, Stuck};
use super::range::{Climatology, Spans};
use super::rate::Rate;
use super::spike::Spike;
use domain::Confidence;

/// A test with its limits.
#[derive(Clone, Debug, PartialEq)]
pub enum QcTest {
    /// Gross range.
    Range(Spans),
    /// Climatology by month.
    Climatology(Box<Climatology>),
    /// Spike.
    Spike(Spike),
    /// Rate of change.
    Rate(Rate),
    /// Flat line.
    FlatLine(FlatLine),
    /// Attenuated signal.
    Attenuated(Attenuated),
    /// Gap.
    Gap(Gap),
    /// Stuck at the resolution.
    Stuck(Stuck),
    /// Cross-parameter.
    Cross(Cross),
    /// Neighbours.
    Neighbour(Neighbour),
    /// Drift.
    Drift(Drift),
}

/// A test of a plan, and where its limits come from.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedTest {
    /// The test.
    pub test: QcTest,
    /// Unit of its limits.
    pub unit: String,
    /// How far its limits may be trusted.
    pub confidence: Confidence,
    /// Where they come from.
    pub source: String,
}

/// The tests of one series, at most one of a kind, in the order of [`TestKind::ALL`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QcPlan {
    /// Code of the parameter.
    pub parameter: String,
    /// Kind of site: a word of [`domain::OutletKind`].
    pub site: String,
    /// The tests.
    pub tests: Vec<PlannedTest>,
}

impl QcTest {
    /// Which test it is.
    pub fn kind(&self) -> TestKind {
        match self {
            QcTest::Range(_) => TestKind::Range,
            QcTest::Climatology(_) => TestKind::Climatology,
            QcTest::Spike(_) => TestKind::Spike,
            QcTest::Rate(_) => TestKind::Rate,
            QcTest::FlatLine(_) => TestKind::FlatLine,
            QcTest::Attenuated(_) => TestKind::Attenuated,
            QcTest::Gap(_) => TestKind::Gap,
            QcTest::Stuck(_) => TestKind::Stuck,
            QcTest::Cross(_) => TestKind::Cross,
            QcTest::Neighbour(_) => TestKind::Neighbour,
            QcTest::Drift(_) => TestKind::Drift,
        }
    }
}

impl QcPlan {
    /// The test of a kind, if it is planned.
    pub fn test(&self, kind: TestKind) -> Option<&PlannedTest> {
        self.tests.iter().find(|planned| planned.test.kind() == kind)
    }

    /// Codes of the other parameters that its tests ask for.
    pub fn companions(&self) -> Vec<&str> {
        let cross = self.tests.iter().filter_map(|planned| match &planned.test {
            QcTest::Cross(cross) => Some(cross),
            _ => None,
        });
        cross.flat_map(Cross::others).collect()
    }

    /// Whether a test asks for stations around.
    pub fn wants_neighbours(&self) -> bool {
        self.test(TestKind::Neighbour).is_some() || self.test(TestKind::Drift).is_some()
    }

    /// The confidence of its weakest limits.
    pub fn confidence(&self) -> Confidence {
        self.tests.iter().map(|planned| planned.confidence).fold(Confidence::Confirmed, Confidence::and)
    }
}
