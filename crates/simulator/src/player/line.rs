//! One connection: takes the events of its devices, writes their frames, waits for the answers, and makes the
//! connection anew when it is lost.

use super::Shared;
use super::dialogue::{Dialogue, Reply};
use super::outbox::Outbox;
use crate::counters::Counters;
use crate::events::{Action, Event};
use crate::frame::{Frame, Shape};
use intake::hj212::{Framer, FramerLimits, Piece, Protocol, decode};
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::Receiver;

/// First and longest wait before a connection is tried again.
const BACK_OFF: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(2));
/// How often a connection looks at what is overdue.
const TICK: Duration = Duration::from_millis(250);
/// How long a closing connection waits for the other side.
const CLOSING: Duration = Duration::from_secs(5);
/// Events are taken only while less than this waits to be written [bytes].
const OUTBOX: usize = 64 * 1024;
/// Longest frame taken from a platform [bytes].
const MAX_FRAME: usize = 16 * 1024;

/// A frame that waits for its answer.
struct InFlight {
    frame: Box<Frame>,
    since: Instant,
    first: Instant,
    tries: u32,
    history: bool,
}

/// Why a connection ended.
enum End {
    /// It broke, or an answer never came.
    Broken,
    /// The line of the device is lost for a while.
    Down,
    /// All is said and answered.
    Done,
}

struct Line {
    shared: Arc<Shared>,
    dialogue: Dialogue,
    in_flight: VecDeque<InFlight>,
    replies: VecDeque<Reply>,
    outbox: Outbox,
    over: bool,
    alone: bool,
    answered: u64,
}

/// Plays the devices of one connection until their events are over and answered.
pub(super) async fn run(shared: Arc<Shared>, devices: Range<usize>, mut events: Receiver<Event>) {
    let mut line = Line {
        dialogue: Dialogue::new(Arc::clone(&shared.city), devices.clone()),
        shared,
        in_flight: VecDeque::new(),
        replies: VecDeque::new(),
        outbox: Outbox::default(),
        over: false,
        alone: devices.len() == 1,
        answered: 0,
    };
    let mut wait = BACK_OFF.0;
    let mut alive = Instant::now();
    loop {
        let before = line.answered;
        if let Ok(socket) = TcpStream::connect(&line.shared.options.to).await {
            Counters::add(&line.shared.counters.connections, 1);
            match line.converse(socket, &mut events).await {
                End::Done => return,
                End::Down => line.sleep_through(&mut events).await,
                End::Broken => Counters::add(&line.shared.counters.broken, 1),
            }
        }
        if line.over && line.is_idle() {
            return;
        }
        if line.answered > before {
            (wait, alive) = (BACK_OFF.0, Instant::now());
        }
        if alive.elapsed() > line.shared.options.give_up {
            return line.abandon(&mut events);
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(BACK_OFF.1);
    }
}

impl Line {
    /// Uses one connection to its end.
    async fn converse(&mut self, socket: TcpStream, events: &mut Receiver<Event>) -> End {
        // Without it small frames would wait for each other's acknowledgement.
        let _ = socket.set_nodelay(true);
        let (mut reader, mut writer) = socket.into_split();
        let mut framer = Framer::new(FramerLimits { max_frame_bytes: MAX_FRAME });
        let mut input = vec![0; 8 * 1024];
        self.outbox.clear();
        self.say_again();
        let mut closing: Option<(End, Instant)> = None;
        loop {
            self.say_replies();
            let room = self.in_flight.len() < self.shared.options.window.max(1) && self.outbox.len() < OUTBOX;
            let takes = room && closing.is_none() && !self.over;
            if self.over && self.is_idle() && closing.is_none() {
                self.outbox.flush();
                if self.outbox.len() == 0 {
                    let _ = writer.shutdown().await;
                    closing = Some((End::Done, Instant::now()));
                }
            }
            let output = self.outbox.front();
            tokio::select! {
                read = reader.read(&mut input) => match read {
                    Ok(0) | Err(_) => return closing.map_or(End::Broken, |(end, _)| end),
                    Ok(count) => {
                        framer.push(&input[..count]);
                        while let Some(piece) = framer.next() {
                            self.hear(&piece);
                        }
                    }
                },
                written = write(&mut writer, output), if output.is_some() => match written {
                    Ok(count) => {
                        Counters::add(&self.shared.counters.bytes, count as u64);
                        self.outbox.written(count);
                    }
                    Err(_) => return closing.map_or(End::Broken, |(end, _)| end),
                },
                event = events.recv(), if takes => match event {
                    Some(event) => if self.take(event, events) {
                        self.outbox.flush();
                        closing = Some((End::Down, Instant::now()));
                    },
                    None => self.over = true,
                },
                () = tokio::time::sleep(TICK) => if closing.is_none() && self.overdue() {
                    return End::Broken;
                },
            }
            if let Some((end, since)) = &closing {
                let said = self.outbox.len() == 0 && self.in_flight.is_empty();
                if matches!(end, End::Down) && said {
                    let _ = writer.shutdown().await;
                }
                if since.elapsed() > CLOSING {
                    return closing.map_or(End::Broken, |(end, _)| end);
                }
            }
        }
    }

    /// Takes an event and those that wait behind it; `true` when the line goes down.
    fn take(&mut self, event: Event, events: &mut Receiver<Event>) -> bool {
        let mut next = Some(event);
        while let Some(event) = next {
            self.dialogue.now = event.time;
            match event.action {
                Action::Send(frame) => self.say(frame, Say::First),
                Action::Down if self.alone => return true,
                Action::Down | Action::Up => {}
            }
            let full = self.in_flight.len() >= self.shared.options.window.max(1) || self.outbox.len() >= OUTBOX;
            next = if full { None } else { events.try_recv().ok() };
        }
        false
    }

    fn say(&mut self, frame: Box<Frame>, say: Say) {
        self.outbox.push(&frame.bytes, frame.shape);
        Counters::add(&self.shared.counters.sent, 1);
        if frame.awaited {
            let (since, history) = (Instant::now(), say == Say::History);
            self.in_flight.push_back(InFlight { frame, since, first: since, tries: 0, history });
        }
    }

    /// After a new connection: everything that was not answered.
    fn say_again(&mut self) {
        for waiting in &mut self.in_flight {
            let bytes = again(&self.shared, &waiting.frame);
            self.outbox.push(&bytes, Shape::Whole);
            waiting.since = Instant::now();
            waiting.tries = 0;
            Counters::add(&self.shared.counters.resent, 1);
        }
    }

    /// Sends again what waits too long; `true` when that was done too often.
    fn overdue(&mut self) -> bool {
        let timeout = self.shared.options.answer_timeout;
        for waiting in &mut self.in_flight {
            if waiting.since.elapsed() < timeout {
                continue;
            }
            if waiting.tries >= self.shared.options.resends {
                return true;
            }
            let bytes = again(&self.shared, &waiting.frame);
            self.outbox.push(&bytes, Shape::Whole);
            waiting.since = Instant::now();
            waiting.tries += 1;
            Counters::add(&self.shared.counters.resent, 1);
        }
        false
    }

    /// Replies to the platform's requests, in order; history is sent frame by answered frame (HJ 212-2017, C.50).
    fn say_replies(&mut self) {
        while !self.in_flight.iter().any(|waiting| waiting.history) {
            match self.replies.pop_front() {
                None => return,
                Some(Reply::Bytes(bytes)) => self.outbox.push(&bytes, Shape::Whole),
                Some(Reply::Data(frame)) => {
                    self.shared.tell_truth(self.dialogue.now, &frame);
                    Counters::add(&self.shared.counters.planned, 1);
                    self.say(frame, Say::History);
                }
            }
        }
    }

    fn hear(&mut self, piece: &Piece) {
        let Piece::Frame(raw) = piece else { return };
        let decoded = decode(raw, None, Protocol::builtin());
        if decoded.cn != DATA_ANSWER {
            if self.dialogue.hear(raw, &decoded, &mut self.replies) {
                Counters::add(&self.shared.counters.requests, 1);
            }
            return;
        }
        let city = &self.shared.city;
        let found = self.in_flight.iter().position(|waiting| {
            waiting.frame.qn == decoded.qn && (self.alone || city.devices[waiting.frame.device].mn == decoded.mn)
        });
        match found.and_then(|at| self.in_flight.remove(at)) {
            Some(waiting) => {
                self.answered += 1;
                self.shared.log_answered(&waiting.frame);
                self.shared.counters.answered_after(waiting.first.elapsed());
            }
            None => Counters::add(&self.shared.counters.unasked, 1),
        }
    }

    /// While the line is lost nothing is sent; the events that come meanwhile are the end of that.
    async fn sleep_through(&mut self, events: &mut Receiver<Event>) {
        while let Some(event) = events.recv().await {
            self.dialogue.now = event.time;
            match event.action {
                Action::Up => return,
                // Never planned while the line is down; kept if it should be.
                Action::Send(frame) => self.in_flight.push_back(InFlight {
                    frame,
                    since: Instant::now(),
                    first: Instant::now(),
                    tries: 0,
                    history: false,
                }),
                Action::Down => {}
            }
        }
        self.over = true;
    }

    fn is_idle(&self) -> bool {
        self.in_flight.is_empty() && self.replies.is_empty()
    }

    /// The server is away for good: counts what it never answered, and what was never sent.
    fn abandon(&mut self, events: &mut Receiver<Event>) {
        let mut lost = self.in_flight.len() as u64;
        self.shared.counters.stop();
        events.close();
        while let Ok(event) = events.try_recv() {
            lost += u64::from(matches!(event.action, Action::Send(_)));
        }
        Counters::add(&self.shared.counters.unanswered, lost);
    }
}

/// Why a frame is said.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Say {
    First,
    History,
}

/// The command that answers data.
const DATA_ANSWER: &str = "9014";

fn again(shared: &Shared, frame: &Frame) -> Vec<u8> {
    // What was spoilt and is answered all the same goes as it went.
    match frame.expected {
        crate::frame::Expected::Malformed(_) => frame.bytes.clone(),
        _ => shared.city.encode(frame, true),
    }
}

async fn write(writer: &mut tokio::net::tcp::OwnedWriteHalf, bytes: Option<&[u8]>) -> std::io::Result<usize> {
    match bytes {
        Some(bytes) => writer.write(bytes).await,
        None => std::future::pending().await,
    }
}
