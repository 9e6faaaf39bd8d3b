//! Frames taken → when the next ones may be read: a flood is slowed by not reading it. Used by
//! [`crate::connection`].

use std::time::{Duration, Instant};

/// Tokens that come at a rate and may be owed: what was read already is never thrown away.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bucket {
    per_s: f64,
    burst: f64,
    level: f64,
    at: Instant,
}

impl Bucket {
    /// A full bucket.
    pub fn new(per_s: u32, burst: u32, now: Instant) -> Bucket {
        Bucket {
            per_s: f64::from(per_s.max(1)),
            burst: f64::from(burst.max(1)),
            level: f64::from(burst.max(1)),
            at: now,
        }
    }

    /// Takes `count` tokens, owing what is not there.
    pub fn take(&mut self, count: usize, now: Instant) {
        let passed_s = now.saturating_duration_since(self.at).as_secs_f64();
        self.level = (self.level + passed_s * self.per_s).min(self.burst) - count as f64;
        self.at = now;
    }

    /// When nothing is owed any more; `None` if that is now.
    pub fn free_at(&self) -> Option<Instant> {
        (self.level < 0.0).then(|| self.at + Duration::from_secs_f64(-self.level / self.per_s))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_free_and_the_rest_is_owed() {
        let start = Instant::now();
        let mut bucket = Bucket::new(10, 20, start);
        bucket.take(20, start);
        assert_eq!(bucket.free_at(), None);
        bucket.take(5, start);
        // 5 owed at 10 a second.
        assert_eq!(bucket.free_at(), Some(start + Duration::from_millis(500)));
        bucket.take(0, start + Duration::from_secs(60));
        assert_eq!(bucket.free_at(), None);
        bucket.take(21, start + Duration::from_secs(60));
        assert!(bucket.free_at().is_some(), "a long rest fills one burst, not more");
    }
}
