//! The web front end, built into the binary: files of `web/dist`, and the first page for every other address.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Files;

/// Built files whose names carry a hash of their content.
const ASSETS: &str = "assets/";

/// What stands in for the front end when it was not built.
const NOT_BUILT: &str = "<!doctype html><meta charset=utf-8><title>Jingce</title><h1>境策 Jingce</h1>\
<p>网页尚未构建：请运行 <code>cargo xtask demo</code>，或在 web/ 中运行 npm ci 与 npm run build 后重新编译。\
<p>The web front end was not built: run <code>cargo xtask demo</code>, or npm ci and npm run build in web/, then build again. \
The API is at <a href=\"/api/openapi.json\">/api/openapi.json</a>.";

/// A file of the front end; the front end itself finds the page of any other address.
pub async fn page(uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if let Some(file) = Files::get(path) {
        // Names there carry a hash of their content.
        let cache = if path.starts_with(ASSETS) { "public, max-age=31536000, immutable" } else { "no-cache" };
        let mime = mime_guess::from_path(path).first_or_octet_stream();
        let headers = [(CONTENT_TYPE, mime.to_string()), (CACHE_CONTROL, cache.to_string())];
        return (headers, file.data.into_owned()).into_response();
    }
    if path.starts_with(ASSETS) {
        return (StatusCode::NOT_FOUND, "not found").into_response();
    }
    match Files::get("index.html") {
        Some(file) => ([(CACHE_CONTROL, "no-cache")], Html(file.data.into_owned())).into_response(),
        None => Html(NOT_BUILT).into_response(),
    }
}
