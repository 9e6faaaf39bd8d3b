//! Bytes and sheets → readings and problems: CSV, XLSX and Parquet files by a declared [`Mapping`]; frames of
//! online instruments ([`hj212`]) and payloads of micro-stations ([`micro`]) → online messages.
//!
//! Called by the server's `import` job and by `catalog check`. Dirty cells are [`domain::Problem`]s with
//! their place and raw text, not a stop; the whole raw row of every refused cell comes back as a
//! [`Reject`], so that it can be corrected and imported again with the same mapping. Nothing here keeps,
//! averages or judges a value, and nothing knows the name of a pollutant or a place: those are in
//! `catalog/<mapping>/mapping.toml` and in the catalogs of `domain`.

#[cfg(test)]
mod fuzzing;
pub mod hj212;
mod mapping;
pub mod micro;
mod near;
mod problems;
pub mod tables;
mod time;

pub use mapping::{Into, Mapping, MappingProblem, Mappings, SampleResult, transcript};
pub use tables::{Chunk, Chunks, Reject, open};

use domain::{Parameters, Units};
use std::io::{Read, Seek};

/// What a source must be able to do.
pub trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

/// A file to be read.
pub struct Source {
    /// Name as the user gave it, for the place of problems.
    pub name: String,
    /// Length in bytes.
    pub len: u64,
    /// The bytes. Gzip is recognised by its first bytes.
    pub data: Box<dyn ReadSeek + Send>,
}

/// The catalogs that a mapping's words are looked up in.
#[derive(Clone, Debug)]
pub struct Context {
    /// Units.
    pub units: Units,
    /// Parameters.
    pub parameters: Parameters,
}

impl Source {
    /// A file on disk.
    pub fn open(path: &std::path::Path) -> std::io::Result<Source> {
        let file = std::fs::File::open(path)?;
        let len = file.metadata()?.len();
        Ok(Source { name: path.to_string_lossy().into_owned(), len, data: Box::new(file) })
    }

    /// Bytes in memory.
    pub fn bytes(name: impl std::convert::Into<String>, bytes: Vec<u8>) -> Source {
        Source { name: name.into(), len: bytes.len() as u64, data: Box::new(std::io::Cursor::new(bytes)) }
    }
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("name", &self.name).field("len", &self.len).finish_non_exhaustive()
    }
}

impl Context {
    /// The built-in catalogs.
    pub fn builtin() -> Context {
        Context { units: Units::builtin(), parameters: Parameters::builtin() }
    }
}
