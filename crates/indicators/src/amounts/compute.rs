//! Projects of every class that cuts a pollutant → tonnes since a year, with each project and year as a part, counted
//! or not and why.

use crate::amounts::classes::{Class, Cut};
use crate::amounts::cut::{Yearly, years};
use crate::amounts::guard::{Entry, Ledger, order};
use crate::definition::{Definition, DefinitionProblem, Definitions};
use crate::graph::{NodeValue, Part, Reader};
use domain::{Confidence, Project, ProjectState, Ratio, RatioSum, Text};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Which pollutant is summed, since when, and which projects count.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Pollutant, as classes name it.
    pub pollutant: String,
    /// First year that counts.
    pub since: i16,
    /// States in which a project counts.
    pub states: Vec<String>,
}

/// A project with what its class cuts and what its facts say.
struct Case<'a> {
    project: &'a Project,
    state: ProjectState,
    class: &'a Class,
    years: Vec<Yearly>,
}

/// One way of counting.
#[derive(Default)]
struct Sum {
    tonnes: RatioSum,
    of_the_year: RatioSum,
    parts: Vec<Part>,
    incomplete: bool,
}

impl Rule {
    fn states(&self) -> Vec<ProjectState> {
        self.states.iter().filter_map(|word| ProjectState::from_word(word)).collect()
    }

    /// What the catalog cannot serve.
    pub(crate) fn check(&self, id: &str, definitions: &Definitions) -> Vec<DefinitionProblem> {
        let mut problems = Vec::new();
        let mut tell = |zh: String, en: String| {
            problems.push(DefinitionProblem { path: format!("{id}/indicator.toml"), message: Text::new(zh, en) });
        };
        let pollutant = &self.pollutant;
        if !definitions.classes().values().any(|class| class.cut(pollutant).is_some()) {
            tell(format!("没有减排类别涉及“{pollutant}”"), format!("no class of projects cuts `{pollutant}`"));
        }
        for word in self.states.iter().filter(|word| ProjectState::from_word(word).is_none()) {
            tell(format!("没有项目状态“{word}”"), format!("no state `{word}` of projects"));
        }
        problems
    }
}

pub(crate) fn compute(rule: &Rule, definition: &Definition, reader: &Reader<'_>) -> NodeValue {
    let classes = reader.definitions().classes().values();
    let classes = classes.filter_map(|class| Some((class, class.cut(&rule.pollutant)?)));
    let mut cases: Vec<Case<'_>> = classes.flat_map(|(class, cut)| cases(rule, class, cut, reader)).collect();
    cases.sort_by(|a, b| order(a.project).cmp(&order(b.project)));
    if cases.is_empty() {
        return NodeValue::absent(nothing(rule, reader));
    }
    let digits = definition.digits.unwrap_or(0);
    let sum = count(&cases, &rule.states(), reader.key().year);
    let verified = count(&cases, &[ProjectState::Verified], reader.key().year);
    let n = sum.tonnes.count();
    let (since, year) = (rule.since, reader.key().year);
    let why = Text::new(
        format!("{since} 至 {year} 年 {n} 个项目年计入，共登记 {} 个项目", cases.len()),
        format!("{n} project-years from {since} to {year} are counted, of {} projects registered", cases.len()),
    );
    let mut value = if n == 0 && sum.incomplete {
        NodeValue::absent(Text::new(
            format!("{}；计入状态的项目没有可用的核算数据，缺项见各项目", why.zh),
            format!("{}; the projects that count have no usable facts: see each", why.en),
        ))
    } else {
        NodeValue::of(sum.tonnes.total(), digits, why)
    };
    value.n = n;
    value.of = sum.parts.len() as u32;
    value.counts = Text::new("个项目年", "project-years");
    value.parts = sum.parts;
    value.variants = vec![
        (Text::new("仅已核定", "verified only"), Some(verified.tonnes.total().round(digits))),
        (
            Text::new(format!("其中 {year} 年新增"), format!("of these, new in {year}")),
            Some(sum.of_the_year.total().round(digits)),
        ),
    ];
    account_for(&mut value, &cases);
    value
}

fn account_for(value: &mut NodeValue, cases: &[Case<'_>]) {
    for case in cases {
        value.confidence = value.confidence.and(case.class.confidence);
        if !value.standards.contains(&case.class.id) {
            value.standards.push(case.class.id.clone());
        }
        for yearly in &case.years {
            value.simulated |= yearly.simulated;
            value.notes.extend(yearly.notes.iter().cloned());
            let documents = yearly.documents.iter().filter(|text| !value.documents.contains(text));
            let documents: Vec<String> = documents.cloned().collect();
            value.documents.extend(documents);
        }
    }
    if value.confidence == Confidence::Unconfirmed {
        value.notes.push(Text::new(
            "核算公式待按《“十四五”主要污染物总量减排核算技术指南》正式文本核实",
            "the formulas are unconfirmed: to be checked against the official text of the guide",
        ));
    }
}

fn cases<'a>(rule: &Rule, class: &'a Class, cut: &Cut, reader: &Reader<'a>) -> Vec<Case<'a>> {
    let asked = (rule.since, reader.key().year);
    let case = |project: &'a Project| Case {
        project,
        state: state(project, reader),
        class,
        years: years(class, cut, project, asked, reader),
    };
    reader.projects(&class.id).into_iter().map(case).collect()
}

/// The state of a project, or what a scenario assumes of it.
fn state(project: &Project, reader: &Reader<'_>) -> ProjectState {
    reader.assumed(&project.code, "state").and_then(ProjectState::from_word).unwrap_or(project.state)
}

/// Counts the projects in the states, the earlier first.
fn count(cases: &[Case<'_>], states: &[ProjectState], asked: i16) -> Sum {
    let mut sum = Sum::default();
    let mut ledgers: BTreeMap<&str, Ledger<'_>> = BTreeMap::new();
    for case in cases {
        let counts = states.contains(&case.state);
        if case.years.is_empty() {
            sum.incomplete |= counts;
            sum.parts.push(left_out(case, None, &no_facts()));
        }
        // A project without a facility has a ledger of its own.
        let facility = if case.project.facility.is_empty() { &case.project.code } else { &case.project.facility };
        let ledger = ledgers.entry(facility).or_default();
        for yearly in &case.years {
            let part = match &yearly.tonnes {
                _ if !counts => left_out(case, Some(yearly), &wrong_state(case.state)),
                _ if !works(case.project, yearly.year) => left_out(case, Some(yearly), &not_working(case.project)),
                Err(missing) => {
                    sum.incomplete = true;
                    left_out(case, Some(yearly), missing)
                }
                Ok(tonnes) => match ledger.entry(case.project, yearly.base) {
                    Entry::Twice(former, counted) => left_out(case, Some(yearly), &twice(former, counted)),
                    entry => {
                        let (own, note) = beyond(*tonnes, &entry);
                        ledger.count(case.project, yearly.year, own);
                        sum.tonnes.add(own);
                        if yearly.year == asked {
                            sum.of_the_year.add(own);
                        }
                        counted(case, yearly, own, &note)
                    }
                },
            };
            sum.parts.push(part);
        }
    }
    sum
}

/// What is new of a cut, and why it is less than the formula gives.
fn beyond(tonnes: Ratio, entry: &Entry<'_>) -> (Ratio, Option<Text>) {
    let Entry::Beyond(before) = entry else { return (tonnes, None) };
    let own = tonnes.minus(*before).max(Ratio::new(0, 1));
    let note = Text::new(
        format!("；该项目以前年度已计 {before} t 且未填报原有削减量，只计超出部分"),
        format!(
            "; {before} t of it were counted for earlier years and no former cut is stated: only what goes beyond is counted"
        ),
    );
    (own, Some(note))
}

fn works(project: &Project, year: i16) -> bool {
    let year = domain::Year(year);
    project.from.is_none_or(|from| from <= year.last_day()) && project.to.is_none_or(|to| year.first_day() <= to)
}

fn counted(case: &Case<'_>, yearly: &Yearly, tonnes: Ratio, note: &Option<Text>) -> Part {
    let note = note.clone().unwrap_or_default();
    Part {
        contribution: Some(tonnes),
        value: format!("{} t", tonnes),
        why: Text::new(format!("{}{}", yearly.how.zh, note.zh), format!("{}{}", yearly.how.en, note.en)),
        counted: true,
        ..part(case, Some(yearly))
    }
}

fn left_out(case: &Case<'_>, yearly: Option<&Yearly>, reason: &Text) -> Part {
    let tonnes = yearly.and_then(|own| own.tonnes.as_ref().ok());
    Part {
        value: tonnes.map_or_else(String::new, |tonnes| format!("{tonnes} t")),
        why: Text::new(format!("未计入：{}", reason.zh), format!("not counted: {}", reason.en)),
        counted: false,
        ..part(case, yearly)
    }
}

fn part(case: &Case<'_>, yearly: Option<&Yearly>) -> Part {
    let (name, state) = (case.project.name(), case.state.name());
    let year = yearly.map_or_else(String::new, |own| format!(" {}", own.year));
    Part {
        feature: case.project.code.clone(),
        name: Text::new(format!("{}{year}（{}）", name.zh, state.zh), format!("{}{year} ({})", name.en, state.en)),
        ..Part::default()
    }
}

fn nothing(rule: &Rule, reader: &Reader<'_>) -> Text {
    let (pollutant, area) = (&rule.pollutant, &reader.key().area);
    Text::new(
        format!("登记中 {area} 没有削减 {pollutant} 的项目；请导入 projects 表（class 为减排类别）"),
        format!(
            "the register has no project of {area} that cuts {pollutant}; import the table `projects` with their class"
        ),
    )
}

fn no_facts() -> Text {
    Text::new(
        "没有填报任何核算数据（facts 表，feature 为项目编号）",
        "no facts are stated of it (table `facts`, feature = its code)",
    )
}

fn wrong_state(state: ProjectState) -> Text {
    let name = state.name();
    Text::new(format!("状态为“{}”", name.zh), format!("its state is “{}”", name.en))
}

fn not_working(project: &Project) -> Text {
    let day = |day: Option<domain::Day>| day.map_or_else(|| "…".to_string(), |day| day.to_string());
    let (from, to) = (day(project.from), day(project.to));
    Text::new(format!("不在项目运行期 {from} 至 {to}"), format!("the project works from {from} to {to}"))
}

fn twice(former: &Project, counted: Ratio) -> Text {
    let (code, name) = (&former.code, former.name());
    Text::new(
        format!("同一设施的项目 {code}（{}）同期已计 {counted} t，本项目未填报该削减量作为基数，避免重复计算", name.zh),
        format!(
            "project {code} ({}) of the same facility was counted for {counted} t at the same time, and this one does not state that as its base",
            name.en
        ),
    )
}
