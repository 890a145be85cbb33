//! `/api/v1/calls/{id}`: control of a running call, one's own or, with the scope, another's.
pub mod dtmf;
pub mod hangup;
pub mod hold;
pub mod monitor;
pub mod monitor_as;
pub mod monitor_end;
pub mod mute;
pub mod transfer;
pub mod unhold;

use crate::app::App;
use crate::audit::{self, EntryExt};
use crate::auth::Caller;
use crate::http::problem::{ApiResult, Problem};
use domain::CallId;
use domain::access::{Permission, Resource};
use engine::handle::{CallCommand, Command};
use store::repo::users;

/// Whether the caller may control this call at all; asked before the body is looked at.
pub struct Control {
    call: CallId,
    /// Set when the call is another's: the act is then audited.
    of_other: bool,
}

/// # Errors
/// 403 without `call.control`, 404 when there is no such call within the caller's scope.
pub async fn may_control(app: &App, caller: &Caller, call: CallId) -> ApiResult<Control> {
    may(app, caller, Permission::CallControl, call).await
}

/// The same for another permission over a call.
///
/// # Errors
/// 403 without the permission, 404 when there is no such call within the caller's scope.
pub async fn may(app: &App, caller: &Caller, permission: Permission, call: CallId) -> ApiResult<Control> {
    caller.scope(permission)?;
    let live = app.engine.snapshot().await?.calls.into_iter().find(|c| c.call == call);
    let live = live.ok_or_else(|| Problem::not_found("call"))?;
    let asks = caller.principal.user;
    // Who is served by one of our own numbers may press its keys and leave it.
    let agent = if live.caller == Some(asks) { live.caller } else { live.agent.or(live.caller) };
    let team = match agent {
        Some(id) => users::get(&app.store, id).await?.value.team,
        None => None,
    };
    caller.authorize(permission, &Resource { owner: agent, team })?;
    Ok(Control { call, of_other: agent != Some(asks) })
}

impl Control {
    pub async fn command(self, app: &App, caller: &Caller, action: &'static str, command: CallCommand) -> ApiResult<()> {
        if self.of_other {
            let tx = app.store.begin(app.now()).await?;
            audit::by(caller, action).on("call", self.call).write(&tx).await?;
            tx.commit().await?;
        }
        let agent = (!self.of_other).then_some(caller.principal.user);
        let call = self.call;
        Ok(app.engine.ask(|reply| Command::Call { agent, call, command, reply }).await?)
    }
}
