//! Read-only SQL over a snapshot, with the standards as functions.
//!
//! Called by `jingce query` and the HTTP API through [`Snapshot::sql`]. Only this module and those below it name
//! the engine; what leaves is plain text in a boxed future, so that no other crate compiles the engine's code.
//!
//! Tables: `observations` (newest revisions), `observations_all` (every revision), `stations`, `areas`,
//! `reported`, `exclusions`, `imports`, `problems`, and what [`SqlAsk::extra`] adds. Functions: see the modules `functions` and `aggregates`.

mod aggregates;
mod extra;
mod functions;
mod rules;
mod tables;

use crate::commit::Log;
use crate::error::LakeError;
use crate::snapshot::Snapshot;
use arrow::array::{Array, RecordBatch};
use arrow::datatypes::DataType;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::error::DataFusionError;
use datafusion::execution::context::SQLOptions;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

pub use extra::{ExtraColumn, ExtraTable};

/// What is asked.
#[derive(Clone, Debug)]
pub struct SqlAsk {
    /// The question.
    pub sql: String,
    /// At most so many rows are given.
    pub rows: usize,
    /// Tables of others beside the lake's own.
    pub extra: Vec<ExtraTable>,
}

/// One column of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlColumn {
    /// Name.
    pub name: String,
    /// `text`, `integer`, `decimal`, `float`, `boolean`, `timestamp`, `date` or `other`.
    pub kind: &'static str,
}

/// An answer. Decimals are exact, without trailing zeros; timestamps are ISO 8601 in UTC+8.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SqlTable {
    /// Columns.
    pub columns: Vec<SqlColumn>,
    /// Rows; `None` is null.
    pub rows: Vec<Vec<Option<String>>>,
    /// Whether there were more rows than asked for.
    pub truncated: bool,
}

/// An answer to come.
pub type SqlFuture<'a> = Pin<Box<dyn Future<Output = Result<SqlTable, LakeError>> + Send + 'a>>;

impl Snapshot {
    /// Answers a query; must be awaited within a Tokio runtime. Anything but a question is refused.
    pub fn sql(&self, sql: &str) -> SqlFuture<'_> {
        self.sql_limited(sql, usize::MAX)
    }

    /// The same with at most `rows` rows; the answer says whether there were more.
    pub fn sql_limited(&self, sql: &str, rows: usize) -> SqlFuture<'_> {
        self.sql_asked(SqlAsk { sql: sql.to_string(), rows, extra: Vec::new() })
    }

    /// The same with tables of others beside the lake's own.
    pub fn sql_asked(&self, ask: SqlAsk) -> SqlFuture<'_> {
        Box::pin(async move { answer(self, &ask).await })
    }
}

async fn answer(snapshot: &Snapshot, ask: &SqlAsk) -> Result<SqlTable, LakeError> {
    let mut log = snapshot.log.clone();
    loop {
        match over(snapshot, &log, ask).await {
            // A compaction replaced a file before we came to read it: the new files hold the same rows.
            Err(error) if error.is_gone() => {
                let now = snapshot.shared.log()?;
                if now.last() == log.last() {
                    return Err(error.into_damage());
                }
                log = now;
            }
            done => return done,
        }
    }
}

/// The answer over the files of `log`. The engine passes over files that are gone or empty without a word, so an
/// answer counts only if they were all there, before and after.
async fn over(snapshot: &Snapshot, log: &Arc<Log>, ask: &SqlAsk) -> Result<SqlTable, LakeError> {
    snapshot.shared.check(log, snapshot.commit)?;
    let answered = run(snapshot, log, ask).await;
    snapshot.shared.check(log, snapshot.commit)?;
    answered.map_err(|error| told(&error))
}

async fn run(snapshot: &Snapshot, log: &Arc<Log>, ask: &SqlAsk) -> Result<SqlTable, DataFusionError> {
    let limit = ask.rows;
    let context = tables::context(snapshot, log).await?;
    extra::register(&context, &ask.extra)?;
    let options = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
    let mut frame = context.sql_with_options(&ask.sql, options).await?;
    let limited = limit < usize::MAX && is_rows(frame.logical_plan());
    if limited {
        frame = frame.limit(0, Some(limit + 1))?;
    }
    let columns = frame
        .schema()
        .fields()
        .iter()
        .map(|field| SqlColumn { name: field.name().clone(), kind: kind(field.data_type()) });
    let mut table = SqlTable { columns: columns.collect(), ..SqlTable::default() };
    for batch in frame.collect().await? {
        push_rows(&mut table, &batch)?;
    }
    table.truncated = table.rows.len() > limit;
    table.rows.truncate(limit);
    Ok(table)
}

/// Whether a plan gives rows that a limit can be put on; an explanation is shown whole.
fn is_rows(plan: &datafusion::logical_expr::LogicalPlan) -> bool {
    use datafusion::logical_expr::LogicalPlan;
    !matches!(plan, LogicalPlan::Explain(_) | LogicalPlan::Analyze(_) | LogicalPlan::DescribeTable(_))
}

fn push_rows(table: &mut SqlTable, batch: &RecordBatch) -> Result<(), DataFusionError> {
    let options = FormatOptions::default();
    let formatters = batch
        .columns()
        .iter()
        .map(|column| ArrayFormatter::try_new(column.as_ref(), &options))
        .collect::<Result<Vec<_>, _>>()?;
    for row in 0..batch.num_rows() {
        let cells = batch.columns().iter().zip(&formatters).map(|(column, formatter)| {
            if column.is_null(row) {
                return Ok(None);
            }
            let text = formatter.value(row).try_to_string()?;
            Ok(Some(if kind(column.data_type()) == "decimal" { without_zeros(text) } else { text }))
        });
        table.rows.push(cells.collect::<Result<Vec<_>, arrow::error::ArrowError>>()?);
    }
    Ok(())
}

fn without_zeros(text: String) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text }
}

fn kind(data_type: &DataType) -> &'static str {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => "text",
        DataType::Dictionary(_, values) => kind(values),
        DataType::Boolean => "boolean",
        DataType::Timestamp(..) => "timestamp",
        DataType::Date32 | DataType::Date64 => "date",
        integer if integer.is_integer() => "integer",
        float if float.is_floating() => "float",
        decimal if decimal.is_decimal() => "decimal",
        _ => "other",
    }
}

fn told(error: &DataFusionError) -> LakeError {
    let reason = error.strip_backtrace();
    // The engine's words for what `SQLOptions` forbids.
    if ["DDL not supported", "DML not supported", "Statement not supported"].iter().any(|no| reason.contains(no)) {
        let what = reason.rsplit("not supported: ").next().unwrap_or(&reason);
        return LakeError::ReadOnly { reason: what.to_string() };
    }
    LakeError::Sql { reason }
}
