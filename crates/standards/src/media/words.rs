//! What is said to people of a cell that cannot be used, and of a result to be read with care.

use crate::media::judge::Doubt;
use crate::media::limits::{Item, Limits, NumberInput, Selector};
use crate::media::number::shown;
use domain::{Place, Problem, Severity, Text};

/// Decimal places of the numbers in messages.
const PLACES: u32 = 6;

fn problem(severity: Severity, code: &'static str, column: &str, raw: &str, message: Text) -> Problem {
    let place = Place { column: column.to_string(), ..Place::default() };
    Problem { severity, code, place, raw: raw.to_string(), message }
}

pub(crate) fn not_a_number(item: &Item, text: &str) -> Problem {
    let words = item.words.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>().join("、");
    let also = if words.is_empty() { String::new() } else { format!("（或 {words}）") };
    let message = Text::new(
        format!("{}“{text}”不是数字，按缺测处理；请改正或留空，低于检出限写成 0.01L{also}", item.name.zh),
        format!(
            "{} `{text}` is not a number and was taken as missing; correct it or leave it empty, and write 0.01L for below detection{}",
            item.name.en,
            if words.is_empty() { String::new() } else { format!(" (or {words})") }
        ),
    );
    problem(Severity::Error, "not-a-number", &item.code, text, message)
}

pub(crate) fn too_low(item: &Item, text: &str, negative: bool) -> Problem {
    let (code, zh, en) = if negative {
        ("negative", "为负", "is negative")
    } else {
        ("out-of-range", "低于可能的最小值", "is below what can be real")
    };
    let message = Text::new(
        format!("{}“{text}”{zh}，按缺测处理；请改正或留空（单位 {}）", item.name.zh, item.unit),
        format!(
            "{} `{text}` {en} and was taken as missing; correct it or leave it empty (unit {})",
            item.name.en, item.unit
        ),
    );
    problem(Severity::Error, code, &item.code, text, message)
}

pub(crate) fn too_high(item: &Item, text: &str) -> Problem {
    let message = Text::new(
        format!("{}“{text}”高于可能的最大值，按缺测处理；请检查数值和单位（应为 {}）", item.name.zh, item.unit),
        format!(
            "{} `{text}` is above what can be real and was taken as missing; check the value and its unit ({})",
            item.name.en, item.unit
        ),
    );
    problem(Severity::Error, "out-of-range", &item.code, text, message)
}

pub(crate) fn bad_number(number: &NumberInput, text: &str) -> Problem {
    let message = Text::new(
        format!("{}“{text}”不是数字，按未给出处理；请改正或留空（单位 {}）", number.meaning.zh, number.unit),
        format!(
            "{} `{text}` is not a number and was taken as not given; correct it or leave it empty (unit {})",
            number.meaning.en, number.unit
        ),
    );
    problem(Severity::Error, "not-a-number", &number.column, text, message)
}

pub(crate) fn above_zero(item: &Item, text: &str) -> Problem {
    let message = Text::new(
        format!("{}“{text}”须大于零才能取对数，按缺测处理；低于检出限写成 0.01L", item.name.zh),
        format!(
            "{} `{text}` must be above zero to have a logarithm and was taken as missing; write 0.01L for below detection",
            item.name.en
        ),
    );
    problem(Severity::Error, "not-above-zero", &item.code, text, message)
}

/// A column that is nearly one of the standard's.
pub(crate) fn misspelt(given: &str, meant: &str) -> Problem {
    let message = Text::new(
        format!("列“{given}”未采用；是否应为 {meant}？请改正表头"),
        format!("the column `{given}` was not used; is `{meant}` meant? Correct the header"),
    );
    problem(Severity::Warning, "unused-column", given, given, message)
}

/// An index that needs every one of its items.
pub(crate) fn incomplete(items: &[&Item]) -> Problem {
    let list = |pick: fn(&Item) -> &str| items.iter().map(|item| pick(item)).collect::<Vec<_>>().join(", ");
    let message = Text::new(
        format!("缺少 {}，综合指数需要全部项目，故未计算；请补上", list(|item| &item.name.zh)),
        format!(
            "{} missing: the index needs all its items, so it was not computed; add them",
            list(|item| &item.name.en)
        ),
    );
    problem(Severity::Warning, "incomplete", items.first().map_or("", |item| &item.code), "", message)
}

fn choices(selector: &Selector) -> Text {
    let all = selector.words.iter();
    Text::new(
        all.clone().map(|word| format!("{}（{}）", word.code, word.name.zh)).collect::<Vec<_>>().join("、"),
        all.map(|word| format!("{} ({})", word.code, word.name.en)).collect::<Vec<_>>().join(", "),
    )
}

pub(crate) fn no_word(selector: &Selector) -> Problem {
    let choices = choices(selector);
    let message = Text::new(
        format!("{} 未填，这一行不能评价；请写 {}", selector.column, choices.zh),
        format!("{} is empty, so the row cannot be judged; write {}", selector.column, choices.en),
    );
    problem(Severity::Error, "no-word", &selector.column, "", message)
}

pub(crate) fn unknown_word(selector: &Selector, text: &str) -> Problem {
    let choices = choices(selector);
    let message = Text::new(
        format!("{} 为“{text}”，这一行不能评价；请写 {}", selector.column, choices.zh),
        format!("{} is `{text}`, so the row cannot be judged; write {}", selector.column, choices.en),
    );
    problem(Severity::Error, "unknown-word", &selector.column, text, message)
}

/// A doubt of the judge; `None` for one that the cell itself has already been told of.
pub(crate) fn doubt(limits: &Limits, doubt: &Doubt) -> Option<Problem> {
    let item = |at: &usize| &limits.items[*at];
    let number = |value: &domain::Ratio| shown(*value, PLACES);
    Some(match doubt {
        Doubt::NoWord { .. } => return None,
        Doubt::NotPicked { item: at, needs } => {
            let (own, needs) = (item(at), needs.join(", "));
            let message = Text::new(
                format!("{}的限值取决于 {needs}，未给出，故此项未评价；请补上", own.name.zh),
                format!(
                    "the limit of {} depends on {needs}, which is not given, so it was not judged; add it",
                    own.name.en
                ),
            );
            problem(Severity::Warning, "limit-not-picked", &own.code, "", message)
        }
        Doubt::NoLimit { item: at } => {
            let own = item(at);
            let message = Text::new(
                format!("此标准在这种情况下对{}没有可用单个数值判断的限值，故未评价", own.name.zh),
                format!("the standard has no limit here by which a single value of {} could be judged", own.name.en),
            );
            problem(Severity::Note, "no-limit", &own.code, "", message)
        }
        Doubt::NoDetectionLimit { item: at } => {
            let own = item(at);
            let message = Text::new(
                format!("{}未检出但没有给出检出限，故未评价；请写成 0.01L", own.name.zh),
                format!(
                    "{} was not detected, but the detection limit is not given, so it was not judged; write it like 0.01L",
                    own.name.en
                ),
            );
            problem(Severity::Warning, "no-detection-limit", &own.code, "", message)
        }
        Doubt::CoarseDetection { item: at, detection, limit } => {
            let (own, detection, limit) = (item(at), number(detection), number(limit));
            let message = Text::new(
                format!("{}的检出限 {detection} 高于限值 {limit}，不能证明达标；请换用更灵敏的方法", own.name.zh),
                format!(
                    "the detection limit {detection} of {} is above the limit {limit}, so compliance is not shown; use a more sensitive method",
                    own.name.en
                ),
            );
            problem(Severity::Warning, "coarse-detection", &own.code, "", message)
        }
        Doubt::Assumed { number: at, value } => {
            let (own, value) = (&limits.numbers[*at], number(value));
            let message = Text::new(
                format!("{}未给出，按 {value} {} 选取限值", own.meaning.zh, own.unit),
                format!("{} is not given; limits were picked as for {value} {}", own.meaning.en, own.unit),
            );
            problem(Severity::Note, "assumed", &own.column, "", message)
        }
    })
}
