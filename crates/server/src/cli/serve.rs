//! `jingce serve --data DIR [--port N] [--hj212-port N]`

use super::Ending;
use super::ask::Folder;
use super::print::out;
use crate::api::{self, Shared};
use crate::data::Data;
use crate::live::Live;
use crate::trouble::Trouble;
use crate::web;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use clap::Args;
use domain::Lang;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use tower_http::compression::CompressionLayer;

#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    folder: Folder,
    #[command(flatten)]
    listen: Listen,
    #[command(flatten)]
    gateway: GatewayArgs,
}

/// The gateway of instruments.
#[derive(Clone, Debug, Args)]
pub(crate) struct GatewayArgs {
    /// Port where instruments connect by HJ 212; 0 takes a free one. Without it no gateway is started.
    #[arg(long, value_name = "PORT")]
    hj212_port: Option<u16>,
    /// Address where instruments connect; the default is reached from this machine only.
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    hj212_host: IpAddr,
    /// Connections held at most.
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    hj212_connections: usize,
    /// Port for encrypted connections (TLS), with --tls-certificate and --tls-key.
    #[arg(long, value_name = "PORT", requires = "tls_certificate", requires = "tls_key")]
    hj212_tls_port: Option<u16>,
    /// Certificate chain for TLS, PEM.
    #[arg(long, value_name = "FILE")]
    tls_certificate: Option<PathBuf>,
    /// Private key for TLS, PEM.
    #[arg(long, value_name = "FILE")]
    tls_key: Option<PathBuf>,
    /// MQTT broker that micro-stations publish to, HOST:PORT.
    #[arg(long, value_name = "HOST:PORT")]
    mqtt: Option<String>,
    /// Topics to subscribe to (default: those of the mappings).
    #[arg(long, value_name = "TOPIC")]
    mqtt_topic: Vec<String>,
}

impl GatewayArgs {
    /// What the gateway is started with; none without a port.
    fn config(&self, data: &Data) -> Result<Option<gateway::Config>, Trouble> {
        let Some(port) = self.hj212_port.or_else(|| self.mqtt.as_ref().map(|_| 0)) else { return Ok(None) };
        let mut config = gateway::Config::new(SocketAddr::new(self.hj212_host, port));
        config.max_connections = self.hj212_connections;
        if let (Some(port), Some(certificate), Some(key)) = (self.hj212_tls_port, &self.tls_certificate, &self.tls_key)
        {
            let listen = SocketAddr::new(self.hj212_host, port);
            config.tls = Some(gateway::Tls { listen, certificate: certificate.clone(), key: key.clone() });
        }
        if let Some(broker) = &self.mqtt {
            let parts = broker.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
            let (host, port) = parts.ok_or_else(|| {
                Trouble::bad(
                    "mqtt",
                    format!("“{broker}”不是 MQTT 代理地址。请写成 主机:端口，如 127.0.0.1:1883。"),
                    format!("`{broker}` is no broker. Write HOST:PORT, such as 127.0.0.1:1883."),
                )
            })?;
            let micros = Arc::clone(&data.catalogs.micros);
            config.mqtt = Some(gateway::MqttConfig {
                host: host.to_string(),
                port,
                client_id: "jingce".to_string(),
                credentials: None,
                topics: if self.mqtt_topic.is_empty() { micros.topics() } else { self.mqtt_topic.clone() },
                micros,
                keep_alive_s: 30,
            });
        }
        Ok(Some(config))
    }
}

/// Where the server listens.
#[derive(Debug, Args)]
pub(crate) struct Listen {
    /// Port; 0 takes a free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Address; the default is reached from this machine only.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
}

impl Listen {
    /// Takes the port, so that a taken one is told before any work.
    pub fn bind(&self) -> Result<TcpListener, Trouble> {
        let address = SocketAddr::new(self.host, self.port);
        let listener = TcpListener::bind(address).and_then(|listener| {
            listener.set_nonblocking(true)?;
            Ok(listener)
        });
        listener.map_err(|error| {
            Trouble::broken(
                "port",
                format!("不能在 {address} 监听：{error}。请用 --port 换一个端口（0 为任意空闲端口）。"),
                format!("cannot listen on {address}: {error}. Take another port with --port (0: any free one)."),
            )
        })
    }
}

pub(crate) fn run(own: &Serve, lang: Lang) -> Result<Ending, Trouble> {
    let listener = own.listen.bind()?;
    let data = own.folder.create(lang)?;
    serve(listener, data, &own.gateway, lang)
}

/// Serves until the process is told to stop.
pub(crate) fn serve(listener: TcpListener, data: Data, gateway: &GatewayArgs, lang: Lang) -> Result<Ending, Trouble> {
    let config = gateway.config(&data)?;
    let data = Arc::new(data);
    let stopped = |error: std::io::Error| {
        Trouble::broken("serve", format!("服务停止：{error}"), format!("the server stopped: {error}"))
    };
    let address = listener.local_addr().map_err(stopped)?;
    runtime()?.block_on(async move {
        let listener = tokio::net::TcpListener::from_std(listener).map_err(stopped)?;
        let ready = match lang {
            Lang::Zh => "网页与接口已就绪",
            Lang::En => "web and API are ready",
        };
        out(&format!("http://{address}  {ready}\n"))?;
        let live = config.map(|config| Live::start(&data, config)).transpose()?;
        if let Some(live) = &live {
            let ready = match lang {
                Lang::Zh => "数采网关已就绪",
                Lang::En => "the gateway of instruments is ready",
            };
            out(&format!("hj212 tcp {}  {ready}\n", live.gateway().local_addr()))?;
        }
        let served = axum::serve(listener, app(data)).with_graceful_shutdown(told_to_stop()).await.map_err(stopped);
        if let Some(live) = live {
            live.stop();
        }
        served
    })?;
    Ok(Ending::Done)
}

/// Every route: health, API, its description, the front end.
pub(crate) fn app(data: Arc<Data>) -> Router {
    let (api, _) = api::routes(Shared::new(Arc::clone(&data)));
    api.route("/healthz", get(move || healthz(Arc::clone(&data))))
        .route(
            "/api/openapi.json",
            get(|| async { ([(axum::http::header::CONTENT_TYPE, "application/json")], api::openapi_text()) }),
        )
        .route("/api/{*rest}", axum::routing::any(no_such_address))
        .method_not_allowed_fallback(no_such_method)
        .fallback(web::page)
        .layer(CompressionLayer::new())
}

/// `ok`, or 503 with the reason why frames are not taken.
async fn healthz(data: Arc<Data>) -> (StatusCode, String) {
    let reason = data.live().and_then(|live| live.gateway().health().reason);
    match reason {
        None => (StatusCode::OK, "ok\n".to_string()),
        Some(reason) => (StatusCode::SERVICE_UNAVAILABLE, format!("{}\n{}\n", reason.zh, reason.en)),
    }
}

async fn no_such_address(uri: axum::http::Uri) -> (StatusCode, axum::Json<crate::answers::imports::ErrorBody>) {
    let trouble = Trouble::not_found(
        "no-such-address",
        format!("接口没有地址 {}；见 /api/openapi.json。", uri.path()),
        format!("the API has no address {}; see /api/openapi.json.", uri.path()),
    );
    (StatusCode::NOT_FOUND, axum::Json(trouble.body()))
}

async fn no_such_method(
    method: axum::http::Method,
    uri: axum::http::Uri,
) -> (StatusCode, axum::Json<crate::answers::imports::ErrorBody>) {
    let trouble = Trouble::bad(
        "no-such-method",
        format!("地址 {} 不接受 {method}；见 /api/openapi.json。", uri.path()),
        format!("{} does not take {method}; see /api/openapi.json.", uri.path()),
    );
    (StatusCode::METHOD_NOT_ALLOWED, axum::Json(trouble.body()))
}

/// The runtime of the edge.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Trouble> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| {
        Trouble::broken("threads", format!("不能启动线程：{error}"), format!("cannot start threads: {error}"))
    })
}

async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(terminate) => terminate,
        Err(_) => {
            let _ = interrupt.await;
            return;
        }
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
}
