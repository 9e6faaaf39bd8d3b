//! What the platform holds of a simulated town equals what was sent, and what was spoilt is in the ledger.

use crate::live_kit::{Gateway, Town, sized, text};

/// 40 devices for two hours; in full 2,000 devices for a day. 2 % spoilt, 1 % sent twice, 5 % late.
#[test]
fn what_is_held_equals_what_was_sent() {
    let (devices, hours) = sized(("40", "2"), ("2000", "24"));
    let town = Town::new(&[
        "--devices",
        devices,
        "--hours",
        hours,
        "--minute-interval",
        "10",
        "--realtime-interval",
        sized("60", "600"),
        "--malformed",
        "20",
        "--resent",
        "10",
        "--late",
        "50",
    ]);
    let gateway = Gateway::on(&town.data());
    let watched = gateway.watched();
    let simulated = town.simulator(&gateway.hj212, &["--speed", "0", "--answer-timeout", "60"]).ended();
    let most = watched.most();
    println!(
        "{devices} devices, {hours} h: {:.0} frames/s with all that is made of them; at most {} MB of memory\n{}",
        simulated.sent as f64 / simulated.seconds,
        most.memory_bytes >> 20,
        simulated.words
    );
    assert_eq!((simulated.unanswered, simulated.broken), (0, 0), "{simulated:?}");
    let found = town.is_exact(&town.data());
    let malformed = found["malformed"].as_object().expect("by kind");
    let kinds =
        malformed.iter().map(|(kind, count)| (kind.as_str(), [0, 1, 2].map(|at| count[at].as_u64().unwrap_or(0))));
    let (mut sent, mut told) = (0, 0);
    for (kind, [of_kind, kept, in_ledger]) in kinds {
        assert!(of_kind == kept && kept == in_ledger, "{kind}: {of_kind} sent, {kept} kept, {in_ledger} told");
        (sent, told) = (sent + of_kind, told + in_ledger);
    }
    let share = sent as f64 / found["frames_sent"].as_f64().unwrap_or(1.0);
    println!(
        "{} frames sent, {} held; of {} messages {} equal, {} held again; {sent} spoilt ({:.1} %) of {} kinds, {told} told",
        found["frames_sent"],
        found["frames_held"],
        found["expected"],
        found["equal"],
        found["repeated"],
        share * 100.0,
        malformed.len()
    );
    assert!((0.01..0.03).contains(&share), "{share} of the frames were spoilt");
    let (lost, answered) = town.answered_but_lost(&town.data());
    assert!(lost.is_empty() && answered as u64 == simulated.answered, "{} answered, lost: {lost:?}", answered);
    ledger_has_rows(&town);
}

fn ledger_has_rows(town: &Town) {
    let sql = "SELECT count(DISTINCT code) AS codes, sum(count) AS frames FROM deviations";
    let ledger = crate::kit::jingce(&["query", sql, "--data", &text(&town.data()), "--format", "csv"]).ok();
    println!("in the ledger (codes,frames): {}", ledger.lines().nth(1).unwrap_or_default());
    let codes: u64 = ledger.lines().nth(1).and_then(|row| row.split(',').next()?.parse().ok()).unwrap_or(0);
    assert!(codes >= 10, "{ledger}");
}
