//! `jingce serve --data DIR [--port N]`

use super::Ending;
use super::ask::Folder;
use super::print::out;
use crate::api::{self, Shared};
use crate::data::Data;
use crate::trouble::Trouble;
use crate::web;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use clap::Args;
use domain::Lang;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use tower_http::compression::CompressionLayer;

#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    folder: Folder,
    #[command(flatten)]
    listen: Listen,
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
    serve(listener, data, lang)
}

/// Serves until the process is told to stop.
pub(crate) fn serve(listener: TcpListener, data: Data, lang: Lang) -> Result<Ending, Trouble> {
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
        axum::serve(listener, app(data)).with_graceful_shutdown(told_to_stop()).await.map_err(stopped)
    })?;
    Ok(Ending::Done)
}

/// Every route: health, API, its description, the front end.
pub(crate) fn app(data: Data) -> Router {
    let (api, _) = api::routes(Shared::new(data));
    api.route("/healthz", get(|| async { "ok\n" }))
        .route(
            "/api/openapi.json",
            get(|| async { ([(axum::http::header::CONTENT_TYPE, "application/json")], api::openapi_text()) }),
        )
        .route("/api/{*rest}", axum::routing::any(no_such_address))
        .method_not_allowed_fallback(no_such_method)
        .fallback(web::page)
        .layer(CompressionLayer::new())
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
