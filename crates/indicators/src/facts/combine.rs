//! Inputs that are made of several things: features of the register, facts weighted by factors, years of another
//! indicator. Used by `gather`.

use crate::facts::gather::{Below, Got, of_area, stated, unknown};
use crate::facts::items::Item;
use crate::facts::rule::Features;
use crate::formula::Formula;
use crate::graph::Reader;
use domain::{Confidence, Ratio, RatioSum, Text};
use std::sync::LazyLock;

/// An amount times its factor, exactly.
static PRODUCT: LazyLock<Formula> = LazyLock::new(|| Formula::read("a * b").expect("a formula without a fault"));
/// Fewest years that a fitted line is made of.
const LEAST_YEARS: i64 = 3;

/// The sum of a fact over projects, polygons or points.
pub(super) fn over(item: &Item, features: &Features, year: i16, reader: &Reader<'_>) -> Got {
    let mut whole = Got::new(item.name.clone(), &item.unit);
    let mut sum = RatioSum::default();
    let listed = listed(features, reader);
    for (feature, name) in &listed {
        let part = stated(item, feature, year, reader);
        whole.rests_on(&part);
        whole.missing.extend(part.missing.iter().cloned());
        if let Some(value) = part.value {
            sum.add(value);
            whole.below.push(Below { feature: feature.clone(), name: name.clone(), value });
        }
    }
    if listed.is_empty() {
        return whole.lacks(nothing_listed(features));
    }
    whole.value = whole.missing.is_empty().then(|| sum.total());
    whole
}

/// The number of features.
pub(super) fn count(features: &Features, reader: &Reader<'_>) -> Got {
    let what = features.name();
    let mut whole = Got::new(Text::new(format!("{}的数量", what.zh), format!("number of {}", what.en)), "");
    let listed = listed(features, reader);
    let n = listed.len() as i128;
    whole.value = Some(Ratio::new(n, 1));
    whole.why.push(Text::new(format!("登记的{}共 {n} 个", what.zh), format!("{n} {} in the register", what.en)));
    whole.below = listed.into_iter().map(|(feature, name)| Below { feature, name, value: Ratio::new(1, 1) }).collect();
    whole
}

/// Codes and names of the features of the area, each once.
fn listed(features: &Features, reader: &Reader<'_>) -> Vec<(String, Text)> {
    let mut found: Vec<(String, Text)> = match features {
        Features::Projects(class, states) => {
            let all = reader.projects(class);
            let own = all.into_iter().filter(|project| {
                states.contains(&project.state)
                    && project.from.is_none_or(|from| from <= reader.year().last_day())
                    && project.to.is_none_or(|to| reader.year().first_day() <= to)
            });
            own.map(|project| (project.code.clone(), project.name())).collect()
        }
        Features::Parcels(layer) => {
            reader.parcels(layer).into_iter().map(|parcel| (parcel.code.clone(), parcel.name())).collect()
        }
        Features::Points(medium, network) => {
            let own = reader.points(*medium).into_iter().filter(|point| network.is_empty() || point.is_in(network));
            own.map(|point| (point.code.clone(), point.name())).collect()
        }
    };
    found.dedup_by(|a, b| a.0 == b.0);
    found
}

/// The sum of the area's facts, each times its factor. An item that the area does not state adds nothing, and
/// one that it states must have a factor.
pub(super) fn weighted(id: &str, year: i16, reader: &Reader<'_>) -> Got {
    let Some(table) = reader.definitions().factors(id) else {
        return Got::new(Text::new(id, id), "").lacks(unknown(id));
    };
    let mut whole = Got::new(table.title.clone(), &table.unit);
    whole.standards.push(table.id.clone());
    let mut sum = RatioSum::default();
    let items: Vec<&Item> =
        table.items().into_iter().filter_map(|code| reader.definitions().items().get(code)).collect();
    for item in &items {
        let part = of_area(item, year, reader);
        let Some(amount) = part.value else {
            whole.notes.extend(part.notes);
            whole.missing.extend(part.below.first().and(part.missing.first()).cloned());
            continue;
        };
        whole.rests_on(&part);
        let Some(picked) = table.pick(&item.code, year) else {
            whole.missing.push(no_factor(id, item, year));
            continue;
        };
        whole.confidence = whole.confidence.and(picked.row.confidence);
        if let Some(from) = picked.carried_from {
            whole.confidence = Confidence::Unconfirmed;
            let name = &item.name;
            whole.notes.push(Text::new(
                format!("{year} 年的{}系数未公布，借用 {from} 年的 {}", name.zh, picked.row.written),
                format!("no factor of {} is published for {year}: {} of {from} stands in", name.en, picked.row.written),
            ));
        }
        match PRODUCT.value(&|name| if name == "a" { amount } else { picked.row.factor }) {
            Ok(value) => {
                sum.add(value);
                whole.below.push(Below { feature: item.code.clone(), name: item.name.clone(), value });
                let (factor, unit, name) = (&picked.row.written, &item.unit, &item.name);
                whole.why.push(Text::new(
                    format!("{}：{amount} {unit} × {factor}", name.zh),
                    format!("{}: {amount} {unit} × {factor}", name.en),
                ));
            }
            Err(reason) => whole.missing.push(reason.text()),
        }
    }
    if !whole.below.is_empty() {
        let left: Vec<&Item> = items.iter().filter(|item| whole.of(&item.code).is_none()).copied().collect();
        whole.notes.extend(left_out(&left, year));
    }
    if whole.below.is_empty() && whole.missing.is_empty() {
        whole.missing.push(none_stated(&items, &reader.key().area, year));
    }
    whole.value = whole.missing.is_empty().then(|| sum.total());
    whole
}

/// Another indicator's value of the same area.
pub(super) fn indicator(id: &str, year: i16, reader: &Reader<'_>) -> Got {
    let value = reader.indicator(id, year - reader.key().year);
    let (title, unit) = match reader.definition(id) {
        Some(definition) => (definition.title.clone(), definition.unit.clone()),
        None => (Text::new(id, id), String::new()),
    };
    let mut got = Got::new(title.clone(), &unit);
    got.value = value.exact;
    got.confidence = value.confidence;
    got.simulated = value.simulated;
    got.documents.clone_from(&value.documents);
    got.standards.clone_from(&value.standards);
    got.notes.clone_from(&value.notes);
    let why = &value.why;
    match got.value {
        Some(_) => got
            .why
            .push(Text::new(format!("{year} 年“{}”（{id}）", title.zh), format!("{} ({id}) of {year}", title.en))),
        None => got.missing.push(Text::new(
            format!("{year} 年“{}”（{id}）没有值：{}", title.zh, why.zh),
            format!("{} ({id}) has no value for {year}: {}", title.en, why.en),
        )),
    }
    got
}

/// The slope of an indicator over the years since one, by least squares over the years that have a value.
///
/// b = (n·Σty − Σt·Σy) / (n·Σt² − (Σt)²), t = years since the first.
pub(super) fn slope(id: &str, since: i16, reader: &Reader<'_>) -> Got {
    let asked = reader.key().year;
    let title = reader.definition(id).map_or_else(|| Text::new(id, id), |own| own.title.clone());
    let title = Text::new(format!("{}逐年变化", title.zh), format!("{}: change a year", title.en));
    let mut got = Got::new(title, reader.definition(id).map_or("", |own| own.unit.as_str()));
    let (mut n, mut sum_t, mut sum_tt) = (0_i64, 0_i64, 0_i64);
    let (mut sum_y, mut sum_ty) = (RatioSum::default(), RatioSum::default());
    for year in since..=asked {
        let value = reader.indicator(id, year - asked);
        let Some(exact) = value.exact else { continue };
        let t = i64::from(year - since);
        (n, sum_t, sum_tt) = (n + 1, sum_t + t, sum_tt + t * t);
        sum_y.add(exact);
        sum_ty.add(exact.times(t));
        got.confidence = got.confidence.and(value.confidence);
        got.simulated |= value.simulated;
    }
    if n < LEAST_YEARS {
        return got.lacks(Text::new(
            format!("“{id}”自 {since} 年起只有 {n} 年有值，至少 {LEAST_YEARS} 年才能拟合"),
            format!("`{id}` has values of {n} years since {since}; a line needs {LEAST_YEARS}"),
        ));
    }
    let (n_wide, t_wide, tt_wide) = (i128::from(n), i128::from(sum_t), i128::from(sum_tt));
    let top = sum_ty.total().times(n).minus(sum_y.total().times(sum_t));
    got.value = Some(top.divided_by(Ratio::new(n_wide * tt_wide - t_wide * t_wide, 1)));
    got.why.push(Text::new(
        format!("{since} 至 {asked} 年 {n} 个年度值的最小二乘斜率"),
        format!("least squares over {n} values from {since} to {asked}"),
    ));
    got
}

impl Features {
    fn name(&self) -> Text {
        match self {
            Features::Projects(class, _) => {
                Text::new(format!("“{class}”类项目"), format!("projects of class `{class}`"))
            }
            Features::Parcels(layer) => {
                Text::new(format!("图层“{layer}”的图斑"), format!("polygons of the layer `{layer}`"))
            }
            Features::Points(medium, _) => {
                let code = medium.code();
                Text::new(format!("“{code}”点位"), format!("points of `{code}`"))
            }
        }
    }
}

fn nothing_listed(features: &Features) -> Text {
    let what = features.name();
    Text::new(format!("登记中没有{}", what.zh), format!("the register has no {}", what.en))
}

fn no_factor(table: &str, item: &Item, year: i16) -> Text {
    let code = &item.code;
    Text::new(
        format!("表“{table}”没有 {code} 在 {year} 年的系数"),
        format!("the table `{table}` has no factor of {code} for {year}"),
    )
}

fn left_out(items: &[&Item], year: i16) -> Option<Text> {
    let names = |lang: fn(&Text) -> &str| items.iter().map(|item| lang(&item.name)).collect::<Vec<_>>();
    (!items.is_empty()).then(|| {
        let (zh, en) = (names(|name| &name.zh).join("、"), names(|name| &name.en).join(", "));
        Text::new(format!("{year} 年未填报、未计入：{zh}"), format!("not stated for {year} and not counted: {en}"))
    })
}

fn none_stated(items: &[&Item], area: &str, year: i16) -> Text {
    let codes: Vec<String> = items.iter().map(|item| format!("{}（{}）", item.code, item.unit)).collect();
    let codes = codes.join("、");
    Text::new(
        format!("缺少 {year} 年 {area} 的以下任一项：{codes}"),
        format!("not one of these is stated of {area} for {year}: {codes}"),
    )
}
