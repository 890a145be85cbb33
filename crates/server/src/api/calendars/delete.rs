//! `DELETE /api/v1/calendars/{key}`
use crate::api::crud;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathKey;
use crate::http::precondition::IfMatch;
use crate::http::problem::ApiResult;
use axum::extract::State;
use axum::http::StatusCode;
use store::repo::config::kind::Calendars;

/// Deletes a calendar that nothing else needs (409 otherwise). Audited.
#[utoipa::path(delete, path = "/api/v1/calendars/{key}", operation_id = "delete_calendar", tag = "calendars",
    params(("key" = String, Path, description = "Its key", pattern = "^[a-z0-9_-]{1,40}$"), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 204, description = "Deleted"), (status = 409, description = "Still in use")))]
pub async fn handler(State(app): State<App>, caller: Caller, PathKey(key): PathKey, expected: IfMatch) -> ApiResult<StatusCode> {
    crud::delete::<Calendars>(&app, &caller, &key, expected).await
}
