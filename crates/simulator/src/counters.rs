//! What the player has done so far, shared with whoever shows it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// Counts that rise while a city is played; read them at any time, from anywhere.
#[derive(Debug)]
pub struct Counters {
    /// Frames planned.
    pub planned: AtomicU64,
    /// Frames written to a connection for the first time.
    pub sent: AtomicU64,
    /// Frames whose answer came.
    pub answered: AtomicU64,
    /// Frames written again because no answer came.
    pub resent: AtomicU64,
    /// Answers to frames that did not wait for one.
    pub unasked: AtomicU64,
    /// Frames given up without an answer.
    pub unanswered: AtomicU64,
    /// Connections made.
    pub connections: AtomicU64,
    /// Connections lost without having been given up.
    pub broken: AtomicU64,
    /// Requests of the platform that were answered.
    pub requests: AtomicU64,
    /// Bytes written.
    pub bytes: AtomicU64,
    /// Simulated moment of the last event, in milliseconds since 1970-01-01T00:00Z.
    pub simulated_ms: AtomicU64,
    stop: AtomicBool,
    latency: [AtomicU64; BUCKETS],
}

/// Four buckets an octave of microseconds, up to over an hour.
const BUCKETS: usize = 128;
const PER_OCTAVE: u64 = 4;

/// The counts at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// Frames planned.
    pub planned: u64,
    /// Frames written for the first time.
    pub sent: u64,
    /// Frames answered.
    pub answered: u64,
    /// Frames written again.
    pub resent: u64,
    /// Answers to frames that did not wait for one.
    pub unasked: u64,
    /// Frames given up.
    pub unanswered: u64,
    /// Connections made.
    pub connections: u64,
    /// Connections lost.
    pub broken: u64,
    /// Requests answered.
    pub requests: u64,
    /// Bytes written.
    pub bytes: u64,
    /// Half of the answers came within this [µs]; the upper end of a bucket, at most a fifth too high.
    pub latency_p50_us: u64,
    /// 99 of 100 answers came within this [µs].
    pub latency_p99_us: u64,
}

impl Default for Counters {
    fn default() -> Counters {
        let zero = || AtomicU64::new(0);
        Counters {
            planned: zero(),
            sent: zero(),
            answered: zero(),
            resent: zero(),
            unasked: zero(),
            unanswered: zero(),
            connections: zero(),
            broken: zero(),
            requests: zero(),
            bytes: zero(),
            simulated_ms: zero(),
            stop: AtomicBool::new(false),
            latency: std::array::from_fn(|_| AtomicU64::new(0)),
        }
    }
}

impl Counters {
    /// Asks the player to end: what is planned is sent and waited for, nothing more is planned.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether somebody asked for the end.
    pub fn is_stopping(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// The counts now.
    pub fn summary(&self) -> Summary {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Summary {
            planned: of(&self.planned),
            sent: of(&self.sent),
            answered: of(&self.answered),
            resent: of(&self.resent),
            unasked: of(&self.unasked),
            unanswered: of(&self.unanswered),
            connections: of(&self.connections),
            broken: of(&self.broken),
            requests: of(&self.requests),
            bytes: of(&self.bytes),
            latency_p50_us: self.latency_us(0.50),
            latency_p99_us: self.latency_us(0.99),
        }
    }

    pub(crate) fn add(count: &AtomicU64, more: u64) {
        count.fetch_add(more, Ordering::Relaxed);
    }

    pub(crate) fn answered_after(&self, time: Duration) {
        Counters::add(&self.answered, 1);
        Counters::add(&self.latency[bucket(time.as_micros() as u64)], 1);
    }

    /// Time within which a share of the answers came: upper end of the bucket [µs]; 0 without answers.
    pub fn latency_us(&self, share: f64) -> u64 {
        let counts: Vec<u64> = self.latency.iter().map(|count| count.load(Ordering::Relaxed)).collect();
        let total: u64 = counts.iter().sum();
        let mut below = 0;
        for (number, count) in counts.iter().enumerate() {
            below += count;
            if total > 0 && below as f64 >= share * total as f64 {
                return upper_end(number as u64);
            }
        }
        0
    }
}

fn bucket(us: u64) -> usize {
    if us < PER_OCTAVE {
        return us as usize;
    }
    let octave = u64::from(us.ilog2());
    let quarter = (us >> (octave - 2)) & (PER_OCTAVE - 1);
    (((octave - 1) * PER_OCTAVE + quarter) as usize).min(BUCKETS - 1)
}

fn upper_end(bucket: u64) -> u64 {
    if bucket < PER_OCTAVE {
        return bucket;
    }
    let (octave, quarter) = (bucket / PER_OCTAVE + 1, bucket % PER_OCTAVE);
    ((PER_OCTAVE + quarter + 1) << (octave - 2)) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_in_its_bucket() {
        for us in (0..5_000).chain([1 << 20, (1 << 30) + 12_345]) {
            let end = upper_end(bucket(us) as u64);
            assert!(end >= us && end as f64 <= us as f64 * 1.26, "{us} in a bucket that ends at {end}");
        }
    }

    #[test]
    fn quantiles_are_of_the_answers() {
        let counters = Counters::default();
        assert_eq!(counters.latency_us(0.5), 0);
        for _ in 0..99 {
            counters.answered_after(Duration::from_micros(100));
        }
        counters.answered_after(Duration::from_millis(50));
        assert!((100..126).contains(&counters.latency_us(0.5)));
        assert!((50_000..63_000).contains(&counters.latency_us(1.0)));
    }
}
