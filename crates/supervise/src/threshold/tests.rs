//! Worked cases of the catalog, and properties: mixing, asking and restarting do not matter, hysteresis does not flap.

use super::*;
use crate::alert::{Alerts, Recorded};
use crate::event::Step;
use crate::rule::{Limits, Rule};
use domain::Record;
use proptest::prelude::*;

/// 2025-01-01 00:00 +08:00.
const START: i64 = 1_735_660_800_000;
const MINUTE: i64 = 60_000;

fn rows(lines: &[String]) -> Vec<Record> {
    let fields = |line: &String| {
        let pairs = line.split(' ').filter_map(|pair| pair.split_once('='));
        pairs.map(|(column, value)| (column.to_string(), value.to_string())).collect()
    };
    lines.iter().map(|line| Record::new(fields(line), 2)).collect()
}

/// Devices `M0` … each with an outlet `O0` … of a gas, and the limit 200 mg/m³ of codes `c0` … for real-time values.
fn register(devices: usize, codes: usize) -> Arc<Register> {
    let of = |text: &dyn Fn(usize) -> String| (0..devices).map(text).collect::<Vec<_>>();
    let outlets = of(&|i| format!("outlet=O{i} kind=gas"));
    let loggers = of(&|i| format!("mn=M{i} outlet=O{i} minute_interval=10 realtime_interval=60"));
    let limits: Vec<String> = (0..devices)
        .flat_map(|i| (0..codes).map(move |c| (i, c)))
        .map(|(i, c)| {
            format!("outlet=O{i} code=c{c} statistic=realtime basis=measured kind=permit from=2024-01-01 high=200 unit=mg/m³")
        })
        .collect();
    let (register, problems) = Register::load(&rows(&outlets), &rows(&loggers), &[], &rows(&limits));
    assert!(problems.is_empty(), "{problems:?}");
    Arc::new(register)
}

fn rule(id: &str, method: &str, rest: &str) -> Rule {
    let limit = if method == "limit" { "[limit]\nkinds = [\"permit\"]\n" } else { "" };
    let text = format!(
        "id = \"{id}\"\ntitle = {{ zh = \"甲\", en = \"a\" }}\nmethod = \"{method}\"\ngrade = \"warning\"\nsource = \"test\"\n\
         [applies]\noutlets = [\"gas\"]\ncadence = \"realtime\"\n{limit}{rest}"
    );
    let mut files = domain::catalog::Files::new();
    files.insert(format!("{id}/rule.toml"), text);
    let (rules, problems) = Rules::load(&files);
    assert!(problems.is_empty(), "{problems:?}");
    rules.list()[0].clone()
}

fn once() -> Rule {
    rule("once", "limit", "[repeat]\nminutes = 60\nworse_percent = 10\n")
}

fn lasting() -> Rule {
    rule("lasting", "limit", "[raise]\ncount = 2\nof = 4\n[recover]\npercent = \"10\"\ncount = 2\n")
}

fn stuck() -> Rule {
    rule("stuck", "stuck", "[raise]\ncount = 3\n")
}

fn silent() -> Rule {
    rule("silent", "no-data", "[raise]\ncount = 5\nminutes = 5\n")
}

#[derive(Clone, Debug)]
struct Fed {
    device: usize,
    code: usize,
    minute: i64,
    value: i32,
}

impl Fed {
    fn go(&self, watch: &mut Watch) -> Vec<AlertEvent> {
        let (outlet, mn, code) = (format!("O{}", self.device), format!("M{}", self.device), format!("c{}", self.code));
        let time = Instant(START + self.minute * MINUTE);
        let judged = Judged {
            outlet: &outlet,
            mn: &mn,
            code: &code,
            cadence: Cadence::RealTime,
            basis: Basis::Measured,
            time,
            value: Some(Fixed::from_integer(self.value)),
            flag: None,
            qc: 1,
            excused: false,
            unit: "mg/m³",
            frame: FrameId(self.minute as u64 + 1),
        };
        watch.feed(&judged, time)
    }
}

fn watch(rules: &[Rule]) -> Watch {
    Watch::new(Arc::new(Rules::of(rules.to_vec())), register(2, 2), Instant(START))
}

fn run(watch: &mut Watch, fed: &[Fed]) -> Vec<AlertEvent> {
    fed.iter().flat_map(|fed| fed.go(watch)).collect()
}

fn sorted(mut events: Vec<AlertEvent>) -> Vec<String> {
    events.iter_mut().for_each(|event| event.at = Instant(0));
    let mut texts: Vec<String> = events.iter().map(|event| event.body().to_string()).collect();
    texts.sort();
    texts
}

/// Values of up to four series; per series the times rise. Many equal values and values near the limit.
fn feeds() -> impl Strategy<Value = Vec<Fed>> {
    let one =
        (0..2_usize, 0..2_usize, 1..12_i64, prop::sample::select(vec![150, 179, 180, 181, 199, 200, 201, 230, 300]));
    proptest::collection::vec(one, 0..80).prop_map(|steps| {
        let mut clocks = [[0_i64; 2]; 2];
        let fed = steps.into_iter().map(|(device, code, step, value)| {
            clocks[device][code] += step;
            Fed { device, code, minute: clocks[device][code], value }
        });
        fed.collect()
    })
}

fn by_time(mut fed: Vec<Fed>) -> Vec<Fed> {
    fed.sort_by_key(|fed| fed.minute);
    fed
}

#[test]
fn the_catalog_loads_and_its_cases_hold() {
    let files = crate::builtin_files();
    let (rules, problems) = Rules::load(&files);
    assert!(problems.is_empty(), "{problems:#?}");
    let cases = crate::run_cases(&files, &rules);
    let failed: Vec<String> = cases
        .iter()
        .filter(|case| !case.passed)
        .map(|case| {
            format!("{}:{} {}\n  expect {}\n  got    {}", case.path, case.row, case.name, case.expect, case.got)
        })
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(cases.len() > 20);
}

#[test]
fn wrong_rules_are_told_and_the_others_stay() {
    let good = "id = \"x\"\ntitle = { zh = \"甲\", en = \"a\" }\nmethod = \"limit\"\ngrade = \"warning\"\nsource = \"test\"\n\
                [applies]\noutlets = [\"gas\"]\ncadence = \"hour\"\n[limit]\nkinds = [\"permit\"]\n[raise]\ncount = 1\n";
    let mut files = domain::catalog::Files::new();
    let mut expected = Vec::new();
    for (id, from, to, told) in [
        ("a", "limit\"", "guess\"", "unknown variant `guess`"),
        ("b", "gas", "chimney", "`applies.outlets` cannot be `chimney`"),
        ("c", "permit", "wish", "`limit.kinds` cannot be `wish`"),
        ("d", "count = 1", "count = 3\nof = 2", "`raise` cannot be `3 of 2`"),
        ("e", "count = 1", "count = 0", "`raise` cannot be `0 of 0`"),
        ("f", "source = \"test\"", "source = \"\"", "`source` is needed"),
        ("g", "count = 1", "minuets = 1", "unknown field `minuets`"),
        ("h", "method = \"limit\"", "method = \"stuck\"", "`limit` cannot be `…`"),
    ] {
        let text = good.replace("\"x\"", &format!("\"{id}\"")).replacen(from, to, 1);
        files.insert(format!("rules/{id}/rule.toml"), text);
        expected.push(told);
    }
    files.insert("rules/x/rule.toml", good);
    files.insert("rules/y/rule.toml", good);
    expected.push("id `x` must be the folder's name `y`");
    let (rules, problems) = Rules::load(&files);
    assert_eq!(rules.iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>(), ["x"]);
    for (problem, told) in problems.iter().zip(&expected) {
        assert!(problem.message.en.contains(told), "{}: {}", problem.path, problem.message.en);
    }
    assert_eq!(problems.len(), expected.len());
}

#[test]
fn a_limit_in_a_unit_that_does_not_fit_is_told_and_judges_nothing() {
    let mut watch = watch(&[once()]);
    let judged = Judged {
        outlet: "O0",
        mn: "M0",
        code: "c0",
        cadence: Cadence::RealTime,
        basis: Basis::Measured,
        time: Instant(START),
        value: Some(Fixed::from_integer(1000)),
        flag: None,
        qc: 0,
        excused: false,
        unit: "ppm",
        frame: FrameId(1),
    };
    assert_eq!(watch.feed(&judged, Instant(START)), []);
    let told: Vec<&Unjudged> = watch.unjudged().collect();
    assert_eq!((told[0].unit.as_str(), told[0].limit_unit.as_str()), ("ppm", "mg/m³"));
    // 200 mg/m³ is 0.2 g/m³ exactly; the value may come in any unit that fits.
    let gram = |value: &str| Judged { unit: "g/m³", value: value.parse().ok(), time: Instant(START + 1), ..judged };
    assert_eq!(watch.feed(&gram("0.2"), Instant(START)), []);
    let event = &watch.feed(&Judged { time: Instant(START + 2), ..gram("0.200001") }, Instant(START))[0];
    assert_eq!(
        (event.about.unit.as_str(), event.limit.as_ref().map(|limit| limit.unit.as_str())),
        ("g/m³", Some("mg/m³"))
    );
}

#[test]
fn a_limit_too_fine_for_the_unit_of_the_values_is_still_exact() {
    let mut fine = once();
    // 0.0000015 mg/m³ has seven places.
    fine.limits = Limits::Fixed(vec![crate::rule::FixedLimit {
        code: "c0".to_string(),
        low: None,
        high: "1.5".parse().ok(),
        unit: "ng/m³".to_string(),
        document: String::new(),
    }]);
    let mut watch = watch(&[fine]);
    let mut feed = |ms: i64, value: &str| {
        let judged = Judged {
            outlet: "O0",
            mn: "M0",
            code: "c0",
            cadence: Cadence::RealTime,
            basis: Basis::Measured,
            time: Instant(START + ms),
            value: value.parse().ok(),
            flag: None,
            qc: 0,
            excused: false,
            unit: "mg/m³",
            frame: FrameId(1),
        };
        watch.feed(&judged, Instant(START + ms)).len()
    };
    assert_eq!((feed(0, "0.000001"), feed(1, "0.000002")), (0, 1));
}

#[test]
fn an_unknown_device_is_taken_and_not_judged() {
    let mut watch = watch(&[once(), silent()]);
    assert_eq!(Fed { device: 7, code: 0, minute: 0, value: 300 }.go(&mut watch), []);
    // Once the register knows it, its next value is judged.
    watch.set_register(register(8, 1), Instant(START));
    assert_eq!(Fed { device: 7, code: 0, minute: 1, value: 300 }.go(&mut watch).len(), 1);
    // And when the register forgets it, what was open is over.
    let ended = watch.set_register(register(2, 2), Instant(START));
    assert_eq!(ended.iter().map(|event| event.step).collect::<Vec<_>>(), [Step::Recovered]);
}

proptest! {
    #[test]
    fn mixing_series_changes_nothing(fed in feeds()) {
        let rules = [once(), lasting(), stuck()];
        let mixed = run(&mut watch(&rules), &fed);
        let mut apart = fed.clone();
        apart.sort_by_key(|fed| (fed.device, fed.code));
        prop_assert_eq!(sorted(mixed), sorted(run(&mut watch(&rules), &apart)));
    }

    #[test]
    fn the_order_of_equal_times_and_the_same_register_again_change_nothing(fed in feeds(), again in 0..80_usize) {
        let rules = [once(), lasting(), stuck(), silent()];
        let straight = run(&mut watch(&rules), &by_time(fed.clone()));
        let mut turned = by_time(fed);
        turned.sort_by_key(|fed| (fed.minute, std::cmp::Reverse((fed.device, fed.code))));
        let (first, second) = turned.split_at(again.min(turned.len()));
        let mut other = watch(&rules);
        let mut events = run(&mut other, first);
        events.extend(other.set_register(register(2, 2), Instant(START)));
        events.extend(run(&mut other, second));
        let key = |event: &AlertEvent| (event.once(), event.value, event.reason);
        let keys = |events: &[AlertEvent]| {
            let mut keys: Vec<_> = events.iter().map(key).collect();
            keys.sort();
            keys
        };
        prop_assert_eq!(keys(&straight), keys(&events));
    }

    #[test]
    fn asking_about_silence_changes_no_alert(fed in feeds(), asked in proptest::collection::btree_set(0..500_i64, 0..40)) {
        let fed = by_time(fed);
        let end = fed.last().map_or(0, |fed| fed.minute) + 20;
        let ids = |asked: Vec<i64>| {
            let mut watch = watch(&[silent()]);
            let mut asked = asked.into_iter().filter(|minute| *minute < end).peekable();
            let mut events = Vec::new();
            for fed in &fed {
                while let Some(minute) = asked.next_if(|minute| *minute < fed.minute) {
                    events.extend(watch.tick(Instant(START + minute * MINUTE)));
                }
                events.extend(fed.go(&mut watch));
            }
            events.extend(watch.tick(Instant(START + end * MINUTE)));
            // Who never spoke before was asked or was not: only then is there something to tell.
            let mut ids: Vec<String> =
                events.iter().filter(|event| event.began.is_some()).map(AlertEvent::once).collect();
            ids.sort();
            ids
        };
        prop_assert_eq!(ids(asked.into_iter().collect()), ids(Vec::new()));
    }

    #[test]
    fn feeding_again_tells_nothing_new(fed in feeds()) {
        let rules = [once(), lasting(), stuck(), silent()];
        let fed = by_time(fed);
        let mut watch = watch(&rules);
        let first: BTreeSet<String> = run(&mut watch, &fed).iter().map(AlertEvent::once).collect();
        let second: BTreeSet<String> = run(&mut watch, &fed).iter().map(AlertEvent::once).collect();
        prop_assert!(second.is_subset(&first), "{:?}", second.difference(&first).collect::<Vec<_>>());
    }

    #[test]
    fn hysteresis_does_not_flap(fed in feeds()) {
        let events = run(&mut watch(&[lasting()]), &fed);
        let mut open = BTreeSet::new();
        for event in &events {
            let series = (event.about.mn.clone(), event.about.code.clone());
            match event.step {
                Step::Raised => prop_assert!(open.insert(series), "raised while open"),
                Step::Updated => prop_assert!(open.contains(&series), "told while not open"),
                Step::Recovered => {
                    prop_assert!(open.remove(&series), "over while not open");
                    // 10 % within 200 is 180.
                    prop_assert!(event.value <= Some(Fixed::from_integer(180)), "{:?}", event.value);
                }
            }
        }
        // Values that only swing around the limit, never within by enough, make one alert that lasts.
        let near: Vec<Fed> = fed.into_iter().map(|fed| Fed { value: fed.value.max(181), ..fed }).collect();
        let over = run(&mut watch(&[lasting()]), &near).iter().filter(|event| event.step == Step::Recovered).count();
        prop_assert_eq!(over, 0);
    }

    /// A restart: the past is fed again and its events thrown away, the open alerts come from the kept events.
    #[test]
    fn a_restart_goes_on_as_if_nothing_had_been(fed in feeds(), cut in 0..80_usize) {
        let rules = [once(), lasting(), stuck(), silent()];
        let fed = by_time(fed);
        let (past, coming) = fed.split_at(cut.min(fed.len()));
        let mut whole = watch(&rules);
        let kept = run(&mut whole, past);
        let expected = run(&mut whole, coming);

        let bodies: Vec<_> = kept.iter().map(|event| (event.kind(), event.body())).collect();
        let events = bodies.iter().map(|(kind, body)| Recorded { recorded: Instant(START), kind, actor: "rule", body });
        let (alerts, problems) = Alerts::fold(events, Instant(START));
        prop_assert!(problems.is_empty(), "{problems:?}");
        let open: Vec<_> = alerts.open().cloned().collect();
        let mut again = watch(&rules);
        run(&mut again, past);
        prop_assert_eq!(again.settle(&open), Vec::<String>::new());
        let keys = |events: &[AlertEvent]| -> BTreeSet<String> {
            events.iter().filter(|event| event.step != Step::Updated).map(AlertEvent::once).collect()
        };
        prop_assert_eq!(keys(&run(&mut again, coming)), keys(&expected));
    }
}

/// Printed, not judged: machines differ. `cargo test -p supervise --lib -- --ignored --nocapture speed`.
#[test]
#[ignore = "prints a speed"]
fn speed() {
    const DEVICES: usize = 2_000;
    const CODES: usize = 10;
    let rules = Arc::new(Rules::of(vec![once(), lasting(), stuck(), silent()]));
    let mut watch = Watch::new(rules, register(DEVICES, CODES), Instant(START));
    let names: Vec<(String, String)> = (0..DEVICES).map(|i| (format!("O{i}"), format!("M{i}"))).collect();
    let codes: Vec<String> = (0..CODES).map(|c| format!("c{c}")).collect();
    let mut raised = 0;
    let mut begun = std::time::Instant::now();
    for round in 0..50_i64 {
        // The first round makes the series and is not counted.
        if round == 1 {
            begun = std::time::Instant::now();
        }
        let time = Instant(START + round * MINUTE);
        for (outlet, mn) in &names {
            for (index, code) in codes.iter().enumerate() {
                let judged = Judged {
                    outlet,
                    mn,
                    code,
                    cadence: Cadence::RealTime,
                    basis: Basis::Measured,
                    time,
                    value: Some(Fixed::from_integer(100 + (index as i32 * 7 + round as i32 * 3) % 90)),
                    flag: Some(DataFlag::N),
                    qc: 1,
                    excused: false,
                    unit: "mg/m³",
                    frame: FrameId(round as u64),
                };
                raised += watch.feed(&judged, time).len();
            }
        }
    }
    let values = 49.0 * (DEVICES * CODES) as f64;
    let seconds = begun.elapsed().as_secs_f64();
    println!("{:.2} M values/s, {raised} steps", values / seconds / 1e6);
}
