//! A file and a mapping → readings and records in the lake, problems beside them.
//!
//! An [`Importing`] is stepped by its caller, who may show progress between the steps; dropping it before
//! [`Importing::finish`] leaves the lake as it was.

use crate::answers::imports::{Import, Problem as ProblemAnswer};
use crate::data::Data;
use crate::jobs::city::stations_of;
use crate::trouble::Trouble;
use domain::{City, Instant, Place, Problem, Severity, Table, Text};
use intake::{Chunks, Context, Into, Mapping, Source};
use lake::{ImportInfo, ImportMeta, ImportWriter, LakeError, Reject};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Problems kept in memory for the summary; all of them are in the lake.
const SHOWN: usize = 100;

/// What is to be imported.
#[derive(Clone, Debug)]
pub struct ImportAsk {
    /// The file.
    pub path: PathBuf,
    /// Its name as the user knows it.
    pub name: String,
    /// Mapping id.
    pub mapping: String,
    /// Station of everything in the file, for mappings that need one.
    pub station: Option<String>,
    /// Whether a file that was imported before is read once more.
    pub again: bool,
}

/// How an import began.
#[derive(Debug)]
pub enum Begun {
    /// The very same file was imported with this mapping before: nothing to do.
    Already(ImportInfo),
    /// It goes on.
    Going(Box<Importing>),
}

/// An import under way.
#[derive(Debug)]
pub struct Importing {
    writer: ImportWriter,
    chunks: Chunks,
    header: Vec<String>,
    into: Into,
    stations: BTreeSet<String>,
    tally: Tally,
}

/// Where an import stands.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Name of the file.
    pub file: String,
    /// Rows read.
    pub rows: u64,
    /// Values or records read.
    pub taken: u64,
    /// Bytes read of the file.
    pub bytes: u64,
    /// Length of the file.
    pub len: u64,
    /// Problems by code.
    pub codes: BTreeMap<String, u64>,
    /// Problems that are more than a note.
    pub faults: u64,
    /// Problems that were counted but not listed one by one.
    pub folded: u64,
    /// The first problems.
    pub problems: Vec<ProblemAnswer>,
}

impl Tally {
    /// Counts a problem, and keeps it if it is one of the first.
    fn note(&mut self, problem: ProblemAnswer) {
        *self.codes.entry(problem.code.clone()).or_default() += 1;
        self.faults += u64::from(problem.severity != Severity::Note.code());
        if self.problems.len() < SHOWN {
            self.problems.push(problem);
        }
    }

    /// 0 to 1.
    pub fn progress(&self) -> f64 {
        if self.len == 0 { 0.0 } else { (self.bytes as f64 / self.len as f64).min(1.0) }
    }
}

impl Importing {
    /// Reads the file once for its SHA-256 and opens it by its mapping.
    pub fn begin(data: &Data, ask: &ImportAsk) -> Result<Begun, Trouble> {
        let mapping = mapping(data, &ask.mapping)?;
        if ask.station.is_some() && !mapping.needs_station() {
            return Err(Trouble::bad(
                "station-not-taken",
                format!("映射 {} 的文件自己写明点位，不接受 station；请去掉它。", mapping.id),
                format!("files of the mapping {} name their stations themselves; leave the station out.", mapping.id),
            ));
        }
        let sha256 = sha256(&ask.path)?;
        let meta = ImportMeta {
            file: ask.name.clone(),
            sha256,
            mapping: mapping.id.clone(),
            method: mapping.method.clone(),
            given: ask.station.as_ref().map_or_else(String::new, |station| format!("station={station}")),
            again: ask.again,
        };
        let chunks = open(data, ask, mapping)?;
        let writer = match data.lake.begin(meta) {
            Err(LakeError::AlreadyImported(info)) => return Ok(Begun::Already(*info)),
            other => other?,
        };
        let len = std::fs::metadata(&ask.path).map(|about| about.len()).unwrap_or(0);
        let header = chunks.header();
        let tally = Tally { file: ask.name.clone(), len, ..Tally::default() };
        Ok(Begun::Going(Box::new(Importing {
            writer,
            chunks,
            header,
            into: mapping.into,
            stations: BTreeSet::new(),
            tally,
        })))
    }

    /// Takes in the next part of the file; `false` when there is none.
    pub fn step(&mut self) -> Result<bool, Trouble> {
        let Some(chunk) = self.chunks.next() else { return Ok(false) };
        self.writer.add_readings(&chunk.readings)?;
        if chunk.readings.stations.len() > self.stations.len() {
            self.stations.extend(chunk.readings.stations.iter().cloned());
        }
        if let Into::Records(table) = self.into {
            self.writer.add_records(table, &chunk.records)?;
        }
        self.writer.add_problems(&chunk.problems)?;
        let rejects: Vec<Reject> = chunk.rejects.into_iter().map(reject).collect();
        self.writer.add_rejects(&self.header, &rejects)?;
        self.tally.rows += chunk.rows;
        self.tally.taken += (chunk.readings.rows.len() + chunk.records.len()) as u64;
        self.tally.bytes = chunk.bytes_read;
        self.tally.folded += chunk.folded;
        for problem in chunk.problems {
            self.tally.note(problem_answer(&problem));
        }
        Ok(true)
    }

    /// Where it stands.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Makes it all visible at once. Problems that only the lake could see, such as an hour given twice, join
    /// those of the reading.
    pub fn finish(self, data: &Data, now: Instant) -> Result<(ImportInfo, Tally), Trouble> {
        let Importing { mut writer, mut tally, stations, .. } = self;
        writer.add_rows(tally.rows);
        writer.add_problems(&unknown_stations(data, &tally.file, &stations)?)?;
        let info = writer.commit(now)?;
        let read: u64 = tally.codes.values().sum();
        let (_, found) = data.lake.problems(&info.id, read as usize, SHOWN)?;
        found.into_iter().for_each(|row| tally.note(row.into()));
        Ok((info, tally))
    }
}

/// An import as an answer.
pub fn answer(info: &ImportInfo, state: &str) -> Import {
    Import {
        id: info.id.clone(),
        file: info.file.clone(),
        mapping: info.mapping.clone(),
        sha256: info.sha256.clone(),
        recorded: info.recorded.to_iso(),
        rows: info.rows,
        values: info.values,
        new: info.new,
        unchanged: info.unchanged,
        revised: info.revised,
        missing: info.missing,
        problems: info.problems,
        errors: info.errors,
        state: state.to_string(),
    }
}

/// A problem as an answer.
pub fn problem_answer(problem: &Problem) -> ProblemAnswer {
    let some = |text: &str| Some(text.to_string()).filter(|text| !text.is_empty());
    ProblemAnswer {
        severity: problem.severity.code().to_string(),
        code: problem.code.to_string(),
        file: problem.place.file.clone(),
        sheet: some(&problem.place.sheet),
        row: problem.place.row,
        column: some(&problem.place.column),
        raw: some(&problem.raw),
        message: (&problem.message).into(),
    }
}

/// Stations named in one message.
const NAMED: usize = 10;

/// A note on stations that neither the list of stations nor that of points has: their values are kept, but belong to no area.
fn unknown_stations(data: &Data, file: &str, stations: &BTreeSet<String>) -> Result<Vec<Problem>, Trouble> {
    if stations.is_empty() {
        return Ok(Vec::new());
    }
    let view = data.view(None)?;
    let listed = view.snapshot.records(Table::Stations)?;
    let (city, _) = City::load(&view.snapshot.records(Table::Points)?, &[], &[], &[]);
    let listed = listed.iter().map(|record| record.get("station").to_string());
    let listed: BTreeSet<String> = listed.chain(stations_of(&city).into_values().flatten()).collect();
    let unknown: Vec<&str> = stations.difference(&listed).map(String::as_str).collect();
    if unknown.is_empty() {
        return Ok(Vec::new());
    }
    let count = unknown.len();
    let some = unknown[..count.min(NAMED)].join(", ");
    Ok(vec![Problem {
        severity: Severity::Note,
        code: "unknown-station",
        place: Place { file: file.to_string(), ..Place::default() },
        raw: some.clone(),
        message: Text::new(
            format!(
                "{count} 个点位不在站点表和点位表中（{some}）：数据已保存，但不属于任何区域；请用映射 stations（空气）或 points（水、土、声）导入"
            ),
            format!(
                "{count} stations are in neither the list of stations nor that of points ({some}): their values are kept but belong to no area; import the list with the mapping `stations` (air) or `points` (water, soil, noise)"
            ),
        ),
    }])
}

fn reject(own: intake::Reject) -> Reject {
    Reject { row: own.row, cells: own.cells, reasons: own.reasons }
}

fn mapping<'a>(data: &'a Data, id: &str) -> Result<&'a Mapping, Trouble> {
    data.catalogs.mappings.get(id).ok_or_else(|| {
        let known: Vec<&str> = data.catalogs.mappings.iter().map(|mapping| mapping.id.as_str()).collect();
        let known = known.join(", ");
        Trouble::not_found(
            "no-such-mapping",
            format!("没有映射“{id}”。现有：{known}。"),
            format!("there is no mapping `{id}`. There are: {known}."),
        )
    })
}

fn open(data: &Data, ask: &ImportAsk, mapping: &Mapping) -> Result<Chunks, Trouble> {
    let file = File::open(&ask.path).map_err(|error| Trouble::file(&ask.path, &error))?;
    let len = file.metadata().map_err(|error| Trouble::file(&ask.path, &error))?.len();
    let source = Source { name: ask.name.clone(), len, data: Box::new(file) };
    let context = Context { units: data.catalogs.units.clone(), parameters: data.catalogs.parameters.clone() };
    let at_station = ask.station.as_ref().map(|station| mapping.at_station(station));
    intake::open(source, at_station.as_ref().unwrap_or(mapping), &context).map_err(|problem| {
        let place = problem.place.to_string();
        Trouble::bad(
            problem.code,
            format!("{place}：{}", problem.message.zh),
            format!("{place}: {}", problem.message.en),
        )
    })
}

fn sha256(path: &Path) -> Result<String, Trouble> {
    let mut file = File::open(path).map_err(|error| Trouble::file(path, &error))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0_u8; 1 << 20];
    loop {
        match file.read(&mut buffer).map_err(|error| Trouble::file(path, &error))? {
            0 => break,
            read => hash.update(&buffer[..read]),
        }
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
