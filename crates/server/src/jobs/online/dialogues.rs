//! What the platform asks of a device, and its answers.

use super::desk::Desk;
use crate::answers::Text;
use crate::answers::online::dialogues::{
    Dialogue as DialogueAnswer, DialogueList, DialogueStep, NewRequest, RequestChoice, RequestField, RequestKind,
};
use crate::asked::moment;
use crate::data::Data;
use crate::live::Live;
use crate::trouble::{Kind, Trouble};
use domain::Instant;
use gateway::{Dialogue, Direction, GatewayError, Request};
use intake::hj212::{Command, Field, Form, Format, Generation, Protocol, Sender, time_of};
use std::sync::Arc;

/// The first command of this range reads and writes; from here on the site itself is moved.
const CONTROL_FROM: &str = "3000";

/// Everything asked of a device, and what may be asked of it.
pub fn list(data: &Data, mn: &str) -> Result<DialogueList, Trouble> {
    let desk = Desk::open(data)?;
    let live = running(data)?;
    let state = live.gateway().devices().into_iter().find(|state| state.mn == mn);
    if state.is_none() && desk.register.device(mn).is_none() {
        return Err(Trouble::not_found(
            "no-such-device",
            format!("没有设备“{mn}”。"),
            format!("there is no device `{mn}`."),
        ));
    }
    let spoken = state.as_ref().and_then(|state| state.generation);
    let registered = desk.register.device(mn).and_then(|device| Generation::from_code(&device.generation));
    let generation = spoken.or(registered).unwrap_or(Generation::G2017);
    let mut dialogues = live.gateway().dialogues(mn);
    dialogues.sort_by_key(|dialogue| std::cmp::Reverse(dialogue.id));
    Ok(DialogueList {
        mn: mn.to_string(),
        connected: state.is_some_and(|state| state.connected),
        requests: kinds(desk.protocol, generation, crate::clock::now()),
        dialogues: dialogues.iter().map(|dialogue| answer(desk.protocol, dialogue)).collect(),
        simulated: desk.simulated(mn),
    })
}

/// Asks a device. What comes of it is seen in the dialogue.
pub fn ask(data: &Data, mn: &str, asked: &NewRequest, who: &str) -> Result<DialogueAnswer, Trouble> {
    let live = running(data)?;
    let protocol = &data.catalogs.protocol;
    let of_request = |command: &&Command| is_request(command) && id_of(command) == asked.request;
    let command = protocol.commands.iter().find(of_request).ok_or_else(|| {
        Trouble::bad(
            "no-such-request",
            format!("没有请求“{}”。", asked.request),
            format!("there is no request `{}`.", asked.request),
        )
    })?;
    let mut fields = Vec::new();
    for (name, value) in asked.fields.iter().filter(|(_, value)| !value.is_empty()) {
        let format = field_of(protocol, name).map(|field| field.format);
        let value = match format {
            Some(Format::Time) if value.len() != 14 => time_of(moment(value)?),
            _ => value.clone(),
        };
        fields.push((name.clone(), value));
    }
    let request = Request { cn: command.cn.clone(), fields };
    let id = live.gateway().ask(mn, request, who)?;
    let dialogue = live.gateway().dialogue(id);
    dialogue.map(|dialogue| answer(protocol, &dialogue)).ok_or_else(|| {
        Trouble::broken(
            "dialogue",
            "请求已发出，但对话记录已不可见。",
            "it was asked, but the dialogue cannot be seen.",
        )
    })
}

/// A dialogue as it is answered.
pub fn answer(protocol: &Protocol, dialogue: &Dialogue) -> DialogueAnswer {
    let command = protocol.command(&dialogue.request.cn).find(|command| is_request(command));
    let steps = dialogue.steps.iter().map(|step| DialogueStep {
        time: step.time.to_iso(),
        direction: match step.direction {
            Direction::ToDevice => "out",
            Direction::FromDevice => "in",
        }
        .to_string(),
        cn: step.cn.clone(),
        raw: step.raw.clone(),
        words: (&step.words).into(),
        frame: step.frame.map(|frame| frame.0),
    });
    let timed_out = dialogue.resent > 0 && dialogue.state.code() == "failed";
    DialogueAnswer {
        id: dialogue.id.0.to_string(),
        mn: dialogue.mn.clone(),
        request: command.map(id_of).unwrap_or_else(|| dialogue.request.cn.clone()),
        title: command.map(|command| (&command.name).into()).unwrap_or_else(|| Text::same(&dialogue.request.cn)),
        actor: dialogue.actor.clone(),
        started: dialogue.started.unwrap_or(dialogue.asked).to_iso(),
        ended: dialogue.ended.map(|time| time.to_iso()),
        state: match dialogue.state.code() {
            "waiting" => "asked",
            "failed" if timed_out => "timed-out",
            other => other,
        }
        .to_string(),
        steps: steps.collect(),
        data_frames: dialogue.data_count,
        result: dialogue.outcome.as_ref().map(Into::into),
    }
}

/// What may be asked of a generation, as the protocol's tables have it.
fn kinds(protocol: &Protocol, generation: Generation, now: Instant) -> Vec<RequestKind> {
    let commands =
        protocol.commands.iter().filter(|command| is_request(command) && command.generations.contains(&generation));
    let kinds = commands.map(|command| RequestKind {
        id: id_of(command),
        cn: command.cn.clone(),
        title: (&command.name).into(),
        control: command.cn.as_str() >= CONTROL_FROM || command.name.en.starts_with("set "),
        fields: fields(protocol, command, now),
    });
    kinds.collect()
}

fn is_request(command: &Command) -> bool {
    command.from == Sender::Platform && matches!(command.form, Form::Request | Form::Notice)
}

/// `2051` alone, or with its form when a command has several.
fn id_of(command: &Command) -> String {
    match command.form {
        Form::Notice => format!("{}-notice", command.cn),
        _ => command.cn.clone(),
    }
}

fn field_of<'p>(protocol: &'p Protocol, name: &str) -> Option<&'p Field> {
    let (own, of_item) = name.rsplit_once('-').map_or((name, false), |(_, field)| (field, true));
    protocol.fields.iter().find(|field| field.name == own && field.of_item == of_item)
}

fn fields(protocol: &Protocol, command: &Command, now: Instant) -> Vec<RequestField> {
    let named = |names: &[String], required: bool| -> Vec<RequestField> {
        let fields = names.iter().filter(|name| !name.starts_with('*'));
        fields.map(|name| field(protocol, name, required, now)).collect()
    };
    let mut all = named(&command.required, true);
    all.extend(named(&command.optional, false));
    all
}

fn field(protocol: &Protocol, name: &str, required: bool, now: Instant) -> RequestField {
    let known = field_of(protocol, name);
    let named = protocol.values.iter().filter(|value| value.field == name);
    let choices: Vec<RequestChoice> = named
        .map(|value| RequestChoice { value: value.value.clone(), title: Text::new(&value.name_zh, &value.name_en) })
        .collect();
    let kind = match known.map(|field| field.format) {
        _ if !choices.is_empty() => "choice",
        Some(Format::Time) => "time",
        Some(Format::Number | Format::Integer) => "number",
        _ => "text",
    };
    let usual = match (kind, name) {
        ("time", "BeginTime") => Some(Instant(now.0 - domain::period::HOUR_MS).to_iso()),
        ("time", _) => Some(now.to_iso()),
        _ => None,
    };
    RequestField {
        name: name.to_string(),
        title: known.map(|field| (&field.title).into()).unwrap_or_else(|| Text::same(name)),
        kind: kind.to_string(),
        unit: None,
        required,
        min: known.and_then(|field| field.low).map(|low| low as f64),
        max: known.and_then(|field| field.high).map(|high| high as f64),
        choices,
        usual,
    }
}

/// The running gateway, or why there is none.
fn running(data: &Data) -> Result<Arc<Live>, Trouble> {
    data.live().ok_or_else(|| Trouble {
        kind: Kind::Conflict,
        ..Trouble::bad(
            "gateway-off",
            "数采网关未启动；请用 jingce serve --hj212-port 9212 启动。",
            "the gateway is not running; start it with jingce serve --hj212-port 9212.",
        )
    })
}

impl From<GatewayError> for Trouble {
    fn from(error: GatewayError) -> Trouble {
        let english = format!("{error}.");
        let say = |kind, code, zh: String| Trouble { kind, ..Trouble::bad(code, zh, english.clone()) };
        match error {
            GatewayError::Listen { address, source } => {
                say(Kind::Broken, "port", format!("不能在 {address} 监听：{source}。请用 --hj212-port 换一个端口。"))
            }
            GatewayError::Tls { path, reason } => {
                say(Kind::Broken, "tls", format!("{} 不能用于 TLS：{reason}。", path.display()))
            }
            GatewayError::Thread { name, source } => {
                say(Kind::Broken, "threads", format!("不能启动线程 {name}：{source}。"))
            }
            GatewayError::UnknownDevice(mn) => {
                say(Kind::NotFound, "no-such-device", format!("设备 {mn} 不在登记表中。"))
            }
            GatewayError::NotConnected(mn) => say(Kind::Conflict, "not-connected", format!("设备 {mn} 未连接。")),
            GatewayError::Busy { mn, waiting } => {
                say(Kind::Conflict, "busy", format!("设备 {mn} 已有 {waiting} 个请求在等待，请稍后再试。"))
            }
            GatewayError::Argument { field, value, allowed } => {
                say(Kind::BadRequest, "argument", format!("{field} = {value} 不符合要求：{allowed}"))
            }
            GatewayError::Store(error) => error.into(),
        }
    }
}
