//! A dialogue with a device, as it is shown: what was asked, every step of it, how it ended. Kept by
//! [`crate::desk`].

use crate::request::Request;
use crate::talk::Outcome;
use domain::{FrameId, Instant, Text};
use intake::hj212::{Form, Protocol, Sender};

/// Number of a dialogue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DialogueId(pub u64);

/// One dialogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialogue {
    /// Its number.
    pub id: DialogueId,
    /// The device.
    pub mn: String,
    /// What was asked, with passwords and keys hidden.
    pub request: Request,
    /// Who asked.
    pub actor: String,
    /// When it was asked.
    pub asked: Instant,
    /// When the request was first sent.
    pub started: Option<Instant>,
    /// When it was over.
    pub ended: Option<Instant>,
    /// How far it has come.
    pub state: DialogueState,
    /// How it ended, in words.
    pub outcome: Option<Text>,
    /// How often the request was sent again.
    pub resent: u32,
    /// `QN` of the request.
    pub qn: String,
    /// What was said, in order. Of very many data frames the first ones.
    pub steps: Vec<Step>,
    /// Frames that brought what was asked for, as many as are listed.
    pub data_frames: Vec<FrameId>,
    /// How many such frames there were.
    pub data_count: u64,
}

/// How far a dialogue has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DialogueState {
    /// Behind another one with the same device.
    Waiting,
    /// Sent, not answered yet.
    Asked,
    /// The device has said that it executes.
    Accepted,
    /// Executed.
    Done,
    /// The device refused.
    Refused,
    /// It failed, or was never answered.
    Failed,
}

/// Who said something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The platform.
    ToDevice,
    /// The device.
    FromDevice,
}

/// One thing that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub time: Instant,
    /// By whom.
    pub direction: Direction,
    /// Command code.
    pub cn: String,
    /// The frame as it was on the line, passwords and keys hidden in what the platform sends.
    pub raw: String,
    /// Where it is in the journal, if the device said it.
    pub frame: Option<FrameId>,
    /// What it means.
    pub words: Text,
}

impl DialogueState {
    /// The word used in answers and events.
    pub fn code(self) -> &'static str {
        match self {
            DialogueState::Waiting => "waiting",
            DialogueState::Asked => "asked",
            DialogueState::Accepted => "accepted",
            DialogueState::Done => "done",
            DialogueState::Refused => "refused",
            DialogueState::Failed => "failed",
        }
    }

    /// Whether nothing more is expected.
    pub fn is_over(self) -> bool {
        matches!(self, DialogueState::Done | DialogueState::Refused | DialogueState::Failed)
    }
}

/// What a command is, with the answer it carries: `执行结果：没有数据`.
pub(crate) fn words(cn: &str, form: Form, fields: &[(String, String)], protocol: &Protocol) -> Text {
    let mut forms = protocol.command(cn).filter(|command| command.form == form);
    let name = match forms.next() {
        Some(command) => command.name.clone(),
        None => Text::new(format!("命令 {cn}"), format!("command {cn}")),
    };
    let meaning = fields.iter().find_map(|(field, value)| protocol.value(field, value));
    match meaning {
        Some(meaning) => Text::new(format!("{}：{}", name.zh, meaning.zh), format!("{}: {}", name.en, meaning.en)),
        None => name,
    }
}

/// The form of a command that the platform sends.
pub(crate) fn platform_form(cn: &str, protocol: &Protocol) -> Form {
    let mut forms = protocol.command(cn).filter(|command| command.from != Sender::Device);
    forms.find(|command| command.form != Form::Upload).map_or(Form::Request, |command| command.form)
}

/// How it ended: state and words.
pub(crate) fn ending(outcome: &Outcome, resent: u32, protocol: &Protocol) -> (DialogueState, Text) {
    let meaning = |field: &str, code: &str| {
        let known = protocol.value(field, code).unwrap_or_else(|| Text::new("未知代码", "unknown code"));
        (format!("{}（{field}={code}）", known.zh), format!("{} ({field}={code})", known.en))
    };
    match outcome {
        Outcome::Done => (DialogueState::Done, Text::new("执行成功", "done")),
        Outcome::Refused(code) => {
            let (zh, en) = meaning("QnRtn", code);
            (DialogueState::Refused, Text::new(format!("设备拒绝：{zh}"), format!("the device refused: {en}")))
        }
        Outcome::Unsuccessful(code) => {
            let (zh, en) = meaning("ExeRtn", code);
            (DialogueState::Failed, Text::new(format!("执行失败：{zh}"), format!("not executed: {en}")))
        }
        Outcome::Unanswered => (
            DialogueState::Failed,
            Text::new(
                format!("设备未应答，已重发 {resent} 次；请检查设备是否在线、是否支持该命令"),
                format!(
                    "the device did not answer, the request was sent again {resent} times: see whether it is online and knows the command"
                ),
            ),
        ),
        Outcome::NoResult => (
            DialogueState::Failed,
            Text::new(
                "设备已应答，但在规定时间内没有返回数据或执行结果",
                "the device answered, but neither data nor a result came in time",
            ),
        ),
    }
}

/// The words for a request that could not be sent.
pub(crate) fn not_connected() -> Text {
    Text::new("设备未连接，请求未发送", "the device is not connected, nothing was sent")
}
