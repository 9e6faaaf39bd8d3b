//! Listening sockets → one task per connection, within the number that may be. Started by
//! [`crate::gateway`].

use crate::connection::serve;
use crate::core::Core;
use crate::counters::count;
use crate::error::GatewayError;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_rustls::TlsAcceptor;

/// Connections that may wait to be accepted.
const BACKLOG: u32 = 4_096;
/// Pause after the system refused to give a connection, such as when it has no file handle left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// What the listeners share.
#[derive(Debug)]
pub(crate) struct Door {
    pub core: Arc<Core>,
    /// One permit for each connection that may be.
    pub places: Arc<Semaphore>,
    pub numbers: AtomicU64,
}

/// Binds an address.
pub(crate) fn bind(address: SocketAddr) -> Result<TcpListener, GatewayError> {
    let bound = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    bound().map_err(|source| GatewayError::Listen { address, source })
}

/// Accepts until the gateway stops.
pub(crate) async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, door: Arc<Door>) {
    let mut stopping = door.core.stop.subscribe();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopping.changed() => return,
        };
        match accepted {
            Ok((stream, peer)) => match door.places.clone().try_acquire_owned() {
                Ok(place) => {
                    tokio::spawn(welcome(stream, peer, tls.clone(), door.clone(), place));
                }
                // Dropping the stream closes it.
                Err(_) => count(&door.core.counters.refused, 1),
            },
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn welcome(
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<TlsAcceptor>,
    door: Arc<Door>,
    place: OwnedSemaphorePermit,
) {
    let core = &door.core;
    count(&core.counters.opened, 1);
    // Answers are small and waited for.
    let _ = stream.set_nodelay(true);
    let number = door.numbers.fetch_add(1, Ordering::Relaxed);
    match tls {
        None => serve(stream, number, peer, core).await,
        Some(tls) => {
            let limit = Duration::from_secs(u64::from(core.config.limits.frame_s));
            match tokio::time::timeout(limit, tls.accept(stream)).await {
                Ok(Ok(stream)) => serve(stream, number, peer, core).await,
                Ok(Err(error)) => tracing::debug!(%peer, %error, "no encrypted connection came about"),
                Err(_) => count(&core.counters.closed_first_frame, 1),
            }
        }
    }
    drop(place);
}
