//! A disk that takes no more: the gateway stops answering, says why, goes on by itself, and has lost nothing answered.
//!
//! A full disk is made in two ways: a limit on the size of files, which the system answers much alike and which every
//! user may set, and a small file system in memory that is filled up. A disk that is read-only is a folder marked as
//! unchangeable, which holds for the superuser and for open files too. What the system does not permit is said and
//! passed over.

use crate::live_kit::{Gateway, Health, Town, serve, shelled, text, until};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Longest time until trouble is noticed, and until its end is.
const NOTICED: Duration = Duration::from_secs(30);
/// How long it is looked whether anything is answered meanwhile.
const SILENCE: Duration = Duration::from_secs(2);

/// One kind of trouble: how it begins and ends, and how it is to be told.
struct Trouble<'a> {
    code: &'a str,
    words: [&'a str; 2],
    begins: &'a dyn Fn(),
    ends: &'a dyn Fn(),
}

#[test]
fn files_that_may_not_grow_stop_the_answers_for_a_while() {
    let town = town();
    let gateway = Gateway::started(shelled(&serve(&town.data(), 0)));
    let pid = gateway.server.pid();
    let limit = |bytes: &str| {
        let limit = format!("--fsize={bytes}:unlimited");
        Command::new("prlimit").args(["--pid", &pid.to_string(), &limit]).status().is_ok_and(|status| status.success())
    };
    if !limit("unlimited") {
        println!("passed over: prlimit is not to be had here");
        return;
    }
    let (begins, ends) = (|| assert!(limit("4096")), || assert!(limit("unlimited")));
    let trouble = Trouble { code: "disk-full", words: FULL, begins: &begins, ends: &ends };
    lives_through(&town, &gateway, &town.data(), &trouble);
}

#[test]
fn a_full_disk_stops_the_answers_until_there_is_room() {
    let town = town();
    let Some(gateway) = on_a_small_disk(&town) else {
        println!("passed over: no file system may be mounted here");
        return;
    };
    let seen = PathBuf::from(format!("/proc/{}/root{}", gateway.server.pid(), text(&town.data())));
    let filler = seen.join("online/filler");
    let begins = || {
        let mut file = std::fs::File::create(&filler).expect("there is room for a name");
        while file.write_all(&[7; 4096]).is_ok() {}
    };
    let ends = || std::fs::remove_file(&filler).expect("removed");
    let trouble = Trouble { code: "disk-full", words: FULL, begins: &begins, ends: &ends };
    lives_through(&town, &gateway, &seen, &trouble);
}

#[test]
fn a_read_only_disk_stops_the_answers_until_it_can_be_written_to() {
    let town = town();
    let gateway = Gateway::started(shelled(&serve(&town.data(), 0)));
    let online = town.data().join("online");
    let mark = |sign: &str| {
        let mut paths: Vec<PathBuf> =
            std::fs::read_dir(&online).expect("readable").map(|entry| entry.expect("readable").path()).collect();
        // The system ends a process that writes to memory over a file that became unchangeable.
        paths.retain(|path| path.extension().is_none_or(|ending| ending != "sqlite-shm"));
        paths.push(online.clone());
        Command::new("chattr").arg(format!("{sign}i")).args(paths).output().is_ok_and(|ran| ran.status.success())
    };
    if !mark("+") {
        mark("-");
        println!("passed over: no folder can be marked as unchangeable here");
        return;
    }
    assert!(mark("-"));
    let (begins, ends) = (|| assert!(mark("+")), || assert!(mark("-")));
    let words = ["不可写", "cannot be written to"];
    lives_through(&town, &gateway, &town.data(), &Trouble { code: "read-only", words, begins: &begins, ends: &ends });
}

const FULL: [&str; 2] = ["磁盘空间已满", "no space is left"];

fn town() -> Town {
    Town::new(&["--devices", "40", "--hours", "2000", "--minute-interval", "1", "--realtime-interval", "30"])
}

/// The trouble comes and goes while the town talks.
fn lives_through(town: &Town, gateway: &Gateway, seen: &Path, trouble: &Trouble<'_>) {
    let simulator = town.simulator(&gateway.hj212, &["--speed", "300", "--answer-timeout", "1"]);
    let answered = || gateway.health().counter("answered");
    until("frames are answered", NOTICED, || answered() > 500);
    assert_eq!(gateway.healthz(), (200, "ok\n".to_string()));

    (trouble.begins)();
    // While a folder is being closed off, file by file, the first word may be another.
    let noticed = until("the gateway says that it takes nothing, and why", NOTICED, || {
        let (status, told) = gateway.healthz();
        status == 503 && trouble.words.iter().all(|words| told.contains(words))
    });
    let told = gateway.healthz().1;
    let health = gateway.health();
    assert!(!health.accepting && health.reason["code"] == trouble.code, "{health:?}");
    let said = health.reason["message"].to_string();
    assert!(trouble.words.iter().all(|words| said.contains(words)), "{said}");
    let logged = gateway.log();
    assert!(logged.contains("frames are not answered any more") && logged.contains(trouble.words[1]), "{logged}");
    let before = answered();
    std::thread::sleep(SILENCE);
    let health = gateway.health();
    assert_eq!(health.counter("answered"), before, "answered, though nothing can be kept");
    bounded(&health);

    (trouble.ends)();
    let goes_on = until("the gateway goes on", NOTICED, || gateway.healthz().0 == 200);
    until("frames are answered again", NOTICED, || answered() > before + 500);
    assert!(gateway.log().contains("frames are taken and answered"), "{}", gateway.log());
    let simulated = simulator.told_to_end();
    println!(
        "{}: told after {:.1} s, went on {:.1} s after its end; meanwhile {} bytes of frames waited\n{}{}",
        trouble.code,
        noticed.as_secs_f64(),
        goes_on.as_secs_f64(),
        health.in_flight_bytes,
        told,
        simulated.words
    );
    assert_eq!(simulated.unanswered, 0, "{simulated:?}");
    // A copy, as the disk may be one that only the server sees.
    let kept = town.path("kept");
    let copied = Command::new("cp").arg("-a").args([seen, &kept]).status();
    assert!(copied.is_ok_and(|status| status.success()), "{} cannot be copied", seen.display());
    let (lost, answered) = town.answered_but_lost(&kept);
    assert!(lost.is_empty() && answered > 0, "answered, but lost: {lost:?}");
    town.is_exact(&kept);
}

fn bounded(health: &Health) {
    assert!(health.in_flight_bytes <= health.in_flight_limit_bytes, "{health:?}");
}

/// The server in a place of its own where the journal's folder is a file system of 64 MB; it ends with the server.
fn on_a_small_disk(town: &Town) -> Option<Gateway> {
    let script = "cp -a \"$0\" \"$0.kept\" && mount -t tmpfs -o size=64m tmpfs \"$0\" && cp -a \"$0.kept/.\" \"$0\" && exec \"$@\"";
    let online = text(&town.data().join("online"));
    // The superuser needs no name for it; others get one that counts in that place only.
    let alone = |own: &[&str]| {
        let mut unshare = Command::new("unshare");
        unshare.args(own).args(["--mount", "sh", "-c"]);
        unshare
    };
    let ways: [&[&str]; 2] = [&[], &["--user", "--map-root-user"]];
    let way = ways.into_iter().find(|way| {
        let tried = alone(way).args(["mount -t tmpfs -o size=1m tmpfs \"$0\"", &online]).output();
        tried.is_ok_and(|tried| tried.status.success())
    })?;
    let mut command = alone(way);
    command.args([script, &online, env!("CARGO_BIN_EXE_jingce")]).args(serve(&town.data(), 0));
    command.env("JINGCE_LANG", "en").env_remove("RUST_LOG");
    Some(Gateway::started(command))
}
