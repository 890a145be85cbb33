//! The web pages, embedded in the binary. Everything that is not the API is a file of `web/desk/dist` or the page itself.
use crate::http::problem::Problem;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../web/desk/dist"]
struct Desk;

/// Vite puts a content hash into the names under `assets/`: such a file never changes.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// What a binary built without the pages shows.
const WITHOUT_PAGES: &str = "<!doctype html><meta charset=utf-8><title>Zhiyin</title><p>This build holds no web pages. \
    Build <code>web/desk</code> and then the program again. The API is at <a href=/api/docs>/api/docs</a>.";

/// Serves a file, or the single page for addresses that its own router knows.
pub async fn serve(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return Problem::not_found("resource").into_response();
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return method_not_allowed().await.into_response();
    }
    let gzip = request.headers().get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("gzip"));
    match file(path, gzip) {
        Some(response) => response,
        // A name with an extension is a file that is not there; anything else is an address inside the page.
        None if path.rsplit('/').next().is_some_and(|name| name.contains('.')) => Problem::not_found("file").into_response(),
        None => file("index.html", gzip)
            .unwrap_or_else(|| (StatusCode::OK, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], WITHOUT_PAGES).into_response()),
    }
}

fn file(path: &str, gzip: bool) -> Option<Response> {
    let path = if path.is_empty() { "index.html" } else { path };
    let packed = if gzip { Desk::get(&format!("{path}.gz")) } else { None };
    let is_packed = packed.is_some();
    let found = match packed {
        Some(f) => f,
        None => Desk::get(path)?,
    };
    let kind = mime_of(path);
    let mut response = (StatusCode::OK, found.data.into_owned()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(if path.starts_with("assets/") { IMMUTABLE } else { "no-cache" }));
    if is_packed {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    Some(response)
}

fn mime_of(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "wav" => "audio/wav",
        "mp3" => "audio/mpeg",
        "ogg" => "audio/ogg",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}

pub async fn method_not_allowed() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "This address does not take that method")
}
