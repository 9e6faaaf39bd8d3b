//! What a platform asks of a device → what the device replies. Sans-IO; called by `line`.
//!
//! A request is answered with 9011, what it asks for, and 9012 (HJ 212-2017, 6.6). A simulated device keeps its time,
//! password and key, because the truth beside it was made with them: it takes a new time as done, and refuses the rest.

use crate::city::{City, Device};
use crate::frame::{Expected, Frame};
use crate::values::Scratch;
use domain::period::HOUR_MS;
use domain::{Cadence, Instant};
use intake::hj212::say::{self, Party};
use intake::hj212::{Decoded, Outgoing, Protocol, decode, encode, parse_time};
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

/// Something to be said to the platform.
#[derive(Debug)]
pub(super) enum Reply {
    /// Bytes as they are.
    Bytes(Vec<u8>),
    /// A data frame, to be answered before anything else is said.
    Data(Box<Frame>),
}

/// The devices of one connection, as far as they listen.
pub(super) struct Dialogue {
    /// Simulated time.
    pub(super) now: Instant,
    city: Arc<City>,
    devices: Range<usize>,
    intervals: Vec<(u32, u32)>,
    last_qn: i64,
    scratch: Scratch,
}

/// `QnRtn` of HJ 212-2017, table 7.
mod qn_rtn {
    pub(super) const READY: u32 = 1;
    pub(super) const REFUSED: u32 = 2;
    pub(super) const WRONG_PASSWORD: u32 = 3;
    pub(super) const WRONG_DEVICE: u32 = 4;
    pub(super) const WRONG_COMMAND: u32 = 8;
}

/// `ExeRtn` of HJ 212-2017, table 6.
mod exe_rtn {
    pub(super) const DONE: u32 = 1;
    pub(super) const WRONG_CONDITION: u32 = 3;
    pub(super) const NO_DATA: u32 = 100;
}

/// Most frames of one answer: a longer span is cut at its end.
const MOST_FRAMES: usize = 2_000;
/// Milliseconds of the QN of what is said because of a request.
const REPLY_MS: i64 = 700;

impl Dialogue {
    pub(super) fn new(city: Arc<City>, devices: Range<usize>) -> Dialogue {
        let options = &city.options;
        let intervals = vec![(options.realtime_interval_s, options.minute_interval_min); devices.len()];
        let now = options.start;
        Dialogue { now, city, devices, intervals, last_qn: 0, scratch: Scratch::default() }
    }

    /// Hears a frame that is no answer to data; `true` when it was a request and replies are under way.
    pub(super) fn hear(&mut self, raw: &[u8], decoded: &Decoded<'_>, replies: &mut VecDeque<Reply>) -> bool {
        if !decoded.ok && !decoded.encrypted || is_answer(&decoded.cn) {
            return false;
        }
        let city = Arc::clone(&self.city);
        let found = city.devices[self.devices.clone()].iter().find(|device| device.mn == decoded.mn);
        let device = match found {
            Some(device) => device,
            None => {
                let stranger = &city.devices[self.devices.start];
                let party = Party { mn: decoded.mn.to_string(), ..party(&city, stranger) };
                push(replies, &say::request_answer(&party, &decoded.qn, qn_rtn::WRONG_DEVICE));
                return true;
            }
        };
        let opened = match decoded.encrypted {
            true => decode(raw, device.key.as_ref(), Protocol::builtin()),
            false => decoded.clone(),
        };
        let party = party(&city, device);
        let ready = self.judge(device, &opened);
        push(replies, &say::request_answer(&party, &opened.qn, ready));
        if ready == qn_rtn::READY {
            let done = self.execute(device, &party, &opened, replies);
            push(replies, &say::result(&party, &opened.qn, done));
        }
        true
    }

    fn judge(&self, device: &Device, request: &Decoded<'_>) -> u32 {
        if request.pw != device.password {
            return qn_rtn::WRONG_PASSWORD;
        }
        match &*request.cn {
            // What the truth was made with cannot change.
            "1072" | "1002" | "1014" => qn_rtn::REFUSED,
            cn if Protocol::builtin().command(cn).next().is_some() => qn_rtn::READY,
            _ => qn_rtn::WRONG_COMMAND,
        }
    }

    /// Does what is asked; the result is `ExeRtn`.
    fn execute(&mut self, device: &Device, party: &Party, request: &Decoded<'_>, replies: &mut VecDeque<Reply>) -> u32 {
        let number = device.index - self.devices.start;
        let asked = |name: &str| request.cp.get(name).and_then(|text| text.parse::<u32>().ok());
        let pollutant = request.cp.get("PolId");
        let qn = self.own_qn();
        match &*request.cn {
            "1011" => push(replies, &say::time_is(party, qn, pollutant, self.now)),
            "1061" => push(replies, &say::realtime_interval_is(party, qn, self.intervals[number].0)),
            "1063" => push(replies, &say::minute_interval_is(party, qn, self.intervals[number].1)),
            "1062" => match asked("RtdInterval") {
                Some(seconds) => self.intervals[number].0 = seconds,
                None => return exe_rtn::WRONG_CONDITION,
            },
            "1064" => match asked("MinInterval") {
                Some(minutes) => self.intervals[number].1 = minutes,
                None => return exe_rtn::WRONG_CONDITION,
            },
            "2051" => return self.history(device, Cadence::Minute, request, replies),
            "2061" => return self.history(device, Cadence::Hour, request, replies),
            "2031" => return self.history(device, Cadence::Day, request, replies),
            "3019" => push(replies, &say::serial_is(party, qn, pollutant.unwrap_or(""), &device.mn)),
            // 1000, 1012, 2011, 2012, the controls of 3011 and after: done.
            _ => {}
        }
        exe_rtn::DONE
    }

    /// Frames of a span that is over, each to be answered.
    fn history(
        &mut self,
        device: &Device,
        cadence: Cadence,
        request: &Decoded<'_>,
        replies: &mut VecDeque<Reply>,
    ) -> u32 {
        let time = |name: &str| request.cp.get(name).and_then(parse_time);
        let (Some(from), Some(to)) = (time("BeginTime"), time("EndTime")) else { return exe_rtn::WRONG_CONDITION };
        let step = match cadence {
            Cadence::Hour => HOUR_MS,
            Cadence::Day => 24 * HOUR_MS,
            _ => self.city.minute_ms(),
        };
        let offset = domain::period::UTC_OFFSET_MS;
        let first = from.0.max(self.city.options.start.0) + offset;
        let mut at = first + (-first).rem_euclid(step) - offset;
        let mut frames = 0;
        let city = Arc::clone(&self.city);
        while at <= to.0 && at + step <= self.now.0 && frames < MOST_FRAMES {
            let qn = self.own_qn();
            for mut frame in city.frames(device, (cadence, Instant(at), qn.0), &mut self.scratch) {
                frame.bytes = city.encode(&frame, false);
                frame.expected = Expected::Late;
                replies.push_back(Reply::Data(Box::new(frame)));
            }
            frames += 1;
            at += step;
        }
        if frames == 0 { exe_rtn::NO_DATA } else { exe_rtn::DONE }
    }

    /// A QN of its own for what is said because of a request: never that of a planned frame.
    fn own_qn(&mut self) -> Instant {
        let second = self.now.0.div_euclid(1000) * 1000 + REPLY_MS;
        self.last_qn = second.max(self.last_qn + 1000);
        Instant(self.last_qn)
    }
}

fn party(city: &City, device: &Device) -> Party {
    Party {
        generation: device.generation,
        st: city.site(device).st.clone(),
        pw: device.password.clone(),
        mn: device.mn.clone(),
        key: device.key.clone(),
    }
}

fn push(replies: &mut VecDeque<Reply>, outgoing: &Outgoing) {
    replies.push_back(Reply::Bytes(encode(outgoing)));
}

/// 9011 to 9015 want nothing.
fn is_answer(cn: &str) -> bool {
    cn.starts_with("90")
}
