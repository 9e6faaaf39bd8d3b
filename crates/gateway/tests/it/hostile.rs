//! Connections that harm nobody else: silent, slow, endless, garbage, flooding, too many.

use crate::world::*;
use gateway::Limits;
use intake::hj212::{Generation, encode};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

fn strict() -> gateway::Config {
    let mut config = config();
    config.first_frame_s = 1;
    config.idle_s = 2;
    config.limits = Limits { frame_s: 1, garbage_bytes: 8 * 1024, stranger_frames: 3, ..Limits::default() };
    config
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_slowness_and_idleness_end_a_connection() {
    let world = World::of(strict(), directory(1));
    let (mut silent, mut slow, mut idle) = (world.connect().await, world.connect().await, world.connect().await);
    let party = party(0, Generation::G2017);
    idle.say(&minute(&party, 0, "1")).await;
    idle.answer().await;
    slow.say(&minute(&party, 0, "1")).await;
    slow.answer().await;
    // A byte now and then does not make a frame.
    let crawl = async {
        for byte in encode(&minute(&party, 60, "1")) {
            if slow.stream.write_all(&[byte]).await.is_err() {
                break;
            }
            sleep(Duration::from_millis(150)).await;
        }
        slow.closed().await;
    };
    tokio::join!(silent.closed(), idle.closed(), crawl);
    let counts = || world.gateway.health().counts;
    until(|| (counts().closed_first_frame, counts().closed_idle, counts().closed_slow) == (1, 1, 1)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn endless_frames_and_garbage_end_a_connection_and_are_kept_up_to_there() {
    let world = World::of(strict(), directory(1));
    let mut endless = world.connect().await;
    let mut sent = 0;
    endless.send(b"##0100QN=20160801085857223;ST=31;CN=2011;MN=").await;
    while sent < 4 << 20 {
        match endless.stream.write(&[b'7'; 4096]).await {
            Ok(bytes) => sent += bytes,
            Err(_) => break,
        }
    }
    endless.closed().await;
    assert!(sent < 4 << 20, "it was closed long before: {sent}");
    let kept: usize = world.frames().iter().map(|frame| frame.raw.len()).sum();
    assert!(kept < 128 * 1024, "{kept}");
    let counts = || world.gateway.health().counts;
    until(|| counts().closed_garbage + counts().closed_stranger == 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_connections_than_allowed_are_closed_politely() {
    let mut config = config();
    config.max_connections = 2;
    let world = World::of(config, directory(1));
    let (one, mut two) = (world.connect().await, world.connect().await);
    two.say(&minute(&party(0, Generation::G2017), 0, "1")).await;
    two.answer().await;
    let mut three = world.connect().await;
    three.closed().await;
    assert_eq!(world.gateway.health().counts.refused, 1);
    assert_eq!(world.gateway.health().connections, 2);
    drop(one);
    sleep(SILENCE).await;
    let mut four = world.connect().await;
    four.say(&minute(&party(0, Generation::G2017), 1, "1")).await;
    four.answer().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_slowed_and_nothing_of_it_is_lost() {
    let mut config = config();
    config.limits = Limits { frames_per_s: 500, burst_frames: 100, ..Limits::default() };
    let world = World::of(config, directory(1));
    let mut flood = world.connect().await;
    let party = party(0, Generation::G2017);
    let start = std::time::Instant::now();
    for n in 0..600 {
        flood.say(&minute(&party, n, "1")).await;
    }
    for n in 0..600 {
        assert_eq!(flood.answer().await.1, minute(&party, n, "1").qn);
    }
    // 100 at once and 500 at 500 a second.
    let took = start.elapsed();
    assert!(took > Duration::from_millis(700) && took < PATIENCE, "{took:?}");
    assert_eq!(world.frames().len(), 600);
    assert!(world.gateway.health().counts.slowed > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_does_not_take_its_answers_is_closed() {
    let mut config = config();
    config.limits.write_s = 1;
    let world = World::of(config, directory(1));
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut deaf = socket.connect(world.gateway.local_addr()).await.unwrap();
    let party = party(0, Generation::G2017);
    let batch: Vec<u8> = (0..100).flat_map(|n| encode(&minute(&party, n, "1"))).collect();
    let sending = async { while deaf.write_all(&batch).await.is_ok() {} };
    timeout(Duration::from_secs(60), sending).await.expect("it is closed");
    until(|| world.gateway.health().counts.closed_not_taking == 1).await;
}

/// What a hostile connection does.
async fn attack(address: std::net::SocketAddr, number: usize) {
    let Ok(mut stream) = TcpStream::connect(address).await else { return };
    let good = encode(&minute(&party(number, Generation::G2017), 0, "1"));
    let stranger = encode(&minute(&party(100_000 + number, Generation::G2017), 0, "1"));
    let wrong = String::from_utf8(good.clone()).unwrap().replace("PW=123456", "PW=000000").into_bytes();
    for _ in 0..400 {
        let sent = match number % 7 {
            0 => stream.write_all(b"#").await,
            1 => stream.write_all(&[b'x'; 2048]).await,
            2 => stream.write_all(&stranger).await,
            3 => stream.write_all(&wrong).await,
            4 => return,
            5 => stream.write_all(b"##9999QN=1;").await,
            _ => stream.write_all(&good.repeat(20)).await,
        };
        if sent.is_err() {
            return;
        }
        sleep(Duration::from_millis(10)).await;
    }
    let mut rest = [0; 1024];
    while stream.read(&mut rest).await.is_ok_and(|read| read > 0) {}
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_good_ones_are_answered_among_a_hundred_hostile_ones() {
    let world = World::of(strict(), directory(300));
    let address = world.gateway.local_addr();
    let hostile: Vec<_> = (0..100).map(|number| tokio::spawn(attack(address, number))).collect();
    let good: Vec<_> = (100..300)
        .map(|number| {
            tokio::spawn(async move {
                let mut instrument = Instrument::connect(address).await;
                let party = party(number, Generation::G2017);
                let mut longest = Duration::ZERO;
                for n in 0..20 {
                    let frame = minute(&party, n, "1");
                    let sent = std::time::Instant::now();
                    instrument.say(&frame).await;
                    assert_eq!(instrument.answer().await, ("9014".into(), frame.qn));
                    longest = longest.max(sent.elapsed());
                    sleep(Duration::from_millis(50)).await;
                }
                longest
            })
        })
        .collect();
    let mut longest = Duration::ZERO;
    for instrument in good {
        longest = longest.max(instrument.await.expect("a good instrument is served"));
    }
    for attacker in hostile {
        attacker.await.unwrap();
    }
    let health = world.gateway.health();
    println!("longest answer {longest:?}; {health:?}");
    assert!(health.accepting && health.in_flight_bytes <= health.in_flight_limit);
    for number in 100..300 {
        let kept = world.frames_of(&mn(number)).iter().filter(|frame| frame.deviations.is_empty()).count();
        assert_eq!(kept, 20, "every good frame of {number} once");
    }
}
