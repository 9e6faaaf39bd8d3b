//! Many connections, of which every tenth is hostile: the others see their answers, memory stays bounded.

use crate::live_kit::{Gateway, Most, Simulated, Town, sized};

/// Ways of being hostile that the simulator knows.
const KINDS: usize = 7;
/// What the server takes at most in a crowd of 10,000, mostly for what it knows of 70,000 series.
const MOST_MEMORY_MB: u64 = 2_000;
/// What the hostile may cost beside that.
const HOSTILE_MEMORY_MB: u64 = 256;

/// 300 devices and 70 hostile connections; in full 9,000 and 1,001.
#[test]
fn the_hostile_harm_nobody() {
    let (devices, of_kind) = sized((300, 10), (9_000, 143));
    let (calm, most_calm) = crowd(devices, 0);
    let (simulated, most) = crowd(devices, of_kind);
    println!("without them: {}with them: {}", calm.words, simulated.words);
    assert_eq!((simulated.unanswered, simulated.broken), (0, 0), "{simulated:?}");
    assert!(most.connections as usize >= devices, "{most:?}");
    assert!(most.in_flight_bytes <= most.in_flight_limit_bytes, "{most:?}");
    assert!(most.memory_bytes >> 20 <= MOST_MEMORY_MB, "{most:?}");
    assert!(most.memory_bytes >> 20 <= (most_calm.memory_bytes >> 20) + HOSTILE_MEMORY_MB, "{most_calm:?} {most:?}");
}

fn crowd(devices: usize, of_kind: usize) -> (Simulated, Most) {
    let (devices, of_kind) = (devices.to_string(), of_kind.to_string());
    let town =
        Town::new(&["--devices", &devices, "--hours", "1", "--minute-interval", "10", "--realtime-interval", "600"]);
    let gateway = Gateway::on(&town.data());
    let watched = gateway.watched();
    let speed = sized("300", "60");
    let simulated = town.simulator(&gateway.hj212, &["--speed", speed, "--hostile", &of_kind]).ended();
    let most = watched.most();
    let health = gateway.health();
    println!(
        "{devices} devices, {KINDS} × {of_kind} hostile, {:.0} s: at most {} connections, {} MB of memory, {} of {} bytes of frames on their way\n{:?}",
        simulated.seconds,
        most.connections,
        most.memory_bytes >> 20,
        most.in_flight_bytes,
        most.in_flight_limit_bytes,
        health.counters
    );
    town.is_exact(&town.data());
    let (lost, answered) = town.answered_but_lost(&town.data());
    assert!(lost.is_empty() && answered > 0, "answered, but lost: {lost:?}");
    (simulated, most)
}
