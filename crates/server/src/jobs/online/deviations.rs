//! The ledger of deviations, by device or by vendor.

use super::asks::{LedgerAsk, days};
use super::desk::Desk;
use crate::answers::Text;
use crate::answers::online::frames::{DeviationLedger, DeviationRow, FrameDeviation};
use crate::data::Data;
use crate::trouble::Trouble;
use domain::{Day, FrameId, Instant};
use intake::hj212::Generation;
use std::collections::{BTreeMap, BTreeSet};
use store::{DeviationCount, DeviationQuery};

/// The ledger over some days.
pub fn ledger(data: &Data, ask: &LedgerAsk) -> Result<DeviationLedger, Trouble> {
    let desk = Desk::open(data)?;
    let by = ask.by.as_deref().filter(|by| !by.is_empty()).unwrap_or("device");
    if !["device", "vendor"].contains(&by) {
        return Err(Trouble::bad(
            "by",
            format!("不能按“{by}”汇总。可用：device、vendor。"),
            format!("the ledger has no `{by}`. Use device or vendor."),
        ));
    }
    let (first, last) = days(ask, crate::clock::today())?;
    let span = (Instant::from_civil(first, 0), Instant::from_civil(Day(last.0 + 1), 0));
    let query = DeviationQuery { from: Some(span.0), to: Some(span.1), ..DeviationQuery::default() };
    let counts = desk.store.journal().deviations(&query)?;
    let received: BTreeMap<String, u64> =
        desk.store.journal().counts(&query)?.into_iter().map(|count| (count.mn.clone(), count.total())).collect();
    let mut rows: BTreeMap<(String, String), Row> = BTreeMap::new();
    for count in &counts {
        let subject = if by == "vendor" { vendor(&desk, &count.mn).unwrap_or_default() } else { count.mn.clone() };
        rows.entry((subject, count.code.clone())).or_default().add(count);
    }
    let words = Words::new(&desk);
    let mut rows: Vec<DeviationRow> = rows
        .into_iter()
        .map(|((subject, code), row)| answer(&desk, &words, (by, subject, code), row, &received))
        .collect::<Result<_, _>>()?;
    rows.sort_by(|a, b| (b.count, &a.subject, &a.code).cmp(&(a.count, &b.subject, &b.code)));
    Ok(DeviationLedger {
        by: by.to_string(),
        from: first.to_string(),
        to: last.to_string(),
        frames: received.values().sum(),
        simulated: rows.iter().any(|row| row.simulated),
        rows,
    })
}

/// The same as a CSV file.
pub fn csv(data: &Data, ask: &LedgerAsk) -> Result<String, Trouble> {
    let ledger = ledger(data, ask)?;
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header = [
        "subject",
        "outlet",
        "vendor",
        "devices",
        "code",
        "title_zh",
        "title_en",
        "clause",
        "breaks",
        "count",
        "frames",
        "first",
        "last",
        "example_frame",
        "simulated",
    ];
    let mut write = |row: &[String]| writer.write_record(row).expect("writing to memory does not fail");
    write(&header.map(str::to_string));
    for row in &ledger.rows {
        write(&[
            row.subject.clone(),
            row.outlet.as_ref().map(|outlet| outlet.code.clone()).unwrap_or_default(),
            row.vendor.clone().unwrap_or_default(),
            row.devices.to_string(),
            row.code.clone(),
            row.title.zh.clone(),
            row.title.en.clone(),
            row.clause.zh.clone(),
            row.breaks.to_string(),
            row.count.to_string(),
            row.frames.to_string(),
            row.first.clone(),
            row.last.clone(),
            row.example.to_string(),
            if row.simulated { "模拟".to_string() } else { String::new() },
        ]);
    }
    let bytes = writer.into_inner().expect("flushing memory does not fail");
    Ok(format!("\u{feff}{}", String::from_utf8(bytes).expect("the cells were text")))
}

/// A deviation that the gateway found, not the frame's reader: who may send, from where.
pub fn of_gateway(code: &str) -> FrameDeviation {
    let words = gateway::Rules::builtin().deviation(code).map_or_else(|| Text::same(code), Into::into);
    FrameDeviation { code: code.to_string(), breaks: false, clause: Text::default(), message: words }
}

#[derive(Default)]
struct Row {
    devices: BTreeSet<String>,
    count: u64,
    first: Option<Instant>,
    last: Option<Instant>,
    example: FrameId,
}

impl Row {
    fn add(&mut self, count: &DeviationCount) {
        self.devices.insert(count.mn.clone());
        self.count += count.count;
        if self.first.is_none_or(|first| count.first < first) {
            (self.first, self.example) = (Some(count.first), count.example);
        }
        self.last = self.last.max(Some(count.last));
    }
}

fn answer(
    desk: &Desk<'_>,
    words: &Words<'_>,
    (by, subject, code): (&str, String, String),
    row: Row,
    received: &BTreeMap<String, u64>,
) -> Result<DeviationRow, Trouble> {
    let vendor_row = by == "vendor";
    let outlet = if vendor_row { None } else { desk.outlet_of(&subject) };
    let vendor = if vendor_row { Some(subject.clone()) } else { vendor(desk, &subject) };
    let told = words.of(&code, row.example)?;
    Ok(DeviationRow {
        outlet,
        vendor,
        devices: row.devices.len() as u64,
        title: told.message,
        clause: told.clause,
        breaks: told.breaks,
        count: row.count,
        frames: row.devices.iter().filter_map(|mn| received.get(mn)).sum(),
        first: row.first.map(|time| time.to_iso()).unwrap_or_default(),
        last: row.last.map(|time| time.to_iso()).unwrap_or_default(),
        example: row.example.0,
        simulated: row.devices.iter().any(|mn| desk.simulated(mn)),
        subject,
        code,
    })
}

fn vendor(desk: &Desk<'_>, mn: &str) -> Option<String> {
    desk.register.device(mn).map(|device| device.vendor.clone()).filter(|vendor| !vendor.is_empty())
}

/// Words and clauses of deviations: those of a frame that has it, or of the gateway.
struct Words<'a> {
    desk: &'a Desk<'a>,
}

impl<'a> Words<'a> {
    fn new(desk: &'a Desk<'a>) -> Words<'a> {
        Words { desk }
    }

    fn of(&self, code: &str, example: FrameId) -> Result<FrameDeviation, Trouble> {
        let frame = self.desk.store.journal().frame(example)?;
        let spoken = frame.map(|frame| intake::hj212::decode(&frame.raw, None, self.desk.protocol).generation);
        let generation = spoken.flatten().unwrap_or(Generation::G2017);
        let kind = self.desk.protocol.deviation(code, generation);
        Ok(kind.map_or_else(
            || of_gateway(code),
            |kind| FrameDeviation {
                code: code.to_string(),
                breaks: kind.breaks,
                clause: Text::same(&kind.clause),
                message: kind.words.into(),
            },
        ))
    }
}
