//! What a statement is made of: everything that is known of one outlet, in any order.

use super::words::{number, time};
use domain::{Cadence, Channel, Day, Device, Fixed, Instant, OnlineMessage, Outlet};
use serde::{Deserialize, Serialize};
use standards::OnlineRules;

/// Everything that is known of one outlet, for the days asked for.
///
/// The order of messages, marks and reviews does not matter, and a message given twice counts once: of equal
/// (device, cadence, time, code) the newest frame prevails. So late frames need no special care: the statement
/// is made again and is what it would have been.
#[derive(Clone, Copy, Debug)]
pub struct OutletInput<'a> {
    /// The outlet.
    pub outlet: &'a Outlet,
    /// Its devices.
    pub devices: &'a [Device],
    /// Their channels, with the unit of each at this site.
    pub channels: &'a [Channel],
    /// Rules in force for its kind: those of the last day.
    pub rules: &'a OnlineRules,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// Nothing is due after this moment.
    pub until: Instant,
    /// Messages of every cadence. Those outside the days are ignored.
    pub messages: &'a [OnlineMessage],
    /// Marks, withdrawals among them.
    pub marks: &'a [Mark],
    /// Overrides of a review.
    pub reviews: &'a [Review],
    /// Checks and calibrations.
    pub checks: &'a [Check],
    /// Judged amounts of earlier periods, for substitution and capture rate.
    pub history: &'a [PastAmount],
}

/// A mark on an interval (自动监测设备标记). Never changed: it is withdrawn by another that names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Its id; a mark on several codes is given once for each, with one id.
    pub id: String,
    /// Outlet it is about.
    pub outlet: String,
    /// Device it is about; `None` for every device of the outlet.
    pub mn: Option<String>,
    /// Code it is about; `None` for every code.
    pub code: Option<String>,
    /// First moment.
    #[serde(with = "time")]
    pub from: Instant,
    /// First moment after it; far ahead while it is open.
    #[serde(with = "time")]
    pub to: Instant,
    /// Kind, as in the catalog.
    pub kind: String,
    /// Why, in words.
    pub reason: String,
    /// What shows it: names of files, numbers of records.
    pub evidence: String,
    /// Who set it.
    pub actor: String,
    /// When it was set.
    #[serde(with = "time")]
    pub recorded: Instant,
    /// The mark that this one withdraws; then nothing else of it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdraws: Option<String>,
}

/// A value that a review accepted or rejected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Device.
    pub mn: String,
    /// Code.
    pub code: String,
    /// Minute or hour.
    pub span: ReviewSpan,
    /// Start of the minute or hour.
    #[serde(with = "time")]
    pub time: Instant,
    /// Whether the value is valid.
    pub valid: bool,
    /// When it was approved: of several the newest counts.
    #[serde(with = "time")]
    pub recorded: Instant,
}

/// What a review is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReviewSpan {
    /// One minute value.
    Minute,
    /// One hour.
    Hour,
}

/// A check or calibration of an instrument.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Code it is about; `None` for every code.
    pub code: Option<String>,
    /// When.
    #[serde(with = "time")]
    pub time: Instant,
    /// Whether it was passed.
    pub passed: bool,
}

/// What an earlier amount is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PastSpan {
    /// An hour.
    Hour,
    /// A day.
    Day,
}

/// The amount of an earlier hour or day, judged before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastAmount {
    /// Code.
    pub code: String,
    /// Hour or day.
    pub span: PastSpan,
    /// Its start.
    #[serde(with = "time")]
    pub start: Instant,
    /// Its amount; `None` where it is not valid [kg].
    #[serde(with = "number")]
    pub amount_kg: Option<Fixed>,
    /// The plant stood still.
    pub stopped: bool,
}

impl Mark {
    /// Whether it is about a device and code at a moment.
    pub(super) fn covers(&self, mn: &str, code: &str, at: Instant) -> bool {
        self.from <= at
            && at < self.to
            && self.mn.as_deref().is_none_or(|own| own == mn || mn.is_empty())
            && self.code.as_deref().is_none_or(|own| own == code)
    }
}

/// The marks that count: of this outlet, not withdrawn, and no withdrawals; in order of their ids.
pub fn standing<'a>(marks: &'a [Mark], outlet: &str) -> Vec<&'a Mark> {
    let gone = |id: &str| marks.iter().any(|mark| mark.withdraws.as_deref() == Some(id));
    let mut own: Vec<&Mark> =
        marks.iter().filter(|mark| mark.outlet == outlet && mark.withdraws.is_none() && !gone(&mark.id)).collect();
    own.sort_by(|a, b| (a.from, &a.id, &a.mn, &a.code).cmp(&(b.from, &b.id, &b.mn, &b.code)));
    // One mark may stand here once for each of its codes.
    own.dedup();
    own
}

impl<'a> OutletInput<'a> {
    /// The newest review of one value.
    pub(super) fn review(&self, mn: &str, code: &str, span: ReviewSpan, at: Instant) -> Option<bool> {
        let about =
            |one: &&Review| one.span == span && one.time == at && one.code == code && (mn.is_empty() || one.mn == mn);
        let newest = self.reviews.iter().filter(about).max_by_key(|one| (one.recorded, one.valid));
        newest.map(|one| one.valid)
    }

    /// Whether any device that sends a code is in use on a day.
    pub(super) fn due_on(&self, code: &str, day: Day) -> bool {
        let sends = |device: &&Device| {
            let registered = self.channels.iter().any(|channel| channel.code == code);
            !registered || self.channels.iter().any(|channel| channel.code == code && channel.mn == device.mn)
        };
        let in_use =
            |device: &Device| device.from.is_none_or(|from| from <= day) && device.to.is_none_or(|to| day <= to);
        let mut devices = self.devices.iter().filter(sends).peekable();
        devices.peek().is_none() || devices.any(in_use)
    }

    /// Messages of a cadence whose start lies in a span, oldest frame first.
    pub(super) fn messages_of(&self, cadence: Cadence) -> Vec<&'a OnlineMessage> {
        let (first, last) = (Instant::from_civil(self.from, 0), Instant::from_civil(Day(self.to.0 + 1), 0));
        let own = self.messages.iter().filter(|one| one.cadence == cadence && first <= one.time && one.time < last);
        let mut own: Vec<&'a OnlineMessage> = own.collect();
        own.sort_by(|a, b| (a.frame, &a.mn, a.time, a.part).cmp(&(b.frame, &b.mn, b.time, b.part)));
        own
    }
}
