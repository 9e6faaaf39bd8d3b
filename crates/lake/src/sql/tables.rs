//! A snapshot's files and small tables → tables of the SQL engine.

use super::{aggregates, functions};
use crate::commit::{FileEntry, Log};
use crate::problems::problem_schema;
use crate::records;
use crate::schema::{self, ValueType, observation_schema};
use crate::snapshot::Snapshot;
use arrow::array::{ArrayRef, Int32Array, Int64Array, RecordBatch, StringArray, TimestampMillisecondArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::catalog::TableProvider;
use datafusion::common::JoinType;
use datafusion::datasource::MemTable;
use datafusion::datasource::empty::EmptyTable;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::{Expr, col, lit};
use datafusion::object_store::local::LocalFileSystem;
use datafusion::prelude::{DataFrame, SessionConfig, SessionContext};
use domain::{Span, Table};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The engine's name for the lake's folder. On object storage it would be the bucket's.
const STORE: &str = "lake://local";

/// Columns that make a key.
const KEY: [&str; 4] = ["station", "parameter", "span", "time"];

/// An engine that knows the tables and functions of a snapshot.
pub(super) async fn context(snapshot: &Snapshot, log: &Arc<Log>) -> Result<SessionContext> {
    let config = SessionConfig::new()
        .with_information_schema(true)
        .set_str("datafusion.execution.time_zone", schema::ZONE)
        .set_bool("datafusion.execution.parquet.pushdown_filters", true);
    let context = SessionContext::new_with_config(config);
    let url = ObjectStoreUrl::parse(STORE)?;
    let store = LocalFileSystem::new_with_prefix(&snapshot.shared.root)
        .map_err(|error| DataFusionError::ObjectStore(Box::new(error)))?;
    context.register_object_store(url.as_ref(), Arc::new(store));
    functions::register(&context, snapshot);
    aggregates::register(&context);

    let files: Vec<&Arc<FileEntry>> = log.files.iter().filter(|file| file.commit_min <= snapshot.commit).collect();
    let all = visible(&context, &files, snapshot.commit)?;
    let newest = newest(&context, &files, snapshot.commit)?;
    context.register_table("observations_all", all.into_view())?;
    context.register_table("observations", newest.into_view())?;
    for table in Table::ALL {
        context.register_table(table.code(), small(snapshot, table)?)?;
    }
    context.register_table("imports", imports(snapshot)?)?;
    let lists = log.commits.iter().take(snapshot.commit as usize).filter_map(|commit| commit.problems.as_deref());
    context.register_table("problems", parquet(lists, problem_schema())?)?;
    Ok(context)
}

/// Every revision in some files that was there at a commit.
fn visible(context: &SessionContext, files: &[&Arc<FileEntry>], commit: u32) -> Result<DataFrame> {
    let paths = files.iter().map(|file| file.path.as_str());
    let frame = context.read_table(parquet(paths, observation_schema(ValueType::Decimal128, true))?)?;
    if files.iter().all(|file| file.commit_max <= commit) {
        return Ok(frame);
    }
    frame.filter(col("commit").lt_eq(lit(i32::try_from(commit).unwrap_or(i32::MAX))))
}

/// The newest revisions. Rows of years without any correction are taken as they are; elsewhere those go that a
/// row with the next revision replaces.
fn newest(context: &SessionContext, files: &[&Arc<FileEntry>], commit: u32) -> Result<DataFrame> {
    let revised: BTreeSet<(Span, i32)> =
        files.iter().filter(|file| file.max_revision > 0).map(|file| (file.span, file.year)).collect();
    let (mixed, plain): (Vec<_>, Vec<_>) =
        files.iter().copied().partition(|file| revised.contains(&(file.span, file.year)));
    let plain = visible(context, &plain, commit)?;
    if mixed.is_empty() {
        return Ok(plain);
    }
    let corrections: Vec<_> = mixed.iter().copied().filter(|file| file.max_revision > 0).collect();
    let mut replaced: Vec<Expr> = KEY.iter().map(|column| col(*column).alias(format!("next_{column}"))).collect();
    replaced.push((col("revision") - lit(1_i32)).alias("next_revision"));
    let replaced = visible(context, &corrections, commit)?.filter(col("revision").gt(lit(0_i32)))?.select(replaced)?;
    let left = [KEY[0], KEY[1], KEY[2], KEY[3], "revision"];
    let right = left.map(|column| format!("next_{column}"));
    let right: Vec<&str> = right.iter().map(String::as_str).collect();
    let mixed = visible(context, &mixed, commit)?.join(replaced, JoinType::LeftAnti, &left, &right, None)?;
    plain.union(mixed)
}

/// Parquet files as one table.
fn parquet<'a>(paths: impl Iterator<Item = &'a str>, schema: SchemaRef) -> Result<Arc<dyn TableProvider>> {
    let urls = paths.map(|path| ListingTableUrl::parse(format!("{STORE}/{path}"))).collect::<Result<Vec<_>>>()?;
    if urls.is_empty() {
        return Ok(Arc::new(EmptyTable::new(schema)));
    }
    let options = ListingOptions::new(Arc::new(ParquetFormat::default())).with_file_extension(".parquet");
    let config = ListingTableConfig::new_with_multi_paths(urls).with_listing_options(options).with_schema(schema);
    Ok(Arc::new(ListingTable::try_new(config)?))
}

/// A small table: its columns, then `row`, `import`, `recorded`.
fn small(snapshot: &Snapshot, table: Table) -> Result<Arc<dyn TableProvider>> {
    let newest = snapshot.records(table).map_err(|error| DataFusionError::External(Box::new(error)))?;
    let batch = records::batch(table, &newest, 0)?;
    let columns: Vec<usize> =
        (0..batch.num_columns()).filter(|at| batch.schema().field(*at).name() != "commit").collect();
    memory(batch.project(&columns)?)
}

fn imports(snapshot: &Snapshot) -> Result<Arc<dyn TableProvider>> {
    let all = snapshot.imports();
    let text = |pick: fn(&crate::ImportInfo) -> &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(all.iter().map(pick)))
    };
    let number = |pick: fn(&crate::ImportInfo) -> u64| -> ArrayRef {
        Arc::new(Int64Array::from_iter_values(all.iter().map(|info| i64::try_from(pick(info)).unwrap_or(i64::MAX))))
    };
    let recorded = TimestampMillisecondArray::from_iter_values(all.iter().map(|info| info.recorded.0));
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("import", text(|info| &info.id)),
        ("file", text(|info| &info.file)),
        ("sha256", text(|info| &info.sha256)),
        ("mapping", text(|info| &info.mapping)),
        ("recorded", Arc::new(recorded.with_timezone(schema::ZONE))),
        ("commit", Arc::new(Int32Array::from_iter_values(all.iter().map(|info| info.commit as i32)))),
        ("rows", number(|info| info.rows)),
        ("values", number(|info| info.values)),
        ("new", number(|info| info.new)),
        ("unchanged", number(|info| info.unchanged)),
        ("revised", number(|info| info.revised)),
        ("missing", number(|info| info.missing)),
        ("problems", number(|info| info.problems)),
        ("errors", number(|info| info.errors)),
    ];
    let fields: Vec<Field> = columns.iter().map(|(name, array)| field(name, array.data_type())).collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    memory(RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?)
}

fn field(name: &str, data_type: &DataType) -> Field {
    Field::new(name, data_type.clone(), false)
}

pub(super) fn memory(batch: RecordBatch) -> Result<Arc<dyn TableProvider>> {
    Ok(Arc::new(MemTable::try_new(batch.schema(), vec![vec![batch]])?))
}
