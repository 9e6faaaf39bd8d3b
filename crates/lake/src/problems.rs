//! What was wrong with an imported file: its problems as Parquet, its rejected rows as CSV.
//!
//! Both are streamed while the import runs, and count only once its commit lists them.

use crate::error::LakeError;
use crate::schema;
use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use domain::{Problem, Severity, Text};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Problems written at once.
const BATCH: usize = 8192;

/// A problem as kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemRow {
    /// `note`, `warning` or `error`.
    pub severity: String,
    /// Stable kebab-case code.
    pub code: String,
    /// File name as the user gave it.
    pub file: String,
    /// Sheet of a workbook, empty elsewhere.
    pub sheet: String,
    /// Row, from 1; `None` when the whole file is meant.
    pub row: Option<u64>,
    /// Column name; empty when the whole row is meant.
    pub column: String,
    /// The offending text.
    pub raw: String,
    /// What is wrong and what to do.
    pub message: Text,
}

/// A row of the source that could not be taken, whole, so that it can be corrected and imported again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Row in the source, from 1.
    pub row: u64,
    /// Every cell as it stands in the file.
    pub cells: Vec<String>,
    /// Why, for people.
    pub reasons: String,
}

/// Columns of a problem list.
pub(crate) fn problem_schema() -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8, false);
    Arc::new(Schema::new(vec![
        text("import"),
        text("severity"),
        text("code"),
        text("file"),
        text("sheet"),
        Field::new("row", DataType::Int64, true),
        text("column"),
        text("raw"),
        text("message_zh"),
        text("message_en"),
    ]))
}

/// Streams problems into a file.
pub(crate) struct ProblemWriter {
    path: PathBuf,
    import: String,
    writer: ArrowWriter<File>,
    held: Vec<Problem>,
    /// Problems so far.
    pub total: u64,
    /// Of them, errors.
    pub errors: u64,
}

impl ProblemWriter {
    /// Opens the file.
    pub fn create(path: &Path, import: &str) -> Result<ProblemWriter, LakeError> {
        let file = File::create(path).map_err(LakeError::io(path))?;
        let writer = ArrowWriter::try_new(file, problem_schema(), Some(schema::writer_properties()))
            .map_err(LakeError::parquet(path))?;
        let import = import.to_string();
        Ok(ProblemWriter { path: path.to_path_buf(), import, writer, held: Vec::new(), total: 0, errors: 0 })
    }

    /// Adds problems.
    pub fn add(&mut self, problems: &[Problem]) -> Result<(), LakeError> {
        for problem in problems {
            self.total += 1;
            self.errors += u64::from(problem.severity == Severity::Error);
            self.held.push(problem.clone());
            if self.held.len() == BATCH {
                self.flush()?;
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), LakeError> {
        if self.held.is_empty() {
            return Ok(());
        }
        let batch = batch(&self.import, &self.held).map_err(LakeError::arrow(&self.path))?;
        self.held.clear();
        self.writer.write(&batch).map_err(LakeError::parquet(&self.path))
    }

    /// Ends the file and makes it durable.
    pub fn finish(mut self) -> Result<(), LakeError> {
        self.flush()?;
        let file = self.writer.into_inner().map_err(LakeError::parquet(&self.path))?;
        file.sync_all().map_err(LakeError::io(&self.path))
    }
}

fn batch(import: &str, problems: &[Problem]) -> Result<RecordBatch, arrow::error::ArrowError> {
    let text =
        |pick: fn(&Problem) -> &str| -> ArrayRef { Arc::new(StringArray::from_iter_values(problems.iter().map(pick))) };
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values(std::iter::repeat_n(import, problems.len()))),
        text(|problem| problem.severity.code()),
        text(|problem| problem.code),
        text(|problem| &problem.place.file),
        text(|problem| &problem.place.sheet),
        Arc::new(Int64Array::from_iter(problems.iter().map(|problem| problem.place.row.map(|row| row as i64)))),
        text(|problem| &problem.place.column),
        text(|problem| &problem.raw),
        text(|problem| &problem.message.zh),
        text(|problem| &problem.message.en),
    ];
    RecordBatch::try_new(problem_schema(), columns)
}

/// Problems of a file from `offset` on, at most `limit`, with how many there are in all.
pub(crate) fn read(path: &Path, offset: usize, limit: usize) -> Result<(u64, Vec<ProblemRow>), LakeError> {
    let file = File::open(path).map_err(LakeError::io(path))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(LakeError::parquet(path))?;
    let total = builder.metadata().file_metadata().num_rows() as u64;
    let mut rows = Vec::new();
    if offset as u64 >= total || limit == 0 {
        return Ok((total, rows));
    }
    let reader = builder.with_offset(offset).with_limit(limit).build().map_err(LakeError::parquet(path))?;
    for batch in reader {
        let batch = batch.map_err(LakeError::arrow(path))?;
        let column = |name: &str| {
            batch.column_by_name(name).ok_or_else(|| LakeError::corrupt(path, format!("no column `{name}`")))
        };
        let text = |name: &str| column(name).map(|array| array.as_string::<i32>().clone());
        let (severity, code, file, sheet) = (text("severity")?, text("code")?, text("file")?, text("sheet")?);
        let (place, raw, zh, en) = (text("column")?, text("raw")?, text("message_zh")?, text("message_en")?);
        let row = column("row")?.as_primitive::<Int64Type>();
        for at in 0..batch.num_rows() {
            rows.push(ProblemRow {
                severity: severity.value(at).to_string(),
                code: code.value(at).to_string(),
                file: file.value(at).to_string(),
                sheet: sheet.value(at).to_string(),
                row: row.is_valid(at).then(|| row.value(at) as u64),
                column: place.value(at).to_string(),
                raw: raw.value(at).to_string(),
                message: Text::new(zh.value(at), en.value(at)),
            });
        }
    }
    Ok((total, rows))
}

/// Streams rejected rows into a CSV with the source's own header, and two columns more: where and why.
pub(crate) struct RejectWriter {
    path: PathBuf,
    out: BufWriter<File>,
    width: usize,
}

impl RejectWriter {
    /// Opens the file and writes the header.
    pub fn create(path: &Path, header: &[String]) -> Result<RejectWriter, LakeError> {
        let file = File::create(path).map_err(LakeError::io(path))?;
        let mut writer = RejectWriter { path: path.to_path_buf(), out: BufWriter::new(file), width: header.len() };
        let extra = ["rejected_row", "rejected_because"];
        writer.line(header.iter().map(String::as_str).chain(extra))?;
        Ok(writer)
    }

    /// Adds rows. A row with fewer cells than the header is filled up, one with more keeps them at its end.
    pub fn add(&mut self, rejects: &[Reject]) -> Result<(), LakeError> {
        for reject in rejects {
            let row = reject.row.to_string();
            let (within, beyond) = reject.cells.split_at(reject.cells.len().min(self.width));
            let missing = std::iter::repeat_n("", self.width - within.len());
            let cells = within.iter().map(String::as_str).chain(missing);
            let tail = [row.as_str(), reject.reasons.as_str()].into_iter().chain(beyond.iter().map(String::as_str));
            self.line(cells.chain(tail))?;
        }
        Ok(())
    }

    fn line<'a>(&mut self, cells: impl Iterator<Item = &'a str>) -> Result<(), LakeError> {
        let line = cells.map(quoted).collect::<Vec<_>>().join(",");
        writeln!(self.out, "{line}").map_err(LakeError::io(&self.path))
    }

    /// Ends the file and makes it durable.
    pub fn finish(self) -> Result<(), LakeError> {
        let RejectWriter { path, out, .. } = self;
        let file = out.into_inner().map_err(|error| error.into_error());
        file.and_then(|file| file.sync_all()).map_err(LakeError::io(&path))
    }
}

/// A cell as RFC 4180 wants it.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_string() }
}

impl std::fmt::Debug for ProblemWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProblemWriter").field("path", &self.path).field("total", &self.total).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for RejectWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RejectWriter").field("path", &self.path).finish_non_exhaustive()
    }
}
