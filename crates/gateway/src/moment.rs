//! The clocks → one moment, given to everything that must not read a clock itself.

use domain::Instant;
use std::time::SystemTime;

/// Now, on both clocks: what people call it, and what waiting is measured by.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Time of day. It may jump when the machine's clock is set.
    pub wall: Instant,
    /// Steady time, for deadlines.
    pub steady: std::time::Instant,
}

impl Moment {
    /// Reads both clocks.
    pub fn now() -> Moment {
        let wall = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Moment { wall: Instant(wall.as_millis() as i64), steady: std::time::Instant::now() }
    }
}
