//! Which imports the newest hourly values of some stations come from, and how many from each: the lineage of a
//! computed value down to its files. Called by [`crate::Snapshot::sources`].

use crate::commit::FileEntry;
use crate::cursor::{Columns, Cursor, Taker};
use crate::error::LakeError;
use crate::lake::Shared;
use crate::schema::{self, Footer, Series};
use domain::{Instant, Span};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Which hourly values are asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceQuery {
    /// Station codes; empty means all.
    pub stations: Vec<String>,
    /// Parameter codes; empty means all.
    pub parameters: Vec<String>,
    /// Earliest phenomenon time (end of the hour), inclusive.
    pub from: Instant,
    /// Latest phenomenon time, inclusive.
    pub to: Instant,
}

/// A run that a query touches.
struct Touched {
    file: usize,
    run: Series,
}

/// Imports with the number of values that count and are the newest of their key, by import.
pub(crate) fn sources(
    shared: &Shared,
    files: &[Arc<FileEntry>],
    commit: u32,
    query: &SourceQuery,
) -> Result<Vec<(String, u64)>, LakeError> {
    let mut open: Vec<(Arc<FileEntry>, Footer)> = Vec::new();
    let hourly = files.iter().filter(|file| file.span == Span::Hour && file.commit_min <= commit);
    for file in hourly.filter(|file| file.time_min <= query.to && query.from <= file.time_max) {
        open.push((file.clone(), shared.footer(file)?));
    }
    let mut series: BTreeMap<(&str, &str), Vec<Touched>> = BTreeMap::new();
    let wanted = |list: &[String], code: &str| list.is_empty() || list.iter().any(|other| other == code);
    for (file, (_, footer)) in open.iter().enumerate() {
        for run in footer.index.series.iter().filter(|run| run.first <= query.to.0 && query.from.0 <= run.last) {
            let (parameter, station) = footer.index.codes(run);
            if wanted(&query.parameters, parameter) && wanted(&query.stations, station) {
                series.entry((parameter, station)).or_default().push(Touched { file, run: *run });
            }
        }
    }
    let mut found: BTreeMap<u32, u64> = BTreeMap::new();
    let mut newest: HashMap<i64, Option<u32>> = HashMap::new();
    for touched in series.values() {
        if let [only] = touched.as_slice()
            && let Some(values) = whole(&open[only.file].0, &only.run, query)
        {
            *found.entry(open[only.file].0.commit_min).or_default() += values;
            continue;
        }
        newest.clear();
        for one in touched {
            let (entry, footer) = &open[one.file];
            read_run(shared, (entry, footer), &one.run, (commit, query), &mut newest)?;
        }
        for made in newest.drain().filter_map(|(_, made)| made) {
            *found.entry(made).or_default() += 1;
        }
    }
    found.retain(|_, values| *values > 0);
    Ok(found.into_iter().map(|(made, values)| (import_of(made), values)).collect())
}

/// The identifier of the import that a commit made visible.
pub(crate) fn import_of(commit: u32) -> String {
    format!("i{commit:06}")
}

/// Values of a run, if they are all asked for and of one import, so that its index answers.
fn whole(entry: &FileEntry, run: &Series, query: &SourceQuery) -> Option<u64> {
    let asked = query.from.0 <= run.first && run.last <= query.to.0;
    let one_import = entry.commit_min == entry.commit_max && entry.max_revision == 0;
    if asked && one_import { u64::try_from(run.values).ok() } else { None }
}

/// The commit of the newest value of each time; `None` where the newest does not count.
fn read_run(
    shared: &Shared,
    (entry, footer): (&FileEntry, &Footer),
    run: &Series,
    (commit, query): (u32, &SourceQuery),
    newest: &mut HashMap<i64, Option<u32>>,
) -> Result<(), LakeError> {
    let columns = Columns { time: true, value: true, flag: true, commit: true, ..Columns::default() };
    let rows = run.rows_within(query.from.0, query.to.0);
    let mut taker = Taker::new(Cursor::open(&shared.path(entry), footer, columns, std::slice::from_ref(&rows))?);
    taker.take(rows.end - rows.start, |block, rows| {
        for row in rows {
            let (time, made) = (block.time[row], block.commit[row] as u32);
            if query.from.0 <= time && time <= query.to.0 && made <= commit {
                let counted = schema::counts(block.value[row], block.flag[row]);
                newest.insert(time, counted.then_some(made));
            }
        }
    })
}
