//! Stated facts and other indicators → the value of a formula, with each input and each county's share.
//!
//! A value is exact until it is rounded once. Where an input is missing there is no value, and the reason names the
//! item, its unit, the area and the year.

use crate::definition::Definition;
use crate::facts::gather::{Below, Got, gather};
use crate::facts::joined;
use crate::facts::rule::{Account, Condition, Rule};
use crate::formula::Formula;
use crate::graph::{NodeValue, Part, Reader};
use domain::{Confidence, Fixed, Ratio, RatioSum, Text};
use std::collections::BTreeMap;

/// Decimal places of definitions that name none.
const DIGITS: u32 = 2;

type Inputs<'a> = BTreeMap<&'a str, Got>;

pub(crate) fn compute(rule: &Rule, definition: &Definition, reader: &Reader<'_>) -> NodeValue {
    let digits = definition.digits.unwrap_or(DIGITS);
    let inputs: Inputs<'_> = rule.inputs.iter().map(|(name, input)| (name.as_str(), gather(input, reader))).collect();
    let accounts = rule.accounts();
    let outcomes: Vec<Result<Ratio, Text>> = accounts.iter().map(|account| outcome(&account.value, &inputs)).collect();
    let Some(at) = outcomes.iter().position(Result::is_ok) else {
        let mut value = without_value(&accounts, &outcomes, &inputs);
        value.parts.extend(rule.conditions.iter().map(|condition| asked(condition, &inputs)));
        return value;
    };
    let Ok(exact) = outcomes[at] else { unreachable!("the position of an outcome that is one") };
    let account = &accounts[at];
    let mut value = NodeValue::of(exact, digits, how(account, definition));
    value.parts = input_parts(account, &inputs);
    value.parts.extend(shares(rule, account, &inputs, &definition.unit));
    for condition in &rule.conditions {
        value.parts.push(asked(condition, &inputs));
        value.confidence = value.confidence.and(condition.confidence.unwrap_or(Confidence::Confirmed));
    }
    value.n = account.value.names().len() as u32;
    value.of = value.n;
    value.counts = Text::new("项输入", "inputs");
    account_for(&mut value, account, &inputs);
    for (other, outcome) in
        accounts.iter().zip(&outcomes).enumerate().filter(|(own, _)| *own != at).map(|(_, both)| both)
    {
        value.variants.push((other.title.clone(), outcome.as_ref().ok().map(|exact| exact.round(digits))));
    }
    value.words = value.value.and_then(|rounded| word(rule, rounded));
    value
}

/// Whether a condition is met; nobody knows where an input is missing.
fn asked(condition: &Condition, inputs: &Inputs<'_>) -> Part {
    let outcome = outcome(&condition.value, inputs);
    let bounds = condition.bounds();
    let holds = |value: Ratio| bounds.iter().all(|(sign, bound)| sign.holds(value.cmp(&(*bound).into())));
    let wanted: Vec<String> = bounds.iter().map(|(sign, bound)| format!("{} {bound}", sign.text())).collect();
    let (formula, wanted) = (condition.value.text(), wanted.join(", "));
    let why = match &outcome {
        Ok(value) => {
            Text::new(format!("{formula} = {value}，要求 {wanted}"), format!("{formula} = {value}, asked: {wanted}"))
        }
        Err(missing) => missing.clone(),
    };
    Part {
        feature: formula.to_string(),
        name: condition.name.clone(),
        value: outcome.as_ref().map_or_else(|_| String::new(), Ratio::to_string),
        met: outcome.as_ref().ok().map(|value| holds(*value)),
        why,
        counted: outcome.is_ok(),
        ..Part::default()
    }
}

/// The exact value of a formula, or what is missing for it.
fn outcome(formula: &Formula, inputs: &Inputs<'_>) -> Result<Ratio, Text> {
    let mut missing: Vec<&Text> = Vec::new();
    for got in formula.names().iter().filter_map(|name| inputs.get(name.as_str())) {
        missing.extend(&got.missing);
    }
    if !missing.is_empty() {
        missing.dedup();
        return Err(joined(missing.into_iter()));
    }
    // A name without an input is a problem of the catalog, told by its check.
    if let Some(name) = formula.names().iter().find(|name| number(inputs, name).is_none()) {
        return Err(Text::new(format!("输入“{name}”没有值"), format!("the input `{name}` has no value")));
    }
    let of = |name: &str| number(inputs, name).unwrap_or(Ratio::new(0, 1));
    formula.value(&of).map_err(|reason| {
        let reason = reason.text();
        let formula = formula.text();
        Text::new(format!("{formula}：{}", reason.zh), format!("{formula}: {}", reason.en))
    })
}

fn number(inputs: &Inputs<'_>, name: &str) -> Option<Ratio> {
    inputs.get(name).and_then(|got| got.value)
}

fn without_value(accounts: &[Account], outcomes: &[Result<Ratio, Text>], inputs: &Inputs<'_>) -> NodeValue {
    let reasons: Vec<Text> = accounts
        .iter()
        .zip(outcomes)
        .filter_map(|(account, outcome)| {
            let reason = outcome.as_ref().err()?;
            let (zh, en) = match account.title.zh.is_empty() {
                true => (reason.zh.clone(), reason.en.clone()),
                false => {
                    (format!("{}：{}", account.title.zh, reason.zh), format!("{}: {}", account.title.en, reason.en))
                }
            };
            Some(Text::new(zh, en))
        })
        .collect();
    let mut value = NodeValue::absent(joined(reasons.iter()));
    for (name, got) in inputs {
        value.parts.push(input_part(name, got));
        value.notes.extend(got.notes.iter().cloned());
        value.simulated |= got.simulated;
    }
    value.n = inputs.values().filter(|got| got.value.is_some()).count() as u32;
    value.of = inputs.len() as u32;
    value
}

/// What the value rests on.
fn account_for(value: &mut NodeValue, account: &Account, inputs: &Inputs<'_>) {
    value.confidence = value.confidence.and(account.confidence.unwrap_or(Confidence::Confirmed));
    for got in account.value.names().iter().filter_map(|name| inputs.get(name.as_str())) {
        value.confidence = value.confidence.and(got.confidence);
        value.simulated |= got.simulated;
        for (own, more) in [(&mut value.documents, &got.documents), (&mut value.standards, &got.standards)] {
            let new: Vec<String> = more.iter().filter(|text| !own.contains(text)).cloned().collect();
            own.extend(new);
        }
        let new: Vec<Text> = got.notes.iter().filter(|note| !value.notes.contains(note)).cloned().collect();
        value.notes.extend(new);
    }
    if !account.note.zh.is_empty() {
        value.notes.push(account.note.clone());
    }
}

fn how(account: &Account, definition: &Definition) -> Text {
    let formula = account.value.text();
    let (zh, en) = (&definition.equation.zh, &definition.equation.en);
    let title = &account.title;
    match title.zh.is_empty() {
        true => Text::new(format!("{zh}（{formula}）"), format!("{en} ({formula})")),
        false => Text::new(format!("{}：{formula}", title.zh), format!("{}: {formula}", title.en)),
    }
}

fn input_parts(account: &Account, inputs: &Inputs<'_>) -> Vec<Part> {
    let own = account.value.names().iter().filter_map(|name| Some((name, inputs.get(name.as_str())?)));
    own.map(|(name, got)| input_part(name, got)).collect()
}

fn input_part(name: &str, got: &Got) -> Part {
    let why = if got.value.is_some() { &got.why } else { &got.missing };
    Part {
        feature: name.to_string(),
        name: got.title.clone(),
        value: got.value.map_or_else(String::new, |value| format!("{value} {}", got.unit).trim_end().to_string()),
        why: joined(why.iter()),
        counted: got.value.is_some(),
        ..Part::default()
    }
}

/// What each county or feature adds to the value; nothing where the shares would not add up to it.
fn shares(rule: &Rule, account: &Account, inputs: &Inputs<'_>, unit: &str) -> Vec<Part> {
    let used: Vec<(&str, &Got)> = inputs
        .iter()
        .filter(|(name, _)| account.value.names().iter().any(|own| own == *name))
        .map(|(name, got)| (*name, got))
        .collect();
    let split: Vec<(&str, &Got)> =
        used.iter().filter(|(name, _)| rule.parts.iter().any(|own| own == name)).copied().collect();
    if split.is_empty() || split.iter().any(|(_, got)| got.below.is_empty()) {
        return Vec::new();
    }
    let mut features: Vec<&Below> = Vec::new();
    for below in split.iter().flat_map(|(_, got)| &got.below) {
        if !features.iter().any(|own| own.feature == below.feature) {
            features.push(below);
        }
    }
    let (mut parts, mut sum) = (Vec::new(), RatioSum::default());
    for feature in features {
        let own =
            |name: &str| used.iter().find(|(known, _)| *known == name).and_then(|(_, got)| got.of(&feature.feature));
        let share = account.value.value(&|name| match split.iter().any(|(known, _)| *known == name) {
            true => own(name).unwrap_or(Ratio::new(0, 1)),
            false => number(inputs, name).unwrap_or(Ratio::new(0, 1)),
        });
        let Ok(share) = share else { return Vec::new() };
        sum.add(share);
        let whole = account.value.names().iter().all(|name| own(name).is_some());
        let alone = whole.then(|| account.value.value(&|name| own(name).unwrap_or(Ratio::new(0, 1))).ok()).flatten();
        let amounts = split.iter().filter_map(|(name, got)| Some(format!("{name} {} {}", own(name)?, got.unit)));
        let amounts = amounts.collect::<Vec<_>>().join("；");
        parts.push(Part {
            feature: feature.feature.clone(),
            name: feature.name.clone(),
            value: alone
                .map_or_else(String::new, |alone| format!("{} {unit}", alone.round(DIGITS)).trim_end().to_string()),
            contribution: Some(share),
            why: Text::new(amounts.clone(), amounts.replace('；', "; ")),
            counted: true,
            ..Part::default()
        });
    }
    let of = |name: &str| number(inputs, name).unwrap_or(Ratio::new(0, 1));
    if account.value.value(&of) == Ok(sum.total()) { parts } else { Vec::new() }
}

/// What a value is called.
fn word(rule: &Rule, rounded: Fixed) -> Option<Text> {
    let holds = |word: &&crate::facts::rule::Word| word.from.is_none_or(|from| from <= rounded);
    rule.words.iter().filter(holds).max_by_key(|word| word.from).map(|word| word.name.clone())
}
