//! The city as a whole: same bytes, frames that decode, spoilt ones that are told, a truth that finds differences.

use crate::compare::{Held, compare};
use crate::events::Action;
use crate::frame::{Expected, Frame};
use crate::malformed::Kind;
use crate::truth::{TruthReader, TruthWriter};
use crate::{City, CityOptions, Comparison, Device};
use domain::{FrameId, Instant};
use intake::hj212::{Decoded, Framer, FramerLimits, Piece, Protocol, decode, message};
use std::io::{Cursor, Write};
use std::sync::{Arc, Mutex};

pub(crate) fn options(hours: i64) -> CityOptions {
    let start = Instant::parse("2026-03-01T00:00:00+08:00").expect("a time");
    CityOptions::new(start, Instant(start.0 + hours * 3_600_000))
}

pub(crate) fn city(seed: u64, count: usize, options: CityOptions) -> City {
    City::new(seed, count, options).expect("the catalog is good")
}

fn frames(city: &City) -> impl Iterator<Item = (Instant, Box<Frame>)> {
    city.events().filter_map(|event| match event.action {
        Action::Send(frame) => Some((event.time, frame)),
        Action::Down | Action::Up => None,
    })
}

fn pieces(bytes: &[u8]) -> Vec<Piece> {
    let mut framer = Framer::new(FramerLimits::default());
    framer.push(bytes);
    let mut pieces: Vec<Piece> = std::iter::from_fn(|| framer.next()).collect();
    pieces.extend(framer.finish());
    pieces
}

fn raw(bytes: &[u8]) -> Vec<u8> {
    let frame = pieces(bytes).into_iter().find_map(|piece| match piece {
        Piece::Frame(raw) => Some(raw),
        Piece::Garbage(_) => None,
    });
    frame.unwrap_or_else(|| panic!("no frame in {:?}", String::from_utf8_lossy(bytes)))
}

fn told<'a>(decoded: &'a Decoded<'_>) -> Vec<&'a str> {
    decoded.deviations.iter().map(|deviation| deviation.code).collect()
}

/// A platform that holds what it should: frames whose integrity is given.
fn held(device: Option<&Device>, raw: Vec<u8>) -> Held {
    let decoded = decode(&raw, device.and_then(|device| device.key.as_ref()), Protocol::builtin());
    let taken = decoded.ok && !decoded.mn.is_empty();
    let message = if taken { message(&decoded, FrameId(0), Protocol::builtin()).0 } else { None };
    let deviations = told(&decoded).into_iter().map(str::to_string).collect();
    drop(decoded);
    Held { raw, message, deviations }
}

#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Vec<u8>>>);

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no thread panicked").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The truth of a city, and what a platform holds that took everything.
fn truth_and_held(city: &City) -> (Vec<u8>, Vec<Held>) {
    let memory = Memory::default();
    let mut writer = TruthWriter::new(memory.clone()).expect("memory takes everything");
    let mut list = Vec::new();
    for (time, frame) in frames(city) {
        writer.frame(city, time, &frame).expect("memory takes everything");
        list.push(held(Some(&city.devices[frame.device]), raw(&frame.bytes)));
    }
    writer.finish().expect("memory takes everything");
    let truth = memory.0.lock().expect("no thread panicked").clone();
    (truth, list)
}

fn check(truth: &[u8], held: Vec<Held>) -> Comparison {
    compare(&mut TruthReader::new(Cursor::new(truth)), held.into_iter()).expect("the truth file is good")
}

#[test]
fn same_seed_same_bytes_other_seed_other_bytes() {
    let bytes = |seed| frames(&city(seed, 24, options(3))).map(|(_, frame)| frame.bytes).collect::<Vec<_>>();
    let (first, again, other) = (bytes(7), bytes(7), bytes(8));
    assert!(first.len() > 4_000, "{}", first.len());
    assert!(first == again);
    assert!(first != other);
}

#[test]
fn events_come_in_order_and_no_qn_twice() {
    let city = city(3, 40, options(25));
    let mut last = Instant(i64::MIN);
    let mut seen = std::collections::HashSet::new();
    for event in city.events() {
        assert!(event.time >= last);
        last = event.time;
        if let Action::Send(frame) = event.action {
            let own = frame.expected != Expected::Resent;
            let one_qn = frame.part.1 > 1;
            assert!(!own || one_qn || seen.insert((frame.device, frame.qn.clone())), "{} twice", frame.qn);
        }
    }
}

#[test]
fn every_sound_frame_conforms() {
    let clean = CityOptions { malformed_permille: 0.0, ..options(25) };
    let city = city(11, 48, clean);
    let mut generations = std::collections::BTreeMap::<&str, u64>::new();
    let mut parts = 0;
    for (_, frame) in frames(&city) {
        let device = &city.devices[frame.device];
        let raw = raw(&frame.bytes);
        let decoded = decode(&raw, device.key.as_ref(), Protocol::builtin());
        let text = || String::from_utf8_lossy(&raw).into_owned();
        assert!(decoded.ok, "{:?} {}", told(&decoded), text());
        assert!(decoded.conforms(), "{:?} {}", told(&decoded), text());
        assert_eq!(decoded.generation, Some(device.generation));
        assert_eq!(decoded.encrypted, device.key.is_some());
        *generations.entry(device.generation.code()).or_default() += 1;
        parts += u64::from(frame.part.0 > 1);
    }
    assert_eq!(generations.len(), 3, "{generations:?}");
    assert!(parts > 0, "no message of several parts");
}

#[test]
fn every_kind_of_spoilt_frame_is_as_its_row_says() {
    let spoilt = CityOptions { malformed_permille: 400.0, ..options(8) };
    let city = city(5, 60, spoilt);
    let mut seen = std::collections::BTreeMap::<Kind, u64>::new();
    for (_, frame) in frames(&city) {
        let Expected::Malformed(kind) = frame.expected else { continue };
        *seen.entry(kind).or_default() += 1;
        let row = city.catalog.malformed(kind).expect("every kind has a row");
        let device = &city.devices[frame.device];
        let raw = raw(&frame.bytes);
        assert_eq!(crate::raw_digest(&raw), frame.raw, "{}: {}", kind.code(), String::from_utf8_lossy(&frame.bytes));
        let decoded = decode(&raw, device.key.as_ref(), Protocol::builtin());
        let codes = told(&decoded);
        let text = String::from_utf8_lossy(&raw);
        assert_eq!(decoded.ok, row.ok == "yes", "{}: {codes:?} {text}", kind.code());
        let expected: Vec<&str> = row.codes.split(';').filter(|code| !code.is_empty()).collect();
        let hit = expected.is_empty() || expected.iter().any(|code| codes.contains(code));
        assert!(hit, "{}: none of {expected:?} in {codes:?} of {text}", kind.code());
        if !expected.is_empty() || row.held == "no" {
            assert!(!codes.is_empty(), "{}: nothing told of {text}", kind.code());
        }
    }
    for kind in Kind::ALL {
        assert!(seen.get(&kind).is_some_and(|count| *count > 3), "{}: {seen:?}", kind.code());
    }
}

#[test]
fn a_platform_that_holds_everything_is_exact() {
    let city = city(21, 40, CityOptions { malformed_permille: 150.0, resent_permille: 40.0, ..options(12) });
    let (truth, held) = truth_and_held(&city);
    let comparison = check(&truth, held);
    assert!(comparison.is_exact(), "{comparison:#?}");
    assert!(comparison.repeated > 100 && comparison.expected > 10_000, "{comparison:#?}");
}

/// All that a connection carries, cut at random, as a platform hears it.
#[test]
fn a_stream_in_any_pieces_is_exact() {
    let city = city(23, 10, CityOptions { malformed_permille: 200.0, ..options(12) });
    let memory = Memory::default();
    let mut writer = TruthWriter::new(memory.clone()).expect("memory takes everything");
    let mut streams = vec![Vec::new(); city.devices.len()];
    for (time, frame) in frames(&city) {
        writer.frame(&city, time, &frame).expect("memory takes everything");
        streams[frame.device].extend_from_slice(&frame.bytes);
    }
    writer.finish().expect("memory takes everything");
    let truth = memory.0.lock().expect("no thread panicked").clone();
    let chance = crate::chance::Chance::new(23);
    let mut list = Vec::new();
    for (device, stream) in city.devices.iter().zip(&streams) {
        let mut framer = Framer::new(FramerLimits::default());
        let (mut rest, mut cuts) = (&stream[..], 0);
        let mut pieces = Vec::new();
        while !rest.is_empty() {
            let (now, later) = rest.split_at((1 + chance.pick(cuts, 700)).min(rest.len()));
            framer.push(now);
            pieces.extend(std::iter::from_fn(|| framer.next()));
            (rest, cuts) = (later, cuts + 1);
        }
        pieces.extend(framer.finish());
        list.extend(pieces.into_iter().filter_map(|piece| match piece {
            Piece::Frame(raw) => Some(held(Some(device), raw)),
            Piece::Garbage(_) => None,
        }));
    }
    let comparison = check(&truth, list);
    assert!(comparison.is_exact(), "{comparison:#?}");
}

#[test]
fn planted_differences_are_found() {
    let city = city(22, 12, options(4));
    let (truth, held) = truth_and_held(&city);
    let message_at = held.iter().position(|held| held.message.as_ref().is_some_and(|m| !m.resent)).expect("a message");

    let mut missing = held.clone();
    let gone = missing[message_at].message.take().expect("it has one");
    let twins = held.iter().filter(|held| held.message.as_ref().is_some_and(|m| same(m, &gone))).count() as u64;
    let found = check(&truth, missing);
    assert_eq!((found.missing, found.extra, found.different), (u64::from(twins == 1), 0, 0), "{found:#?}");

    let mut changed = held.clone();
    let value = changed[message_at].message.as_mut().and_then(|m| m.items.first_mut()).expect("an item");
    let slot = value.avg.as_mut().or(value.rtd.as_mut()).expect("a value");
    *slot = domain::Fixed::from_millionths(slot.millionths() + 1);
    let found = check(&truth, changed);
    assert_eq!((found.missing, found.extra, found.different), (0, 0, 1), "{found:#?}");

    let mut extra = held.clone();
    let mut invented = extra[message_at].clone();
    invented.message.as_mut().expect("it has one").time.0 += 30_000;
    extra.push(invented);
    assert_eq!(check(&truth, extra).extra, 1);

    let mut untold = held;
    for held in &mut untold {
        held.deviations.clear();
    }
    assert!(!check(&truth, untold).is_exact());
}

fn same(a: &domain::OnlineMessage, b: &domain::OnlineMessage) -> bool {
    (&a.mn, a.cadence, a.time, a.part) == (&b.mn, b.cadence, b.time, b.part)
}

#[test]
fn shares_are_those_asked_for() {
    let city = city(31, 60, options(24));
    let mut counts = std::collections::BTreeMap::<&str, f64>::new();
    for (_, frame) in frames(&city) {
        *counts.entry(frame.expected.code()).or_default() += 1.0;
    }
    let total: f64 = counts.values().sum();
    let share = |code: &str| counts.get(code).copied().unwrap_or(0.0) / total * 1000.0;
    assert!((14.0..26.0).contains(&share("malformed")), "{counts:?}");
    assert!((7.0..13.0).contains(&share("resent")), "{counts:?}");
    assert!((35.0..65.0).contains(&share("late")), "{counts:?}");
}

#[test]
fn a_small_city_has_some_of_each() {
    let city = city(1, 12, options(1));
    let kinds: std::collections::BTreeSet<_> = city.devices.iter().map(|device| device.kind).collect();
    let generations: std::collections::BTreeSet<_> = city.devices.iter().map(|device| device.generation).collect();
    assert_eq!((kinds.len(), generations.len()), (5, 3));
    assert!(city.devices.iter().any(|device| device.key.is_some()), "one that encrypts");
}

#[test]
fn the_register_reads_without_a_problem() {
    let city = city(4, 50, options(1));
    let records = |table: domain::Table| -> Vec<domain::Record> {
        let text = city.table(table);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().expect("a header").clone();
        let rows = reader.records().enumerate().map(|(row, record)| {
            let record = record.expect("a row");
            let fields = header.iter().zip(record.iter()).map(|(name, value)| (name.to_string(), value.to_string()));
            domain::Record::new(fields.collect(), row as u64 + 2)
        });
        rows.collect()
    };
    use domain::Table::{Channels, Devices, Limits, Outlets};
    let (register, problems) =
        domain::Register::load(&records(Outlets), &records(Devices), &records(Channels), &records(Limits));
    assert!(problems.is_empty(), "{:#?}", &problems[..problems.len().min(5)]);
    assert_eq!((register.outlets.len(), register.devices.len()), (50, 50));
    assert!(register.outlets.values().all(|outlet| outlet.simulated));
    assert_eq!(city.secrets().lines().count(), 51);
}

#[test]
fn a_frame_cut_short_is_found_with_the_noise_behind_it() {
    let city = city(5, 60, CityOptions { malformed_permille: 400.0, ..options(2) });
    let (truth, mut held) = truth_and_held(&city);
    let cut = |frame: &Held| frame.deviations.iter().any(|code| code == "cp-not-closed");
    let at = held.iter().position(cut).unwrap_or_else(|| panic!("none in {:?}", held.first()));
    held[at].raw.extend_from_slice(crate::malformed::NOISE);
    assert!(check(&truth, held.clone()).is_exact());
    held[at].raw.extend_from_slice(b"?");
    assert!(!check(&truth, held).is_exact());
}

/// Scenes: the first stack cheats and never shows more than its limit, the second has an accident before noon.
#[test]
fn one_cheats_and_one_has_an_accident() {
    for seed in 1..30 {
        let city = city(seed, 30, options(24));
        let mut scratch = crate::values::Scratch::default();
        let mut shares = |ordinal: usize, hour: i64| -> Vec<f64> {
            let gas = |device: &&Device| device.kind == domain::OutletKind::Gas && device.ordinal == ordinal;
            let device = city.devices.iter().find(gas).expect("two stacks");
            let start = Instant(city.options.start.0 + hour * 3_600_000);
            city.values(device, domain::Cadence::Hour, start, &mut scratch);
            let pairs = device.channels.iter().zip(&scratch.values).filter(|(_, value)| value.flag == 'N');
            let limited = pairs.filter_map(|(channel, value)| {
                let unit = 10_f64.powi(channel.places as i32);
                Some(value.zs_avg as f64 / unit / channel.limit_high?)
            });
            limited.collect()
        };
        let worst = |shares: Vec<f64>| shares.into_iter().fold(0.0, f64::max);
        let cheat: Vec<f64> = (0..24).map(|hour| worst(shares(1, hour))).collect();
        assert!(cheat.iter().all(|share| *share <= 1.0), "seed {seed}: {cheat:?}");
        assert!(cheat.iter().filter(|share| **share > 0.85).count() > 8, "seed {seed}: {cheat:?}");
        let accident = worst((10..14).flat_map(|hour| shares(2, hour)).collect());
        assert!(accident > 1.2, "seed {seed}: {accident}");
        assert!(worst(shares(2, 4)) < 1.0, "seed {seed}");
    }
}
