//! A series with gaps → its values and their places. Called by every test of [`crate::trend`].

use crate::error::ModelError;

/// The values of a series that are there, with their places.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Present {
    /// Places from 0, ascending.
    pub places: Vec<f64>,
    /// Values beside them.
    pub values: Vec<f64>,
    /// How many places have none.
    pub missing: usize,
}

impl Present {
    /// Of a series; an infinite value is refused with its place.
    pub fn of(series: &[Option<f64>]) -> Result<Present, ModelError> {
        let mut present = Present { places: Vec::new(), values: Vec::new(), missing: 0 };
        for (at, value) in series.iter().enumerate() {
            match value {
                Some(value) if !value.is_finite() => return Err(ModelError::NotFinite { at }),
                Some(value) => {
                    present.places.push(at as f64);
                    present.values.push(*value);
                }
                None => present.missing += 1,
            }
        }
        Ok(present)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Refuses fewer than `need` values.
    pub fn at_least(self, need: usize) -> Result<Present, ModelError> {
        let have = self.len();
        if have < need { Err(ModelError::TooFew { have, need }) } else { Ok(self) }
    }

    /// Whether all values are equal.
    pub fn constant(&self) -> bool {
        self.values.windows(2).all(|pair| pair[0] == pair[1])
    }
}

/// Columns of a table, all of one length, or why not.
pub(crate) fn columns(table: &[Vec<Option<f64>>]) -> Result<usize, ModelError> {
    let Some(first) = table.first() else { return Err(ModelError::Columns("none".to_string())) };
    match table.iter().find(|column| column.len() != first.len()) {
        Some(other) => Err(ModelError::Columns(format!("{} ≠ {}", first.len(), other.len()))),
        None => Ok(first.len()),
    }
}

/// A series of `period` seasons a cycle as columns, one a season; the last cycle is filled up with gaps.
pub(crate) fn seasons(series: &[Option<f64>], period: usize) -> Result<Vec<Vec<Option<f64>>>, ModelError> {
    if period < 2 {
        return Err(ModelError::Period(period));
    }
    Present::of(series)?;
    let cycles = series.len().div_ceil(period);
    let at = |season: usize, cycle: usize| series.get(cycle * period + season).copied().flatten();
    Ok((0..period).map(|season| (0..cycles).map(|cycle| at(season, cycle)).collect()).collect())
}
