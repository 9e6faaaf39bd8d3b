//! Decimal places of statistics of water, by parameter, as data.

use domain::{Confidence, Ratio};

/// Decimal places by parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rounding {
    /// Standard id.
    pub id: String,
    /// Confidence in the table.
    pub confidence: Confidence,
    /// By parameter.
    pub items: Vec<RoundingItem>,
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundingItem {
    /// Parameter code.
    pub parameter: String,
    /// Decimal places of an hourly value; `None` where the table has none.
    pub hour: Option<u32>,
    /// Decimal places of a value that is assessed.
    pub assess: u32,
}

impl Rounding {
    /// A statistic as it is assessed; a parameter that the table does not have stays as it is.
    pub fn assess(&self, parameter: &str, value: Ratio) -> Ratio {
        self.of(parameter).map_or(value, |own| round_keeping(value, own.assess))
    }

    /// An hourly value as it is kept.
    pub fn hour(&self, parameter: &str, value: Ratio) -> Ratio {
        self.of(parameter).and_then(|own| own.hour).map_or(value, |places| round_keeping(value, places))
    }

    /// The line of a parameter.
    pub fn of(&self, parameter: &str) -> Option<&RoundingItem> {
        self.items.iter().find(|own| own.parameter == parameter)
    }
}

/// Most decimal places that a value which would round to zero is given.
const PLACES_MAX: u32 = 12;

/// Rounded half to even to `places`; a value that would become zero keeps one significant digit instead.
///
/// Reference: 环办监测函〔2020〕82号 with GB/T 8170-2008. Only a value that rounds to zero keeps the digit: 0.006
/// to two places is 0.01.
///
/// ```
/// use domain::Ratio;
/// use standards::water::round_keeping;
/// assert_eq!(round_keeping(Ratio::new(6, 1000), 2), Ratio::new(1, 100));
/// assert_eq!(round_keeping(Ratio::new(4, 1000), 2), Ratio::new(4, 1000));
/// assert_eq!(round_keeping(Ratio::new(25, 10), 0), Ratio::new(2, 1));
/// ```
pub fn round_keeping(value: Ratio, places: u32) -> Ratio {
    let rounded = round(value, places);
    if rounded.num() != 0 || value.num() == 0 {
        return rounded;
    }
    let longer = (places + 1..=PLACES_MAX).map(|places| round(value, places));
    longer.into_iter().find(|own| own.num() != 0).unwrap_or(rounded)
}

/// Half to even at any number of decimal places, also beyond those of a stored value.
fn round(value: Ratio, places: u32) -> Ratio {
    let step = 10_i128.pow(places);
    // Lowest terms cost more than all the rest and matter only where the product would grow too long.
    let own = if value.num().checked_mul(step).is_some() { value } else { value.reduced() };
    let Some(top) = own.num().checked_mul(step) else { return value };
    let (down, rest) = (top.div_euclid(own.den()), top.rem_euclid(own.den()));
    let up = match rest.cmp(&(own.den() - rest)) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => down % 2 != 0,
        std::cmp::Ordering::Less => false,
    };
    Ratio::new(down + i128::from(up), step)
}
