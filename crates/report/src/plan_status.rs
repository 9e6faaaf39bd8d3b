//! The status of a plan as plain data: the plan's own table of indicators (专栏 form) with today's values.

use crate::amount::Amount;
use domain::Text;
use serde::Serialize;

/// A plan's indicators and where they stand.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PlanStatusTable {
    /// Title of the plan.
    pub plan: Text,
    /// Area.
    pub area: Text,
    /// Year of the base values, printed as a column head.
    pub base_year: i32,
    /// Year of the targets, printed as a column head.
    pub target_year: i32,
    /// When the table was made, as printed.
    pub generated_at: String,
    /// Marks such as 模拟 (simulated).
    pub marks: Vec<Text>,
    /// Indicators in the plan's order.
    pub rows: Vec<PlanStatusRow>,
    /// What a reader must know.
    pub notes: Vec<Text>,
}

/// One indicator of a plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PlanStatusRow {
    /// Group of the plan, `环境治理`.
    pub group: Text,
    /// Number in the plan, `(1)`.
    pub number: String,
    /// Indicator.
    pub name: Text,
    /// Unit.
    pub unit: Text,
    /// Base value as the plan prints it.
    pub base: Amount,
    /// Target as the plan prints it, `≥92` or a text.
    pub target: Amount,
    /// Cumulative change of the five years as the plan prints it.
    pub cumulative: Amount,
    /// 约束性 / 预期性.
    pub attribute: Text,
    /// Value now.
    pub value: Amount,
    /// Year of that value; empty if none.
    pub value_year: String,
    /// State as printed.
    pub state: Text,
    /// Whether it is met; `None` if it cannot be said.
    pub met: Option<bool>,
    /// Document or rule the value rests on.
    pub basis: Text,
}
