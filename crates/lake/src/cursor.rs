//! Reading chosen rows of an observation file in file order, as plain columns.
//!
//! Called by merges, compactions, series and lineage reading. It never looks at station and parameter
//! columns: which rows belong to which series is known from the file's index.

use crate::error::LakeError;
use crate::schema::{FLAGS, Footer, NONE};
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{ArrowDictionaryKeyType, Decimal64Type, Int32Type, Int64Type, TimestampMillisecondType};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder, RowSelection};
use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Rows decoded at once.
const BATCH: usize = 16_384;

/// Which columns are wanted besides nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Columns {
    /// Phenomenon time.
    pub time: bool,
    /// Value.
    pub value: bool,
    /// Flag.
    pub flag: bool,
    /// Revision.
    pub revision: bool,
    /// Commit.
    pub commit: bool,
    /// Method, import, row, recorded: where the value came from.
    pub origin: bool,
}

impl Columns {
    /// All of them.
    pub const ALL: Columns =
        Columns { time: true, value: true, flag: true, revision: true, commit: true, origin: true };

    fn names(self) -> Vec<&'static str> {
        let mut names = Vec::new();
        let mut add = |wanted: bool, list: &[&'static str]| {
            if wanted {
                names.extend_from_slice(list);
            }
        };
        add(self.time, &["time"]);
        add(self.value, &["value"]);
        add(self.flag, &["flag"]);
        add(self.revision, &["revision"]);
        add(self.commit, &["commit"]);
        add(self.origin, &["method", "import", "row", "recorded"]);
        names
    }
}

/// A decoded batch. Columns not asked for are empty.
#[derive(Debug, Default)]
pub(crate) struct Block {
    /// Rows in it.
    pub len: usize,
    /// Times, ms.
    pub time: Vec<i64>,
    /// Values, [`NONE`] where null.
    pub value: Vec<i64>,
    /// Positions in [`FLAGS`].
    pub flag: Vec<u8>,
    /// Revisions.
    pub revision: Vec<i32>,
    /// Commits.
    pub commit: Vec<i32>,
    /// Rows of the source.
    pub row: Vec<i64>,
    /// Recorded times, ms.
    pub recorded: Vec<i64>,
    /// Methods.
    pub method: Texts,
    /// Imports.
    pub import: Texts,
}

/// A text column of few values.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    /// Distinct texts.
    pub values: Vec<String>,
    /// Position in `values` of each row.
    pub keys: Vec<i32>,
}

/// Reads chosen rows of one file.
pub(crate) struct Cursor {
    path: PathBuf,
    reader: ParquetRecordBatchReader,
    columns: Columns,
}

impl Cursor {
    /// Opens `path` for the rows in `ranges` (ascending, disjoint).
    pub fn open(path: &Path, footer: &Footer, columns: Columns, ranges: &[Range<u64>]) -> Result<Cursor, LakeError> {
        let file = File::open(path).map_err(LakeError::io(path))?;
        let metadata = footer.metadata.clone();
        let (groups, selection) = select(&metadata, ranges);
        let names = columns.names();
        let mask = ProjectionMask::columns(metadata.parquet_schema(), names.iter().copied());
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata)
            .with_projection(mask)
            .with_row_groups(groups)
            .with_row_selection(selection)
            .with_batch_size(BATCH)
            .build()
            .map_err(LakeError::parquet(path))?;
        Ok(Cursor { path: path.to_path_buf(), reader, columns })
    }

    /// The next rows, or `None` after the last.
    pub fn next(&mut self) -> Result<Option<Block>, LakeError> {
        match self.reader.next() {
            None => Ok(None),
            Some(batch) => {
                let batch = batch.map_err(LakeError::arrow(&self.path))?;
                self.decode(&batch).map(Some)
            }
        }
    }

    fn decode(&self, batch: &RecordBatch) -> Result<Block, LakeError> {
        let mut block = Block { len: batch.num_rows(), ..Block::default() };
        let column = |name: &str| {
            batch.column_by_name(name).ok_or_else(|| LakeError::corrupt(&self.path, format!("no column `{name}`")))
        };
        if self.columns.time {
            block.time = column("time")?.as_primitive::<TimestampMillisecondType>().values().to_vec();
        }
        if self.columns.value {
            let values = column("value")?.as_primitive::<Decimal64Type>();
            block.value = values.values().to_vec();
            if let Some(nulls) = values.nulls().filter(|nulls| nulls.null_count() > 0) {
                for (value, valid) in block.value.iter_mut().zip(nulls.iter()) {
                    if !valid {
                        *value = NONE;
                    }
                }
            }
        }
        if self.columns.flag {
            let flags = texts(column("flag")?.as_dictionary::<Int32Type>());
            let codes: Vec<Option<u8>> = flags.values.iter().map(|code| flag_of(code)).collect();
            let code = |key: &i32| codes.get(*key as usize).copied().flatten();
            block.flag = flags
                .keys
                .iter()
                .map(|key| code(key).ok_or_else(|| LakeError::corrupt(&self.path, "unknown flag")))
                .collect::<Result<_, _>>()?;
        }
        if self.columns.revision {
            block.revision = column("revision")?.as_primitive::<Int32Type>().values().to_vec();
        }
        if self.columns.commit {
            block.commit = column("commit")?.as_primitive::<Int32Type>().values().to_vec();
        }
        if self.columns.origin {
            block.row = column("row")?.as_primitive::<Int64Type>().values().to_vec();
            block.recorded = column("recorded")?.as_primitive::<TimestampMillisecondType>().values().to_vec();
            block.method = texts(column("method")?.as_dictionary::<Int32Type>());
            block.import = texts(column("import")?.as_dictionary::<Int32Type>());
        }
        Ok(block)
    }
}

fn flag_of(code: &str) -> Option<u8> {
    FLAGS.iter().position(|flag| flag.code() == code).map(|position| position as u8)
}

fn texts<K: ArrowDictionaryKeyType<Native = i32>>(array: &arrow::array::DictionaryArray<K>) -> Texts {
    let values = array.values().as_string::<i32>();
    Texts {
        values: values.iter().map(|text| text.unwrap_or_default().to_string()).collect(),
        keys: array.keys().values().to_vec(),
    }
}

/// Row groups that hold the ranges, and the rows wanted among theirs.
fn select(
    metadata: &parquet::arrow::arrow_reader::ArrowReaderMetadata,
    ranges: &[Range<u64>],
) -> (Vec<usize>, RowSelection) {
    let mut groups = Vec::new();
    let mut selected: Vec<Range<usize>> = Vec::new();
    let (mut group_start, mut kept) = (0_u64, 0_u64);
    let mut next = 0;
    for (position, group) in metadata.metadata().row_groups().iter().enumerate() {
        let group_end = group_start + group.num_rows() as u64;
        while next < ranges.len() && ranges[next].end <= group_start {
            next += 1;
        }
        let mut touched = false;
        for range in ranges[next..].iter().take_while(|range| range.start < group_end) {
            let (start, end) = (range.start.max(group_start), range.end.min(group_end));
            if start < end {
                touched = true;
                let base = kept as i64 - group_start as i64;
                selected.push((start as i64 + base) as usize..(end as i64 + base) as usize);
            }
        }
        if touched {
            groups.push(position);
            kept += group.num_rows() as u64;
        }
        group_start = group_end;
    }
    (groups, RowSelection::from_consecutive_ranges(selected.into_iter(), kept as usize))
}

/// Takes runs of rows off a cursor, whatever its batches.
pub(crate) struct Taker {
    cursor: Cursor,
    block: Block,
    at: usize,
}

impl Taker {
    /// From the first row of a cursor.
    pub fn new(cursor: Cursor) -> Taker {
        Taker { cursor, block: Block::default(), at: 0 }
    }

    /// Calls `each` with pieces that together are the next `count` rows.
    pub fn take(&mut self, count: u64, mut each: impl FnMut(&Block, Range<usize>)) -> Result<(), LakeError> {
        let mut left = count as usize;
        while left > 0 {
            if self.at == self.block.len {
                let next = self.cursor.next()?;
                self.block =
                    next.ok_or_else(|| LakeError::corrupt(&self.cursor.path, "it has fewer rows than its index says"))?;
                self.at = 0;
            }
            let end = (self.at + left).min(self.block.len);
            each(&self.block, self.at..end);
            left -= end - self.at;
            self.at = end;
        }
        Ok(())
    }
}

impl std::fmt::Debug for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cursor").field("path", &self.path).field("columns", &self.columns).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Taker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Taker").field("cursor", &self.cursor).field("at", &self.at).finish_non_exhaustive()
    }
}

impl Texts {
    /// The text of a row.
    pub fn get(&self, row: usize) -> String {
        let key = self.keys.get(row).copied().unwrap_or(-1);
        usize::try_from(key).ok().and_then(|key| self.values.get(key)).cloned().unwrap_or_default()
    }
}
