//! `GET /api/v1/calendars/{key}`
use crate::api::crud;
use crate::api::dto::calendar::Calendar;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathKey;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::Calendars;

/// One calendar, with its ETag.
#[utoipa::path(get, path = "/api/v1/calendars/{key}", operation_id = "get_calendar", tag = "calendars", params(("key" = String, Path, description = "Its key", pattern = "^[a-z0-9_-]{1,40}$")),
    responses((status = 200, description = "The calendar", body = Calendar, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, PathKey(key): PathKey) -> ApiResult<impl IntoResponse> {
    crud::get::<Calendars>(&app, &caller, &key).await
}
