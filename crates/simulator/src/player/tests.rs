//! The player against a platform of a few lines: everything is held, whatever the platform does.

use super::{ANSWERED_HEADER, PlayOptions, play};
use crate::compare::{Held, compare};
use crate::tests::{city, options};
use crate::{City, CityOptions, Comparison, Counters, Summary, TruthReader, hostile};
use domain::{FrameId, Instant};
use intake::hj212::say::{self, Party};
use intake::hj212::{Framer, FramerLimits, Generation, Piece, Protocol, decode, encode, message};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the platform of the tests does wrong, and what it heard.
#[derive(Default)]
struct Platform {
    /// After how many frames a connection is dropped without an answer; 0 for never.
    drops_after: u64,
    /// What is asked of a device after its first frame.
    asks: Vec<&'static str>,
    frames: AtomicU64,
    held: Mutex<Vec<Vec<u8>>>,
    replies: Mutex<BTreeMap<String, u64>>,
}

async fn listen(platform: Arc<Platform>, city: Arc<City>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let to = listener.local_addr().expect("it is bound").to_string();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(serve(Arc::clone(&platform), Arc::clone(&city), socket));
        }
    });
    to
}

async fn serve(platform: Arc<Platform>, city: Arc<City>, mut socket: TcpStream) {
    let mut framer = Framer::new(FramerLimits::default());
    let mut input = [0; 4096];
    let mut asked = false;
    loop {
        let count = socket.read(&mut input).await.unwrap_or(0);
        framer.push(&input[..count]);
        let mut pieces: Vec<Piece> = std::iter::from_fn(|| framer.next()).collect();
        if count == 0 {
            pieces.extend(framer.finish());
        }
        let mut output = Vec::new();
        for piece in pieces {
            let Piece::Frame(raw) = piece else { continue };
            let number = platform.frames.fetch_add(1, Ordering::Relaxed) + 1;
            if platform.drops_after > 0 && number.is_multiple_of(platform.drops_after) {
                return;
            }
            hear(&platform, &city, &raw, &mut output);
            if !asked {
                ask(&platform, &city, &raw, &mut output);
                asked = true;
            }
        }
        if count == 0 || socket.write_all(&output).await.is_err() {
            return;
        }
    }
}

fn party(city: &City, mn: &str) -> Option<Party> {
    let device = city.device(mn)?;
    Some(Party {
        generation: device.generation,
        st: city.site(device).st.clone(),
        pw: device.password.clone(),
        mn: mn.to_string(),
        key: device.key.clone(),
    })
}

fn hear(platform: &Platform, city: &City, raw: &[u8], output: &mut Vec<u8>) {
    let decoded = decode(raw, None, Protocol::builtin());
    if !decoded.cn.starts_with('2') {
        *platform.replies.lock().expect("no panic").entry(decoded.cn.to_string()).or_default() += 1;
        return;
    }
    platform.held.lock().expect("no panic").push(raw.to_vec());
    if let Some(party) = party(city, &decoded.mn).filter(|_| decoded.wants_answer() && (decoded.ok || decoded.locked)) {
        output.extend(encode(&say::data_answer(&party, &decoded.qn)));
    }
}

fn ask(platform: &Platform, city: &City, raw: &[u8], output: &mut Vec<u8>) {
    let decoded = decode(raw, None, Protocol::builtin());
    let Some(party) = party(city, &decoded.mn) else { return };
    let (start, later) = (city.options.start, Instant(city.options.start.0 + 3_600_000));
    for cn in &platform.asks {
        let request = match *cn {
            "1061" => say::ask_realtime_interval(&party, start),
            "1062" => say::set_realtime_interval(&party, start, 30),
            "1072" => say::set_password(&party, start, "654321"),
            "3011" => say::control(&party, start, "3011", "a21026"),
            "wrong" => say::ask_time(&Party { pw: "......".to_string(), ..party.clone() }, start, None),
            past => say::ask_past(&party, start, past, say::Span { from: start, to: later }),
        };
        output.extend(encode(&request));
    }
}

fn held(city: &City, platform: &Platform) -> Vec<Held> {
    let raws = platform.held.lock().expect("no panic").clone();
    let frames = raws.into_iter().map(|raw| {
        let mn = decode(&raw, None, Protocol::builtin()).mn.to_string();
        let key = city.device(&mn).and_then(|device| device.key.as_ref());
        let decoded = decode(&raw, key, Protocol::builtin());
        let taken = decoded.ok && !mn.is_empty();
        let message = if taken { message(&decoded, FrameId(0), Protocol::builtin()).0 } else { None };
        let deviations = decoded.deviations.iter().map(|deviation| deviation.code.to_string()).collect();
        Held { raw: raw.clone(), message, deviations }
    });
    frames.collect()
}

/// Plays a city against a platform: counts, comparison with the truth, and the lines of the log of answers.
async fn played(
    platform: Platform,
    city: City,
    change: impl Fn(&mut PlayOptions),
) -> (Summary, Comparison, Vec<String>, Arc<Platform>) {
    let folder = tempfile::tempdir().expect("a folder");
    let (truth, answered) = (folder.path().join("truth.csv.gz"), folder.path().join("answered.csv"));
    let (city, platform) = (Arc::new(city), Arc::new(platform));
    let to = listen(Arc::clone(&platform), Arc::clone(&city)).await;
    let mut options = PlayOptions { speed: 0.0, window: 8, ..PlayOptions::new(to) };
    (options.truth, options.answered) = (Some(truth.clone()), Some(answered.clone()));
    options.answer_timeout = Duration::from_millis(800);
    change(&mut options);
    let played = play(Arc::clone(&city), options, Arc::new(Counters::default()));
    let summary = tokio::time::timeout(Duration::from_secs(120), played).await.expect("it ends").expect("it plays");
    let held = held(&city, &platform);
    let comparison =
        compare(&mut TruthReader::open(&truth).expect("a truth file"), held.into_iter()).expect("a good one");
    let log = std::fs::read_to_string(answered).expect("a log").lines().map(str::to_string).collect();
    (summary, comparison, log, platform)
}

fn small(hours: i64) -> CityOptions {
    CityOptions { realtime_interval_s: 300, ..options(hours) }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_is_sent_answered_and_held() {
    let (summary, comparison, log, _) = played(Platform::default(), city(41, 24, small(12)), |_| {}).await;
    assert!(comparison.is_exact(), "{comparison:#?}");
    assert_eq!((summary.sent, summary.unanswered), (summary.planned, 0), "{summary:#?}");
    assert!(summary.answered > summary.sent * 9 / 10 && summary.resent == 0, "{summary:#?}");
    assert!(summary.connections > 24, "outages make new connections: {summary:#?}");
    assert_eq!(log.first().map(String::as_str), Some(ANSWERED_HEADER));
    assert_eq!(log.len() as u64, summary.answered + 1);
    assert!(summary.latency_p99_us > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_devices_share_a_connection() {
    let shared = |options: &mut PlayOptions| options.per_connection = 10;
    let (summary, comparison, ..) = played(Platform::default(), city(42, 24, small(6)), shared).await;
    assert!(comparison.is_exact(), "{comparison:#?}");
    assert_eq!(summary.connections, 3, "{summary:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_answered_is_sent_again() {
    let platform = Platform { drops_after: 97, ..Platform::default() };
    let sound = CityOptions { malformed_permille: 0.0, ..small(8) };
    let (summary, comparison, ..) = played(platform, city(43, 16, sound), |_| {}).await;
    assert!(comparison.is_exact(), "{comparison:#?}");
    assert!(summary.broken > 10 && summary.resent > 10 && summary.unanswered == 0, "{summary:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stays_away_is_given_up() {
    let away = Duration::from_millis(300);
    let gone = |options: &mut PlayOptions| (options.to, options.give_up) = ("127.0.0.1:1".to_string(), away);
    let (summary, ..) = played(Platform::default(), city(44, 3, small(6)), gone).await;
    assert_eq!((summary.sent, summary.answered), (0, 0), "{summary:#?}");
    assert!(summary.unanswered > 0, "{summary:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_answered_as_the_standard_says() {
    let platform =
        Platform { asks: vec!["1061", "1062", "1072", "3011", "wrong", "2051", "2061"], ..Platform::default() };
    let clean = CityOptions { late_permille: 0.0, resent_permille: 0.0, generations: [0.0, 1.0, 0.0], ..small(6) };
    let city = city(45, 2, clean);
    assert!(city.devices.iter().all(|device| device.generation == Generation::G2017));
    let (summary, comparison, _, platform) = played(platform, city, |_| {}).await;
    let replies = platform.replies.lock().expect("no panic").clone();
    // Seven requests of each of two devices: 9011 to all, 9012 to the five that are neither refused nor wrong.
    assert_eq!(summary.requests, 14, "{replies:?}");
    assert_eq!((replies.get("9011"), replies.get("9012")), (Some(&14), Some(&10)), "{replies:?}");
    assert_eq!(replies.get("1061"), Some(&2), "{replies:?}");
    assert!(comparison.is_exact(), "{comparison:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_frames_is_replayed() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, city) = (folder.path().join("frames.tsv"), Arc::new(city(46, 4, small(1))));
    let mut text = b"# a comment\n".to_vec();
    let frames = city.events().filter_map(|event| match event.action {
        crate::Action::Send(frame) if frame.expected == crate::Expected::Held => Some(frame.bytes),
        _ => None,
    });
    for bytes in frames.take(50) {
        text.extend_from_slice(bytes.strip_suffix(b"\r\n").expect("a line end"));
        text.extend_from_slice(b"\tok\n");
    }
    std::fs::write(&path, text).expect("a file");
    let to = listen(Arc::new(Platform::default()), city).await;
    let done = crate::replay(&path, &to, &crate::ReplayOptions::default()).await.expect("it plays");
    assert_eq!((done.sent, done.asked, done.answers.get("9014")), (50, 50, Some(&50)));
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_connections_come_and_go() {
    let platform = Arc::new(Platform::default());
    let to = listen(Arc::clone(&platform), Arc::new(city(47, 1, small(1)))).await;
    for kind in hostile::Kind::ALL {
        assert_eq!(hostile::Kind::from_code(kind.code()), Some(kind));
        let begun = std::time::Instant::now();
        let deeds = hostile::run(kind, &to, 3, Duration::from_millis(200)).await.expect("it runs");
        assert!(deeds.connections.load(Ordering::Relaxed) >= 3, "{kind:?}");
        assert!(begun.elapsed() < Duration::from_secs(5), "{kind:?}");
    }
}
