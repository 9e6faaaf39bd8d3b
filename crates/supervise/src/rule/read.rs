//! The text of `rule.toml` → a checked [`Rule`], or what is wrong with it.

use super::{Applies, Basis, FixedLimit, Grade, Ignore, Limits, Method, Persistence, Recovery, Repeat, Rule};
use domain::{Cadence, Confidence, DataFlag, Day, Fixed, OutletKind, OutletLimit, Text};
use serde::Deserialize;

/// Longest window of `count of of`: a window is the bits of one word.
const LONGEST_WINDOW: u32 = 64;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    title: Text,
    method: Method,
    grade: Grade,
    source: String,
    #[serde(default)]
    confidence: Option<Confidence>,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    to: Option<String>,
    applies: AppliesPart,
    #[serde(default)]
    limit: Option<LimitPart>,
    #[serde(default)]
    raise: RaisePart,
    #[serde(default)]
    ignore: IgnorePart,
    #[serde(default)]
    recover: RecoverPart,
    #[serde(default)]
    repeat: RepeatPart,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AppliesPart {
    outlets: Vec<String>,
    cadence: Cadence,
    #[serde(default)]
    basis: Vec<Basis>,
    #[serde(default)]
    codes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitPart {
    #[serde(default)]
    kinds: Vec<String>,
    #[serde(default)]
    statistic: Option<Cadence>,
    #[serde(default)]
    fixed: Vec<FixedPart>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FixedPart {
    code: String,
    #[serde(default)]
    low: Option<String>,
    #[serde(default)]
    high: Option<String>,
    unit: String,
    document: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct RaisePart {
    count: Option<u32>,
    of: Option<u32>,
    minutes: Option<u32>,
    gap_minutes: Option<u32>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct IgnorePart {
    #[serde(default)]
    flags: String,
    #[serde(default)]
    qc: Vec<u8>,
    #[serde(default)]
    values: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct RecoverPart {
    percent: Option<String>,
    count: Option<u32>,
    minutes: Option<u32>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct RepeatPart {
    minutes: Option<u32>,
    worse_percent: Option<u32>,
}

/// Reads one rule of the folder `folder`.
pub(super) fn rule(text: &str, folder: &str) -> Result<Rule, Text> {
    let file: File = toml::from_str(text).map_err(|error| {
        let reason = error.message().to_string();
        Text::new(format!("无法读取：{reason}"), format!("cannot be read: {reason}"))
    })?;
    let name = folder.rsplit('/').next().unwrap_or(folder);
    if file.id != name {
        return Err(Text::new(
            format!("id“{}”应与文件夹名“{name}”相同", file.id),
            format!("id `{}` must be the folder's name `{name}`", file.id),
        ));
    }
    if file.source.trim().is_empty() {
        return Err(Text::new(
            "缺少 source；自定的数值请写 our choice",
            "`source` is needed; a number of our own says `our choice`",
        ));
    }
    let (from, to) = (day("from", file.from.as_deref())?, day("to", file.to.as_deref())?);
    if let (Some(first), Some(last)) = (from, to)
        && last < first
    {
        return Err(wrong("to", &last.to_string(), &format!("a day not before {first}")));
    }
    let limits = limits(file.limit, file.method, file.applies.cadence)?;
    Ok(Rule {
        id: file.id,
        title: file.title,
        method: file.method,
        grade: file.grade,
        applies: applies(file.applies)?,
        limits,
        raise: persistence(&file.raise, file.method)?,
        ignore: ignore(&file.ignore)?,
        recover: recovery(&file.recover)?,
        repeat: Repeat {
            minutes: file.repeat.minutes.unwrap_or(0),
            worse_percent: file.repeat.worse_percent.unwrap_or(0),
        },
        from,
        to,
        source: file.source,
        confidence: file.confidence.unwrap_or(Confidence::Confirmed),
    })
}

fn applies(part: AppliesPart) -> Result<Applies, Text> {
    let mut outlets = Vec::new();
    for word in &part.outlets {
        let choices = OutletKind::ALL.map(OutletKind::code).join(", ");
        outlets.push(OutletKind::from_code(word).ok_or_else(|| wrong("applies.outlets", word, &choices))?);
    }
    if outlets.is_empty() {
        return Err(wrong("applies.outlets", "", "at least one kind of outlet"));
    }
    Ok(Applies { outlets, cadence: part.cadence, basis: part.basis, codes: part.codes })
}

fn limits(part: Option<LimitPart>, method: Method, cadence: Cadence) -> Result<Limits, Text> {
    let part = match (part, method) {
        (Some(part), Method::Limit) => part,
        (None, Method::Limit) => return Err(wrong("limit", "", "`kinds` or `fixed`")),
        (Some(_), other) => return Err(wrong("limit", "…", &format!("nothing: `{}` has no limit", other.code()))),
        (None, _) => return Ok(Limits::None),
    };
    if part.kinds.is_empty() == part.fixed.is_empty() {
        return Err(wrong("limit", "…", "either `kinds` or `fixed`"));
    }
    if !part.kinds.is_empty() {
        if let Some(kind) = part.kinds.iter().find(|kind| !OutletLimit::KINDS.contains(&kind.as_str())) {
            return Err(wrong("limit.kinds", kind, &OutletLimit::KINDS.join(", ")));
        }
        return Ok(Limits::Register { kinds: part.kinds, statistic: part.statistic.unwrap_or(cadence) });
    }
    let units = domain::Units::builtin();
    let mut fixed = Vec::new();
    for own in part.fixed {
        let (low, high) = (number("limit.fixed.low", own.low)?, number("limit.fixed.high", own.high)?);
        if low.is_none() && high.is_none() {
            return Err(wrong("limit.fixed", &own.code, "`low` or `high` with it"));
        }
        units.get(&own.unit).map_err(|error| wrong("limit.fixed.unit", &own.unit, &error.to_string()))?;
        fixed.push(FixedLimit { code: own.code, low, high, unit: own.unit, document: own.document });
    }
    Ok(Limits::Fixed(fixed))
}

fn persistence(part: &RaisePart, method: Method) -> Result<Persistence, Text> {
    let count = part.count.unwrap_or(1);
    let of = part.of.unwrap_or(count);
    let raise =
        Persistence { count, of, minutes: part.minutes.unwrap_or(0), gap_minutes: part.gap_minutes.unwrap_or(0) };
    if count == 0 || of < count || (of > count && of > LONGEST_WINDOW) {
        let found = format!("{count} of {of}");
        return Err(wrong("raise", &found, &format!("1 ≤ count ≤ of, and of ≤ {LONGEST_WINDOW} where it is more")));
    }
    if of > count && (raise.minutes > 0 || method != Method::Limit) {
        return Err(wrong("raise.of", &of.to_string(), "nothing together with `minutes`, no-data or stuck"));
    }
    Ok(raise)
}

fn ignore(part: &IgnorePart) -> Result<Ignore, Text> {
    let mut ignore = Ignore { flags: Vec::new(), qc: part.qc.clone(), values: Vec::new() };
    for letter in part.flags.chars() {
        let flag = DataFlag::from_letter(letter);
        ignore.flags.push(flag.ok_or_else(|| wrong("ignore.flags", &letter.to_string(), "letters of NFMSDCTB"))?);
    }
    if let Some(other) = part.qc.iter().find(|flag| ![1, 2, 3, 4, 9].contains(*flag)) {
        return Err(wrong("ignore.qc", &other.to_string(), "1, 2, 3, 4, 9"));
    }
    for value in &part.values {
        ignore.values.push(value.parse().map_err(|_| wrong("ignore.values", value, "a number"))?);
    }
    Ok(ignore)
}

fn recovery(part: &RecoverPart) -> Result<Recovery, Text> {
    let text = part.percent.as_deref().unwrap_or("0");
    let bounds = Fixed::ZERO..Fixed::from_integer(100);
    let percent = text.parse().ok().filter(|percent| bounds.contains(percent));
    let percent = percent.ok_or_else(|| wrong("recover.percent", text, "a number from 0 to below 100"))?;
    let count = part.count.unwrap_or(1);
    if count == 0 {
        return Err(wrong("recover.count", "0", "at least 1"));
    }
    Ok(Recovery { percent, count, minutes: part.minutes.unwrap_or(0) })
}

fn number(key: &str, text: Option<String>) -> Result<Option<Fixed>, Text> {
    let Some(text) = text else { return Ok(None) };
    text.parse().map(Some).map_err(|_| wrong(key, &text, "a number in quotes"))
}

fn day(key: &str, text: Option<&str>) -> Result<Option<Day>, Text> {
    let Some(text) = text else { return Ok(None) };
    text.parse().map(Some).map_err(|_| wrong(key, text, "a day like 2025-01-31"))
}

fn wrong(key: &str, value: &str, expected: &str) -> Text {
    Text::new(
        format!("`{key}` 不能是“{value}”；应为 {expected}"),
        format!("`{key}` cannot be `{value}`; it must be {expected}"),
    )
}
