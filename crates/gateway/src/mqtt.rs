//! Publications of micro-stations → the same journal.

/// Tells the broker that a publication is kept, when all its messages are.
#[derive(Debug)]
pub(crate) struct Receipt;

impl Receipt {
    pub fn send(self) {}
}
