//! `/api/v1/users`: people who sign in.
pub mod create;
pub mod get;
pub mod list;
pub mod password;
pub mod phone_password;
pub mod replace;
pub mod unlock;

use crate::api::dto::user::User;
use crate::api::dto::view;
use crate::app::App;
use crate::http::problem::{ApiResult, Problem};
use domain::access::Resource;
use store::repo::config::{
    self,
    kind::{CapacityProfiles, Teams},
};
use store::repo::{Versioned, users};
use store::{StoreError, Tx};

pub async fn user_view(app: &App, row: Versioned<domain::config::User>) -> ApiResult<User> {
    let now = app.now();
    let credentials = users::credentials_by_id(&app.store, row.value.id).await?;
    let u = row.value;
    Ok(User {
        id: u.id.0,
        version: row.version,
        roles: view(&u.roles)?,
        team: u.team.map(|t| t.0),
        locale: view(&u.locale)?,
        username: u.username,
        display_name: u.display_name,
        extension: u.extension,
        skills: u.skills,
        capacity: u.capacity,
        disabled: u.disabled,
        locked_until_at: credentials.locked_until.filter(|t| *t > now).map(|t| t.as_us()),
    })
}

pub fn resource(user: &domain::config::User) -> Resource {
    Resource::owned(user.id, user.team)
}

/// # Errors
/// 409 when the body names a team or a capacity profile that does not exist.
pub async fn check_names(tx: &Tx, user: &domain::config::User) -> ApiResult<()> {
    if let Some(key) = &user.capacity
        && config::find_by_key::<CapacityProfiles>(tx, key).await?.is_none()
    {
        return Err(Problem::conflict("no such capacity profile").field("capacity"));
    }
    let Some(team) = user.team else { return Ok(()) };
    match config::get::<Teams>(tx, &team.to_string()).await {
        Ok(_) => Ok(()),
        Err(StoreError::NotFound(_)) => Err(Problem::conflict("no such team").field("team")),
        Err(e) => Err(e.into()),
    }
}
