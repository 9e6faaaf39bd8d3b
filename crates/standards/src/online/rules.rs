//! Sections of several standards → the rules of one kind of outlet on one day.

use super::{Channel, FlagRule, FlowUnit, MarkKind, OnlinePart, Rates, Scoped, State, Substitution, Validity};
use crate::problem::CatalogProblem;
use crate::standard::{Content, Standard};
use domain::{Confidence, Day, OutletKind};

/// A group of rules that comes from one standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// From how much data a mean is valid.
    Validity,
    /// Flags.
    Flags,
    /// Standard state and reference oxygen.
    State,
    /// Counting of rates.
    Rates,
    /// Missing amounts.
    Substitution,
    /// What codes are.
    Channels,
    /// Kinds of marks.
    Marks,
}

/// Where a section is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSource {
    /// Which section.
    pub section: Section,
    /// Id of the standard.
    pub standard: String,
    /// Number, such as `HJ 75-2017`.
    pub number: String,
    /// Clause.
    pub clause: String,
    /// Confidence in it.
    pub confidence: Confidence,
    /// Whether it is in force on the day; else it is the nearest one in time.
    pub in_force: bool,
}

/// The rules of one kind of outlet on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnlineRules {
    /// Kind of outlet.
    pub outlet: OutletKind,
    /// Day they were asked for.
    pub day: Day,
    /// From how much data a mean is valid.
    pub validity: Validity,
    /// Flags.
    pub flags: FlagRule,
    /// Standard state and reference oxygen; only flue gas has it.
    pub state: Option<State>,
    /// Counting of rates.
    pub rates: Rates,
    /// Missing amounts; `None` where nothing is substituted.
    pub substitution: Option<Substitution>,
    /// What codes are, the general line `*` among them.
    pub channels: Vec<Channel>,
    /// Units of flow.
    pub flow_units: Vec<FlowUnit>,
    /// Kinds of marks.
    pub marks: Vec<MarkKind>,
    /// Where each section is from.
    pub sources: Vec<RuleSource>,
}

impl Section {
    /// The word used in answers.
    pub fn code(self) -> &'static str {
        match self {
            Section::Validity => "validity",
            Section::Flags => "flags",
            Section::State => "state",
            Section::Rates => "rates",
            Section::Substitution => "substitution",
            Section::Channels => "channels",
            Section::Marks => "marks",
        }
    }
}

impl OnlineRules {
    /// What a code is: its own line, else the general one.
    pub fn channel(&self, code: &str) -> Option<&Channel> {
        let line = |wanted: &str| self.channels.iter().find(|channel| channel.code == wanted);
        line(code).or_else(|| line("*"))
    }

    /// A kind of mark.
    pub fn mark(&self, kind: &str) -> Option<&MarkKind> {
        self.marks.iter().find(|mark| mark.kind == kind)
    }

    /// The weakest confidence of some sections, unconfirmed where one is not in force on the day.
    pub fn confidence(&self, sections: &[Section]) -> Confidence {
        let used = self.sources.iter().filter(|source| sections.contains(&source.section));
        let own = used.map(|source| if source.in_force { source.confidence } else { Confidence::Unconfirmed });
        own.fold(Confidence::Confirmed, Confidence::and)
    }

    /// Ids of the standards that some sections are from, joined by `+`.
    pub fn ids(&self, sections: &[Section]) -> String {
        let mut ids: Vec<&str> = Vec::new();
        for source in self.sources.iter().filter(|source| sections.contains(&source.section)) {
            if !ids.contains(&source.standard.as_str()) {
                ids.push(&source.standard);
            }
        }
        ids.join("+")
    }
}

/// One standard with its sections.
struct Candidate<'a> {
    standard: &'a Standard,
    part: &'a OnlinePart,
}

fn candidates(standards: &[Standard]) -> Vec<Candidate<'_>> {
    let online = standards.iter().filter_map(|standard| match &standard.content {
        Content::Online(part) => Some(Candidate { standard, part }),
        _ => None,
    });
    online.collect()
}

/// The rules in force for a kind of outlet on a day: of each section the one in force, else the nearest before,
/// else the nearest after. `None` where no standard at all has a section that every outlet needs.
pub(crate) fn join(standards: &[Standard], outlet: OutletKind, day: Day) -> Option<OnlineRules> {
    let all = candidates(standards);
    let mut sources = Vec::new();
    let validity = pick(&all, (outlet, day), (Section::Validity, |part| &part.validity), &mut sources)?;
    let flags = pick(&all, (outlet, day), (Section::Flags, |part| &part.flags), &mut sources)?;
    let rates = pick(&all, (outlet, day), (Section::Rates, |part| &part.rates), &mut sources)?;
    let state = pick(&all, (outlet, day), (Section::State, |part| &part.state), &mut sources);
    let substitution = pick(&all, (outlet, day), (Section::Substitution, |part| &part.substitution), &mut sources);
    let channels = gather(&all, (outlet, day), (Section::Channels, |part| &part.channels), &mut sources);
    let marks = gather(&all, (outlet, day), (Section::Marks, |part| &part.marks), &mut sources);
    let flow_units = nearest(&all, day, |part| !part.flow_units.is_empty());
    Some(OnlineRules {
        outlet,
        day,
        validity,
        flags,
        state,
        rates,
        substitution,
        channels,
        flow_units: flow_units.map(|one| one.part.flow_units.clone()).unwrap_or_default(),
        marks,
        sources,
    })
}

type Of<T> = (Section, fn(&OnlinePart) -> &Vec<Scoped<T>>);

fn pick<T: Clone>(
    all: &[Candidate<'_>],
    (outlet, day): (OutletKind, Day),
    (section, of): Of<T>,
    sources: &mut Vec<RuleSource>,
) -> Option<T> {
    let own = |part: &OnlinePart| of(part).iter().any(|scoped| scoped.outlets.contains(&outlet));
    let found = nearest(all, day, own)?;
    let scoped = of(found.part).iter().find(|scoped| scoped.outlets.contains(&outlet))?;
    sources.push(source(section, found, scoped, day));
    Some(scoped.rule.clone())
}

/// Tables are joined of every standard in force; where none is, of the nearest one.
fn gather<T: Clone>(
    all: &[Candidate<'_>],
    (outlet, day): (OutletKind, Day),
    (section, of): Of<T>,
    sources: &mut Vec<RuleSource>,
) -> Vec<T> {
    let own = |part: &OnlinePart| of(part).iter().any(|scoped| scoped.outlets.contains(&outlet));
    let mut used: Vec<&Candidate<'_>> = all.iter().filter(|one| one.standard.covers(day) && own(one.part)).collect();
    if used.is_empty() && section == Section::Channels {
        used.extend(nearest(all, day, own));
    }
    let mut rules = Vec::new();
    for one in used {
        let mine: Vec<&Scoped<T>> = of(one.part).iter().filter(|scoped| scoped.outlets.contains(&outlet)).collect();
        let weakest = mine.iter().fold(Confidence::Confirmed, |weakest, scoped| weakest.and(scoped.confidence));
        if let Some(first) = mine.first() {
            sources.push(RuleSource { confidence: weakest, ..source(section, one, first, day) });
        }
        rules.extend(mine.into_iter().map(|scoped| scoped.rule.clone()));
    }
    rules
}

fn source<T>(section: Section, from: &Candidate<'_>, scoped: &Scoped<T>, day: Day) -> RuleSource {
    RuleSource {
        section,
        standard: from.standard.id.clone(),
        number: from.standard.number.clone(),
        clause: scoped.clause.clone(),
        confidence: scoped.confidence,
        in_force: from.standard.covers(day),
    }
}

fn nearest<'a>(all: &'a [Candidate<'a>], day: Day, own: impl Fn(&OnlinePart) -> bool) -> Option<&'a Candidate<'a>> {
    let having = || all.iter().filter(|one| own(one.part));
    having()
        .find(|one| one.standard.covers(day))
        .or_else(|| having().filter(|one| one.standard.from <= day).max_by_key(|one| one.standard.from))
        .or_else(|| having().min_by_key(|one| one.standard.from))
}

/// Two standards that give the same rule for the same outlets on the same days.
pub(crate) fn check(standards: &[Standard], problems: &mut Vec<CatalogProblem>) {
    let all = candidates(standards);
    for (position, one) in all.iter().enumerate() {
        for other in &all[..position] {
            let (a, b) = (one.standard, other.standard);
            let apart = a.to.is_some_and(|to| to < b.from) || b.to.is_some_and(|to| to < a.from);
            if apart {
                continue;
            }
            if let Some(what) = shared(one.part, other.part) {
                problems.push(CatalogProblem::file(
                    format!("{}/standard.toml", a.id),
                    format!("`{}` 与 `{}` 在同一时期都规定了 {what}；请用 to 或 replaces 说明哪个先失效", a.id, b.id),
                    format!(
                        "`{}` and `{}` both give {what} on the same days: say with `to` or `replaces` which one ends",
                        a.id, b.id
                    ),
                ));
            }
        }
    }
}

fn shared(a: &OnlinePart, b: &OnlinePart) -> Option<String> {
    fn both<T>(a: &[Scoped<T>], b: &[Scoped<T>], same: impl Fn(&T, &T) -> bool) -> bool {
        a.iter().any(|x| {
            b.iter().any(|y| same(&x.rule, &y.rule) && x.outlets.iter().any(|outlet| y.outlets.contains(outlet)))
        })
    }
    let section = [
        (Section::Validity, both(&a.validity, &b.validity, |_, _| true)),
        (Section::Flags, both(&a.flags, &b.flags, |_, _| true)),
        (Section::State, both(&a.state, &b.state, |_, _| true)),
        (Section::Rates, both(&a.rates, &b.rates, |_, _| true)),
        (Section::Substitution, both(&a.substitution, &b.substitution, |_, _| true)),
        (Section::Channels, both(&a.channels, &b.channels, |x, y| x.code == y.code)),
        (Section::Marks, both(&a.marks, &b.marks, |x, y| x.kind == y.kind)),
    ];
    section.into_iter().find(|(_, found)| *found).map(|(section, _)| section.code().to_string())
}
