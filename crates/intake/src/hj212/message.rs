//! A decoded data frame → an [`OnlineMessage`] in the codes of HJ 212-2017 Annex B.
//!
//! Called by the gateway for every data frame and by everyone who reads values from the journal. What cannot
//! be read stays as sent in [`OnlineItem::other`], with a problem.

use super::catalog::{Protocol, Slot};
use super::decode::Decoded;
use super::time;
use domain::{DataFlag, Fixed, FrameId, OnlineItem, OnlineMessage, Place, Problem, Severity, Text};

/// The message of a frame that uploads real-time, minute, hour or day values; `None` for every other frame
/// and for one whose time cannot be read.
pub fn message(decoded: &Decoded<'_>, frame: FrameId, protocol: &Protocol) -> (Option<OnlineMessage>, Vec<Problem>) {
    let mut problems = Vec::new();
    let Some(cadence) = protocol.cadence(&decoded.cn) else { return (None, problems) };
    let stated = decoded.cp.get("DataTime");
    if decoded.locked || decoded.cp.is_empty() || (stated.is_none() && is_request(decoded)) {
        return (None, problems);
    }
    let stated = stated.unwrap_or("");
    let Some(time) = time::parse_time(stated) else {
        problems.push(problem("bad-data-time", ("DataTime", stated), Severity::Error, no_time(stated)));
        return (None, problems);
    };
    let items = items_of(decoded, protocol, &mut problems);
    let message = OnlineMessage {
        frame,
        mn: decoded.mn.to_string(),
        st: decoded.st.to_string(),
        cadence,
        time,
        part: decoded.part(),
        resent: decoded.rf,
        items,
    };
    (Some(message), problems)
}

/// `BeginTime` instead of `DataTime`: the platform asks for data.
fn is_request(decoded: &Decoded<'_>) -> bool {
    decoded.cp.get("BeginTime").is_some()
}

fn items_of(decoded: &Decoded<'_>, protocol: &Protocol, problems: &mut Vec<Problem>) -> Vec<OnlineItem> {
    let mut items: Vec<OnlineItem> = Vec::with_capacity(decoded.cp.groups().count());
    let mut current = usize::MAX;
    for (name, value) in decoded.cp.pairs() {
        // A field without an item, such as DataTime, is of the whole message.
        let Some((sent, field)) = name.rsplit_once('-') else { continue };
        if items.get(current).is_none_or(|item| item.sent_code != sent) {
            current = items.iter().position(|item| item.sent_code == sent).unwrap_or(items.len());
            if current == items.len() {
                items.push(OnlineItem {
                    code: code_of(sent, protocol),
                    sent_code: sent.to_string(),
                    ..OnlineItem::default()
                });
            }
        }
        fill(&mut items[current], (name, field), value, protocol, problems);
    }
    items
}

/// The code of 2017 for a code as sent; a code that is in no table stays as it is.
fn code_of(sent: &str, protocol: &Protocol) -> String {
    if protocol.code(sent).is_some() {
        return sent.to_string();
    }
    match protocol.code_2005(sent) {
        Some(code) if !code.code.is_empty() => code.code.clone(),
        _ => sent.to_string(),
    }
}

fn fill(
    item: &mut OnlineItem,
    (name, field): (&str, &str),
    value: &str,
    protocol: &Protocol,
    problems: &mut Vec<Problem>,
) {
    let index = &protocol.index;
    let at = index.item_field(field).or_else(|| index.in_other_case(field, true));
    let slot = at.and_then(|at| protocol.fields[at].slot);
    let kept = match slot {
        Some(Slot::Flag) => put(&mut item.flag, flag_of(value)),
        Some(Slot::SampleTime) => put(&mut item.sample_time, time::parse_time(value)),
        Some(slot) => {
            let number = number_of(name, value, problems);
            put(number_slot(item, slot), number)
        }
        None => {
            item.other.push((field.to_string(), value.to_string()));
            return;
        }
    };
    match kept {
        Kept::Yes => {}
        Kept::Twice => {
            problems.push(problem("repeated-field", (name, value), Severity::Warning, twice(name, value)));
            item.other.push((field.to_string(), value.to_string()));
        }
        Kept::Unreadable => {
            problems.push(problem("unreadable-value", (name, value), Severity::Error, unreadable(name, value)));
            item.other.push((field.to_string(), value.to_string()));
        }
    }
}

enum Kept {
    Yes,
    Twice,
    Unreadable,
}

/// The first value of a field prevails.
fn put<T>(place: &mut Option<T>, value: Option<T>) -> Kept {
    match value {
        None => Kept::Unreadable,
        Some(_) if place.is_some() => Kept::Twice,
        Some(value) => {
            *place = Some(value);
            Kept::Yes
        }
    }
}

fn number_slot(item: &mut OnlineItem, slot: Slot) -> &mut Option<Fixed> {
    match slot {
        Slot::Rtd => &mut item.rtd,
        Slot::Min => &mut item.min,
        Slot::Avg => &mut item.avg,
        Slot::Max => &mut item.max,
        Slot::Cou => &mut item.cou,
        Slot::ZsRtd => &mut item.zs_rtd,
        Slot::ZsMin => &mut item.zs_min,
        Slot::ZsAvg => &mut item.zs_avg,
        Slot::ZsMax => &mut item.zs_max,
        Slot::Flag | Slot::SampleTime => unreachable!("flags and times are put in their own places"),
    }
}

/// Digits after the point that a [`Fixed`] keeps.
const PLACES: usize = domain::fixed::PLACES as usize;

fn number_of(name: &str, value: &str, problems: &mut Vec<Problem>) -> Option<Fixed> {
    let number: Fixed = value.trim().parse().ok()?;
    let places = value.trim().split_once('.').map_or(0, |(_, places)| places.trim_end_matches('0').len());
    if places > PLACES {
        let message = Text::new(
            format!("{name} 的值“{value}”小数位多于 {PLACES} 位，已舍入为 {number}"),
            format!("{name} has more than {PLACES} decimals (\"{value}\"); it was rounded to {number}"),
        );
        problems.push(problem("too-many-decimals", (name, value), Severity::Note, message));
    }
    Some(number)
}

fn flag_of(value: &str) -> Option<DataFlag> {
    let mut letters = value.trim().chars();
    let flag = DataFlag::from_letter(letters.next()?)?;
    letters.next().is_none().then_some(flag)
}

fn problem(code: &'static str, (name, raw): (&str, &str), severity: Severity, message: Text) -> Problem {
    let place = Place { column: name.to_string(), ..Place::default() };
    Problem { severity, code, place, raw: raw.to_string(), message }
}

fn no_time(stated: &str) -> Text {
    Text::new(
        format!("数据时间 DataTime“{stated}”无法识别，本帧的数据未取用；请检查设备的时间设置"),
        format!(
            "DataTime \"{stated}\" cannot be read, so the data of this frame were not taken; see the clock of the device"
        ),
    )
}

fn twice(name: &str, value: &str) -> Text {
    Text::new(
        format!("{name} 在同一帧中重复出现，取用第一个值；“{value}”原样保留"),
        format!("{name} is twice in one frame, the first value was taken; \"{value}\" is kept as sent"),
    )
}

fn unreadable(name: &str, value: &str) -> Text {
    Text::new(
        format!("{name} 的值“{value}”无法识别，原样保留"),
        format!("the value \"{value}\" of {name} cannot be read and is kept as sent"),
    )
}
