//! What one tonne may not be counted for twice: two projects of one facility that work at the same time, or one
//! project in several years. Pure; used by `amounts`.

use domain::{Day, Project, Ratio};

/// What was already counted for one facility and pollutant.
#[derive(Default)]
pub(super) struct Ledger<'a> {
    counted: Vec<(&'a Project, i16, Ratio)>,
}

/// What the facts of a project say of what was cut before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Base {
    /// Nothing.
    Unknown,
    /// It is stated, and lies outside of what the formula counts.
    Beside,
    /// It is stated, and the formula takes it off.
    TakenOff,
}

/// What the ledger says to another cut.
pub(super) enum Entry<'a> {
    /// It is counted in full.
    Full,
    /// The project was counted for so much before: only what goes beyond it is new.
    Beyond(Ratio),
    /// Another project of the facility was counted for so much, and this one does not state it as its base.
    Twice(&'a Project, Ratio),
}

impl<'a> Ledger<'a> {
    /// How a cut of a project is counted.
    pub(super) fn entry(&self, project: &Project, base: Base) -> Entry<'a> {
        let other = |own: &&(&'a Project, i16, Ratio)| own.0.code != project.code && together(own.0, project);
        if base == Base::Unknown
            && let Some((former, _, _)) = self.counted.iter().find(other)
        {
            return Entry::Twice(former, self.of(&former.code));
        }
        let before = self.of(&project.code);
        if base == Base::TakenOff || before <= Ratio::new(0, 1) { Entry::Full } else { Entry::Beyond(before) }
    }

    /// Writes down what was counted.
    pub(super) fn count(&mut self, project: &'a Project, year: i16, tonnes: Ratio) {
        self.counted.push((project, year, tonnes));
    }

    fn of(&self, code: &str) -> Ratio {
        let mut sum = domain::RatioSum::default();
        self.counted.iter().filter(|(project, _, _)| project.code == code).for_each(|(_, _, tonnes)| sum.add(*tonnes));
        sum.total()
    }
}

/// Whether two projects work on one facility at the same time.
fn together(a: &Project, b: &Project) -> bool {
    let before = |one: &Project, other: &Project| matches!((one.to, other.from), (Some(to), Some(from)) if to < from);
    !a.facility.is_empty() && a.facility == b.facility && !before(a, b) && !before(b, a)
}

/// The order in which projects are counted: the earlier one stays.
pub(super) fn order(project: &Project) -> (Option<Day>, &str) {
    (project.from, &project.code)
}
