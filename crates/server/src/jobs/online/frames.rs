//! Raw frames: searched, and one of them decoded with every deviation by clause.

use super::asks::{FramesAsk, limit, maybe_moment};
use super::desk::Desk;
use crate::answers::Text;
use crate::answers::online::frames::{FrameDetail, FrameDeviation, FrameField, FrameList, FrameRow};
use crate::data::Data;
use crate::trouble::Trouble;
use domain::FrameId;
use intake::hj212::{self, Decoded, Generation, Key};
use store::{Frame, FrameQuery, Verdict};

/// Frames, newest first.
pub fn list(data: &Data, ask: &FramesAsk) -> Result<FrameList, Trouble> {
    let desk = Desk::open(data)?;
    let wanted = limit(ask.limit);
    let some = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let query = FrameQuery {
        mn: some(&ask.mn),
        received_from: maybe_moment(ask.from.as_deref())?,
        received_to: maybe_moment(ask.to.as_deref())?,
        verdict: some(&ask.verdict).as_deref().map(verdict).transpose()?,
        deviation: some(&ask.deviation),
        before: ask.before.map(FrameId),
        limit: wanted + 1,
        ..FrameQuery::default()
    };
    let mut frames = desk.store.journal().frames(&query)?;
    let more = frames.len() > wanted;
    frames.truncate(wanted);
    let next = frames.last().filter(|_| more).map(|frame| frame.id.0);
    let frames: Vec<FrameRow> = frames.iter().map(|frame| row(&desk, frame)).collect();
    Ok(FrameList { simulated: frames.iter().any(|frame| frame.simulated), frames, next })
}

/// One frame, decoded.
pub fn detail(data: &Data, id: u64) -> Result<FrameDetail, Trouble> {
    let desk = Desk::open(data)?;
    let frame = desk.store.journal().frame(FrameId(id))?.ok_or_else(|| {
        Trouble::not_found("no-such-frame", format!("没有报文 {id}。"), format!("there is no frame {id}."))
    })?;
    let key = key_of(&desk, &frame.mn)?;
    let decoded = hj212::decode(&frame.raw, key.as_ref(), desk.protocol);
    let (raw, hex) = text(&frame.raw, &decoded);
    let mut deviations: Vec<FrameDeviation> = decoded.deviations.iter().map(deviation).collect();
    for code in &frame.deviations {
        if !deviations.iter().any(|found| found.code == *code) {
            deviations.push(super::deviations::of_gateway(code));
        }
    }
    Ok(FrameDetail {
        same: same(&desk, &frame)?,
        raw,
        hex,
        generation: decoded.generation.map(|generation| generation.code().to_string()),
        length_ok: decoded.length_ok,
        crc_ok: decoded.crc_ok,
        encrypted: decoded.encrypted,
        deviations,
        head: head(&desk, &decoded),
        groups: groups(&desk, &decoded, &frame.mn),
        answered: None,
        frame: row(&desk, &frame),
    })
}

/// One frame of a list.
pub fn row(desk: &Desk<'_>, frame: &Frame) -> FrameRow {
    let command = desk.protocol.command(&frame.cn).next().map(|command| (&command.name).into());
    FrameRow {
        id: frame.id.0,
        received: frame.received.to_iso(),
        connection: frame.connection,
        peer: frame.peer.clone(),
        source: frame.source.code().to_string(),
        mn: frame.mn.clone(),
        outlet: desk.outlet_of(&frame.mn),
        st: frame.st.clone(),
        cn: frame.cn.clone(),
        command,
        qn: frame.qn.clone(),
        cadence: frame.cadence.map(|cadence| cadence.code().to_string()),
        data_time: frame.data_time.map(|time| time.to_iso()),
        pnum: frame.pnum.into(),
        pno: frame.pno.into(),
        verdict: frame.verdict.code().to_string(),
        deviations: frame.deviations.clone(),
        bytes: frame.raw.len() as u64,
        simulated: desk.simulated(&frame.mn),
    }
}

/// The key of a device's encrypted data.
pub fn key_of(desk: &Desk<'_>, mn: &str) -> Result<Option<Key>, Trouble> {
    let secret = desk.store.secrets().get(mn)?;
    Ok(secret.and_then(|secret| secret.key_hex).and_then(|hex| Key::from_hex(&hex)))
}

/// The bytes as text, with the password covered; beside it as hexadecimal when they are not UTF-8.
fn text(raw: &[u8], decoded: &Decoded<'_>) -> (String, Option<String>) {
    let text = String::from_utf8_lossy(raw);
    let covered = match decoded.pw.is_empty() {
        true => text.into_owned(),
        false => text.replace(&format!("PW={}", decoded.pw), &format!("PW={}", "*".repeat(decoded.pw.chars().count()))),
    };
    let hex = std::str::from_utf8(raw).is_err().then(|| raw.iter().map(|byte| format!("{byte:02x}")).collect());
    (covered, hex)
}

fn deviation(found: &hj212::Deviation<'_>) -> FrameDeviation {
    FrameDeviation {
        code: found.code.to_string(),
        breaks: found.breaks,
        clause: Text::same(found.clause()),
        message: found.message().into(),
    }
}

/// The header's fields as read.
fn head(desk: &Desk<'_>, decoded: &Decoded<'_>) -> Vec<FrameField> {
    let part = |part: Option<u32>| part.map(|part| part.to_string()).unwrap_or_default();
    let covered = "*".repeat(decoded.pw.chars().count());
    let flag = decoded.flag.map(|flag| flag.to_string()).unwrap_or_default();
    let (system, command) = (desk.protocol.system(&decoded.st), desk.protocol.command(&decoded.cn).next());
    let fields = [
        ("QN", decoded.qn.to_string(), Some(Text::new("请求编码", "request number"))),
        ("ST", decoded.st.to_string(), system.map(|system| Text::new(&system.name_zh, &system.name_en))),
        ("CN", decoded.cn.to_string(), command.map(|command| (&command.name).into())),
        ("PW", covered, Some(Text::new("访问密码", "password"))),
        ("MN", decoded.mn.to_string(), Some(Text::new("设备唯一标识", "device code"))),
        ("Flag", flag, Some(Text::new("拆分包及应答标志", "version, parts and answer"))),
        ("PNUM", part(decoded.pnum), Some(Text::new("总包数", "parts"))),
        ("PNO", part(decoded.pno), Some(Text::new("包号", "this part"))),
    ];
    let present = fields.into_iter().filter(|(_, value, _)| !value.is_empty());
    present.map(|(name, value, title)| FrameField { name: name.to_string(), value, title, unit: None }).collect()
}

/// The groups of the data area, each field with what it is called.
fn groups(desk: &Desk<'_>, decoded: &Decoded<'_>, mn: &str) -> Vec<Vec<FrameField>> {
    let old = decoded.generation == Some(Generation::G2005);
    let field = |(name, value): (&str, &str)| {
        let (code, part) = name.split_once('-').unwrap_or((name, ""));
        let entry = desk.protocol.code(code).or_else(|| desk.protocol.code_2005(code));
        let code = entry.filter(|entry| old && !entry.code.is_empty()).map_or(code, |entry| entry.code.as_str());
        let own =
            desk.protocol.fields.iter().find(|field| {
                field.name == if field.of_item { part } else { name } && field.of_item != part.is_empty()
            });
        let title = match (entry.is_some(), own) {
            (true, Some(own)) => {
                let item = desk.parameter(code).name;
                Some(Text::new(format!("{} · {}", item.zh, own.title.zh), format!("{} · {}", item.en, own.title.en)))
            }
            (_, Some(own)) => Some((&own.title).into()),
            (true, None) => Some(desk.parameter(code).name),
            (false, None) => None,
        };
        let unit = desk.register.channel(mn, code).map(|channel| channel.unit.clone()).filter(|_| is_value(value));
        FrameField { name: name.to_string(), value: value.to_string(), title, unit }
    };
    decoded.cp.groups().map(|group| group.iter().map(field).collect()).collect()
}

fn is_value(value: &str) -> bool {
    value.len() < 14 && value.bytes().any(|byte| byte.is_ascii_digit()) && value.parse::<domain::Fixed>().is_ok()
}

/// Other kept frames of the same message.
fn same(desk: &Desk<'_>, frame: &Frame) -> Result<Vec<u64>, Trouble> {
    let (Some(cadence), Some(time)) = (frame.cadence, frame.data_time) else { return Ok(Vec::new()) };
    let query = FrameQuery {
        mn: Some(frame.mn.clone()),
        cadence: Some(cadence),
        cn: Some(frame.cn.clone()),
        data_from: Some(time),
        data_to: Some(domain::Instant(time.0 + 1)),
        limit: 50,
        ..FrameQuery::default()
    };
    let frames = desk.store.journal().frames(&query)?;
    let others = frames.into_iter().filter(|other| other.pno == frame.pno && other.id != frame.id);
    Ok(others.map(|other| other.id.0).collect())
}

fn verdict(word: &str) -> Result<Verdict, Trouble> {
    Verdict::from_code(word).ok_or_else(|| {
        Trouble::bad(
            "verdict",
            format!("没有判定“{word}”。可用：conforms、deviates、broken。"),
            format!("there is no verdict `{word}`. Use conforms, deviates or broken."),
        )
    })
}
