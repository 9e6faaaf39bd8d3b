//! Two accounts of a node → what became another, for “before and after”.

use crate::graph::node::{NodeKey, NodeValue, Part};
use std::sync::Arc;

/// A node whose value became another.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    /// Which.
    pub key: NodeKey,
    /// Before; `None` where there was no such node.
    pub before: Option<Arc<NodeValue>>,
    /// After; `None` where there is no such node any more.
    pub after: Option<Arc<NodeValue>>,
}

impl Changed {
    /// The parts that became others: before and after, either may be missing.
    pub fn parts(&self) -> Vec<(Option<&Part>, Option<&Part>)> {
        let before = self.before.as_deref().map_or(&[][..], |own| own.parts.as_slice());
        let after = self.after.as_deref().map_or(&[][..], |own| own.parts.as_slice());
        let same = |a: &Part, b: &Part| a.feature == b.feature && a.name == b.name;
        let mut found = Vec::new();
        for old in before {
            let new = after.iter().find(|new| same(old, new));
            if new != Some(old) {
                found.push((Some(old), new));
            }
        }
        found.extend(after.iter().filter(|new| !before.iter().any(|old| same(old, new))).map(|new| (None, Some(new))));
        found
    }
}
