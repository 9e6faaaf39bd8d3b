//! Many files of a span and year → few, sorted throughout. Not one row is lost or changed.
//!
//! Called by [`crate::Lake::compact`]. The old files stay until the next import or compaction begins, so that a
//! reader that has started can finish; one that comes too late reads the new files instead.

use crate::commit::{Commit, FileEntry, Kind, Log};
use crate::cursor::{Block, Columns, Cursor, Taker};
use crate::error::LakeError;
use crate::files::{self, STAGING};
use crate::lake::Shared;
use crate::run::{Names, Row, RunWriter, Written};
use crate::schema::{self, FileIndex, Footer};
use domain::{Instant, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Files merged in one pass: more would hold too many buffers and file handles.
const FAN_IN: usize = 64;
/// Rows after which a new output file begins, at the next series.
const FILE_ROWS: u64 = 1 << 24;

/// What a compaction did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompactionInfo {
    /// Number of its commit; `None` if there was nothing to do.
    pub commit: Option<u32>,
    /// When it was recorded.
    pub recorded: Option<Instant>,
    /// Files before, of those that were merged.
    pub files_before: usize,
    /// Files after.
    pub files_after: usize,
    /// Rows in them.
    pub rows: u64,
    /// Bytes before.
    pub bytes_before: u64,
    /// Bytes after.
    pub bytes_after: u64,
}

/// A file to merge.
struct Input {
    path: PathBuf,
    footer: Footer,
}

/// Compacts every partition that has more than one file.
pub(crate) fn compact(shared: &Shared, log: &Log, recorded: Instant) -> Result<CompactionInfo, LakeError> {
    let mut partitions: BTreeMap<(Span, i32), Vec<Arc<FileEntry>>> = BTreeMap::new();
    for file in &log.files {
        partitions.entry((file.span, file.year)).or_default().push(file.clone());
    }
    partitions.retain(|_, files| worth_it(files));
    let mut info = CompactionInfo {
        commit: None,
        recorded: None,
        files_before: 0,
        files_after: 0,
        rows: 0,
        bytes_before: 0,
        bytes_after: 0,
    };
    if partitions.is_empty() {
        return Ok(info);
    }
    let number = log.last() + 1;
    let mut commit = Commit::new(number, log.next_recorded(recorded), Kind::Compaction);
    for (partition, entries) in &partitions {
        let outputs = compact_partition(shared, *partition, entries)?;
        shared.step()?;
        let dir = schema::partition_dir(partition.0, partition.1);
        for written in outputs {
            let path = format!("{dir}/{number:08}-{:05}.parquet", commit.add.len());
            let place = shared.root.join(&path);
            files::sync_file(&written.path)?;
            std::fs::rename(&written.path, &place).map_err(LakeError::io(&place))?;
            info.files_after += 1;
            info.rows += written.entry.rows;
            info.bytes_after += written.entry.bytes;
            commit.add.push(FileEntry { path, ..written.entry });
            shared.step()?;
        }
        info.files_before += entries.len();
        info.bytes_before += entries.iter().map(|entry| entry.bytes).sum::<u64>();
        commit.remove.extend(entries.iter().map(|entry| entry.path.clone()));
    }
    files::sync_dirs_of(&shared.root, commit.add.iter().map(|file| file.path.as_str()))?;
    info.commit = Some(number);
    info.recorded = Some(commit.recorded);
    shared.append(commit)?;
    Ok(info)
}

/// Whether merging would lessen the number of files.
fn worth_it(files: &[Arc<FileEntry>]) -> bool {
    let rows: u64 = files.iter().map(|file| file.rows).sum();
    files.len() as u64 > 1 + rows / FILE_ROWS
}

fn compact_partition(
    shared: &Shared,
    partition: (Span, i32),
    entries: &[Arc<FileEntry>],
) -> Result<Vec<Written>, LakeError> {
    let rows: u64 = entries.iter().map(|entry| entry.rows).sum();
    let mut inputs = Vec::new();
    for entry in entries {
        inputs.push(Input { path: shared.path(entry), footer: shared.footer(entry)? });
    }
    let staging = shared.root.join(STAGING);
    let mut pass = 0;
    while inputs.len() > FAN_IN {
        let mut merged = Vec::new();
        for (group, some) in inputs.chunks(FAN_IN).enumerate() {
            let stem = format!("pass{pass}-{group}");
            for written in merge(&staging, &stem, partition, some)? {
                let footer = Footer::read(&written.path, true)?;
                merged.push(Input { path: written.path, footer });
            }
        }
        inputs = merged;
        pass += 1;
    }
    let outputs = merge(&staging, "merged", partition, &inputs)?;
    if pass > 0 {
        for input in &inputs {
            std::fs::remove_file(&input.path).map_err(LakeError::io(&input.path))?;
        }
    }
    let written: u64 = outputs.iter().map(|output| output.entry.rows).sum();
    if written != rows {
        return Err(LakeError::corrupt(
            &shared.root,
            format!("{rows} rows became {written} when merged; nothing was changed"),
        ));
    }
    Ok(outputs)
}

/// Merges files into `<stem>-0.parquet`, `<stem>-1.parquet` … in `dir`.
fn merge(dir: &Path, stem: &str, partition: (Span, i32), inputs: &[Input]) -> Result<Vec<Written>, LakeError> {
    let mut takers = Vec::new();
    for input in inputs {
        let all = 0..input.footer.index.rows();
        let cursor = Cursor::open(&input.path, &input.footer, Columns::ALL, std::slice::from_ref(&all))?;
        takers.push(Source { taker: Taker::new(cursor), index: input.footer.index.clone(), at: 0 });
    }
    let names = names(inputs);
    let mut origins = Origins::default();
    let mut outputs = Vec::new();
    let mut writer: Option<RunWriter> = None;
    let mut rows: Vec<Row> = Vec::new();
    for (parameter, parameter_code) in names.parameters.iter().enumerate() {
        for (station, station_code) in names.stations.iter().enumerate() {
            rows.clear();
            for source in &mut takers {
                source.read(parameter_code, station_code, &mut origins, &mut rows)?;
            }
            if rows.is_empty() {
                continue;
            }
            rows.sort_by_key(|row| (row.time, row.revision));
            if let Some(full) = writer.take_if(|writer| writer.rows() >= FILE_ROWS) {
                outputs.extend(full.finish()?);
            }
            let out = match &mut writer {
                Some(out) => out,
                None => {
                    let path = dir.join(format!("{stem}-{}.parquet", outputs.len()));
                    writer.insert(RunWriter::create(&path, partition, names.clone(), true)?)
                }
            };
            out.name_origins(&origins.methods, &origins.imports);
            out.begin_series(parameter as u32, station as u32);
            for row in &rows {
                out.push(row, false)?;
            }
        }
    }
    if let Some(last) = writer {
        outputs.extend(last.finish()?);
    }
    Ok(outputs)
}

/// One input while it is merged.
struct Source {
    taker: Taker,
    index: Arc<FileIndex>,
    at: usize,
}

/// Every station and parameter of the inputs.
fn names(inputs: &[Input]) -> Names {
    let (mut parameters, mut stations): (BTreeSet<&str>, BTreeSet<&str>) = Default::default();
    for input in inputs {
        parameters.extend(input.footer.index.parameters.iter().map(String::as_str));
        stations.extend(input.footer.index.stations.iter().map(String::as_str));
    }
    let owned = |set: BTreeSet<&str>| set.into_iter().map(str::to_string).collect();
    Names { parameters: owned(parameters), stations: owned(stations), ..Names::default() }
}

/// Methods and imports met so far, by position.
#[derive(Default)]
struct Origins {
    methods: Vec<String>,
    imports: Vec<String>,
}

impl Source {
    fn read(
        &mut self,
        parameter: &str,
        station: &str,
        origins: &mut Origins,
        rows: &mut Vec<Row>,
    ) -> Result<(), LakeError> {
        let Some(run) = self.index.series.get(self.at) else { return Ok(()) };
        if self.index.codes(run) != (parameter, station) {
            return Ok(());
        }
        self.at += 1;
        let count = run.rows;
        self.taker.take(count, |block, range| {
            let methods = positions(&mut origins.methods, &block.method.values);
            let imports = positions(&mut origins.imports, &block.import.values);
            rows.extend(range.map(|row| decoded(block, row, &methods, &imports)));
        })
    }
}

fn decoded(block: &Block, row: usize, methods: &[i32], imports: &[i32]) -> Row {
    Row {
        time: block.time[row],
        value: block.value[row],
        flag: block.flag[row],
        method: methods[block.method.keys[row] as usize],
        import: imports[block.import.keys[row] as usize],
        row: block.row[row],
        revision: block.revision[row],
        commit: block.commit[row],
        recorded: block.recorded[row],
    }
}

fn positions(known: &mut Vec<String>, texts: &[String]) -> Vec<i32> {
    texts
        .iter()
        .map(|text| match known.iter().position(|other| other == text) {
            Some(position) => position as i32,
            None => {
                known.push(text.clone());
                known.len() as i32 - 1
            }
        })
        .collect()
}
