//! `GET /api/v1/planning/history`
use crate::api::dto::common::within;
use crate::api::dto::planning::{MeasuredFigures, PlanningHistory, intervals};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Query;
use crate::http::problem::{ApiResult, Problem};
use crate::planning::{PastDays, first_day};
use axum::{Json, extract::State};
use domain::access::{Permission, Resource};
use domain::config::Queue;
use domain::monitor::Stay;
use domain::planning::{INTERVAL_MS, INTERVALS, Measured, measure};
use domain::{QueueId, UserId};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::IntoParams;
use uuid::Uuid;

/// Weeks that may be averaged.
const WEEKS_MAX: u32 = 8;

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HistoryQuery {
    /// Absent: all queues.
    pub queue: Option<Uuid>,
    /// The day where the centre is, e.g. `2026-11-21`; absent: yesterday.
    #[param(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pub date: Option<String>,
    /// The mean of this weekday over so many weeks, the last of them that of `date`.
    #[param(minimum = 1, maximum = 8)]
    pub weeks: Option<u32>,
}

/// What a day of a queue was: calls, handling time, patience and agents by the quarter of an hour, out of the event log.
#[utoipa::path(get, path = "/api/v1/planning/history", operation_id = "get_planning_history", tag = "planning", params(HistoryQuery),
    responses((status = 200, description = "The day", body = PlanningHistory), (status = 404, description = "No such queue")))]
pub async fn handler(State(app): State<App>, caller: Caller, query: ApiResult<Query<HistoryQuery>>) -> ApiResult<Json<PlanningHistory>> {
    caller.authorize(Permission::PlanningUse, &Resource::HOUSE)?;
    let Query(query) = query?;
    let weeks = query.weeks.unwrap_or(1);
    within("weeks", u64::from(weeks), 1, u64::from(WEEKS_MAX))?;
    let date = first_day(&app, query.date.as_deref())?;
    let (mut measured, mut threshold_s, mut has_presence) = (Measured::default(), None, false);
    for week in 0..weeks as i32 {
        let Some(day) = date.plus_days(-7 * week) else { break };
        let past = PastDays::read(&app, day, 1).await?;
        let queues = chosen(&past.queues, query.queue)?;
        threshold_s = queues.iter().map(|q| q.service_level_threshold_s).min();
        has_presence |= past.has_presence();
        lay_over(&mut measured, &past, &queues);
    }
    Ok(Json(PlanningHistory {
        queue: query.queue,
        date: date.to_string(),
        weeks,
        utc_offset_s: app.config.site.utc_offset_s,
        threshold_s: threshold_s.unwrap_or(20),
        interval_s: (INTERVAL_MS / 1000) as u32,
        patience_s: measured.total.patience_s(),
        abandons: measured.total.abandoned,
        has_presence,
        total: MeasuredFigures::of(&measured.total, measured.days, INTERVAL_MS * INTERVALS as u64),
        intervals: intervals(&measured),
    }))
}

fn chosen(queues: &[Queue], queue: Option<Uuid>) -> ApiResult<Vec<&Queue>> {
    let Some(id) = queue else { return Ok(queues.iter().collect()) };
    let found = queues.iter().find(|q| q.id.0 == id).ok_or_else(|| Problem::not_found("queue"))?;
    Ok(vec![found])
}

fn lay_over(measured: &mut Measured, past: &PastDays, queues: &[&Queue]) {
    let thresholds: BTreeMap<QueueId, u64> = queues.iter().map(|q| (q.id, u64::from(q.service_level_threshold_s) * 1000)).collect();
    let agents: BTreeSet<UserId> = queues.iter().flat_map(|q| q.members.iter().map(|m| m.user)).collect();
    let stays: Vec<&Stay> = past.stays.iter().filter(|s| thresholds.contains_key(&s.queue)).collect();
    let threshold = |s: &Stay| thresholds.get(&s.queue).copied().unwrap_or_default();
    measure(measured, past.from, threshold, stays, past.present(&agents));
}
