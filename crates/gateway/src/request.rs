//! What an operator asks of a device → the command and its data area, checked against the protocol's tables.
//!
//! A request is a command code and its fields, so that every command of the three generations can be sent
//! and the page's form is made of the same tables.

use crate::error::GatewayError;
use domain::{Cadence, Instant};
use intake::hj212::{Command, Field, Form, Format, Generation, Protocol, Sender, parse_time, time_of};

/// A command of the platform to a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Command code.
    pub cn: String,
    /// Fields of its data area, in order.
    pub fields: Vec<(String, String)>,
}

/// Fields whose values are never shown and never written to the audit.
const SECRET_FIELDS: [&str; 3] = ["NewPW", "NewSK", "PW"];
/// What stands for them.
const HIDDEN: &str = "******";

/// Commands with a meaning to the gateway itself.
pub(crate) mod cn {
    pub const TIMING: &str = "1000";
    pub const SET_TIME: &str = "1012";
    pub const TIME_WANTED: &str = "1013";
    pub const KEY: &str = "1014";
    pub const PASSWORD: &str = "1072";
    pub const ANSWER: &str = "9011";
    pub const RESULT: &str = "9012";
    pub const NOTICE_ANSWER: &str = "9013";
}

impl Request {
    /// A request by its command code and fields.
    pub fn new(cn: impl Into<String>, fields: &[(&str, &str)]) -> Request {
        let fields = fields.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        Request { cn: cn.into(), fields }
    }

    /// History of a cadence from `from` to `to`; of real-time values nothing can be asked but the present.
    pub fn history(cadence: Cadence, from: Instant, to: Instant, protocol: &Protocol) -> Option<Request> {
        let spans = |command: &&Command| command.form == Form::Request && command.required.iter().any(|f| f == BEGIN);
        let is_of = |command: &&Command| protocol.cadence(&command.cn) == Some(cadence);
        let command = protocol.commands.iter().filter(is_of).find(spans)?;
        Some(Request::new(command.cn.clone(), &[(BEGIN, &time_of(from)), (END, &time_of(to))]))
    }

    /// Sets the device's clock to the time of sending.
    pub fn set_time() -> Request {
        Request::new(cn::SET_TIME, &[])
    }

    /// Sets how long the device waits and how often it sends again.
    pub fn timing(over_time_s: u32, resends: u32) -> Request {
        Request::new(cn::TIMING, &[("OverTime", &over_time_s.to_string()), ("ReCount", &resends.to_string())])
    }

    /// Sets the password.
    pub fn password(password: &str) -> Request {
        Request::new(cn::PASSWORD, &[("NewPW", password)])
    }

    /// Gives a new key (HJ 212-2025), as 32 hexadecimal digits.
    pub fn key(key_hex: &str) -> Request {
        Request::new(cn::KEY, &[("NewSK", key_hex)])
    }

    /// The value of a field.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// The span it asks for, if it asks for one.
    pub fn span(&self) -> Option<(Instant, Instant)> {
        Some((parse_time(self.field(BEGIN)?)?, parse_time(self.field(END)?)?))
    }

    /// The same with passwords and keys hidden, as it is shown and kept.
    pub fn shown(&self) -> Request {
        let hide = |(name, value): &(String, String)| {
            let value = if SECRET_FIELDS.contains(&name.as_str()) { HIDDEN.to_string() } else { value.clone() };
            (name.clone(), value)
        };
        Request { cn: self.cn.clone(), fields: self.fields.iter().map(hide).collect() }
    }

    /// Fills in what depends on the moment of sending.
    pub(crate) fn filled(mut self, now: Instant) -> Request {
        if self.cn == cn::SET_TIME && self.field("SystemTime").is_none() {
            self.fields.push(("SystemTime".to_string(), time_of(now)));
        }
        if self.cn == cn::KEY && self.field("SKCreateTime").is_none() {
            self.fields.insert(0, ("SKCreateTime".to_string(), time_of(now)));
        }
        self
    }

    /// The data area.
    pub(crate) fn cp(&self) -> String {
        let pairs: Vec<String> = self.fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join(";")
    }

    /// Its form in the tables, after checking every field; [`GatewayError::Argument`] says what is wrong.
    pub(crate) fn check<'p>(
        &self,
        generation: Generation,
        protocol: &'p Protocol,
    ) -> Result<&'p Command, GatewayError> {
        let from_platform = |command: &&Command| command.from != Sender::Device && command.form != Form::Upload;
        let of_generation = |command: &&Command| command.generations.contains(&generation);
        let form = protocol.command(&self.cn).filter(from_platform).find(of_generation);
        let Some(command) = form.filter(|command| command.form != Form::Answer) else {
            return Err(refuse("CN", &self.cn, format!("a request of HJ 212-{}", generation.code())));
        };
        for name in &command.required {
            if !self.fields.iter().any(|(field, _)| names(name, field)) {
                return Err(refuse("CP", &self.cp_shown(), format!("{} needs {name}", self.cn)));
            }
        }
        for (name, value) in &self.fields {
            let mut allowed = command.required.iter().chain(&command.optional);
            if !allowed.any(|pattern| names(pattern, name)) {
                return Err(refuse("CP", name, format!("{} has {}", self.cn, list(command))));
            }
            check_value(name, value, protocol)?;
        }
        if let Some((from, to)) = self.span().filter(|(from, to)| from > to) {
            return Err(refuse(BEGIN, &time_of(from), format!("not after {}", time_of(to))));
        }
        Ok(command)
    }

    fn cp_shown(&self) -> String {
        self.shown().cp()
    }
}

const BEGIN: &str = "BeginTime";
const END: &str = "EndTime";

fn list(command: &Command) -> String {
    let names: Vec<&str> = command.required.iter().chain(&command.optional).map(String::as_str).collect();
    if names.is_empty() { "no field".to_string() } else { names.join(", ") }
}

/// Whether a pattern of the tables, such as `*-Info`, names a field.
fn names(pattern: &str, field: &str) -> bool {
    match pattern.strip_prefix('*') {
        Some(suffix) => field.len() > suffix.len() && field.ends_with(suffix),
        None => pattern == field,
    }
}

fn check_value(name: &str, value: &str, protocol: &Protocol) -> Result<(), GatewayError> {
    // What ends a field or the data area cannot be part of a value.
    if value.is_empty() || value.contains([';', '&', '\r', '\n']) || value.contains("##") {
        return Err(refuse("CP", &format!("{name}={value}"), "not empty, without ; & and line ends".to_string()));
    }
    let (own, of_item) = name.rsplit_once('-').map_or((name, false), |(_, field)| (field, true));
    let Some(field) = protocol.fields.iter().find(|field| field.name == own && field.of_item == of_item) else {
        return Ok(());
    };
    let number = value.parse::<i64>().ok();
    let fits = match field.format {
        Format::Integer => number.is_some_and(|number| in_range(number, field)),
        Format::Number => value.parse::<f64>().is_ok_and(f64::is_finite),
        Format::Time => parse_time(value).is_some(),
        Format::Clock => value.len() == 6 && value.bytes().all(|byte| byte.is_ascii_digit()),
        Format::Flag | Format::Text => true,
    };
    let listed: Vec<&str> =
        protocol.values.iter().filter(|named| named.field == own).map(|named| named.value.as_str()).collect();
    if !fits {
        return Err(refuse("CP", &format!("{name}={value}"), allowed(field)));
    }
    if !listed.is_empty() && !listed.contains(&value) {
        return Err(refuse("CP", &format!("{name}={value}"), format!("one of {}", listed.join(", "))));
    }
    Ok(())
}

fn in_range(number: i64, field: &Field) -> bool {
    field.low.is_none_or(|low| number >= low) && field.high.is_none_or(|high| number <= high)
}

fn allowed(field: &Field) -> String {
    match (field.format, field.low, field.high) {
        (Format::Integer, Some(low), Some(high)) => format!("a whole number from {low} to {high}"),
        (Format::Integer, ..) => "a whole number".to_string(),
        (Format::Number, ..) => "a number".to_string(),
        (Format::Time, ..) => "YYYYMMDDhhmmss".to_string(),
        _ => "hhmmss".to_string(),
    }
}

fn refuse(field: &'static str, value: &str, allowed: String) -> GatewayError {
    GatewayError::Argument { field, value: value.to_string(), allowed }
}
