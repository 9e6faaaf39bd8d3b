//! A device, a cadence and a time → the parts of one message as text, with what they say beside it: [`Part`].
//! Called by `frame`, which makes bytes of them.

use crate::catalog::Role;
use crate::city::{Channel, City, Device};
use crate::values::{Scratch, Value, push_decimal};
use domain::{Cadence, Instant};
use intake::hj212::Generation;

/// One part of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Part {
    /// The CP field without its `&&`.
    pub(crate) cp: String,
    /// The same as the truth file has it: see [`crate::truth`].
    pub(crate) items: String,
}

/// Letters of the values in the truth file, in the order they stand there.
pub(crate) mod letter {
    pub(crate) const RTD: char = 'r';
    pub(crate) const MIN: char = 'i';
    pub(crate) const AVG: char = 'a';
    pub(crate) const MAX: char = 'x';
    pub(crate) const COU: char = 'c';
    pub(crate) const ZS_RTD: char = 'R';
    pub(crate) const ZS_MIN: char = 'I';
    pub(crate) const ZS_AVG: char = 'A';
    pub(crate) const ZS_MAX: char = 'X';
    pub(crate) const FLAG: char = 'f';
}

impl City {
    /// The parts of a message; more than one when the CP field would be too long.
    pub(crate) fn parts(&self, device: &Device, cadence: Cadence, time: Instant, scratch: &mut Scratch) -> Vec<Part> {
        self.values(device, cadence, time, scratch);
        let constants = &self.catalog.constants;
        let longest = constants.cp_max_bytes.min(constants.segment_max_bytes - constants.head_max_bytes);
        let mut parts = Vec::with_capacity(1);
        let mut part = Part { cp: String::with_capacity(longest + 128), items: String::with_capacity(longest) };
        push_data_time(&mut part.cp, time);
        let head = part.cp.len();
        for (channel, value) in device.channels.iter().zip(&scratch.values) {
            if cadence == Cadence::RealTime && !channel.sends.realtime {
                continue;
            }
            let (cp_len, items_len) = (part.cp.len(), part.items.len());
            self.push_item(&mut part, device, channel, (cadence, value));
            if part.cp.len() > longest && cp_len > head {
                let mut next = Part { cp: part.cp[..head].to_string(), items: String::new() };
                next.cp.push_str(&part.cp[cp_len..]);
                next.items.push_str(part.items[items_len..].trim_start_matches(';'));
                part.cp.truncate(cp_len);
                part.items.truncate(items_len);
                parts.push(std::mem::replace(&mut part, next));
            }
        }
        parts.push(part);
        parts
    }

    fn push_item(&self, part: &mut Part, device: &Device, channel: &Channel, (cadence, value): (Cadence, &Value)) {
        let converts = channel.role == Role::Pollutant && device.stack.is_some();
        let converts = converts && device.generation != Generation::G2005;
        if !part.items.is_empty() {
            part.items.push(';');
        }
        part.cp.push(';');
        part.items.push_str(&channel.code);
        let mut item = Item { part, code: &channel.sent_code, first: true };
        if cadence == Cadence::RealTime {
            item.number("Rtd", letter::RTD, (value.avg, channel.places));
            if converts {
                item.number("ZsRtd", letter::ZS_RTD, (value.zs_avg, channel.places));
            }
        } else {
            if channel.sends.spread {
                item.number("Min", letter::MIN, (value.min, channel.places));
            }
            item.number("Avg", letter::AVG, (value.avg, channel.places));
            if channel.sends.spread {
                item.number("Max", letter::MAX, (value.max, channel.places));
            }
            if channel.sends.amount {
                item.number("Cou", letter::COU, (value.cou, self.amount_places(channel)));
            }
            if converts {
                item.number("ZsMin", letter::ZS_MIN, (value.zs_min, channel.places));
                item.number("ZsAvg", letter::ZS_AVG, (value.zs_avg, channel.places));
                item.number("ZsMax", letter::ZS_MAX, (value.zs_max, channel.places));
            }
        }
        item.name("Flag", letter::FLAG);
        part.cp.push(value.flag);
        part.items.push(value.flag);
    }
}

/// One item under way.
struct Item<'a> {
    part: &'a mut Part,
    code: &'a str,
    first: bool,
}

impl Item<'_> {
    fn name(&mut self, field: &str, letter: char) {
        if !self.first {
            self.part.cp.push(',');
        }
        self.first = false;
        self.part.cp.push_str(self.code);
        self.part.cp.push('-');
        self.part.cp.push_str(field);
        self.part.cp.push('=');
        self.part.items.push(' ');
        self.part.items.push(letter);
    }

    fn number(&mut self, field: &str, letter: char, (steps, places): (i64, u32)) {
        self.name(field, letter);
        let from = self.part.cp.len();
        push_decimal(&mut self.part.cp, steps, places);
        let Item { part, .. } = self;
        let Part { cp, items } = &mut **part;
        items.push_str(&cp[from..]);
    }
}

fn push_data_time(cp: &mut String, time: Instant) {
    cp.push_str("DataTime=");
    push_seconds(cp, time);
}

/// `YYYYMMDDhhmmss` in UTC+8.
pub(crate) fn push_seconds(text: &mut String, time: Instant) {
    let (day, ms) = time.civil();
    let (year, month, date) = day.ymd();
    push_padded(text, i64::from(year), 4);
    push_padded(text, i64::from(month), 2);
    push_padded(text, i64::from(date), 2);
    let seconds = ms / 1000;
    push_padded(text, seconds / 3600, 2);
    push_padded(text, seconds / 60 % 60, 2);
    push_padded(text, seconds % 60, 2);
}

/// `YYYYMMDDhhmmsszzz` in UTC+8: a QN.
pub fn qn(time: Instant) -> String {
    let mut text = String::with_capacity(17);
    push_seconds(&mut text, time);
    push_padded(&mut text, time.civil().1 % 1000, 3);
    text
}

fn push_padded(text: &mut String, number: i64, digits: u32) {
    for place in (0..digits).rev() {
        text.push(char::from(b'0' + (number / 10_i64.pow(place) % 10) as u8));
    }
}

/// Reads `YYYYMMDDhhmmss`, in UTC+8; more digits are left out.
pub(crate) fn read_seconds(text: &str) -> Option<Instant> {
    let digits = text.get(..14).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let number = |from: usize, to: usize| digits[from..to].parse::<i64>().ok();
    let day = domain::Day::from_ymd(number(0, 4)? as i16, number(4, 6)? as i8, number(6, 8)? as i8)?;
    let seconds = number(8, 10)? * 3600 + number(10, 12)? * 60 + number(12, 14)?;
    Some(Instant::from_civil(day, seconds * 1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_qn_is_the_time_in_beijing() {
        let time = Instant::parse("2026-03-01T08:05:09.045+08:00").expect("a time");
        assert_eq!(qn(time), "20260301080509045");
        assert_eq!(read_seconds("20260301080509045"), Instant::parse("2026-03-01T08:05:09").ok());
        assert_eq!(read_seconds("20260231080509"), None);
        assert_eq!(read_seconds("2026"), None);
    }
}
