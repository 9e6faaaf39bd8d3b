//! The wall: every device with its state and newest values.

use super::desk::{Desk, counts, number};
use super::values::{self, Newest};
use crate::answers::online::wall::{Wall, WallDevice, WallValue};
use crate::data::Data;
use crate::trouble::Trouble;
use domain::{Cadence, Day, Device, Fixed, Instant, OnlineItem, OutletLimit};
use std::collections::{BTreeMap, BTreeSet};
use store::DeviationQuery;
use supervise::Alerts;

/// Reports missed in a row before a device counts as late, and as silent. Our choice.
const LATE_AFTER: i64 = 3;
const SILENT_AFTER: i64 = 20;

/// The wall now.
pub fn wall(data: &Data) -> Result<Wall, Trouble> {
    let desk = Desk::open(data)?;
    let scene = Scene::new(&desk)?;
    let mut mns: BTreeSet<&str> = desk.register.devices.keys().map(String::as_str).collect();
    mns.extend(scene.newest.keys().map(String::as_str));
    mns.extend(scene.states.keys().map(String::as_str));
    let mut devices: Vec<WallDevice> =
        mns.into_iter().filter(|mn| !mn.is_empty()).map(|mn| scene.device(&desk, mn)).collect();
    let key = |device: &WallDevice| (device.outlet.as_ref().map(|outlet| outlet.code.clone()), device.mn.clone());
    devices.sort_by_cached_key(key);
    let codes = devices.iter().flat_map(|device| device.values.iter().map(|value| value.code.as_str()));
    let areas = devices.iter().filter_map(|device| device.outlet.as_ref()).map(|outlet| outlet.area.as_str());
    Ok(Wall {
        now: scene.now.to_iso(),
        parameters: desk.parameters(codes),
        areas: desk.area_names(areas),
        simulated: devices.iter().any(|device| device.simulated),
        devices,
    })
}

/// All that is needed to describe devices.
#[derive(Debug)]
pub struct Scene {
    now: Instant,
    newest: BTreeMap<String, Vec<Newest>>,
    states: BTreeMap<String, gateway::DeviceState>,
    alerts: BTreeMap<String, u64>,
    today: BTreeMap<String, (u64, u64)>,
    maintained: BTreeSet<String>,
    qc: crate::live::Qc,
}

impl Scene {
    /// As of now.
    pub fn new(desk: &Desk<'_>) -> Result<Scene, Trouble> {
        let now = crate::clock::now();
        let midnight = Instant::from_civil(now.civil().0, 0);
        let mut today: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        let query = DeviationQuery { from: Some(midnight), ..DeviationQuery::default() };
        for count in desk.store.journal().counts(&query)? {
            today.entry(count.mn.clone()).or_default().0 += count.total();
        }
        for count in desk.store.journal().deviations(&query)? {
            today.entry(count.mn).or_default().1 += count.count;
        }
        let states = desk.data.live().map(|live| live.gateway().devices()).unwrap_or_default();
        Ok(Scene {
            now,
            newest: values::newest(desk)?,
            states: states.into_iter().map(|state| (state.mn.clone(), state)).collect(),
            alerts: open_alerts(desk.alerts(None)?.as_ref()),
            today,
            maintained: maintained(desk, now)?,
            qc: desk.data.live().map(|live| live.qc()).unwrap_or_default(),
        })
    }

    /// One device.
    pub fn device(&self, desk: &Desk<'_>, mn: &str) -> WallDevice {
        let registered = desk.register.device(mn);
        let state = self.states.get(mn);
        let newest = self.newest.get(mn).map(Vec::as_slice).unwrap_or_default();
        let last_frame = state.and_then(|state| state.last_frame);
        let last_seen = newest.iter().map(|newest| newest.received).chain(last_frame).max();
        let connected = state.is_some_and(|state| state.connected);
        let spoken = state.and_then(|state| state.generation).map(|generation| generation.code().to_string());
        let (frames_today, deviations_today) = self.today.get(mn).copied().unwrap_or_default();
        let some = |text: &str| Some(text.to_string()).filter(|text| !text.is_empty());
        WallDevice {
            mn: mn.to_string(),
            outlet: desk.outlet_of(mn),
            state: self.link(registered, last_seen, connected).to_string(),
            connected,
            last_seen: last_seen.map(|time| time.to_iso()),
            data_time: newest.iter().map(|newest| newest.time).max().map(|time| time.to_iso()),
            generation: spoken.or_else(|| registered.and_then(|device| some(&device.generation))),
            vendor: registered.and_then(|device| some(&device.vendor)),
            values: self.values(desk, mn, newest),
            alerts: self.alerts.get(mn).copied().unwrap_or(0),
            deviations_today,
            frames_today,
            simulated: desk.simulated(mn),
        }
    }

    fn link(&self, device: Option<&Device>, last_seen: Option<Instant>, connected: bool) -> &'static str {
        let Some(device) = device else { return "unknown-mn" };
        let Some(last_seen) = last_seen else { return "never" };
        if self.maintained.contains(&device.mn) {
            return "maintenance";
        }
        let interval_s = match device.realtime_interval_s {
            0 => i64::from(device.minute_interval_min.max(1)) * 60,
            seconds => i64::from(seconds),
        };
        let age_s = (self.now.0 - last_seen.0) / 1000;
        match age_s {
            age if age <= interval_s * LATE_AFTER => "online",
            age if age <= interval_s * SILENT_AFTER || connected => "late",
            _ => "silent",
        }
    }

    /// The newest value of each channel: in the register's order, then what no channel knows.
    fn values(&self, desk: &Desk<'_>, mn: &str, newest: &[Newest]) -> Vec<WallValue> {
        let mut by_code: BTreeMap<&str, &Newest> = BTreeMap::new();
        for value in newest.iter().filter(|newest| values::value(newest.cadence, &newest.item).is_some()) {
            let entry = by_code.entry(value.item.code.as_str()).or_insert(value);
            if (value.time, std::cmp::Reverse(value.cadence)) > (entry.time, std::cmp::Reverse(entry.cadence)) {
                *entry = value;
            }
        }
        let listed: Vec<&str> = desk.register.channels_of(mn).map(|channel| channel.code.as_str()).collect();
        let rest = by_code.keys().copied().filter(|code| !listed.contains(code));
        let order: Vec<&str> = listed.iter().copied().chain(rest).collect();
        let values = order.into_iter().filter_map(|code| by_code.get(code));
        values.map(|newest| self.value(desk, mn, newest)).collect()
    }

    fn value(&self, desk: &Desk<'_>, mn: &str, newest: &Newest) -> WallValue {
        let qc = self.qc.of(mn, &newest.item.code, newest.cadence);
        wall_value(desk, mn, (newest.cadence, newest.time, newest.frame.0), &newest.item, qc)
    }
}

/// A value with the limit it is held against.
pub fn wall_value(
    desk: &Desk<'_>,
    mn: &str,
    (cadence, time, frame): (Cadence, Instant, u64),
    item: &OnlineItem,
    qc: Option<u8>,
) -> WallValue {
    let outlet = desk.register.outlet_of(mn).map(|outlet| outlet.code.as_str()).unwrap_or_default();
    let (value, converted) = (values::value(cadence, item), values::converted(cadence, item));
    let limit = limit(desk, outlet, &item.code, (cadence, time.civil().0));
    let held = match limit.map(|limit| limit.basis.as_str()) {
        Some("converted") => converted.or(value),
        _ => value,
    };
    let beyond = |limit: &OutletLimit| held.is_some_and(|held| beyond(held, limit.low, limit.high));
    WallValue {
        code: item.code.clone(),
        unit: desk.register.channel(mn, &item.code).map(|channel| channel.unit.clone()).unwrap_or_default(),
        time: time.to_iso(),
        value: number(value),
        converted: number(converted),
        flag: item.flag.map(|flag| flag.letter().to_string()),
        qc,
        low: number(limit.and_then(|limit| limit.low)),
        high: number(limit.and_then(|limit| limit.high)),
        basis: limit.map(|limit| limit.basis.clone()),
        over: counts(item.flag) && limit.is_some_and(beyond),
        frame: Some(frame).filter(|frame| *frame > 0),
    }
}

/// Whether a value is beyond its bounds; equal is within.
pub fn beyond(value: Fixed, low: Option<Fixed>, high: Option<Fixed>) -> bool {
    high.is_some_and(|high| value > high) || low.is_some_and(|low| value < low)
}

/// The limit of a concentration in force: of the cadence, else of the hour, else of the day.
pub fn limit<'r>(
    desk: &'r Desk<'_>,
    outlet: &str,
    code: &str,
    (cadence, day): (Cadence, Day),
) -> Option<&'r OutletLimit> {
    let limits = desk.register.limits_of(outlet, code, day);
    let of =
        |statistic: &str| limits.iter().copied().find(|limit| limit.statistic == statistic && limit.basis != "mass");
    of(cadence.code()).or_else(|| of(Cadence::Hour.code())).or_else(|| of(Cadence::Day.code()))
}

fn open_alerts(alerts: &Alerts) -> BTreeMap<String, u64> {
    let mut open: BTreeMap<String, u64> = BTreeMap::new();
    for alert in alerts.open() {
        *open.entry(alert.about.mn.clone()).or_default() += 1;
    }
    open
}

/// Devices within a mark that holds now.
fn maintained(desk: &Desk<'_>, now: Instant) -> Result<BTreeSet<String>, Trouble> {
    let marks = desk.marks(None)?;
    let holds = |device: &&Device| {
        marks.of(&device.outlet).any(|mark| {
            mark.withdrawn.is_none()
                && mark.body.codes.is_empty()
                && mark.body.mn.as_deref().is_none_or(|mn| mn == device.mn)
                && mark.body.from <= now
                && mark.body.to.is_none_or(|to| now < to)
        })
    };
    Ok(desk.register.devices.values().filter(holds).map(|device| device.mn.clone()).collect())
}
