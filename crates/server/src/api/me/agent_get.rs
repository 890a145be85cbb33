//! `GET /api/v1/me/agent`
use crate::api::dto::live::AgentLive;
use crate::app::App;
use crate::auth::Caller;
use crate::http::problem::{ApiResult, Problem};
use crate::stream::mask::agent_view;
use axum::{Json, extract::State};

/// The caller's own state as an agent.
#[utoipa::path(get, path = "/api/v1/me/agent", operation_id = "get_my_agent", tag = "me",
    responses((status = 200, description = "State", body = AgentLive)))]
pub async fn handler(State(app): State<App>, caller: Caller) -> ApiResult<Json<AgentLive>> {
    let agent = caller.agent()?;
    let snapshot = app.engine.snapshot().await?;
    let live =
        snapshot.agents.iter().find(|a| a.user == agent).ok_or_else(|| Problem::unavailable("the engine does not know this agent yet"))?;
    Ok(Json(agent_view(live, None)))
}
