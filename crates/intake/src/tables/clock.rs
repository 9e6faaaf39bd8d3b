//! The time columns of a row → the end of the span that its values belong to.

use super::bind::BoundTime;
use super::cell::{Cell, Cells};
use crate::mapping::Time;
use crate::problems::CellFault;
use crate::time::{Civil, DAY_MS, TimeFault, day_of, end_of_span, parse_civil, parse_clock, parse_whole};
use domain::period::HOUR_MS;
use domain::{Day, Instant};

/// Day number of 1970-01-01 in a workbook that counts from 1900.
const SHEET_EPOCH: f64 = 25_569.0;
/// Numbers of a sheet below this are day numbers (the year 2173); above they are digits of a date.
const LAST_SHEET_DAY: f64 = 100_000.0;

/// Why a row has no time.
#[derive(Debug)]
pub(crate) struct TimeRefusal {
    /// The column to look at.
    pub column: usize,
    /// What is wrong with it.
    pub fault: CellFault,
    /// What to quote where that is more than the column's cell: a date in three columns.
    pub raw: Option<String>,
}

impl TimeRefusal {
    fn of(column: usize, fault: CellFault) -> Box<TimeRefusal> {
        Box::new(TimeRefusal { column, fault, raw: None })
    }
}

/// Reads the time of a row.
#[inline]
pub(crate) fn row_time(cells: &impl Cells, bound: BoundTime, time: &Time) -> Result<Instant, Box<TimeRefusal>> {
    let (civil, column) = match bound {
        BoundTime::One(column) => {
            (moment(cells.cell(column), time).map_err(|fault| TimeRefusal::of(column, fault))?, column)
        }
        BoundTime::DateHour(date, hour) => {
            let day = moment(cells.cell(date), time).map_err(|fault| TimeRefusal::of(date, fault))?;
            if day.ms != 0 {
                return Err(TimeRefusal::of(date, CellFault::Time(TimeFault::OffTheDay)));
            }
            let ms = hour_ms(cells.cell(hour)).map_err(|fault| TimeRefusal::of(hour, fault))?;
            (Civil { ms, ..day }, hour)
        }
        BoundTime::Parts { year, month, day, hour } => {
            let part = |column: usize| whole(cells.cell(column)).map_err(|fault| TimeRefusal::of(column, fault));
            let date = day_of(part(year)?, part(month)?, part(day)?);
            let date = date.map_err(|fault| {
                let column = if fault == TimeFault::FarYear { year } else { day };
                let parts = [year, month, day].map(|column| cells.cell(column).text().trim().to_string());
                Box::new(TimeRefusal { column, fault: CellFault::Time(fault), raw: Some(parts.join("-")) })
            })?;
            let ms = match hour {
                Some(hour) => hour_ms(cells.cell(hour)).map_err(|fault| TimeRefusal::of(hour, fault))?,
                None => 0,
            };
            (Civil { day: date, ms, offset_ms: None }, hour.unwrap_or(day))
        }
    };
    let end = end_of_span(civil, time.span, time.label, time.zone_ms);
    end.map_err(|fault| TimeRefusal::of(column, CellFault::Time(fault)))
}

fn moment(cell: Cell<'_>, time: &Time) -> Result<Civil, CellFault> {
    match cell {
        Cell::Text(bytes) if !bytes.trim_ascii().is_empty() => parse_civil(bytes, time.order).map_err(CellFault::Time),
        Cell::Text(_) | Cell::Empty => Err(CellFault::TimeMissing),
        Cell::Time(civil) => in_reach(civil),
        Cell::Sheet(number) if (1.0..LAST_SHEET_DAY).contains(&number) => in_reach(sheet_time(number)),
        Cell::Sheet(_) | Cell::Float(_) | Cell::Int(_) => {
            parse_civil(cell.text().as_bytes(), time.order).map_err(CellFault::Time)
        }
        Cell::Exact(_) | Cell::Bool(_) => Err(CellFault::Time(TimeFault::Unreadable)),
        Cell::Fault(_) => Err(CellFault::SheetError),
    }
}

fn in_reach(civil: Civil) -> Result<Civil, CellFault> {
    let (year, month, day) = civil.day.ymd();
    day_of(year.into(), month.into(), day.into()).map_err(CellFault::Time)?;
    Ok(civil)
}

/// A sheet's day number, to the nearest second.
///
/// ```text
/// 25569 = 1970-01-01; 43831.5 = 2020-01-01 12:00
/// ```
pub(crate) fn sheet_time(number: f64) -> Civil {
    let seconds = ((number - SHEET_EPOCH) * 86_400.0).round() as i64;
    let ms = seconds.saturating_mul(1000);
    Civil { day: Day(ms.div_euclid(DAY_MS) as i32), ms: ms.rem_euclid(DAY_MS), offset_ms: None }
}

fn hour_ms(cell: Cell<'_>) -> Result<i64, CellFault> {
    let hours = match cell {
        Cell::Text(bytes) if !bytes.trim_ascii().is_empty() => return parse_clock(bytes).map_err(CellFault::Time),
        Cell::Text(_) | Cell::Empty => return Err(CellFault::TimeMissing),
        Cell::Time(civil) => return Ok(civil.ms),
        Cell::Sheet(part) if part > 0.0 && part < 1.0 => return Ok((part * 86_400.0).round() as i64 * 1000),
        Cell::Fault(_) => return Err(CellFault::SheetError),
        other => whole(other)?,
    };
    let known = (0..=24).contains(&hours);
    if known { Ok(i64::from(hours) * HOUR_MS) } else { Err(CellFault::Time(TimeFault::NoSuchTime)) }
}

fn whole(cell: Cell<'_>) -> Result<i32, CellFault> {
    let unreadable = CellFault::Time(TimeFault::Unreadable);
    match cell {
        Cell::Text(bytes) if bytes.trim_ascii().is_empty() => Err(CellFault::TimeMissing),
        Cell::Text(bytes) => parse_whole(bytes).ok_or(unreadable),
        Cell::Empty => Err(CellFault::TimeMissing),
        Cell::Int(value) => i32::try_from(value).map_err(|_| unreadable),
        Cell::Float(value) | Cell::Sheet(value) if value.fract() == 0.0 && value.abs() < 1e6 => Ok(value as i32),
        Cell::Fault(_) => Err(CellFault::SheetError),
        _ => Err(unreadable),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Day numbers as spreadsheet programs show them.
    #[test]
    fn reads_the_day_numbers_of_sheets() {
        for (number, expect) in [
            (25_569.0, "1970-01-01T00:00:00+08:00"),
            (43_831.0, "2020-01-01T00:00:00+08:00"),
            (43_831.333_333_333_336, "2020-01-01T08:00:00+08:00"),
            (43_890.999_988_425_93, "2020-02-29T23:59:59+08:00"),
        ] {
            let civil = sheet_time(number);
            assert_eq!(Instant::from_civil(civil.day, civil.ms).to_iso(), expect, "{number}");
        }
    }
}
