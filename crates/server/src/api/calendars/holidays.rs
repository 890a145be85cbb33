//! `GET /api/v1/public-holidays`
use crate::api::dto::calendar::PublicHolidays;
use crate::api::dto::view;
use crate::auth::Caller;
use crate::http::extract::Query;
use crate::http::problem::{ApiResult, Problem};
use axum::Json;
use domain::access::{Permission, Resource};
use domain::calendar::{Weekday, prc_2026};
use serde::Deserialize;
use utoipa::IntoParams;

/// The one year that is built in.
const YEAR: i32 = 2026;

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HolidaysQuery {
    /// Absent: the latest that is known.
    #[param(minimum = 2000, maximum = 2100)]
    pub year: Option<i32>,
}

/// The public holidays and make-up working days of China in a year, as the State Council published them. 404 for a year
/// that is not built in.
#[utoipa::path(get, path = "/api/v1/public-holidays", operation_id = "list_public_holidays", tag = "calendars", params(HolidaysQuery),
    responses((status = 200, description = "Holidays and make-up days", body = PublicHolidays), (status = 404, description = "Not known")))]
pub async fn handler(caller: Caller, Query(query): Query<HolidaysQuery>) -> ApiResult<Json<PublicHolidays>> {
    caller.authorize(Permission::ConfigRead, &Resource::HOUSE)?;
    if query.year.is_some_and(|year| year != YEAR) {
        return Err(Problem::not_found("year of public holidays"));
    }
    // The notice does not say like which weekday people work; Monday is as good as any and easily changed.
    let (holidays, make_up) = prc_2026(Weekday::Mon);
    Ok(Json(PublicHolidays { year: YEAR, holidays: view(&holidays)?, make_up: view(&make_up)? }))
}
