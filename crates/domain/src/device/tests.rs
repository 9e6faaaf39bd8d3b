//! Every kind of wrong row is told with its place and raw text, and the rest of the register stays.

use super::*;
use crate::problem::{Problem, Severity};
use crate::record::{Record, Table};
use crate::text::Lang;
use proptest::prelude::*;

/// Rows of a table, one a line, `column=value` with blanks between; the row number is that of the line.
fn rows(lines: &[&str]) -> Vec<Record> {
    let fields = |line: &str| {
        let pairs = line.split(' ').filter_map(|pair| pair.split_once('='));
        pairs.map(|(column, value)| (column.to_string(), value.to_string())).collect()
    };
    lines.iter().enumerate().map(|(index, line)| Record::new(fields(line), index as u64 + 2)).collect()
}

const OUTLET: &str = "outlet=DA001 kind=gas";
const DEVICE: &str = "mn=M1 outlet=DA001 minute_interval=10 realtime_interval=30";
const CHANNEL: &str = "mn=M1 code=a21026 unit=mg/m³";
const LIMIT: &str =
    "outlet=DA001 code=a21026 statistic=hour basis=converted kind=permit from=2025-01-01 high=200 unit=mg/m³";

fn load(outlets: &[&str], devices: &[&str], channels: &[&str], limits: &[&str]) -> (Register, Vec<Problem>) {
    Register::load(&rows(outlets), &rows(devices), &rows(channels), &rows(limits))
}

fn told(problems: &[Problem]) -> Vec<String> {
    let line = |p: &Problem| format!("{} {} {} `{}`", p.place, p.severity.code(), p.code, p.raw);
    problems.iter().map(line).collect()
}

#[test]
fn a_whole_register_is_read_without_a_word() {
    let (register, problems) = load(
        &["outlet=DA001 name_zh=烟囱 kind=gas lon=104.6 lat=30.1 datum=wgs84 section_m2=7.07 reference_o2=6"],
        &[DEVICE],
        &[CHANNEL, "mn=M1 code=w00000 unit=L/s"],
        &[LIMIT, &LIMIT.replace("2025-01-01", "2026-01-01").replace("200", "100")],
    );
    assert_eq!(told(&problems), [] as [&str; 0]);
    assert_eq!(register.outlet_of("M1").expect("known").reference_o2_percent, Some(Fixed::from_integer(6)));
    assert_eq!(register.channel("M1", "a21026").expect("known").unit, "mg/m³");
    assert_eq!(register.channels_of("M1").count(), 2);
    let high = |day: &str| {
        let day = day.parse().expect("a day");
        register.limits_of("DA001", "a21026", day).iter().map(|limit| limit.high).collect::<Vec<_>>()
    };
    assert_eq!(high("2024-12-31"), []);
    assert_eq!(high("2025-06-01"), [Some(Fixed::from_integer(200))]);
    assert_eq!(high("2026-06-01"), [Some(Fixed::from_integer(200)), Some(Fixed::from_integer(100))]);
}

#[test]
fn wrong_outlets() {
    let (register, problems) = load(
        &[
            "kind=gas",
            "outlet=A kind=chimney",
            "outlet=B kind=gas lon=30.1 lat=104.6 section_m2=0",
            "outlet=C kind=gas lon=104.6 lat=30.1 datum=bd09",
            "outlet=D kind=water simulated=maybe reference_o2=six",
            "outlet=D kind=air",
        ],
        &[],
        &[],
        &[],
    );
    assert_eq!(
        told(&problems),
        [
            "outlets:2:outlet error field-missing ``",
            "outlets:3:kind error unknown-word `chimney`",
            "outlets:4:lat warning out-of-range `104.6`",
            "outlets:4:section_m2 warning out-of-range `0`",
            "outlets:5:datum warning shifted-datum `bd09`",
            "outlets:6:reference_o2 warning not-a-number `six`",
            "outlets:6:simulated warning unknown-word `maybe`",
            "outlets:7 warning key-twice `D`",
        ]
    );
    assert_eq!(register.outlets.keys().collect::<Vec<_>>(), ["B", "C", "D"]);
    assert_eq!(register.outlets["C"].lon_deg, None);
    assert_eq!(register.outlets["D"].kind, OutletKind::Air, "the later row counts");
    assert!(problems[1].message.get(Lang::En).contains("`chimney`"), "{}", problems[1].line(Lang::En));
}

#[test]
fn wrong_devices_and_channels_stay_because_their_data_come_anyway() {
    let (register, problems) = load(
        &[OUTLET],
        &[
            "outlet=DA001",
            "mn=M1 outlet=DA009 minute_interval=0 realtime_interval=30 from=2025-02-01 to=2025-01-01",
            "mn=1.0E+23 outlet=DA001 minute_interval=10 realtime_interval=30",
            "mn=m1 outlet=DA001 generation=2030 networks=10.0.0.0/8;10.0.0.256 minute_interval=10",
        ],
        &["mn=M7 code=a21026 unit=mg/m³", "mn=M1 code=a21026 unit=furlong range_low=5 range_high=5"],
        &[],
    );
    assert_eq!(
        told(&problems),
        [
            "devices:2:mn error field-missing ``",
            "devices:3:to warning ends-before `2025-01-01`",
            "devices:3:minute_interval warning not-an-interval `0`",
            "devices:3:outlet warning unknown-outlet `DA009`",
            "devices:4:mn warning mn-altered `1.0E+23`",
            "devices:5:generation warning unknown-word `2030`",
            "devices:5:networks warning not-a-network `10.0.0.0/8;10.0.0.256`",
            "devices:5:realtime_interval note interval-assumed ``",
            "devices:5 warning key-differs-by-case `m1`",
            "channels:2:mn warning unknown-device `M7`",
            "channels:3:unit warning unknown-unit `furlong`",
            "channels:3:range_high warning range-turned `5`",
        ]
    );
    assert_eq!((register.devices.len(), register.channels.len()), (3, 2));
    assert_eq!(register.outlet_of("M1"), None);
    assert!(register.in_use("M1", Day::from_ymd(2025, 3, 1).expect("a day")));
    assert!(!register.in_use("M1", Day::from_ymd(2025, 1, 31).expect("a day")));
    assert!(!register.in_use("M2", Day::from_ymd(2025, 3, 1).expect("a day")));
    assert_eq!(register.devices["m1"].networks, ["10.0.0.0/8", "10.0.0.256"], "a bad entry does not open the door");
}

#[test]
fn wrong_limits_never_judge() {
    let limits = [
        LIMIT.replace("hour", "hourly"),
        LIMIT.replace("high=200", "low=300 high=200"),
        LIMIT.replace("high=200", ""),
        LIMIT.replace("high=200", "high=200mg"),
        LIMIT.replace("from=2025-01-01", "from=2025-01-01 to=2024-01-01"),
        LIMIT.replace("from=2025-01-01", "from=2025-01-01 to=soon"),
        LIMIT.replace("from=2025-01-01", ""),
        LIMIT.replace("unit=mg/m³", "unit=bushel"),
        LIMIT.replace("unit=mg/m³", "unit=ppm"),
        LIMIT.replace("basis=converted", "basis=mass"),
        LIMIT.replace("DA001", "DA002"),
        LIMIT.to_string(),
        LIMIT.replace("high=200", "high=100"),
    ];
    let limits: Vec<&str> = limits.iter().map(String::as_str).collect();
    let (register, problems) = load(&[OUTLET], &[DEVICE], &[CHANNEL], &limits);
    assert_eq!(
        told(&problems),
        [
            "limits:2:statistic error unknown-word `hourly`",
            "limits:3:low error bounds-turned `300`",
            "limits:4:high error no-bound ``",
            "limits:5:high error not-a-number `200mg`",
            "limits:6:to error ends-before `2024-01-01`",
            "limits:7:to error not-a-day `soon`",
            "limits:8:from error field-missing ``",
            "limits:9:unit error unknown-unit `bushel`",
            "limits:10:unit warning unit-not-convertible `ppm`",
            "limits:11:unit warning unit-not-convertible `mg/m³`",
            "limits:12:outlet warning unknown-outlet `DA002`",
            "limits:13 warning key-twice `DA001 a21026 hour converted permit 2025-01-01`",
            "limits:14 warning key-twice `DA001 a21026 hour converted permit 2025-01-01`",
        ]
    );
    let day = Day::from_ymd(2025, 1, 1).expect("a day");
    let of_permit = register.limits_of("DA001", "a21026", day).into_iter().filter(|limit| limit.basis == "converted");
    assert_eq!(of_permit.map(|limit| limit.high).collect::<Vec<_>>(), [Some(Fixed::from_integer(100))]);
}

#[test]
fn a_kept_record_names_its_import() {
    let mut record = rows(&["outlet=A kind=x"]).remove(0);
    record.import = "i-7".to_string();
    let (_, problems) = Register::load(&[record], &[], &[], &[]);
    assert_eq!(problems[0].place.to_string(), "i-7[outlets]:2:kind");
    assert_eq!(problems[0].severity, Severity::Error);
}

proptest! {
    /// Every row is in the register or told, and nothing panics, whatever stands in the cells.
    #[test]
    fn no_row_is_lost(cells in proptest::collection::vec("[a-z0-9.;/-]{0,6}|hour|converted|permit|gas|2025-01-01|kg", 48)) {
        let table = |table: Table, at: usize| {
            let columns = table.columns().iter().enumerate();
            let fields = columns.map(|(index, column)| (column.to_string(), cells[(at + index) % cells.len()].clone()));
            vec![Record::new(fields.collect(), 2)]
        };
        let all = [table(Table::Outlets, 0), table(Table::Devices, 14), table(Table::Channels, 26), table(Table::Limits, 33)];
        let (register, problems) = Register::load(&all[0], &all[1], &all[2], &all[3]);
        let errors = |name: &str| problems.iter().any(|p| p.severity == Severity::Error && p.place.file == name);
        prop_assert_ne!(register.outlets.is_empty(), !errors("outlets"));
        prop_assert_ne!(register.devices.is_empty(), !errors("devices"));
        prop_assert_ne!(register.channels.is_empty(), !errors("channels"));
        prop_assert_ne!(register.limits.is_empty(), !errors("limits"));
    }
}
