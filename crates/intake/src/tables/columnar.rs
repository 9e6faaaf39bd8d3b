//! A Parquet file → rows of cells, one batch of a row group at a time. Row numbers are those of the same
//! table written as CSV: the first row of data is row 2.

use super::cell::{Cell, Cells, Rows, Step};
use crate::ReadSeek;
use crate::problems::{After, FileFault, place};
use crate::time::{Civil, DAY_MS};
use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Date32Array, Decimal128Array, Float32Array, Float64Array, Int64Array,
    StringArray, TimestampMillisecondArray,
};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int64Type, TimeUnit, TimestampMillisecondType,
};
use arrow::record_batch::RecordBatch;
use bytes_of::Shared;
use domain::period::UTC_OFFSET_MS;
use domain::{Day, Fixed};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Rows decoded at a time.
const BATCH: usize = 8192;

/// Rows of a Parquet file.
pub(crate) struct ParquetRows {
    file: String,
    reader: ParquetRecordBatchReader,
    columns: Vec<Typed>,
    index: usize,
    len: usize,
    row: u64,
    text: Vec<Option<Box<str>>>,
    progress: Progress,
}

/// Rows read → bytes of the file, by the share of rows.
struct Progress {
    len: u64,
    rows: u64,
    done: u64,
    bytes: Arc<AtomicU64>,
}

/// A column in one of the few types that cells are made of.
enum Typed {
    Nothing,
    Bool(BooleanArray),
    Int(Int64Array),
    Double(Float64Array),
    Single(Float32Array),
    Text(StringArray),
    Day(Date32Array),
    Moment(TimestampMillisecondArray, Zoned),
    Exact(Decimal128Array),
}

/// Whether a timestamp states its zone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Zoned {
    Yes,
    No,
}

impl ParquetRows {
    /// Reads the footer; the second result are the column names.
    pub(crate) fn open(
        file: String,
        data: Box<dyn ReadSeek + Send>,
        len: u64,
        bytes: Arc<AtomicU64>,
    ) -> Result<(ParquetRows, Vec<String>), FileFault> {
        let opened = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || {
            let builder = ParquetRecordBatchReaderBuilder::try_new(Shared::new(data, len))?;
            let rows = builder.metadata().file_metadata().num_rows().max(0) as u64;
            let schema = Arc::clone(builder.schema());
            Ok::<_, parquet::errors::ParquetError>((builder.with_batch_size(BATCH).build()?, schema, rows))
        }));
        let (reader, schema, rows) = match opened {
            Ok(Ok(opened)) => opened,
            Ok(Err(error)) => return Err(FileFault::Unreadable(error.to_string(), After::Nothing)),
            Err(_) => return Err(FileFault::Unreadable("damaged Parquet file".to_string(), After::Nothing)),
        };
        for field in schema.fields() {
            if target(field.data_type()).is_none() {
                let (column, kind) = (field.name().clone(), field.data_type().to_string());
                return Err(FileFault::ColumnType { column, kind });
            }
        }
        let header = schema.fields().iter().map(|field| field.name().clone()).collect();
        let progress = Progress { len, rows, done: 0, bytes };
        let columns = Vec::new();
        Ok((ParquetRows { file, reader, columns, index: 0, len: 0, row: 1, text: Vec::new(), progress }, header))
    }

    fn next_batch(&mut self) -> Option<Result<(), String>> {
        let reader = &mut self.reader;
        let read = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| reader.next()));
        match read {
            Err(_) => Some(Err("damaged Parquet file".to_string())),
            Ok(None) => None,
            Ok(Some(Err(error))) => Some(Err(error.to_string())),
            Ok(Some(Ok(batch))) => Some(self.take(&batch)),
        }
    }

    fn take(&mut self, batch: &RecordBatch) -> Result<(), String> {
        self.columns =
            batch.columns().iter().map(typed).collect::<Result<_, _>>().map_err(|error| error.to_string())?;
        self.len = batch.num_rows();
        self.index = 0;
        self.progress.done += self.len as u64;
        let share = self.progress.done as f64 / self.progress.rows.max(1) as f64;
        self.progress.bytes.store((self.progress.len as f64 * share) as u64, Ordering::Relaxed);
        Ok(())
    }

    fn broken(&self, reason: String) -> Step {
        let mut at = place(&self.file, "");
        at.row = Some(self.row);
        let after = if self.row > 1 { After::Rows } else { After::Nothing };
        Step::Broken(Box::new(FileFault::Unreadable(reason, after).at(at, "")))
    }
}

impl Cells for ParquetRows {
    fn count(&self) -> usize {
        self.columns.len()
    }

    fn cell(&self, column: usize) -> Cell<'_> {
        let at = self.index;
        match self.columns.get(column) {
            None | Some(Typed::Nothing) => Cell::Empty,
            Some(Typed::Bool(array)) if array.is_valid(at) => Cell::Bool(array.value(at)),
            Some(Typed::Int(array)) if array.is_valid(at) => Cell::Int(array.value(at)),
            Some(Typed::Double(array)) if array.is_valid(at) => Cell::Float(array.value(at)),
            // The shortest text of a single is not that of the double next to it.
            Some(Typed::Single(array)) if array.is_valid(at) => self.single(column, array.value(at)),
            Some(Typed::Text(array)) if array.is_valid(at) => Cell::Text(array.value(at).as_bytes()),
            Some(Typed::Day(array)) if array.is_valid(at) => {
                Cell::Time(Civil { day: Day(array.value(at)), ms: 0, offset_ms: None })
            }
            Some(Typed::Moment(array, zoned)) if array.is_valid(at) => moment(array.value(at), *zoned),
            Some(Typed::Exact(array)) if array.is_valid(at) => match i64::try_from(array.value(at)) {
                Ok(units) => Cell::Exact(Fixed::from_millionths(units)),
                Err(_) => Cell::Float(f64::MAX),
            },
            Some(_) => Cell::Empty,
        }
    }
}

impl ParquetRows {
    fn single(&self, column: usize, value: f32) -> Cell<'_> {
        match self.text.get(column) {
            Some(Some(text)) => Cell::Text(text.as_bytes()),
            _ => Cell::Float(f64::from(value)),
        }
    }

    /// Texts of the current row's singles.
    fn spell_singles(&mut self) {
        if !self.columns.iter().any(|column| matches!(column, Typed::Single(_))) {
            return;
        }
        let at = self.index;
        let spell = |column: &Typed| match column {
            Typed::Single(array) if array.is_valid(at) && array.value(at).is_finite() => {
                Some(array.value(at).to_string().into_boxed_str())
            }
            _ => None,
        };
        self.text = self.columns.iter().map(spell).collect();
    }
}

impl Rows for ParquetRows {
    fn step(&mut self) -> Step {
        self.index += 1;
        while self.index >= self.len {
            match self.next_batch() {
                None => {
                    self.columns.clear();
                    self.index = 0;
                    self.len = 0;
                    return Step::End;
                }
                Some(Err(reason)) => return self.broken(reason),
                Some(Ok(())) => {}
            }
        }
        self.row += 1;
        self.spell_singles();
        Step::Row(self.row)
    }
}

/// The type that a column is brought to; `None` for what cannot be a cell.
fn target(kind: &DataType) -> Option<DataType> {
    Some(match kind {
        DataType::Null => DataType::Null,
        DataType::Boolean => DataType::Boolean,
        kind if kind.is_integer() => DataType::Int64,
        DataType::Float16 | DataType::Float32 => DataType::Float32,
        DataType::Float64 => DataType::Float64,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => DataType::Utf8,
        DataType::Date32 | DataType::Date64 => DataType::Date32,
        DataType::Timestamp(_, zone) => DataType::Timestamp(TimeUnit::Millisecond, zone.clone()),
        DataType::Decimal128(..) | DataType::Decimal256(..) => DataType::Decimal128(38, 6),
        DataType::Dictionary(_, inner) => return target(inner),
        _ => return None,
    })
}

fn typed(array: &ArrayRef) -> Result<Typed, arrow::error::ArrowError> {
    let Some(to) = target(array.data_type()) else { return Ok(Typed::Nothing) };
    let array = if *array.data_type() == to { Arc::clone(array) } else { cast(array, &to)? };
    Ok(match to {
        DataType::Boolean => Typed::Bool(array.as_boolean().clone()),
        DataType::Int64 => Typed::Int(array.as_primitive::<Int64Type>().clone()),
        DataType::Float64 => Typed::Double(array.as_primitive::<Float64Type>().clone()),
        DataType::Float32 => Typed::Single(array.as_primitive::<Float32Type>().clone()),
        DataType::Utf8 => Typed::Text(array.as_string::<i32>().clone()),
        DataType::Date32 => Typed::Day(array.as_primitive::<Date32Type>().clone()),
        DataType::Timestamp(_, zone) => {
            let zoned = if zone.is_some() { Zoned::Yes } else { Zoned::No };
            Typed::Moment(array.as_primitive::<TimestampMillisecondType>().clone(), zoned)
        }
        DataType::Decimal128(..) => Typed::Exact(array.as_primitive::<Decimal128Type>().clone()),
        _ => Typed::Nothing,
    })
}

/// A timestamp with a zone is a moment; without one it is what a clock showed.
fn moment(ms: i64, zoned: Zoned) -> Cell<'static> {
    let (local, offset_ms) = match zoned {
        Zoned::Yes => (ms.saturating_add(UTC_OFFSET_MS), Some(UTC_OFFSET_MS)),
        Zoned::No => (ms, None),
    };
    let day = i32::try_from(local.div_euclid(DAY_MS)).unwrap_or(i32::MAX / 2);
    Cell::Time(Civil { day: Day(day.clamp(-10_000_000, 10_000_000)), ms: local.rem_euclid(DAY_MS), offset_ms })
}

/// A seekable source as Parquet's reader wants it.
mod bytes_of {
    use crate::ReadSeek;
    use parquet::errors::{ParquetError, Result};
    use parquet::file::reader::{ChunkReader, Length};
    use std::io::{BufReader, Read, Seek, SeekFrom};
    use std::sync::{Arc, Mutex};

    type Data = Arc<Mutex<Box<dyn ReadSeek + Send>>>;

    pub(super) struct Shared {
        data: Data,
        len: u64,
    }

    pub(super) struct From {
        data: Data,
        at: u64,
    }

    impl Shared {
        pub(super) fn new(data: Box<dyn ReadSeek + Send>, len: u64) -> Shared {
            Shared { data: Arc::new(Mutex::new(data)), len }
        }
    }

    impl Length for Shared {
        fn len(&self) -> u64 {
            self.len
        }
    }

    impl ChunkReader for Shared {
        type T = BufReader<From>;

        fn get_read(&self, start: u64) -> Result<BufReader<From>> {
            Ok(BufReader::new(From { data: Arc::clone(&self.data), at: start }))
        }

        fn get_bytes(&self, start: u64, length: usize) -> Result<bytes::Bytes> {
            if start.saturating_add(length as u64) > self.len {
                return Err(ParquetError::EOF(format!("{length} bytes at {start} of {}", self.len)));
            }
            let mut buf = vec![0; length];
            From { data: Arc::clone(&self.data), at: start }.read_exact(&mut buf)?;
            Ok(buf.into())
        }
    }

    impl Read for From {
        fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
            let mut data = self.data.lock().map_err(|_| std::io::Error::other("an earlier read failed"))?;
            data.seek(SeekFrom::Start(self.at))?;
            let read = data.read(buf)?;
            self.at += read as u64;
            Ok(read)
        }
    }
}
