//! What a test says of a value: QARTOD flags, the codes of the tests, and all flags of one point in one word.
//!
//! Made by [`super::run`] and [`super::QcState`]; pages and statistics read them.

use std::fmt;

/// QARTOD primary flag. The numbers are those of the manuals and of `ioos-qc`.
///
/// Reference: US IOOS, Manual for the Use of Real-Time Oceanographic Data Quality Control Flags, version 1.2 (2020),
/// table 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum QcFlag {
    /// Passed.
    Good = 1,
    /// Not evaluated: what the test needs is not there.
    Unknown = 2,
    /// Questionable.
    Suspect = 3,
    /// Failed.
    Fail = 4,
    /// There is no value.
    Missing = 9,
}

/// A test of the series QC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TestKind {
    /// Outside the range of the instrument or of what is plausible.
    Range,
    /// Outside the range usual in the month.
    Climatology,
    /// One value stands out from both neighbours in time.
    Spike,
    /// Changes faster than it can.
    Rate,
    /// Does not change.
    FlatLine,
    /// Changes less than it should.
    Attenuated,
    /// Comes after a gap.
    Gap,
    /// Repeats the same reading.
    Stuck,
    /// Contradicts another parameter of the same place.
    Cross,
    /// Contradicts the stations around.
    Neighbour,
    /// Drifts away from its reference.
    Drift,
}

/// What every test said of one point, four bits a test: 0 where the test was not run.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct QcFlags(u64);

const BITS: u32 = 4;
const MASK: u64 = 0xf;

impl QcFlag {
    /// Every flag, from the one that gives way to the one that prevails.
    pub const BY_RANK: [QcFlag; 5] = [QcFlag::Missing, QcFlag::Unknown, QcFlag::Good, QcFlag::Suspect, QcFlag::Fail];

    /// The QARTOD number.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// Back from its number.
    pub fn from_number(number: u8) -> Option<QcFlag> {
        QcFlag::BY_RANK.into_iter().find(|flag| flag.number() == number)
    }

    /// The word used in files and answers.
    pub fn code(self) -> &'static str {
        match self {
            QcFlag::Good => "good",
            QcFlag::Unknown => "unknown",
            QcFlag::Suspect => "suspect",
            QcFlag::Fail => "fail",
            QcFlag::Missing => "missing",
        }
    }

    /// The flag that prevails when two tests are put together: fail, suspect, good, unknown, missing.
    pub fn and(self, other: QcFlag) -> QcFlag {
        if self.rank() >= other.rank() { self } else { other }
    }

    fn rank(self) -> u8 {
        match self {
            QcFlag::Missing => 0,
            QcFlag::Unknown => 1,
            QcFlag::Good => 2,
            QcFlag::Suspect => 3,
            QcFlag::Fail => 4,
        }
    }

    /// By how far a number goes beyond two limits; a limit that is absent flags nothing.
    pub(crate) fn above(value: f64, suspect: Option<f64>, fail: Option<f64>) -> QcFlag {
        if fail.is_some_and(|limit| value > limit) {
            QcFlag::Fail
        } else if suspect.is_some_and(|limit| value > limit) {
            QcFlag::Suspect
        } else {
            QcFlag::Good
        }
    }
}

impl TestKind {
    /// Every test, in the order in which they are shown.
    pub const ALL: [TestKind; 11] = [
        TestKind::Range,
        TestKind::Climatology,
        TestKind::Spike,
        TestKind::Rate,
        TestKind::FlatLine,
        TestKind::Attenuated,
        TestKind::Gap,
        TestKind::Stuck,
        TestKind::Cross,
        TestKind::Neighbour,
        TestKind::Drift,
    ];

    /// The word used in files and answers.
    pub fn code(self) -> &'static str {
        match self {
            TestKind::Range => "range",
            TestKind::Climatology => "climatology",
            TestKind::Spike => "spike",
            TestKind::Rate => "rate",
            TestKind::FlatLine => "flat-line",
            TestKind::Attenuated => "attenuated",
            TestKind::Gap => "gap",
            TestKind::Stuck => "stuck",
            TestKind::Cross => "cross",
            TestKind::Neighbour => "neighbour",
            TestKind::Drift => "drift",
        }
    }

    /// Back from its word.
    pub fn from_code(code: &str) -> Option<TestKind> {
        TestKind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    fn shift(self) -> u32 {
        self as u32 * BITS
    }
}

impl QcFlags {
    /// What a test said; `None` where it was not run.
    pub fn of(self, kind: TestKind) -> Option<QcFlag> {
        QcFlag::from_number((self.0 >> kind.shift() & MASK) as u8)
    }

    /// Writes down what a test said, over what it said before.
    pub fn set(&mut self, kind: TestKind, flag: QcFlag) {
        self.0 = self.0 & !(MASK << kind.shift()) | u64::from(flag.number()) << kind.shift();
    }

    /// What each test that was run said, in the order of [`TestKind::ALL`].
    pub fn said(self) -> impl Iterator<Item = (TestKind, QcFlag)> {
        TestKind::ALL.into_iter().filter_map(move |kind| Some((kind, self.of(kind)?)))
    }

    /// The aggregate flag: what the strictest test said; unknown when none was run.
    ///
    /// Reference: `ioos-qc` 3.0.0, `qartod_compare`: missing < unknown < good < suspect < fail.
    pub fn aggregate(self) -> QcFlag {
        self.said().map(|(_, flag)| flag).reduce(QcFlag::and).unwrap_or(QcFlag::Unknown)
    }

    /// All in one number, for keeping; [`QcFlags::from_bits`] reads it back.
    pub fn bits(self) -> u64 {
        self.0
    }

    /// Back from [`QcFlags::bits`].
    pub fn from_bits(bits: u64) -> QcFlags {
        QcFlags(bits)
    }
}

impl fmt::Debug for QcFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.said().map(|(kind, flag)| (kind.code(), flag.number()))).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_test_keeps_what_it_said() {
        let mut flags = QcFlags::default();
        assert_eq!(flags.aggregate(), QcFlag::Unknown);
        for (index, kind) in TestKind::ALL.into_iter().enumerate() {
            flags.set(kind, QcFlag::BY_RANK[index % 5]);
        }
        flags.set(TestKind::Range, QcFlag::Good);
        assert_eq!(flags.of(TestKind::Range), Some(QcFlag::Good));
        assert_eq!(flags.of(TestKind::Drift), Some(QcFlag::Missing));
        assert_eq!(flags.said().count(), 11);
        assert_eq!(flags.aggregate(), QcFlag::Fail);
        assert_eq!(QcFlags::from_bits(flags.bits()), flags);
        assert_eq!(format!("{:?}", QcFlags::default()), "{}");
    }

    /// Order of precedence: `qartod_compare` of ioos-qc 3.0.0.
    #[test]
    fn the_strictest_prevails_and_good_prevails_over_unknown() {
        assert_eq!(QcFlag::Good.and(QcFlag::Unknown), QcFlag::Good);
        assert_eq!(QcFlag::Missing.and(QcFlag::Unknown), QcFlag::Unknown);
        assert_eq!(QcFlag::Suspect.and(QcFlag::Fail), QcFlag::Fail);
    }

    #[test]
    fn words_and_numbers_lead_back() {
        for kind in TestKind::ALL {
            assert_eq!(TestKind::from_code(kind.code()), Some(kind));
        }
        for flag in QcFlag::BY_RANK {
            assert_eq!(QcFlag::from_number(flag.number()), Some(flag));
        }
        assert_eq!(QcFlag::from_number(0), None);
    }
}
