//! `GET /metrics`
use crate::app::App;
use crate::http::address;
use crate::http::problem::{ApiResult, Problem};
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::IntoResponse;

/// Figures in the Prometheus text format, for the networks of `http.metrics_from`. No personal data, no ids of calls or people.
#[utoipa::path(get, path = "/metrics", operation_id = "metrics", tag = "system", security(()),
    responses((status = 200, description = "Figures", body = String, content_type = "text/plain"),
        (status = 403, description = "Not from a network that may read them")))]
pub async fn handler(State(app): State<App>, request: Request) -> ApiResult<impl IntoResponse> {
    let http = &app.config.http;
    let from = address::client(request.extensions(), request.headers(), &http.trusted_proxies);
    if !http.metrics_from.iter().any(|network| network.contains(&from)) {
        return Err(Problem::forbidden().detail("this address is not in http.metrics_from"));
    }
    app.metrics.run_upkeep();
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], app.metrics.render()))
}
