//! Headers on every answer that narrow what a browser will do with our pages.
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// Scripts only from us; styles also inline (the component library writes them); sound from blobs (ring tones,
/// recordings, WebRTC); sockets to the page's own host, named by scheme because older browsers leave them out of 'self'.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob: data:; connect-src 'self' ws: wss: blob:; \
    worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

/// What no answer goes without.
pub async fn secure(request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let fixed: [(HeaderName, &'static str); 6] = [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "microphone=(self), camera=(self), geolocation=(), payment=()"),
    ];
    for (name, value) in fixed {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    // Personal data must not stay in a shared browser's cache.
    if api {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    response
}

/// Answers of layers and of axum itself that are not problems yet become ones (413 of the body limit, a bare 404 …).
pub async fn tidy(request: Request, next: Next) -> Response {
    use crate::http::{extract, pages, problem};
    use axum::http::StatusCode;
    use axum::response::IntoResponse;
    let response = next.run(request).await;
    let is_problem =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(problem::CONTENT_TYPE.as_bytes()));
    if is_problem || !(response.status().is_client_error() || response.status().is_server_error()) {
        return response;
    }
    let better = match response.status() {
        StatusCode::PAYLOAD_TOO_LARGE => extract::too_large(),
        StatusCode::METHOD_NOT_ALLOWED => pages::method_not_allowed().await,
        StatusCode::NOT_FOUND => problem::Problem::not_found("resource"),
        StatusCode::INTERNAL_SERVER_ERROR => problem::Problem::internal(&"a bare 500"),
        StatusCode::BAD_REQUEST => problem::Problem::invalid("", "the request could not be read"),
        _ => return response,
    };
    let allow = response.headers().get(header::ALLOW).cloned();
    let mut better = better.into_response();
    if let Some(allow) = allow {
        better.headers_mut().insert(header::ALLOW, allow);
    }
    better
}
