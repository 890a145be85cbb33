//! `/api/v1/session`: signing in and out.
pub mod create;
pub mod delete;
pub mod get;

use crate::api::dto::session::SelfView;
use crate::api::dto::user::Grant;
use crate::api::dto::view;
use crate::http::problem::ApiResult;
use domain::access::Principal;
use domain::config::User;

pub fn self_view(user: &User) -> ApiResult<SelfView> {
    Ok(SelfView {
        id: user.id.0,
        username: user.username.clone(),
        display_name: user.display_name.clone(),
        roles: view(&user.roles)?,
        team: user.team.map(|t| t.0),
        extension: user.extension.clone(),
        locale: view(&user.locale)?,
        agent: user.roles.iter().any(|r| r.takes_calls()),
    })
}

pub fn permissions(principal: &Principal) -> ApiResult<Vec<Grant>> {
    principal.grants.iter().map(|(p, s)| Ok(Grant { permission: p.name().to_owned(), scope: view(s)? })).collect()
}
