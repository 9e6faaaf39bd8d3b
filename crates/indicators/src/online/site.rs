//! Register + rules → what each code of an outlet is, in which unit it comes, and what the formulas need.

use super::input::OutletInput;
use domain::{Cadence, Fixed, Ratio, Units};
use observe::online::Derivation;
use observe::online::exact::{over, times};
use observe::online::gas::{Reference, StandardState, from_ppm};
use rust_decimal::Decimal;
use standards::online::{Channel, ConvertAt, OxygenGuard, Role};
use std::collections::BTreeMap;
use std::sync::LazyLock;

static UNITS: LazyLock<Units> = LazyLock::new(Units::builtin);
/// What a value in parts per million is brought to first.
const PPM: &str = "ppm";

/// A code at the outlet.
#[derive(Clone, Debug)]
pub(super) struct SiteCode {
    pub code: String,
    pub channel: Channel,
    pub unit: String,
    pub scale: Scale,
}

/// How a sent number becomes one in the unit of judgement.
#[derive(Clone, Debug)]
pub(super) enum Scale {
    /// (sent + before) · factor − after.
    Linear { before: Ratio, factor: Ratio, after: Ratio, assumed: bool },
    /// (sent · factor) parts per million of a gas of this molar mass [g/mol].
    Ppm { factor: Ratio, molar_g: Ratio },
    /// Not to be brought to it.
    Unknown,
}

/// The outlet as the formulas see it.
#[derive(Clone, Debug)]
pub(super) struct Site {
    pub codes: Vec<SiteCode>,
    pub state: Option<StandardState>,
    pub convert_at: ConvertAt,
    pub guard: OxygenGuard,
    pub assumed_atmosphere_pa: Ratio,
    pub reference: Reference,
    pub section_m2: Option<Ratio>,
    pub velocity_factor: Ratio,
    /// Minutes between minute values, by device.
    pub minute_interval: BTreeMap<String, u32>,
    /// Seconds between real-time values, by device.
    pub realtime_interval: BTreeMap<String, u32>,
}

impl Site {
    /// The codes that are registered, were sent, or can be made of others.
    pub fn new(input: &OutletInput<'_>) -> Site {
        let rules = input.rules;
        let zero = Ratio::new(0, 1);
        let positive = |value: Option<Fixed>| value.map(Ratio::from).filter(|value| *value > zero);
        let state = rules.state.map(|state| StandardState {
            kelvin: state.kelvin.into(),
            pressure_pa: state.pressure_pa.into(),
            molar_volume_l: state.molar_volume_l.into(),
            air_oxygen_percent: state.air_oxygen_percent.into(),
            guard_oxygen_percent: state.guard_oxygen_percent.into(),
        });
        let outlet = input.outlet;
        let reference = match (outlet.reference_o2_percent, positive(outlet.reference_air_ratio)) {
            (Some(oxygen), _) => Reference::Oxygen(oxygen.into()),
            (None, Some(ratio)) => Reference::AirRatio(ratio),
            (None, None) => Reference::Neither,
        };
        let interval = |of: fn(&domain::Device) -> u32| -> BTreeMap<String, u32> {
            input.devices.iter().map(|device| (device.mn.clone(), of(device).max(1))).collect()
        };
        let mut site = Site {
            codes: Vec::new(),
            state,
            convert_at: rules.state.map_or(ConvertAt::Minute, |state| state.convert_at),
            guard: rules.state.map_or(OxygenGuard::NoValue, |state| state.guard),
            assumed_atmosphere_pa: rules.state.map_or(zero, |state| state.assumed_atmosphere_pa.into()),
            reference,
            section_m2: positive(outlet.section_m2),
            velocity_factor: positive(outlet.velocity_factor).unwrap_or(Ratio::new(1, 1)),
            minute_interval: interval(|device| device.minute_interval_min),
            realtime_interval: interval(|device| device.realtime_interval_s),
        };
        site.codes = codes(input, &site).into_iter().filter_map(|code| site_code(input, &site, code)).collect();
        site
    }

    /// The first code of a role.
    pub fn of_role(&self, role: Role) -> Option<&SiteCode> {
        self.codes.iter().find(|own| own.channel.role == role)
    }

    /// Minutes that one minute value of a device covers.
    pub fn minutes_of(&self, mn: &str) -> u32 {
        self.minute_interval.get(mn).copied().unwrap_or(1).clamp(1, 60)
    }
}

impl Scale {
    fn one() -> Scale {
        let zero = Ratio::new(0, 1);
        Scale::Linear { before: zero, factor: Ratio::new(1, 1), after: zero, assumed: false }
    }

    /// A sent number in the unit of judgement; `None` where it cannot be.
    pub fn apply(&self, sent: Fixed, state: Option<&StandardState>) -> Option<Ratio> {
        let sent = Ratio::from(sent);
        match self {
            Scale::Linear { before, factor, after, .. } => Some(times(sent.plus(*before), *factor)?.minus(*after)),
            Scale::Ppm { factor, molar_g } => from_ppm(times(sent, *factor)?, *molar_g, state?),
            Scale::Unknown => None,
        }
    }
}

fn codes(input: &OutletInput<'_>, site: &Site) -> Vec<String> {
    let mut codes: Vec<String> = input.channels.iter().map(|channel| channel.code.clone()).collect();
    for cadence in Cadence::ALL {
        for message in input.messages_of(cadence) {
            for item in &message.items {
                if !codes.contains(&item.code) {
                    codes.push(item.code.clone());
                }
            }
        }
    }
    let has = |code: &str| codes.iter().any(|own| own == code);
    let has_role = |role: Role| input.rules.channels.iter().any(|channel| channel.role == role && has(&channel.code));
    let made: Vec<String> = (input.rules.channels.iter())
        .filter(|channel| {
            let of_parts = !channel.made_of.is_empty() && channel.made_of.iter().all(|part| has(&part.code));
            let of_velocity = channel.role == Role::Flow && site.section_m2.is_some() && has_role(Role::Velocity);
            !has(&channel.code) && (of_parts || of_velocity)
        })
        .map(|channel| channel.code.clone())
        .collect();
    codes.extend(made);
    codes.sort();
    codes.dedup();
    codes
}

fn site_code(input: &OutletInput<'_>, site: &Site, code: String) -> Option<SiteCode> {
    let channel = input.rules.channel(&code)?.clone();
    let sent = input.channels.iter().find(|own| own.code == code).map(|own| own.unit.trim());
    let unit = if channel.unit.is_empty() { sent.unwrap_or("").to_string() } else { channel.unit.clone() };
    let scale = match sent {
        Some(sent) if !sent.is_empty() && !channel.unit.is_empty() => scale(input, site, sent, &channel),
        _ if channel.unit.is_empty() => Scale::one(),
        _ => match Scale::one() {
            Scale::Linear { before, factor, after, .. } => Scale::Linear { before, factor, after, assumed: true },
            other => other,
        },
    };
    Some(SiteCode { code, channel, unit, scale })
}

fn scale(input: &OutletInput<'_>, site: &Site, sent: &str, channel: &Channel) -> Scale {
    if sent == channel.unit {
        return Scale::one();
    }
    if channel.role == Role::Flow {
        return flow(input, sent, &channel.unit);
    }
    if let Some((before, factor, after)) = linear(sent, &channel.unit) {
        return Scale::Linear { before, factor, after, assumed: false };
    }
    match (channel.molar_g, linear(sent, PPM), site.state) {
        (Some(molar_g), Some((_, factor, _)), Some(_)) => Scale::Ppm { factor, molar_g: molar_g.into() },
        _ => Scale::Unknown,
    }
}

fn linear(from: &str, to: &str) -> Option<(Ratio, Ratio, Ratio)> {
    let (from, to) = (UNITS.get(from).ok()?, UNITS.get(to).ok()?);
    if from.dimension != to.dimension {
        return None;
    }
    Some((ratio(from.offset), over(ratio(from.factor), ratio(to.factor))?, ratio(to.offset)))
}

fn ratio(value: Decimal) -> Ratio {
    let value = value.normalize();
    Ratio::new(value.mantissa(), 10_i128.pow(value.scale()))
}

fn flow(input: &OutletInput<'_>, from: &str, to: &str) -> Scale {
    let rate = |unit: &str| {
        let found = input.rules.flow_units.iter().find(|own| own.unit == unit)?;
        Some(Ratio::new(i128::from(found.m3), i128::from(found.parts) * i128::from(found.seconds)))
    };
    let factor = rate(from).zip(rate(to)).and_then(|(from, to)| over(from, to));
    let zero = Ratio::new(0, 1);
    factor.map_or(Scale::Unknown, |factor| Scale::Linear { before: zero, factor, after: zero, assumed: false })
}

/// The rule of flags as `observe` takes it.
pub(super) fn derivation<'a>(input: &OutletInput<'a>) -> Derivation<'a> {
    let rule = &input.rules.flags;
    Derivation {
        normal: rule.normal,
        normal_percent: rule.normal_percent,
        one_abnormal: rule.one_abnormal,
        dominant: rule.dominant,
        otherwise: rule.otherwise,
        order: &rule.order,
    }
}
