//! Hourly wind speed and direction → a wind rose, with the mean of one pollutant by sector.

use domain::{Fixed, Hour, HourSeries};

/// Compass sectors of the rose; sector 0 is centred on north, counting clockwise.
pub const SECTORS: usize = 16;

/// Counts by sector and speed class.
#[derive(Clone, Debug, PartialEq)]
pub struct WindRose {
    /// Lower bounds of the speed classes [m/s], ascending, the first 0.
    pub from_m_s: Vec<Fixed>,
    /// Hours by sector and speed class.
    pub counts: [Vec<u32>; SECTORS],
    /// Hours with a speed below `calm_below`.
    pub calm: u32,
    /// Hours with both speed and direction, calm ones included.
    pub hours: u32,
    /// Mean of the pollutant by sector, for charts; `None` where there were no hours.
    pub mean: [Option<f64>; SECTORS],
}

/// A rose of `speed` [m/s] and `direction` [°, where the wind comes from, 0 and 360 are north].
///
/// ```text
/// sector = ⌊(direction + 11.25) / 22.5⌋ mod 16
/// ```
/// An hour with a speed below `calm_below` [m/s] is calm and has no sector. `pollutant` may be any series.
pub fn wind_rose(
    speed: &HourSeries,
    direction: &HourSeries,
    pollutant: Option<&HourSeries>,
    from_m_s: &[Fixed],
    calm_below: Fixed,
) -> WindRose {
    let mut counts: [Vec<u32>; SECTORS] = std::array::from_fn(|_| vec![0; from_m_s.len()]);
    let mut sums = [(0_i128, 0_u32); SECTORS];
    let (mut calm, mut hours) = (0, 0);
    for index in 0..speed.values.len() {
        let hour = Hour(speed.first.0 + index as i32);
        let (Some(speed), Some(direction)) = (speed.at(hour), direction.at(hour)) else { continue };
        hours += 1;
        if speed < calm_below {
            calm += 1;
            continue;
        }
        let sector = sector(direction);
        if let Some(class) = from_m_s.iter().rposition(|from| speed >= *from) {
            counts[sector][class] += 1;
        }
        if let Some(value) = pollutant.and_then(|series| series.at(hour)) {
            sums[sector].0 += i128::from(value.millionths());
            sums[sector].1 += 1;
        }
    }
    let mean = sums.map(|(sum, n)| domain::Ratio::mean(sum, n).map(domain::Ratio::to_f64));
    WindRose { from_m_s: from_m_s.to_vec(), counts, calm, hours, mean }
}

/// Sector of a direction in degrees.
fn sector(direction: Fixed) -> usize {
    const HALF_SECTOR: i64 = 11_250_000;
    const SECTOR: i64 = 22_500_000;
    ((direction.millionths() + HALF_SECTOR).div_euclid(SECTOR)).rem_euclid(SECTORS as i64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(values: &[&str]) -> HourSeries {
        let values =
            values.iter().map(|text| text.parse::<Fixed>().map_or(HourSeries::GAP, Fixed::millionths)).collect();
        HourSeries { station: "a".into(), parameter: "x".into(), first: Hour(1), values }
    }

    /// Hand count.
    #[test]
    fn north_is_on_both_sides_of_zero() {
        let speed = series(&["2", "2", "2", "0.2", "5", ""]);
        let direction = series(&["350", "0", "11.25", "90", "360", "90"]);
        let pollutant = series(&["10", "20", "30", "40", "", "60"]);
        let classes: Vec<Fixed> = ["0", "3"].iter().map(|text| text.parse().expect("a speed")).collect();
        let rose = wind_rose(&speed, &direction, Some(&pollutant), &classes, "0.3".parse().expect("a speed"));
        assert_eq!((rose.hours, rose.calm), (5, 1));
        assert_eq!(rose.counts[0], vec![2, 1]);
        assert_eq!(rose.counts[1], vec![1, 0]);
        assert_eq!(rose.mean[0], Some(15.0));
        assert_eq!(rose.mean[4], None);
    }
}
