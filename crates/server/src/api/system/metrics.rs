//! `GET /metrics`
use crate::app::App;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

/// Figures in the Prometheus text format. No personal data, no ids of calls or people.
#[utoipa::path(get, path = "/metrics", operation_id = "metrics", tag = "system", security(()),
    responses((status = 200, description = "Figures", body = String, content_type = "text/plain")))]
pub async fn handler(State(app): State<App>) -> impl IntoResponse {
    app.metrics.run_upkeep();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], app.metrics.render())
}
