//! The values of an outlet over a span, with flags, tests, reviews, marks and limits.

use super::asks::{CurveAsk, Span, cadence, maybe_moment};
use super::desk::{Desk, counts, number};
use super::qc::{self, SeriesPlan};
use super::reviews::decided;
use super::wall::beyond;
use super::{marks, values};
use crate::answers::online::curve::{Curve, CurvePoint, CurveSeries, LimitSegment};
use crate::data::Data;
use crate::trouble::Trouble;
use domain::{Cadence, Day, Fixed, Instant, OnlineItem, OutletLimit};
use indicators::online::{DayStatement, HourStatement};
use std::collections::{BTreeMap, BTreeSet};
use store::JudgedQuery;
use supervise::{Marks, Reviews, SeriesKey};

/// One value as it came.
struct Sent {
    item: OnlineItem,
    frame: u64,
}

/// The curve.
pub fn curve(data: &Data, outlet: &str, ask: &CurveAsk) -> Result<Curve, Trouble> {
    let desk = Desk::open(data)?;
    let outlet = desk.outlet(outlet)?;
    let cadence = cadence(&ask.cadence)?;
    let span = Span::new(&ask.from, &ask.to)?.at_most(cadence)?;
    let as_of = maybe_moment(ask.as_of.as_deref())?;
    let wanted: Vec<&str> = ask.code.as_deref().unwrap_or("").split(',').filter(|code| !code.is_empty()).collect();
    let kept = desk.marks(as_of)?;
    let scene = Scene {
        desk: &desk,
        outlet: &outlet.code,
        cadence,
        span,
        as_of,
        marks: &kept,
        overrides: decided(&desk, as_of)?,
    };
    let mut series = Vec::new();
    for device in desk.register.devices_of(&outlet.code) {
        series.extend(scene.device(&device.mn, &wanted)?);
    }
    let mut touching: Vec<_> = kept.touching(&outlet.code, span.from, span.to).collect();
    touching.sort_by_key(|mark| mark.body.from);
    let points = series.iter().flat_map(|series: &CurveSeries| &series.points);
    Ok(Curve {
        outlet: outlet.code.clone(),
        cadence: cadence.code().to_string(),
        from: span.from.to_iso(),
        to: span.to.to_iso(),
        marks: touching.into_iter().map(|mark| marks::answer(&desk, mark)).collect(),
        tests: qc::tests(points.flat_map(|point| &point.qc)),
        parameters: desk.parameters(series.iter().map(|series| series.code.as_str())),
        series,
        simulated: outlet.simulated,
    })
}

/// What all series of a curve share.
struct Scene<'a> {
    desk: &'a Desk<'a>,
    outlet: &'a str,
    cadence: Cadence,
    span: Span,
    as_of: Option<Instant>,
    marks: &'a Marks,
    overrides: Reviews,
}

impl Scene<'_> {
    fn device(&self, mn: &str, wanted: &[&str]) -> Result<Vec<CurveSeries>, Trouble> {
        let lead = Span { from: Instant(self.span.from.0 - qc::lead(self.cadence)), to: self.span.to };
        let messages = values::messages_as_of(self.desk, mn, self.cadence, (lead, self.as_of))?;
        let mut by_code: BTreeMap<String, BTreeMap<Instant, Sent>> = BTreeMap::new();
        for message in messages {
            for item in message.items {
                let sent = Sent { item, frame: message.frame.0 };
                by_code.entry(sent.item.code.clone()).or_default().insert(message.time, sent);
            }
        }
        let own = self.own()?;
        let mut codes: Vec<String> = match wanted.is_empty() {
            false => wanted.iter().map(|code| code.to_string()).collect(),
            true => self.desk.register.channels_of(mn).map(|channel| channel.code.clone()).collect(),
        };
        if wanted.is_empty() {
            let listed: BTreeSet<String> = codes.iter().cloned().collect();
            codes.extend(by_code.keys().filter(|code| !listed.contains(*code)).cloned());
            codes.extend(own.keys().filter(|code| !listed.contains(*code) && !by_code.contains_key(*code)).cloned());
        }
        let nothing = (BTreeMap::new(), BTreeMap::new());
        let mut series = Vec::new();
        for code in codes {
            let sent = by_code.get(&code).unwrap_or(&nothing.0);
            let own = own.get(&code).unwrap_or(&nothing.1);
            if !sent.is_empty() || !own.is_empty() || self.desk.register.channel(mn, &code).is_some() {
                series.push(self.series(mn, &code, (sent, own)));
            }
        }
        Ok(series)
    }

    /// The platform's own values of hours and days, by code and time.
    fn own(&self) -> Result<BTreeMap<String, BTreeMap<Instant, Own>>, Trouble> {
        let span = match self.cadence {
            Cadence::RealTime | Cadence::Minute => return Ok(BTreeMap::new()),
            Cadence::Hour => domain::Span::Hour,
            Cadence::Day => domain::Span::Day,
        };
        let rows = self.desk.store.judged().get(&JudgedQuery {
            outlet: self.outlet.to_string(),
            code: None,
            span,
            from: self.span.from,
            to: self.span.to,
            as_of: self.as_of,
        })?;
        let mut all: BTreeMap<String, BTreeMap<Instant, Own>> = BTreeMap::new();
        for row in rows {
            let own = match self.cadence {
                Cadence::Hour => serde_json::from_value::<HourStatement>(row.body).ok().map(|hour| Own {
                    value: hour.values.value.filter(|_| hour.values.valid),
                    converted: hour.values.converted.filter(|_| hour.values.converted_valid),
                }),
                _ => serde_json::from_value::<DayStatement>(row.body).ok().map(|day| Own {
                    value: day.values.value.filter(|_| day.values.valid),
                    converted: day.values.converted.filter(|_| day.values.converted_valid),
                }),
            };
            if let Some(own) = own {
                all.entry(row.code).or_default().insert(row.start, own);
            }
        }
        Ok(all)
    }

    fn series(&self, mn: &str, code: &str, (sent, own): Values<'_>) -> CurveSeries {
        let plan = SeriesPlan::new(self.desk, (mn, code), self.cadence);
        let times: BTreeSet<Instant> = sent.keys().chain(own.keys()).copied().collect();
        let value = |time: &Instant| sent.get(time).and_then(|sent| values::value(self.cadence, &sent.item));
        let tested: Vec<(Instant, Option<Fixed>)> = sent.keys().map(|time| (*time, value(time))).collect();
        let flags: BTreeMap<Instant, _> = tested.iter().map(|(time, _)| *time).zip(plan.run(&tested)).collect();
        let limits = self.limits(code);
        let key = SeriesKey { mn: mn.to_string(), code: code.to_string(), cadence: self.cadence };
        let mut points = Vec::new();
        for time in times.into_iter().filter(|time| self.span.holds(*time)) {
            let flags = flags.get(&time).copied().unwrap_or_default();
            let mut point = self.point((mn, code), time, sent.get(&time), own.get(&time));
            let flag = sent.get(&time).and_then(|sent| sent.item.flag);
            point.over = counts(flag) && over(&point, &limits, time);
            point.qc = plan.marks(flags, value(&time));
            let decided = self.overrides.at(&key, time);
            point.review = decided.map(|decided| decided.id.clone());
            point.qc_flag = decided.and_then(|decided| decided.body.verdict.flag()).or(qc::worst(flags));
            points.push(point);
        }
        let unit = self.desk.register.channel(mn, code).map(|channel| channel.unit.clone()).unwrap_or_default();
        CurveSeries { mn: mn.to_string(), code: code.to_string(), unit, points, limits: self.segments(&limits) }
    }

    fn point(&self, (mn, code): (&str, &str), time: Instant, sent: Option<&Sent>, own: Option<&Own>) -> CurvePoint {
        let item = sent.map(|sent| &sent.item);
        CurvePoint {
            time: time.to_iso(),
            value: number(item.and_then(|item| values::value(self.cadence, item))),
            converted: number(item.and_then(|item| values::converted(self.cadence, item))),
            min: number(item.and_then(|item| item.min)),
            max: number(item.and_then(|item| item.max)),
            own: number(own.and_then(|own| own.value)),
            own_converted: number(own.and_then(|own| own.converted)),
            flag: item.and_then(|item| item.flag).map(|flag| flag.letter().to_string()),
            qc_flag: None,
            qc: Vec::new(),
            review: None,
            marked: self.marks.covering(self.outlet, (mn, code), time).next().is_some(),
            over: false,
            frame: sent.map(|sent| sent.frame),
        }
    }

    /// Limits of the cadence, or of the hour when the cadence has none, that touch the span.
    fn limits(&self, code: &str) -> Vec<&OutletLimit> {
        let all = self.desk.register.all_limits_of(self.outlet, code);
        let touching = all.iter().filter(|limit| {
            let to = limit.to.map_or(Instant(i64::MAX), |to| Instant::from_civil(Day(to.0 + 1), 0));
            limit.basis != "mass" && Instant::from_civil(limit.from, 0) < self.span.to && self.span.from < to
        });
        let touching: Vec<&OutletLimit> = touching.collect();
        let of = |statistic: &str| -> Vec<&OutletLimit> {
            touching.iter().copied().filter(|limit| limit.statistic == statistic).collect()
        };
        [self.cadence, Cadence::Hour, Cadence::Day]
            .into_iter()
            .map(|cadence| of(cadence.code()))
            .find(|limits| !limits.is_empty())
            .unwrap_or_default()
    }

    fn segments(&self, limits: &[&OutletLimit]) -> Vec<LimitSegment> {
        let mut segments: Vec<LimitSegment> = limits
            .iter()
            .map(|limit| {
                let to = limit.to.map_or(self.span.to, |to| Instant::from_civil(Day(to.0 + 1), 0));
                LimitSegment {
                    from: Instant::from_civil(limit.from, 0).max(self.span.from).to_iso(),
                    to: to.min(self.span.to).to_iso(),
                    low: number(limit.low),
                    high: number(limit.high),
                    basis: limit.basis.clone(),
                    kind: limit.kind.clone(),
                    document: limit.document.clone(),
                }
            })
            .collect();
        segments.sort_by(|a, b| a.from.cmp(&b.from));
        segments
    }
}

/// The platform's own value.
struct Own {
    value: Option<Fixed>,
    converted: Option<Fixed>,
}

type Values<'v> = (&'v BTreeMap<Instant, Sent>, &'v BTreeMap<Instant, Own>);

/// Whether a point is beyond a limit in force at its time: its converted value where the limit is for that.
fn over(point: &CurvePoint, limits: &[&OutletLimit], time: Instant) -> bool {
    let read = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<Fixed>().ok());
    let measured = read(&point.own).or(read(&point.value));
    let converted = read(&point.own_converted).or(read(&point.converted));
    let day = time.civil().0;
    limits.iter().filter(|limit| limit.in_force(day)).any(|limit| {
        let held = if limit.basis == "converted" { converted.or(measured) } else { measured };
        held.is_some_and(|held| beyond(held, limit.low, limit.high))
    })
}
