//! How fast frames become durable and are answered. Run by hand; the numbers that count are in `bench/`.

use crate::world::*;
use intake::hj212::{Generation, encode};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const CONNECTIONS: usize = 200;
const WINDOW: usize = 16;
const FRAMES: usize = 1_500;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn durable_frames_a_second() {
    let world = World::of(config(), directory(CONNECTIONS));
    let address = world.gateway.local_addr();
    let start = Instant::now();
    let tasks: Vec<_> = (0..CONNECTIONS).map(|number| tokio::spawn(load(address, number))).collect();
    let mut waits = Vec::new();
    for task in tasks {
        waits.extend(task.await.unwrap());
    }
    let took = start.elapsed();
    waits.sort_unstable();
    let total = CONNECTIONS * FRAMES;
    println!("{total} frames in {took:?}: {:.0} frames/s", total as f64 / took.as_secs_f64());
    println!("answer p50 {:?} p99 {:?}", waits[waits.len() / 2], waits[waits.len() * 99 / 100]);
    println!("{:?}", world.gateway.health().counts);
}

/// Keeps `WINDOW` frames on their way; every answer has the same length.
async fn load(address: std::net::SocketAddr, number: usize) -> Vec<Duration> {
    let mut instrument = Instrument::connect(address).await;
    let party = party(number, Generation::G2017);
    let frames: Vec<Vec<u8>> = (0..FRAMES).map(|n| encode(&minute(&party, n as i64, "12.5"))).collect();
    let (mut reader, mut writer) = instrument.stream.split();
    let mut waits = Vec::new();
    let mut answer = vec![0; WINDOW * 128];
    for chunk in frames.chunks(WINDOW) {
        let sent = Instant::now();
        writer.write_all(&chunk.concat()).await.unwrap();
        let mut lines = 0;
        while lines < chunk.len() {
            let read = reader.read(&mut answer).await.unwrap();
            assert!(read > 0);
            lines += answer[..read].iter().filter(|byte| **byte == b'\n').count();
        }
        waits.push(sent.elapsed());
    }
    waits
}
