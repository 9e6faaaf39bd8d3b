//! Kill −9 in the middle of imports, again and again: nothing half-visible, and the next import completes it.

use crate::kit::{command, jingce};
use std::fmt::Write;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

const KILLS: u32 = 100;
const STATIONS: usize = 12;
const DAYS: usize = 59;

#[test]
fn a_hundred_kills_leave_nothing_half_visible() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("hours.csv");
    std::fs::write(&file, hours()).expect("written");
    let whole = time_of_one_import(folder.path(), &file);
    let data = folder.path().join("data").to_string_lossy().to_string();
    let arguments = ["import", &file.to_string_lossy(), "--mapping", "jingce-long", "--data", &data];
    let (mut cut, mut completed) = (0, 0);
    for turn in 0..KILLS {
        let mut child =
            command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary runs");
        // From at once to a little past the end, so that every phase is cut, the commit included.
        std::thread::sleep(whole.mul_f64(1.1 * f64::from(turn) / f64::from(KILLS)));
        let ended = child.try_wait().expect("its state");
        if ended.is_none() {
            child.kill().expect("killed");
            cut += 1;
        } else {
            completed += 1;
        }
        child.wait().expect("it ends");
        let visible = count(&data);
        assert!(
            visible == 0 || visible == STATIONS * DAYS * 24,
            "half an import is visible after kill {turn}: {visible}"
        );
    }
    assert!(cut > 20, "only {cut} of {KILLS} imports were cut, {completed} had ended");
    jingce(&arguments).ok();
    assert_eq!(count(&data), STATIONS * DAYS * 24, "the import completes");
    let again = jingce(&arguments).ok();
    assert!(again.contains("nothing changed"), "{again}");
}

/// A disk that fills up in the middle (here: a limit on the size of files, which the system answers alike)
/// ends the import with a message, leaves nothing visible, and the import completes once there is room.
#[test]
fn a_full_disk_leaves_nothing_and_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("hours.csv");
    std::fs::write(&file, hours()).expect("written");
    let data = folder.path().join("data").to_string_lossy().to_string();
    let arguments = ["import", &file.to_string_lossy(), "--mapping", "jingce-long", "--data", &data];
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$@\"";
    let mut limited = std::process::Command::new("sh");
    limited.args(["-c", script, "sh", env!("CARGO_BIN_EXE_jingce")]).args(arguments).env("JINGCE_LANG", "en");
    let ended = limited.output().expect("the shell runs");
    let said = String::from_utf8_lossy(&ended.stderr).to_string();
    assert_eq!(ended.status.code(), Some(2), "{said}");
    assert!(said.contains("too large") || said.contains("space"), "the system's reason is told: {said}");
    assert!(!said.contains("panicked"), "{said}");
    assert_eq!(count(&data), 0, "nothing is visible");
    jingce(&arguments).ok();
    assert_eq!(count(&data), STATIONS * DAYS * 24, "with room it completes");
}

fn time_of_one_import(folder: &Path, file: &Path) -> Duration {
    let data = folder.join("timed").to_string_lossy().to_string();
    let start = Instant::now();
    jingce(&["import", &file.to_string_lossy(), "--mapping", "jingce-long", "--data", &data]).ok();
    start.elapsed()
}

fn count(data: &str) -> usize {
    let ran = jingce(&["query", "SELECT count(*) AS n FROM observations", "--data", data, "--format", "csv"]);
    // A folder that no import got to create has no data yet.
    if ran.code == 2 && ran.err.contains("no data folder") {
        return 0;
    }
    ran.ok().lines().nth(1).and_then(|line| line.parse().ok()).expect("a count")
}

/// Two months of hours of some stations in the long form, made up by a fixed rule.
fn hours() -> String {
    let mut text = String::from("station,time,parameter,value,unit\n");
    for station in 0..STATIONS {
        for hour in 0..DAYS * 24 {
            let (day, hour_of_day) = (hour / 24, hour % 24);
            let (month, day) = if day < 31 { (1, day + 1) } else { (2, day - 30) };
            let value = 20 + (hour * 7 + station) % 60;
            writeln!(text, "K{station:02},2021-{month:02}-{day:02} {hour_of_day:02}:00,pm25,{value},µg/m³")
                .expect("memory");
        }
    }
    text
}
