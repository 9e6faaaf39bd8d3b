//! Sorted rows → one Parquet file of observations, with the index of its series.
//!
//! Called by imports (whose files do not know their recorded time until the commit: see [`stamp`]) and by
//! compactions (whose rows bring theirs along).

use crate::commit::FileEntry;
use crate::error::LakeError;
use crate::schema::{self, FLAGS, FileIndex, NONE, ROW_GROUP, Series, ValueType};
use arrow::array::{
    ArrayRef, Decimal128Array, DictionaryArray, Int32Array, Int64Array, RecordBatch, StringArray,
    TimestampMillisecondArray,
};
use arrow::datatypes::{Int32Type, SchemaRef};
use domain::{Hour, Instant, Span};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::arrow::{ARROW_SCHEMA_META_KEY, ArrowSchemaConverter, ArrowWriter, add_encoded_arrow_schema_to_metadata};
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::Int64Type;
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One row as it is kept. Text columns are positions in [`Names`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    /// End of the span, ms.
    pub time: i64,
    /// Millionths, or [`NONE`].
    pub value: i64,
    /// Position in [`FLAGS`].
    pub flag: u8,
    /// Position in [`Names::methods`].
    pub method: i32,
    /// Position in [`Names::imports`].
    pub import: i32,
    /// Row in the source.
    pub row: i64,
    /// Revision.
    pub revision: i32,
    /// Commit.
    pub commit: i32,
    /// Recorded, ms; unused in an unstamped file.
    pub recorded: i64,
}

/// The texts that rows of a file refer to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    /// Parameter codes, sorted.
    pub parameters: Vec<String>,
    /// Station codes, sorted.
    pub stations: Vec<String>,
    /// Methods.
    pub methods: Vec<String>,
    /// Imports.
    pub imports: Vec<String>,
}

/// What a file of observations came to.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    /// Where it is.
    pub path: PathBuf,
    /// Its entry for the commit, its path still empty.
    pub entry: FileEntry,
}

/// Writes one file. Series must come in the order of [`Names`], rows by time and revision.
pub(crate) struct RunWriter {
    path: PathBuf,
    schema: SchemaRef,
    stamped: bool,
    writer: ArrowWriter<File>,
    texts: Texts,
    names: Names,
    rows: Vec<Row>,
    /// Parameter, station and number of rows of each run in `rows`.
    runs: Vec<(u32, u32, usize)>,
    index: Vec<Series>,
    entry: FileEntry,
    last_counted: Option<(i64, bool)>,
}

struct Texts {
    parameters: ArrayRef,
    stations: ArrayRef,
    methods: ArrayRef,
    imports: ArrayRef,
    span: ArrayRef,
    flags: ArrayRef,
}

impl RunWriter {
    /// Opens a file. `stamped`: whether rows bring their recorded time.
    pub fn create(path: &Path, partition: (Span, i32), names: Names, stamped: bool) -> Result<RunWriter, LakeError> {
        let schema = schema::observation_schema(ValueType::Decimal128, stamped);
        let file = File::create(path).map_err(LakeError::io(path))?;
        let writer = ArrowWriter::try_new(file, schema.clone(), Some(schema::writer_properties()))
            .map_err(LakeError::parquet(path))?;
        let (span, year) = partition;
        let texts = Texts {
            parameters: text(&names.parameters),
            stations: text(&names.stations),
            methods: text(&names.methods),
            imports: text(&names.imports),
            span: Arc::new(StringArray::from_iter_values([span.code()])),
            flags: Arc::new(StringArray::from_iter_values(FLAGS.map(|flag| flag.code()))),
        };
        let entry = FileEntry {
            path: String::new(),
            span,
            year,
            rows: 0,
            bytes: 0,
            time_min: Instant(i64::MAX),
            time_max: Instant(i64::MIN),
            max_revision: 0,
            commit_min: u32::MAX,
            commit_max: 0,
            parameters: Vec::new(),
            station_min: String::new(),
            station_max: String::new(),
        };
        Ok(RunWriter {
            path: path.to_path_buf(),
            schema,
            stamped,
            writer,
            texts,
            names,
            rows: Vec::with_capacity(ROW_GROUP),
            runs: Vec::new(),
            index: Vec::new(),
            entry,
            last_counted: None,
        })
    }

    /// Rows written so far.
    pub fn rows(&self) -> u64 {
        self.entry.rows
    }

    /// Replaces the methods and imports that rows refer to by longer lists with the same beginnings.
    pub fn name_origins(&mut self, methods: &[String], imports: &[String]) {
        if self.names.methods.len() != methods.len() {
            self.names.methods = methods.to_vec();
            self.texts.methods = text(methods);
        }
        if self.names.imports.len() != imports.len() {
            self.names.imports = imports.to_vec();
            self.texts.imports = text(imports);
        }
    }

    /// Starts the rows of a station and parameter (positions in [`Names`]).
    pub fn begin_series(&mut self, parameter: u32, station: u32) {
        self.last_counted = None;
        self.runs.push((parameter, station, 0));
        self.index.push(Series {
            parameter,
            station,
            start: self.entry.rows,
            rows: 0,
            values: 0,
            first: i64::MAX,
            last: i64::MIN,
            hourly: self.entry.span == Span::Hour,
            uncounted: 0,
        });
    }

    /// Adds a row. `before`: whether the key had a value that counts before this revision (read from other
    /// files); earlier revisions in this file are known here.
    pub fn push(&mut self, row: &Row, before: bool) -> Result<(), LakeError> {
        let run = self.index.last_mut().expect("begin_series comes before push");
        let counted = schema::counts(row.value, row.flag);
        let before = match self.last_counted {
            Some((time, counted)) if time == row.time => counted,
            _ => before,
        };
        self.last_counted = Some((row.time, counted));
        run.values += i64::from(counted) - i64::from(before);
        run.uncounted += u64::from(row.value != NONE && !counted);
        run.hourly &= Hour::ending_at(Instant(row.time)).is_some() && (run.rows == 0 || run.last < row.time);
        run.rows += 1;
        run.first = run.first.min(row.time);
        run.last = run.last.max(row.time);
        self.runs.last_mut().expect("begin_series comes before push").2 += 1;
        self.entry.rows += 1;
        self.entry.max_revision = self.entry.max_revision.max(row.revision as u32);
        self.entry.commit_min = self.entry.commit_min.min(row.commit as u32);
        self.entry.commit_max = self.entry.commit_max.max(row.commit as u32);
        self.rows.push(*row);
        if self.rows.len() == ROW_GROUP { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), LakeError> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let batch = self.batch()?;
        self.writer.write(&batch).map_err(LakeError::parquet(&self.path))?;
        self.rows.clear();
        let open = self.runs.last().map(|(parameter, station, _)| (*parameter, *station, 0));
        self.runs.clear();
        self.runs.extend(open);
        Ok(())
    }

    fn batch(&self) -> Result<RecordBatch, LakeError> {
        let rows = &self.rows;
        let constant = |key: i32| Int32Array::from_value(key, rows.len());
        let series = |pick: fn(&(u32, u32, usize)) -> u32| -> Int32Array {
            self.runs.iter().flat_map(|run| std::iter::repeat_n(pick(run) as i32, run.2)).collect::<Vec<i32>>().into()
        };
        let keys = |pick: fn(&Row) -> i32| Int32Array::from_iter_values(rows.iter().map(pick));
        let texts = &self.texts;
        let text = |keys: Int32Array, values: &ArrayRef| -> Result<ArrayRef, LakeError> {
            let array = DictionaryArray::<Int32Type>::try_new(keys, values.clone());
            Ok(Arc::new(array.map_err(LakeError::arrow(&self.path))?))
        };
        let time = |pick: fn(&Row) -> i64| -> ArrayRef {
            let array = TimestampMillisecondArray::from_iter_values(rows.iter().map(pick));
            Arc::new(array.with_timezone(schema::ZONE))
        };
        let value =
            Decimal128Array::from_iter(rows.iter().map(|row| (row.value != NONE).then_some(i128::from(row.value))))
                .with_precision_and_scale(18, 6)
                .map_err(LakeError::arrow(&self.path))?;
        let mut columns = vec![
            text(series(|run| run.1), &texts.stations)?,
            text(series(|run| run.0), &texts.parameters)?,
            text(constant(0), &texts.span)?,
            time(|row| row.time),
            Arc::new(value),
            text(keys(|row| i32::from(row.flag)), &texts.flags)?,
            text(keys(|row| row.method), &texts.methods)?,
            text(keys(|row| row.import), &texts.imports)?,
            Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.row))),
            Arc::new(keys(|row| row.revision)),
            Arc::new(keys(|row| row.commit)),
        ];
        if self.stamped {
            columns.push(time(|row| row.recorded));
        }
        RecordBatch::try_new(self.schema.clone(), columns).map_err(LakeError::arrow(&self.path))
    }

    /// Ends the file; `None` (and no file) if it got no rows.
    pub fn finish(mut self) -> Result<Option<Written>, LakeError> {
        self.flush()?;
        if self.entry.rows == 0 {
            drop(self.writer);
            std::fs::remove_file(&self.path).map_err(LakeError::io(&self.path))?;
            return Ok(None);
        }
        self.index.retain(|run| run.rows > 0);
        let index = compact_index(&self.names, self.index);
        self.writer.append_key_value_metadata(index.to_key_value());
        self.writer.close().map_err(LakeError::parquet(&self.path))?;
        let times = index
            .series
            .iter()
            .fold((i64::MAX, i64::MIN), |(first, last), run| (first.min(run.first), last.max(run.last)));
        let entry = FileEntry {
            bytes: size_of(&self.path)?,
            time_min: Instant(times.0),
            time_max: Instant(times.1),
            parameters: index.parameters.clone(),
            station_min: index.stations.first().cloned().unwrap_or_default(),
            station_max: index.stations.last().cloned().unwrap_or_default(),
            ..self.entry
        };
        Ok(Some(Written { path: self.path, entry }))
    }
}

fn text(list: &[String]) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(list))
}

/// The index with only the names that occur.
fn compact_index(names: &Names, mut series: Vec<Series>) -> FileIndex {
    let (mut parameters, mut stations) = (vec![false; names.parameters.len()], vec![false; names.stations.len()]);
    for run in &series {
        parameters[run.parameter as usize] = true;
        stations[run.station as usize] = true;
    }
    let rank = |used: &[bool]| -> Vec<u32> {
        used.iter()
            .scan(0, |next, used| {
                let mine = *next;
                *next += u32::from(*used);
                Some(mine)
            })
            .collect()
    };
    let (parameter_rank, station_rank) = (rank(&parameters), rank(&stations));
    for run in &mut series {
        run.parameter = parameter_rank[run.parameter as usize];
        run.station = station_rank[run.station as usize];
    }
    let only = |names: &[String], used: &[bool]| -> Vec<String> {
        names.iter().zip(used).filter(|(_, used)| **used).map(|(name, _)| name.clone()).collect()
    };
    FileIndex { parameters: only(&names.parameters, &parameters), stations: only(&names.stations, &stations), series }
}

fn size_of(path: &Path) -> Result<u64, LakeError> {
    Ok(std::fs::metadata(path).map_err(LakeError::io(path))?.len())
}

/// Copies an unstamped file to `to` with one more column: `recorded`, the same for every row. The encoded
/// columns are copied as they are. Returns the new size.
///
/// The recorded time is that of the commit, and a large import writes most of its files long before it; an
/// earlier time would let an as-of reading find rows that were not visible at that moment.
pub(crate) fn stamp(from: &Path, to: &Path, recorded: Instant) -> Result<u64, LakeError> {
    let input = File::open(from).map_err(LakeError::io(from))?;
    let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Optional);
    let metadata = ArrowReaderMetadata::load(&input, options).map_err(LakeError::parquet(from))?;
    let metadata = metadata.metadata();

    let schema = schema::observation_schema(ValueType::Decimal128, true);
    let root = ArrowSchemaConverter::new().convert(&schema).map_err(LakeError::parquet(to))?.root_schema_ptr();
    let kept = metadata.file_metadata().key_value_metadata().cloned().unwrap_or_default();
    let kept = kept.into_iter().filter(|pair| pair.key != ARROW_SCHEMA_META_KEY).collect();
    let mut properties = schema::writer_properties().into_builder().set_key_value_metadata(Some(kept)).build();
    add_encoded_arrow_schema_to_metadata(&schema, &mut properties);

    let output = File::create(to).map_err(LakeError::io(to))?;
    let mut writer = SerializedFileWriter::new(output, root, Arc::new(properties)).map_err(LakeError::parquet(to))?;
    for group in 0..metadata.num_row_groups() {
        let mut out = writer.next_row_group().map_err(LakeError::parquet(to))?;
        copy_group(&input, metadata, group, &mut out).map_err(LakeError::parquet(to))?;
        let rows = metadata.row_group(group).num_rows() as usize;
        let times = vec![recorded.0; rows];
        let mut column = out.next_column().map_err(LakeError::parquet(to))?.expect("`recorded` is the last column");
        column.typed::<Int64Type>().write_batch(&times, None, None).map_err(LakeError::parquet(to))?;
        column.close().map_err(LakeError::parquet(to))?;
        out.close().map_err(LakeError::parquet(to))?;
    }
    let file = writer.into_inner().map_err(LakeError::parquet(to))?;
    file.sync_all().map_err(LakeError::io(to))?;
    size_of(to)
}

fn copy_group(
    input: &File,
    metadata: &ParquetMetaData,
    group: usize,
    out: &mut SerializedRowGroupWriter<'_, File>,
) -> parquet::errors::Result<()> {
    let rows = metadata.row_group(group).num_rows() as u64;
    for (position, column) in metadata.row_group(group).columns().iter().enumerate() {
        let close = ColumnCloseResult {
            bytes_written: column.compressed_size() as u64,
            rows_written: rows,
            metadata: column.clone(),
            bloom_filter: None,
            column_index: metadata.column_index().map(|index| index[group][position].clone()),
            offset_index: metadata.offset_index().map(|index| index[group][position].clone()),
        };
        out.append_column(input, close)?;
    }
    Ok(())
}

impl std::fmt::Debug for RunWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RunWriter").field("path", &self.path).field("entry", &self.entry).finish_non_exhaustive()
    }
}
