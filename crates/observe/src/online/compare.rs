//! Ours and the instrument's own number of the same thing → how far they are apart.

use super::exact::over;
use domain::Ratio;

/// How far two numbers are apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Theirs − ours, in the unit of both.
    pub absolute: Ratio,
    /// (theirs − ours) / |ours| × 100 [%]; `None` where ours is zero.
    pub relative_percent: Option<Ratio>,
}

/// Theirs against ours.
///
/// ```
/// use domain::Ratio;
/// use observe::online::difference;
/// let got = difference(Ratio::new(102, 1), Ratio::new(100, 1));
/// assert_eq!((got.absolute, got.relative_percent), (Ratio::new(2, 1), Some(Ratio::new(2, 1))));
/// ```
pub fn difference(theirs: Ratio, ours: Ratio) -> Difference {
    let absolute = theirs.minus(ours);
    let size = if ours < Ratio::new(0, 1) { Ratio::new(0, 1).minus(ours) } else { ours };
    Difference { absolute, relative_percent: over(absolute, size).map(|share| share.times(100)) }
}
