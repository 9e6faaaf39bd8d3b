//! Certificate and key files → the acceptor of the encrypted listener.

use crate::config::Tls;
use crate::error::GatewayError;
use std::path::Path;
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Reads both files.
pub(crate) fn acceptor(tls: &Tls) -> Result<TlsAcceptor, GatewayError> {
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&tls.certificate)
        .and_then(Iterator::collect)
        .map_err(|error| refuse(&tls.certificate, error))?;
    if chain.is_empty() {
        return Err(refuse(&tls.certificate, "it holds no certificate"));
    }
    let key = PrivateKeyDer::from_pem_file(&tls.key).map_err(|error| refuse(&tls.key, error))?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| refuse(&tls.certificate, error))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| refuse(&tls.key, error))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn refuse(path: &Path, reason: impl ToString) -> GatewayError {
    GatewayError::Tls { path: path.to_path_buf(), reason: reason.to_string() }
}
