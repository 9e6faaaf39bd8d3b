//! A device, a cadence and a time → the numbers of one message, as whole steps of the last place sent. Pure; called
//! by `message` for frames and by nothing that keeps state, so that any message can be made again.

use crate::catalog::Role;
use crate::city::{Channel, City, Device, MINUTE_MS};
use crate::process::{NORMAL, Sample};
use domain::period::HOUR_MS;
use domain::{Cadence, Instant};

/// Hours of a day.
const DAY_HOURS: i64 = 24;

/// What one message says of one channel, in steps of the channel's last decimal place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Value {
    /// Mean of the period, or the reading.
    pub(crate) avg: i64,
    /// Lowest.
    pub(crate) min: i64,
    /// Highest.
    pub(crate) max: i64,
    /// Mean at reference oxygen.
    pub(crate) zs_avg: i64,
    /// Lowest at reference oxygen.
    pub(crate) zs_min: i64,
    /// Highest at reference oxygen.
    pub(crate) zs_max: i64,
    /// Amount, in steps of the amount's last place.
    pub(crate) cou: i64,
    /// Flag.
    pub(crate) flag: char,
}

/// Room for computing, kept from message to message.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    sample: Sample,
    sums: Vec<f64>,
    /// The result.
    pub(crate) values: Vec<Value>,
}

impl City {
    /// The values of a message into `scratch.values`, one a channel.
    pub(crate) fn values(&self, device: &Device, cadence: Cadence, time: Instant, scratch: &mut Scratch) {
        match cadence {
            Cadence::RealTime => self.reading(device, time, scratch),
            Cadence::Minute => self.period(device, time, scratch),
            Cadence::Hour => self.longer(device, (Cadence::Minute, time, self.minute_ms()), scratch),
            Cadence::Day => self.longer(device, (Cadence::Hour, time, HOUR_MS), scratch),
        }
    }

    pub(crate) fn minute_ms(&self) -> i64 {
        i64::from(self.options.minute_interval_min.max(1)) * MINUTE_MS
    }

    fn reading(&self, device: &Device, time: Instant, scratch: &mut Scratch) {
        self.sample(device, time, &mut scratch.sample);
        let factor = self.conversion(device, &scratch.sample.values);
        scratch.values.clear();
        for (at, channel) in device.channels.iter().enumerate() {
            let avg = steps(scratch.sample.values[at], channel.places);
            let zs_avg = converted(channel, avg, factor);
            let flag = scratch.sample.flags[at];
            scratch.values.push(Value { avg, zs_avg, flag, ..Value::default() });
        }
    }

    /// A minute value: one sample in the middle of each minute.
    fn period(&self, device: &Device, start: Instant, scratch: &mut Scratch) {
        let minutes = i64::from(self.options.minute_interval_min.max(1));
        let Scratch { sample, sums, values } = scratch;
        values.clear();
        sums.clear();
        sums.resize(device.channels.len(), 0.0);
        for minute in 0..minutes {
            let at = Instant(start.0 + minute * MINUTE_MS + MINUTE_MS / 2);
            self.sample(device, at, sample);
            for (number, channel) in device.channels.iter().enumerate() {
                let reading = sample.values[number];
                let spread = reading.abs() * channel.fast * channel.chance.of(3).unit(at.0 as u64);
                let (low, high) = (steps(reading - spread, channel.places), steps(reading + spread, channel.places));
                sums[number] += reading;
                match values.get_mut(number) {
                    None => values.push(Value { min: low, max: high, flag: sample.flags[number], ..Value::default() }),
                    Some(value) => {
                        (value.min, value.max) = (value.min.min(low), value.max.max(high));
                        if sample.flags[number] != NORMAL {
                            value.flag = sample.flags[number];
                        }
                    }
                }
            }
        }
        for sum in sums.iter_mut() {
            *sum /= minutes as f64;
        }
        self.finish(device, minutes as f64 / 60.0, scratch);
    }

    /// Means in `sums` → what is sent: rounded, converted, with amounts.
    fn finish(&self, device: &Device, hours: f64, scratch: &mut Scratch) {
        let Scratch { sums, values, .. } = scratch;
        for (number, channel) in device.channels.iter().enumerate() {
            values[number].avg = steps(sums[number], channel.places);
            sums[number] = whole(values[number].avg, channel.places);
        }
        let factor = self.conversion(device, sums);
        let volume_m3 = volume_m3(device, sums, hours);
        for (number, channel) in device.channels.iter().enumerate() {
            let value = &mut values[number];
            value.min = value.min.min(value.avg);
            value.max = value.max.max(value.avg);
            value.zs_avg = converted(channel, value.avg, factor);
            value.zs_min = converted(channel, value.min, factor);
            value.zs_max = converted(channel, value.max, factor);
            value.cou = match channel.role {
                Role::Pollutant => {
                    // mg/m³ over m³ of gas is 1e-6 kg, mg/L over m³ of water 1e-3 kg: HJ 212-2017 Annex D.
                    let kg = sums[number] * volume_m3 * if device.stack.is_some() { 1e-6 } else { 1e-3 };
                    steps(kg, self.catalog.constants.mass_places)
                }
                Role::GasFlow | Role::WaterFlow | Role::BatchFlow => {
                    steps(volume_m3, self.catalog.constants.volume_places)
                }
                _ => 0,
            };
        }
    }

    /// Hours out of minute values, days out of hours: means of the normal ones, sums of amounts.
    fn longer(&self, device: &Device, (below, start, step_ms): (Cadence, Instant, i64), scratch: &mut Scratch) {
        let length = if below == Cadence::Hour { DAY_HOURS * HOUR_MS } else { HOUR_MS };
        let mut totals = vec![Total::default(); device.channels.len()];
        let flow = device.channels.iter().position(|channel| is_water(channel.role));
        let mut time = start.0;
        while time < start.0 + length {
            self.values(device, below, Instant(time), scratch);
            let weight = flow.map_or(0, |at| scratch.values[at].cou);
            for (total, value) in totals.iter_mut().zip(&scratch.values) {
                total.add(value, weight);
            }
            time += step_ms;
        }
        scratch.values.clear();
        for (total, channel) in totals.iter().zip(&device.channels) {
            let weighted = channel.role == Role::Pollutant && flow.is_some();
            scratch.values.push(total.value(device.normal_share, weighted));
        }
    }

    /// Decimal places of a channel's amount.
    pub(crate) fn amount_places(&self, channel: &Channel) -> u32 {
        match channel.role {
            Role::Pollutant => self.catalog.constants.mass_places,
            _ => self.catalog.constants.volume_places,
        }
    }
}

/// Sums over the parts of a longer period, in steps.
#[derive(Clone, Copy, Debug, Default)]
struct Total {
    parts: i64,
    normal: Sum,
    all: Sum,
    cou: i64,
    flag: Option<char>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    parts: i64,
    avg: i64,
    zs_avg: i64,
    weight: i128,
    weighted: i128,
    min: i64,
    max: i64,
    zs_min: i64,
    zs_max: i64,
}

impl Total {
    fn add(&mut self, value: &Value, weight: i64) {
        self.parts += 1;
        self.cou += value.cou;
        self.all.add(value, weight);
        if value.flag == NORMAL {
            self.normal.add(value, weight);
        } else {
            self.flag = self.flag.or(Some(value.flag));
        }
    }

    fn value(&self, normal_share: f64, weighted: bool) -> Value {
        let normal = self.normal.parts as f64 >= normal_share * self.parts as f64;
        let sum = if self.normal.parts > 0 { &self.normal } else { &self.all };
        let avg = match weighted && sum.weight > 0 {
            true => divide(sum.weighted, sum.weight),
            false => divide(i128::from(sum.avg), i128::from(sum.parts)),
        };
        Value {
            avg,
            min: sum.min.min(avg),
            max: sum.max.max(avg),
            zs_avg: divide(i128::from(sum.zs_avg), i128::from(sum.parts)),
            zs_min: sum.zs_min,
            zs_max: sum.zs_max,
            cou: self.cou,
            flag: if normal { NORMAL } else { self.flag.unwrap_or(NORMAL) },
        }
    }
}

impl Sum {
    fn add(&mut self, value: &Value, weight: i64) {
        let first = self.parts == 0;
        self.parts += 1;
        self.avg += value.avg;
        self.zs_avg += value.zs_avg;
        self.weight += i128::from(weight);
        self.weighted += i128::from(weight) * i128::from(value.avg);
        self.min = if first { value.min } else { self.min.min(value.min) };
        self.max = if first { value.max } else { self.max.max(value.max) };
        self.zs_min = if first { value.zs_min } else { self.zs_min.min(value.zs_min) };
        self.zs_max = if first { value.zs_max } else { self.zs_max.max(value.zs_max) };
    }
}

/// Nearest whole quotient, half away from zero; 0 when there is nothing to divide by.
fn divide(sum: i128, by: i128) -> i64 {
    if by == 0 {
        return 0;
    }
    let half = if sum < 0 { -by / 2 } else { by / 2 };
    ((sum + half) / by) as i64
}

fn is_water(role: Role) -> bool {
    matches!(role, Role::WaterFlow | Role::BatchFlow)
}

/// Volume of gas or water in a period [m³]: flow [m³/h] of gas, [L/s] of water.
fn volume_m3(device: &Device, means: &[f64], hours: f64) -> f64 {
    let flow = |wanted: fn(Role) -> bool| device.channels.iter().position(|channel| wanted(channel.role));
    if let Some(at) = flow(|role| role == Role::GasFlow) {
        return means[at] * hours;
    }
    flow(is_water).map_or(0.0, |at| means[at] * hours * 3600.0 / 1000.0)
}

fn converted(channel: &Channel, value: i64, factor: f64) -> i64 {
    if channel.role == Role::Pollutant { (value as f64 * factor).round() as i64 } else { value }
}

/// Powers of ten for decimal places.
const TENS: [i64; 7] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

/// Nearest whole number of steps.
fn steps(value: f64, places: u32) -> i64 {
    (value * TENS[places as usize] as f64).round() as i64
}

fn whole(steps: i64, places: u32) -> f64 {
    steps as f64 / TENS[places as usize] as f64
}

/// A number of steps as decimal text with all its places: `push(-85, 3)` writes `-0.085`.
pub(crate) fn push_decimal(text: &mut String, steps: i64, places: u32) {
    let mut digits = [0_u8; 24];
    let mut at = digits.len();
    let mut rest = steps.unsigned_abs();
    let mut written = 0;
    while rest > 0 || written <= places {
        if written == places && places > 0 {
            at -= 1;
            digits[at] = b'.';
        }
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        written += 1;
    }
    if steps < 0 {
        at -= 1;
        digits[at] = b'-';
    }
    text.push_str(std::str::from_utf8(&digits[at..]).expect("digits, a point and a sign are ASCII"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Fixed;
    use proptest::prelude::*;

    #[test]
    fn decimals_have_all_their_places() {
        for (steps, places, expected) in
            [(0, 0, "0"), (0, 2, "0.00"), (-85, 3, "-0.085"), (1234, 1, "123.4"), (7, 0, "7")]
        {
            let mut text = String::new();
            push_decimal(&mut text, steps, places);
            assert_eq!(text, expected);
        }
    }

    #[test]
    fn quotients_are_rounded_away_from_zero_at_the_half() {
        assert_eq!([divide(5, 2), divide(-5, 2), divide(4, 3), divide(1, 0)], [3, -3, 1, 0]);
    }

    proptest! {
        #[test]
        fn decimal_text_reads_back(steps in -1_000_000_000_i64..1_000_000_000, places in 0_u32..=6) {
            let mut text = String::new();
            push_decimal(&mut text, steps, places);
            let read: Fixed = text.parse().expect("a decimal");
            prop_assert_eq!(read.millionths(), steps * TENS[6 - places as usize]);
        }
    }
}
