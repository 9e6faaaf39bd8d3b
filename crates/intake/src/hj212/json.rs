//! Frames ↔ JSON, for `jingce hj212 decode` and `encode`, and for the API.

#![expect(clippy::result_large_err, reason = "a problem is made once for a line that cannot be taken, and shown")]

use super::Generation;
use super::decode::Decoded;
use super::encode::Outgoing;
use super::header::HeaderField;
use super::secret::Key;
use domain::{Place, Problem, Severity, Text};
use serde_json::{Map, Value, json};

/// A decoded frame as one JSON object.
///
/// `cp` is a list of objects, one for what stands between two semicolons (a name that comes twice begins
/// another object); `cp_text` is the data area itself, exactly as sent or decrypted. Header fields that the
/// frame does not have are `null`.
pub fn line(decoded: &Decoded<'_>) -> Value {
    let text = |field: HeaderField, value: &str| if has(decoded, field) { json!(value) } else { Value::Null };
    // Without its key an encrypted frame's checksum is neither right nor wrong.
    let unchecked = decoded.locked && decoded.encrypted && !decoded.has("crc-mismatch") && !decoded.crc_ok;
    let deviations = decoded.deviations.iter().map(|deviation| {
        json!({
            "code": deviation.code,
            "clause": deviation.clause(),
            "message": deviation.message(),
            "breaks": deviation.breaks,
            "value": deviation.value,
            "times": deviation.times,
        })
    });
    json!({
        "ok": decoded.ok,
        "generation": decoded.generation.map(Generation::code),
        "deviations": deviations.collect::<Vec<_>>(),
        "qn": text(HeaderField::Qn, &decoded.qn),
        "st": text(HeaderField::St, &decoded.st),
        "cn": text(HeaderField::Cn, &decoded.cn),
        "pw": text(HeaderField::Pw, &decoded.pw),
        "mn": text(HeaderField::Mn, &decoded.mn),
        "flag": decoded.flag,
        "pnum": decoded.pnum,
        "pno": decoded.pno,
        "rf": decoded.rf,
        "cp": objects(decoded),
        "cp_text": decoded.cp.text(),
        "crc": decoded.crc,
        "crc_ok": if unchecked { Value::Null } else { json!(decoded.crc_ok) },
        "length": decoded.declared_length,
        "length_ok": decoded.length_ok,
        "encrypted": decoded.encrypted,
        "locked": decoded.locked,
    })
}

/// A frame to be sent from its JSON object: the keys of [`line`], of which `cn` is needed. `cp_text` is taken
/// before `cp`, which may be a text, an object, or a list of objects or of `[name, value]` pairs. `key` is
/// the SM4 key; without one the data area stays plain.
pub fn outgoing(value: &Value) -> Result<Outgoing, Problem> {
    let Some(object) = value.as_object() else {
        return Err(fault("", &value.to_string(), "应为一个 JSON 对象", "it should be a JSON object"));
    };
    let reader = Reader { object };
    let flag: Option<u8> = reader.number("flag")?;
    Ok(Outgoing {
        generation: reader.generation(flag)?,
        qn: reader.text("qn")?,
        st: reader.text("st")?,
        cn: match reader.text("cn")? {
            cn if cn.is_empty() => return Err(fault("cn", "", "缺少命令编码", "the command code is missing")),
            cn => cn,
        },
        pw: reader.text("pw")?,
        mn: reader.text("mn")?,
        flag,
        pnum: reader.number("pnum")?,
        pno: reader.number("pno")?,
        rf: reader.yes("rf")?,
        cp: reader.area()?,
        key: reader.key()?,
    })
}

fn has(decoded: &Decoded<'_>, field: HeaderField) -> bool {
    decoded.present & (1 << field as u16) != 0
}

fn objects(decoded: &Decoded<'_>) -> Vec<Value> {
    let mut objects = Vec::new();
    for group in decoded.cp.groups() {
        let mut object = Map::new();
        for (name, value) in group.iter() {
            if object.contains_key(name) {
                objects.push(Value::Object(std::mem::take(&mut object)));
            }
            object.insert(name.to_string(), json!(value));
        }
        objects.push(Value::Object(object));
    }
    objects
}

struct Reader<'v> {
    object: &'v Map<String, Value>,
}

impl Reader<'_> {
    fn get(&self, name: &str) -> Option<&Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    fn text(&self, name: &str) -> Result<String, Problem> {
        match self.get(name) {
            None => Ok(String::new()),
            Some(value) => written(value).filter(|text| is_plain(text)).ok_or_else(|| no_text(name, value)),
        }
    }

    fn number<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, Problem> {
        let text = self.text(name)?;
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_| fault(name, &text, "不是允许的整数", "is not a whole number in range"))
    }

    fn yes(&self, name: &str) -> Result<bool, Problem> {
        match self.get(name) {
            None => Ok(false),
            Some(Value::Bool(yes)) => Ok(*yes),
            Some(value) if written(value).as_deref() == Some("1") => Ok(true),
            Some(value) if written(value).as_deref() == Some("0") => Ok(false),
            Some(value) => Err(fault(name, &value.to_string(), "应为 true 或 false", "should be true or false")),
        }
    }

    fn generation(&self, flag: Option<u8>) -> Result<Generation, Problem> {
        let stated = self.text("generation")?;
        if !stated.is_empty() {
            let of = Generation::from_code(&stated);
            return of.ok_or_else(|| fault("generation", &stated, "应为 2005、2017 或 2025", "is 2005, 2017 or 2025"));
        }
        let protocol = super::Protocol::builtin();
        let version = flag.map_or(0, |flag| flag >> super::decode::VERSION_SHIFT);
        let of = Generation::ALL.into_iter().find(|of| protocol.rules_of(*of).flag_version == version);
        of.ok_or_else(|| fault("flag", &version.to_string(), "中的版本号未知", "has an unknown version"))
    }

    fn key(&self) -> Result<Option<Key>, Problem> {
        let hex = self.text("key")?;
        if hex.is_empty() {
            return Ok(None);
        }
        // A key is never quoted.
        let key = Key::from_hex(&hex);
        key.map(Some).ok_or_else(|| fault("key", "…", "应为 32 位十六进制数", "should have 32 hexadecimal digits"))
    }

    fn area(&self) -> Result<String, Problem> {
        if let Some(text) = self.get("cp_text") {
            return text.as_str().map(str::to_string).ok_or_else(|| no_text("cp_text", text));
        }
        match self.get("cp") {
            None => Ok(String::new()),
            Some(Value::String(text)) => Ok(text.clone()),
            Some(Value::Object(object)) => group(object.iter()),
            Some(Value::Array(list)) => {
                let groups: Result<Vec<String>, Problem> = list.iter().map(one_group).collect();
                Ok(groups?.join(";"))
            }
            Some(value) => Err(no_text("cp", value)),
        }
    }
}

/// An object, one pair, or a list of pairs.
fn one_group(value: &Value) -> Result<String, Problem> {
    match value {
        Value::Object(object) => group(object.iter()),
        Value::String(text) => Ok(text.clone()),
        Value::Array(list) => match list.as_slice() {
            [Value::String(name), value] if !value.is_array() => group([(name, value)].into_iter()),
            pairs => Ok(pairs.iter().map(one_group).collect::<Result<Vec<_>, _>>()?.join(",")),
        },
        other => Err(no_text("cp", other)),
    }
}

fn group<'v>(pairs: impl Iterator<Item = (&'v String, &'v Value)>) -> Result<String, Problem> {
    let written = |(name, value): (&String, &Value)| {
        written(value).map(|value| format!("{name}={value}")).ok_or_else(|| no_text(name, value))
    };
    Ok(pairs.map(written).collect::<Result<Vec<_>, _>>()?.join(","))
}

fn written(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A header value that does not end its field.
fn is_plain(text: &str) -> bool {
    !text.contains([';', '\r', '\n'])
}

fn no_text(name: &str, value: &Value) -> Problem {
    fault(
        name,
        &value.to_string(),
        "应为文本或数值，不含分号和换行",
        "should be a text or a number, without semicolons and line ends",
    )
}

fn fault(name: &str, raw: &str, zh: &str, en: &str) -> Problem {
    let place = Place { column: name.to_string(), ..Place::default() };
    let (quoted_zh, quoted_en) = match raw {
        "" => (format!("`{name}`"), format!("`{name}`")),
        raw => (format!("`{name}` 的值 `{raw}`"), format!("`{raw}` of `{name}`")),
    };
    let message = Text::new(format!("{quoted_zh} {zh}"), format!("{quoted_en} {en}"));
    Problem { severity: Severity::Error, code: "not-a-frame", place, raw: raw.to_string(), message }
}
