//! The only clock of the workspace.

use domain::{Day, Instant};
use std::time::{SystemTime, UNIX_EPOCH};

/// The present moment.
pub fn now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    Instant(i64::try_from(since).expect("the clock stands before the year 292 million"))
}

/// The present civil day in UTC+8.
pub fn today() -> Day {
    now().civil().0
}
