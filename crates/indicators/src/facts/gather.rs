//! An input of a rule → its number with where it comes from, or what is missing. Used by `expression` and `amounts`.
//!
//! A fact of the area itself prevails; where there is none, the areas below are summed, and only if every one of
//! them states it: a partial sum would pass for the whole.

use crate::facts::items::{Item, PeriodKind};
use crate::facts::rule::{Features, Input, Source};
use crate::formula::Formula;
use crate::graph::Reader;
use domain::{Area, Confidence, Fact, Fixed, Ratio, RatioSum, Text};

/// Fewest years that a fitted line is made of.
const LEAST_YEARS: i64 = 3;

/// What an input came to.
#[derive(Clone, Debug)]
pub(crate) struct Got {
    /// What it is, for people.
    pub title: Text,
    /// Unit.
    pub unit: String,
    /// Its number.
    pub value: Option<Ratio>,
    /// Why there is none: one sentence a missing thing.
    pub missing: Vec<Text>,
    /// The areas or features that it was summed over.
    pub below: Vec<Below>,
    /// Where it comes from.
    pub why: Vec<Text>,
    /// Documents.
    pub documents: Vec<String>,
    /// Standards and tables, by id.
    pub standards: Vec<String>,
    /// What a reader must know: a refused fact, a sum that does not agree.
    pub notes: Vec<Text>,
    /// Weakest confidence in it.
    pub confidence: Confidence,
    /// Whether anything in it is made up for demonstration.
    pub simulated: bool,
}

/// A part of a summed input.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Below {
    /// Code of the area or feature.
    pub feature: String,
    /// Its name.
    pub name: Text,
    /// Its number.
    pub value: Ratio,
}

impl Got {
    pub(crate) fn new(title: Text, unit: &str) -> Got {
        Got {
            title,
            unit: unit.to_string(),
            value: None,
            missing: Vec::new(),
            below: Vec::new(),
            why: Vec::new(),
            documents: Vec::new(),
            standards: Vec::new(),
            notes: Vec::new(),
            confidence: Confidence::Confirmed,
            simulated: false,
        }
    }

    /// The number of one of the areas or features below.
    pub(crate) fn of(&self, feature: &str) -> Option<Ratio> {
        self.below.iter().find(|below| below.feature == feature).map(|below| below.value)
    }

    fn lacks(mut self, what: Text) -> Got {
        self.missing.push(what);
        self
    }

    /// Takes over what another one rests on.
    fn rests_on(&mut self, other: &Got) {
        let texts =
            |own: &mut Vec<Text>, more: &[Text]| own.extend(more.iter().filter(|text| !text.zh.is_empty()).cloned());
        texts(&mut self.why, &other.why);
        texts(&mut self.notes, &other.notes);
        for document in other.documents.iter().filter(|text| !text.is_empty()) {
            if !self.documents.contains(document) {
                self.documents.push(document.clone());
            }
        }
        self.confidence = self.confidence.and(other.confidence);
        self.simulated |= other.simulated;
    }
}

/// Reads an input.
pub(crate) fn gather(input: &Input, reader: &Reader<'_>) -> Got {
    let year = input.year.of(reader.key().year);
    let mut got = match &input.source {
        Source::Fact(item) => with_item(item, reader, |own| of_area(own, year, reader)),
        Source::Own(item) => with_item(item, reader, |own| stated(own, &reader.key().area, year, reader)),
        Source::Over(item, features) => with_item(item, reader, |own| over(own, features, year, reader)),
        Source::Count(features) => count(features, reader),
        Source::Weighted(table) => weighted(table, year, reader),
        Source::Indicator(id) => indicator(id, year, reader),
        Source::Slope(id, since) => slope(id, *since, reader),
    };
    if let (None, Some(blank)) = (got.value, input.blank) {
        got.value = Some(blank.into());
        got.missing.clear();
        got.why.push(Text::new(
            format!("{year} 年未填报，按 {blank} 计"),
            format!("not stated for {year}: counted as {blank}"),
        ));
    }
    got
}

fn with_item(code: &str, reader: &Reader<'_>, read: impl Fn(&Item) -> Got) -> Got {
    match reader.definitions().items().get(code) {
        Some(item) => read(item),
        None => Got::new(Text::new(code, code), "").lacks(unknown(code)),
    }
}

/// A fact of the asked area.
fn of_area(item: &Item, year: i16, reader: &Reader<'_>) -> Got {
    let areas = reader.areas();
    let code = reader.key().area.clone();
    of_area_below(item, year, &areas, &code, reader)
}

fn of_area_below(item: &Item, year: i16, areas: &[&Area], code: &str, reader: &Reader<'_>) -> Got {
    let mut own = stated(item, code, year, reader);
    let children: Vec<&&Area> = areas.iter().filter(|area| area.parent == code && area.id != code).collect();
    if children.is_empty() {
        return own;
    }
    let parts: Vec<(&&Area, Got)> =
        children.iter().map(|area| (*area, of_area_below(item, year, areas, &area.id, reader))).collect();
    let mut sum = RatioSum::default();
    parts.iter().filter_map(|(_, part)| part.value).for_each(|value| sum.add(value));
    let complete = sum.count() as usize == parts.len();
    if let Some(value) = own.value {
        if complete && sum.total() != value {
            let (sum, unit, code) = (sum.total(), &item.unit, &item.code);
            own.notes.push(Text::new(
                format!("{year} 年 {code}：本级 {value} {unit}，各下级之和 {sum} {unit}，两者不一致；采用本级"),
                format!("{code} for {year}: {value} {unit} of the area itself, {sum} {unit} as the sum of the areas below; the former is used"),
            ));
        }
        return own;
    }
    if sum.count() == 0 {
        return own;
    }
    let mut whole = Got::new(own.title.clone(), &own.unit);
    whole.notes.append(&mut own.notes);
    for (area, part) in &parts {
        whole.rests_on(part);
        whole.missing.extend(part.missing.iter().cloned());
        if let Some(value) = part.value {
            let name = Text::new(&area.name_zh, &area.name_en);
            whole.below.push(Below { feature: area.id.clone(), name, value });
        }
    }
    if complete {
        whole.value = Some(sum.total());
        let n = parts.len();
        whole.why.insert(
            0,
            Text::new(
                format!("{code} 本级未填报，为 {n} 个下级之和"),
                format!("not stated by {code} itself: the sum of {n} areas below"),
            ),
        );
    }
    whole
}

/// A fact of one feature for a year; the twelve months where the item is monthly.
pub(crate) fn stated(item: &Item, feature: &str, year: i16, reader: &Reader<'_>) -> Got {
    match item.period {
        PeriodKind::Year => stated_for(item, feature, &year.to_string(), year, reader),
        PeriodKind::Month => {
            let mut whole = Got::new(item.name.clone(), &item.unit);
            let mut sum = RatioSum::default();
            for month in 1..=12 {
                let part = stated_for(item, feature, &format!("{year}-{month:02}"), year, reader);
                part.value.into_iter().for_each(|value| sum.add(value));
                whole.rests_on(&part);
                whole.missing.extend(part.missing);
            }
            whole.value = whole.missing.is_empty().then(|| sum.total());
            whole
        }
    }
}

fn stated_for(item: &Item, feature: &str, period: &str, year: i16, reader: &Reader<'_>) -> Got {
    let mut got = Got::new(item.name.clone(), &item.unit);
    let fact = reader.fact(feature, &item.code, period);
    if year == reader.key().year
        && let Some(text) = reader.assumed(feature, &item.code)
        && let Ok(assumed) = text.parse::<Fixed>()
    {
        got.value = Some(assumed.into());
        let (unit, code) = (&item.unit, &item.code);
        got.why.push(Text::new(
            format!("假设 {feature} 的 {code} 为 {assumed} {unit}"),
            format!("{code} of {feature} is assumed to be {assumed} {unit}"),
        ));
        return got;
    }
    let Some(fact) = fact else { return got.lacks(missing(item, feature, period)) };
    match reader.definitions().items().number(item, fact) {
        Ok(value) => {
            got.value = Some(value);
            got.why.push(said(fact));
            got.documents.extend(Some(fact.document.clone()).filter(|document| !document.is_empty()));
            got.simulated = fact.simulated;
            got
        }
        Err(refused) => {
            got.notes.push(refused.clone());
            got.missing.push(refused);
            got
        }
    }
}

/// The sum of a fact over projects, polygons or points.
fn over(item: &Item, features: &Features, year: i16, reader: &Reader<'_>) -> Got {
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
fn count(features: &Features, reader: &Reader<'_>) -> Got {
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
fn weighted(id: &str, year: i16, reader: &Reader<'_>) -> Got {
    let Some(table) = reader.definitions().factors(id) else {
        return Got::new(Text::new(id, id), "").lacks(unknown(id));
    };
    let mut whole = Got::new(table.title.clone(), &table.unit);
    whole.standards.push(table.id.clone());
    let product = Formula::read("a * b").expect("a formula without a fault");
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
        match product.value(&|name| if name == "a" { amount } else { picked.row.factor }) {
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
fn indicator(id: &str, year: i16, reader: &Reader<'_>) -> Got {
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
fn slope(id: &str, since: i16, reader: &Reader<'_>) -> Got {
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

/// Who says it, and where.
fn said(fact: &Fact) -> Text {
    let (feature, period, item) = (&fact.key.feature, &fact.key.period, &fact.key.item);
    let by = [&fact.department, &fact.document].map(String::as_str);
    let by: Vec<&str> = by.into_iter().filter(|text| !text.is_empty()).collect();
    let (zh, en) = match by.is_empty() {
        true => (String::new(), String::new()),
        false => (format!("（{}）", by.join("，")), format!(" ({})", by.join(", "))),
    };
    let (value, unit) = (fact.value, &fact.unit);
    Text::new(
        format!("{feature} {period} {item} = {value} {unit}{zh}"),
        format!("{feature} {period} {item} = {value} {unit}{en}"),
    )
}

fn missing(item: &Item, feature: &str, period: &str) -> Text {
    let (code, unit) = (&item.code, &item.unit);
    let zh_period = if period.contains('-') { period.to_string() } else { format!("{period} 年") };
    Text::new(
        format!("缺少 {zh_period} {feature} 的 {code}（{unit}）：{}", item.name.zh),
        format!("{code} ({unit}) of {feature} for {period} is missing: {}", item.name.en),
    )
}

fn unknown(code: &str) -> Text {
    Text::new(format!("目录中没有“{code}”"), format!("the catalog has no `{code}`"))
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
