//! `POST /api/v1/calendars`
use crate::api::crud;
use crate::api::dto::calendar::{Calendar, CalendarBody};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Unread;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::Calendars;

/// Makes a calendar. Audited.
#[utoipa::path(post, path = "/api/v1/calendars", operation_id = "create_calendar", tag = "calendars", request_body = CalendarBody,
    responses((status = 201, description = "Made", body = Calendar, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, body: Unread<CalendarBody>) -> ApiResult<impl IntoResponse> {
    crud::create::<Calendars>(&app, &caller, body).await
}
