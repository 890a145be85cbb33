//! `PUT /api/v1/calendars/{key}`
use crate::api::crud;
use crate::api::dto::calendar::{Calendar, CalendarBody};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::{PathKey, Unread};
use crate::http::precondition::IfMatch;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::Calendars;

/// Replaces a calendar. Audited; it holds from this moment on.
#[utoipa::path(put, path = "/api/v1/calendars/{key}", operation_id = "replace_calendar", tag = "calendars", request_body = CalendarBody,
    params(("key" = String, Path, description = "Its key", pattern = "^[a-z0-9_-]{1,40}$"), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, description = "Replaced", body = Calendar, headers(("ETag" = String)))))]
pub async fn handler(
    State(app): State<App>,
    caller: Caller,
    PathKey(key): PathKey,
    expected: IfMatch,
    body: Unread<CalendarBody>,
) -> ApiResult<impl IntoResponse> {
    crud::replace::<Calendars>(&app, &caller, &key, expected, body).await
}
