//! A payload and its mapping → messages and problems.

use super::file::{Micro, MicroValue, TimeForm};
use super::path::{at, text_of};
use crate::hj212::parse_time;
use domain::{DataFlag, Fixed, FrameId, Instant, OnlineItem, OnlineMessage, Place, Problem, Severity, Text};
use serde::Deserialize;
use serde_json::Value;

/// Which part of an item a value fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Statistic {
    Rtd,
    Min,
    Avg,
    Max,
    Cou,
}

/// What a payload says.
pub(super) fn read(micro: &Micro, mn: &str, payload: &[u8], frame: FrameId) -> (Vec<OnlineMessage>, Vec<Problem>) {
    let mut problems = Vec::new();
    let value: Value = match serde_json::from_slice(payload) {
        Ok(value) => value,
        Err(error) => {
            let message = Text::new(
                format!("内容不是 JSON：{error}；整条原样保留"),
                format!("the payload is not JSON: {error}; it is kept as sent"),
            );
            return (Vec::new(), vec![problem("not-json", "", &String::from_utf8_lossy(payload), message)]);
        }
    };
    let records = match at(&value, &micro.records) {
        Some(Value::Array(list)) if !list.is_empty() => list.iter().collect(),
        Some(record) if !record.is_array() => vec![record],
        _ => {
            let message = lacking(&micro.records);
            return (Vec::new(), vec![problem("no-records", &micro.records, &shown(&value), message)]);
        }
    };
    let mut messages = Vec::new();
    for record in records {
        let outer = Outer { micro, mn, whole: &value, frame };
        messages.extend(outer.message(record, &mut problems));
    }
    (messages, problems)
}

struct Outer<'p> {
    micro: &'p Micro,
    mn: &'p str,
    whole: &'p Value,
    frame: FrameId,
}

impl Outer<'_> {
    fn message(&self, record: &Value, problems: &mut Vec<Problem>) -> Option<OnlineMessage> {
        let mn = self.device(record, problems)?;
        let time = self.time(record, problems)?;
        let items = self.items(record, problems);
        if items.is_empty() {
            let message = Text::new("没有一个已知的值", "there is no value that the mapping knows");
            problems.push(problem("no-values", "", &shown(record), message));
            return None;
        }
        Some(OnlineMessage {
            frame: self.frame,
            mn,
            st: self.micro.st.clone(),
            cadence: self.micro.cadence,
            time,
            part: (1, 1),
            resent: false,
            items,
        })
    }

    /// In the record, or of the whole payload.
    fn find<'v>(&'v self, record: &'v Value, path: &str) -> Option<&'v Value> {
        at(record, path).or_else(|| at(self.whole, path))
    }

    fn device(&self, record: &Value, problems: &mut Vec<Problem>) -> Option<String> {
        let Some(path) = &self.micro.mn_path else { return Some(self.mn.to_string()) };
        let mn = self.find(record, path).and_then(text_of).map(|mn| mn.trim().to_string()).filter(|mn| !mn.is_empty());
        if mn.is_none() {
            problems.push(problem("no-device", path, &shown(record), lacking(path)));
        }
        mn
    }

    fn time(&self, record: &Value, problems: &mut Vec<Problem>) -> Option<Instant> {
        let stated = &self.micro.time;
        let Some(text) = self.find(record, &stated.path).and_then(text_of) else {
            problems.push(problem("no-time", &stated.path, &shown(record), lacking(&stated.path)));
            return None;
        };
        let moment = match stated.form {
            TimeForm::Civil => Instant::parse(&text).ok().or_else(|| parse_time(&text)),
            TimeForm::UnixS => text.parse::<i64>().ok().and_then(|s| s.checked_mul(1000)).map(Instant),
            TimeForm::UnixMs => text.parse().ok().map(Instant),
        };
        let moment = moment.filter(|moment| LIVING.contains(&moment.0));
        if moment.is_none() {
            let message = Text::new(
                format!("时间“{text}”无法识别；请检查设备的时间设置"),
                format!("the time \"{text}\" cannot be read; see the clock of the device"),
            );
            problems.push(problem("bad-time", &stated.path, &text, message));
        }
        moment
    }

    fn items(&self, record: &Value, problems: &mut Vec<Problem>) -> Vec<OnlineItem> {
        let mut items: Vec<OnlineItem> = Vec::new();
        for value in &self.micro.values {
            let Some(found) = self.value(record, &value.path) else { continue };
            if found.is_null() {
                continue;
            }
            let at_item = items.iter().position(|item| item.code == value.code).unwrap_or(items.len());
            if at_item == items.len() {
                items.push(OnlineItem {
                    code: value.code.clone(),
                    sent_code: value.path.clone(),
                    ..OnlineItem::default()
                });
            }
            let item = &mut items[at_item];
            fill(item, value, found, problems);
            if let Some(path) = &value.flag
                && let Some(word) = self.find(record, path).and_then(text_of)
            {
                item.flag = self.flag(&word);
                if item.flag.is_none() {
                    item.other.push(("Flag".into(), word));
                }
            }
        }
        self.note_unmapped(record, problems);
        items
    }

    fn flag(&self, word: &str) -> Option<DataFlag> {
        let named = self.micro.flags.get(word).copied();
        named.or_else(|| word.chars().next().filter(|_| word.len() == 1).and_then(DataFlag::from_letter))
    }

    fn value<'v>(&self, record: &'v Value, path: &str) -> Option<&'v Value> {
        let Some(list) = &self.micro.list else { return at(record, path) };
        let entries = at(record, &list.path)?.as_array()?;
        let named = |entry: &&Value| at(entry, &list.name).and_then(text_of).as_deref() == Some(path);
        at(entries.iter().find(named)?, &list.value)
    }

    /// Names of a list that the mapping does not know are told, not dropped.
    fn note_unmapped(&self, record: &Value, problems: &mut Vec<Problem>) {
        let Some(list) = &self.micro.list else { return };
        let entries = at(record, &list.path).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for entry in entries {
            let name = at(entry, &list.name).and_then(text_of).unwrap_or_default();
            if !self.micro.values.iter().any(|value| value.path == name) {
                let message = Text::new(
                    format!("“{name}”不在映射中，未取用；如需要请加入映射"),
                    format!("\"{name}\" is not in the mapping and was not taken; add it if it is wanted"),
                );
                let note = problem("unmapped-value", &list.path, &shown(entry), message);
                problems.push(Problem { severity: Severity::Note, ..note });
            }
        }
    }
}

/// Moments that a station can mean: the years 2000 to 2200, in milliseconds since 1970.
const LIVING: std::ops::Range<i64> = 946_684_800_000..7_258_118_400_000;
/// Longest text quoted in a problem.
const QUOTED: usize = 200;

fn fill(item: &mut OnlineItem, value: &MicroValue, found: &Value, problems: &mut Vec<Problem>) {
    let text = text_of(found).unwrap_or_else(|| shown(found));
    let number: Option<Fixed> = text.trim().parse().ok();
    let converted = number.and_then(|number| value.conversion.apply(number).ok());
    let slot = match value.statistic {
        Statistic::Rtd => &mut item.rtd,
        Statistic::Min => &mut item.min,
        Statistic::Avg => &mut item.avg,
        Statistic::Max => &mut item.max,
        Statistic::Cou => &mut item.cou,
    };
    match converted {
        Some(number) => *slot = Some(number),
        None => {
            let message = Text::new(
                format!("{} 的值“{text}”不是数值，原样保留", value.path),
                format!("the value \"{text}\" of {} is not a number and is kept as sent", value.path),
            );
            problems.push(problem("not-a-number", &value.path, &text, message));
            item.other.push((value.path.clone(), text));
        }
    }
}

fn lacking(path: &str) -> Text {
    if path.is_empty() {
        return Text::new("内容是空列表，没有记录", "the payload is an empty list, without a record");
    }
    Text::new(format!("内容中没有“{path}”；请核对映射"), format!("the payload has no \"{path}\"; see the mapping"))
}

fn shown(value: &Value) -> String {
    value.to_string().chars().take(QUOTED).collect()
}

pub(super) fn problem(code: &'static str, column: &str, raw: &str, message: Text) -> Problem {
    let place = Place { column: column.to_string(), ..Place::default() };
    Problem { severity: Severity::Error, code, place, raw: raw.to_string(), message }
}
