//! Parts of messages → whole messages. Used where a message must be seen whole, such as the platform's own
//! history requests; the journal keeps parts, and they are joined again when they are read.
//!
//! HJ 212-2017 Tables C.47 to C.50: every part is a frame of its own, mostly with a QN of its own, and repeats
//! `DataTime`. So parts belong together by device, system, kind of data and time, whatever their QN.

use domain::{FrameId, Instant, OnlineItem, OnlineMessage};
use std::collections::BTreeMap;

/// What an assembler may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AssemblerLimits {
    /// Messages under way; the one that began first is given out when there are more.
    pub max_messages: usize,
    /// Parts of one message; one that says it has more is given out part by part.
    pub max_parts: u32,
    /// Milliseconds after the last part when a message is given out as it is.
    pub max_wait_ms: i64,
}

/// A message made of its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assembled {
    /// Items of all parts in the order of the parts; its part is `(1, 1)`, its frame that of the first part.
    pub message: OnlineMessage,
    /// Frames it was made of, by part.
    pub frames: Vec<FrameId>,
    /// Parts that did not come; empty when it is complete.
    pub missing: Vec<u32>,
}

/// Joins parts.
#[derive(Debug)]
pub struct Assembler {
    limits: AssemblerLimits,
    open: BTreeMap<Key, Open>,
}

/// Device, system, kind of data, time.
type Key = (String, String, &'static str, Instant);

#[derive(Debug)]
struct Open {
    count: u32,
    began: Instant,
    latest: Instant,
    parts: BTreeMap<u32, OnlineMessage>,
}

impl Default for AssemblerLimits {
    fn default() -> AssemblerLimits {
        AssemblerLimits { max_messages: 256, max_parts: 999, max_wait_ms: 60_000 }
    }
}

impl Assembler {
    /// Nothing under way.
    pub fn new(limits: AssemblerLimits) -> Assembler {
        Assembler { limits, open: BTreeMap::new() }
    }

    /// Takes one part, received at `now`, and gives what it completes or pushes out.
    pub fn push(&mut self, part: OnlineMessage, now: Instant) -> Vec<Assembled> {
        let (count, number) = part.part;
        if count <= 1 || count > self.limits.max_parts {
            return vec![alone(part)];
        }
        let key = (part.mn.clone(), part.st.clone(), part.cadence.code(), part.time);
        let mut out = Vec::new();
        // Another number of parts is another sending of the message.
        if self.open.get(&key).is_some_and(|open| open.count != count) {
            out.extend(self.open.remove(&key).map(Open::close));
        }
        let fresh = || Open { count, began: now, latest: now, parts: BTreeMap::new() };
        let open = self.open.entry(key.clone()).or_insert_with(fresh);
        open.latest = now;
        open.parts.insert(number, part);
        if open.parts.len() as u32 == count {
            out.extend(self.open.remove(&key).map(Open::close));
        }
        while self.open.len() > self.limits.max_messages {
            let oldest = self.open.iter().min_by_key(|(_, open)| open.began).map(|(key, _)| key.clone());
            out.extend(oldest.and_then(|key| self.open.remove(&key)).map(Open::close));
        }
        out
    }

    /// Gives out what has waited too long at `now`.
    pub fn expire(&mut self, now: Instant) -> Vec<Assembled> {
        let limit = self.limits.max_wait_ms;
        let late = |open: &Open| now.0 - open.latest.0 > limit;
        let keys: Vec<Key> = self.open.iter().filter(|(_, open)| late(open)).map(|(key, _)| key.clone()).collect();
        keys.into_iter().filter_map(|key| self.open.remove(&key)).map(Open::close).collect()
    }

    /// Gives out everything.
    pub fn finish(&mut self) -> Vec<Assembled> {
        std::mem::take(&mut self.open).into_values().map(Open::close).collect()
    }

    /// Messages under way.
    pub fn waiting(&self) -> usize {
        self.open.len()
    }
}

impl Open {
    fn close(self) -> Assembled {
        let missing = (1..=self.count).filter(|number| !self.parts.contains_key(number)).collect();
        let frames = self.parts.values().map(|part| part.frame).collect();
        let mut parts = self.parts.into_values();
        let mut message = parts.next().expect("a message under way has a part");
        for part in parts {
            message.resent |= part.resent;
            for item in part.items {
                match message.items.iter_mut().find(|known| known.sent_code == item.sent_code) {
                    Some(known) => join(known, item),
                    None => message.items.push(item),
                }
            }
        }
        message.part = (1, 1);
        Assembled { message, frames, missing }
    }
}

/// An item whose fields were cut between two parts; the first value of a field prevails.
fn join(known: &mut OnlineItem, more: OnlineItem) {
    known.rtd = known.rtd.or(more.rtd);
    known.min = known.min.or(more.min);
    known.avg = known.avg.or(more.avg);
    known.max = known.max.or(more.max);
    known.cou = known.cou.or(more.cou);
    known.zs_rtd = known.zs_rtd.or(more.zs_rtd);
    known.zs_min = known.zs_min.or(more.zs_min);
    known.zs_avg = known.zs_avg.or(more.zs_avg);
    known.zs_max = known.zs_max.or(more.zs_max);
    known.flag = known.flag.or(more.flag);
    known.sample_time = known.sample_time.or(more.sample_time);
    known.other.extend(more.other);
}

fn alone(message: OnlineMessage) -> Assembled {
    let frames = vec![message.frame];
    Assembled { message, frames, missing: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Cadence;

    fn part(count: u32, number: u32, code: &str) -> OnlineMessage {
        OnlineMessage {
            frame: FrameId(u64::from(number)),
            mn: "M".into(),
            st: "31".into(),
            cadence: Cadence::RealTime,
            time: Instant(0),
            part: (count, number),
            resent: false,
            items: vec![OnlineItem { code: code.into(), sent_code: code.into(), ..OnlineItem::default() }],
        }
    }

    fn codes(assembled: &Assembled) -> Vec<&str> {
        assembled.message.items.iter().map(|item| item.code.as_str()).collect()
    }

    #[test]
    fn parts_in_any_order_make_one_message() {
        let mut assembler = Assembler::new(AssemblerLimits::default());
        assert!(assembler.push(part(2, 2, "b"), Instant(0)).is_empty());
        let out = assembler.push(part(2, 1, "a"), Instant(1));
        assert_eq!(out.len(), 1);
        assert_eq!(codes(&out[0]), ["a", "b"]);
        assert_eq!((out[0].frames.clone(), out[0].missing.len()), (vec![FrameId(1), FrameId(2)], 0));
        assert_eq!(assembler.waiting(), 0);
        assert_eq!(codes(&assembler.push(part(1, 1, "c"), Instant(1))[0]), ["c"]);
    }

    #[test]
    fn what_is_missing_is_told_and_nothing_is_kept_for_ever() {
        let limits = AssemblerLimits { max_messages: 1, max_parts: 9, max_wait_ms: 10 };
        let mut assembler = Assembler::new(limits);
        assert!(assembler.push(part(3, 2, "b"), Instant(0)).is_empty());
        assert!(assembler.expire(Instant(10)).is_empty());
        assert_eq!(assembler.expire(Instant(11))[0].missing, [1, 3]);
        assert!(assembler.push(part(3, 2, "b"), Instant(0)).is_empty());
        let later = OnlineMessage { time: Instant(60_000), ..part(3, 1, "a") };
        assert_eq!(assembler.push(later, Instant(1))[0].missing, [1, 3]);
        assert_eq!(assembler.push(part(10, 1, "a"), Instant(1)).len(), 1);
        assert_eq!(assembler.finish()[0].missing, [2, 3]);
    }

    #[test]
    fn a_part_sent_again_prevails() {
        let mut assembler = Assembler::new(AssemblerLimits::default());
        assembler.push(part(2, 1, "old"), Instant(0));
        assembler.push(part(2, 1, "new"), Instant(1));
        assert_eq!(codes(&assembler.push(part(2, 2, "b"), Instant(2))[0]), ["new", "b"]);
    }
}
