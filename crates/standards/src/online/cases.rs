//! Worked cases of a standard of kind `online`, run against its own sections.
//!
//! ```text
//! outlet=gas minutes=45            → hour=valid            (hours= → day, days= → month, february= → february; of= what is due)
//! outlet=gas flags=N:45;D:15       → cause.D=failure
//! capture=92 run=24 cause=failure    → row=short window=180 before=run
//! outlet=gas state=               → kelvin=273 pressure=101325 molar=22.4 oxygen=21
//! code=a21002 outlet=gas           → role=pollutant mean=arithmetic mass=yes
//! kind=maintenance                 → effect=invalid cap=30
//! ```

use super::{Cause, Need, OnlinePart, Scoped};
use crate::cases::Given;
use domain::period::HOUR_MS;
use domain::{DataFlag, OutletKind, Ratio};

pub(crate) fn of(part: &OnlinePart, given: &Given<'_>, key: &str) -> Result<String, String> {
    match key {
        "hour" | "day" | "month" | "february" | "minute" => valid(part, given, key),
        "row" | "window" | "before" => row(part, given, key),
        "kelvin" | "pressure" | "molar" | "oxygen" | "guard" => state(part, given, key),
        "role" | "mean" | "mass" | "unit" | "convert" => channel(part, given, key),
        "effect" | "cap" | "cause" => mark(part, given, key),
        "m3" => flow_unit(part, given),
        _ => match key.strip_prefix("cause.") {
            Some(letter) => cause(part, given, letter),
            None => flag(part, given, key),
        },
    }
}

fn outlet(given: &Given<'_>) -> Result<OutletKind, String> {
    let word = given.text("outlet")?;
    OutletKind::from_code(word).ok_or_else(|| format!("no outlet {word}"))
}

fn own<'a, T>(sections: &'a [Scoped<T>], given: &Given<'_>) -> Result<&'a T, String> {
    let outlet = outlet(given)?;
    let found = sections.iter().find(|scoped| scoped.outlets.contains(&outlet));
    found.map(|scoped| &scoped.rule).ok_or_else(|| "no such section".to_string())
}

fn yes(given: bool) -> String {
    if given { "yes" } else { "no" }.to_string()
}

fn valid(part: &OnlinePart, given: &Given<'_>, key: &str) -> Result<String, String> {
    let rule = own(&part.validity, given)?;
    let need: Need = match key {
        "minute" => rule.minute,
        "hour" => rule.hour,
        "day" => rule.day,
        "month" => rule.month,
        _ => rule.february,
    };
    let met = need.met(given.count("valid")?, given.count("of")?);
    Ok(if met { "valid" } else { "invalid" }.to_string())
}

fn row(part: &OnlinePart, given: &Given<'_>, key: &str) -> Result<String, String> {
    let table = part.substitution.first().ok_or("no substitution")?;
    let word = given.text("cause")?;
    let cause = Cause::from_code(word).ok_or_else(|| format!("no cause {word}"))?;
    let found = table.rule.row(Ratio::from(given.number("capture")?), given.count("run")?, cause);
    let Some(row) = found else { return Ok("NA".to_string()) };
    Ok(match key {
        "row" => row.id.clone(),
        "window" => row.window.map_or("NA".to_string(), |window| window.to_string()),
        _ => row.before.code().to_string(),
    })
}

fn state(part: &OnlinePart, given: &Given<'_>, key: &str) -> Result<String, String> {
    let rule = own(&part.state, given)?;
    Ok(match key {
        "kelvin" => rule.kelvin,
        "pressure" => rule.pressure_pa,
        "molar" => rule.molar_volume_l,
        "oxygen" => rule.air_oxygen_percent,
        _ => rule.guard_oxygen_percent,
    }
    .to_string())
}

fn channel(part: &OnlinePart, given: &Given<'_>, key: &str) -> Result<String, String> {
    let (outlet, code) = (outlet(given)?, given.text("code")?);
    let found = part.channels.iter().find(|scoped| scoped.rule.code == code && scoped.outlets.contains(&outlet));
    let channel = &found.ok_or_else(|| format!("no channel {code}"))?.rule;
    Ok(match key {
        "role" => channel.role.code().to_string(),
        "mean" => channel.mean.code().to_string(),
        "mass" => yes(channel.mass),
        "convert" => yes(channel.convert),
        _ => channel.unit.clone(),
    })
}

fn mark(part: &OnlinePart, given: &Given<'_>, key: &str) -> Result<String, String> {
    let kind = given.text("kind")?;
    let found = part.marks.iter().find(|scoped| scoped.rule.kind == kind);
    let mark = &found.ok_or_else(|| format!("no mark {kind}"))?.rule;
    Ok(match key {
        "effect" => mark.effect.code().to_string(),
        "cause" => mark.cause.map_or("NA", Cause::code).to_string(),
        _ => mark.cap_hours.map_or("NA".to_string(), |hours| hours.to_string()),
    })
}

fn letter(text: &str) -> Result<DataFlag, String> {
    let letter = text.chars().next().and_then(DataFlag::from_letter);
    letter.ok_or_else(|| format!("no flag {text}"))
}

fn cause(part: &OnlinePart, given: &Given<'_>, flag: &str) -> Result<String, String> {
    let rule = own(&part.flags, given)?;
    Ok(rule.cause(letter(flag)?).map_or("NA", Cause::code).to_string())
}

fn flag(part: &OnlinePart, given: &Given<'_>, key: &str) -> Result<String, String> {
    let rule = own(&part.flags, given)?;
    match key {
        "normal_percent" => Ok(rule.normal_percent.to_string()),
        "one_abnormal" => Ok(yes(rule.one_abnormal)),
        "otherwise" => Ok(rule.otherwise.letter().to_string()),
        _ => Err(format!("no word {key}")),
    }
}

fn flow_unit(part: &OnlinePart, given: &Given<'_>) -> Result<String, String> {
    let wanted = given.text("unit")?;
    let unit = part.flow_units.iter().find(|unit| unit.unit == wanted).ok_or_else(|| format!("no unit {wanted}"))?;
    let (num, den) =
        (i128::from(unit.m3) * i128::from(HOUR_MS / 1000), i128::from(unit.parts) * i128::from(unit.seconds));
    Ok(Ratio::new(num, den).round(6).to_string())
}
