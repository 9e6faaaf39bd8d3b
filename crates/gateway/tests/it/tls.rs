//! Frames over TLS. The certificate is made for this test alone and is trusted by nobody else:
//! `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=gateway.test …`.

use crate::world::*;
use gateway::{GatewayError, Tls};
use intake::hj212::{Generation, encode};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/certificates").join(name)
}

fn tls() -> Tls {
    Tls { listen: "127.0.0.1:0".parse().unwrap(), certificate: file("certificate.pem"), key: file("key.pem") }
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_over_tls_are_answered_beside_plain_ones() {
    let mut config = config();
    config.tls = Some(tls());
    let world = World::of(config, directory(2));
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(file("certificate.pem")).unwrap()).unwrap();
    let client = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(world.gateway.tls_addr().unwrap()).await.unwrap();
    let name = ServerName::try_from("gateway.test").unwrap();
    let mut encrypted = TlsConnector::from(Arc::new(client)).connect(name, stream).await.unwrap();
    let frame = minute(&party(0, Generation::G2017), 0, "1");
    encrypted.write_all(&encode(&frame)).await.unwrap();
    let mut answer = [0; 256];
    let read = tokio::time::timeout(PATIENCE, encrypted.read(&mut answer)).await.unwrap().unwrap();
    let text = String::from_utf8_lossy(&answer[..read]).into_owned();
    assert!(text.contains("CN=9014") && text.contains(&frame.qn), "{text}");
    let mut plain = world.connect().await;
    plain.say(&minute(&party(1, Generation::G2017), 0, "1")).await;
    plain.answer().await;
    // One who speaks plainly where encryption is expected harms nobody.
    let mut wrong = Instrument::connect(world.gateway.tls_addr().unwrap()).await;
    wrong.say(&frame).await;
    let mut rest = Vec::new();
    let _ = tokio::time::timeout(PATIENCE, wrong.stream.read_to_end(&mut rest)).await.unwrap();
    assert_eq!(world.frames().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_cannot_be_used_is_named() {
    let start = |tls: Tls| {
        let dir = tempfile::tempdir().unwrap();
        let store = Arc::new(store::Store::open(dir.path()).unwrap());
        let mut config = config();
        config.tls = Some(tls);
        let (_sender, receiver) = tokio::sync::watch::channel(Arc::default());
        let protocol = Arc::new(intake::hj212::Protocol::builtin().clone());
        gateway::Gateway::start(config, store, protocol, receiver).unwrap_err()
    };
    let missing = start(Tls { certificate: file("absent.pem"), ..tls() });
    assert!(matches!(&missing, GatewayError::Tls { path, .. } if path.ends_with("absent.pem")), "{missing}");
    let swapped = start(Tls { certificate: file("key.pem"), ..tls() });
    assert!(matches!(&swapped, GatewayError::Tls { path, .. } if path.ends_with("key.pem")), "{swapped}");
}
