//! An air indicator of a judged year → a node's value, so that a plan's rows can be asked alike.

use crate::air::value::AirValue;
use crate::definition::Definition;
use crate::graph::{NodeValue, Part};
use domain::Text;

impl NodeValue {
    /// Of an air indicator. Its parts are the months with their valid days.
    pub fn of_air(definition: &Definition, value: &AirValue) -> NodeValue {
        let parts = value.completeness.months.iter().map(|month| {
            let (year, at) = (month.month.year().0, month.month.month_of_year());
            Part {
                feature: format!("{year}-{at:02}"),
                name: Text::new(format!("{at} 月"), format!("month {at}")),
                value: month.days.to_string(),
                met: Some(month.days >= month.needed),
                why: Text::new(
                    format!("有效日 {} 天，至少需要 {} 天", month.days, month.needed),
                    format!("{} valid days, {} needed", month.days, month.needed),
                ),
                counted: month.days > 0,
                ..Part::default()
            }
        });
        let why = definition.equation.clone();
        let mut own = NodeValue::absent(why);
        own.value = value.value;
        own.exact = value.exact;
        own.digits = value.digits;
        (own.n, own.of, own.valid) = (value.n, value.of, value.valid);
        own.counts = Text::new("有效日", "valid days");
        own.confidence = value.confidence;
        own.parts = parts.collect();
        own.standards = value.clauses.iter().map(|clause| clause.standard.clone()).collect();
        own.standards.dedup();
        own.notes = value.notes.clone();
        own.variants = value
            .all_data
            .map(|all| (Text::new("不剔除例外时段", "with exceptional periods"), Some(all)))
            .into_iter()
            .collect();
        own
    }
}
