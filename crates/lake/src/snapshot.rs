//! The lake as it stands at one commit. It never changes, whatever is imported meanwhile.

use crate::commit::{FileEntry, ImportInfo, Log};
use crate::error::LakeError;
use crate::lake::Shared;
use crate::read::{self, ObservationQuery, SeriesQuery};
use crate::records;
use crate::sources::{self, SourceQuery};
use domain::{Hour, HourSeries, Instant, Observation, Record, Span, Table};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A consistent view of the lake as of one commit.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub(crate) shared: Arc<Shared>,
    pub(crate) log: Arc<Log>,
    pub(crate) commit: u32,
}

/// What there is of one hourly series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// Station code.
    pub station: String,
    /// Parameter code.
    pub parameter: String,
    /// First hour with a reading, even one declared missing.
    pub first: Hour,
    /// Last hour with a reading.
    pub last: Hour,
    /// Hours whose newest value counts in statistics.
    pub values: u64,
}

/// A series that commits may have changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    /// Station code.
    pub station: String,
    /// Parameter code.
    pub parameter: String,
    /// Averaging span.
    pub span: Span,
    /// Earliest time of the rows.
    pub first: Instant,
    /// Latest time of the rows.
    pub last: Instant,
}

impl Snapshot {
    pub(crate) fn new(shared: Arc<Shared>, log: Arc<Log>, commit: u32) -> Snapshot {
        Snapshot { shared, log, commit }
    }

    /// Number of the last commit seen; 0 before the first.
    pub fn commit(&self) -> u32 {
        self.commit
    }

    /// When the last commit seen was recorded.
    pub fn recorded(&self) -> Option<Instant> {
        self.log.commits.get(self.commit.checked_sub(1)? as usize).map(|commit| commit.recorded)
    }

    /// Dense hourly series: for each hour the latest revision, [`HourSeries::GAP`] where there is no value that
    /// counts ([`domain::Flag::counts`]). One series for each station and parameter with any reading in the hours
    /// asked for, by parameter and then station.
    pub fn hour_series(&self, query: &SeriesQuery) -> Result<Vec<HourSeries>, LakeError> {
        self.with_files(|files| read::hour_series(&self.shared, files, self.commit, query))
    }

    /// The same for jobs on more than fits in memory: `each` gets the series of one parameter at a time.
    pub fn hour_series_by_parameter(
        &self,
        query: &SeriesQuery,
        each: &mut dyn FnMut(Vec<HourSeries>),
    ) -> Result<(), LakeError> {
        let mut parameters: Vec<String> = self.files().flat_map(|file| file.parameters.iter().cloned()).collect();
        parameters.sort();
        parameters.dedup();
        parameters.retain(|code| query.parameters.is_empty() || query.parameters.contains(code));
        for parameter in parameters {
            each(self.hour_series(&SeriesQuery { parameters: vec![parameter], ..query.clone() })?);
        }
        Ok(())
    }

    /// The same, with every parameter of at most `count` stations at a time, stations in order of their codes.
    pub fn hour_series_by_stations(
        &self,
        query: &SeriesQuery,
        count: usize,
        each: &mut dyn FnMut(Vec<HourSeries>),
    ) -> Result<(), LakeError> {
        let mut stations = self.stations()?;
        stations.retain(|code| query.stations.is_empty() || query.stations.contains(code));
        for some in stations.chunks(count.max(1)) {
            each(self.hour_series(&SeriesQuery { stations: some.to_vec(), ..query.clone() })?);
        }
        Ok(())
    }

    /// Every station code with observations, in byte order.
    pub fn stations(&self) -> Result<Vec<String>, LakeError> {
        self.with_files(|files| {
            let mut stations: BTreeSet<String> = BTreeSet::new();
            for file in files.iter().filter(|file| file.commit_min <= self.commit) {
                if file.commit_max <= self.commit {
                    stations.extend(self.shared.footer(file)?.index.stations.iter().cloned());
                } else {
                    stations.extend(
                        read::file_coverage(&self.shared, file, self.commit)?.into_iter().map(|run| run.station),
                    );
                }
            }
            Ok(stations.into_iter().collect())
        })
    }

    /// Every revision of the observations asked for, by station, parameter, time and revision.
    pub fn observations(&self, query: &ObservationQuery) -> Result<Vec<Observation>, LakeError> {
        self.with_files(|files| read::observations(&self.shared, files, self.commit, query))
    }

    /// Which series commits after `since` may have changed, and between which times, by station, parameter and span. A
    /// compaction names its rows again, so that more may be told than changed and never less.
    pub fn touched(&self, since: u32) -> Result<Vec<Touched>, LakeError> {
        self.with_files(|files| {
            let mut all: BTreeMap<(String, String, &'static str), Touched> = BTreeMap::new();
            let newer = files.iter().filter(|file| file.commit_min <= self.commit && file.commit_max > since);
            for file in newer {
                let index = &self.shared.footer(file)?.index;
                for run in &index.series {
                    let (parameter, station) = index.codes(run);
                    let key = (station.to_string(), parameter.to_string(), file.span.code());
                    let own = all.entry(key).or_insert_with(|| Touched {
                        station: station.to_string(),
                        parameter: parameter.to_string(),
                        span: file.span,
                        first: Instant(run.first),
                        last: Instant(run.last),
                    });
                    (own.first, own.last) = (own.first.min(Instant(run.first)), own.last.max(Instant(run.last)));
                }
            }
            Ok(all.into_values().collect())
        })
    }

    /// Which imports the newest hourly values asked for come from, with the number of values from each that
    /// count in statistics, oldest import first.
    pub fn sources(&self, query: &SourceQuery) -> Result<Vec<(String, u64)>, LakeError> {
        self.with_files(|files| sources::sources(&self.shared, files, self.commit, query))
    }

    /// The newest record of every key of a small table, by key.
    pub fn records(&self, table: Table) -> Result<Vec<Record>, LakeError> {
        records::newest(&self.shared.root, &self.log, table, self.commit)
    }

    /// Number of the last commit that brought rows of a small table; 0 when none did. While it stays, so does the table.
    pub fn records_commit(&self, table: Table) -> u32 {
        let seen = self.log.commits.len().min(self.commit as usize);
        let brought = |at: &usize| self.log.commits[*at].records.iter().any(|entry| entry.table == table.code());
        (0..seen).rev().find(brought).map_or(0, |at| at as u32 + 1)
    }

    /// Every import, oldest first.
    pub fn imports(&self) -> Vec<ImportInfo> {
        self.log.imports().filter(|info| info.commit <= self.commit).cloned().collect()
    }

    /// One import.
    pub fn import_info(&self, id: &str) -> Option<ImportInfo> {
        self.log.imports().find(|info| info.id == id && info.commit <= self.commit).cloned()
    }

    /// What there is of each hourly series, by station and then parameter.
    pub fn coverage(&self) -> Result<Vec<Coverage>, LakeError> {
        self.with_files(|files| {
            let mut all: BTreeMap<(String, String), (i64, i64, i64)> = BTreeMap::new();
            let hourly = files.iter().filter(|file| file.span == Span::Hour && file.commit_min <= self.commit);
            for file in hourly {
                for one in read::file_coverage(&self.shared, file, self.commit)? {
                    let sum = all.entry((one.station, one.parameter)).or_insert((i64::MAX, i64::MIN, 0));
                    *sum = (sum.0.min(one.first), sum.1.max(one.last), sum.2 + one.values);
                }
            }
            let hour = |ms: i64| Hour((ms + domain::period::UTC_OFFSET_MS).div_euclid(domain::period::HOUR_MS) as i32);
            let coverage = all.into_iter().map(|((station, parameter), (first, last, values))| Coverage {
                station,
                parameter,
                first: hour(first),
                last: hour(last),
                values: u64::try_from(values).unwrap_or(0),
            });
            Ok(coverage.collect())
        })
    }

    /// Observation files that can hold rows of this snapshot.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Arc<FileEntry>> {
        self.log.files.iter().filter(|file| file.commit_min <= self.commit)
    }

    /// Runs `read` on the files of the snapshot. If a compaction has replaced them since, it is run again on the
    /// files that took their place: they hold the same rows.
    fn with_files<T>(&self, read: impl Fn(&[Arc<FileEntry>]) -> Result<T, LakeError>) -> Result<T, LakeError> {
        let mut log = self.log.clone();
        loop {
            match read(&log.files) {
                Err(error) if error.is_gone() => {
                    let now = self.shared.log()?;
                    if now.last() == log.last() {
                        return Err(error.into_damage());
                    }
                    log = now;
                }
                done => return done,
            }
        }
    }
}
