//! `jingce simulate --seed N --devices K --speed X --to HOST:PORT`: a simulated city (模拟), its register, its truth,
//! and the comparison of what a data folder holds with that truth.

use super::Ending;
use super::print::{json, out};
use crate::asked::moment;
use crate::data::Data;
use crate::jobs::online::asks::DAY_MS;
use crate::jobs::online::desk::Desk;
use crate::jobs::online::simulated;
use crate::trouble::Trouble;
use clap::Args;
use domain::period::HOUR_MS;
use domain::{Instant, Lang};
use indicatif::{ProgressBar, ProgressStyle};
use simulator::{City, CityOptions, Counters, PlayOptions, SimulatorError, Summary, TruthReader, hostile, play};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// All that it sends is simulated (模拟). The same seed and options send the same bytes.
#[derive(Debug, Args)]
pub(crate) struct Simulate {
    /// Seed: the same seed makes the same city.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many devices.
    #[arg(long, default_value_t = 20)]
    devices: usize,
    /// Simulated seconds a second; 0 for as fast as the gateway takes them.
    #[arg(long, default_value_t = 1.0)]
    speed: f64,
    /// Gateway to send to.
    #[arg(long, value_name = "HOST:PORT")]
    to: Option<String>,
    /// First simulated moment (default: now).
    #[arg(long, value_name = "TIME")]
    start: Option<String>,
    /// Simulated hours; without it the city goes on until it is stopped.
    #[arg(long, value_name = "HOURS")]
    hours: Option<f64>,
    /// Minutes between minute values: 1, 2, 3, 4, 5, 6, 10, 12, 15, 20 or 30.
    #[arg(long, default_value_t = 1, value_name = "MINUTES")]
    minute_interval: u32,
    /// Seconds between real-time values; 0 for none.
    #[arg(long, default_value_t = 30, value_name = "SECONDS")]
    realtime_interval: u32,
    /// Share of frames that are spoilt, per thousand.
    #[arg(long, default_value_t = 20.0, value_name = "PERMILLE")]
    malformed: f64,
    /// Share of frames that are sent twice, per thousand.
    #[arg(long, default_value_t = 10.0, value_name = "PERMILLE")]
    resent: f64,
    /// Share of frames that are sent late, per thousand.
    #[arg(long, default_value_t = 50.0, value_name = "PERMILLE")]
    late: f64,
    /// Area whose outlets they are; by default all that the simulator knows.
    #[arg(long, default_value = "")]
    area: String,
    /// Writes the register of the city into this folder, for `jingce import` and `jingce device secrets`.
    #[arg(long, value_name = "DIR")]
    register: Option<PathBuf>,
    /// Writes what was sent into this file (packed when it ends in .gz).
    #[arg(long, value_name = "FILE")]
    truth: Option<PathBuf>,
    /// Writes every answered frame into this file.
    #[arg(long, value_name = "FILE")]
    answered: Option<PathBuf>,
    /// Frames of a connection that may wait for their answer.
    #[arg(long, default_value_t = 4)]
    window: usize,
    /// Devices that share a connection.
    #[arg(long, default_value_t = 1)]
    per_connection: usize,
    /// Seconds that a frame waits for its answer before it is sent again.
    #[arg(long, default_value_t = 10.0, value_name = "SECONDS")]
    answer_timeout: f64,
    /// Seconds that the gateway may be away before the rest is given up.
    #[arg(long, default_value_t = 120.0, value_name = "SECONDS")]
    give_up: f64,
    /// So many hostile connections of every kind beside it, for an hour at most.
    #[arg(long, default_value_t = 0, value_name = "N")]
    hostile: usize,
    /// Compares what the data folder holds with this truth file, and sends nothing.
    #[arg(long, value_name = "TRUTH", requires = "data")]
    check: Option<PathBuf>,
    /// Data folder for --check.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

pub(crate) fn run(own: &Simulate, lang: Lang) -> Result<Ending, Trouble> {
    if let (Some(truth), Some(data)) = (&own.check, &own.data) {
        return check(truth, data, lang);
    }
    let city = Arc::new(City::new(own.seed, own.devices, options(own)?)?);
    if let Some(folder) = &own.register {
        city.write_register(folder)?;
        eprintln!("{}", register_words(folder, lang));
    }
    let Some(to) = &own.to else {
        return match own.register {
            Some(_) => Ok(Ending::Done),
            None => Err(Trouble::bad(
                "nowhere",
                "请用 --to 主机:端口 指明网关，或用 --register 文件夹 只写登记表。",
                "name a gateway with --to HOST:PORT, or a folder for the register with --register DIR.",
            )),
        };
    };
    let play_options = PlayOptions {
        speed: own.speed,
        window: own.window.max(1),
        per_connection: own.per_connection.max(1),
        answer_timeout: Duration::from_secs_f64(own.answer_timeout.max(0.1)),
        give_up: Duration::from_secs_f64(own.give_up.max(0.1)),
        truth: own.truth.clone(),
        answered: own.answered.clone(),
        ..PlayOptions::new(to.clone())
    };
    let summary = super::serve::runtime()?.block_on(played(city, play_options, own.hostile))?;
    out(&summary_words(&summary, lang))?;
    Ok(if summary.unanswered == 0 { Ending::Done } else { Ending::WithProblems })
}

fn options(own: &Simulate) -> Result<CityOptions, Trouble> {
    let minute = crate::clock::now().0 / 60_000 * 60_000;
    let start = own.start.as_deref().map(moment).transpose()?.unwrap_or(Instant(minute));
    const FOREVER_HOURS: f64 = 24.0 * 365.0;
    let hours = own.hours.unwrap_or(FOREVER_HOURS);
    let end = Instant(start.0 + (hours * HOUR_MS as f64) as i64);
    Ok(CityOptions {
        minute_interval_min: own.minute_interval,
        realtime_interval_s: own.realtime_interval,
        malformed_permille: own.malformed,
        resent_permille: own.resent,
        late_permille: own.late,
        area: own.area.clone(),
        ..CityOptions::new(start, end.min(Instant(start.0 + 10 * 366 * DAY_MS)))
    })
}

/// Plays the city with a line of progress, until it ends or Ctrl-C.
async fn played(city: Arc<City>, options: PlayOptions, hostile: usize) -> Result<Summary, Trouble> {
    let counters = Arc::new(Counters::default());
    let bar = ProgressBar::new_spinner();
    bar.set_style(ProgressStyle::with_template("模拟 simulated {spinner} {msg}").expect("the template is right"));
    let enemies: Vec<_> = hostile::Kind::ALL
        .into_iter()
        .filter(|_| hostile > 0)
        .map(|kind| {
            let to = options.to.clone();
            tokio::spawn(async move { hostile::run(kind, &to, hostile, Duration::from_secs(3600)).await })
        })
        .collect();
    let playing = play(city, options, Arc::clone(&counters));
    tokio::pin!(playing);
    let mut tick = tokio::time::interval(Duration::from_millis(500));
    let summary = loop {
        tokio::select! {
            done = &mut playing => break done?,
            _ = tick.tick() => {
                let of = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
                bar.set_message(format!("{} → {} ✓", of(&counters.sent), of(&counters.answered)));
                bar.tick();
            }
            _ = tokio::signal::ctrl_c() => counters.stop(),
        }
    };
    enemies.iter().for_each(tokio::task::JoinHandle::abort);
    bar.finish_and_clear();
    Ok(summary)
}

fn summary_words(summary: &Summary, lang: Lang) -> String {
    let Summary { sent, answered, resent, unanswered, connections, broken, latency_p50_us, latency_p99_us, .. } =
        summary;
    let (p50, p99) = (*latency_p50_us as f64 / 1000.0, *latency_p99_us as f64 / 1000.0);
    match lang {
        Lang::Zh => format!(
            "模拟：发送 {sent} 条，应答 {answered} 条，重发 {resent} 条，未应答 {unanswered} 条；连接 {connections} 次，断开 {broken} 次；应答时延 p50 {p50:.1} ms，p99 {p99:.1} ms\n"
        ),
        Lang::En => format!(
            "simulated: {sent} frames sent, {answered} answered, {resent} sent again, {unanswered} unanswered; {connections} connections, {broken} broken; answered within p50 {p50:.1} ms, p99 {p99:.1} ms\n"
        ),
    }
}

fn register_words(folder: &Path, lang: Lang) -> String {
    let dir = folder.display();
    match lang {
        Lang::Zh => format!(
            "登记表已写入 {dir}；导入：jingce import {dir}/outlets.csv --mapping outlets --data …（devices、channels、limits 同样），密码与密钥：jingce device secrets {dir}/secrets.csv --data …"
        ),
        Lang::En => format!(
            "the register is in {dir}; import it: jingce import {dir}/outlets.csv --mapping outlets --data … (and devices, channels, limits), secrets: jingce device secrets {dir}/secrets.csv --data …"
        ),
    }
}

/// Compares what is held with what was sent.
fn check(truth: &Path, data: &Path, lang: Lang) -> Result<Ending, Trouble> {
    let data = Data::open(data, None)?;
    let desk = Desk::open(&data)?;
    let mut truth = TruthReader::open(truth)?;
    let compared = simulated::compare_with(&desk, &mut truth)?;
    json(&compared)?;
    let exact = compared.exact;
    eprintln!(
        "{}",
        match (lang, exact) {
            (Lang::Zh, true) => "所存与所发完全一致",
            (Lang::Zh, false) => "所存与所发不一致",
            (Lang::En, true) => "what is held equals what was sent",
            (Lang::En, false) => "what is held differs from what was sent",
        }
    );
    Ok(if exact { Ending::Done } else { Ending::WithProblems })
}

impl From<SimulatorError> for Trouble {
    fn from(error: SimulatorError) -> Trouble {
        let words = error.to_string();
        Trouble::bad("simulator", format!("模拟器：{words}"), format!("simulator: {words}"))
    }
}
