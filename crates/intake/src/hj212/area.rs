//! Fields of a data area → what departs from the standard. Called by `decode`.

use super::Generation;
use super::catalog::{Field, Format, Protocol};
use super::cp::{Pair, Read};
use super::deviation::{Found, Slip};
use super::index::Forms;
use super::time::{Written, read as read_time};
use domain::DataFlag;

/// What the area is judged against.
#[derive(Clone, Copy)]
pub(super) struct Judge<'p> {
    pub(super) protocol: &'p Protocol,
    pub(super) generation: Generation,
    pub(super) forms: Option<&'p Forms>,
    pub(super) cn: &'p str,
}

/// The item that is being read.
struct Item<'t> {
    code: &'t str,
    group: u32,
    fields: u128,
    measured: bool,
}

/// Notes every departure of the fields of one area.
pub(super) fn check<'t>(text: &'t str, read: &Read, judge: &Judge<'_>, found: &mut Found<'t>) {
    if read.empty_part {
        let last = text.char_indices().rev().take(8).last().map_or(0, |(at, _)| at);
        found.add(Slip::TrailingSeparator, &text[last..], "");
    }
    let (pairs, index) = (&read.pairs, &judge.protocol.index);
    let mut present = 0_u128;
    let mut item = Item { code: "", group: u32::MAX, fields: 0, measured: false };
    for pair in pairs {
        if !pair.has_equals() {
            found.add(Slip::NoEquals, pair.whole(text), "");
            continue;
        }
        let name = pair.name(text);
        let (code, bare) = match memchr::memrchr(b'-', name.as_bytes()) {
            Some(dash) => (&name[..dash], &name[dash + 1..]),
            None => ("", name),
        };
        let of_item = bare.len() != name.len();
        let known = if of_item { index.item_field(bare) } else { index.param(bare) };
        let Some(at) = known.or_else(|| in_other_case(judge, bare, of_item, name, found)) else {
            found.add(Slip::UnknownField, name, "");
            let fields = if code == item.code { item.fields } else { 0 };
            item = Item { code, group: pair.group, fields, measured: false };
            continue;
        };
        let field = &judge.protocol.fields[at];
        let bit = 1_u128 << at;
        if of_item {
            if code == item.code {
                joins(text, pair, &item, bit, found);
            } else {
                begins(text, pair, &item, field, found);
                if !field.of_device {
                    check_code(code, judge, found);
                }
                item.fields = 0;
            }
            item = Item { code, group: pair.group, fields: item.fields | bit, measured: field.slot.is_some() };
        } else if present & bit != 0 {
            found.add(Slip::RepeatedField, name, "");
        }
        present |= bit;
        if index.field_generations[at] & (1 << judge.generation as u8) == 0 {
            found.add(Slip::FieldOfOtherGeneration, name, "");
        }
        check_value(text, pair, field, judge, found);
    }
    if let Some(forms) = judge.forms {
        check_form(text, pairs, present, forms, (judge, found));
    }
}

/// A field that goes on with its item.
fn joins<'t>(text: &'t str, pair: &Pair, item: &Item<'_>, bit: u128, found: &mut Found<'t>) {
    if item.fields & bit != 0 {
        found.add(Slip::RepeatedField, pair.name(text), "");
    } else if pair.group != item.group {
        found.add(Slip::ItemSplit, pair.name(text), "");
    }
}

/// A field that begins an item.
fn begins<'t>(text: &'t str, pair: &Pair, before: &Item<'_>, field: &Field, found: &mut Found<'t>) {
    if pair.group == before.group && before.measured && field.slot.is_some() {
        found.add(Slip::ItemsJoined, pair.name(text), "");
    }
}

#[cold]
fn in_other_case<'t>(
    judge: &Judge<'_>,
    bare: &str,
    of_item: bool,
    name: &'t str,
    found: &mut Found<'t>,
) -> Option<usize> {
    let at = judge.protocol.index.in_other_case(bare, of_item)?;
    found.add(Slip::FieldCase, name, judge.protocol.fields[at].name.clone());
    Some(at)
}

#[inline]
fn check_code<'t>(code: &'t str, judge: &Judge<'_>, found: &mut Found<'t>) {
    let index = &judge.protocol.index;
    let now = index.code(code);
    let old = if now.is_none() { index.code_2005(code) } else { None };
    match (judge.generation, now, old) {
        (Generation::G2005, Some(now), _) => {
            if !judge.protocol.codes[now as usize].generations.contains(&Generation::G2005) {
                found.add(Slip::CodeOfLater, code, "");
            }
        }
        (Generation::G2005, None, Some(_)) | (_, Some(_), _) => {}
        (_, None, Some(old)) => found.add(Slip::CodeOf2005, code, judge.protocol.codes[old as usize].code.clone()),
        (_, None, None) => found.add(Slip::UnknownCode, code, ""),
    }
}

fn check_value<'t>(text: &'t str, pair: &Pair, field: &Field, judge: &Judge<'_>, found: &mut Found<'t>) {
    let value = pair.value(text);
    if value.is_empty() {
        found.add(Slip::EmptyValue, pair.name(text), "");
        return;
    }
    let quoted = pair.whole(text);
    match field.format {
        Format::Number if !is_number(value.as_bytes()) => found.add(Slip::NotANumber, quoted, ""),
        Format::Integer if !is_digits(value.as_bytes()) => found.add(Slip::NotANumber, quoted, ""),
        Format::Number | Format::Integer => {
            if out_of_range(value, field) {
                let bound = |bound: Option<i64>| bound.map(|bound| bound.to_string()).unwrap_or_default();
                found.add(Slip::ValueOutOfRange, quoted, format!("{}–{}", bound(field.low), bound(field.high)));
            }
        }
        Format::Time if !matches!(read_time(value), Some((_, Written::Exactly))) => {
            found.add(Slip::BadTime, quoted, "");
        }
        Format::Clock if value.len() != 6 || !is_digits(value.as_bytes()) => found.add(Slip::BadTime, quoted, ""),
        Format::Flag if !is_data_flag(value, judge) => found.add(Slip::UnknownDataFlag, quoted, ""),
        Format::Time | Format::Clock | Format::Flag | Format::Text => {}
    }
}

/// The eight letters, or what the generation's table has besides.
fn is_data_flag(value: &str, judge: &Judge<'_>) -> bool {
    let mut letters = value.chars();
    let (letter, more) = (letters.next(), letters.next());
    if more.is_none()
        && letter.is_some_and(|letter| letter.is_ascii_uppercase() && DataFlag::from_letter(letter).is_some())
    {
        return true;
    }
    let named = judge.protocol.values.iter();
    named
        .clone()
        .any(|named| named.field == "Flag" && named.value == value && named.generations.contains(&judge.generation))
}

fn out_of_range(value: &str, field: &Field) -> bool {
    if field.low.is_none() && field.high.is_none() {
        return false;
    }
    let Ok(number) = value.parse::<f64>() else { return true };
    field.low.is_some_and(|low| number < low as f64) || field.high.is_some_and(|high| number > high as f64)
}

/// Fields of the form that the frame is nearest to: those that are missing or that it does not have.
fn check_form<'t>(
    text: &'t str,
    pairs: &[Pair],
    present: u128,
    forms: &Forms,
    (judge, found): (&Judge<'_>, &mut Found<'t>),
) {
    let known = &forms.fields[judge.generation as usize];
    let fits = |(required, allowed): &(u128, u128)| present & required == *required && present & !allowed == 0;
    if known.is_empty() || known.iter().any(fits) {
        return;
    }
    let nearest = known.iter().max_by_key(|(required, allowed)| {
        ((present & allowed).count_ones() as i32) * 2
            - (present & !allowed).count_ones() as i32
            - (required & !present).count_ones() as i32
    });
    let Some((required, allowed)) = nearest else { return };
    let missing = required & !present;
    for (_, field) in judge.protocol.fields.iter().enumerate().filter(|(at, _)| missing & (1 << at) != 0) {
        let of = if field.of_item { "xxxxxx-" } else { "" };
        found.add(Slip::MissingField, format!("{of}{}", field.name), "");
    }
    let extra = present & !allowed;
    for pair in pairs.iter().filter(|_| extra != 0) {
        let name = pair.name(text);
        let bare = name.rsplit('-').next().unwrap_or(name);
        let of_item = bare.len() != name.len();
        let index = &judge.protocol.index;
        let at = if of_item { index.item_field(bare) } else { index.param(bare) };
        if at.is_some_and(|at| extra & (1 << at) != 0) {
            found.add(Slip::FieldNotOfCommand, name, judge.cn.to_string());
        }
    }
}

#[inline]
fn is_digits(value: &[u8]) -> bool {
    !value.is_empty() && value.iter().all(u8::is_ascii_digit)
}

/// Digits with an optional sign and one point.
#[inline]
fn is_number(value: &[u8]) -> bool {
    let value = value.strip_prefix(b"-").unwrap_or(value);
    let (mut digits, mut points) = (0, 0);
    for byte in value {
        match byte {
            b'0'..=b'9' => digits += 1,
            b'.' => points += 1,
            _ => return false,
        }
    }
    digits > 0 && points <= 1
}
