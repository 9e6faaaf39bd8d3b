//! Kept frames → what they say, decoded again: the journal is the store of real-time and minute values.

use super::asks::Span;
use super::desk::Desk;
use crate::trouble::Trouble;
use domain::{Cadence, Fixed, FrameId, Instant, OnlineItem, OnlineMessage};
use gateway::Reading;
use intake::hj212::Key;
use std::collections::{BTreeMap, HashMap, HashSet};
use store::{Frame, FrameQuery, Verdict};

/// The newest value of one series.
#[derive(Clone, Debug)]
pub struct Newest {
    /// Which kind of data.
    pub cadence: Cadence,
    /// Its time.
    pub time: Instant,
    /// When it was received.
    pub received: Instant,
    /// The frame.
    pub frame: FrameId,
    /// What it says.
    pub item: OnlineItem,
}

/// Decodes frames of many devices, each device's keys looked up once.
#[derive(Debug)]
pub struct Reader<'a> {
    desk: &'a Desk<'a>,
    keys: HashMap<String, Vec<Key>>,
}

impl<'a> Reader<'a> {
    /// At a desk.
    pub fn new(desk: &'a Desk<'a>) -> Reader<'a> {
        Reader { desk, keys: HashMap::new() }
    }

    /// What a kept frame says; nothing of broken ones, of false senders, and of those that hold no data.
    pub fn message(&mut self, frame: &Frame) -> Result<Option<OnlineMessage>, Trouble> {
        if frame.cadence.is_none() {
            return Ok(None);
        }
        if !self.keys.contains_key(&frame.mn) {
            // The newest first: a frame may have been made with the key before.
            let secrets = self.desk.store.secrets().history(&frame.mn)?;
            let keys = secrets.into_iter().filter_map(|secret| secret.key_hex).filter_map(|hex| Key::from_hex(&hex));
            self.keys.insert(frame.mn.clone(), keys.collect());
        }
        let keys = self.keys.get(&frame.mn).map(Vec::as_slice).unwrap_or_default();
        let reading = Reading { protocol: self.desk.protocol, micros: &self.desk.data.catalogs.micros };
        Ok(reading.message(frame, keys))
    }
}

/// What a device said of a cadence over a span: the newest received of each time and part, by time.
pub fn messages(desk: &Desk<'_>, mn: &str, cadence: Cadence, span: Span) -> Result<Vec<OnlineMessage>, Trouble> {
    messages_as_of(desk, mn, cadence, (span, None))
}

/// The same with only what had been received by a moment.
pub fn messages_as_of(
    desk: &Desk<'_>,
    mn: &str,
    cadence: Cadence,
    (span, as_of): (Span, Option<Instant>),
) -> Result<Vec<OnlineMessage>, Trouble> {
    let frames = match as_of {
        None => desk.store.journal().messages(mn, cadence, span.from, span.to)?,
        Some(as_of) => {
            let mut frames = desk.store.journal().frames(&FrameQuery {
                mn: Some(mn.to_string()),
                cadence: Some(cadence),
                data_from: Some(span.from),
                data_to: Some(span.to),
                received_to: Some(Instant(as_of.0 + 1)),
                limit: usize::MAX >> 1,
                ..FrameQuery::default()
            })?;
            // The newest come first: of each time and part the first is the one that prevailed.
            let mut seen = HashSet::new();
            frames.retain(|frame| frame.verdict != Verdict::Broken && seen.insert((frame.data_time, frame.pno)));
            frames.sort_by_key(|frame| (frame.data_time, frame.pno));
            frames
        }
    };
    let mut reader = Reader::new(desk);
    let mut all = Vec::new();
    for frame in &frames {
        all.extend(reader.message(frame)?);
    }
    Ok(all)
}

/// The newest value of every series of every device, in the order sent.
pub fn newest(desk: &Desk<'_>) -> Result<BTreeMap<String, Vec<Newest>>, Trouble> {
    let mut all: BTreeMap<String, Vec<Newest>> = BTreeMap::new();
    if let Some(live) = desk.data.live() {
        for latest in live.gateway().latest() {
            let (arrival, message) = (latest.arrival(), latest.message());
            all.entry(message.mn.clone()).or_default().push(Newest {
                cadence: message.cadence,
                time: message.time,
                received: arrival.received,
                frame: arrival.frame,
                item: latest.item().clone(),
            });
        }
        return Ok(all);
    }
    let mut reader = Reader::new(desk);
    for cadence in Cadence::ALL {
        for frame in desk.store.journal().latest(cadence)? {
            if let Some(message) = reader.message(&frame)? {
                let list = all.entry(message.mn.clone()).or_default();
                list.extend(message.items.into_iter().map(|item| Newest {
                    cadence,
                    time: message.time,
                    received: frame.received,
                    frame: frame.id,
                    item,
                }));
            }
        }
    }
    Ok(all)
}

/// The value of an item: the reading, or the mean of its period.
pub fn value(cadence: Cadence, item: &OnlineItem) -> Option<Fixed> {
    match cadence {
        Cadence::RealTime => item.rtd,
        Cadence::Minute | Cadence::Hour | Cadence::Day => item.avg.or(item.cou),
    }
}

/// The same converted to reference oxygen by the instrument.
pub fn converted(cadence: Cadence, item: &OnlineItem) -> Option<Fixed> {
    match cadence {
        Cadence::RealTime => item.zs_rtd,
        Cadence::Minute | Cadence::Hour | Cadence::Day => item.zs_avg,
    }
}
