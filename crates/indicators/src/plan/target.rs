//! A target outside the plan's table → its state. Without a reported value it is `no-data`, unless it repeats
//! a row of the table, whose state it then shows.

use crate::plan::judge::says_done;
use crate::plan::known::{ComputedValue, ReportedValue, by_year};
use crate::plan::model::{Plan, PlanTarget, Relation};
use crate::plan::status::{Asked, PlanRow, State, TargetRow};
use crate::plan::value::{ValueKind, ValueText};
use domain::{Fixed, Text};

pub(crate) fn target_row(asked: &Asked<'_>, target: &PlanTarget, rows: &[PlanRow]) -> TargetRow {
    let (state, why) = if asked.own_area {
        judge_target(asked, target, rows)
    } else {
        (State::NoData, Text::new("该规划不是为本区域制定的", "the plan is not this area's"))
    };
    TargetRow {
        id: target.id.clone(),
        quote: target.quote.clone(),
        value: target.value.clone(),
        deadline: target.deadline.clone(),
        line: target.line,
        state,
        why,
    }
}

fn judge_target(asked: &Asked<'_>, target: &PlanTarget, rows: &[PlanRow]) -> (State, Text) {
    let years = by_year(asked.reported, &[], |name| target.is_called(asked.plan, name));
    let own = years.range(..=asked.year).next_back().and_then(|(_, own)| own.reported.first().copied());
    if let Some(value) = own {
        return reported(asked, target, value);
    }
    if let Some(value) = computed(asked, target) {
        return judged(asked, target, value);
    }
    if let Some(row) = rows.iter().find(|row| !target.indicator.is_empty() && row.id == target.indicator) {
        let why = Text::new(
            format!("与第 {} 项相同：{}", row.no, row.why.zh),
            format!("same as indicator {}: {}", row.no, row.why.en),
        );
        return (row.state, why);
    }
    let missing =
        asked.computed.iter().find(|own| own.year == asked.year && target.computed_by.as_ref() == Some(&own.indicator));
    let mut why = Text::new(
        format!("暂无数据：截至 {} 年没有以“{}”上报的值", asked.year, target.id),
        format!("no data: nothing reported as `{}` up to {}", target.id, asked.year),
    );
    if let Some(missing) = missing {
        why.zh.push_str(&format!("；{}", missing.why.zh));
        why.en.push_str(&format!("; {}", missing.why.en));
    }
    (State::NoData, why)
}

/// The newest complete value computed for a target up to the asked year, within the plan's years.
fn computed<'a>(asked: &Asked<'a>, target: &PlanTarget) -> Option<&'a ComputedValue> {
    let own = asked.computed.iter().filter(|own| target.computed_by.as_ref() == Some(&own.indicator));
    let own = own.filter(|own| own.value.is_some() && own.valid);
    own.filter(|own| asked.plan.from <= own.year && own.year <= asked.year).max_by_key(|own| own.year)
}

/// A computed value against the target's number.
fn judged(asked: &Asked<'_>, target: &PlanTarget, value: &ComputedValue) -> (State, Text) {
    let shown = value.value.map(|own| own.to_string()).unwrap_or_default();
    let unit = spaced(&value.unit);
    let said = Text::new(
        format!("{} 年由数据计算 {shown}{unit}", value.year),
        format!("computed for {} as {shown}{unit}", value.year),
    );
    against(asked, target, (value.value, said))
}

fn spaced(unit: &str) -> String {
    if unit.is_empty() { String::new() } else { format!(" {unit}") }
}

fn reported(asked: &Asked<'_>, target: &PlanTarget, value: &ReportedValue) -> (State, Text) {
    let (shown, kind) = (value.value.shown(), value.kind.name());
    let said = Text::new(
        format!("{} 年{} {shown}（{}）", value.year, kind.zh, value.document),
        format!("{} {} {shown} ({})", value.year, kind.en, value.document),
    );
    if says_done(asked.plan, &value.value.text, &target.value) {
        return (State::Achieved, sentence(&said, "上报认定达到", "reported as met"));
    }
    against(asked, target, (value.value.number, said))
}

/// A number against the target's, by its deadline.
fn against(asked: &Asked<'_>, target: &PlanTarget, (number, said): (Option<Fixed>, Text)) -> (State, Text) {
    let (due, deadline) = due(asked, target);
    let unit = spaced(&target.unit);
    let (Some(goal), Some(relation), Some(number)) = (target.number, target.relation(), number) else {
        return (State::Text, sentence(&said, "由人判定", "for people to judge"));
    };
    let wanted = format!("{}{goal}{unit}", relation.sign());
    if relation.holds(number, goal) {
        return (State::Achieved, sentence(&said, &format!("达到 {wanted}"), &format!("meets {wanted}")));
    }
    if due {
        return (State::Behind, sentence(&said, &format!("未达到 {wanted}"), &format!("misses {wanted}")));
    }
    let zh = format!("尚未达到 {wanted}，期限 {}", deadline.zh);
    (State::NotDue, sentence(&said, &zh, &format!("not yet {wanted}, due {}", deadline.en)))
}

/// Whether a target is due in the year asked about, and when it is: by its own deadline, at the plan's end where
/// the plan states none, always where it stands for good or recurs.
fn due(asked: &Asked<'_>, target: &PlanTarget) -> (bool, Text) {
    match target.due_year {
        Some(year) => (asked.year >= year, Text::new(&target.deadline, &target.deadline)),
        None if ValueText::read(&target.deadline).is_absent() => {
            let end = asked.plan.to;
            (asked.year >= end, Text::new(format!("规划期末 {end} 年"), format!("the plan's end, {end}")))
        }
        None => (true, Text::new(&target.deadline, &target.deadline)),
    }
}

fn sentence(said: &Text, zh: &str, en: &str) -> Text {
    Text::new(format!("{}：{zh}", said.zh), format!("{}: {en}", said.en))
}

impl PlanTarget {
    /// Whether `name` is its id, alone or after the plan's.
    pub fn is_called(&self, plan: &Plan, name: &str) -> bool {
        name == self.id || name.strip_prefix(&plan.id).and_then(|rest| rest.strip_prefix('.')) == Some(&self.id)
    }

    /// How a number is compared with the target's.
    pub fn relation(&self) -> Option<Relation> {
        match self.kind {
            ValueKind::AtLeast | ValueKind::Number | ValueKind::Cumulative => Some(Relation::AtLeast),
            ValueKind::AtMost => Some(Relation::AtMost),
            ValueKind::Text | ValueKind::Absent => None,
        }
    }
}
