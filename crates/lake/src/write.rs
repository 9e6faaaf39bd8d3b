//! An import: readings, records, problems and rejected rows go in; at its commit they appear at once.
//!
//! Called by the import jobs of `server`. Readings are held up to a limit, then a worker thread sorts them, meets
//! them with what is known, and writes a file, while the caller goes on reading its source.

use crate::buffer::{Filler, Full};
use crate::commit::{Commit, FileEntry, ImportInfo, Kind, Log, RecordsEntry};
use crate::error::LakeError;
use crate::files::{self, PROBLEMS, RECORDS, REJECTS, STAGING, WriterLock};
use crate::lake::Shared;
use crate::merge::{self, Counts, DETAILS, Known, Repetition, Stamp};
use crate::problems::{ProblemWriter, Reject, RejectWriter};
use crate::records;
use crate::run::{self, Written};
use crate::schema::{self, Footer, NONE};
use crate::sources::import_of;
use domain::{Fixed, Instant, Place, Problem, ReadingBatch, Record, Severity, Table, Text};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// What an import is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportMeta {
    /// File name as the user gave it.
    pub file: String,
    /// SHA-256 of the file, lower-case hexadecimal.
    pub sha256: String,
    /// Mapping that it is read by.
    pub mapping: String,
    /// How the values were obtained: `automatic`, `manual`, …
    pub method: String,
    /// What was said at the import and changes how the file is read, such as `station=S1`; empty by default.
    pub given: String,
    /// Whether to read a file again that was read in the same way before: what is equal to what is there counts
    /// as unchanged, what differs as a revision.
    pub again: bool,
}

/// A running import. Dropped without [`ImportWriter::commit`], it leaves nothing visible.
#[derive(Debug)]
pub struct ImportWriter {
    shared: Arc<Shared>,
    meta: ImportMeta,
    id: String,
    commit: u32,
    filler: Filler,
    worker: Option<Worker>,
    records: BTreeMap<Table, Vec<Record>>,
    problems: Option<ProblemWriter>,
    rejects: Option<RejectWriter>,
    rows: u64,
    last_row: u64,
    values: u64,
    missing: u64,
    sweep: bool,
    _lock: WriterLock,
}

#[derive(Debug)]
struct Worker {
    sender: SyncSender<Full>,
    thread: JoinHandle<Result<Output, LakeError>>,
}

/// What the worker hands back.
#[derive(Debug, Default)]
struct Output {
    runs: Vec<Written>,
    counts: Counts,
}

impl ImportWriter {
    pub(crate) fn new(
        shared: Arc<Shared>,
        lock: WriterLock,
        log: &Arc<Log>,
        meta: ImportMeta,
    ) -> Result<ImportWriter, LakeError> {
        let commit = log.last() + 1;
        let id = import_of(commit);
        let stamp = Stamp { import: id.clone(), method: meta.method.clone(), commit };
        // One buffer fills while another is written: no third waits between them.
        let (sender, receiver) = sync_channel(0);
        let job =
            Job { shared: shared.clone(), log: log.clone(), stamp, output: Output::default(), footers: HashMap::new() };
        let thread = std::thread::Builder::new()
            .name("lake-import".to_string())
            .spawn(move || job.run(&receiver))
            .map_err(LakeError::io(&shared.root))?;
        Ok(ImportWriter {
            shared,
            meta,
            id,
            commit,
            filler: Filler::default(),
            worker: Some(Worker { sender, thread }),
            records: BTreeMap::new(),
            problems: None,
            rejects: None,
            rows: 0,
            last_row: 0,
            values: 0,
            missing: 0,
            sweep: true,
            _lock: lock,
        })
    }

    /// The identifier that the import will have.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Counts rows of the file that were read. Without it, the highest row number met is taken.
    pub fn add_rows(&mut self, rows: u64) {
        self.rows += rows;
    }

    /// Adds readings. Blocks while the worker is busy and the buffer full.
    pub fn add_readings(&mut self, batch: &ReadingBatch) -> Result<(), LakeError> {
        let mut from = 0;
        while from < batch.rows.len() {
            let limit = self.shared.buffer_rows;
            let taken = self.filler.fill(batch, from, limit);
            from += taken;
            if self.filler.len() >= limit {
                self.hand_over()?;
            }
        }
        for reading in &batch.rows {
            self.last_row = self.last_row.max(reading.row);
            match reading.value {
                Some(_) => self.values += 1,
                None => self.missing += 1,
            }
        }
        Ok(())
    }

    /// Adds rows of a small table.
    pub fn add_records(&mut self, table: Table, records: &[Record]) -> Result<(), LakeError> {
        for record in records {
            self.last_row = self.last_row.max(record.row);
        }
        self.values += records.len() as u64;
        self.records.entry(table).or_default().extend_from_slice(records);
        Ok(())
    }

    /// Adds problems.
    pub fn add_problems(&mut self, problems: &[Problem]) -> Result<(), LakeError> {
        if problems.is_empty() {
            return Ok(());
        }
        let writer = match &mut self.problems {
            Some(writer) => writer,
            None => {
                let path = self.shared.root.join(problems_path(&self.id));
                self.problems.insert(ProblemWriter::create(&path, &self.id)?)
            }
        };
        writer.add(problems)
    }

    /// Adds rows that could not be taken. `header` is that of the source, the same at every call.
    pub fn add_rejects(&mut self, header: &[String], rejects: &[Reject]) -> Result<(), LakeError> {
        if rejects.is_empty() {
            return Ok(());
        }
        let writer = match &mut self.rejects {
            Some(writer) => writer,
            None => {
                let path = self.shared.root.join(rejects_path(&self.id));
                self.rejects.insert(RejectWriter::create(&path, header)?)
            }
        };
        writer.add(rejects)
    }

    /// Makes everything visible at once, as recorded at `recorded` or, if that is not later than the commit
    /// before, one millisecond after it.
    pub fn commit(mut self, recorded: Instant) -> Result<ImportInfo, LakeError> {
        self.try_commit(recorded)
    }

    fn try_commit(&mut self, recorded: Instant) -> Result<ImportInfo, LakeError> {
        if self.filler.len() > 0 {
            self.hand_over()?;
        }
        let output = self.join()?;
        let log = self.shared.log()?;
        let recorded = log.next_recorded(recorded);
        let mut commit = Commit::new(self.commit, recorded, Kind::Import);
        let mut counts = output.counts;
        commit.records = self.write_records(&log, recorded, &mut counts)?;
        let found = self.merge_problems(&counts);
        self.add_problems(&found)?;
        self.shared.step()?;
        commit.add = self.stamp_runs(&output.runs, recorded)?;
        let (mut problems, mut errors) = (0, 0);
        if let Some(writer) = self.problems.take() {
            (problems, errors) = (writer.total, writer.errors);
            writer.finish()?;
            commit.problems = Some(problems_path(&self.id));
        }
        if let Some(writer) = self.rejects.take() {
            writer.finish()?;
            commit.rejects = Some(rejects_path(&self.id));
        }
        for folder in [PROBLEMS, REJECTS, RECORDS] {
            files::sync_dir(&self.shared.root.join(folder))?;
        }
        let info = ImportInfo {
            id: self.id.clone(),
            file: self.meta.file.clone(),
            sha256: self.meta.sha256.clone(),
            mapping: self.meta.mapping.clone(),
            given: self.meta.given.clone(),
            recorded,
            commit: self.commit,
            rows: if self.rows > 0 { self.rows } else { self.last_row.saturating_sub(1) },
            values: self.values,
            new: counts.new,
            unchanged: counts.unchanged,
            revised: counts.revised,
            missing: self.missing,
            problems,
            errors,
        };
        commit.import = Some(info.clone());
        self.shared.step()?;
        self.shared.append(commit)?;
        self.sweep = false;
        Ok(info)
    }

    fn hand_over(&mut self) -> Result<(), LakeError> {
        let full = self.filler.take();
        let sent = self.worker.as_ref().is_some_and(|worker| worker.sender.send(full).is_ok());
        if sent {
            return Ok(());
        }
        // The worker is gone: it says why.
        self.join()?;
        Err(LakeError::WriterStopped)
    }

    fn join(&mut self) -> Result<Output, LakeError> {
        let worker = self.worker.take().ok_or(LakeError::WriterStopped)?;
        drop(worker.sender);
        worker.thread.join().map_err(|_| LakeError::WriterStopped)?
    }

    fn stamp_runs(&self, runs: &[Written], recorded: Instant) -> Result<Vec<FileEntry>, LakeError> {
        let root = &self.shared.root;
        let mut entries = Vec::new();
        for (number, written) in runs.iter().enumerate() {
            let dir = schema::partition_dir(written.entry.span, written.entry.year);
            files::create_dir(&root.join(&dir))?;
            let path = format!("{dir}/{:08}-{number:05}.parquet", self.commit);
            let bytes = run::stamp(&written.path, &root.join(&path), recorded)?;
            std::fs::remove_file(&written.path).map_err(LakeError::io(&written.path))?;
            entries.push(FileEntry { path, bytes, ..written.entry.clone() });
            self.shared.step()?;
        }
        files::sync_dirs_of(root, entries.iter().map(|entry| entry.path.as_str()))?;
        Ok(entries)
    }

    fn write_records(
        &mut self,
        log: &Log,
        recorded: Instant,
        counts: &mut Counts,
    ) -> Result<Vec<RecordsEntry>, LakeError> {
        let root = &self.shared.root;
        let mut entries = Vec::new();
        for (table, given) in std::mem::take(&mut self.records) {
            let known = records::newest(root, log, table, log.last())?;
            let mut newest: BTreeMap<Vec<String>, Record> =
                known.into_iter().map(|record| (records::key(&record, table), record)).collect();
            let mut kept = Vec::new();
            for mut record in given {
                record.import.clone_from(&self.id);
                record.recorded = recorded;
                let before = newest.insert(records::key(&record, table), record.clone());
                match before {
                    Some(before) if records::same(&before, &record, table) => counts.unchanged += 1,
                    Some(_) => {
                        counts.revised += 1;
                        kept.push(record);
                    }
                    None => {
                        counts.new += 1;
                        kept.push(record);
                    }
                }
            }
            if kept.is_empty() {
                continue;
            }
            let path = records::record_path(table, self.commit);
            files::create_dir(&root.join(RECORDS).join(table.code()))?;
            records::write(&root.join(&path), table, &kept, self.commit)?;
            entries.push(RecordsEntry { table: table.code().to_string(), path, rows: kept.len() as u64 });
        }
        files::sync_dirs_of(root, entries.iter().map(|entry| entry.path.as_str()))?;
        Ok(entries)
    }

    /// What only the meeting with known values shows.
    fn merge_problems(&self, counts: &Counts) -> Vec<Problem> {
        let mut found: Vec<Problem> =
            counts.repetitions.iter().map(|repetition| self.duplicate_key(repetition)).collect();
        let more = counts.repeated.saturating_sub(DETAILS as u64);
        if more > 0 {
            let message = Text::new(
                format!("另有 {more} 个重复的测值，未逐一列出；请检查文件是否重复拼接"),
                format!(
                    "{more} more repeated readings are not listed one by one; check whether the file was joined twice"
                ),
            );
            found.push(self.problem("duplicate-key", None, message));
        }
        if counts.withdrawn > 0 {
            let many = counts.withdrawn;
            let message = Text::new(
                format!(
                    "此文件将先前已有的 {many} 个测值标为缺测（首个在第 {} 行）；先前的值仍可按时间查询",
                    counts.first_withdrawn
                ),
                format!(
                    "this file says missing where {many} values were known (first in row {}); \
                     the earlier values can still be read by their time",
                    counts.first_withdrawn
                ),
            );
            found.push(self.problem("value-withdrawn", Some(counts.first_withdrawn), message));
        }
        found
    }

    fn duplicate_key(&self, repetition: &Repetition) -> Problem {
        let Repetition { station, parameter, span, time, first, second, row } = repetition;
        let time = Instant(*time).to_iso();
        let span = span.code();
        let (first, second) = (shown(*first), shown(*second));
        let message = Text::new(
            format!(
                "同一文件中站点 {station} 的 {parameter}（{span}，{time}）出现两个值：{first} 与 {second}；两者均保留，以后者为准（空值不取代已有值）"
            ),
            format!(
                "station {station} has two values of {parameter} ({span}, {time}) in this file: {first} and {second}; \
                 both are kept and the later one counts (a gap never replaces a value)"
            ),
        );
        self.problem("duplicate-key", Some(*row), message)
    }

    fn problem(&self, code: &'static str, row: Option<u64>, message: Text) -> Problem {
        let place = Place { file: self.meta.file.clone(), row, ..Place::default() };
        Problem { severity: Severity::Warning, code, place, raw: String::new(), message }
    }
}

impl Drop for ImportWriter {
    fn drop(&mut self) {
        let _ = self.join();
        if self.sweep && !self.shared.killed() {
            // Best effort: what stays is invisible, and the next import sweeps it away.
            self.problems = None;
            self.rejects = None;
            if let Ok(log) = self.shared.log() {
                let _ = files::sweep(&self.shared.root, &log.kept());
            }
        }
    }
}

fn problems_path(id: &str) -> String {
    format!("{PROBLEMS}/{id}.parquet")
}

fn rejects_path(id: &str) -> String {
    format!("{REJECTS}/{id}.csv")
}

fn shown(value: i64) -> String {
    if value == NONE { "–".to_string() } else { Fixed::from_millionths(value).to_string() }
}

/// The worker's side.
struct Job {
    shared: Arc<Shared>,
    log: Arc<Log>,
    stamp: Stamp,
    output: Output,
    /// Footers of the files in `output`, read when first needed.
    footers: HashMap<usize, Footer>,
}

impl Job {
    fn run(mut self, receiver: &Receiver<Full>) -> Result<Output, LakeError> {
        while let Ok(full) = receiver.recv() {
            self.write(full)?;
            self.shared.step()?;
        }
        Ok(self.output)
    }

    fn write(&mut self, full: Full) -> Result<(), LakeError> {
        let sorted = full.sort();
        let partitions: Vec<_> = sorted.partitions.keys().copied().collect();
        for partition in partitions {
            let number = self.output.runs.len();
            let path = self.shared.root.join(STAGING).join(format!("{:08}-{number:05}.parquet", self.stamp.commit));
            let Job { shared, log, stamp, output, footers } = self;
            let Output { runs, counts } = output;
            let mut known = || {
                let mut found: Vec<(Known, Footer)> = Vec::new();
                for entry in log.files.iter().filter(|entry| merge::may_touch(entry, partition, &sorted)) {
                    let known = Known { path: shared.path(entry), own: false };
                    found.push((known, shared.footer(entry)?));
                }
                for (number, run) in runs.iter().enumerate() {
                    if merge::may_touch(&run.entry, partition, &sorted) {
                        let known = Known { path: run.path.clone(), own: true };
                        let footer = match footers.entry(number) {
                            Entry::Occupied(read) => read.get().clone(),
                            Entry::Vacant(free) => free.insert(Footer::read(&run.path, false)?).clone(),
                        };
                        found.push((known, footer));
                    }
                }
                Ok(found)
            };
            let written = merge::merge_partition(&path, partition, &sorted, &mut known, (stamp, counts))?;
            runs.extend(written);
        }
        Ok(())
    }
}
