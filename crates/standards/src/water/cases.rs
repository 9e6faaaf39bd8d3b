//! Worked cases of a standard of kind `water-rules`.
//!
//! ```text
//! values=10;0.05;1;1;4                   → tli=48.0181 class=中营养
//! parameter=tp value=0.0125              → assess=0.012
//! good=92 bad=0                          → grade=优
//! before=Ⅳ after=Ⅲ                       → change=有所好转        (good=60;75 bad=5;3 → shares=…)
//! values=5;4;3;2;1                       → r=-1 critical=0.9 significant=yes
//! kind=river ph=7 …                      → index=20              (river=10;3 lake=12;1 → city=10.5)
//! ```

use crate::cases::Given;
use crate::media::{Limits, Reading, exact, shown};
use crate::standard::Standard;
use crate::water::WaterPart;
use crate::water::evaluation::SurfaceEvaluation;
use crate::water::factor::SingleFactor;
use crate::water::index::{WaterIndex, change_percent};
use crate::water::mean::hydrogen_mean;
use crate::water::roll_up::RollUp;
use crate::water::trophic::Trophic;
use domain::Ratio;

pub(crate) fn of(part: &WaterPart, all: &[Standard], given: &Given<'_>, key: &str) -> Result<String, String> {
    match part {
        WaterPart::Trophic(rule) => trophic(rule, given, key),
        WaterPart::Rounding(rule) => {
            let value = || number(given, "value");
            match key {
                "assess" => Ok(plain(rule.assess(given.text("parameter")?, value()?))),
                "hour" => Ok(plain(rule.hour(given.text("parameter")?, value()?))),
                "ph_mean" => hydrogen_mean(&list(given, "values")?).map(plain).ok_or_else(|| "no values".to_string()),
                _ => Err("write assess, hour or ph_mean".to_string()),
            }
        }
        WaterPart::Evaluation(rule) => evaluation(rule, limits(all, &rule.limits)?, given, key),
        WaterPart::Index(rule) => index(rule, limits(all, &rule.limits)?, given, key),
        WaterPart::Factor(rule) => factor(rule, given, key),
        WaterPart::RollUp(rule) => roll_up(rule, given, key),
        WaterPart::Programme(rule) => match key {
            "measured" => Ok(rule.measured.join(";")),
            "evaluated" => Ok(rule.evaluated.join(";")),
            _ => Err("write measured or evaluated".to_string()),
        },
    }
}

fn limits<'a>(all: &'a [Standard], id: &str) -> Result<&'a Limits, String> {
    all.iter().find(|own| own.id == id).and_then(Standard::limits).ok_or_else(|| format!("no limits {id}"))
}

fn number(given: &Given<'_>, key: &str) -> Result<Ratio, String> {
    let text = given.text(key)?;
    exact(text).ok_or_else(|| format!("{key}={text} is no number"))
}

fn list(given: &Given<'_>, key: &str) -> Result<Vec<Ratio>, String> {
    let one = |text: &str| exact(text).ok_or_else(|| format!("{text} is no number"));
    given.text(key)?.split(';').map(one).collect()
}

fn pair(given: &Given<'_>, key: &str) -> Result<(Ratio, Ratio), String> {
    match list(given, key)?.as_slice() {
        [one, other] => Ok((*one, *other)),
        _ => Err(format!("{key} needs two numbers")),
    }
}

fn plain(value: Ratio) -> String {
    shown(value, 6)
}

fn or_none<T>(value: Option<T>, text: impl FnOnce(T) -> String) -> String {
    value.map_or_else(|| "NA".to_string(), text)
}

fn trophic(rule: &Trophic, given: &Given<'_>, key: &str) -> Result<String, String> {
    let values: Vec<Option<f64>> = list(given, "values")?.into_iter().map(|value| Some(value.to_f64())).collect();
    let value = rule.evaluate(&values);
    let said = |value: f64| format!("{value:.*}", rule.digits);
    match (key, key.strip_prefix("tli.")) {
        ("class", _) => Ok(or_none(value.and_then(|own| own.grade), |at| rule.grades[at].0.id.clone())),
        ("tli", _) => Ok(or_none(value, |own| said(own.index))),
        (_, Some(item)) => {
            let at =
                rule.items.iter().position(|own| own.item.code == item).ok_or_else(|| format!("no item {item}"))?;
            Ok(or_none(value, |own| said(own.parts[at])))
        }
        _ => match key.strip_prefix("weight.") {
            Some(item) => {
                let at = rule.items.iter().position(|own| own.item.code == item);
                Ok(format!("{:.6}", rule.weights()[at.ok_or_else(|| format!("no item {item}"))?]))
            }
            None => Err("write class, tli, tli.<item> or weight.<item>".to_string()),
        },
    }
}

fn evaluation(rule: &SurfaceEvaluation, limits: &Limits, given: &Given<'_>, key: &str) -> Result<String, String> {
    let class = |key: &str| {
        let id = given.text(key)?;
        let at = limits.classes.iter().position(|class| class.id == id);
        at.map(|at| at + 1).ok_or_else(|| format!("no class {id}"))
    };
    let tendency = || Ok::<_, String>(rule.tendency(&list(given, "values")?));
    match key {
        "grade" => {
            let at = rule.grade(number(given, "good")?, number(given, "bad")?);
            Ok(or_none(at, |at| rule.grades[at].name.zh.clone()))
        }
        "change" => Ok(rule.class_change(class("before")?, class("after")?).words.zh),
        "shares" => {
            let (good, bad) = (pair(given, "good")?, pair(given, "bad")?);
            Ok(rule.share_change((good.0, bad.0), (good.1, bad.1)).words.zh)
        }
        "r" => Ok(or_none(tendency()?, |own| shown(own.r, 3))),
        "critical" => Ok(or_none(tendency()?.and_then(|own| own.critical), |own| own.to_string())),
        "significant" => {
            let significant = tendency()?.and_then(|own| own.significant);
            Ok(or_none(significant, |yes| if yes { "yes" } else { "no" }.to_string()))
        }
        "few_sections" => Ok(rule.few_sections.to_string()),
        _ => Err("write grade, change, shares, r, critical, significant or few_sections".to_string()),
    }
}

fn index(rule: &WaterIndex, limits: &Limits, given: &Given<'_>, key: &str) -> Result<String, String> {
    match key {
        "city" => {
            let side = |key: &str| match pair(given, key) {
                Ok((index, count)) => Ok((Some(index), u32::try_from(count.reduced().num()).unwrap_or(0))),
                Err(_) if given.text(key).is_err() => Ok((None, 0)),
                Err(error) => Err(error),
            };
            Ok(or_none(rule.city(side("river")?, side("lake")?), plain))
        }
        "change" => Ok(or_none(change_percent(number(given, "now")?, number(given, "last")?), plain)),
        "index" | "missing" => {
            let mut sample = limits.sample();
            for (name, text) in given.words() {
                sample.say(limits, name, text);
                sample.set(limits, name, exact(text).map_or(Reading::Missing, Reading::Value));
            }
            // The words of a case are those of one line: "at" gives every item not named its limit.
            if let Ok(class) = given.text("others_at") {
                let class = limits.classes.iter().position(|own| own.id == class).map_or(0, |at| at + 1);
                for (at, item) in limits.items.iter().enumerate() {
                    let own = crate::media::pick(limits, item, &sample).ok().flatten();
                    let limit =
                        own.and_then(|row| row.limits.get(class.saturating_sub(1))).and_then(|own| own.number());
                    if let (Reading::Missing, Some(limit)) = (sample.items[at], limit) {
                        sample.items[at] = Reading::Value(limit);
                    }
                }
            }
            match (rule.index(limits, &sample), key) {
                (Ok(index), "index") => Ok(plain(index)),
                (Err(missing), "missing") => Ok(missing.join(";")),
                (Ok(_) | Err(_), _) => Ok("NA".to_string()),
            }
        }
        _ => Err("write index, missing, city or change".to_string()),
    }
}

fn factor(rule: &SingleFactor, given: &Given<'_>, key: &str) -> Result<String, String> {
    let value = match key {
        "saturated" => rule.saturated(number(given, "t")?),
        "general" => rule.general(number(given, "value")?, number(given, "standard")?),
        "acidity" => rule.ph(number(given, "value")?, number(given, "low")?, number(given, "high")?),
        "oxygen" => {
            let saturated = rule.saturated(number(given, "t")?).ok_or("no saturation")?;
            rule.oxygen(number(given, "value")?, number(given, "standard")?, saturated)
        }
        _ => return Err("write saturated, general, acidity or oxygen".to_string()),
    };
    Ok(or_none(value, |value| shown(value, 4)))
}

fn roll_up(rule: &RollUp, given: &Given<'_>, key: &str) -> Result<String, String> {
    match key {
        "point" => {
            let share = |text: &str| {
                let (severe, all) = text.split_once('/')?;
                Some((severe.parse().ok()?, all.parse().ok()?))
            };
            let shares: Option<Vec<(u32, u32)>> = given.text("indices")?.split(';').map(share).collect();
            let severe = rule.point_severe(&shares.ok_or("write indices=6/10;1/10")?);
            Ok(if severe { "severe" } else { "mild" }.to_string())
        }
        "body" | "reaches" => {
            let points: Vec<bool> = given.text("points")?.chars().map(|point| point == 'S').collect();
            let body = rule.body(&points);
            Ok(match key {
                "body" => if body.body_severe { "severe" } else { "mild" }.to_string(),
                _ => body.severe.iter().map(|severe| if *severe { 'S' } else { 'm' }).collect(),
            })
        }
        _ => Err("write point, body or reaches".to_string()),
    }
}
