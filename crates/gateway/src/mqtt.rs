//! Publications of micro-stations → the same journal. One task polls the broker, another acknowledges what
//! has become durable.
//!
//! The broker keeps what is not acknowledged and sends it again after the connection was lost. A receipt of
//! an earlier connection is thrown away: its number may mean another publication by now.

use crate::config::MqttConfig;
use crate::core::Core;
use crate::counters::count;
use crate::moment::Moment;
use crate::queue::Batch;
use crate::roll::Roll;
use crate::rules::{ADDRESS_NOT_ALLOWED, IMPLAUSIBLE_TIME, MQTT_GENERATION, UNKNOWN_MN};
use crate::session::cost;
use crate::writer::Tag;
use domain::{FrameId, OnlineMessage};
use rumqttc::{AsyncClient, Event, EventLoop, MqttOptions, Packet, Publish, QoS, SubscribeFilter};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use store::{NewFrame, Source, Verdict};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;

/// Requests to the client library that may wait.
const WAITING_REQUESTS: usize = 256;
/// Longest publication taken, bytes.
const MAX_PUBLICATION_BYTES: usize = 1 << 20;
/// Pause before connecting again; doubled up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Tells the broker that a publication is kept, when all its messages are.
#[derive(Debug)]
pub(crate) struct Receipt {
    epoch: u64,
    publish: Publish,
    receipts: UnboundedSender<(u64, Publish)>,
}

/// The connection to the broker.
#[derive(Debug, Default)]
pub(crate) struct Broker {
    /// Whether it is there.
    pub connected: AtomicBool,
    /// Number of the connection.
    epoch: AtomicU64,
}

struct Intake<'a> {
    core: &'a Core,
    roll: watch::Receiver<Arc<Roll>>,
    config: &'a MqttConfig,
    peer: String,
    receipts: UnboundedSender<(u64, Publish)>,
}

impl Receipt {
    /// The publication is durable.
    pub fn send(self) {
        // With nobody to acknowledge it the broker sends it again.
        let _ = self.receipts.send((self.epoch, self.publish));
    }
}

/// Serves the broker until the gateway stops.
pub(crate) async fn run(core: Arc<Core>, config: MqttConfig, broker: Arc<Broker>) {
    let mut options = MqttOptions::new(&config.client_id, &config.host, config.port);
    options.set_keep_alive(Duration::from_secs(u64::from(config.keep_alive_s.max(1))));
    options.set_clean_session(false);
    options.set_manual_acks(true);
    options.set_max_packet_size(MAX_PUBLICATION_BYTES, MAX_PUBLICATION_BYTES);
    if let Some((user, password)) = &config.credentials {
        options.set_credentials(user, password);
    }
    let (client, events) = AsyncClient::new(options, WAITING_REQUESTS);
    let (receipts, settled) = unbounded_channel();
    let acknowledging = tokio::spawn(acknowledge(client.clone(), settled, broker.clone()));
    let mut stopping = core.stop.subscribe();
    let intake = Intake {
        core: &core,
        roll: core.roll.watch(),
        config: &config,
        peer: format!("mqtt://{}:{}", config.host, config.port),
        receipts,
    };
    tokio::select! {
        () = intake.poll(events, &client, &broker) => {}
        _ = stopping.changed() => {}
    }
    acknowledging.abort();
}

async fn acknowledge(client: AsyncClient, mut settled: UnboundedReceiver<(u64, Publish)>, broker: Arc<Broker>) {
    while let Some((epoch, publish)) = settled.recv().await {
        if epoch == broker.epoch.load(Ordering::Acquire) && client.ack(&publish).await.is_err() {
            return;
        }
    }
}

impl Intake<'_> {
    async fn poll(&self, mut events: EventLoop, client: &AsyncClient, broker: &Broker) {
        let mut gate = self.core.gate.watch();
        let mut pause = FIRST_PAUSE;
        loop {
            open(&mut gate).await;
            match events.poll().await {
                Ok(Event::Incoming(Packet::ConnAck(_))) => {
                    pause = FIRST_PAUSE;
                    broker.epoch.fetch_add(1, Ordering::AcqRel);
                    broker.connected.store(true, Ordering::Release);
                    let filter = |topic: &String| SubscribeFilter::new(topic.clone(), QoS::AtLeastOnce);
                    if let Err(error) = client.try_subscribe_many(self.config.topics.iter().map(filter)) {
                        tracing::error!(%error, "the topics of the micro-stations cannot be subscribed to");
                    }
                    tracing::info!(broker = self.peer, "the broker of the micro-stations is connected");
                }
                Ok(Event::Incoming(Packet::Publish(publish))) => {
                    self.keep(publish, broker.epoch.load(Ordering::Acquire)).await;
                }
                Ok(_) => {}
                Err(error) => {
                    if broker.connected.swap(false, Ordering::AcqRel) || pause == FIRST_PAUSE {
                        tracing::warn!(broker = self.peer, %error, "the broker of the micro-stations is lost");
                    }
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }

    /// One publication: a frame for each of its messages, or one frame if it says nothing that can be read.
    async fn keep(&self, publish: Publish, epoch: u64) {
        count(&self.core.counters.mqtt_messages, 1);
        let (messages, problems) = self.config.micros.read(&publish.topic, &publish.payload, FrameId(0));
        let mut codes: Vec<String> = problems.iter().map(|problem| problem.code.to_string()).collect();
        codes.sort_unstable();
        codes.dedup();
        let roll = self.roll.borrow().clone();
        let raw = Vec::from(publish.payload.as_ref());
        let mut batch = Batch::default();
        for message in messages {
            let (frame, tag) = self.frame(message, &codes, &roll);
            batch.push(
                NewFrame { raw: raw.clone(), cn: publish.topic.clone(), ..frame },
                Tag { cost: cost(&raw), ..tag },
            );
        }
        if batch.len() == 0 {
            let frame = NewFrame { deviations: codes, verdict: Verdict::Broken, raw, ..self.blank() };
            let tag = Tag { cost: cost(&frame.raw), ..Tag::default() };
            batch.push(NewFrame { cn: publish.topic.clone(), ..frame }, tag);
        }
        // All messages of a publication are written in order, so the last one stands for all.
        if let Some(last) = batch.tags.last_mut() {
            last.receipt = Some(Receipt { epoch, publish, receipts: self.receipts.clone() });
        }
        self.core.queue.put(&mut batch).await;
    }

    /// The broker knows its publishers, we do not: only devices that are registered for MQTT may speak so.
    fn frame(&self, message: OnlineMessage, codes: &[String], roll: &Roll) -> (NewFrame, Tag) {
        let objection = match roll.find(&message.mn) {
            None => Some(UNKNOWN_MN),
            Some(device) if device.generation != MQTT_GENERATION => Some(ADDRESS_NOT_ALLOWED),
            Some(_) => None,
        };
        let mut deviations = codes.to_vec();
        deviations.extend(objection.map(str::to_string));
        let plausible = message.is_plausible(Moment::now().wall);
        deviations.extend((!plausible).then(|| IMPLAUSIBLE_TIME.to_string()));
        let indexed = objection != Some(ADDRESS_NOT_ALLOWED) && plausible;
        let frame = NewFrame {
            mn: message.mn.clone(),
            st: message.st.clone(),
            cadence: indexed.then_some(message.cadence),
            data_time: indexed.then_some(message.time),
            pnum: message.part.0,
            pno: message.part.1,
            verdict: if deviations.is_empty() { Verdict::Conforms } else { Verdict::Deviates },
            deviations,
            ..self.blank()
        };
        let trusted = objection.is_none();
        (frame, Tag { message: (trusted && plausible).then_some(message), trusted, ..Tag::default() })
    }

    fn blank(&self) -> NewFrame {
        NewFrame { peer: self.peer.clone(), source: Source::Mqtt, ..NewFrame::new(Moment::now().wall, Vec::new()) }
    }
}

async fn open(gate: &mut watch::Receiver<bool>) {
    // An error means that the gateway is gone, and this task with it.
    let _ = gate.wait_for(|open| *open).await;
}
