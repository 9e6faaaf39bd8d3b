//! The small tables: stations, areas, reported values, exclusions. Each import adds one file a table; the
//! newest row of each key counts, as of any commit.
//!
//! File: `records/<table>/<commit>.parquet`: the table's columns as text, then `row`, `import`, `commit`,
//! `recorded`. Written by imports, read by snapshots and as SQL tables.

use crate::commit::Log;
use crate::error::LakeError;
use crate::files::RECORDS;
use crate::schema;
use arrow::array::{
    Array, ArrayRef, AsArray, Int32Array, Int64Array, RecordBatch, StringArray, TimestampMillisecondArray,
};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef, TimestampMillisecondType};
use domain::{Instant, Record, Table};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// The columns of a table's files.
pub(crate) fn record_schema(table: Table) -> SchemaRef {
    let texts = table.columns().iter().map(|column| Field::new(*column, DataType::Utf8, true));
    let rest = [
        Field::new("row", DataType::Int64, false),
        Field::new("import", DataType::Utf8, false),
        Field::new("commit", DataType::Int32, false),
        Field::new("recorded", schema::timestamp(), false),
    ];
    Arc::new(Schema::new(texts.chain(rest).collect::<Vec<_>>()))
}

/// Path of the file that a commit adds to a table.
pub(crate) fn record_path(table: Table, commit: u32) -> String {
    format!("{RECORDS}/{}/{commit:08}.parquet", table.code())
}

/// Newest record of every key as of `commit`, by key.
pub(crate) fn newest(root: &Path, log: &Log, table: Table, commit: u32) -> Result<Vec<Record>, LakeError> {
    let mut by_key: BTreeMap<Vec<String>, Record> = BTreeMap::new();
    for done in log.commits.iter().take(commit as usize) {
        for file in done.records.iter().filter(|file| file.table == table.code()) {
            for record in read(&root.join(&file.path), table).map_err(LakeError::into_damage)? {
                by_key.insert(key(&record, table), record);
            }
        }
    }
    Ok(by_key.into_values().collect())
}

/// A record's key as owned text.
pub(crate) fn key(record: &Record, table: Table) -> Vec<String> {
    record.key(table).into_iter().map(str::to_string).collect()
}

/// Whether two records of a key say the same.
pub(crate) fn same(a: &Record, b: &Record, table: Table) -> bool {
    table.columns().iter().all(|column| a.get(column) == b.get(column))
}

/// Writes records as a commit's file.
pub(crate) fn write(path: &Path, table: Table, records: &[Record], commit: u32) -> Result<(), LakeError> {
    let batch = batch(table, records, commit).map_err(LakeError::arrow(path))?;
    let file = File::create(path).map_err(LakeError::io(path))?;
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(schema::writer_properties()))
        .map_err(LakeError::parquet(path))?;
    writer.write(&batch).map_err(LakeError::parquet(path))?;
    let file = writer.into_inner().map_err(LakeError::parquet(path))?;
    file.sync_all().map_err(LakeError::io(path))
}

/// Records as the columns of [`record_schema`].
pub(crate) fn batch(table: Table, records: &[Record], commit: u32) -> Result<RecordBatch, arrow::error::ArrowError> {
    let mut columns: Vec<ArrayRef> = Vec::new();
    for column in table.columns() {
        let texts = records.iter().map(|record| Some(record.get(column)).filter(|text| !text.is_empty()));
        columns.push(Arc::new(StringArray::from_iter(texts)));
    }
    columns.push(Arc::new(Int64Array::from_iter_values(records.iter().map(|record| record.row as i64))));
    columns.push(Arc::new(StringArray::from_iter_values(records.iter().map(|record| &record.import))));
    columns.push(Arc::new(Int32Array::from_value(commit as i32, records.len())));
    let recorded = TimestampMillisecondArray::from_iter_values(records.iter().map(|record| record.recorded.0));
    columns.push(Arc::new(recorded.with_timezone(schema::ZONE)));
    RecordBatch::try_new(record_schema(table), columns)
}

fn read(path: &Path, table: Table) -> Result<Vec<Record>, LakeError> {
    let file = File::open(path).map_err(LakeError::io(path))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .and_then(ParquetRecordBatchReaderBuilder::build)
        .map_err(LakeError::parquet(path))?;
    let mut records = Vec::new();
    for batch in reader {
        let batch = batch.map_err(LakeError::arrow(path))?;
        decode(path, table, &batch, &mut records)?;
    }
    Ok(records)
}

fn decode(path: &Path, table: Table, batch: &RecordBatch, records: &mut Vec<Record>) -> Result<(), LakeError> {
    let wanted =
        |name: &str| batch.column_by_name(name).ok_or_else(|| LakeError::corrupt(path, format!("no column `{name}`")));
    let rows = wanted("row")?.as_primitive::<Int64Type>();
    let imports = wanted("import")?.as_string::<i32>();
    let recorded = wanted("recorded")?.as_primitive::<TimestampMillisecondType>();
    for row in 0..batch.num_rows() {
        let mut fields = BTreeMap::new();
        for column in table.columns() {
            // A column added to the table later is absent from older files.
            let Some(texts) = batch.column_by_name(column).map(|array| array.as_string::<i32>()) else { continue };
            if texts.is_valid(row) {
                fields.insert((*column).to_string(), texts.value(row).to_string());
            }
        }
        records.push(Record {
            fields,
            row: rows.value(row) as u64,
            import: imports.value(row).to_string(),
            recorded: Instant(recorded.value(row)),
        });
    }
    Ok(())
}
