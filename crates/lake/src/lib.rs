//! Observations at rest: imported readings, append-only and bitemporal, as Parquet files under a commit log.
//!
//! `server` writes with [`Lake::begin`] and reads with [`Lake::snapshot`], as of now or of any past moment. A
//! [`Snapshot`] gives dense hourly series for statistics, every revision for lineage, the small tables, and
//! read-only SQL with the standards as functions. This crate alone names the SQL engine, behind boxed futures.
//!
//! It never changes or deletes a value: a correction is a new revision beside the old one.
//!
//! Layout of a lake's folder:
//! - `commits/00000001.json` …: the truth. A file that no commit lists does not exist.
//! - `observations/span=hour/year=2020/<commit>-<n>.parquet`: see the module `schema`.
//! - `records/<table>/<commit>.parquet`, `problems/<import>.parquet`, `rejects/<import>.csv`.
//! - `staging/`: files of a running import; swept away when the next one begins.
//! - `writer.lock`: locked by the one writer; the kernel frees it when a process dies.
//!
//! A commit first makes its data files durable and then puts its own file, whole, under the next number, only
//! if that is free. On object storage the same step is a conditional put.

mod buffer;
mod commit;
mod compact;
mod cursor;
mod error;
mod files;
mod lake;
mod merge;
mod problems;
mod read;
mod records;
mod run;
mod schema;
mod snapshot;
mod sources;
mod sql;
#[cfg(test)]
mod tests;
mod write;

pub use commit::ImportInfo;
pub use compact::CompactionInfo;
pub use error::LakeError;
pub use lake::Lake;
pub use problems::{ProblemRow, Reject};
pub use read::{ObservationQuery, SeriesQuery};
pub use snapshot::{Coverage, Snapshot, Touched};
pub use sources::SourceQuery;
pub use sql::{ExtraColumn, ExtraTable, SqlAsk, SqlColumn, SqlFuture, SqlTable};
pub use write::{ImportMeta, ImportWriter};
