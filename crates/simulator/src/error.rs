//! What can stop the simulator. What a server sends back is never one of these.

/// Why the simulator cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum SimulatorError {
    /// A table of the catalog cannot be used.
    #[error("{file}, row {row}: {what}")]
    Catalog {
        /// File of the catalog.
        file: String,
        /// Row, the header being row 1; 0 for the whole file.
        row: u64,
        /// What is wrong.
        what: String,
    },
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// Its path.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A truth file says something that cannot be.
    #[error("truth file, line {line}: {what}")]
    Truth {
        /// Line, the header being line 1.
        line: u64,
        /// What is wrong.
        what: String,
    },
    /// An address cannot be reached or resolved.
    #[error("{to}: {source}")]
    Connect {
        /// Where to.
        to: String,
        /// Why.
        source: std::io::Error,
    },
}

impl SimulatorError {
    /// Of a file.
    pub fn file(path: &std::path::Path, source: std::io::Error) -> SimulatorError {
        SimulatorError::File { path: path.display().to_string(), source }
    }
}
