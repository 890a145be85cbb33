//! `GET /api/v1/planning/scenario`
use crate::api::dto::common::{count, key, within};
use crate::api::dto::what_if::DAYS_MAX;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Query;
use crate::http::problem::{ApiResult, Problem};
use crate::planning::{PastDays, first_day};
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use domain::access::{Permission, Resource};
use serde::Deserialize;
use std::collections::BTreeSet;
use utoipa::IntoParams;

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ScenarioQuery {
    /// The first day, where the centre is; absent: yesterday.
    #[param(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pub date: Option<String>,
    #[param(minimum = 1, maximum = 7)]
    pub days: Option<u32>,
    /// Keys, separated by commas; absent: all to which somebody came.
    #[param(pattern = "^[a-z0-9_-]{1,40}(,[a-z0-9_-]{1,40})*$", max_length = 4000)]
    pub queues: Option<String>,
}

/// Real days as a scenario for `zhiyin simulate FILE`: the base of a what-if, to be changed by hand.
#[utoipa::path(get, path = "/api/v1/planning/scenario", operation_id = "get_planning_scenario", tag = "planning", params(ScenarioQuery),
    responses((status = 200, description = "The scenario; its form is told in docs/simulation.md", content_type = "application/json", body = Object)))]
pub async fn handler(State(app): State<App>, caller: Caller, query: ApiResult<Query<ScenarioQuery>>) -> ApiResult<impl IntoResponse> {
    caller.authorize(Permission::PlanningUse, &Resource::HOUSE)?;
    let Query(query) = query?;
    let days = query.days.unwrap_or(1);
    within("days", u64::from(days), 1, u64::from(DAYS_MAX))?;
    let only: Option<BTreeSet<String>> = query.queues.as_ref().map(|keys| keys.split(',').map(str::to_owned).collect());
    if let Some(keys) = &only {
        count("queues", keys.len(), 100)?;
        keys.iter().try_for_each(|k| key("queues", k))?;
    }
    let date = first_day(&app, query.date.as_deref())?;
    let past = PastDays::read_with_callers(&app, date, days).await?;
    let scenario = sim::rebuild(&past.records(only.as_ref())).scenario;
    let text = serde_json::to_string_pretty(&scenario).map_err(|e| Problem::internal(&e))?;
    let name = format!("attachment; filename=\"scenario-{date}.json\"");
    Ok(([(header::CONTENT_TYPE, "application/json".to_owned()), (header::CONTENT_DISPOSITION, name)], text))
}
