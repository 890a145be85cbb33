//! `GET /api/openapi.json`
use axum::http::header;
use axum::response::IntoResponse;
use std::sync::OnceLock;

/// This document.
#[utoipa::path(get, path = "/api/openapi.json", operation_id = "get_openapi", tag = "system", security(()),
    responses((status = 200, description = "OpenAPI 3.1", body = Object, content_type = "application/json")))]
pub async fn handler() -> impl IntoResponse {
    static DOCUMENT: OnceLock<String> = OnceLock::new();
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.get_or_init(crate::api::document_json).as_str())
}
