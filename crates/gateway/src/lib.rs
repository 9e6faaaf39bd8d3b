//! Sockets → durable frames → answers: HJ 212 over TCP and JSON over MQTT.
//!
//! ```text
//! socket ─▶ connection ─▶ session ─▶ queue ─▶ writer ─▶ journal (one transaction for many frames)
//!    ▲                                          │
//!    └────────── outbox ◀── answer 9014 ────────┼─▶ hub, latest, devices   (who follows)
//!                  ▲                            └─▶ desk ─▶ dialogues      (who asks devices)
//!                  └──────── requests ──────────────┘
//! ```
//!
//! A frame is answered only after it is on the disk. What decides is sans-IO ([`session`], [`talk`],
//! [`dialogues`]); tasks and threads around it only move bytes. `server` starts it and reads it.

mod answer;
mod arrival;
mod audit;
mod bucket;
mod config;
mod connection;
mod core;
mod counters;
mod desk;
mod devices;
mod dialogue;
mod dialogues;
mod error;
mod gateway;
mod health;
mod hub;
mod latest;
mod listener;
mod moment;
mod mqtt;
mod network;
mod outbox;
mod queue;
mod recall;
mod request;
mod roll;
mod rules;
mod secret;
mod session;
mod talk;
mod tls;
mod writer;

pub use arrival::Arrival;
pub use audit::{ASKED, ENDED, TIMING, is_dialogue_event};
pub use config::{Config, Group, Limits, MqttConfig, Tls};
pub use counters::Counts;
pub use devices::{DeviceState, SeenDeviation};
pub use dialogue::{Dialogue, DialogueId, DialogueState, Direction, Step};
pub use error::GatewayError;
pub use gateway::Gateway;
pub use health::Health;
pub use latest::Latest;
pub use moment::Moment;
pub use recall::Reading;
pub use request::Request;
pub use roll::Directory;
pub use rules::{
    ADDRESS_NOT_ALLOWED, GARBAGE, IMPLAUSIBLE_TIME, MQTT_GENERATION, Rules, Timing, UNKNOWN_MN, WRONG_PASSWORD,
    is_trusted,
};
pub use secret::{hide_password, new_key};
