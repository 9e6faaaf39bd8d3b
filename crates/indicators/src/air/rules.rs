//! Which rules judge which day of a year, resolved once per year.

use domain::{Day, Ratio, Year};
use observe::DayRule;
use standards::{AqiCell, Catalog, DayStatistic, Period, RuleSet};

/// Whether the date picks the rules or the reader does.
#[derive(Clone, Debug)]
pub enum RulesChoice {
    /// The rule set in force on each day.
    InForce,
    /// This one for every day, whatever its dates; every result says so.
    Asked(Box<RuleSet>),
}

/// The rules of one year.
#[derive(Clone, Debug)]
pub struct YearRules {
    /// Rule set of the annual statistics: the one of the year's last day.
    pub annual: RuleSet,
    /// Whether the reader asked for it instead of the date.
    pub asked: bool,
    /// Whether the annual set was in force at all at that date.
    pub in_force: bool,
    first: Day,
    sets: Vec<DayRules>,
    by_day: Vec<u8>,
}

/// A rule set made ready for judging days whose items stand in the annual set's order.
#[derive(Clone, Debug)]
pub struct DayRules {
    /// The rule set.
    pub set: RuleSet,
    /// How each item's day value is made; `None` for an item this set does not evaluate.
    pub day_rules: Vec<Option<DayRule>>,
    /// Position in the annual order of each item of this set's index.
    index_items: Vec<Option<usize>>,
}

impl YearRules {
    /// Resolves the choice for a year.
    pub fn new(catalog: &Catalog, choice: &RulesChoice, year: Year) -> YearRules {
        let (annual, in_force) = match choice {
            RulesChoice::Asked(set) => ((**set).clone(), set.covers(year.last_day())),
            RulesChoice::InForce => {
                let (set, in_force) = catalog.rules_in_force(year.last_day());
                (set.clone(), in_force)
            }
        };
        let mut sets: Vec<DayRules> = Vec::new();
        let by_day = year
            .days()
            .map(|day| {
                let set = match choice {
                    RulesChoice::Asked(_) => &annual,
                    RulesChoice::InForce => catalog.rules_in_force(day).0,
                };
                let position = sets.iter().position(|rules| rules.set.id == set.id).unwrap_or_else(|| {
                    sets.push(DayRules::new(set, &annual));
                    sets.len() - 1
                });
                position as u8
            })
            .collect();
        let asked = matches!(choice, RulesChoice::Asked(_));
        YearRules { annual, asked, in_force, first: year.first_day(), sets, by_day }
    }

    /// The rules of a day of the year.
    pub fn of(&self, day: Day) -> &DayRules {
        &self.sets[usize::from(self.by_day[(day.0 - self.first.0) as usize])]
    }

    /// The year.
    pub fn year(&self) -> Year {
        self.first.year()
    }

    /// First and last day that each rule set judges, in order.
    pub fn spans(&self) -> Vec<(Day, Day, &RuleSet)> {
        let mut spans: Vec<(Day, Day, &RuleSet)> = Vec::new();
        for (index, position) in self.by_day.iter().enumerate() {
            let (day, set) = (Day(self.first.0 + index as i32), &self.sets[usize::from(*position)].set);
            match spans.last_mut() {
                Some((_, last, own)) if own.id == set.id => *last = day,
                _ => spans.push((day, day, set)),
            }
        }
        spans
    }

    /// Every rule set used in the year, in order of first use.
    pub fn sets(&self) -> impl Iterator<Item = &RuleSet> {
        self.sets.iter().map(|rules| &rules.set)
    }
}

impl DayRules {
    fn new(set: &RuleSet, annual: &RuleSet) -> DayRules {
        let order = &annual.evaluation.items;
        let day_rules = order
            .iter()
            .map(|item| set.evaluation.items.iter().find(|own| own.item == item.item).map(|own| day_rule(&own.day)))
            .collect();
        let index_items = set
            .index
            .items(Period::Day)
            .iter()
            .map(|own| order.iter().position(|item| item.item == own.item))
            .collect();
        DayRules { set: set.clone(), day_rules, index_items }
    }

    /// The AQI of a day whose values are given by item position.
    pub fn judge(&self, value: impl Fn(usize) -> Option<Ratio>) -> AqiCell {
        let mut given = [None; 16];
        for (slot, position) in given.iter_mut().zip(&self.index_items) {
            *slot = position.and_then(&value);
        }
        self.set.index.cell(Period::Day, &given[..self.index_items.len().min(16)])
    }
}

fn day_rule(statistic: &DayStatistic) -> DayRule {
    match *statistic {
        DayStatistic::Mean { min_hours } => DayRule::Mean { min_hours },
        DayStatistic::MaxRunning { window_hours, min_hours, min_windows, exceed_above } => {
            DayRule::MaxRunning { window_hours, min_hours, min_windows, exceed_above }
        }
    }
}
