//! A year so far and the years before → the year's figure as it will be, how sure that is, and what the same method
//! would have said in the years before at the same date.
//!
//! * [`year_mean`]: the mean of a year of months or days;
//! * [`year_share`]: the share of days or sections that meet a class;
//! * [`SlotYear`], [`Grid`]: a year as months or calendar days; [`Settings`]: when it is asked, and how;
//! * [`Forecast`], [`Hindcast`]: the answer and its honesty test.
//!
//! Called by `server` for the plan's pages. A forecast is never a value: it is not rounded by a standard, and it
//! carries its interval or says why it has none.

mod hindcast;
mod mean;
mod share;
#[cfg(test)]
mod tests;
mod words;

pub use hindcast::{Hindcast, HindcastRow, Interval};
pub use mean::year_mean;
pub use share::{Tally, year_share};

use crate::error::ModelError;
use domain::{Day, Month, Text, Year};

/// What the slots of a year are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grid {
    /// Twelve months.
    Months,
    /// The 366 calendar days of a leap year; 29 February is none in other years.
    Days,
}

/// One year, slot by slot of its grid; `None` where there is no value.
#[derive(Clone, Debug, PartialEq)]
pub struct SlotYear<T> {
    /// Which year.
    pub year: Year,
    /// As many as the grid has.
    pub slots: Vec<Option<T>>,
}

/// When a forecast is made, and how. [`Settings::at`] has what is usual.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// What the slots are.
    pub grid: Grid,
    /// How many slots are over: 9 at the end of September. Later values of the year are not looked at.
    pub reached: usize,
    /// How far the year so far is believed of the rest: 0 not at all, 1 wholly, 0.5 as the root of its ratio.
    pub pull: f64,
    /// How many of the last years make the usual course of a year.
    pub years: usize,
    /// Probability with which the interval should hold what comes.
    pub cover: f64,
    /// A past year counts if this share of its slots has a value.
    pub least_share: f64,
}

/// What a year's figure will be.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// The figure at the year's end [unit of the values; shares 0 to 1].
    pub value: f64,
    /// Where it will lie; `None` of fewer than three past years.
    pub interval: Option<Interval>,
    /// The figure of the slots that are over; `None` of none.
    pub so_far: Option<f64>,
    /// Slots that are over and have a value.
    pub n: usize,
    /// Slots that are over and have none.
    pub missing: usize,
    /// Slots to come.
    pub remaining: usize,
    /// Past years used.
    pub past: Vec<Year>,
    /// Past years not used, for they have too few values.
    pub left_out: Vec<Year>,
    /// What the method would have said before.
    pub hindcast: Hindcast,
    /// How it was made.
    pub method: Text,
    /// What a reader should know: no interval, an untried one, a method no better than last year's figure.
    pub notes: Vec<Text>,
}

/// Past years below which no interval is given.
pub(crate) const YEARS_FOR_INTERVAL: usize = 3;

impl Grid {
    /// How many slots a year has.
    pub fn slots(self) -> usize {
        match self {
            Grid::Months => 12,
            Grid::Days => 366,
        }
    }

    /// The slot of a calendar day, from 0; its month's on a grid of months.
    pub fn slot_of(self, day: Day) -> usize {
        let (_, month, day_of_month) = day.ymd();
        match self {
            Grid::Months => month as usize - 1,
            Grid::Days => {
                let leap = Day::from_ymd(LEAP.0, month, day_of_month).expect("a leap year has every calendar day");
                (leap.0 - LEAP.first_day().0) as usize
            }
        }
    }

    /// The slot of a month, from 0, on a grid of months.
    pub fn slot_of_month(month: Month) -> usize {
        month.month_of_year() as usize - 1
    }

    /// Whether a year has this slot: 29 February is of leap years only.
    pub fn has(self, slot: usize, year: Year) -> bool {
        let leap_day = Day(LEAP.first_day().0 + slot as i32).ymd();
        self == Grid::Months || Day::from_ymd(year.0, leap_day.1, leap_day.2).is_some()
    }
}

/// A year that has every calendar day.
const LEAP: Year = Year(2000);

impl Settings {
    /// With `reached` slots over.
    ///
    /// That the year so far is half believed (`pull` 0.5) and five years make the usual course was chosen on monthly
    /// means of nine series: NO2 and NOx of London 1997–2018, six pollutants of Beijing 2013–2017, PM2.5 of Chengdu
    /// 2012–2015. Mean misses after 1, 3, 6, 9 and 11 months were 8.6, 6.9, 4.9, 4.2 and 2.6 %, with the ratio as it
    /// is 9.3, 9.5, 6.0, 4.6 and 2.7 %, with last year's figure 11.2 %; of 42 years with an interval 31 to 37 lay
    /// within it (`bench/oracle/forecast.py --look-back`).
    pub fn at(grid: Grid, reached: usize) -> Settings {
        Settings { grid, reached, pull: 0.5, years: 5, cover: 0.8, least_share: 0.75 }
    }
}

impl<T> SlotYear<T> {
    /// A year without a value.
    pub fn empty(grid: Grid, year: Year) -> SlotYear<T> {
        SlotYear { year, slots: (0..grid.slots()).map(|_| None).collect() }
    }

    /// Slots from one to another that the year has, with what they hold.
    pub(crate) fn held(&self, slots: std::ops::Range<usize>) -> impl Iterator<Item = (usize, &T)> {
        let from = slots.start;
        self.slots[slots].iter().enumerate().filter_map(move |(at, held)| Some((from + at, held.as_ref()?)))
    }

    /// The share of the year's slots that hold a value.
    pub(crate) fn share(&self, grid: Grid) -> f64 {
        let all = (0..grid.slots()).filter(|slot| grid.has(*slot, self.year)).count();
        self.held(0..grid.slots()).count() as f64 / all as f64
    }
}

/// What was asked, checked: past years in order.
pub(crate) struct Asked<'a, T> {
    pub past: Vec<&'a SlotYear<T>>,
    pub this: &'a SlotYear<T>,
    pub settings: Settings,
}

/// Refuses years of another grid, a past that is not past, and shares outside of 0 to 1.
pub(crate) fn checked<'a, T>(
    past: &'a [SlotYear<T>],
    this: &'a SlotYear<T>,
    settings: &Settings,
) -> Result<Asked<'a, T>, ModelError> {
    let slots = settings.grid.slots();
    if let Some(year) = past.iter().chain([this]).find(|year| year.slots.len() != slots) {
        return Err(ModelError::Columns(format!("{}: {} ≠ {slots}", year.year, year.slots.len())));
    }
    if settings.reached > slots {
        return Err(ModelError::Columns(format!("{} > {slots}", settings.reached)));
    }
    crate::trend::checked_level(settings.cover)?;
    let mut sorted: Vec<&SlotYear<T>> = past.iter().collect();
    sorted.sort_by_key(|year| year.year);
    if let Some(twin) = sorted.windows(2).find(|pair| pair[0].year == pair[1].year) {
        return Err(ModelError::Columns(format!("{} × 2", twin[0].year)));
    }
    match sorted.last() {
        Some(last) if last.year >= this.year => Err(ModelError::Columns(format!("{} ≥ {}", last.year, this.year))),
        _ => Ok(Asked { past: sorted, this, settings: *settings }),
    }
}
