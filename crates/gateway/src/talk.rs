//! What a device answers, and time → what happens to one request: sans-IO, driven by [`crate::desk`].
//!
//! HJ 212-2017, 6.4: a request is answered 9011; if none comes in time it is sent again, up to a number of
//! times. Then come data, if any, and 9012; if neither comes in time the command has failed. A notice is
//! answered 9013. Devices that leave out 9011 are understood all the same.

use crate::rules::Timing;
use std::time::{Duration, Instant};

/// `QnRtn` of a device that will execute, `ExeRtn` of one that has (HJ 212-2017, 6.6.2 and 6.6.3).
const YES: &str = "1";

/// How far a request has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Sent; no answer yet.
    Asked,
    /// The device has said that it will execute.
    Accepted,
    /// Over.
    Over(Outcome),
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Executed, or a notice answered.
    Done,
    /// The device does not execute: its `QnRtn`.
    Refused(String),
    /// The device could not execute: its `ExeRtn`.
    Unsuccessful(String),
    /// It never answered, however often it was asked.
    Unanswered,
    /// It answered, but no result came.
    NoResult,
}

/// What was heard of the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign<'a> {
    /// 9011 with its `QnRtn`.
    Answer(&'a str),
    /// 9012 with its `ExeRtn`.
    Result(&'a str),
    /// 9013.
    NoticeAnswer,
    /// Data that were asked for.
    Data,
}

/// One request under way.
#[derive(Clone, Debug)]
pub(crate) struct Talk {
    stage: Stage,
    timing: Timing,
    resent: u32,
    until: Instant,
}

impl Talk {
    /// The request was just sent for the first time.
    pub fn start(timing: Timing, now: Instant) -> Talk {
        Talk { stage: Stage::Asked, timing, resent: 0, until: now + over_time(timing) }
    }

    /// How far it has come.
    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// How often it was sent again.
    pub fn resent(&self) -> u32 {
        self.resent
    }

    /// When [`Talk::expire`] has something to say.
    pub fn until(&self) -> Instant {
        self.until
    }

    /// The device was heard.
    pub fn hear(&mut self, sign: Sign<'_>, now: Instant) {
        if matches!(self.stage, Stage::Over(_)) {
            return;
        }
        self.stage = match sign {
            Sign::Answer(YES) | Sign::Data => Stage::Accepted,
            Sign::Answer(code) => Stage::Over(Outcome::Refused(code.to_string())),
            Sign::Result(YES) | Sign::NoticeAnswer => Stage::Over(Outcome::Done),
            Sign::Result(code) => Stage::Over(Outcome::Unsuccessful(code.to_string())),
        };
        self.until = now + over_time(self.timing);
    }

    /// Time has passed. True: the request is to be sent again.
    pub fn expire(&mut self, now: Instant) -> bool {
        if now < self.until {
            return false;
        }
        match self.stage {
            Stage::Asked if self.resent < self.timing.resends => {
                self.resent += 1;
                self.until = now + over_time(self.timing);
                return true;
            }
            Stage::Asked => self.stage = Stage::Over(Outcome::Unanswered),
            Stage::Accepted => self.stage = Stage::Over(Outcome::NoResult),
            Stage::Over(_) => {}
        }
        false
    }
}

fn over_time(timing: Timing) -> Duration {
    Duration::from_secs(u64::from(timing.over_time_s))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMING: Timing = Timing { over_time_s: 10, resends: 3 };

    fn seconds(s: u64) -> Duration {
        Duration::from_secs(s)
    }

    #[test]
    fn a_request_is_answered_then_executed() {
        let start = Instant::now();
        let mut talk = Talk::start(TIMING, start);
        talk.hear(Sign::Answer("1"), start + seconds(1));
        assert_eq!(talk.stage(), &Stage::Accepted);
        // Data give more time.
        talk.hear(Sign::Data, start + seconds(9));
        assert!(!talk.expire(start + seconds(15)));
        talk.hear(Sign::Result("1"), start + seconds(16));
        assert_eq!(talk.stage(), &Stage::Over(Outcome::Done));
    }

    #[test]
    fn without_an_answer_it_is_sent_three_times_more_then_fails() {
        let mut now = Instant::now();
        let mut talk = Talk::start(TIMING, now);
        for resent in 1..=3 {
            assert!(!talk.expire(now + seconds(9)));
            now += seconds(10);
            assert!(talk.expire(now));
            assert_eq!(talk.resent(), resent);
        }
        assert!(!talk.expire(now + seconds(10)));
        assert_eq!(talk.stage(), &Stage::Over(Outcome::Unanswered));
    }

    #[test]
    fn without_a_result_it_fails_and_is_not_sent_again() {
        let start = Instant::now();
        let mut talk = Talk::start(TIMING, start);
        talk.hear(Sign::Answer("1"), start);
        assert!(!talk.expire(start + seconds(10)));
        assert_eq!(talk.stage(), &Stage::Over(Outcome::NoResult));
    }

    #[test]
    fn refusals_and_failures_keep_their_code() {
        let start = Instant::now();
        let mut talk = Talk::start(TIMING, start);
        talk.hear(Sign::Answer("3"), start);
        assert_eq!(talk.stage(), &Stage::Over(Outcome::Refused("3".into())));
        let mut talk = Talk::start(TIMING, start);
        talk.hear(Sign::Result("100"), start);
        assert_eq!(talk.stage(), &Stage::Over(Outcome::Unsuccessful("100".into())));
        talk.hear(Sign::Result("1"), start);
        assert_eq!(talk.stage(), &Stage::Over(Outcome::Unsuccessful("100".into())), "what is over is over");
    }
}
