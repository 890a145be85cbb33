//! `PUT /api/v1/me/agent`
use crate::api::dto::live::{AgentLive, SetAgent, WantedStatus};
use crate::api::dto::{Validate, same};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Unread;
use crate::http::problem::{ApiResult, Problem};
use crate::stream::mask::agent_view;
use axum::{Json, extract::State};
use domain::live::{AgentStatus, Device};
use engine::handle::Command;
use store::repo::config::{find_by_key, kind::BreakReasons};

/// Sets the caller's status as an agent, and optionally the device. A break needs a reason; on a call the wish becomes
/// the status that follows; a break beyond a quota waits (`break_request`) or is refused.
#[utoipa::path(put, path = "/api/v1/me/agent", operation_id = "set_my_agent", tag = "me", request_body = SetAgent,
    responses((status = 200, description = "The state now", body = AgentLive), (status = 409, description = "Not possible now")))]
pub async fn handler(State(app): State<App>, caller: Caller, body: Unread<SetAgent>) -> ApiResult<Json<AgentLive>> {
    let agent = caller.agent()?;
    let body = body.parse()?;
    body.check()?;
    if let Some(device) = body.device {
        let device: Device = same(&device)?;
        // The desk says its device with every status; only a real change is refused while the agent rings or talks.
        let current = app.engine.snapshot().await?.agents.into_iter().find(|a| a.user == agent).map(|a| a.device);
        if current != Some(device) {
            app.engine.ask(|reply| Command::SetDevice { agent, device, reply }).await?;
        }
    }
    let (status, reason) = status_of(&app, body.status, body.reason).await?;
    let live = app.engine.ask(|reply| Command::SetStatus { agent, status, reason, reply }).await?;
    Ok(Json(agent_view(&live, None)))
}

/// The status that is asked for, with its reason where it needs one.
///
/// # Errors
/// 409 for a break without a reason that exists.
pub async fn status_of(app: &App, wanted: WantedStatus, reason: Option<String>) -> ApiResult<(AgentStatus, Option<String>)> {
    match wanted {
        WantedStatus::Available => Ok((AgentStatus::Available, None)),
        WantedStatus::Offline => Ok((AgentStatus::Offline, None)),
        WantedStatus::Break => {
            let key = reason.ok_or_else(|| Problem::conflict("a break needs a reason").field("reason"))?;
            if find_by_key::<BreakReasons>(&app.store, &key).await?.is_none() {
                return Err(Problem::conflict("no such break reason").field("reason"));
            }
            Ok((AgentStatus::Break, Some(key)))
        }
    }
}
