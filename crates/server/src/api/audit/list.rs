//! `GET /api/v1/audit`
use crate::api::dto::Paged;
use crate::api::dto::audit::AuditEntry;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Query;
use crate::http::problem::{ApiResult, Problem};
use axum::{Json, extract::State};
use domain::Timestamp;
use domain::access::{Permission, Resource};
use serde::Deserialize;
use store::PageRequest;
use store::audit::{self, AuditFilter, AuditRow};
use utoipa::IntoParams;
use uuid::Uuid;

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Id of a user or API key.
    pub actor: Option<Uuid>,
    /// `thing.act`, or everything of a thing: `session.`
    #[param(pattern = r"^[a-z_.]{1,60}$")]
    pub action: Option<String>,
    /// Id of what was acted on.
    #[param(pattern = r"^[A-Za-z0-9_.-]{1,80}$")]
    pub target: Option<String>,
    /// At or after, microseconds UTC.
    #[param(minimum = 0)]
    pub from: Option<i64>,
    /// Before, microseconds UTC.
    #[param(minimum = 0)]
    pub to: Option<i64>,
    /// `next_cursor` of the page before.
    #[param(pattern = "^[A-Za-z0-9_-]{1,500}$")]
    pub cursor: Option<String>,
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
}

/// The audit, newest first.
#[utoipa::path(get, path = "/api/v1/audit", operation_id = "list_audit", tag = "audit", params(AuditQuery),
    responses((status = 200, description = "One page", body = Paged<AuditEntry>)))]
pub async fn handler(State(app): State<App>, caller: Caller, Query(q): Query<AuditQuery>) -> ApiResult<Json<Paged<AuditEntry>>> {
    caller.authorize(Permission::AuditRead, &Resource::HOUSE)?;
    let word = |s: &String, extra: fn(u8) -> bool, max: usize| (1..=max).contains(&s.len()) && s.bytes().all(extra);
    if q.action.as_ref().is_some_and(|s| !word(s, |b| b.is_ascii_lowercase() || b == b'_' || b == b'.', 60)) {
        return Err(Problem::invalid("action", "1 to 60 of a-z, _ and ."));
    }
    if q.target.as_ref().is_some_and(|s| !word(s, |b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'), 80)) {
        return Err(Problem::invalid("target", "an id or key"));
    }
    if q.from.is_some_and(|t| t < 0) || q.to.is_some_and(|t| t < 0) {
        return Err(Problem::invalid("from", "microseconds UTC"));
    }
    let page = PageRequest::parse(q.cursor.as_deref(), q.limit)?;
    let filter = AuditFilter { actor: q.actor, action: q.action, target: q.target, from: q.from.map(Timestamp), to: q.to.map(Timestamp) };
    Ok(Json(Paged::from_page(audit::list(&app.store, &filter, page).await?, entry)))
}

fn entry(row: AuditRow) -> AuditEntry {
    AuditEntry {
        seq: row.seq,
        at: row.at.as_us(),
        actor_kind: row.actor_kind,
        actor: row.actor_id,
        actor_name: row.actor_name,
        action: row.action,
        target_kind: row.target_kind,
        target: row.target,
        address: row.address,
        user_agent: row.user_agent,
        result: row.result,
        detail: row.detail,
    }
}
