//! Flue gas: actual to standard state, wet to dry, ppm to mg/m³, reference oxygen, flow and amount.
//!
//! Reference of all: HJ 212-2017 annex D, which quotes HJ 75 and HJ 76.

use super::exact::{fine, over, scaled, times};
use domain::Ratio;
use domain::period::HOUR_MS;

/// The standard state, and the oxygen of air.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StandardState {
    /// Temperature [K]; also what is added to °C.
    pub kelvin: Ratio,
    /// Pressure [Pa].
    pub pressure_pa: Ratio,
    /// Volume of a mole [L/mol].
    pub molar_volume_l: Ratio,
    /// Oxygen of air [%].
    pub air_oxygen_percent: Ratio,
    /// From this oxygen on nothing is converted [%].
    pub guard_oxygen_percent: Ratio,
}

/// The state of the gas where it was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActualState {
    /// Temperature ts [°C].
    pub celsius: Ratio,
    /// Atmospheric pressure Ba plus static pressure Ps [Pa].
    pub pressure_pa: Ratio,
}

/// What an emission standard refers concentrations to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    /// Reference oxygen O2s [%].
    Oxygen(Ratio),
    /// Reference excess-air ratio αs.
    AirRatio(Ratio),
    /// Neither: the converted value is the measured one.
    Neither,
}

/// A value converted to the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Converted {
    /// Converted.
    Value(Ratio),
    /// The oxygen is at or above the guard.
    OxygenTooHigh,
    /// There is no oxygen to convert by, or the numbers do not fit.
    Unknown,
}

/// Concentration at the standard state.
///
/// ```text
/// Csn = Cs · Pn/(Ba+Ps) · (Tn+ts)/Tn
/// ```
/// Cs [mg/m³], Ba + Ps [Pa], ts [°C]; Pn, Tn are `state`'s. `None` where pressure or absolute temperature is not
/// positive. Reference: HJ 212-2017 D.2.
///
/// ```
/// # use domain::Ratio;
/// # use observe::online::gas::*;
/// # let whole = |n: i128| Ratio::new(n, 1);
/// # let state = StandardState { kelvin: whole(273), pressure_pa: whole(101_325), molar_volume_l: Ratio::new(224, 10), air_oxygen_percent: whole(21), guard_oxygen_percent: whole(21) };
/// let hot = ActualState { celsius: whole(273), pressure_pa: whole(101_325) };
/// assert_eq!(standard_state(whole(50), &hot, &state), Some(whole(100)));
/// ```
pub fn standard_state(conc: Ratio, actual: &ActualState, state: &StandardState) -> Option<Ratio> {
    over(conc, density(actual, state)?)
}

/// How much denser the gas is than at the standard state: Tn/(Tn+ts) · (Ba+Ps)/Pn.
fn density(actual: &ActualState, state: &StandardState) -> Option<Ratio> {
    let absolute = state.kelvin.plus(actual.celsius);
    let zero = Ratio::new(0, 1);
    if absolute <= zero || actual.pressure_pa <= zero {
        return None;
    }
    times(over(state.kelvin, absolute)?, over(actual.pressure_pa, state.pressure_pa)?)
}

/// Wet to dry: C / (1 − Xsw), Xsw [%]; `None` where nothing dry would be left.
///
/// The text prints the relation the other way round. Reference: HJ 212-2017 D.2.
pub fn dry(conc: Ratio, moisture_percent: Ratio) -> Option<Ratio> {
    let left = Ratio::new(100, 1).minus(moisture_percent);
    if left <= Ratio::new(0, 1) || left > Ratio::new(100, 1) {
        return None;
    }
    over(times(conc, Ratio::new(100, 1))?, left)
}

/// Parts per million to mg/m³ at the standard state: Cv · M / Vm. M [g/mol], Vm [L/mol]. Reference: HJ 212-2017 D.2.
pub fn from_ppm(ppm: Ratio, molar_g: Ratio, state: &StandardState) -> Option<Ratio> {
    over(times(ppm, molar_g)?, state.molar_volume_l)
}

/// Σ value · num/den of the parts, as NOx = NO·46/30 + NO2. Reference: HJ 212-2017 D.2.
pub fn sum_of(parts: &[(Ratio, u32, u32)]) -> Option<Ratio> {
    let mut sum = Ratio::new(0, 1);
    for (value, num, den) in parts {
        sum = sum.plus(scaled(*value, i64::from(*num), i64::from(*den))?);
    }
    Some(sum)
}

/// Converted to the reference oxygen, rounded to 10⁻¹².
///
/// ```text
/// C折 = C · (21 − O2s)/(21 − O2)      or      C折 = C · α/αs,  α = 21/(21 − O2)
/// ```
/// O2 [%] of dry gas; 21 is `state`'s oxygen of air. At or above the guard, 21 too unless a catalog says less,
/// there is no value, never a division by zero. Without a reference C折 = C. Reference: HJ 212-2017 D.2; the guard
/// is no part of the text.
pub fn converted(conc: Ratio, oxygen: Option<Ratio>, reference: Reference, state: &StandardState) -> Converted {
    let air = state.air_oxygen_percent;
    let factor = |oxygen: Ratio| match reference {
        Reference::Oxygen(wanted) => over(air.minus(wanted), air.minus(oxygen)),
        Reference::AirRatio(wanted) => over(over(air, air.minus(oxygen))?, wanted),
        Reference::Neither => Some(Ratio::new(1, 1)),
    };
    match (reference, oxygen) {
        (Reference::Neither, _) => Converted::Value(conc),
        (_, None) => Converted::Unknown,
        (_, Some(oxygen)) if oxygen >= state.guard_oxygen_percent || oxygen >= air => Converted::OxygenTooHigh,
        (_, Some(oxygen)) => {
            let value = factor(oxygen).and_then(|factor| times(conc, factor)).and_then(fine);
            value.map_or(Converted::Unknown, Converted::Value)
        }
    }
}

/// Flow in the stack, wet and at the actual state: Qs = 3600 · F · Kv · Vp. F [m²], Vp [m/s], Qs [m³/h].
/// Reference: HJ 212-2017 D.2.
pub fn stack_flow(section_m2: Ratio, velocity_factor: Ratio, velocity_m_s: Ratio) -> Option<Ratio> {
    times(times(section_m2, velocity_factor)?, velocity_m_s.times(HOUR_MS / 1000))
}

/// The same, dry and at the standard state, rounded to 10⁻¹².
///
/// ```text
/// Qsn = Qs · Tn/(Tn+ts) · (Ba+Ps)/Pn · (1 − Xsw)
/// ```
/// Reference: HJ 212-2017 D.2.
pub fn standard_dry_flow(
    flow_m3_h: Ratio,
    actual: &ActualState,
    moisture_percent: Ratio,
    state: &StandardState,
) -> Option<Ratio> {
    let left = Ratio::new(100, 1).minus(moisture_percent);
    if left <= Ratio::new(0, 1) || left > Ratio::new(100, 1) {
        return None;
    }
    let dry = times(flow_m3_h, over(left, Ratio::new(100, 1))?)?;
    fine(times(dry, density(actual, state)?)?)
}

/// Amount of an hour: Gh = C · Qsn · 10⁻⁶. C [mg/m³], Qsn [m³/h], Gh [kg].
///
/// Formula (34) of HJ 212-2017 repeats ·10⁻⁶ although Gh is in kg already: a misprint, applied once here.
pub fn mass_kg(conc_mg_m3: Ratio, flow_m3_h: Ratio) -> Option<Ratio> {
    fine(scaled(times(conc_mg_m3, flow_m3_h)?, 1, 1_000_000)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn whole(number: i128) -> Ratio {
        Ratio::new(number, 1)
    }

    fn state() -> StandardState {
        StandardState {
            kelvin: whole(273),
            pressure_pa: whole(101_325),
            molar_volume_l: Ratio::new(224, 10),
            air_oxygen_percent: whole(21),
            guard_oxygen_percent: whole(21),
        }
    }

    /// (21 − 6)/(21 − 9) = 15/12; α = 21/12 = 1.75, 1.75/1.4 = 1.25.
    #[test]
    fn both_ways_to_the_reference() {
        let oxygen = Some(whole(9));
        let by_oxygen = converted(whole(100), oxygen, Reference::Oxygen(whole(6)), &state());
        let by_ratio = converted(whole(100), oxygen, Reference::AirRatio(Ratio::new(14, 10)), &state());
        assert_eq!(by_oxygen, Converted::Value(whole(125)));
        assert_eq!(by_ratio, Converted::Value(whole(125)));
        assert_eq!(converted(whole(100), None, Reference::Neither, &state()), Converted::Value(whole(100)));
        assert_eq!(converted(whole(100), None, Reference::Oxygen(whole(6)), &state()), Converted::Unknown);
    }

    #[test]
    fn impossible_gas_has_no_value() {
        let cold = ActualState { celsius: whole(-273), pressure_pa: whole(101_325) };
        assert_eq!(standard_state(whole(1), &cold, &state()), None);
        let empty = ActualState { celsius: whole(100), pressure_pa: whole(0) };
        assert_eq!(standard_state(whole(1), &empty, &state()), None);
        assert_eq!(dry(whole(1), whole(100)), None);
        assert_eq!(dry(whole(1), whole(-1)), None);
    }

    proptest! {
        #[test]
        fn no_oxygen_divides_by_zero(oxygen in -100_i128..400, reference in 0_i128..21) {
            let got = converted(whole(100), Some(Ratio::new(oxygen, 10)), Reference::Oxygen(whole(reference)), &state());
            prop_assert_eq!(got == Converted::OxygenTooHigh, oxygen >= 210);
        }

        #[test]
        fn more_oxygen_means_a_larger_converted_value(a in 0_i128..2090, b in 0_i128..2090) {
            let at = |oxygen: i128| converted(whole(100), Some(Ratio::new(oxygen, 100)), Reference::Oxygen(whole(6)), &state());
            let (Converted::Value(low), Converted::Value(high)) = (at(a.min(b)), at(a.max(b))) else { panic!("below the guard") };
            prop_assert!(low <= high);
        }

        #[test]
        fn standard_flow_and_concentration_carry_the_same_amount(c in 1_i128..100_000, t in -20_i128..400, p in 60_000_i128..110_000) {
            // Amount per hour is the same at either state: C·Q = Csn·Qsn for dry gas.
            let actual = ActualState { celsius: whole(t), pressure_pa: whole(p) };
            let conc = standard_state(whole(c), &actual, &state()).expect("possible");
            let flow = standard_dry_flow(whole(1000), &actual, whole(0), &state()).expect("possible");
            let gap = times(conc, flow).expect("small").minus(whole(c * 1000)).to_f64();
            prop_assert!(gap.abs() < 1e-6, "{gap}");
        }
    }
}
