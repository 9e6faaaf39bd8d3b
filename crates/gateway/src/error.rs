//! Everything that can go wrong in the gateway other than bad frames. Each is turned into words in `server`.

use std::net::SocketAddr;
use std::path::PathBuf;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A certificate or key cannot be used.
    #[error("cannot use {path} for TLS: {reason}")]
    Tls {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A thread cannot be started.
    #[error("cannot start the thread {name}: {source}")]
    Thread {
        /// Its name.
        name: &'static str,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The device is not in the register.
    #[error("device {0} is not in the register")]
    UnknownDevice(String),
    /// The device is not connected, so nothing can be asked of it.
    #[error("device {0} is not connected")]
    NotConnected(String),
    /// The device has too many requests waiting.
    #[error("device {mn} has {waiting} requests waiting already")]
    Busy {
        /// The device.
        mn: String,
        /// Requests that wait.
        waiting: usize,
    },
    /// A request's argument is outside what the standard allows.
    #[error("{field} = {value} is not allowed: {allowed}")]
    Argument {
        /// Name of the argument.
        field: &'static str,
        /// Its value.
        value: String,
        /// What is allowed.
        allowed: String,
    },
    /// The records cannot be read or written.
    #[error(transparent)]
    Store(#[from] store::StoreError),
}
