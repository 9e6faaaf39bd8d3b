//! What a data folder holds → compared with the truth file of the simulator.

use super::desk::Desk;
use super::values::Reader;
use crate::trouble::Trouble;
use domain::FrameId;
use serde::Serialize;
use simulator::{Held, TruthReader, compare};
use std::collections::BTreeMap;
use std::io::BufRead;
use store::Frame;

/// Frames read at once.
const PORTION: usize = 5_000;

/// How truth and folder differ.
#[derive(Clone, Debug, Serialize)]
pub struct Compared {
    /// Whether all that was sent is held, nothing else is, and every spoilt frame is in the ledger.
    pub exact: bool,
    /// Frames sent.
    pub frames_sent: u64,
    /// Frames held.
    pub frames_held: u64,
    /// Different messages whose values are to be held.
    pub expected: u64,
    /// Of these, held with equal values.
    pub equal: u64,
    /// Of these, not held.
    pub missing: u64,
    /// Of these, held with other values.
    pub different: u64,
    /// Held, but never sent so.
    pub extra: u64,
    /// Held again, equal.
    pub repeated: u64,
    /// Spoilt frames by kind: sent, kept to the byte, told in the ledger.
    pub malformed: BTreeMap<String, [u64; 3]>,
    /// Some examples of what is wrong.
    pub examples: Vec<String>,
}

/// Compares.
pub fn compare_with<R: BufRead>(desk: &Desk<'_>, truth: &mut TruthReader<R>) -> Result<Compared, Trouble> {
    let mut reader = Reader::new(desk);
    let mut failed: Option<Trouble> = None;
    let mut after = FrameId(0);
    let mut portion: std::vec::IntoIter<Frame> = Vec::new().into_iter();
    let held = std::iter::from_fn(|| {
        loop {
            if let Some(frame) = portion.next() {
                return match reader.message(&frame) {
                    Ok(message) => Some(Held { raw: frame.raw, message, deviations: frame.deviations }),
                    Err(trouble) => {
                        failed = Some(trouble);
                        None
                    }
                };
            }
            match desk.store.journal().scan(after, PORTION) {
                Ok(frames) => {
                    after = frames.last()?.id;
                    portion = frames.into_iter();
                }
                Err(error) => {
                    failed = Some(error.into());
                    return None;
                }
            }
        }
    });
    let found = compare(truth, held)?;
    if let Some(trouble) = failed {
        return Err(trouble);
    }
    let malformed =
        found.malformed.iter().map(|(kind, count)| (format!("{kind:?}"), [count.sent, count.kept, count.told]));
    Ok(Compared {
        exact: found.is_exact(),
        frames_sent: found.frames_sent,
        frames_held: found.frames_held,
        expected: found.expected,
        equal: found.equal,
        missing: found.missing,
        different: found.different,
        extra: found.extra,
        repeated: found.repeated,
        malformed: malformed.collect(),
        examples: found.examples,
    })
}
