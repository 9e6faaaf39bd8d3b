//! Micro-stations over a real broker: `mosquitto` (Debian package of that name). Skipped where it is absent.

use crate::world::*;
use domain::{Cadence, Instant};
use gateway::{ADDRESS_NOT_ALLOWED, MqttConfig, UNKNOWN_MN};
use intake::hj212::Generation;
use intake::micro::Micros;
use rumqttc::{AsyncClient, MqttOptions, QoS};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use store::{Source, Store, Verdict};

/// A broker on a port of its own, ended when dropped.
struct Broker {
    child: Child,
    port: u16,
    dir: tempfile::TempDir,
}

impl Broker {
    fn start() -> Option<Broker> {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let dir = tempfile::tempdir().unwrap();
        let child = Broker::spawn(port, &dir)?;
        Some(Broker { child, port, dir })
    }

    fn spawn(port: u16, dir: &tempfile::TempDir) -> Option<Child> {
        let file = dir.path().join("mosquitto.conf");
        // Its own user would not find the folder.
        let settings = format!("listener {port} 127.0.0.1\nallow_anonymous true\nuser root\n");
        std::fs::write(&file, settings).unwrap();
        let programs = ["mosquitto", "/usr/sbin/mosquitto"];
        let spawn = |program: &&str| {
            Command::new(program).arg("-c").arg(&file).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()
        };
        programs.iter().find_map(spawn)
    }

    fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    fn restart(&mut self) {
        self.child = Broker::spawn(self.port, &self.dir).unwrap();
    }

    fn config(&self) -> MqttConfig {
        MqttConfig { keep_alive_s: 5, ..MqttConfig::new("127.0.0.1", self.port, Arc::new(Micros::builtin().clone())) }
    }

    /// Publishes payloads and waits until the broker has them.
    async fn publish(&self, messages: &[(String, String)]) {
        let mut options = MqttOptions::new("station", "127.0.0.1", self.port);
        options.set_keep_alive(Duration::from_secs(5));
        let (client, mut events) = AsyncClient::new(options, 100);
        for (topic, payload) in messages {
            client.publish(topic, QoS::AtLeastOnce, false, payload.as_bytes()).await.unwrap();
        }
        let mut acknowledged = 0;
        while acknowledged < messages.len() {
            if let rumqttc::Event::Incoming(rumqttc::Packet::PubAck(_)) = events.poll().await.unwrap() {
                acknowledged += 1;
            }
        }
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.stop();
    }
}

fn broker() -> Option<Broker> {
    let broker = Broker::start();
    if broker.is_none() {
        println!("skipped: mosquitto is not installed (apt-get install mosquitto)");
    }
    broker
}

fn directory_of_stations() -> gateway::Directory {
    let mut directory = directory(1);
    let station = domain::Device { mn: "M1".into(), generation: "mqtt".into(), ..device(0, Generation::G2017) };
    directory.register.devices.insert("M1".into(), station);
    directory
}

fn reading(mn: &str, minute: i64, pm25: &str) -> (String, String) {
    let time = at(minute * 60).to_iso();
    (format!("micro/{mn}/data"), format!("{{\"time\":\"{time}\",\"pm25\":{pm25},\"status\":\"ok\"}}"))
}

fn start(broker: &Broker) -> World {
    let mut config = config();
    config.mqtt = Some(broker.config());
    World::of(config, directory_of_stations())
}

#[tokio::test(flavor = "multi_thread")]
async fn publications_are_kept_like_frames() {
    let Some(broker) = broker() else { return };
    let world = start(&broker);
    until(|| world.gateway.health().mqtt_connected == Some(true)).await;
    tokio::time::sleep(SILENCE).await;
    let strange = ("micro/M1/data".to_string(), "not json".to_string());
    broker.publish(&[reading("M1", 0, "35"), reading("M2", 0, "36"), reading(&mn(0), 0, "37"), strange]).await;
    let kept = world.kept(4).await;
    assert!(kept.iter().all(|frame| frame.source == Source::Mqtt && frame.peer.starts_with("mqtt://")));
    assert_eq!((kept[0].mn.as_str(), kept[0].verdict), ("M1", Verdict::Conforms));
    assert_eq!((kept[0].cadence, kept[0].data_time), (Some(Cadence::RealTime), Some(at(0))));
    assert_eq!(kept[0].cn, "micro/M1/data");
    assert_eq!(kept[1].deviations, [UNKNOWN_MN]);
    assert_eq!(kept[2].deviations, [ADDRESS_NOT_ALLOWED], "a device of HJ 212 does not speak over MQTT");
    assert_eq!(kept[2].data_time, None);
    assert_eq!((kept[3].verdict, kept[3].raw.as_slice()), (Verdict::Broken, b"not json".as_slice()));
    until(|| world.gateway.latest_of("M1").len() == 1).await;
    let latest = world.gateway.latest_of("M1");
    assert_eq!((latest[0].item().code.as_str(), latest[0].item().rtd.unwrap().to_string()), ("a34004", "35".into()));
    // Read again from the journal.
    let world = again(world).await;
    assert_eq!(world.gateway.latest_of("M1")[0].item().rtd.unwrap().to_string(), "35");
}

async fn again(world: World) -> World {
    let World { dir, store, gateway, .. } = world;
    gateway.shutdown().await;
    World::on(dir, store, config(), directory_of_stations())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_published_while_the_gateway_is_away_comes_when_it_is_back() {
    let Some(broker) = broker() else { return };
    let world = start(&broker);
    until(|| world.gateway.health().mqtt_connected == Some(true)).await;
    tokio::time::sleep(SILENCE).await;
    broker.publish(&[reading("M1", 0, "1")]).await;
    world.kept(1).await;
    tokio::time::sleep(SILENCE).await;
    let World { dir, store, gateway, .. } = world;
    gateway.shutdown().await;
    broker.publish(&[reading("M1", 1, "2"), reading("M1", 2, "3")]).await;
    let mut config = config();
    config.mqtt = Some(broker.config());
    let store: Arc<Store> = store;
    let world = World::on(dir, store, config, directory_of_stations());
    let kept = world.kept(3).await;
    let times: Vec<Option<Instant>> = kept.iter().map(|frame| frame.data_time).collect();
    assert_eq!(times, [Some(at(0)), Some(at(60)), Some(at(120))], "the first was acknowledged and does not come again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_was_away_is_connected_again() {
    let Some(mut broker) = broker() else { return };
    let world = start(&broker);
    until(|| world.gateway.health().mqtt_connected == Some(true)).await;
    broker.stop();
    until(|| world.gateway.health().mqtt_connected == Some(false)).await;
    broker.restart();
    until(|| world.gateway.health().mqtt_connected == Some(true)).await;
    tokio::time::sleep(SILENCE).await;
    broker.publish(&[reading("M1", 0, "1")]).await;
    world.kept(1).await;
}
