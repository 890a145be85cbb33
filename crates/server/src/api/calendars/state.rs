//! `GET /api/v1/calendars/{key}/state`
use super::hours;
use crate::api::dto::calendar::{CalendarState, instant};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::{PathKey, Query};
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};
use domain::Timestamp;
use domain::access::{Permission, Resource};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StateQuery {
    /// Microseconds since 1970, UTC; absent: now.
    #[param(minimum = 0, maximum = 32_503_680_000_000_000_i64)]
    pub at: Option<i64>,
}

/// Open or closed at a moment, by which rule, and until when.
#[utoipa::path(get, path = "/api/v1/calendars/{key}/state", operation_id = "get_calendar_state", tag = "calendars",
    params(("key" = String, Path, description = "Its key", pattern = "^[a-z0-9_-]{1,40}$"), StateQuery),
    responses((status = 200, description = "The state", body = CalendarState)))]
pub async fn handler(
    State(app): State<App>,
    caller: Caller,
    PathKey(key): PathKey,
    Query(query): Query<StateQuery>,
) -> ApiResult<Json<CalendarState>> {
    caller.authorize(Permission::ConfigRead, &Resource::HOUSE)?;
    instant("at", query.at)?;
    let at = query.at.map_or(app.now(), Timestamp);
    Ok(Json(CalendarState::at(&hours(&app.store, &key).await?, at)))
}
