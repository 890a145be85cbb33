//! `POST /api/v1/monitor/records`
use crate::api::dto::monitor::{MetricQuestion, MetricRecords};
use crate::api::dto::{same, view};
use crate::api::interactions::summary::Names;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Unread;
use crate::http::problem::{ApiResult, Problem};
use axum::{Json, extract::State};
use domain::access::{Permission, Resource};
use domain::event::{Event, EventKind};
use domain::monitor::{Basis, Behind, Definition, Metric, Scope, Window};
use domain::{InteractionId, Timestamp};
use std::collections::{BTreeSet, HashMap};
use store::repo::interactions;

/// Events looked through for one answer; beyond it `more` is set and the oldest of the window are what is listed.
const EVENTS_MAX: usize = 200_000;
const PAGE: u32 = 5_000;
/// Interactions that began before the window are read one by one, at most so many.
const EARLIER_MAX: usize = 500;
/// Rows of an answer.
const ROWS_MAX: usize = 200;

/// The interactions, or the agents, behind a number: found in the event log by the same rules that made the number.
#[utoipa::path(post, path = "/api/v1/monitor/records", operation_id = "list_metric_records", tag = "monitor", request_body = MetricQuestion,
    responses((status = 200, description = "What stands behind it", body = MetricRecords),
        (status = 409, description = "The metric cannot be asked for this scope or window")))]
pub async fn handler(State(app): State<App>, caller: Caller, body: Unread<MetricQuestion>) -> ApiResult<Json<MetricRecords>> {
    caller.authorize(Permission::LiveView, &Resource::HOUSE)?;
    caller.authorize(Permission::InteractionRead, &Resource::HOUSE)?;
    let question = body.parse()?;
    let (metric, scope, window): (Metric, Scope, Window) = (question.metric.0, same(&question.scope)?, same(&question.window)?);
    let definition = metric.definition();
    if !definition.fits(scope.kind(), window) {
        return Err(Problem::conflict(format!("{} cannot be asked for this scope over this window", definition.id)));
    }
    let found = find(&app, definition, scope, window).await?;
    let shown: Vec<InteractionId> = found.population.iter().copied().take(ROWS_MAX).collect();
    let mut rows: HashMap<_, _> = interactions::get_many(&app.store, &shown).await?.into_iter().map(|i| (i.id, i)).collect();
    let rows: Vec<_> = shown.iter().filter_map(|id| rows.remove(id)).collect();
    let names = Names::of(&app, &rows).await?;
    let counted: BTreeSet<InteractionId> = found.counted.into_iter().collect();
    Ok(Json(MetricRecords {
        value: found.value.map(|v| view(&v)).transpose()?,
        from: found.span.0.as_us(),
        to: found.span.1.as_us(),
        interactions: rows.iter().map(|i| names.summary(caller.sight(), i)).collect::<ApiResult<_>>()?,
        counted: rows.iter().map(|i| i.id).filter(|id| counted.contains(id)).map(|id| id.0).collect(),
        agents: found.agents,
        more: found.more || found.population.len() > ROWS_MAX,
    }))
}

struct Found {
    value: Option<domain::monitor::Value>,
    span: (Timestamp, Timestamp),
    population: Vec<InteractionId>,
    counted: Vec<InteractionId>,
    agents: Vec<uuid::Uuid>,
    more: bool,
}

async fn find(app: &App, definition: &Definition, scope: Scope, window: Window) -> ApiResult<Found> {
    let monitor = app.engine.monitor();
    let metric = definition.metric;
    let (value, span, drill, agents) = monitor.look(|m, now| {
        let agents = if definition.basis == Basis::AgentTime { m.agents(scope) } else { Vec::new() };
        (m.value(metric, scope, window, now), m.span(window, now).unwrap_or((now, now)), m.drill(metric, scope, window, now), agents)
    });
    let Some(drill) = drill else { return Err(Problem::conflict("the metric cannot be asked so")) };
    if definition.is_live() || definition.basis == Basis::AgentTime {
        let agents = drill.agents.iter().chain(&agents).map(|a| a.0).collect();
        return Ok(Found { value, span, population: drill.interactions.clone(), counted: drill.interactions, agents, more: drill.more });
    }
    let (events, more) = events(app, span.0).await?;
    let behind = monitor.look(|m, now| m.behind(metric, scope, window, now, &events));
    let Behind { population, counted } = behind.unwrap_or_default();
    Ok(Found { value, span, population, counted, agents: Vec::new(), more })
}

/// All events from `from` on, and the earlier ones of interactions that began before.
async fn events(app: &App, from: Timestamp) -> ApiResult<(Vec<Event>, bool)> {
    let (mut events, mut seq, mut more) = (Vec::new(), 0, false);
    loop {
        let page = interactions::events_between(&app.store, from, Timestamp(i64::MAX), seq, PAGE).await?;
        let Some((last, _)) = page.last() else { break };
        seq = *last;
        events.extend(page.into_iter().map(|(_, e)| e));
        if events.len() >= EVENTS_MAX {
            more = true;
            break;
        }
    }
    let began: BTreeSet<InteractionId> =
        events.iter().filter(|e| matches!(e.kind, EventKind::InteractionStarted { .. })).filter_map(|e| e.interaction).collect();
    let earlier: BTreeSet<InteractionId> = events.iter().filter_map(|e| e.interaction).filter(|i| !began.contains(i)).collect();
    more |= earlier.len() > EARLIER_MAX;
    for interaction in earlier.into_iter().take(EARLIER_MAX) {
        events.extend(interactions::events(&app.store, interaction).await?);
    }
    Ok((events, more))
}
