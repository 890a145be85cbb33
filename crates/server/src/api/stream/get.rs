//! `GET /api/v1/stream`
use crate::app::App;
use crate::auth::Caller;
use crate::auth::authenticate::came_by_cookie;
use crate::http::problem::{ApiResult, Problem};
use crate::http::tls::host_of;
use crate::stream::socket;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;

/// Longest message that a client may send.
const MESSAGE_BYTES_MAX: usize = 16 * 1024;

/// Upgrades to the WebSocket of live messages (see docs/api.md). With the cookie the page's Origin must be ours.
#[utoipa::path(get, path = "/api/v1/stream", operation_id = "stream", tag = "live",
    responses((status = 101, description = "Switched to the WebSocket protocol"), (status = 426, description = "Not a WebSocket request")))]
pub async fn handler(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> ApiResult<Response> {
    if came_by_cookie(&headers) && !same_origin(&app, &headers) {
        return Err(Problem::forbidden().detail("another site's page may not open the stream"));
    }
    let upgrade =
        upgrade.map_err(|_| Problem::new(StatusCode::UPGRADE_REQUIRED, "upgrade_required", "Open this address as a WebSocket"))?;
    let Ok(permit) = app.streams.clone().try_acquire_owned() else {
        return Err(Problem::limit_reached("streams_max"));
    };
    let upgrade = upgrade.max_message_size(MESSAGE_BYTES_MAX).max_frame_size(MESSAGE_BYTES_MAX);
    Ok(upgrade.on_upgrade(move |socket| async move {
        socket::run(app, caller, socket).await;
        drop(permit);
    }))
}

fn same_origin(app: &App, headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|v: &axum::http::HeaderValue| v.to_str().ok());
    let Some(origin) = text(header::ORIGIN) else { return false };
    if app.config.http.public_url.as_deref().is_some_and(|url| url.trim_end_matches('/') == origin) {
        return true;
    }
    let authority = origin.split_once("://").map(|(_, rest)| rest);
    host_of(origin).is_some() && authority == text(header::HOST)
}
