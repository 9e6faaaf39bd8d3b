//! Requests, words of devices and time → what to send and what has ended: one dialogue at a time per
//! device, the others behind it. Sans-IO, driven by [`crate::desk`].

use crate::dialogue::{self, Dialogue, DialogueId, DialogueState, Direction, Step};
use crate::moment::Moment;
use crate::request::{Request, cn};
use crate::rules::Timing;
use crate::talk::{Outcome, Sign, Stage, Talk};
use domain::{FrameId, Instant, Text};
use intake::hj212::{Form, Protocol};
use std::collections::{BTreeSet, HashMap, VecDeque};

/// Dialogues of one device that are remembered.
const REMEMBERED: usize = 50;
/// Steps and data frames of one dialogue that are listed.
const LISTED: usize = 500;

/// What is in a frame for the desk, beside measurements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// What the device means by the command.
    pub form: Form,
    /// The data area.
    pub fields: Vec<(String, String)>,
}

/// A durable frame that the desk hears.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    pub frame: FrameId,
    pub received: Instant,
    pub mn: String,
    pub cn: String,
    pub qn: String,
    pub data_time: Option<Instant>,
    pub raw: String,
    /// `None` for measurements.
    pub word: Option<Word>,
}

/// A request ready to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Ready {
    pub bytes: Vec<u8>,
    /// The same with passwords and keys hidden.
    pub shown: String,
    pub qn: String,
    pub timing: Timing,
}

/// What is to be done.
#[derive(Clone, Debug)]
pub(crate) enum Effect {
    /// Make the first waiting request of a device ready, and tell [`Dialogues::started`].
    Start(String, Request),
    /// Send bytes.
    Send(String, Vec<u8>),
    /// Something new is in a dialogue.
    Changed(DialogueId),
    /// A dialogue is over; the request with its passwords and keys.
    Ended(Box<Dialogue>, Request),
}

/// The dialogues of all devices.
#[derive(Debug, Default)]
pub(crate) struct Dialogues {
    folders: HashMap<String, Folder>,
    /// Devices with a dialogue that is not over.
    live: BTreeSet<String>,
}

/// The dialogues of one device.
#[derive(Debug, Default)]
struct Folder {
    current: Option<Current>,
    waiting: VecDeque<(DialogueId, Request)>,
    all: VecDeque<Dialogue>,
}

/// The dialogue under way.
#[derive(Debug)]
struct Current {
    id: DialogueId,
    /// With its passwords and keys, which [`Dialogue`] hides.
    request: Request,
    /// `None` until it was sent.
    talk: Option<Talk>,
    ready: Option<Ready>,
}

impl Dialogues {
    /// A new dialogue, behind those that wait already.
    pub fn add(&mut self, dialogue: Dialogue, request: Request) -> Vec<Effect> {
        let mn = dialogue.mn.clone();
        let folder = self.folders.entry(mn.clone()).or_default();
        folder.waiting.push_back((dialogue.id, request));
        folder.all.push_back(dialogue);
        while folder.all.len() > REMEMBERED && folder.all.front().is_some_and(|oldest| oldest.state.is_over()) {
            folder.all.pop_front();
        }
        self.live.insert(mn.clone());
        self.next(&mn)
    }

    /// The request of [`Effect::Start`] was sent, or could not be because the device is not connected.
    pub fn started(&mut self, mn: &str, ready: Option<Ready>, now: Moment, protocol: &Protocol) -> Vec<Effect> {
        let Some((folder, current)) = self.current(mn) else { return Vec::new() };
        let Some(ready) = ready else {
            return self.end(mn, (DialogueState::Failed, dialogue::not_connected()), now);
        };
        current.talk = Some(Talk::start(ready.timing, now.steady));
        let (id, form) = (current.id, dialogue::platform_form(&current.request.cn, protocol));
        let words = dialogue::words(&current.request.cn, form, &[], protocol);
        let step = sent(&current.request.cn, &ready, words, now.wall);
        let bytes = ready.bytes.clone();
        let qn = ready.qn.clone();
        current.ready = Some(ready);
        if let Some(dialogue) = find(folder, id) {
            dialogue.state = DialogueState::Asked;
            dialogue.started = Some(now.wall);
            dialogue.qn = qn;
            dialogue.steps.push(step);
        }
        vec![Effect::Send(mn.to_string(), bytes), Effect::Changed(id)]
    }

    /// A device said something.
    pub fn hear(&mut self, heard: &Heard, now: Moment, protocol: &Protocol) -> Vec<Effect> {
        let Some((folder, current)) = self.current(&heard.mn) else { return self.hear_late(heard, protocol) };
        let (Some(talk), Some(ready)) = (&mut current.talk, &current.ready) else { return Vec::new() };
        let Some(sign) = sign(heard, &current.request, &ready.qn) else {
            return self.hear_late(heard, protocol);
        };
        talk.hear(sign, now.steady);
        let (id, stage, resent) = (current.id, talk.stage().clone(), talk.resent());
        if let Some(dialogue) = find(folder, id) {
            note(dialogue, heard, protocol);
            if stage == Stage::Accepted {
                dialogue.state = DialogueState::Accepted;
            }
        }
        match stage {
            Stage::Over(outcome) => self.end(&heard.mn, dialogue::ending(&outcome, resent, protocol), now),
            _ => vec![Effect::Changed(id)],
        }
    }

    /// Time has passed.
    pub fn expire(&mut self, now: Moment, protocol: &Protocol) -> Vec<Effect> {
        let mut effects = Vec::new();
        for mn in self.live.clone() {
            let Some((folder, current)) = self.current(&mn) else { continue };
            let (Some(talk), Some(ready)) = (&mut current.talk, &current.ready) else { continue };
            let again = talk.expire(now.steady);
            let (id, resent) = (current.id, talk.resent());
            if again {
                let words =
                    Text::new(format!("未应答，第 {resent} 次重发"), format!("no answer, sent again ({resent})"));
                let step = sent(&current.request.cn, ready, words, now.wall);
                effects.extend([Effect::Send(mn.clone(), ready.bytes.clone()), Effect::Changed(id)]);
                if let Some(dialogue) = find(folder, id) {
                    dialogue.resent = resent;
                    dialogue.steps.push(step);
                }
            } else if let Stage::Over(outcome) = talk.stage().clone() {
                effects.extend(self.end(&mn, dialogue::ending(&outcome, resent, protocol), now));
            }
        }
        effects
    }

    /// When [`Dialogues::expire`] has something to do.
    pub fn deadline(&self) -> Option<std::time::Instant> {
        let talks = self.live.iter().filter_map(|mn| self.folders.get(mn)?.current.as_ref()?.talk.as_ref());
        talks.map(Talk::until).min()
    }

    /// Requests of a device that are not over.
    pub fn unfinished(&self, mn: &str) -> usize {
        self.folders.get(mn).map_or(0, |folder| folder.waiting.len() + usize::from(folder.current.is_some()))
    }

    /// Whether a request of that command is not over.
    pub fn has_unfinished(&self, mn: &str, cn: &str) -> bool {
        let Some(folder) = self.folders.get(mn) else { return false };
        folder.all.iter().any(|dialogue| dialogue.request.cn == cn && !dialogue.state.is_over())
    }

    /// Devices with a dialogue that is not over.
    pub fn live(&self) -> impl Iterator<Item = &String> {
        self.live.iter()
    }

    /// The dialogues of a device, the newest first.
    pub fn of(&self, mn: &str) -> Vec<Dialogue> {
        self.folders.get(mn).map(|folder| folder.all.iter().rev().cloned().collect()).unwrap_or_default()
    }

    /// A dialogue by its number.
    pub fn get(&self, id: DialogueId) -> Option<Dialogue> {
        self.folders.values().flat_map(|folder| &folder.all).find(|dialogue| dialogue.id == id).cloned()
    }

    fn current(&mut self, mn: &str) -> Option<(&mut VecDeque<Dialogue>, &mut Current)> {
        let folder = self.folders.get_mut(mn)?;
        Some((&mut folder.all, folder.current.as_mut()?))
    }

    /// Starts the next waiting request, if none is under way.
    fn next(&mut self, mn: &str) -> Vec<Effect> {
        let Some(folder) = self.folders.get_mut(mn).filter(|folder| folder.current.is_none()) else {
            return Vec::new();
        };
        let Some((id, request)) = folder.waiting.pop_front() else {
            self.live.remove(mn);
            return Vec::new();
        };
        folder.current = Some(Current { id, request: request.clone(), talk: None, ready: None });
        vec![Effect::Start(mn.to_string(), request)]
    }

    fn end(&mut self, mn: &str, (state, words): (DialogueState, Text), now: Moment) -> Vec<Effect> {
        let Some(folder) = self.folders.get_mut(mn) else { return Vec::new() };
        let Some(current) = folder.current.take() else { return Vec::new() };
        let mut effects = Vec::new();
        if let Some(dialogue) = find(&mut folder.all, current.id) {
            dialogue.state = state;
            dialogue.outcome = Some(words);
            dialogue.ended = Some(now.wall);
            effects.push(Effect::Ended(Box::new(dialogue.clone()), current.request));
        }
        effects.extend(self.next(mn));
        effects
    }

    /// A result may come after the dialogue was given up: it is noted, and counts.
    fn hear_late(&mut self, heard: &Heard, protocol: &Protocol) -> Vec<Effect> {
        let Some(folder) = self.folders.get_mut(&heard.mn) else { return Vec::new() };
        let is_it = |dialogue: &&mut Dialogue| {
            dialogue.state == DialogueState::Failed && !heard.qn.is_empty() && dialogue.qn == heard.qn
        };
        let Some(dialogue) = folder.all.iter_mut().rev().find(is_it) else { return Vec::new() };
        if !matches!(heard.cn.as_str(), cn::ANSWER | cn::RESULT | cn::NOTICE_ANSWER) {
            return Vec::new();
        }
        note(dialogue, heard, protocol);
        let id = dialogue.id;
        let result = heard.word.as_ref().and_then(|word| word.fields.iter().find(|(name, _)| name == "ExeRtn"));
        if let Some((_, code)) = result.filter(|_| heard.cn == cn::RESULT) {
            let mut late = Talk::start(Timing { over_time_s: 0, resends: 0 }, std::time::Instant::now());
            late.hear(Sign::Result(code), std::time::Instant::now());
            if let Stage::Over(Outcome::Done) = late.stage() {
                dialogue.state = DialogueState::Done;
                dialogue.outcome = Some(Text::new("执行成功（结果迟到）", "done (the result came late)"));
                dialogue.ended = Some(heard.received);
                return vec![Effect::Ended(Box::new(dialogue.clone()), dialogue.request.clone())];
            }
        }
        vec![Effect::Changed(id)]
    }
}

/// What a frame means to the dialogue under way; `None` if it has nothing to do with it.
fn sign<'h>(heard: &'h Heard, request: &Request, qn: &str) -> Option<Sign<'h>> {
    // Devices of 2005 may answer without QN.
    let answers = heard.qn == qn || heard.qn.is_empty();
    let field = |name: &str| {
        let fields = &heard.word.as_ref()?.fields;
        fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    };
    match heard.cn.as_str() {
        cn::ANSWER if answers => Some(Sign::Answer(field("QnRtn").unwrap_or_default())),
        cn::RESULT if answers => Some(Sign::Result(field("ExeRtn").unwrap_or_default())),
        cn::NOTICE_ANSWER if answers => Some(Sign::NoticeAnswer),
        cn if cn == request.cn => {
            // What comes anyhow at the same time is not what was asked for.
            let within = |(from, to): (Instant, Instant)| heard.data_time.is_none_or(|t| from <= t && t <= to);
            request.span().is_none_or(within).then_some(Sign::Data)
        }
        _ => None,
    }
}

/// Adds what a device said.
fn note(dialogue: &mut Dialogue, heard: &Heard, protocol: &Protocol) {
    let is_data = heard.cn == dialogue.request.cn;
    if is_data {
        dialogue.data_count += 1;
        if dialogue.data_frames.len() < LISTED {
            dialogue.data_frames.push(heard.frame);
        }
    }
    if dialogue.steps.len() >= LISTED && is_data {
        return;
    }
    let (form, fields) = match &heard.word {
        Some(word) => (word.form, word.fields.as_slice()),
        None => (Form::Upload, [].as_slice()),
    };
    dialogue.steps.push(Step {
        time: heard.received,
        direction: Direction::FromDevice,
        cn: heard.cn.clone(),
        raw: heard.raw.clone(),
        frame: Some(heard.frame),
        words: dialogue::words(&heard.cn, form, fields, protocol),
    });
}

fn sent(cn: &str, ready: &Ready, words: Text, time: Instant) -> Step {
    let (cn, raw) = (cn.to_string(), ready.shown.clone());
    Step { time, direction: Direction::ToDevice, cn, raw, frame: None, words }
}

fn find(all: &mut VecDeque<Dialogue>, id: DialogueId) -> Option<&mut Dialogue> {
    all.iter_mut().rev().find(|dialogue| dialogue.id == id)
}
