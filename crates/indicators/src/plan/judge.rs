//! One row of a plan and its value of a year → a state and the reason for it, quoting the numbers.
//!
//! Branching is here, one sentence a branch; [`crate::plan::status`] gathers the rows.

use crate::plan::history::path_exact;
use crate::plan::known::{Chosen, ValueSource};
use crate::plan::model::{Plan, PlanIndicator, Relation, TextRule};
use crate::plan::status::State;
use crate::plan::value::{ValueKind, print};
use domain::{Fixed, Text};

/// A state and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The state.
    pub state: State,
    /// Why, in a sentence.
    pub why: Text,
}

/// What a value is judged in.
pub(crate) struct Case<'a> {
    pub plan: &'a Plan,
    pub row: &'a PlanIndicator,
    pub chosen: Option<&'a Chosen>,
    /// The year asked about.
    pub year: i16,
    /// Whether the area is the plan's own; another area is only held against the targets.
    pub own_area: bool,
}

/// Judges a row.
pub(crate) fn judge(case: &Case<'_>) -> Verdict {
    let row = case.row;
    let Some(chosen) = case.chosen else { return nothing(case) };
    if !chosen.valid {
        return incomplete(row, chosen);
    }
    if !case.own_area {
        return example(case, chosen);
    }
    if case.year <= row.base_year {
        return before_the_plan(case, chosen);
    }
    if chosen.year <= row.base_year {
        return only_base(case, chosen);
    }
    against_goal(case, chosen)
}

fn against_goal(case: &Case<'_>, chosen: &Chosen) -> Verdict {
    let row = case.row;
    let cumulative_words = row.target.is_absent() && row.cumulative.kind == ValueKind::Text;
    if row.target.kind == ValueKind::Text || cumulative_words {
        return in_words(case, chosen);
    }
    let value = of_year(row, chosen);
    let (Some(goal), Some(relation)) = (row.goal(), row.relation()) else {
        let why = Text::new(
            format!("{}；规划没有写明目标值，不作判断", value.zh),
            format!("{}; the plan states no target, so it is not judged", value.en),
        );
        return Verdict { state: State::Text, why };
    };
    let Some(number) = chosen.number else {
        let why = Text::new(
            format!("{}；不是数字，不能与目标 {} 比较", value.zh, goal_text(row, goal)),
            format!("{}; no number, so it cannot be held against the target {}", value.en, goal_text(row, goal)),
        );
        return Verdict { state: State::Text, why };
    };
    if relation.holds(number, goal) {
        return reached(row, chosen, &value);
    }
    if chosen.year >= row.target_year {
        let why = Text::new(
            format!("{}，未达到 {} 年目标 {}{}", value.zh, row.target_year, relation.sign(), goal_text(row, goal)),
            format!("{}: misses the {} target {} {}", value.en, row.target_year, relation.sign(), goal_text(row, goal)),
        );
        return Verdict { state: State::Behind, why };
    }
    on_the_way(row, chosen, number, (goal, relation))
}

fn reached(row: &PlanIndicator, chosen: &Chosen, value: &Text) -> Verdict {
    let (Some(goal), Some(relation)) = (row.goal(), row.relation()) else {
        return Verdict { state: State::Text, why: value.clone() };
    };
    let early = chosen.year < row.target_year;
    let (tail_zh, tail_en) = if early {
        ("（提前达到，须保持到目标年）", " ahead of time, to be kept until then")
    } else {
        ("", "")
    };
    let why = Text::new(
        format!("{}，达到 {} 年目标 {}{}{tail_zh}", value.zh, row.target_year, relation.sign(), goal_text(row, goal)),
        format!(
            "{}: meets the {} target {} {}{tail_en}",
            value.en,
            row.target_year,
            relation.sign(),
            goal_text(row, goal)
        ),
    );
    Verdict { state: State::Achieved, why }
}

/// Before the target year: held against the straight line from base to goal, both rounded alike.
fn on_the_way(row: &PlanIndicator, chosen: &Chosen, number: Fixed, (goal, relation): (Fixed, Relation)) -> Verdict {
    let value = of_year(row, chosen);
    let goal = goal_text(row, goal);
    let Some(exact) = path_exact(row, chosen.year) else {
        let why = Text::new(
            format!("{}；规划没有基准值，没有路径可比，{} 年目标 {}{goal}", value.zh, row.target_year, relation.sign()),
            format!(
                "{}; the plan has no base value and so no path; target of {} is {} {goal}",
                value.en,
                row.target_year,
                relation.sign()
            ),
        );
        return Verdict { state: State::NotDue, why };
    };
    let expected = exact.round(row.digits);
    let (fine, rounded) = (exact.round(row.digits + 1), print(expected, row.digits));
    let (line_zh, line_en) = match fine == expected {
        true => (rounded.clone(), rounded),
        false => {
            let fine = print(fine, row.digits + 1);
            (format!("{fine}（修约为 {rounded}）"), format!("{fine} (rounded {rounded})"))
        }
    };
    let holds = relation.holds(number, expected);
    let (state, zh, en) = match holds {
        true => (State::OnTrack, "不差于", "not worse than"),
        false => (State::Behind, "差于", "worse than"),
    };
    let why = Text::new(
        format!("{}，{zh}路径值 {line_zh}；{} 年目标 {goal}", value.zh, row.target_year),
        format!("{}: {en} the path, {line_en}; target of {} is {goal}", value.en, row.target_year),
    );
    Verdict { state, why }
}

/// A target in words: reported words that say so, or the catalog's rule for numbers, or people.
fn in_words(case: &Case<'_>, chosen: &Chosen) -> Verdict {
    let row = case.row;
    let target = if row.target.kind == ValueKind::Text { &row.target.text } else { &row.cumulative.text };
    let value = of_year(row, chosen);
    if chosen.source == ValueSource::Reported && says_done(case.plan, &chosen.value.text, target) {
        let why = Text::new(
            format!("{}，上报认定达到目标“{target}”", value.zh),
            format!("{}: reported as meeting the target “{target}”", value.en),
        );
        return Verdict { state: State::Achieved, why };
    }
    if let Some(verdict) = conditions(row, chosen, &value, target) {
        return verdict;
    }
    if let (Some(TextRule::Number { relation, number: asked }), Some(number)) = (row.text_rule, chosen.number) {
        let holds = relation.holds(number, asked);
        let (state, zh, en) = match holds {
            true => (State::Achieved, "符合", "within"),
            false => (State::Behind, "不符合", "outside"),
        };
        let limit = print(asked, row.digits);
        let sign = relation.sign();
        let why = Text::new(
            format!("{}，{zh}本目录对“{target}”的读法（{sign}{limit}）；规划没有写数字，以省级认定为准", value.zh),
            format!(
                "{}: {en} this catalog's reading of “{target}” ({sign} {limit}); the plan names no number, the province's finding prevails",
                value.en
            ),
        );
        return Verdict { state, why };
    }
    let why = Text::new(
        format!("{}；目标是文字“{target}”，由人判定", value.zh),
        format!("{}; the target is words, “{target}”, for people to judge", value.en),
    );
    Verdict { state: State::Text, why }
}

/// A target in words whose indicator tells its conditions: met when all are, missed when one is not, for people when
/// one is not known.
fn conditions(row: &PlanIndicator, chosen: &Chosen, value: &Text, target: &str) -> Option<Verdict> {
    if row.text_rule != Some(TextRule::Conditions) || chosen.conditions.is_empty() {
        return None;
    }
    let named = |wanted: Option<bool>| {
        let own = chosen.conditions.iter().filter(|(_, met)| *met == wanted);
        let (zh, en): (Vec<&str>, Vec<&str>) = own.map(|(name, _)| (name.zh.as_str(), name.en.as_str())).unzip();
        (zh.join("、"), en.join(", "))
    };
    let (missed, unknown, met) = (named(Some(false)), named(None), named(Some(true)));
    let (state, zh, en) = if !missed.0.is_empty() {
        (State::Behind, format!("不满足：{}", missed.0), format!("not met: {}", missed.1))
    } else if !unknown.0.is_empty() {
        (State::Text, format!("尚不能判定：{}", unknown.0), format!("cannot be judged yet: {}", unknown.1))
    } else {
        (State::Achieved, format!("均满足：{}", met.0), format!("all met: {}", met.1))
    };
    let why = Text::new(
        format!("{}；目标“{target}”按条件逐项判定，{zh}；以省级认定为准", value.zh),
        format!(
            "{}; the target “{target}” is judged by its conditions, {en}; the province's finding prevails",
            value.en
        ),
    );
    Some(Verdict { state, why })
}

/// Whether reported words say that a target in words is met.
pub(crate) fn says_done(plan: &Plan, words: &str, target: &str) -> bool {
    let words = words.trim();
    words == target || plan.done_words.iter().any(|done| done == words)
}

fn nothing(case: &Case<'_>) -> Verdict {
    let row = case.row;
    let goal = asked_for(row);
    let why = Text::new(
        format!("暂无数据：截至 {} 年没有上报或计算的值；{}", case.year, goal.zh),
        format!("no data: nothing reported or computed up to {}; {}", case.year, goal.en),
    );
    Verdict { state: State::NoData, why }
}

fn incomplete(row: &PlanIndicator, chosen: &Chosen) -> Verdict {
    let value = of_year(row, chosen);
    let (n, of, counts) = chosen.detail.clone().unwrap_or_default();
    let why = Text::new(
        format!("{}，但{}只有 {n}/{of}，不满足有效性要求，不作判断", value.zh, counts.zh),
        format!("{}, but only {n} of {of} {}: not complete enough, not judged", value.en, counts.en),
    );
    Verdict { state: State::NoData, why }
}

fn only_base(case: &Case<'_>, chosen: &Chosen) -> Verdict {
    let row = case.row;
    let value = of_year(row, chosen);
    let goal = asked_for(row);
    let (from, to) = (row.base_year + 1, case.year.min(row.target_year));
    let why = Text::new(
        format!("暂无数据：{from}–{to} 年没有上报或计算的值；最近的是规划之前的 {}；{}", value.zh, goal.zh),
        format!(
            "no data: nothing reported or computed for {from}-{to}; the newest is from before the plan, {}; {}",
            value.en, goal.en
        ),
    );
    Verdict { state: State::NoData, why }
}

fn before_the_plan(case: &Case<'_>, chosen: &Chosen) -> Verdict {
    let row = case.row;
    let value = of_year(row, chosen);
    let goal = asked_for(row);
    let why = Text::new(
        format!("{}；规划期从 {} 年开始，{}", value.zh, case.plan.from, goal.zh),
        format!("{}; the plan runs from {}, {}", value.en, case.plan.from, goal.en),
    );
    Verdict { state: State::NotDue, why }
}

/// Another area is held against the plan's target itself, never against its path.
fn example(case: &Case<'_>, chosen: &Chosen) -> Verdict {
    let row = case.row;
    let mut verdict = match (row.goal(), row.relation(), chosen.number) {
        (Some(goal), Some(relation), Some(number)) if row.target.kind != ValueKind::Text => {
            let holds = relation.holds(number, goal);
            let (state, zh, en) = match holds {
                true => (State::Achieved, "符合", "meets"),
                false => (State::Behind, "不符合", "misses"),
            };
            let value = of_year(row, chosen);
            let (sign, goal) = (relation.sign(), goal_text(row, goal));
            let why = Text::new(
                format!("{}，{zh}目标值 {sign}{goal}", value.zh),
                format!("{}: {en} the target {sign} {goal}", value.en),
            );
            Verdict { state, why }
        }
        _ => against_goal(case, chosen),
    };
    verdict.why = Text::new(
        format!("示例（该规划不是为本区域制定的）：{}", verdict.why.zh),
        format!("example (the plan is not this area's): {}", verdict.why.en),
    );
    verdict
}

/// `2022 年公布值 89.1 %`.
fn of_year(row: &PlanIndicator, chosen: &Chosen) -> Text {
    let name = chosen.kind.name();
    let unit = spaced(&row.unit, chosen.value.number.is_some());
    let shown = chosen.value.shown();
    let digits = chosen.number.filter(|number| chosen.value.number != Some(*number));
    let rounded = digits.map(|number| print(number, row.digits));
    let (zh, en) = match &rounded {
        Some(rounded) => (format!("（修约为 {rounded}）"), format!(" (rounded {rounded})")),
        None => (String::new(), String::new()),
    };
    Text::new(
        format!("{} 年{} {shown}{unit}{zh}", chosen.year, name.zh),
        format!("{} {} {shown}{unit}{en}", chosen.year, name.en),
    )
}

fn spaced(unit: &str, number: bool) -> String {
    if unit.is_empty() || !number { String::new() } else { format!(" {unit}") }
}

fn goal_text(row: &PlanIndicator, goal: Fixed) -> String {
    let own = if row.target.number.is_some() { &row.target } else { &row.cumulative };
    let number = if own.number == Some(goal) { own.text.clone() } else { goal.to_string() };
    let number = number.trim_start_matches(['≥', '≤']).to_string();
    format!("{number}{}", spaced(&row.unit, true))
}

/// What the plan asks for, for sentences about rows without a value.
fn asked_for(row: &PlanIndicator) -> Text {
    let (target, cumulative) = (&row.target, &row.cumulative);
    match (target.is_absent(), cumulative.is_absent()) {
        (false, _) => {
            let unit = spaced(&row.unit, target.number.is_some());
            Text::new(
                format!("{} 年目标 {}{unit}", row.target_year, target.text),
                format!("target of {} is {}{unit}", row.target_year, target.text),
            )
        }
        (true, false) => {
            let unit = spaced(&row.unit, cumulative.number.is_some());
            Text::new(
                format!("五年累计目标 {}{unit}", cumulative.text),
                format!("target summed over the plan's years is {}{unit}", cumulative.text),
            )
        }
        (true, true) => Text::new("规划没有写明目标值", "the plan states no target"),
    }
}
