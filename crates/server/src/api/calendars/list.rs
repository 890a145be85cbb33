//! `GET /api/v1/calendars`
use crate::api::crud::{self, PageQuery};
use crate::api::dto::{Paged, calendar::Calendar};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Query;
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};
use store::repo::config::kind::Calendars;

/// The calendars, by key.
#[utoipa::path(get, path = "/api/v1/calendars", operation_id = "list_calendars", tag = "calendars", params(PageQuery),
    responses((status = 200, description = "One page", body = Paged<Calendar>)))]
pub async fn handler(State(app): State<App>, caller: Caller, Query(query): Query<PageQuery>) -> ApiResult<Json<Paged<Calendar>>> {
    crud::list::<Calendars>(&app, &caller, &query).await
}
