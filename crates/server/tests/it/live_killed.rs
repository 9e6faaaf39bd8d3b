//! Kill −9 of the server at random under load, again and again: no answered frame is lost, no value is doubled.

use crate::live_kit::{Gateway, Town, free_port, serve, shelled, sized};
use std::time::{Duration, Instant};

/// Longest life of a server [ms].
const LONGEST_LIFE_MS: u64 = 1_500;

/// Ten kills; in full 200.
#[test]
fn a_killed_server_has_kept_what_it_answered() {
    let kills = sized(10, 200);
    let town = Town::new(&[
        "--devices",
        sized("40", "200"),
        "--hours",
        "20000",
        "--minute-interval",
        "10",
        "--realtime-interval",
        "600",
    ]);
    let port = free_port();
    let to = format!("127.0.0.1:{port}");
    let mut simulator = town.simulator(&to, &["--speed", "3600", "--answer-timeout", "5"]);
    let (begun, mut random, mut life) = (Instant::now(), 0x2026_0305_u64, Duration::ZERO);
    for turn in 0..kills {
        // Counted from the first line it prints: some die before their gateway listens, some while they catch up.
        let gateway = Gateway::starting(&mut shelled(&serve(&town.data(), port)));
        let own = Duration::from_millis(pick(&mut random) % LONGEST_LIFE_MS);
        std::thread::sleep(own);
        life += own;
        assert!(simulator.runs(), "the simulator has given up after {turn} kills: {}", gateway.0.log());
        drop(gateway);
    }
    let killed = begun.elapsed();
    let gateway = Gateway::started(shelled(&serve(&town.data(), port)));
    let simulated = simulator.told_to_end();
    println!(
        "{kills} kills in {:.0} s, of which the server lived {:.0} s\n{}",
        killed.as_secs_f64(),
        life.as_secs_f64(),
        simulated.words
    );
    assert_eq!(simulated.unanswered, 0, "{simulated:?}");
    assert!(simulated.broken >= kills && simulated.resent > 0, "the kills were not felt: {simulated:?}");
    drop(gateway);
    let (lost, answered) = town.answered_but_lost(&town.data());
    println!("{answered} answered frames, {} of them not in the journal", lost.len());
    assert!(lost.is_empty(), "answered, but lost: {lost:?}");
    let found = town.is_exact_but_for_the_unawaited(&town.data());
    println!(
        "{} messages expected, {} equal, {} held again; {} that waited for no answer went down with a connection",
        found["expected"], found["equal"], found["repeated"], found["missing"]
    );
    let unawaited = simulated.sent - simulated.answered;
    assert!(found["missing"].as_u64().is_some_and(|missing| missing <= unawaited), "{found:#}");
    for table in ["realtime", "minutes", "hours_sent", "days_sent"] {
        assert_eq!(town.doubled(table), "0", "doubled values in {table}");
    }
}

/// The next of a row of numbers that only looks random (xorshift): a failure can be repeated.
fn pick(random: &mut u64) -> u64 {
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    *random
}
