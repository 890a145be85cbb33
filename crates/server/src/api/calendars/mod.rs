//! `/api/v1/calendars`: opening hours.
pub mod create;
pub mod delete;
pub mod get;
pub mod holidays;
pub mod list;
pub mod preview;
pub mod replace;
pub mod state;
pub mod switch;

use crate::api::crud::{self, Wire};
use crate::api::dto::calendar::{Calendar, CalendarBody, problem};
use crate::api::dto::{same, view};
use crate::app::App;
use crate::http::problem::ApiResult;
use domain::calendar::Hours;
use store::Source;
use store::repo::config::{self, kind::Calendars};
use store::repo::{Versioned, calendar_switches};

impl Wire for Calendars {
    type In = CalendarBody;
    type Out = Calendar;
    const CREATE: &'static str = "calendar.create";
    const REPLACE: &'static str = "calendar.replace";
    const DELETE: &'static str = "calendar.delete";

    fn body(_: &App, input: &CalendarBody, id: Option<&str>) -> ApiResult<Self::Body> {
        crud::same_key(&input.key, id)?;
        same(input)
    }
    async fn out(_: &App, row: Versioned<Self::Body>) -> ApiResult<Calendar> {
        Ok(Calendar { version: row.version, body: body(&row.value)? })
    }
}

/// The stored calendar on the wire: without its switch, and without empty names.
pub fn body(calendar: &domain::calendar::Calendar) -> ApiResult<CalendarBody> {
    let mut json = serde_json::to_value(calendar).map_err(|e| crate::http::problem::Problem::internal(&e))?;
    if let Some(fields) = json.as_object_mut() {
        fields.remove("switch");
        for day in fields.get_mut("make_up").and_then(|m| m.as_array_mut()).into_iter().flatten() {
            let unnamed = day["name"]["zh"] == "" || day["name"]["en"] == "";
            if let Some(day) = day.as_object_mut().filter(|_| unnamed) {
                day.remove("name");
            }
        }
    }
    view(&json)
}

/// A stored calendar with its switch, ready to answer.
///
/// # Errors
/// 404; 400 when what was stored can no longer be used on this machine (its time zone is gone).
pub async fn hours(source: &impl Source, key: &str) -> ApiResult<Hours> {
    let mut calendar = config::get::<Calendars>(source, key).await?.value;
    calendar.switch = calendar_switches::get(source, key).await?;
    engine::hours::hours_of(calendar).map_err(|problems| problem(&problems))
}
