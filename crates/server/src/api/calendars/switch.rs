//! `PUT /api/v1/calendars/{key}/switch`
use super::hours;
use crate::api::dto::Validate;
use crate::api::dto::calendar::{CalendarState, CalendarSwitch};
use crate::api::references;
use crate::app::App;
use crate::audit::{self, EntryExt};
use crate::auth::Caller;
use crate::http::extract::{PathKey, Unread};
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};
use domain::access::{Permission, Resource};
use store::repo::calendar_switches;
use store::repo::config::{self, kind::Calendars};

/// Turns the switch, whoever turned it last. Audited; it holds from this moment on, for those who wait too.
#[utoipa::path(put, path = "/api/v1/calendars/{key}/switch", operation_id = "switch_calendar", tag = "calendars", request_body = CalendarSwitch,
    params(("key" = String, Path, description = "Its key", pattern = "^[a-z0-9_-]{1,40}$")),
    responses((status = 200, description = "What the calendar says now", body = CalendarState), (status = 409, description = "There is no such prompt")))]
pub async fn handler(
    State(app): State<App>,
    caller: Caller,
    PathKey(key): PathKey,
    body: Unread<CalendarSwitch>,
) -> ApiResult<Json<CalendarState>> {
    caller.authorize(Permission::CalendarSwitch, &Resource::HOUSE)?;
    let input = body.parse()?;
    input.check()?;
    let detail = serde_json::to_value(&input).unwrap_or_default();
    let now = app.now();
    let switch = input.into_domain(now)?;
    let tx = app.store.begin(now).await?;
    config::get::<Calendars>(&tx, &key).await?;
    calendar_switches::set(&tx, &key, switch.as_ref()).await?;
    references::check(&tx).await?;
    let state = CalendarState::at(&hours(&tx, &key).await?, now);
    audit::by(&caller, "calendar.switch").on("calendar", &key).with("switch", detail).write(&tx).await?;
    tx.commit().await?;
    app.engine.config_changed().await;
    Ok(Json(state))
}
