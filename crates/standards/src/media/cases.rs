//! Worked cases of a standard of limits, run against its own tables.
//!
//! ```text
//! kind=lake codmn=7 tp=0.01L  →  class=Ⅳ main=codmn exceed.codmn=0.17 class.tp=Ⅰ limit.tp=0.05
//! ```

use crate::cases::Given;
use crate::media::cell::{Reading, reading};
use crate::media::judge::{Sample, Verdict};
use crate::media::limits::Limits;
use crate::media::number::{exact, shown};

/// Decimal places in which a limit is said.
const LIMIT_PLACES: u32 = 6;

pub(crate) fn of(limits: &Limits, given: &Given<'_>, key: &str) -> Result<String, String> {
    let (sample, counted) = sample(limits, given)?;
    let verdict = limits.judge(&sample, &counted);
    let class = |class: usize| limits.class(class).map_or_else(none, |own| own.id.clone());
    if let Some((what, code)) = key.split_once('.') {
        let at = limits.item_at(code).ok_or_else(|| format!("no item {code}"))?;
        let own = verdict.items.iter().find(|own| own.item == at);
        return match what {
            "class" => Ok(own.map_or_else(none, |own| class(own.class))),
            "exceed" => Ok(own.and_then(|own| own.exceed).map_or_else(none, |exceed| limits.exceed_text(exceed))),
            "limit" => Ok(own.and_then(|own| own.limit.number()).map_or_else(none, |own| shown(own, LIMIT_PLACES))),
            _ => Err(known()),
        };
    }
    match key {
        "class" => Ok(verdict.class.map_or_else(none, class)),
        "main" => Ok(main(limits, &verdict)),
        "confidence" => Ok(verdict.confidence.code().to_string()),
        "doubts" => Ok(verdict.doubts.len().to_string()),
        _ => Err(known()),
    }
}

fn none() -> String {
    "NA".to_string()
}

fn known() -> String {
    "write class, main, confidence, doubts, class.<item>, exceed.<item> or limit.<item>".to_string()
}

fn main(limits: &Limits, verdict: &Verdict) -> String {
    let main = limits.main_items(verdict);
    let codes: Vec<&str> = main.iter().map(|own| limits.items[own.item].code.as_str()).collect();
    if codes.is_empty() { none() } else { codes.join(";") }
}

fn sample(limits: &Limits, given: &Given<'_>) -> Result<(Sample, Vec<bool>), String> {
    let mut sample = limits.sample();
    let mut counted = limits.default_items();
    for (name, text) in given.words() {
        if let Some(at) = limits.item_at(name) {
            let read = reading(&limits.undetected, &limits.items[at], text);
            sample.items[at] = read.map_err(|problem| problem.message.en.clone())?;
        } else if limits.selectors.iter().any(|selector| selector.column == name) {
            sample.say(limits, name, text);
        } else if limits.numbers.iter().any(|number| number.column == name) {
            sample.set(limits, name, exact(text).map_or(Reading::Missing, Reading::Value));
        } else if name == "items" {
            for code in text.split(';') {
                counted[limits.item_at(code).ok_or_else(|| format!("no item {code}"))?] = true;
            }
        } else {
            return Err(format!("no column {name}"));
        }
    }
    Ok((sample, counted))
}
