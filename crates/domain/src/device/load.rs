//! Records of the four tables → [`Register`], and everything in them that cannot be used or does not fit together.

use super::{Channel, Device, Outlet, OutletKind, OutletLimit, Register};
use crate::problem::{Problem, Severity};
use crate::record::{Record, Table};
use crate::row::{Cell, Row};
use crate::text::Text;
use crate::unit::Units;
use std::collections::BTreeMap;

/// Minutes between minute values where the register does not say: our choice, told as a note.
const MINUTES_IF_UNSTATED: u32 = 10;
/// Seconds between real-time values where the register does not say: our choice, told as a note.
const SECONDS_IF_UNSTATED: u32 = 60;
/// Protocol generations that a device may be registered with.
const GENERATIONS: [&str; 4] = ["2005", "2017", "2025", "mqtt"];
/// Unit that an amount must convert to.
const AMOUNT_UNIT: &str = "kg";

impl Register {
    /// From the records of the lake. A row that cannot be used is an error, a cell that cannot is a warning, and
    /// both keep the place and the raw text; the rest of the register stays usable. A later row of the same key
    /// replaces the earlier one, as in the lake, and is told.
    ///
    /// A device whose outlet is not listed and a channel whose device is not listed stay: their data come anyway.
    pub fn load(
        outlets: &[Record],
        devices: &[Record],
        channels: &[Record],
        limits: &[Record],
    ) -> (Register, Vec<Problem>) {
        let units = Units::builtin();
        let mut register = Register::default();
        let mut problems = Vec::new();
        let mut seen = Seen::default();
        for record in outlets {
            let mut row = Row::new(Table::Outlets, record, &mut problems);
            if let Some(outlet) = read_outlet(&mut row) {
                seen.check(&mut row, vec![outlet.code.clone()]);
                register.outlets.insert(outlet.code.clone(), outlet);
            }
        }
        seen.clear();
        for record in devices {
            let mut row = Row::new(Table::Devices, record, &mut problems);
            if let Some(device) = read_device(&mut row) {
                seen.check(&mut row, vec![device.mn.clone()]);
                check_outlet(&mut row, &register, &device.outlet);
                register.devices.insert(device.mn.clone(), device);
            }
        }
        seen.clear();
        for record in channels {
            let mut row = Row::new(Table::Channels, record, &mut problems);
            if let Some(channel) = read_channel(&mut row, &units) {
                seen.check(&mut row, vec![channel.mn.clone(), channel.code.clone()]);
                check_device(&mut row, &register, &channel.mn);
                register.channels.insert((channel.mn.clone(), channel.code.clone()), channel);
            }
        }
        seen.clear();
        for record in limits {
            let mut row = Row::new(Table::Limits, record, &mut problems);
            if let Some(limit) = read_limit(&mut row, &units) {
                check_outlet(&mut row, &register, &limit.outlet);
                check_limit_unit(&mut row, &register, &units, &limit);
                let twice = seen.check(&mut row, limit_key(&limit));
                let of_code = register.limits.entry((limit.outlet.clone(), limit.code.clone())).or_default();
                if twice {
                    of_code.retain(|other| limit_key(other) != limit_key(&limit));
                }
                of_code.push(limit);
            }
        }
        for of_code in register.limits.values_mut() {
            of_code.sort_by_cached_key(|limit| {
                (limit.statistic.clone(), limit.basis.clone(), limit.kind.clone(), limit.from)
            });
        }
        (register, problems)
    }
}

/// Keys of the rows read so far; upper case, because an MN in another case is the same instrument to a person.
#[derive(Default)]
struct Seen(BTreeMap<String, Vec<String>>);

impl Seen {
    /// Tells a key that was there before; whether the very same was.
    fn check(&mut self, row: &mut Row<'_>, key: Vec<String>) -> bool {
        let folded = key.join("\u{1f}").to_uppercase();
        let Some(before) = self.0.insert(folded, key.clone()) else { return false };
        let (now, then) = (key.join(" "), before.join(" "));
        if before == key {
            let message = Text::new(
                format!("“{now}”出现两次，以后一行为准；请删去一行"),
                format!("`{now}` stands twice and the later row counts; delete one of them"),
            );
            row.warn("key-twice", "", message);
            return true;
        }
        let message = Text::new(
            format!("“{now}”与“{then}”只有大小写不同，按两条处理；请核对是否同一个"),
            format!("`{now}` and `{then}` differ by case only and are kept as two; check whether they are one"),
        );
        row.warn("key-differs-by-case", "", message);
        false
    }

    fn clear(&mut self) {
        self.0.clear();
    }
}

fn limit_key(limit: &OutletLimit) -> Vec<String> {
    let words = [&limit.outlet, &limit.code, &limit.statistic, &limit.basis, &limit.kind];
    words.into_iter().cloned().chain([limit.from.to_string()]).collect()
}

fn read_outlet(row: &mut Row<'_>) -> Option<Outlet> {
    let code = row.needed("outlet")?;
    let Some(kind) = OutletKind::from_code(row.text("kind")) else {
        row.wrong_word("kind", &OutletKind::ALL.map(OutletKind::code).join(", "), Severity::Error);
        return None;
    };
    let (lon_deg, lat_deg) = position(row);
    Some(Outlet {
        code,
        name_zh: row.owned("name_zh"),
        name_en: row.owned("name_en"),
        enterprise: row.owned("enterprise"),
        area: row.owned("area"),
        kind,
        lon_deg,
        lat_deg,
        section_m2: row.positive("section_m2"),
        velocity_factor: row.positive("velocity_factor"),
        reference_o2_percent: row.positive("reference_o2"),
        reference_air_ratio: row.positive("reference_air_ratio"),
        simulated: row.yes("simulated"),
        note: row.owned("note"),
    })
}

/// Longitude and latitude on WGS 84. CGCS 2000 differs from it by less than a metre and is taken as it is; a
/// position on a shifted datum would lie hundreds of metres beside the stack and is left out.
fn position(row: &mut Row<'_>) -> (Option<f64>, Option<f64>) {
    let position = (row.degrees("lon", 180), row.degrees("lat", 90));
    let datum = row.text("datum").to_ascii_lowercase();
    match datum.as_str() {
        "" | "wgs84" | "cgcs2000" => position,
        "gcj02" | "bd09" => {
            let message = Text::new(
                format!("坐标系“{datum}”是偏移坐标，位置暂不采用；请换算为 wgs84 后重新导入"),
                format!("the datum `{datum}` is a shifted one and the position is left out; convert it to wgs84"),
            );
            row.warn("shifted-datum", "datum", message);
            (None, None)
        }
        "unknown" => {
            let message = Text::new(
                "坐标系未知，位置按 wgs84 显示，可能偏移数百米；请查明",
                "the datum is unknown; the position is shown as wgs84 and may be hundreds of metres off: find it out",
            );
            row.tell(Severity::Note, "unknown-datum", "datum", message);
            position
        }
        _ => {
            row.wrong_word("datum", "wgs84, cgcs2000, gcj02, bd09, unknown", Severity::Warning);
            (None, None)
        }
    }
}

fn read_device(row: &mut Row<'_>) -> Option<Device> {
    let mn = row.needed("mn")?;
    if mn.contains(['.', '+', ' ']) {
        let message = Text::new(
            format!("MN“{mn}”像是被表格软件改成了数字；请把这一列设为文本，重新填写后导入"),
            format!(
                "the MN `{mn}` looks as if a spreadsheet made a number of it; make the column text and import again"
            ),
        );
        row.warn("mn-altered", "mn", message);
    }
    let outlet = row.needed("outlet")?;
    let generation = row.owned("generation");
    if !generation.is_empty() && !GENERATIONS.contains(&generation.as_str()) {
        row.wrong_word("generation", &GENERATIONS.join(", "), Severity::Warning);
    }
    let networks: Vec<String> = row
        .text("networks")
        .split(|c: char| c.is_whitespace() || ";；,，、".contains(c))
        .filter(|network| !network.is_empty())
        .map(str::to_string)
        .collect();
    for network in networks.iter().filter(|network| !is_network(network)) {
        let message = Text::new(
            format!("networks 中的“{network}”不是地址，不会放行任何连接；请写成 10.1.2.3 或 10.1.2.0/24"),
            format!("`{network}` in `networks` is no address and lets nobody in; write 10.1.2.3 or 10.1.2.0/24"),
        );
        row.warn("not-a-network", "networks", message);
    }
    let from = row.day("from", Severity::Warning).value();
    let mut to = row.day("to", Severity::Warning).value();
    if let (Some(first), Some(last)) = (from, to)
        && last < first
    {
        let message = Text::new(
            format!("停用日期 {last} 早于启用日期 {first}，停用日期暂不采用；请更正"),
            format!("the last day {last} is before the first day {first} and is left out; correct one of them"),
        );
        row.warn("ends-before", "to", message);
        to = None;
    }
    Some(Device {
        mn,
        outlet,
        st: row.owned("st"),
        generation,
        vendor: row.owned("vendor"),
        model: row.owned("model"),
        networks,
        minute_interval_min: row.interval("minute_interval", MINUTES_IF_UNSTATED),
        realtime_interval_s: row.interval("realtime_interval", SECONDS_IF_UNSTATED),
        from,
        to,
    })
}

/// Whether a text is an address of either family, with or without a length of prefix.
fn is_network(text: &str) -> bool {
    let (address, length) = text.split_once('/').map_or((text, None), |(address, length)| (address, Some(length)));
    let fits = |most: u8| length.is_none_or(|length| length.parse::<u8>().is_ok_and(|bits| bits <= most));
    if address.contains(':') {
        return fits(128) && address.chars().all(|c| c.is_ascii_hexdigit() || c == ':' || c == '.');
    }
    let parts: Vec<&str> = address.split('.').collect();
    fits(32) && parts.len() == 4 && parts.iter().all(|part| part.parse::<u8>().is_ok())
}

fn read_channel(row: &mut Row<'_>, units: &Units) -> Option<Channel> {
    let mn = row.needed("mn")?;
    let code = row.needed("code")?;
    let unit = row.needed("unit")?;
    if units.get(&unit).is_err() {
        let message = Text::new(
            format!("单位“{unit}”不在单位表，数值照原样显示，不能换算也不能对照限值；请改用单位表中的写法"),
            format!(
                "`{unit}` is in no table of units: values are shown as they come, not converted and not held against limits; write a unit of the table"
            ),
        );
        row.warn("unknown-unit", "unit", message);
    }
    let mut low = row.number("range_low", Severity::Warning).value();
    let mut high = row.number("range_high", Severity::Warning).value();
    if let (Some(bottom), Some(top)) = (low, high)
        && top <= bottom
    {
        let message = Text::new(
            format!("量程上限 {top} 不大于下限 {bottom}，量程暂不采用；请更正"),
            format!("the range ends at {top}, not above its begin {bottom}, and is left out; correct it"),
        );
        row.warn("range-turned", "range_high", message);
        (low, high) = (None, None);
    }
    Some(Channel { mn, code, unit, resolution: row.positive("resolution"), range_low: low, range_high: high })
}

fn read_limit(row: &mut Row<'_>, units: &Units) -> Option<OutletLimit> {
    let outlet = row.needed("outlet")?;
    let code = row.needed("code")?;
    let statistic = word(row, "statistic", &OutletLimit::STATISTICS)?;
    let basis = word(row, "basis", &OutletLimit::BASES)?;
    let kind = word(row, "kind", &OutletLimit::KINDS)?;
    row.needed("from")?;
    let (Cell::Is(from), to) = (row.day("from", Severity::Error), row.day("to", Severity::Error)) else {
        return None;
    };
    let to = match to {
        Cell::Empty => None,
        Cell::Is(to) if from <= to => Some(to),
        Cell::Is(to) => {
            let message = Text::new(
                format!("失效日期 {to} 早于生效日期 {from}，这个限值不采用；请更正"),
                format!("the limit ends on {to}, before it begins on {from}, and is not used; correct one of them"),
            );
            row.refuse("ends-before", "to", message);
            return None;
        }
        Cell::Bad => return None,
    };
    let (low, high) = (row.number("low", Severity::Error), row.number("high", Severity::Error));
    let (low, high) = match (low, high) {
        (Cell::Bad, _) | (_, Cell::Bad) => return None,
        (low, high) => (low.value(), high.value()),
    };
    check_bounds(row, low, high)?;
    let unit = row.needed("unit")?;
    if units.get(&unit).is_err() {
        let message = Text::new(
            format!("单位“{unit}”不在单位表，这个限值不能使用；请改用单位表中的写法"),
            format!("`{unit}` is in no table of units and the limit cannot be used; write a unit of the table"),
        );
        row.refuse("unknown-unit", "unit", message);
        return None;
    }
    let document = row.owned("document");
    Some(OutletLimit { outlet, code, statistic, basis, kind, from, to, low, high, unit, document })
}

fn check_bounds(row: &mut Row<'_>, low: Option<crate::Fixed>, high: Option<crate::Fixed>) -> Option<()> {
    match (low, high) {
        (None, None) => {
            let message = Text::new(
                "low 和 high 都没有，这个限值不能使用；至少填一个",
                "neither `low` nor `high` is given and the limit cannot be used; give at least one",
            );
            row.refuse("no-bound", "high", message);
            None
        }
        (Some(bottom), Some(top)) if top < bottom => {
            let message = Text::new(
                format!("下限 {bottom} 大于上限 {top}，这个限值不能使用；是否写反？"),
                format!("the lower bound {bottom} is above the upper bound {top}; are the two swapped?"),
            );
            row.refuse("bounds-turned", "low", message);
            None
        }
        _ => Some(()),
    }
}

fn word(row: &mut Row<'_>, column: &str, choices: &[&str]) -> Option<String> {
    if choices.contains(&row.text(column)) {
        return Some(row.owned(column));
    }
    row.wrong_word(column, &choices.join(", "), Severity::Error);
    None
}

fn check_outlet(row: &mut Row<'_>, register: &Register, outlet: &str) {
    if !register.outlets.contains_key(outlet) {
        let message = Text::new(
            format!("排放口“{outlet}”不在排放口表；数据照收，但无法归属和评判，请先导入排放口表"),
            format!("the outlet `{outlet}` is not listed; data are taken but belong nowhere: import the outlets first"),
        );
        row.warn("unknown-outlet", "outlet", message);
    }
}

fn check_device(row: &mut Row<'_>, register: &Register, mn: &str) {
    if !register.devices.contains_key(mn) {
        let message = Text::new(
            format!("设备“{mn}”不在设备表；请先导入设备表，或核对 MN"),
            format!("the device `{mn}` is not listed; import the devices first, or check the MN"),
        );
        row.warn("unknown-device", "mn", message);
    }
}

/// A limit in a unit that its channels cannot be converted to never judges anything, so that must be told.
fn check_limit_unit(row: &mut Row<'_>, register: &Register, units: &Units, limit: &OutletLimit) {
    let (code, unit) = (&limit.code, &limit.unit);
    let mut wanted: Vec<&str> = if limit.basis == "mass" {
        vec![AMOUNT_UNIT]
    } else {
        let channels = register.devices_of(&limit.outlet).filter_map(|device| register.channel(&device.mn, code));
        channels.map(|channel| channel.unit.as_str()).collect()
    };
    wanted.sort_unstable();
    wanted.dedup();
    for other in wanted.into_iter().filter(|other| units.conversion(unit, other).is_err()) {
        let message = Text::new(
            format!("限值单位“{unit}”不能换算成“{other}”（{code} 的数值单位），这个限值不会起作用；请更正单位"),
            format!(
                "the limit's unit `{unit}` cannot become `{other}`, the unit of {code}: it never judges; correct it"
            ),
        );
        row.warn("unit-not-convertible", "unit", message);
    }
}
