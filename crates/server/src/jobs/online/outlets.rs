//! Outlets: the list, and all about one of them.

use super::desk::{Desk, number, outlet_name};
use super::wall::Scene;
use super::{alerts, asks, marks};
use crate::answers::online::outlet::{
    HeldSpan, Outlet as OutletAnswer, OutletChannel, OutletLimit as LimitAnswer, OutletList, OutletPage, OutletRow,
};
use crate::data::Data;
use crate::trouble::Trouble;
use domain::{Cadence, Device, Instant, Outlet};

/// Alerts shown on the page of an outlet.
const SHOWN_ALERTS: usize = 50;
/// Days of marks shown there.
const MARK_DAYS: i64 = 31;

/// Every outlet.
pub fn list(data: &Data) -> Result<OutletList, Trouble> {
    let desk = Desk::open(data)?;
    let rows = desk.register.outlets.values().map(|outlet| OutletRow {
        outlet: desk.named(outlet),
        lon: outlet.lon_deg,
        lat: outlet.lat_deg,
        devices: desk.register.devices_of(&outlet.code).map(|device| device.mn.clone()).collect(),
        simulated: outlet.simulated,
    });
    let outlets: Vec<OutletRow> = rows.collect();
    let areas = desk.area_names(outlets.iter().map(|row| row.outlet.area.as_str()));
    Ok(OutletList { simulated: outlets.iter().any(|row| row.simulated), outlets, areas })
}

/// One outlet.
pub fn page(data: &Data, code: &str) -> Result<OutletPage, Trouble> {
    let desk = Desk::open(data)?;
    let outlet = desk.outlet(code)?;
    let devices: Vec<&Device> = desk.register.devices_of(code).collect();
    let scene = Scene::new(&desk)?;
    let now = crate::clock::now();
    let kept = desk.marks(None)?;
    let recent = Instant(now.0 - MARK_DAYS * asks::DAY_MS);
    let mut touching: Vec<_> = kept.touching(code, recent, Instant(i64::MAX)).collect();
    touching.sort_by_key(|mark| std::cmp::Reverse(mark.body.from));
    let all = desk.alerts(None)?;
    let own = all.newest_first().into_iter().filter(|alert| alert.about.outlet == code).take(SHOWN_ALERTS);
    let channels: Vec<OutletChannel> = devices.iter().flat_map(|device| channels(&desk, &device.mn)).collect();
    Ok(OutletPage {
        now: now.to_iso(),
        outlet: about(&desk, outlet),
        devices: devices.iter().map(|device| scene.device(&desk, &device.mn)).collect(),
        limits: limits(&desk, code),
        held: held(&desk, &devices)?,
        marks: touching.into_iter().map(|mark| marks::answer(&desk, mark)).collect(),
        alerts: own.map(|alert| alerts::answer(&desk, alert)).collect(),
        parameters: desk.parameters(channels.iter().map(|channel| channel.code.as_str())),
        channels,
        simulated: outlet.simulated,
    })
}

fn about(desk: &Desk<'_>, outlet: &Outlet) -> OutletAnswer {
    OutletAnswer {
        code: outlet.code.clone(),
        name: outlet_name(outlet),
        kind: outlet.kind.code().to_string(),
        area: desk.area(&outlet.area),
        enterprise: outlet.enterprise.clone(),
        lon: outlet.lon_deg,
        lat: outlet.lat_deg,
        section_m2: number(outlet.section_m2),
        velocity_factor: number(outlet.velocity_factor),
        reference_o2_percent: number(outlet.reference_o2_percent),
        reference_air_ratio: number(outlet.reference_air_ratio),
        note: outlet.note.clone(),
        simulated: outlet.simulated,
    }
}

fn channels(desk: &Desk<'_>, mn: &str) -> Vec<OutletChannel> {
    let channels = desk.register.channels_of(mn).map(|channel| OutletChannel {
        mn: channel.mn.clone(),
        code: channel.code.clone(),
        unit: channel.unit.clone(),
        resolution: number(channel.resolution),
        range_low: number(channel.range_low),
        range_high: number(channel.range_high),
    });
    channels.collect()
}

fn limits(desk: &Desk<'_>, outlet: &str) -> Vec<LimitAnswer> {
    let own = desk.register.limits.iter().filter(|((of, _), _)| of == outlet).flat_map(|(_, limits)| limits);
    let limits = own.map(|limit| LimitAnswer {
        code: limit.code.clone(),
        statistic: limit.statistic.clone(),
        basis: limit.basis.clone(),
        kind: limit.kind.clone(),
        from: limit.from.to_string(),
        to: limit.to.map(|to| to.to_string()),
        low: number(limit.low),
        high: number(limit.high),
        unit: limit.unit.clone(),
        document: limit.document.clone(),
    });
    limits.collect()
}

/// The span of what is held, one row a cadence.
fn held(desk: &Desk<'_>, devices: &[&Device]) -> Result<Vec<HeldSpan>, Trouble> {
    let mut rows = Vec::new();
    for cadence in Cadence::ALL {
        let mut span: Option<(Instant, Instant)> = None;
        for device in devices {
            if let Some((first, last)) = desk.store.journal().held(&device.mn, cadence)? {
                span = Some(span.map_or((first, last), |(a, b)| (a.min(first), b.max(last))));
            }
        }
        if let Some((first, last)) = span {
            rows.push(HeldSpan { cadence: cadence.code().to_string(), first: first.to_iso(), last: last.to_iso() });
        }
    }
    Ok(rows)
}
