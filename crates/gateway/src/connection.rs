//! One connection's task: bytes in and out of a socket, around the [`Session`] that decides.
//!
//! It is not read while its frames wait, while it sends too fast, or while nothing can be kept. That is all
//! the back-pressure there is: the peer's own TCP window does the rest.

use crate::bucket::Bucket;
use crate::core::Core;
use crate::counters::count;
use crate::moment::Moment;
use crate::outbox::Outbox;
use crate::queue::Batch;
use crate::roll::Roll;
use crate::session::{End, Knowledge, Session};
use std::future::poll_fn;
use std::io;
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Poll, ready};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::sync::watch;
use tokio::time::{Sleep, sleep_until, timeout};

/// Bytes read at once. They stand on the stack: a quiet connection holds none.
const READ_BYTES: usize = 8 * 1024;
/// Room for answers that a connection keeps for the next ones.
const KEPT_ANSWER_BYTES: usize = 1024;

/// A socket, plain or encrypted.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

struct Line<'a, S> {
    stream: S,
    core: &'a Core,
    roll: watch::Receiver<Arc<Roll>>,
    session: Session,
    outbox: Arc<Outbox>,
    bucket: Bucket,
    /// Frames that wait to become durable.
    pending: usize,
    /// The peer sends no more.
    ended: bool,
    answers: Vec<u8>,
    batch: Batch,
}

/// Why the loop goes on or ends.
enum Step {
    Go,
    Done,
}

/// Serves one connection until it ends.
pub(crate) async fn serve<S: Stream>(stream: S, number: u64, peer: SocketAddr, core: &Core) {
    let now = Moment::now();
    let limits = &core.config.limits;
    let mut line = Line {
        stream,
        core,
        roll: core.roll.watch(),
        session: Session::new(number, peer, &core.config, now),
        outbox: Arc::default(),
        bucket: Bucket::new(limits.frames_per_s, limits.burst_frames, now.steady),
        pending: 0,
        ended: false,
        answers: Vec::new(),
        batch: Batch::default(),
    };
    // A reset by the peer is an end like any other.
    if let Err(error) = line.run().await {
        tracing::debug!(%peer, %error, "connection lost");
    }
    line.outbox.end();
    core.devices.gone(number, line.session.devices(), Moment::now().wall);
    if let Some(end) = line.session.end() {
        let counters = &core.counters;
        let counter = match end {
            End::FirstFrame => &counters.closed_first_frame,
            End::Slow => &counters.closed_slow,
            End::Idle => &counters.closed_idle,
            End::Garbage => &counters.closed_garbage,
            End::Stranger => &counters.closed_stranger,
        };
        count(counter, 1);
        tracing::debug!(%peer, ?end, "connection closed");
    }
}

impl<S: Stream> Line<'_, S> {
    async fn run(&mut self) -> io::Result<()> {
        let mut gate = self.core.gate.watch();
        let mut stopping = self.core.stop.subscribe();
        let mut timer = Box::pin(sleep_until(self.session.deadline().into()));
        loop {
            if let Step::Done = self.send().await? {
                let limit = Duration::from_secs(u64::from(self.core.config.limits.write_s));
                return timeout(limit, self.stream.shutdown()).await.unwrap_or(Ok(()));
            }
            let open = *gate.borrow_and_update();
            if !open {
                self.session.excuse(Instant::now());
            }
            let owing = self.bucket.free_at();
            let full = self.pending >= self.core.config.limits.pending_frames;
            let hearing = !self.ended && self.session.end().is_none();
            let reading = open && hearing && !full && owing.is_none();
            arm(timer.as_mut(), owing.unwrap_or(self.session.deadline()));
            tokio::select! {
                () = self.outbox.filled() => {}
                read = read(&mut self.stream, &mut self.session), if reading => self.take(read?).await,
                () = timer.as_mut() => self.tick(),
                _ = gate.changed() => {}
                _ = stopping.changed() => return Ok(()),
            }
        }
    }

    /// Sends what waits; done when the connection has to be closed and all its frames are settled.
    async fn send(&mut self) -> io::Result<Step> {
        let settled = self.outbox.take(&mut self.answers);
        self.pending -= settled.min(self.pending);
        if !self.answers.is_empty() {
            let limit = Duration::from_secs(u64::from(self.core.config.limits.write_s));
            let stream = &mut self.stream;
            let answers = &self.answers;
            let sent = timeout(limit, async {
                stream.write_all(answers).await?;
                stream.flush().await
            });
            let sent = sent.await;
            self.answers.shrink_to(KEPT_ANSWER_BYTES);
            match sent {
                Ok(sent) => sent?,
                Err(_) => {
                    count(&self.core.counters.closed_not_taking, 1);
                    return Err(io::Error::from(io::ErrorKind::TimedOut));
                }
            }
        }
        let ending = self.ended || self.session.end().is_some();
        Ok(if ending && self.pending == 0 { Step::Done } else { Step::Go })
    }

    /// Bytes have come, or the end of them.
    async fn take(&mut self, bytes: usize) {
        let now = Moment::now();
        let roll = self.roll.borrow().clone();
        let known = Knowledge { roll: &roll, protocol: &self.core.protocol };
        while let Some((frame, tag)) = self.session.next(now, &known) {
            self.batch.push(frame, tag);
        }
        if bytes == 0 {
            self.ended = true;
            while let Some((frame, tag)) = self.session.finish(now, &known) {
                self.batch.push(frame, tag);
            }
        }
        let frames = self.batch.len();
        if frames == 0 {
            return;
        }
        self.pending += frames;
        self.bucket.take(frames, now.steady);
        count(&self.core.counters.slowed, u64::from(self.bucket.free_at().is_some()));
        self.batch.tags.iter_mut().for_each(|tag| tag.outbox = Some(self.outbox.clone()));
        self.core.queue.put(&mut self.batch).await;
    }

    fn tick(&mut self) {
        let now = Instant::now();
        match self.bucket.free_at() {
            Some(_) => {
                self.bucket.take(0, now);
                // It was not read meanwhile.
                self.session.excuse(now);
            }
            // With frames of its own in the queue it is waiting for us.
            None if self.pending > 0 => self.session.excuse(now),
            None => self.session.expire(now),
        }
    }
}

/// Reads what there is into the session; 0 at the end.
async fn read<S: Stream>(stream: &mut S, session: &mut Session) -> io::Result<usize> {
    poll_fn(|cx| {
        let mut space = [const { MaybeUninit::<u8>::uninit() }; READ_BYTES];
        let mut buffer = ReadBuf::uninit(&mut space);
        ready!(Pin::new(&mut *stream).poll_read(cx, &mut buffer))?;
        session.push(buffer.filled());
        Poll::Ready(Ok(buffer.filled().len()))
    })
    .await
}

/// Sets the timer anew only when it has fired or would fire too late: most frames need not touch it.
fn arm(timer: Pin<&mut Sleep>, at: Instant) {
    let at = tokio::time::Instant::from_std(at);
    if timer.is_elapsed() || timer.deadline() > at {
        timer.reset(at);
    }
}
