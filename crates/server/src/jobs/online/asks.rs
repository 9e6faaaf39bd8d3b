//! What a person asks of the online pages, as addresses and commands write it → spans, days and choices.

use crate::asked::{civil_day, moment};
use crate::trouble::Trouble;
use domain::period::HOUR_MS;
use domain::{Cadence, Day, Instant};
use serde::Deserialize;

/// A curve.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CurveAsk {
    /// Codes, separated by commas; absent for every channel.
    pub code: Option<String>,
    /// `realtime`, `minute`, `hour` or `day`.
    pub cadence: String,
    /// First moment.
    pub from: String,
    /// Moment after the last.
    pub to: String,
    /// Read the data as they stood at this moment.
    pub as_of: Option<String>,
}

/// A statement.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StatementAsk {
    /// `2026-01`.
    pub month: String,
    /// Day whose hours are wanted.
    pub day: Option<String>,
    /// Read the data as they stood at this moment.
    pub as_of: Option<String>,
}

/// A list of frames.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FramesAsk {
    /// Only this device.
    pub mn: Option<String>,
    /// Received from this moment.
    pub from: Option<String>,
    /// Received before this moment.
    pub to: Option<String>,
    /// `conforms`, `deviates` or `broken`.
    pub verdict: Option<String>,
    /// Only with this deviation.
    pub deviation: Option<String>,
    /// Only frames before this one.
    pub before: Option<u64>,
    /// At most so many (100 when absent, 1000 at most).
    pub limit: Option<usize>,
}

/// A ledger of deviations.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LedgerAsk {
    /// `device` (usual) or `vendor`.
    pub by: Option<String>,
    /// First day (usual: 30 days ago).
    pub from: Option<String>,
    /// Last day (usual: today).
    pub to: Option<String>,
}

/// A list of alerts.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AlertsAsk {
    /// `open`, `acknowledged` or `recovered`.
    pub state: Option<String>,
    /// Only this outlet.
    pub outlet: Option<String>,
    /// Only alerts before this one in the list.
    pub before: Option<String>,
    /// At most so many (100 when absent, 1000 at most).
    pub limit: Option<usize>,
}

/// A list of marks.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MarksAsk {
    /// Only this outlet.
    pub outlet: Option<String>,
    /// Touching the span from this moment.
    pub from: Option<String>,
    /// To this moment.
    pub to: Option<String>,
}

/// The review desk.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReviewsAsk {
    /// Only this outlet.
    pub outlet: Option<String>,
    /// The desk as it stood at this moment.
    pub as_of: Option<String>,
    /// At most so many runs and reviews (100 when absent, 1000 at most).
    pub limit: Option<usize>,
}

/// A span of time: `from` inside, `to` outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First moment.
    pub from: Instant,
    /// Moment after the last.
    pub to: Instant,
}

/// Days of fine values that one answer may hold.
const FINE_DAYS: i64 = 31;
/// Days of hours and days that one answer may hold.
const COARSE_DAYS: i64 = 400;
/// Milliseconds of a day.
pub const DAY_MS: i64 = 24 * HOUR_MS;

impl Span {
    /// From two texts.
    pub fn new(from: &str, to: &str) -> Result<Span, Trouble> {
        let span = Span { from: moment(from)?, to: moment(to)? };
        if span.from >= span.to {
            return Err(Trouble::bad(
                "span",
                format!("起始 {from} 不早于终止 {to}。"),
                format!("the start {from} is not before the end {to}."),
            ));
        }
        Ok(span)
    }

    /// A whole day.
    pub fn day(day: Day) -> Span {
        Span { from: Instant::from_civil(day, 0), to: Instant::from_civil(Day(day.0 + 1), 0) }
    }

    /// Refuses what is too long to answer at once.
    pub fn at_most(self, cadence: Cadence) -> Result<Span, Trouble> {
        let days = match cadence {
            Cadence::RealTime | Cadence::Minute => FINE_DAYS,
            Cadence::Hour | Cadence::Day => COARSE_DAYS,
        };
        if self.to.0 - self.from.0 > days * DAY_MS {
            return Err(Trouble::bad(
                "span-too-long",
                format!("一次最多查看 {days} 天的数据，请缩短时段。"),
                format!("at most {days} days can be shown at once; take a shorter span."),
            ));
        }
        Ok(self)
    }

    /// Whether a moment is inside.
    pub fn holds(self, moment: Instant) -> bool {
        self.from <= moment && moment < self.to
    }
}

/// A cadence by its word.
pub fn cadence(word: &str) -> Result<Cadence, Trouble> {
    Cadence::from_code(word).ok_or_else(|| {
        Trouble::bad(
            "cadence",
            format!("没有数据类型“{word}”。可用：realtime、minute、hour、day。"),
            format!("there is no cadence `{word}`. Use realtime, minute, hour or day."),
        )
    })
}

/// How many are wanted.
pub fn limit(asked: Option<usize>) -> usize {
    asked.unwrap_or(100).clamp(1, 1000)
}

/// A moment that may be absent.
pub fn maybe_moment(text: Option<&str>) -> Result<Option<Instant>, Trouble> {
    text.filter(|text| !text.is_empty()).map(moment).transpose()
}

/// First and last day of a ledger.
pub fn days(ask: &LedgerAsk, today: Day) -> Result<(Day, Day), Trouble> {
    let day = |text: &Option<String>, usual: Day| match text.as_deref().filter(|text| !text.is_empty()) {
        Some(text) => civil_day(text),
        None => Ok(usual),
    };
    let (from, to) = (day(&ask.from, Day(today.0 - 30))?, day(&ask.to, today)?);
    if from > to {
        return Err(Trouble::bad(
            "span",
            format!("起始日 {from} 晚于终止日 {to}。"),
            format!("the first day {from} is after the last day {to}."),
        ));
    }
    Ok((from, to))
}

/// A month, `2026-01`, as its first day and the day after its last.
pub fn month(text: &str) -> Result<(Day, Day), Trouble> {
    let first = civil_day(&format!("{text}-01")).map_err(|_| {
        Trouble::bad(
            "month",
            format!("“{text}”不是月份。请写成 2026-01。"),
            format!("`{text}` is not a month. Write 2026-01."),
        )
    })?;
    let mut next = first;
    while next.month() == first.month() {
        next = Day(next.0 + 1);
    }
    Ok((first, next))
}
