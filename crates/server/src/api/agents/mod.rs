//! `/api/v1/agents`: what supervisors do with agents at work.
pub mod status;

use crate::app::App;
use crate::auth::Caller;
use crate::http::problem::ApiResult;
use domain::UserId;
use domain::access::{Permission, Resource};
use domain::config::User;
use store::repo::users;

/// The user, if the caller may supervise them; asked before a body is looked at.
///
/// # Errors
/// 403 without `agent.supervise`, 404 for nobody within its scope.
pub async fn supervised(app: &App, caller: &Caller, user: UserId) -> ApiResult<User> {
    caller.scope(Permission::AgentSupervise)?;
    let user = users::get(&app.store, user).await?.value;
    caller.authorize(Permission::AgentSupervise, &Resource::owned(user.id, user.team))?;
    Ok(user)
}
