//! `/api/v1/break-requests`: breaks beyond a quota that wait for a supervisor. Those that wait stand in the live picture
//! (`AgentLive.break_request`).
pub mod approve;
pub mod decline;

use crate::api::agents::supervised;
use crate::app::App;
use crate::audit::{self, EntryExt};
use crate::auth::Caller;
use crate::http::problem::{ApiResult, Problem};
use domain::BreakRequestId;
use domain::access::Permission;
use engine::handle::Command;

/// # Errors
/// 403 without `agent.supervise`, 404 for a request that does not wait within its scope.
pub async fn decide(app: &App, caller: &Caller, request: BreakRequestId, approve: bool) -> ApiResult<()> {
    caller.scope(Permission::AgentSupervise)?;
    let agents = app.engine.snapshot().await?.agents;
    let asks = |a: &&domain::live::AgentLive| a.break_request.as_ref().is_some_and(|r| r.request == request);
    let agent = agents.iter().find(asks).ok_or_else(|| Problem::not_found("break request"))?.user;
    supervised(app, caller, agent).await?;
    let tx = app.store.begin(app.now()).await?;
    let action = if approve { "break_request.approve" } else { "break_request.decline" };
    audit::by(caller, action).on("user", agent).write(&tx).await?;
    tx.commit().await?;
    Ok(app.engine.ask(|reply| Command::DecideBreak { request, approve, reply }).await?)
}
