//! A device and a moment → what its instruments would read: [`Sample`]. Pure; called by `values` for every minute.
//!
//! A value is its level, times the shape of its day, times what it takes of the plant's load, times slow and fast
//! noise; then the scenes, then what a calibration or a fault makes of it.

use crate::catalog::{Behaviour, Effect, Role};
use crate::chance::Window;
use crate::city::{Channel, City, Device, MINUTE_MS};
use domain::Instant;

/// Readings of all channels of a device at one moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sample {
    /// One value a channel, in its unit.
    pub(crate) values: Vec<f64>,
    /// One flag a channel.
    pub(crate) flags: Vec<char>,
}

/// Flag of HJ 212-2017, 6.6.4 for a value above the measuring range.
const ABOVE_RANGE: char = 'T';
/// Flag of a normal value.
pub(crate) const NORMAL: char = 'N';

/// Streams of chance of a device.
mod stream {
    pub(super) const LOAD: u64 = 101;
    pub(super) const BATCH: u64 = 102;
    pub(super) const WHICH: u64 = 103;
}

/// Periods of the noise [ms].
mod period {
    pub(super) const LOAD: i64 = 170 * super::MINUTE_MS;
    pub(super) const SLOW: i64 = 310 * super::MINUTE_MS;
    pub(super) const MIDDLE: i64 = 23 * super::MINUTE_MS;
}

/// What has come over a device.
#[derive(Clone, Copy, Debug)]
struct Spell {
    flag: char,
    behaviour: Behaviour,
    window: Window,
}

impl City {
    /// Reads every channel of a device at a moment.
    pub(crate) fn sample(&self, device: &Device, at: Instant, sample: &mut Sample) {
        sample.flags.clear();
        sample.flags.resize(device.channels.len(), NORMAL);
        self.undisturbed(device, at, &mut sample.values);
        if let Some(spell) = spell(device, at) {
            self.disturb(device, at, &spell, sample);
        }
        self.gas_flow(device, &mut sample.values);
        for (at, channel) in device.channels.iter().enumerate() {
            if sample.values[at] > channel.range_high {
                sample.values[at] = channel.range_high;
                sample.flags[at] = ABOVE_RANGE;
            }
        }
    }

    /// What would be read if nothing were wrong with the instruments.
    fn undisturbed(&self, device: &Device, at: Instant, values: &mut Vec<f64>) {
        values.clear();
        let load = self.load(device, at);
        for channel in &device.channels {
            let mut value = channel.base * level(channel, at, load);
            if let Some(part) = channel.adds {
                value += values[part];
            }
            let scenes = channel.effects.iter().filter(|scene| (scene.from_ms..scene.to_ms).contains(&at.0));
            for scene in scenes {
                value = match scene.effect {
                    Effect::Scale => value * scene.value,
                    Effect::Attenuate => channel.base + (value - channel.base) * scene.value,
                    Effect::Stuck => scene.value,
                    Effect::Cap => value,
                };
            }
            values.push(value.clamp(channel.bounds.0, channel.bounds.1));
        }
        self.cap(device, at, values);
    }

    /// Scenes that keep a value under its limit, which is one on converted values in flue gas.
    fn cap(&self, device: &Device, at: Instant, values: &mut [f64]) {
        if device.channels.iter().all(|channel| channel.effects.is_empty()) {
            return;
        }
        let factor = self.conversion(device, values);
        for (number, channel) in device.channels.iter().enumerate() {
            for scene in channel.effects.iter().filter(|scene| (scene.from_ms..scene.to_ms).contains(&at.0)) {
                if let (Effect::Cap, Some(limit)) = (scene.effect, channel.limit_high) {
                    values[number] = values[number].min(limit * scene.value / factor);
                }
            }
        }
    }

    /// The plant's load, about 1; for batches 0 between them.
    fn load(&self, device: &Device, at: Instant) -> f64 {
        let chance = device.chance.of(stream::LOAD);
        let load = 1.0 + 0.16 * chance.noise(at, period::LOAD) + 0.05 * chance.of(1).noise(at, period::MIDDLE);
        let batches = device.channels.iter().any(|channel| channel.role == Role::BatchFlow);
        if batches && device.chance.of(stream::BATCH).window(&self.batch, at).is_none() { 0.0 } else { load }
    }

    fn disturb(&self, device: &Device, at: Instant, spell: &Spell, sample: &mut Sample) {
        let mut held = Vec::new();
        if matches!(spell.behaviour, Behaviour::Hold | Behaviour::Stuck) {
            self.undisturbed(device, Instant(spell.window.from), &mut held);
        }
        let failing = device.chance.of(stream::WHICH).pick(spell.window.from as u64, device.channels.len());
        for (number, channel) in device.channels.iter().enumerate() {
            let instrument = matches!(channel.role, Role::Pollutant | Role::Oxygen);
            let value = &mut sample.values[number];
            *value = match spell.behaviour {
                Behaviour::Still => match channel.role {
                    Role::Pollutant | Role::WaterFlow | Role::BatchFlow | Role::Velocity => 0.0,
                    Role::Oxygen => channel.bounds.1,
                    _ => *value,
                },
                Behaviour::Calibrate if instrument => {
                    let first_half = at.0 - spell.window.from < (spell.window.to - spell.window.from) / 2;
                    if first_half { 0.0 } else { channel.range_high * 0.8 }
                }
                Behaviour::Hold => held[number],
                Behaviour::Stuck if number == failing => held[number],
                Behaviour::Blank if instrument => 0.0,
                _ => continue,
            };
            sample.flags[number] = spell.flag;
        }
    }

    /// Flow of flue gas, dry, standard state [m³/h].
    ///
    /// `Q = 3600 F Kv V · T0/(T0 + t) · (Ba + Ps)/P0 · (1 − Xsw)`, with F [m²], V [m/s], t [°C], Ba and Ps [kPa],
    /// Xsw [1]. Reference: HJ 212-2017 Annex D, which quotes HJ 76-2017.
    fn gas_flow(&self, device: &Device, values: &mut [f64]) {
        let Some(stack) = device.stack else { return };
        let Some(flow) = device.channels.iter().position(|channel| channel.role == Role::GasFlow) else { return };
        let of = |role: Role| device.channels.iter().position(|channel| channel.role == role).map(|at| values[at]);
        let constants = &self.catalog.constants;
        let velocity = of(Role::Velocity).unwrap_or(0.0);
        let temperature = of(Role::Temperature).unwrap_or(0.0);
        let pressure = constants.ambient_pressure_kpa + of(Role::Pressure).unwrap_or(0.0);
        let dry = 1.0 - of(Role::Moisture).unwrap_or(0.0) / 100.0;
        let wet = 3600.0 * stack.section_m2 * stack.velocity_factor * velocity;
        let kelvin = constants.standard_temperature_k;
        values[flow] = wet * kelvin / (kelvin + temperature) * pressure / constants.standard_pressure_kpa * dry;
    }

    /// What a concentration in flue gas is multiplied with to be at reference oxygen; 1 elsewhere.
    ///
    /// `(O2_air − O2_ref)/(O2_air − O2)`; nothing is converted at the oxygen of air, where the quotient has no
    /// value. Reference: HJ 212-2017 Annex D.
    pub(crate) fn conversion(&self, device: &Device, values: &[f64]) -> f64 {
        let oxygen = device.channels.iter().position(|channel| channel.role == Role::Oxygen);
        let (Some(stack), Some(oxygen)) = (device.stack, oxygen) else { return 1.0 };
        let constants = &self.catalog.constants;
        if values[oxygen] >= constants.no_conversion_from_percent {
            return 1.0;
        }
        (constants.air_oxygen_percent - stack.reference_o2) / (constants.air_oxygen_percent - values[oxygen])
    }
}

/// The factor about 1 by which a value differs from its level.
fn level(channel: &Channel, at: Instant, load: f64) -> f64 {
    if channel.base == 0.0 {
        return 0.0;
    }
    let slow = channel.chance.noise(at, period::SLOW) + 0.4 * channel.chance.of(1).noise(at, period::MIDDLE);
    let fast = channel.chance.of(2).sign(at.0 as u64);
    let noise = 1.0 + channel.slow * slow + channel.fast * fast;
    let load = if channel.load == 1.0 { load } else { 1.0 + channel.load * (load - 1.0) };
    diurnal(&channel.shape, at) * load.max(0.0) * noise.max(0.02)
}

/// The factor of the day, on straight lines between the hours.
fn diurnal(shape: &[f64; 24], at: Instant) -> f64 {
    let (_, ms) = at.civil();
    let hour = (ms / domain::period::HOUR_MS) as usize;
    let rest = (ms % domain::period::HOUR_MS) as f64 / domain::period::HOUR_MS as f64;
    shape[hour] + (shape[(hour + 1) % 24] - shape[hour]) * rest
}

fn spell(device: &Device, at: Instant) -> Option<Spell> {
    let mut scenes = device.channels.iter().flat_map(|channel| &channel.effects);
    if scenes.any(|scene| !scene.states && (scene.from_ms..scene.to_ms).contains(&at.0)) {
        return None;
    }
    device.states.iter().find_map(|state| {
        let window = state.chance.window(&state.recurrence, at)?;
        Some(Spell { flag: state.flag, behaviour: state.behaviour, window })
    })
}
