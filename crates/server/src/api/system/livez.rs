//! `GET /livez`
use crate::api::system::readyz::Health;
use axum::Json;

/// The process runs.
#[utoipa::path(get, path = "/livez", operation_id = "livez", tag = "system", security(()),
    responses((status = 200, description = "Alive", body = Health)))]
pub async fn handler() -> Json<Health> {
    Json(Health { status: "ok".into() })
}
