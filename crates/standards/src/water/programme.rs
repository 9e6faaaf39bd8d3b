//! A monitoring programme of fixed items and of what exceeded → the items that are evaluated ("5+X").

use crate::media::{Limits, Verdict};
use domain::Confidence;

/// Which items are measured and evaluated all the time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Programme {
    /// Standard id.
    pub id: String,
    /// Confidence in it.
    pub confidence: Confidence,
    /// Parameters measured everywhere.
    pub measured: Vec<String>,
    /// Parameters measured in lakes beside them.
    pub measured_lake: Vec<String>,
    /// Items evaluated in any case, by their codes.
    pub evaluated: Vec<String>,
}

impl Programme {
    /// X of a section: items beyond the reference class in any of these verdicts, by their place.
    ///
    /// Give the verdicts of the months of last year and of this one.
    pub fn exceeded(&self, limits: &Limits, verdicts: &[Verdict]) -> Vec<usize> {
        let over = verdicts.iter().flat_map(|verdict| &verdict.items).filter(|own| own.class > limits.reference);
        let mut items: Vec<usize> = over
            .map(|own| own.item)
            .filter(|item| limits.items[*item].in_class && !self.always(limits, *item))
            .collect();
        items.sort_unstable();
        items.dedup();
        items
    }

    /// Which items make the class of a section: those evaluated in any case, and X.
    ///
    /// Reference: 环办监测函〔2020〕714号. The result goes to [`Limits::judge`].
    pub fn counted(&self, limits: &Limits, exceeded: &[usize]) -> Vec<bool> {
        (0..limits.items.len()).map(|item| self.always(limits, item) || exceeded.contains(&item)).collect()
    }

    fn always(&self, limits: &Limits, item: usize) -> bool {
        self.evaluated.contains(&limits.items[item].code)
    }
}
