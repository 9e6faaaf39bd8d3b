//! An input of a rule → its number with where it comes from, or what is missing. Used by `expression` and `amounts`.
//!
//! A fact of the area itself prevails; where there is none, the areas below are summed, and only if every one of
//! them states it: a partial sum would pass for the whole.

use crate::facts::combine;
use crate::facts::items::{Item, PeriodKind};
use crate::facts::rule::{Input, Source};
use crate::graph::Reader;
use domain::{Area, Confidence, Fact, Fixed, Ratio, RatioSum, Text};

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

    pub(super) fn lacks(mut self, what: Text) -> Got {
        self.missing.push(what);
        self
    }

    /// Takes over what another one rests on.
    pub(super) fn rests_on(&mut self, other: &Got) {
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
        Source::Over(item, features) => with_item(item, reader, |own| combine::over(own, features, year, reader)),
        Source::Count(features) => combine::count(features, reader),
        Source::Weighted(table) => combine::weighted(table, year, reader),
        Source::Indicator(id) => combine::indicator(id, year, reader),
        Source::Slope(id, since) => combine::slope(id, *since, reader),
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
pub(super) fn of_area(item: &Item, year: i16, reader: &Reader<'_>) -> Got {
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

pub(super) fn unknown(code: &str) -> Text {
    Text::new(format!("目录中没有“{code}”"), format!("the catalog has no `{code}`"))
}
