//! Annual statistics and the composite index of the document.

use super::Material;
use super::places::amount;
use domain::{Fixed, Ratio, Text};
use indicators::air::{AirYear, air_value, composite_parts};
use indicators::{Definition, Method};
use report::Amount;
use report::air_year as doc;

/// Statistics over one item, in the order of the items.
pub(super) fn statistics(own: &Material) -> Vec<doc::Statistic> {
    let definitions = &own.view.data.catalogs.definitions;
    let mut rows = Vec::new();
    for item in own.now.year.items() {
        for definition in definitions.iter() {
            match &definition.method {
                Method::DayStatistic { item: of, .. } if *of == item.item => {
                    rows.push(statistic(own, definition, &item.parameter))
                }
                _ => {}
            }
        }
    }
    // The standard's own statistics have a limit; others of the catalog are left to the indicator list.
    rows.retain(|row| row.limit.is_some());
    rows
}

fn statistic(own: &Material, definition: &Definition, parameter: &str) -> doc::Statistic {
    let value = air_value(&own.now.year, definition);
    let last = own.before.as_ref().map(|before| air_value(&before.year, definition));
    let before_valid = last.as_ref().is_some_and(|last| last.valid);
    let before = last.and_then(|last| last.value);
    let digits = value.digits;
    let parameters = &own.view.data.catalogs.parameters;
    let exceed = match (value.value, value.limit) {
        (Some(value), Some(limit)) if value > limit => exceed_multiple(value, limit),
        (None, _) => Amount::missing("无数据", "no data"),
        _ => Amount::missing("未超标", "within the limit"),
    };
    doc::Statistic {
        id: definition.id.clone(),
        symbol: parameters.get(parameter).map_or_else(|| parameter.to_string(), |own| own.symbol.clone()),
        name: definition.title.clone(),
        value: amount(&value),
        unit: definition.unit.clone(),
        limit: Amount::fixed_or(value.limit, digits, "无限值", "no limit"),
        exceed,
        passes: value.value.zip(value.limit).filter(|_| value.valid).map(|(value, limit)| value <= limit),
        days: value.n,
        of: value.of,
        valid: value.valid,
        all_data: value.all_data.map(|all| Amount::fixed(all, digits)),
        last_year: before.map(|before| Amount::fixed(before, digits)),
        change: value
            .value
            .filter(|_| value.valid)
            .zip(before.filter(|_| before_valid))
            .and_then(|(value, before)| change(value, before)),
        clauses: value
            .clauses
            .iter()
            .map(|clause| format!("{} {}", number(own, &clause.standard), clause.clause))
            .collect(),
    }
}

/// Number of a standard as printed; its id if it is not in the catalog.
fn number(own: &Material, id: &str) -> String {
    own.view.data.catalogs.standards.standard(id).map_or_else(|| id.to_string(), |standard| standard.number.clone())
}

/// B = (C − S) / S, two decimals.
fn exceed_multiple(value: Fixed, limit: Fixed) -> Amount {
    let over = standards::methods::exceed_multiple(Ratio::from(value), limit);
    Amount::fixed_or(over.map(|over| over.round(2)), 2, "无限值", "no limit")
}

fn change(value: Fixed, before: Fixed) -> Option<String> {
    if before <= Fixed::ZERO {
        return None;
    }
    let percent = Ratio::from(value).minus(Ratio::from(before)).divided_by(Ratio::from(before)).times(100).round(1);
    let text = Amount::fixed(percent, 1).text;
    Some(if percent > Fixed::ZERO { format!("+{text} %") } else { format!("{text} %") })
}

/// The composite index with its parts.
pub(super) fn composite(own: &Material) -> doc::Composite {
    let Some(definition) =
        own.view.data.catalogs.definitions.iter().find(|definition| definition.method == Method::Composite)
    else {
        return doc::Composite::default();
    };
    let value = air_value(&own.now.year, definition);
    let rule = &own.now.year.rules.annual.composite;
    doc::Composite {
        value: amount(&value),
        last_year: own.before.as_ref().map(|before| amount(&air_value(&before.year, definition))),
        parts: parts(own, &own.now.year, value.exact),
        rule: Text::new(format!("{} {}", rule.number, rule.clause), format!("{} {}", rule.number, rule.clause)),
    }
}

fn parts(own: &Material, year: &AirYear, total: Option<Ratio>) -> Vec<doc::CompositePart> {
    let digits = year.rules.annual.composite.digits;
    composite_parts(year)
        .into_iter()
        .map(|(item, single)| {
            let share = single
                .zip(total)
                .filter(|(_, total)| total.num() > 0)
                .map(|(single, total)| single.divided_by(total).times(100).round(1));
            doc::CompositePart {
                symbol: super::places::symbol(own, &item),
                value: Amount::fixed_or(single.map(|single| single.round(digits)), digits, "无数据", "no data"),
                share: Amount::fixed_or(share, 1, "无数据", "no data"),
            }
        })
        .collect()
}
