//! The part of a mapping that makes rows of a small table: fields, constants, and columns of items.
//! Called by `check`.

use super::check::{Beside, Faults, needed, number};
use super::file::{FieldPart, MappingFile};
use super::form::{Field, FieldKind, Records, Wide};
use super::items::items_of;
use domain::Table;
use std::collections::BTreeMap;

/// Checks what a mapping says of the rows of `table`.
pub(super) fn records_of(file: MappingFile, table: Table, beside: Beside<'_>, faults: &mut Faults<'_>) -> Records {
    let observed = file.time.is_some() || file.station.is_some() || !file.values.is_empty() || file.states.is_some();
    if observed || file.long.is_some() || file.by_station.is_some() || file.flag.is_some() {
        faults.add(
            "[time]、[station]、[[values]] 等只用于 into = \"observations\"",
            "[time], [station], [[values]] and the like belong to into = \"observations\" only",
        );
    }
    let wide = file.wide.map(|part| Wide { item: part.item, value: part.value, unit: part.unit });
    let of_wide: Vec<&String> = wide.iter().flat_map(|wide| [&wide.item, &wide.value, &wide.unit]).collect();
    for name in file.fields.iter().map(|part| &part.field).chain(file.constants.keys()).chain(of_wide) {
        if !table.columns().contains(&name.as_str()) {
            faults.unknown("field", name, &table.columns().join(", "));
        }
    }
    for key in &table.columns()[..table.key_len().min(1)] {
        if !file.fields.iter().any(|part| part.field == *key) && !file.constants.contains_key(*key) {
            faults.lacking(&format!("fields: {key}"));
        }
    }
    let items = items_of(file.items.as_deref(), beside, faults);
    let fields: Vec<Field> = file.fields.into_iter().map(|part| field_of(part, beside, faults)).collect();
    let needs_items = wide.is_some() || fields.iter().any(|field| matches!(field.kind, FieldKind::Item));
    if needs_items && items.list.is_empty() {
        faults.lacking("items");
    }
    let is_day = |name: &str| fields.iter().any(|field| field.field == name && matches!(field.kind, FieldKind::Day));
    for field in &fields {
        if let Some(other) = field.not_before.as_deref().filter(|other| !is_day(other) || !is_day(&field.field)) {
            faults.unknown("fields.not_before", other, "a field of kind `day`, in a field of kind `day`");
        }
    }
    Records { fields, constants: file.constants, items, wide }
}

fn field_of(part: FieldPart, beside: Beside<'_>, faults: &mut Faults<'_>) -> Field {
    let bound = |text: &Option<String>, faults: &mut Faults<'_>| {
        text.as_deref().and_then(|text| number(text, "fields.min | fields.max", faults))
    };
    let kind = match part.kind.as_deref() {
        None | Some("text") => FieldKind::Text,
        Some("number") => FieldKind::Number(bound(&part.min, faults), bound(&part.max, faults)),
        Some("day") => FieldKind::Day,
        Some("year") => FieldKind::Year,
        Some("period") => FieldKind::Period,
        Some("parameters") => FieldKind::Parameters,
        Some("item") => FieldKind::Item,
        Some("unit") => FieldKind::Unit,
        Some("geometry") => FieldKind::Geometry,
        Some(other) => {
            let known = "text, number, day, year, period, parameters, item, unit, geometry";
            faults.unknown("fields.kind", other, known);
            FieldKind::Text
        }
    };
    let translate = part.translate.and_then(|name| match beside.get(&name) {
        Some(text) => Some(pairs(text)),
        None => {
            faults.lacking(&name);
            None
        }
    });
    Field {
        column: needed(part.column, "fields.column", faults),
        field: part.field,
        kind,
        need: part.need,
        not_before: part.not_before,
        translate,
    }
}

/// The first two columns of a small CSV with a header.
fn pairs(text: &str) -> BTreeMap<String, String> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let rows = reader.records().filter_map(Result::ok);
    rows.filter_map(|row| Some((row.get(0)?.trim().to_string(), row.get(1)?.trim().to_string()))).collect()
}
