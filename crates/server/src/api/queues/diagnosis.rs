//! `GET /api/v1/queues/{id}/diagnosis`
use crate::api::dto::diagnosis::Diagnosis;
use crate::api::dto::view;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::{PathId, Query};
use crate::http::problem::{ApiResult, Problem};
use axum::{Json, extract::State};
use domain::access::{Permission, Resource};
use engine::handle::Command;
use uuid::Uuid;

#[derive(Debug, Clone, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DiagnosisQuery {
    /// Who waits.
    pub interaction: Uuid,
}

/// Why nobody gets somebody who waits: their place, every agent with the rule that leaves them out, and what waiting longer changes.
#[utoipa::path(get, path = "/api/v1/queues/{id}/diagnosis", operation_id = "diagnose_queue", tag = "queues", params(("id" = Uuid, Path, description = "The queue"), DiagnosisQuery),
    responses((status = 200, description = "The diagnosis", body = Diagnosis), (status = 404, description = "It does not wait in this queue")))]
pub async fn handler(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
    query: ApiResult<Query<DiagnosisQuery>>,
) -> ApiResult<Json<Diagnosis>> {
    caller.authorize(Permission::LiveView, &Resource::HOUSE)?;
    let Query(query) = query?;
    let found = app.engine.ask(|reply| Command::Diagnose { interaction: query.interaction.into(), reply }).await?;
    if found.queue != id.into() {
        return Err(Problem::not_found("waiting interaction"));
    }
    Ok(Json(view(&found)?))
}
