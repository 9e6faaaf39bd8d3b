//! Periods. **All of Jingce counts in UTC+8, and an hour is named by its end.**
//!
//! The hour labelled `2020-01-01 08:00` is the mean from 07:00 to 08:00 Beijing time. A day has the hours
//! labelled 01:00 to 24:00; the label `2020-01-02 00:00` is the 24th hour of 1 January. This is the only
//! place that says so. A source whose labels mean the start of the hour says it in its import mapping
//! (`hour_label = "start"`), and intake shifts it.

use jiff::civil;
use std::fmt;
use std::str::FromStr;

/// Milliseconds by which Beijing time is ahead of UTC.
pub const UTC_OFFSET_MS: i64 = 8 * HOUR_MS;
/// Milliseconds of an hour.
pub const HOUR_MS: i64 = 3_600_000;

/// A moment, in milliseconds since 1970-01-01T00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub i64);

/// An hour, by the number of whole hours from 1970-01-01T00:00+08:00 to its **end**.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hour(pub i32);

/// A civil day in UTC+8, by the number of days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

/// A calendar month, by the number of months since January of year 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub i32);

/// A calendar year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Year(pub i16);

/// Over how long a value was averaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Span {
    /// A sample or a reading at one moment.
    Instant,
    /// One hour.
    Hour,
    /// One day.
    Day,
    /// One calendar month.
    Month,
    /// One calendar year.
    Year,
}

/// Why a text is not a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a date or time")]
pub struct TimeError;

impl Instant {
    /// `2020-01-01T08:00:00+08:00`.
    pub fn to_iso(self) -> String {
        let (day, ms) = self.civil();
        let seconds = ms / 1000;
        let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        match ms % 1000 {
            0 => format!("{day}T{h:02}:{m:02}:{s:02}+08:00"),
            rest => format!("{day}T{h:02}:{m:02}:{s:02}.{rest:03}+08:00"),
        }
    }

    /// The civil day in UTC+8 and the milliseconds since its midnight.
    pub fn civil(self) -> (Day, i64) {
        let local = self.0 + UTC_OFFSET_MS;
        (Day(local.div_euclid(24 * HOUR_MS) as i32), local.rem_euclid(24 * HOUR_MS))
    }

    /// From civil parts in UTC+8.
    pub fn from_civil(day: Day, ms_of_day: i64) -> Instant {
        Instant(i64::from(day.0) * 24 * HOUR_MS + ms_of_day - UTC_OFFSET_MS)
    }

    /// Reads `2020-01-01`, `2020-01-01T08:00`, `2020-01-01 08:00:00`, with an optional `Z` or offset;
    /// without one it is UTC+8.
    pub fn parse(text: &str) -> Result<Instant, TimeError> {
        let text = text.trim();
        if let Ok(timestamp) = text.parse::<jiff::Timestamp>() {
            return Ok(Instant(timestamp.as_millisecond()));
        }
        let moment = match text.parse::<civil::DateTime>() {
            Ok(moment) => moment,
            Err(_) => text.parse::<civil::Date>().map_err(|_| TimeError)?.to_datetime(civil::Time::midnight()),
        };
        let time = moment.time();
        let seconds = i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
        Ok(Instant::from_civil(Day::from_date(moment.date()), seconds * 1000 + i64::from(time.millisecond())))
    }
}

impl Hour {
    /// The hour that ends at `end`; `None` if `end` is not on the hour.
    pub fn ending_at(end: Instant) -> Option<Hour> {
        let local = end.0 + UTC_OFFSET_MS;
        (local.rem_euclid(HOUR_MS) == 0).then(|| Hour(local.div_euclid(HOUR_MS) as i32))
    }

    /// The moment at which the hour ends.
    pub fn end(self) -> Instant {
        Instant(i64::from(self.0) * HOUR_MS - UTC_OFFSET_MS)
    }

    /// The `hour_of_day`-th hour (1 to 24) of a day.
    pub fn of(day: Day, hour_of_day: u8) -> Hour {
        Hour(day.0 * 24 + i32::from(hour_of_day))
    }

    /// The day it belongs to.
    pub fn day(self) -> Day {
        Day((self.0 - 1).div_euclid(24))
    }

    /// 1 to 24: the label of its end within its day.
    pub fn hour_of_day(self) -> u8 {
        (self.0 - 1).rem_euclid(24) as u8 + 1
    }
}

impl Day {
    /// From year, month, day; `None` for a date that does not exist, such as 31 February.
    pub fn from_ymd(year: i16, month: i8, day: i8) -> Option<Day> {
        civil::Date::new(year, month, day).ok().map(Day::from_date)
    }

    fn from_date(date: civil::Date) -> Day {
        // Howard Hinnant's days_from_civil, exact for every civil date that jiff accepts.
        let (y, m, d) = (i32::from(date.year()), i32::from(date.month()), i32::from(date.day()));
        let y = if m <= 2 { y - 1 } else { y };
        let era = y.div_euclid(400);
        let yoe = y.rem_euclid(400);
        let doy = (153 * (m + if m > 2 { -3 } else { 9 }) + 2) / 5 + d - 1;
        let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
        Day(era * 146_097 + doe - 719_468)
    }

    /// Year, month, day.
    pub fn ymd(self) -> (i16, i8, i8) {
        let z = self.0 + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let d = doy - (153 * mp + 2) / 5 + 1;
        let m = if mp < 10 { mp + 3 } else { mp - 9 };
        let y = yoe + era * 400 + i32::from(m <= 2);
        (y as i16, m as i8, d as i8)
    }

    /// The month it belongs to.
    pub fn month(self) -> Month {
        let (year, month, _) = self.ymd();
        Month(i32::from(year) * 12 + i32::from(month) - 1)
    }

    /// The year it belongs to.
    pub fn year(self) -> Year {
        Year(self.ymd().0)
    }

    /// The 24 hours of the day, labels 01:00 to 24:00.
    pub fn hours(self) -> impl Iterator<Item = Hour> {
        (1..=24).map(move |hour| Hour::of(self, hour))
    }
}

impl Month {
    /// From year and month 1 to 12.
    pub fn from_ym(year: i16, month: i8) -> Option<Month> {
        (1..=12).contains(&month).then(|| Month(i32::from(year) * 12 + i32::from(month) - 1))
    }

    /// Its year.
    pub fn year(self) -> Year {
        Year(self.0.div_euclid(12) as i16)
    }

    /// 1 to 12.
    pub fn month_of_year(self) -> i8 {
        self.0.rem_euclid(12) as i8 + 1
    }

    /// Its first day.
    pub fn first_day(self) -> Day {
        Day::from_ymd(self.year().0, self.month_of_year(), 1).expect("the first of a month exists")
    }

    /// How many days it has.
    pub fn days(self) -> u32 {
        (Month(self.0 + 1).first_day().0 - self.first_day().0) as u32
    }
}

impl Year {
    /// Its first day.
    pub fn first_day(self) -> Day {
        Day::from_ymd(self.0, 1, 1).expect("1 January exists")
    }

    /// Its last day.
    pub fn last_day(self) -> Day {
        Day(Year(self.0 + 1).first_day().0 - 1)
    }

    /// 365 or 366.
    pub fn len(self) -> u32 {
        (self.last_day().0 - self.first_day().0) as u32 + 1
    }

    /// A year is never empty; here for the lint's sake and for readers of generic code.
    pub fn is_empty(self) -> bool {
        false
    }

    /// Every day of it.
    pub fn days(self) -> impl Iterator<Item = Day> {
        (self.first_day().0..=self.last_day().0).map(Day)
    }

    /// First hour (label 01:00 of 1 January) and last hour (label 24:00 of 31 December).
    pub fn hours(self) -> (Hour, Hour) {
        (Hour::of(self.first_day(), 1), Hour::of(self.last_day(), 24))
    }
}

impl Span {
    /// The word used in files.
    pub fn code(self) -> &'static str {
        match self {
            Span::Instant => "instant",
            Span::Hour => "hour",
            Span::Day => "day",
            Span::Month => "month",
            Span::Year => "year",
        }
    }
}

impl FromStr for Span {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Span, TimeError> {
        [Span::Instant, Span::Hour, Span::Day, Span::Month, Span::Year]
            .into_iter()
            .find(|span| span.code() == text)
            .ok_or(TimeError)
    }
}

impl FromStr for Day {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Day, TimeError> {
        text.trim().parse::<civil::Date>().map(Day::from_date).map_err(|_| TimeError)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Display for Hour {
    /// `2020-01-01 24:00`: day and label of the end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:02}:00", self.day(), self.hour_of_day())
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year().0, self.month_of_year())
    }
}

impl fmt::Display for Year {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn midnight_is_the_24th_hour_of_the_day_before() {
        let midnight = Instant::parse("2020-01-02 00:00:00").expect("a time");
        let hour = Hour::ending_at(midnight).expect("on the hour");
        assert_eq!(hour.to_string(), "2020-01-01 24:00");
        assert_eq!(hour.end(), midnight);
        assert_eq!(midnight.to_iso(), "2020-01-02T00:00:00+08:00");
    }

    #[test]
    fn a_year_of_hours() {
        let (first, last) = Year(2020).hours();
        assert_eq!(last.0 - first.0 + 1, 8784);
        assert_eq!(Year(2021).len(), 365);
        assert_eq!(Month::from_ym(2020, 2).expect("a month").days(), 29);
    }

    #[test]
    fn reads_times_with_and_without_zone() {
        let beijing = Instant::parse("2020-01-01T08:00:00+08:00").expect("a time");
        assert_eq!(Instant::parse("2020-01-01T00:00:00Z"), Ok(beijing));
        assert_eq!(Instant::parse("2020-01-01 08:00"), Ok(beijing));
        assert_eq!(Instant::parse("2020-02-31 08:00"), Err(TimeError));
        assert_eq!(Day::from_ymd(2021, 2, 31), None);
    }

    proptest! {
        #[test]
        fn days_agree_with_the_calendar_library(days in -200_000_i32..400_000) {
            let day = Day(days);
            let epoch = civil::date(1970, 1, 1);
            let date = epoch.checked_add(jiff::Span::new().days(days)).expect("in range");
            prop_assert_eq!(day.ymd(), (date.year(), date.month(), date.day()));
            prop_assert_eq!(day.to_string().parse::<Day>(), Ok(day));
        }

        #[test]
        fn an_hour_is_in_its_day(hours in -1_000_000_i32..1_000_000) {
            let hour = Hour(hours);
            prop_assert_eq!(Hour::of(hour.day(), hour.hour_of_day()), hour);
            prop_assert_eq!(Hour::ending_at(hour.end()), Some(hour));
        }
    }
}
