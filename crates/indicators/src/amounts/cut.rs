//! One project in one year → the tonnes that the formula of its class gives, or what is missing. No counting yet.

use crate::amounts::classes::{Class, Cut, CutInput};
use crate::amounts::guard::Base;
use crate::facts::gather::{Got, stated};
use crate::graph::Reader;
use domain::{Project, Ratio, Text};
use std::collections::BTreeMap;

/// What the facts of a project say for a year.
pub(super) struct Yearly {
    pub year: i16,
    /// Tonnes by the formula; not below zero.
    pub tonnes: Result<Ratio, Text>,
    /// Whether the facts state what was cut before.
    pub base: Base,
    /// The formula with its numbers.
    pub how: Text,
    pub documents: Vec<String>,
    pub notes: Vec<Text>,
    pub simulated: bool,
}

/// The years in which any of the facts is stated, in order.
pub(super) fn years(
    class: &Class,
    cut: &Cut,
    project: &Project,
    years: (i16, i16),
    reader: &Reader<'_>,
) -> Vec<Yearly> {
    (years.0..=years.1).filter_map(|year| yearly(class, cut, project, year, reader)).collect()
}

fn yearly(class: &Class, cut: &Cut, project: &Project, year: i16, reader: &Reader<'_>) -> Option<Yearly> {
    let read = |input: &CutInput| {
        let item = reader.definitions().items().get(&input.item)?;
        Some(stated(item, &project.code, year, reader))
    };
    let inputs: BTreeMap<&str, (&CutInput, Got)> =
        cut.inputs.iter().filter_map(|(name, input)| Some((name.as_str(), (input, read(input)?)))).collect();
    let said = |got: &Got| got.value.is_some() || !got.notes.is_empty();
    if !inputs.values().any(|(_, got)| said(got)) {
        return None;
    }
    let number = |name: &str| inputs.get(name).and_then(|(input, got)| got.value.or(input.blank.map(Ratio::from)));
    let lacking = |name: &&String| number(name).is_none();
    let missing: Vec<&Text> =
        cut.value.names().iter().filter(lacking).flat_map(|name| &inputs[name.as_str()].1.missing).collect();
    let tonnes = match missing.is_empty() {
        true => cut.value.value(&|name| number(name).unwrap_or(Ratio::new(0, 1))).map_err(|reason| reason.text()),
        false => Err(crate::facts::joined(missing.into_iter())),
    };
    let mut found = Yearly {
        year,
        how: how(class, cut, &number),
        base: match inputs.get(cut.base.as_str()).and_then(|(_, got)| got.value) {
            None => Base::Unknown,
            Some(_) if cut.value.names().contains(&cut.base) => Base::TakenOff,
            Some(_) => Base::Beside,
        },
        tonnes: tonnes.map(|value| value.max(Ratio::new(0, 1))),
        documents: Vec::new(),
        notes: Vec::new(),
        simulated: project.simulated,
    };
    for (_, got) in inputs.into_values() {
        found.documents.extend(got.documents);
        found.notes.extend(got.notes);
        found.simulated |= got.simulated;
    }
    Some(found)
}

/// `max(volume * (before - after) / 1000000, 0)`, with `volume = 3650000, …`.
fn how(class: &Class, cut: &Cut, number: &dyn Fn(&str) -> Option<Ratio>) -> Text {
    let numbers: Vec<String> =
        cut.value.names().iter().filter_map(|name| Some(format!("{name} = {}", number(name)?))).collect();
    let (formula, numbers) = (cut.value.text(), numbers.join(", "));
    let title = &class.title;
    Text::new(format!("{}：{formula}（{numbers}）", title.zh), format!("{}: {formula} ({numbers})", title.en))
}
