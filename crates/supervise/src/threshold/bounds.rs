//! The register's limits and a rule → the two bounds that a series' values are held against, in their own unit,
//! with the days between which they stay. Resolved once and kept; used by `series`.

use super::run::Standing;
use crate::event::{LimitRef, Side};
use crate::rule::{Basis, Limits, Rule};
use domain::unit::Conversion;
use domain::{Cadence, Day, Fixed, OutletLimit, Register, Units};
use std::sync::{Arc, LazyLock};

/// Read once: a bound is resolved for every series.
static UNITS: LazyLock<Units> = LazyLock::new(Units::builtin);

/// Which values are asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub outlet: &'a str,
    pub code: &'a str,
    pub cadence: Cadence,
    pub basis: Basis,
    pub unit: &'a str,
}

/// The bounds of a series by one rule.
#[derive(Clone, Debug)]
pub(super) struct Bounds {
    /// First and last day on which they hold.
    first: Day,
    last: Day,
    low: Option<Bound>,
    high: Option<Bound>,
}

/// One bound.
#[derive(Clone, Debug)]
struct Bound {
    /// A value beyond this is beyond.
    at: Fixed,
    /// A value not beyond this is within by enough.
    calm: Fixed,
    /// Where the bound has no exact form in the values' unit, values are converted to its unit instead.
    values: Option<Box<Conversion>>,
    limit: Arc<LimitRef>,
}

/// A limit that could not be held against values, because their units do not fit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unjudged {
    /// Outlet.
    pub outlet: String,
    /// Code of the pollutant.
    pub code: String,
    /// Unit of the values.
    pub unit: String,
    /// Unit of the limit.
    pub limit_unit: String,
}

impl Bounds {
    /// Bounds that hold on no day.
    pub(super) const NONE: Bounds = Bounds { first: Day(i32::MAX), last: Day(i32::MIN), low: None, high: None };

    /// Whether they are those of a day.
    pub(super) fn hold_on(&self, day: Day) -> bool {
        self.first <= day && day <= self.last
    }

    /// Whether there is any.
    pub(super) fn any(&self) -> bool {
        self.low.is_some() || self.high.is_some()
    }

    /// Where a value stands, and against which bound if it is beyond. A value equal to a bound is within.
    pub(super) fn standing(&self, value: Fixed) -> (Standing, Option<(Side, &Arc<LimitRef>)>) {
        let mut near = false;
        if let Some(high) = &self.high {
            let value = high.seen(value);
            if value > high.at {
                return (Standing::Beyond, Some((Side::Above, &high.limit)));
            }
            near |= value > high.calm;
        }
        if let Some(low) = &self.low {
            let value = low.seen(value);
            if value < low.at {
                return (Standing::Beyond, Some((Side::Below, &low.limit)));
            }
            near |= value < low.calm;
        }
        (if near { Standing::Near } else { Standing::Within }, None)
    }

    /// Whether a rule may ever have bounds for such values.
    pub(super) fn possible(rule: &Rule, asked: Asked<'_>, register: &Register) -> bool {
        match &rule.limits {
            Limits::None => false,
            Limits::Fixed(list) => list.iter().any(|own| own.code == asked.code),
            Limits::Register { .. } => {
                let limits = register.all_limits_of(asked.outlet, asked.code);
                limits.iter().any(|limit| meant(rule, limit, asked.basis))
            }
        }
    }

    /// The bounds of a day. `told` gets the limits whose unit does not fit.
    pub(super) fn resolve(
        rule: &Rule,
        asked: Asked<'_>,
        day: Day,
        register: &Register,
        told: &mut Vec<Unjudged>,
    ) -> Bounds {
        let mut bounds = Bounds { first: Day(i32::MIN), last: Day(i32::MAX), low: None, high: None };
        if !bounds.narrow(day, rule.from, rule.to) {
            return bounds;
        }
        match &rule.limits {
            Limits::None => {}
            Limits::Fixed(list) => {
                for own in list.iter().filter(|own| own.code == asked.code) {
                    let limit = OutletLimit {
                        outlet: asked.outlet.to_string(),
                        code: own.code.clone(),
                        statistic: asked.cadence.code().to_string(),
                        basis: asked.basis.code().to_string(),
                        kind: "fixed".to_string(),
                        from: Day(i32::MIN),
                        to: None,
                        low: own.low,
                        high: own.high,
                        unit: own.unit.clone(),
                        document: own.document.clone(),
                    };
                    bounds.tighten(&limit, asked, rule, told);
                }
            }
            Limits::Register { .. } => {
                for limit in register.all_limits_of(asked.outlet, asked.code) {
                    if meant(rule, limit, asked.basis) && bounds.narrow(day, Some(limit.from), limit.to) {
                        bounds.tighten(limit, asked, rule, told);
                    }
                }
            }
        }
        bounds.untangle();
        bounds
    }

    /// Narrows the days to those around `day` on which a span from `from` to `to` is or is not in force;
    /// whether it is in force on `day`.
    fn narrow(&mut self, day: Day, from: Option<Day>, to: Option<Day>) -> bool {
        if let Some(from) = from {
            if day < from {
                self.last = self.last.min(Day(from.0 - 1));
                return false;
            }
            self.first = self.first.max(from);
        }
        if let Some(to) = to {
            if to < day {
                self.first = self.first.max(Day(to.0 + 1));
                return false;
            }
            self.last = self.last.min(to);
        }
        true
    }

    /// Takes a limit where it is stricter than what is there.
    fn tighten(&mut self, limit: &OutletLimit, asked: Asked<'_>, rule: &Rule, told: &mut Vec<Unjudged>) {
        for (side, number) in [(Side::Above, limit.high), (Side::Below, limit.low)] {
            let Some(number) = number else { continue };
            let Some(bound) = Bound::of(number, side, (limit, rule, asked.unit)) else {
                told.push(Unjudged {
                    outlet: asked.outlet.to_string(),
                    code: asked.code.to_string(),
                    unit: asked.unit.to_string(),
                    limit_unit: limit.unit.clone(),
                });
                continue;
            };
            let place = if side == Side::Above { &mut self.high } else { &mut self.low };
            if place.as_ref().is_none_or(|there| bound.stricter(there, side)) {
                *place = Some(bound);
            }
        }
    }

    /// In a band narrower than the hysteresis nothing would ever be within by enough: then within is enough. So it
    /// is where the two bounds are not in one unit.
    fn untangle(&mut self) {
        if let (Some(low), Some(high)) = (&mut self.low, &mut self.high)
            && (low.calm > high.calm || low.values.is_some() || high.values.is_some())
        {
            (low.calm, high.calm) = (low.at, high.at);
        }
    }
}

impl Bound {
    fn of(number: Fixed, side: Side, (limit, rule, unit): (&OutletLimit, &Rule, &str)) -> Option<Bound> {
        let there = UNITS.conversion(&limit.unit, unit).ok()?;
        let back = UNITS.conversion(unit, &limit.unit).ok()?;
        let own = there.apply(number).ok().filter(|own| back.apply(*own) == Ok(number));
        let (at, values) = match own {
            Some(at) => (at, None),
            None => (number, Some(Box::new(back))),
        };
        let statistic = Cadence::from_code(&limit.statistic)?;
        Some(Bound {
            at,
            calm: calm(at, side, rule.recover.percent),
            values,
            limit: Arc::new(LimitRef {
                kind: limit.kind.clone(),
                side,
                bound: Some(number),
                unit: limit.unit.clone(),
                statistic,
                document: limit.document.clone(),
            }),
        })
    }

    /// A value in the unit of `at`. One too large to convert stays as it is, and is compared as it is.
    fn seen(&self, value: Fixed) -> Fixed {
        match &self.values {
            None => value,
            Some(conversion) => conversion.apply(value).unwrap_or(value),
        }
    }

    /// Whether it is the stricter of two bounds of the same side.
    fn stricter(&self, other: &Bound, side: Side) -> bool {
        let seen = |conversion: &Conversion, at: Fixed| conversion.apply(at).unwrap_or(at);
        let (own, others) = match (&self.values, &other.values) {
            (None, None) => (self.at, other.at),
            (Some(finer), None) => (self.at, seen(finer, other.at)),
            (None, Some(finer)) => (seen(finer, self.at), other.at),
            (Some(_), Some(_)) => match UNITS.conversion(&self.limit.unit, &other.limit.unit) {
                Ok(conversion) => (seen(&conversion, self.at), other.at),
                Err(_) => return false,
            },
        };
        if side == Side::Above { own < others } else { own > others }
    }
}

/// Whether a limit of the register is one that a rule holds values of such a basis against.
fn meant(rule: &Rule, limit: &OutletLimit, basis: Basis) -> bool {
    let Limits::Register { kinds, statistic } = &rule.limits else { return false };
    kinds.contains(&limit.kind) && limit.statistic == statistic.code() && limit.basis == basis.code()
}

/// `at` moved inward by so many percent of its size, towards the bound where it has no exact form.
fn calm(at: Fixed, side: Side, percent: Fixed) -> Fixed {
    let size = i128::from(at.millionths()).abs();
    // Both counted in millionths, so a whole is 100 million of them.
    let step = size * i128::from(percent.millionths()) / 100_000_000;
    // Not above `at`, so it fits.
    let step = i64::try_from(step).unwrap_or(0);
    match side {
        Side::Above => Fixed::from_millionths(at.millionths().saturating_sub(step)),
        Side::Below => Fixed::from_millionths(at.millionths().saturating_add(step)),
    }
}
