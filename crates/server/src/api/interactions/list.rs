//! `GET /api/v1/interactions`
use super::summary::Names;
use crate::api::dto::Paged;
use crate::api::dto::interaction::{InteractionState, InteractionSummary, Outcome};
use crate::api::dto::same;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Query;
use crate::http::problem::{ApiResult, Problem};
use axum::{Json, extract::State};
use domain::access::{Permission, Scope};
use domain::{Timestamp, UserId};
use serde::Deserialize;
use store::PageRequest;
use store::repo::interactions::{self, InteractionFilter};
use utoipa::IntoParams;
use uuid::Uuid;

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InteractionQuery {
    /// An agent's id, or `me`.
    #[param(pattern = "^(me|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$")]
    pub agent: Option<String>,
    pub queue: Option<Uuid>,
    pub customer: Option<Uuid>,
    /// Started at or after, microseconds UTC.
    #[param(minimum = 0)]
    pub from: Option<i64>,
    /// Started before, microseconds UTC.
    #[param(minimum = 0)]
    pub to: Option<i64>,
    pub state: Option<InteractionState>,
    pub outcome: Option<Outcome>,
    /// `next_cursor` of the page before.
    #[param(pattern = "^[A-Za-z0-9_-]{1,500}$")]
    pub cursor: Option<String>,
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
}

/// Interactions within the caller's scope, newest first.
#[utoipa::path(get, path = "/api/v1/interactions", operation_id = "list_interactions", tag = "interactions", params(InteractionQuery),
    responses((status = 200, description = "One page", body = Paged<InteractionSummary>)))]
pub async fn handler(
    State(app): State<App>,
    caller: Caller,
    Query(q): Query<InteractionQuery>,
) -> ApiResult<Json<Paged<InteractionSummary>>> {
    let scope = caller.scope(Permission::InteractionRead)?;
    let page = PageRequest::parse(q.cursor.as_deref(), q.limit)?;
    let Some(filter) = filter(&caller, scope, &q)? else {
        return Ok(Json(Paged { items: Vec::new(), next_cursor: None }));
    };
    let page = interactions::list(&app.store, &filter, page).await?;
    let names = Names::of(&app, &page.items).await?;
    let items = page.items.iter().map(|i| names.summary(caller.sight(), i)).collect::<ApiResult<_>>()?;
    Ok(Json(Paged { items, next_cursor: page.next_cursor }))
}

/// The query cut to the caller's scope; none when the two cannot meet.
fn filter(caller: &Caller, scope: Scope, q: &InteractionQuery) -> ApiResult<Option<InteractionFilter>> {
    let me = caller.principal.user;
    let asked: Option<UserId> = match q.agent.as_deref() {
        None => None,
        Some("me") => Some(me),
        Some(id) => Some(id.parse().map_err(|_| Problem::invalid("agent", "an id or \"me\""))?),
    };
    let mut filter = InteractionFilter {
        agent: asked,
        queue: q.queue.map(Into::into),
        customer: q.customer.map(Into::into),
        from: at("from", q.from)?,
        to: at("to", q.to)?,
        state: q.state.as_ref().map(same).transpose()?,
        outcome: q.outcome.as_ref().map(same).transpose()?,
        ..InteractionFilter::default()
    };
    match (scope, caller.principal.team) {
        (Scope::All, _) => {}
        (Scope::Team, Some(team)) => filter.agent_team = Some(team),
        (Scope::Team | Scope::Own, _) if asked.is_some_and(|a| a != me) => return Ok(None),
        (Scope::Team | Scope::Own, _) => filter.agent = Some(me),
    }
    Ok(Some(filter))
}

fn at(field: &str, value: Option<i64>) -> ApiResult<Option<Timestamp>> {
    match value {
        Some(v) if v < 0 => Err(Problem::invalid(field, "microseconds UTC")),
        v => Ok(v.map(Timestamp)),
    }
}
