//! Bytes of a time cell → civil time, and civil time with the meaning of its label → the end of a span.
//!
//! Called for every row by `tables::clock`, so nothing here allocates. A date that does not exist is told
//! apart from a text that is no date at all, because people mend them differently.

use domain::period::{HOUR_MS, UTC_OFFSET_MS};
use domain::{Day, Hour, Instant, Span};

/// Milliseconds of a day.
pub(crate) const DAY_MS: i64 = 24 * HOUR_MS;
/// Years outside of this range are taken for a slip of the pen, not for a measurement.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// A civil time as a cell states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Civil {
    /// The day.
    pub day: Day,
    /// Milliseconds since its midnight, at most 24 h.
    pub ms: i64,
    /// Offset from UTC in milliseconds where the text states one.
    pub offset_ms: Option<i64>,
}

/// In which order a date names its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) enum DateOrder {
    /// 2020-01-31.
    #[default]
    YearMonthDay,
    /// 31/01/2020.
    DayMonthYear,
    /// 01/31/2020.
    MonthDayYear,
}

/// What an hour's label means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HourLabel {
    /// The label is the start of the hour.
    Start,
    /// The label is the end of the hour, as in all of Jingce.
    End,
}

/// Why a cell is no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeFault {
    /// Not a time in any accepted form.
    Unreadable,
    /// Well formed, but the calendar has no such date.
    NoSuchDate,
    /// Well formed, but the clock has no such time.
    NoSuchTime,
    /// A year that no measurement has.
    FarYear,
    /// The span is hours, the time is not on the hour.
    OffTheHour,
    /// The span is days, the time is not midnight.
    OffTheDay,
}

/// Reads a date with or without a time: `2020-01-31`, `2020/1/31 8:00`, `2020年1月31日8时`, `20200131`,
/// `2020013108`, `2020-01-31T08:00:00.5+08:00`, `… Z`.
pub(crate) fn parse_civil(text: &[u8], order: DateOrder) -> Result<Civil, TimeFault> {
    let mut cursor = Cursor { text: text.trim_ascii(), at: 0 };
    let day = cursor.date(order)?;
    let (ms, offset_ms) = cursor.clock_after_date()?;
    Ok(Civil { day, ms, offset_ms })
}

/// Reads an hour or a clock time alone: `8`, `08`, `8.0`, `08:00`, `8时`, `24`.
pub(crate) fn parse_clock(text: &[u8]) -> Result<i64, TimeFault> {
    let text = text.trim_ascii();
    let text = text.strip_suffix(b".0").unwrap_or(text);
    let mut cursor = Cursor { text, at: 0 };
    let ms = cursor.clock()?;
    if cursor.rest().is_empty() { Ok(ms) } else { Err(TimeFault::Unreadable) }
}

/// Reads a small whole number such as a year: `2020`, `2020.0`, `07`.
pub(crate) fn parse_whole(text: &[u8]) -> Option<i32> {
    let text = text.trim_ascii();
    let text = text.strip_suffix(b".0").unwrap_or(text);
    if text.is_empty() || text.len() > 6 {
        return None;
    }
    let mut value = 0;
    for byte in text {
        value = value * 10 + digit(*byte)?;
    }
    Some(value)
}

/// The day of year, month, day.
pub(crate) fn day_of(year: i32, month: i32, day: i32) -> Result<Day, TimeFault> {
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return Err(TimeFault::NoSuchDate);
    }
    if !YEARS.contains(&year) {
        return Err(TimeFault::FarYear);
    }
    Day::from_ymd(year as i16, month as i8, day as i8).ok_or(TimeFault::NoSuchDate)
}

/// The end of the span that a civil time names, in a zone `zone_ms` ahead of UTC.
pub(crate) fn end_of_span(civil: Civil, span: Span, label: HourLabel, zone_ms: i64) -> Result<Instant, TimeFault> {
    let offset_ms = civil.offset_ms.unwrap_or(zone_ms);
    let labelled = Instant(i64::from(civil.day.0) * DAY_MS + civil.ms - offset_ms);
    match span {
        Span::Hour => {
            if label == HourLabel::Start && civil.ms == DAY_MS {
                return Err(TimeFault::NoSuchTime);
            }
            let end = if label == HourLabel::Start { Instant(labelled.0 + HOUR_MS) } else { labelled };
            Hour::ending_at(end).map(Hour::end).ok_or(TimeFault::OffTheHour)
        }
        Span::Day if civil.ms != 0 => Err(TimeFault::OffTheDay),
        Span::Day => Ok(Instant(labelled.0 + DAY_MS)),
        Span::Instant | Span::Month | Span::Year => Ok(labelled),
    }
}

/// A zone written `+08:00`, `-03:30` or `Z`, in milliseconds ahead of UTC.
pub(crate) fn parse_zone(text: &str) -> Option<i64> {
    let mut cursor = Cursor { text: text.trim().as_bytes(), at: 0 };
    let offset = cursor.zone().ok()??;
    cursor.rest().is_empty().then_some(offset)
}

/// Beijing time, where nothing else is stated.
pub(crate) const DEFAULT_ZONE_MS: i64 = UTC_OFFSET_MS;

struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
}

fn digit(byte: u8) -> Option<i32> {
    byte.is_ascii_digit().then(|| i32::from(byte - b'0'))
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a [u8] {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn eat(&mut self, mark: &[u8]) -> bool {
        let hit = self.rest().starts_with(mark);
        if hit {
            self.at += mark.len();
        }
        hit
    }

    /// At most `most` digits: their number and value.
    fn digits(&mut self, most: usize) -> (usize, i32) {
        let (mut count, mut value) = (0, 0);
        while let Some(next) = self.peek().and_then(digit).filter(|_| count < most) {
            value = value * 10 + next;
            count += 1;
            self.at += 1;
        }
        (count, value)
    }

    fn number(&mut self, most: usize) -> Result<i32, TimeFault> {
        match self.digits(most) {
            (0, _) => Err(TimeFault::Unreadable),
            (_, value) => Ok(value),
        }
    }

    fn separator(&mut self, word: &str) -> Result<(), TimeFault> {
        if self.eat(b"-") || self.eat(b"/") || self.eat(b".") || self.eat(word.as_bytes()) {
            Ok(())
        } else {
            Err(TimeFault::Unreadable)
        }
    }

    fn date(&mut self, order: DateOrder) -> Result<Day, TimeFault> {
        if order != DateOrder::YearMonthDay {
            let first = self.number(2)?;
            self.separator("月")?;
            let second = self.number(2)?;
            self.separator("年")?;
            let year = self.number(4)?;
            return match order {
                DateOrder::DayMonthYear => day_of(year, second, first),
                _ => day_of(year, first, second),
            };
        }
        let (count, year) = self.digits(4);
        if count != 4 {
            return Err(TimeFault::Unreadable);
        }
        if self.peek().is_some_and(|next| next.is_ascii_digit()) {
            let (months, month) = self.digits(2);
            let (days, day) = self.digits(2);
            return if (months, days) == (2, 2) { day_of(year, month, day) } else { Err(TimeFault::Unreadable) };
        }
        self.separator("年")?;
        let month = self.number(2)?;
        self.separator("月")?;
        let day = self.number(2)?;
        self.eat("日".as_bytes());
        day_of(year, month, day)
    }

    fn clock_after_date(&mut self) -> Result<(i64, Option<i64>), TimeFault> {
        let spaced = self.eat(b"T") | self.eat(b"t") | self.eat(b"_");
        while self.eat(b" ") {}
        if self.rest().is_empty() {
            return if spaced { Err(TimeFault::Unreadable) } else { Ok((0, None)) };
        }
        let ms = self.clock()?;
        while self.eat(b" ") {}
        let offset = self.zone()?;
        if self.rest().is_empty() { Ok((ms, offset)) } else { Err(TimeFault::Unreadable) }
    }

    /// `8`, `08`, `0800`, `08:00`, `08:00:00.25`, `8时`, `8时30分`.
    fn clock(&mut self) -> Result<i64, TimeFault> {
        let (count, hour) = self.digits(2);
        if count == 0 {
            return Err(TimeFault::Unreadable);
        }
        let (mut minute, mut second, mut ms) = (0, 0, 0);
        if self.eat(b":") {
            minute = self.number(2)?;
            if self.eat(b":") {
                second = self.number(2)?;
                if self.eat(b".") {
                    ms = self.fraction()?;
                }
            }
        } else if self.eat("时".as_bytes()) || self.eat("点".as_bytes()) {
            if self.peek().is_some_and(|next| next.is_ascii_digit()) {
                minute = self.number(2)?;
                self.eat("分".as_bytes());
            }
        } else if count == 2 && self.peek().is_some_and(|next| next.is_ascii_digit()) {
            minute = self.number(2)?;
            second = self.digits(2).1;
        }
        let total = (i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second)) * 1000 + ms;
        if hour > 24 || minute > 59 || second > 59 || total > DAY_MS {
            return Err(TimeFault::NoSuchTime);
        }
        Ok(total)
    }

    /// Digits after the point of the seconds; finer than a millisecond is cut off.
    fn fraction(&mut self) -> Result<i64, TimeFault> {
        let (count, value) = self.digits(3);
        if count == 0 {
            return Err(TimeFault::Unreadable);
        }
        while self.digits(9).0 > 0 {}
        Ok(i64::from(value) * 10_i64.pow(3 - count as u32))
    }

    fn zone(&mut self) -> Result<Option<i64>, TimeFault> {
        if self.eat(b"Z") || self.eat(b"z") {
            return Ok(Some(0));
        }
        let sign = match self.peek() {
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => return Ok(None),
        };
        self.at += 1;
        let (hours, hour) = self.digits(2);
        self.eat(b":");
        let minute = self.digits(2).1;
        if hours != 2 || hour > 14 || minute > 59 {
            return Err(TimeFault::Unreadable);
        }
        Ok(Some(sign * (i64::from(hour) * HOUR_MS + i64::from(minute) * 60_000)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<String, TimeFault> {
        let civil = parse_civil(text.as_bytes(), DateOrder::YearMonthDay)?;
        end_of_span(civil, Span::Instant, HourLabel::End, DEFAULT_ZONE_MS).map(Instant::to_iso)
    }

    /// Expected values by reading the text as a person does.
    #[test]
    fn reads_the_forms_that_sheets_use() {
        for (text, expect) in [
            ("2020-01-31", "2020-01-31T00:00:00+08:00"),
            ("2020-01-31 08:00:00", "2020-01-31T08:00:00+08:00"),
            ("2020-01-31T08:00", "2020-01-31T08:00:00+08:00"),
            ("2020/1/31 8:05", "2020-01-31T08:05:00+08:00"),
            ("2020年1月31日8时", "2020-01-31T08:00:00+08:00"),
            ("2020年1月31日 8点30分", "2020-01-31T08:30:00+08:00"),
            ("2020.1.31", "2020-01-31T00:00:00+08:00"),
            ("20200131", "2020-01-31T00:00:00+08:00"),
            ("2020013108", "2020-01-31T08:00:00+08:00"),
            ("202001310805", "2020-01-31T08:05:00+08:00"),
            ("20200131080507", "2020-01-31T08:05:07+08:00"),
            ("2020-01-31 24:00", "2020-02-01T00:00:00+08:00"),
            ("2020-01-31T00:00:00Z", "2020-01-31T08:00:00+08:00"),
            ("2020-01-31T08:00:00.250+08:00", "2020-01-31T08:00:00.250+08:00"),
            ("2020-01-31 23:59:00.000099897", "2020-01-31T23:59:00+08:00"),
            ("2020-01-01 02", "2020-01-01T02:00:00+08:00"),
        ] {
            assert_eq!(read(text), Ok(expect.to_string()), "{text}");
        }
    }

    #[test]
    fn tells_what_is_wrong_apart() {
        for (text, expect) in [
            ("2021-02-31 08:00", TimeFault::NoSuchDate),
            ("2021-13-01", TimeFault::NoSuchDate),
            ("2021-02-29", TimeFault::NoSuchDate),
            ("2021-02-01 25:00", TimeFault::NoSuchTime),
            ("2021-02-01 24:01", TimeFault::NoSuchTime),
            ("2021-02-01 08:60", TimeFault::NoSuchTime),
            ("0213-02-01", TimeFault::FarYear),
            ("01/02/2020", TimeFault::Unreadable),
            ("yesterday", TimeFault::Unreadable),
            ("", TimeFault::Unreadable),
            ("2021-02-01 08:00x", TimeFault::Unreadable),
            ("2021-02-01T", TimeFault::Unreadable),
        ] {
            assert_eq!(read(text), Err(expect), "{text:?}");
        }
    }

    /// domain::period: an hour is named by its end; label 00:00 is the 24th hour of the day before.
    #[test]
    fn an_hour_label_means_its_end_unless_the_mapping_says_start() {
        let civil = |text: &str| parse_civil(text.as_bytes(), DateOrder::YearMonthDay).expect("a time");
        let end = |text: &str, label| {
            let end = end_of_span(civil(text), Span::Hour, label, DEFAULT_ZONE_MS)?;
            Ok(Hour::ending_at(end).expect("on the hour").to_string())
        };
        assert_eq!(end("2020-01-02 00:00", HourLabel::End), Ok("2020-01-01 24:00".to_string()));
        assert_eq!(end("2020-01-01 24:00", HourLabel::End), Ok("2020-01-01 24:00".to_string()));
        assert_eq!(end("2020-01-01 23:00", HourLabel::Start), Ok("2020-01-01 24:00".to_string()));
        assert_eq!(end("2020-01-01 24:00", HourLabel::Start), Err(TimeFault::NoSuchTime));
        assert_eq!(end("2020-01-01 08:30", HourLabel::End), Err(TimeFault::OffTheHour));
        let day = end_of_span(civil("2020-01-01"), Span::Day, HourLabel::End, DEFAULT_ZONE_MS);
        assert_eq!(day.map(Instant::to_iso), Ok("2020-01-02T00:00:00+08:00".to_string()));
    }

    #[test]
    fn reads_zones() {
        assert_eq!(parse_zone("+08:00"), Some(8 * HOUR_MS));
        assert_eq!(parse_zone("-0330"), Some(-7 * HOUR_MS / 2));
        assert_eq!(parse_zone("Z"), Some(0));
        assert_eq!(parse_zone("Beijing"), None);
    }

    proptest! {
        #[test]
        fn never_panics(text in proptest::collection::vec(any::<u8>(), 0..40)) {
            for order in [DateOrder::YearMonthDay, DateOrder::DayMonthYear, DateOrder::MonthDayYear] {
                let _ = parse_civil(&text, order);
            }
            let _ = (parse_clock(&text), parse_whole(&text));
        }

        #[test]
        fn agrees_with_the_calendar_library(days in -20_000_i32..60_000, minute in 0_i64..1440) {
            let moment = Instant::from_civil(Day(days), minute * 60_000);
            prop_assert_eq!(read(&moment.to_iso()), Ok(moment.to_iso()));
        }
    }
}
