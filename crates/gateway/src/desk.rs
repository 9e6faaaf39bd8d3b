//! Requests of operators and words of devices → frames to devices, and the audit of all of it. A thread of
//! its own around [`Dialogues`], because the audit is on disk before anything is sent.

use crate::audit::Audit;
use crate::devices::Devices;
use crate::dialogue::{Dialogue, DialogueId, DialogueState};
use crate::dialogues::{Dialogues, Effect, Heard, Ready, Word};
use crate::error::GatewayError;
use crate::moment::Moment;
use crate::request::{Request, cn};
use crate::roll::{Admitted, RollKeeper};
use crate::rules::{Rules, Timing};
use crate::secret::{hide_password, new_key};
use domain::{FrameId, Instant};
use intake::hj212::say::{Area, Party};
use intake::hj212::{Answer, Decoded, Form, Generation, Protocol, encode, qn_of};
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;
use store::{NewFrame, Secret, Store, StoreError};
use tokio::sync::watch;

/// Words of devices that wait to be heard.
const WAITING_WORDS: usize = 4_096;
/// Requests of one device that may wait.
const WAITING_REQUESTS: usize = 32;
/// Longest sleep of the thread.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);
/// Who asks when no person does.
const GATEWAY: &str = "gateway";

#[derive(Debug)]
enum Input {
    Heard(Heard),
    Do(Vec<Effect>),
    Stop,
}

/// All dialogues, and the way to the thread that leads them.
#[derive(Debug)]
pub(crate) struct Desk {
    dialogues: Mutex<Dialogues>,
    timings: Mutex<HashMap<String, Timing>>,
    /// Devices with a dialogue that is not over: their frames are listened to.
    ears: RwLock<BTreeSet<String>>,
    listening: AtomicBool,
    input: SyncSender<Input>,
    changed: watch::Sender<DialogueId>,
    last_id: AtomicU64,
    last_qn: AtomicI64,
    protocol: Arc<Protocol>,
    devices: Arc<Devices>,
    roll: Arc<RollKeeper>,
    store: Arc<Store>,
    audit: Audit,
}

/// The thread's end of the way.
#[derive(Debug)]
pub(crate) struct DeskThread {
    desk: Arc<Desk>,
    input: Receiver<Input>,
}

/// What the desk needs of the rest.
#[derive(Debug)]
pub(crate) struct DeskParts {
    pub protocol: Arc<Protocol>,
    pub devices: Arc<Devices>,
    pub roll: Arc<RollKeeper>,
    pub store: Arc<Store>,
}

impl Word {
    /// What a frame has for the desk; `None` for measurements.
    pub fn of(decoded: &Decoded<'_>, protocol: &Protocol) -> Option<Word> {
        if protocol.cadence(&decoded.cn).is_some() {
            return None;
        }
        let fields = decoded.cp.pairs().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        Some(Word { form: crate::answer::form(decoded, protocol), fields })
    }
}

impl Heard {
    /// A frame that has become durable.
    pub fn of(frame: FrameId, kept: &NewFrame, word: Option<Word>) -> Heard {
        Heard {
            frame,
            received: kept.received,
            mn: kept.mn.clone(),
            cn: kept.cn.clone(),
            qn: kept.qn.clone(),
            data_time: kept.data_time,
            raw: hide_password(&String::from_utf8_lossy(&kept.raw)),
            word,
        }
    }

    /// Asks for the platform's time, or for a new key.
    fn wants(&self) -> Option<&'static str> {
        let form = self.word.as_ref()?.form;
        match self.cn.as_str() {
            cn::TIME_WANTED if form == Form::Notice => Some(cn::SET_TIME),
            cn::KEY if form == Form::Request => Some(cn::KEY),
            _ => None,
        }
    }
}

impl Desk {
    /// A desk that remembers the waiting times that devices were given.
    pub fn new(parts: DeskParts) -> Result<(Arc<Desk>, DeskThread), GatewayError> {
        let audit = Audit::new(parts.store.clone());
        let (sender, input) = sync_channel(WAITING_WORDS);
        let desk = Arc::new(Desk {
            dialogues: Mutex::default(),
            timings: Mutex::new(audit.timings()?),
            ears: RwLock::default(),
            listening: AtomicBool::new(false),
            input: sender,
            changed: watch::Sender::new(DialogueId(0)),
            last_id: AtomicU64::new(audit.last_id()?.0),
            last_qn: AtomicI64::new(0),
            protocol: parts.protocol,
            devices: parts.devices,
            roll: parts.roll,
            store: parts.store,
            audit,
        });
        Ok((desk.clone(), DeskThread { desk, input }))
    }

    /// Puts a request on the list, after writing it to the audit.
    pub fn ask(&self, mn: &str, request: Request, actor: &str) -> Result<DialogueId, GatewayError> {
        let (id, effects) = self.enlist(mn, request, actor)?;
        self.renew_ears();
        self.changed.send_replace(id);
        let _ = self.input.send(Input::Do(effects));
        Ok(id)
    }

    fn enlist(&self, mn: &str, request: Request, actor: &str) -> Result<(DialogueId, Vec<Effect>), GatewayError> {
        let roll = self.roll.roll();
        let admitted = roll.find(mn).ok_or_else(|| GatewayError::UnknownDevice(mn.to_string()))?;
        if self.devices.outbox(mn).is_none() {
            return Err(GatewayError::NotConnected(mn.to_string()));
        }
        let now = Moment::now().wall;
        request.clone().filled(now).check(self.generation(admitted), &self.protocol)?;
        let waiting = self.dialogues().unfinished(mn);
        if waiting >= WAITING_REQUESTS {
            return Err(GatewayError::Busy { mn: mn.to_string(), waiting });
        }
        let dialogue = Dialogue {
            id: DialogueId(self.last_id.fetch_add(1, Ordering::Relaxed) + 1),
            mn: mn.to_string(),
            request: request.shown(),
            actor: actor.to_string(),
            asked: now,
            started: None,
            ended: None,
            state: DialogueState::Waiting,
            outcome: None,
            resent: 0,
            qn: String::new(),
            steps: Vec::new(),
            data_frames: Vec::new(),
            data_count: 0,
        };
        let id = dialogue.id;
        self.audit.asked(&dialogue)?;
        let effects = self.dialogues().add(dialogue, request);
        Ok((id, effects))
    }

    /// Whether a frame of a device has to be told to [`Desk::hear`].
    pub fn listens(&self, mn: &str, word: Option<&Word>) -> bool {
        // Notices and requests ask for something, and an answer may come late.
        let says = word.is_some_and(|word| word.form != Form::Upload);
        let busy = self.listening.load(Ordering::Acquire);
        says || (busy && self.ears.read().unwrap_or_else(PoisonError::into_inner).contains(mn))
    }

    /// A device was heard; its frame is durable.
    pub fn hear(&self, heard: Heard) {
        // The thread ends after the writer, so there is someone to hear.
        let _ = self.input.send(Input::Heard(heard));
    }

    /// Asks the thread to end, when it has heard what waits.
    pub fn stop(&self) {
        // A full channel is emptied soon; one without a thread needs no end.
        while let Err(TrySendError::Full(_)) = self.input.try_send(Input::Stop) {
            std::thread::yield_now();
        }
    }

    /// The dialogues of a device, the newest first.
    pub fn of(&self, mn: &str) -> Vec<Dialogue> {
        self.dialogues().of(mn)
    }

    /// A dialogue by its number.
    pub fn get(&self, id: DialogueId) -> Option<Dialogue> {
        self.dialogues().get(id)
    }

    /// A wake-up for every change of a dialogue, with its number.
    pub fn follow(&self) -> watch::Receiver<DialogueId> {
        self.changed.subscribe()
    }

    /// How long dialogues with a device wait.
    pub fn timing(&self, mn: &str) -> Timing {
        let timings = self.timings.lock().unwrap_or_else(PoisonError::into_inner);
        timings.get(mn).copied().unwrap_or(Rules::builtin().timing)
    }

    fn renew_ears(&self) {
        let ears: BTreeSet<String> = self.dialogues().live().cloned().collect();
        self.listening.store(!ears.is_empty(), Ordering::Release);
        *self.ears.write().unwrap_or_else(PoisonError::into_inner) = ears;
    }

    /// The generation a device speaks: as heard, else as registered.
    fn generation(&self, admitted: &Admitted) -> Generation {
        let heard = self.devices.generation(&admitted.mn);
        heard.or(admitted.generation()).unwrap_or(Generation::G2017)
    }

    fn dialogues(&self) -> MutexGuard<'_, Dialogues> {
        self.dialogues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl DeskThread {
    /// The thread: until it is told to stop.
    pub fn run(self) {
        let mut deadline: Option<std::time::Instant> = None;
        loop {
            let now = std::time::Instant::now();
            let sleep = deadline.map_or(LONGEST_SLEEP, |at| at.saturating_duration_since(now).min(LONGEST_SLEEP));
            let mut effects = match self.input.recv_timeout(sleep) {
                Ok(Input::Heard(heard)) => self.hear(&heard),
                Ok(Input::Do(effects)) => effects,
                Ok(Input::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => Vec::new(),
            };
            // A deadline that was put off meanwhile is looked at once too often, which costs nothing.
            let due = deadline.is_some_and(|at| at <= std::time::Instant::now());
            if due {
                effects.extend(self.desk.dialogues().expire(Moment::now(), &self.desk.protocol));
            }
            if due || !effects.is_empty() {
                self.perform(effects);
                self.desk.renew_ears();
                deadline = self.desk.dialogues().deadline();
            }
        }
    }

    fn hear(&self, heard: &Heard) -> Vec<Effect> {
        match heard.wants() {
            Some(cn) => self.grant(&heard.mn, cn),
            None => self.desk.dialogues().hear(heard, Moment::now(), &self.desk.protocol),
        }
    }

    /// Gives a device what it asked for, once.
    fn grant(&self, mn: &str, cn: &str) -> Vec<Effect> {
        if self.desk.dialogues().has_unfinished(mn, cn) {
            return Vec::new();
        }
        let request = match cn {
            cn::KEY => new_key().map(|key| Request::key(&key)),
            _ => Some(Request::set_time()),
        };
        let Some(request) = request else { return Vec::new() };
        match self.desk.enlist(mn, request, GATEWAY) {
            Ok((id, effects)) => {
                self.desk.changed.send_replace(id);
                effects
            }
            Err(error) => {
                tracing::warn!(mn, %error, "a device was not given what it asked for");
                Vec::new()
            }
        }
    }

    fn perform(&self, effects: Vec<Effect>) {
        let mut todo: std::collections::VecDeque<Effect> = effects.into();
        while let Some(effect) = todo.pop_front() {
            match effect {
                Effect::Start(mn, request) => {
                    let ready = self.ready(&mn, request);
                    let mut dialogues = self.desk.dialogues();
                    todo.extend(dialogues.started(&mn, ready, Moment::now(), &self.desk.protocol));
                }
                Effect::Send(mn, bytes) => {
                    // A device that has gone meanwhile may be back before the request is sent again.
                    if let Some(outbox) = self.desk.devices.outbox(&mn) {
                        outbox.send(&bytes);
                    }
                }
                Effect::Changed(id) => {
                    self.desk.changed.send_replace(id);
                }
                Effect::Ended(dialogue, request) => {
                    self.ended(&dialogue, &request);
                    self.desk.changed.send_replace(dialogue.id);
                }
            }
        }
    }

    /// The frame of a request; `None` if the device is not there any more.
    fn ready(&self, mn: &str, request: Request) -> Option<Ready> {
        let desk = &self.desk;
        desk.devices.outbox(mn)?;
        let roll = desk.roll.roll();
        let admitted = roll.find(mn)?;
        let now = Moment::now().wall;
        let request = request.filled(now);
        let qn = Instant(desk.last_qn.fetch_max(now.0, Ordering::Relaxed).max(now.0 - 1) + 1);
        desk.last_qn.fetch_max(qn.0, Ordering::Relaxed);
        let party = Party {
            generation: desk.generation(admitted),
            st: admitted.st.clone(),
            pw: admitted.password.clone().unwrap_or_default(),
            mn: mn.to_string(),
            key: admitted.keys.first().cloned(),
        };
        let outgoing = party.frame(qn, &request.cn, Area::of(request.cp()), Answer::Wanted);
        let mut shown = party.frame(qn, &request.cn, Area::of(request.shown().cp()), Answer::Wanted);
        shown.key = None;
        Some(Ready {
            bytes: encode(&outgoing),
            shown: hide_password(String::from_utf8_lossy(&encode(&shown)).trim_end()),
            qn: qn_of(qn),
            timing: desk.timing(mn),
        })
    }

    /// What a dialogue changes when it is over.
    fn ended(&self, dialogue: &Dialogue, request: &Request) {
        let desk = &self.desk;
        let mut kept = desk.audit.ended(dialogue);
        if dialogue.state == DialogueState::Done {
            kept = kept.and(match request.cn.as_str() {
                cn::TIMING => self.keep_timing(dialogue, request),
                cn::PASSWORD | cn::KEY => self.keep_secret(&dialogue.mn, request),
                _ => Ok(()),
            });
        }
        if let Err(error) = kept {
            tracing::error!(mn = dialogue.mn, %error, "the end of a dialogue could not be kept");
        }
    }

    fn keep_timing(&self, dialogue: &Dialogue, request: &Request) -> Result<(), StoreError> {
        let number = |name: &str| request.field(name).and_then(|value| value.parse().ok());
        let (Some(over_time_s), Some(resends)) = (number("OverTime"), number("ReCount")) else { return Ok(()) };
        let timing = Timing { over_time_s, resends };
        self.desk.timings.lock().unwrap_or_else(PoisonError::into_inner).insert(dialogue.mn.clone(), timing);
        self.desk.audit.timing(dialogue, timing)
    }

    fn keep_secret(&self, mn: &str, request: &Request) -> Result<(), StoreError> {
        let desk = &self.desk;
        let known = desk.store.secrets().get(mn)?;
        let mut secret = match known {
            Some(known) => Secret { since: Moment::now().wall, ..known },
            None => Secret { password: String::new(), key_hex: None, since: Moment::now().wall },
        };
        if let Some(password) = request.field("NewPW").or(request.field("PW")) {
            secret.password = password.to_string();
        }
        if let Some(key) = request.field("NewSK") {
            secret.key_hex = Some(key.to_string());
        }
        desk.store.secrets().set(mn, secret.clone())?;
        desk.roll.change(mn, secret);
        Ok(())
    }
}
