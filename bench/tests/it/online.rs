//! Hundreds of hours and days of online monitoring, and missing amounts, against a second reading of the rules.
//!
//! Expected values: `oracle/cases-online-*.csv`, computed in Python's fractions by `oracle/online.py`.

use domain::{
    Cadence, Channel, DataFlag, Day, Device, Fixed, FrameId, Instant, OnlineItem, OnlineMessage, Outlet, OutletKind,
};
use indicators::online::{Check, CodeStatement, Mark, OutletInput, OutletStatement, PastAmount, PastSpan, statement};
use standards::Catalog;
use standards::online::OnlineRules;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::builtin);
const HOUR_MS: i64 = 3_600_000;
const MINUTE_MS: i64 = 60_000;
const CONC: &str = "a21026";
const OXYGEN: &str = "a19001";
const FLOW: &str = "a00000";
const COD: &str = "w01018";
const WATER: &str = "w00000";

type Row = BTreeMap<String, String>;

fn read(name: &str) -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("oracle/cases-online-{name}.csv"));
    let mut reader = csv::Reader::from_path(&path).expect("the cases are in the tree");
    reader.deserialize().map(|row| row.expect("a case")).collect()
}

fn day() -> Day {
    "2025-06-10".parse().expect("a day")
}

fn hour_of(hour: i64) -> Instant {
    Instant(Instant::from_civil(day(), 0).0 + hour * HOUR_MS)
}

fn number(text: &str) -> Fixed {
    text.parse().expect("a number")
}

fn shown(value: Option<Fixed>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn yes(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}

/// An outlet, and what it sent on one day.
struct World {
    rules: OnlineRules,
    outlet: Outlet,
    device: Device,
    channels: Vec<Channel>,
    messages: Vec<OnlineMessage>,
    marks: Vec<Mark>,
    checks: Vec<Check>,
    history: Vec<PastAmount>,
}

impl World {
    fn new(kind: OutletKind, interval_min: u32) -> World {
        let codes: &[(&str, &str)] = match kind {
            OutletKind::Gas => &[(CONC, "mg/m³"), (OXYGEN, "%"), (FLOW, "m³/h")],
            _ => &[(COD, "mg/L"), (WATER, "L/s")],
        };
        let channel = |(code, unit): &(&str, &str)| Channel {
            mn: "M".into(),
            code: (*code).into(),
            unit: (*unit).into(),
            resolution: None,
            range_low: None,
            range_high: None,
        };
        World {
            rules: CATALOG.online_rules(kind, day()).expect("built in"),
            outlet: Outlet {
                code: "X".into(),
                name_zh: String::new(),
                name_en: String::new(),
                enterprise: String::new(),
                area: String::new(),
                kind,
                lon_deg: None,
                lat_deg: None,
                section_m2: None,
                velocity_factor: None,
                reference_o2_percent: None,
                reference_air_ratio: None,
                simulated: false,
                note: String::new(),
            },
            device: Device {
                mn: "M".into(),
                outlet: "X".into(),
                st: "31".into(),
                generation: "2017".into(),
                vendor: String::new(),
                model: String::new(),
                networks: Vec::new(),
                minute_interval_min: interval_min,
                realtime_interval_s: 60,
                from: None,
                to: None,
            },
            channels: codes.iter().map(channel).collect(),
            messages: Vec::new(),
            marks: Vec::new(),
            checks: Vec::new(),
            history: Vec::new(),
        }
    }

    fn send(&mut self, time: Instant, code: &str, value: &str, flag: char) {
        let flag = DataFlag::from_letter(flag).expect("a flag");
        let base = OnlineItem { code: code.into(), sent_code: code.into(), ..OnlineItem::default() };
        self.messages.push(OnlineMessage {
            frame: FrameId(self.messages.len() as u64 + 1),
            mn: "M".into(),
            st: "31".into(),
            cadence: Cadence::Minute,
            time,
            part: (1, 1),
            resent: false,
            items: vec![OnlineItem { avg: Some(number(value)), flag: Some(flag), ..base }],
        });
    }

    /// Minutes of the first hour, written `50.2N;-;…`.
    fn minutes(&mut self, code: &str, minutes: &str) {
        for (offset, minute) in minutes.split(';').enumerate().filter(|(_, minute)| *minute != "-") {
            let (value, flag) = minute.split_at(minute.len() - 1);
            let time = Instant(hour_of(0).0 + offset as i64 * MINUTE_MS);
            self.send(time, code, value, flag.chars().next().expect("a flag"));
        }
    }

    fn statement(&self) -> OutletStatement {
        statement(&OutletInput {
            outlet: &self.outlet,
            devices: std::slice::from_ref(&self.device),
            channels: &self.channels,
            rules: &self.rules,
            from: day(),
            to: day(),
            until: hour_of(24),
            messages: &self.messages,
            marks: &self.marks,
            reviews: &[],
            checks: &self.checks,
            history: &self.history,
        })
    }

    fn code(&self, code: &str) -> CodeStatement {
        let told = self.statement();
        told.codes.into_iter().find(|own| own.code == code).expect("registered")
    }
}

fn check(row: &Row, place: &str, got: &[(&str, String)]) {
    for (column, got) in got {
        assert_eq!(*got, row[*column], "{column} of {place}");
    }
}

#[test]
fn hours_of_flue_gas_agree_with_the_second_reading() {
    let rows = read("gas");
    assert!(rows.len() >= 400);
    for (line, row) in rows.iter().enumerate() {
        let mut world = World::new(OutletKind::Gas, 1);
        let (kind, reference) = row["reference"].split_once('=').expect("kind=number");
        match kind {
            "o2" => world.outlet.reference_o2_percent = Some(number(reference)),
            "air" => world.outlet.reference_air_ratio = Some(number(reference)),
            _ => {}
        }
        for (code, column) in [(CONC, "conc"), (OXYGEN, "oxygen"), (FLOW, "flow")] {
            world.minutes(code, &row[column]);
        }
        let values = world.code(CONC).hours[0].values.clone();
        check(
            row,
            &format!("cases-online-gas.csv line {}", line + 2),
            &[
                ("value", shown(values.value)),
                ("converted", shown(values.converted)),
                ("converted_alternative", shown(values.converted_alternative)),
                ("mass", shown(values.mass_kg)),
                ("valid_minutes", values.valid_minutes.to_string()),
                ("converted_minutes", values.converted_minutes.to_string()),
                ("valid", yes(values.valid).into()),
                ("converted_valid", yes(values.converted_valid).into()),
                ("flag", values.flag.letter().to_string()),
            ],
        );
    }
}

#[test]
fn hours_of_waste_water_agree_with_the_second_reading() {
    let rows = read("water");
    assert!(rows.len() >= 400);
    for (line, row) in rows.iter().enumerate() {
        let mut world = World::new(OutletKind::Water, 1);
        world.minutes(COD, &row["conc"]);
        world.minutes(WATER, &row["flow"]);
        let values = world.code(COD).hours[0].values.clone();
        check(
            row,
            &format!("cases-online-water.csv line {}", line + 2),
            &[
                ("value", shown(values.value)),
                ("alternative", shown(values.alternative)),
                ("mass", shown(values.mass_kg)),
                ("volume", shown(world.code(WATER).hours[0].values.amount_m3)),
                ("valid_minutes", values.valid_minutes.to_string()),
                ("valid", yes(values.valid).into()),
                ("flag", values.flag.letter().to_string()),
            ],
        );
    }
}

#[test]
fn days_agree_with_the_second_reading() {
    let rows = read("days");
    assert!(rows.len() >= 300);
    for (line, row) in rows.iter().enumerate() {
        let gas = row["kind"] == "gas";
        let kind = if gas { OutletKind::Gas } else { OutletKind::Water };
        let (conc, flow) = if gas { (CONC, FLOW) } else { (COD, WATER) };
        let mut world = World::new(kind, 1);
        for (hour, text) in row["hours"].split(';').enumerate() {
            let parts: Vec<&str> = text.split('/').collect();
            let minutes: i64 = parts[2].parse().expect("minutes");
            let rest = parts[3].chars().next().filter(|flag| *flag != '-');
            for minute in 0..60 {
                let flag = if minute < minutes { Some('N') } else { rest };
                let time = Instant(hour_of(hour as i64).0 + minute * MINUTE_MS);
                for (code, value) in [(conc, parts[0]), (flow, parts[1])] {
                    if let Some(flag) = flag {
                        world.send(time, code, value, flag);
                    }
                }
            }
        }
        let values = world.code(conc).days[0].values.clone();
        check(
            row,
            &format!("cases-online-days.csv line {}", line + 2),
            &[
                ("value", shown(values.value)),
                ("mass", shown(values.mass_kg)),
                ("valid_hours", values.valid_hours.to_string()),
                ("stopped_hours", values.stopped_hours.to_string()),
                ("due_hours", values.due_hours.to_string()),
                ("valid", yes(values.valid).into()),
            ],
        );
    }
}

/// `2.5*3;-;F` one by one.
fn unpacked(text: &str) -> Vec<String> {
    let one = |part: &str| match part.split_once('*') {
        Some((what, many)) => vec![what.to_string(); many.parse().expect("a count")],
        None => vec![part.to_string()],
    };
    text.split(';').filter(|part| !part.is_empty()).flat_map(one).collect()
}

fn out_of_control(hour: i64) -> Mark {
    Mark {
        id: format!("m{hour}"),
        outlet: "X".into(),
        mn: None,
        code: None,
        from: hour_of(hour),
        to: hour_of(hour + 1),
        kind: "out-of-control".into(),
        reason: String::new(),
        evidence: String::new(),
        actor: String::new(),
        recorded: hour_of(24),
        withdraws: None,
    }
}

#[test]
fn substituted_amounts_agree_with_the_second_reading() {
    let rows = read("substitution");
    assert!(rows.len() >= 200);
    for (line, row) in rows.iter().enumerate() {
        let mut world = World::new(OutletKind::Gas, 60);
        let past = unpacked(&row["past"]);
        for (index, what) in past.iter().enumerate() {
            world.history.push(PastAmount {
                code: CONC.into(),
                span: PastSpan::Hour,
                start: hour_of(index as i64 - past.len() as i64),
                amount_kg: what.parse().ok(),
                stopped: what == "F",
            });
        }
        for (hour, what) in unpacked(&row["today"]).iter().enumerate() {
            let time = hour_of(hour as i64);
            match what.as_str() {
                "-" => {}
                "X" => world.marks.push(out_of_control(hour as i64)),
                "F" => [CONC, FLOW].into_iter().for_each(|code| world.send(time, code, "0", 'F')),
                // Times a million cubic metres an hour it is this many kilograms.
                amount => {
                    world.send(time, CONC, amount, 'N');
                    world.send(time, FLOW, "1000000", 'N');
                }
            }
        }
        let passed = row["checks"].split(';').filter(|hour| !hour.is_empty());
        let passed = passed.map(|hour| hour_of(hour.parse().expect("an hour")));
        world.checks = passed.map(|time| Check { code: None, time, passed: true }).collect();
        let told = world.code(CONC);
        let got: Vec<String> = (told.hours.iter().enumerate())
            .filter_map(|(hour, own)| {
                let instead = own.substituted.as_ref()?;
                let rule = if instead.rule.is_empty() { "none" } else { &instead.rule };
                Some(format!("{hour}:{rule}:{}", shown(instead.amount_kg)))
            })
            .collect();
        let place = format!("cases-online-substitution.csv line {}", line + 2);
        assert_eq!(got.join(" "), row["substituted"], "{place}");
        let quarter = told.capture.last().expect("a quarter");
        assert_eq!(shown(quarter.alpha_percent), row["alpha"], "{place}");
    }
}
