//! Times of frames ↔ moments. `DataTime` and `QN` are civil times of UTC+8 in digits.

use crate::time::DAY_MS;
use domain::{Day, Instant};

/// How a time was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// As the standard says.
    Exactly,
    /// Otherwise, but it can be read.
    Otherwise,
}

/// A `DataTime` as the standard writes it, `YYYYMMDDhhmmss`, or as devices do: with milliseconds, without
/// seconds or minutes, with the signs of a civil time between.
///
/// ```
/// use intake::hj212::{parse_time, time_of};
/// let moment = parse_time("20240520210600").unwrap();
/// assert_eq!(moment.to_iso(), "2024-05-20T21:06:00+08:00");
/// assert_eq!(parse_time("20240520210600123").unwrap().0 - moment.0, 123);
/// assert_eq!(parse_time("20240231000000"), None);
/// assert_eq!(time_of(moment), "20240520210600");
/// ```
pub fn parse_time(text: &str) -> Option<Instant> {
    read(text).map(|(moment, _)| moment)
}

/// A `QN`, `YYYYMMDDhhmmsszzz`.
pub fn parse_qn(text: &str) -> Option<Instant> {
    (text.len() == QN_DIGITS).then(|| digits(text.as_bytes())).flatten()
}

/// A moment as `YYYYMMDDhhmmss`.
pub fn time_of(moment: Instant) -> String {
    let mut text = qn_of(moment);
    text.truncate(TIME_DIGITS);
    text
}

/// A moment as `YYYYMMDDhhmmsszzz`.
pub fn qn_of(moment: Instant) -> String {
    let (day, ms) = moment.civil();
    let (year, month, day) = day.ymd();
    let (second, ms) = (ms / 1000, ms % 1000);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}{ms:03}")
}

/// Digits of `YYYYMMDDhhmmss`.
const TIME_DIGITS: usize = 14;
/// Digits of `YYYYMMDDhhmmsszzz`.
const QN_DIGITS: usize = 17;

pub(super) fn read(text: &str) -> Option<(Instant, Written)> {
    let bytes = text.as_bytes();
    if bytes.len() == TIME_DIGITS
        && let Some(moment) = digits(bytes)
    {
        return Some((moment, Written::Exactly));
    }
    let bytes = bytes.trim_ascii();
    let moment = if bytes.iter().all(u8::is_ascii_digit) { digits(bytes) } else { signed(bytes) };
    moment.map(|moment| (moment, Written::Otherwise))
}

/// A whole number of digits; parts that are not there are zero.
fn digits(bytes: &[u8]) -> Option<Instant> {
    // From hours up to milliseconds: less is no time of day, other counts are a lost digit.
    if !matches!(bytes.len(), 10 | 12 | TIME_DIGITS | QN_DIGITS) {
        return None;
    }
    let part = |from: usize, to: usize| -> Option<i64> {
        let Some(part) = bytes.get(from..to) else { return Some(0) };
        part.iter().try_fold(0, |value, digit| digit.is_ascii_digit().then(|| value * 10 + i64::from(digit - b'0')))
    };
    let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
    let (hour, minute, second, ms) = (part(8, 10)?, part(10, 12)?, part(12, 14)?, part(14, 17)?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let day = crate::time::day_of(year as i32, month as i32, day as i32).ok()?;
    Some(Instant::from_civil(day, ((hour * 60 + minute) * 60 + second) * 1000 + ms))
}

fn signed(bytes: &[u8]) -> Option<Instant> {
    let civil = crate::time::parse_civil(bytes, crate::time::DateOrder::YearMonthDay).ok()?;
    let offset_ms = civil.offset_ms.unwrap_or(domain::period::UTC_OFFSET_MS);
    let Day(days) = civil.day;
    Some(Instant(i64::from(days) * DAY_MS + civil.ms - offset_ms))
}
