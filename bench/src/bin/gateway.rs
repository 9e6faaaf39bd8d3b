//! A simulated city → TCP → frames on the disk → answers: frames a second, and how long an answer takes.
//!
//! `bench-gateway FOLDER [--runs 3] [--devices 500] [--hours 6] [--window 16]`: gateway, journal and simulator in one
//! process on this machine's cores, a connection a device, three generations of which half of the newest encrypts. The
//! journal is on the disk of `FOLDER` and a frame is answered when it has been synced. Frames that are spoilt, sent
//! twice or late are left out: they wait for things that are no matter of speed.

use anyhow::{Context, Result, ensure};
use bench::{Clock, Options};
use domain::{Instant, Register};
use gateway::{Config, Directory, Gateway};
use intake::hj212::Protocol;
use simulator::{City, CityOptions, Counters, PlayOptions, play};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use store::{Secret, Store};
use tokio::sync::watch;

/// 2026-03-01T00:00:00+08:00.
const START_MS: i64 = 1_772_294_400_000;
const HOUR_MS: i64 = 3_600_000;

fn main() -> Result<()> {
    let options = Options::read()?;
    let folder = options.path("a folder on the disk to be measured")?;
    let (devices, hours) = (options.number("devices", 500)?, options.number("hours", 6)? as i64);
    let window = options.number("window", 16)?;
    let runtime = tokio::runtime::Runtime::new().context("threads")?;
    for _ in 0..options.number("runs", 3)? {
        let mut own = CityOptions::new(Instant(START_MS), Instant(START_MS + hours * HOUR_MS));
        (own.malformed_permille, own.resent_permille, own.late_permille) = (0.0, 0.0, 0.0);
        (own.minute_interval_min, own.realtime_interval_s) = (1, 0);
        let city = Arc::new(City::new(1, devices, own)?);
        runtime.block_on(run(Path::new(folder), city, window))?;
    }
    Ok(())
}

async fn run(folder: &Path, city: Arc<City>, window: usize) -> Result<()> {
    let own = tempfile::tempdir_in(folder).with_context(|| folder.display().to_string())?;
    let store = Arc::new(Store::open(own.path())?);
    let (_directory, following) = watch::channel(Arc::new(directory(&city)));
    let config = Config::new("127.0.0.1:0".parse().context("an address")?);
    let gateway = Gateway::start(config, Arc::clone(&store), Arc::new(Protocol::builtin().clone()), following)?;
    let to = gateway.local_addr().to_string();
    let play_options =
        PlayOptions { speed: 0.0, window, answer_timeout: Duration::from_secs(60), ..PlayOptions::new(to) };
    let clock = Clock::start();
    let done = play(city, play_options, Arc::new(Counters::default())).await?;
    let rate = done.answered as f64 / clock.seconds();
    let counts = gateway.health().counts;
    ensure!(done.unanswered == 0 && done.answered == done.sent, "not all was answered: {done:?}");
    ensure!(store.journal().count()? == done.sent, "not all is in the journal: {done:?}");
    clock.print(
        "gateway",
        &[
            ("frames", done.sent as f64),
            ("bytes_a_frame", done.bytes as f64 / done.sent as f64),
            ("frames_per_second", rate),
            ("p50_ms", done.latency_p50_us as f64 / 1e3),
            ("p99_ms", done.latency_p99_us as f64 / 1e3),
            ("frames_a_commit", done.sent as f64 / counts.commits.max(1) as f64),
        ],
    );
    gateway.shutdown().await;
    Ok(())
}

/// Every device of the city, with its password and key.
fn directory(city: &City) -> Directory {
    let mut directory = Directory { register: Register::default(), secrets: HashMap::new() };
    for device in &city.devices {
        let of_register = domain::Device {
            mn: device.mn.clone(),
            outlet: device.outlet.clone(),
            st: String::new(),
            generation: device.generation.code().to_string(),
            vendor: String::new(),
            model: String::new(),
            networks: Vec::new(),
            minute_interval_min: 1,
            realtime_interval_s: 30,
            from: None,
            to: None,
        };
        directory.register.devices.insert(device.mn.clone(), of_register);
        let (password, key_hex) = (device.password.clone(), device.key_hex.clone());
        directory.secrets.insert(device.mn.clone(), Secret { password, key_hex, since: city.options.start });
    }
    directory
}
