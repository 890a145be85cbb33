//! `POST /api/v1/calendar-preview`
use crate::api::dto::Validate;
use crate::api::dto::calendar::{Preview, PreviewDay, PreviewQuestion};
use crate::api::dto::common::within;
use crate::auth::Caller;
use crate::http::extract::Unread;
use crate::http::problem::{ApiResult, Problem};
use axum::Json;
use domain::access::{Permission, Resource};
use domain::calendar::{DAYS_MAX, Date};

/// What some dates look like in a calendar, saved or not. Changes nothing.
#[utoipa::path(post, path = "/api/v1/calendar-preview", operation_id = "preview_calendar", tag = "calendars", request_body = PreviewQuestion,
    responses((status = 200, description = "The dates, in order", body = Preview)))]
pub async fn handler(caller: Caller, body: Unread<PreviewQuestion>) -> ApiResult<Json<Preview>> {
    caller.authorize(Permission::ConfigRead, &Resource::HOUSE)?;
    let question = body.parse()?;
    within("days", u64::from(question.days), 1, u64::from(DAYS_MAX))?;
    let from: Date = question.from.parse().map_err(|reason: String| Problem::invalid("from", reason))?;
    let inner = |p: Problem| {
        let (field, reason) = p.words();
        Problem::invalid(&field.map_or_else(|| "calendar".to_owned(), |f| format!("calendar.{f}")), reason)
    };
    question.calendar.check().map_err(inner)?;
    let hours = question.calendar.hours().map_err(inner)?;
    Ok(Json(Preview { days: hours.days(from, question.days).iter().map(PreviewDay::of).collect() }))
}
