//! `POST /api/v1/setup`
use crate::api::dto::common::text;
use crate::api::dto::session::{SelfView, Setup};
use crate::api::dto::user;
use crate::api::session::self_view;
use crate::app::App;
use crate::audit::{self, Actor, EntryExt};
use crate::auth::authenticate::ClientAddress;
use crate::auth::passwords;
use crate::http::extract::Unread;
use crate::http::problem::{ApiResult, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use domain::UserId;
use domain::access::Role;
use domain::config::{Locale, User};
use store::repo::{setup, users};

/// Makes the first administrator (set-up and security) from the one-time link's token. Works once. Audited.
#[utoipa::path(post, path = "/api/v1/setup", operation_id = "set_up", tag = "session", request_body = Setup, security(()),
    responses((status = 201, description = "The first administrator exists", body = SelfView),
        (status = 409, description = "Somebody exists already, or the token is unknown, used or too old")))]
pub async fn handler(
    State(app): State<App>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    body: Unread<Setup>,
) -> ApiResult<(StatusCode, Json<SelfView>)> {
    let body = body.parse()?;
    text("token", &body.token, 1, 100)?;
    user::username("username", &body.username)?;
    text("display_name", &body.display_name, 1, 80)?;
    user::password("password", &body.password)?;
    let over = || Problem::conflict("the set-up link is unknown, used or too old");
    // Looked at before the costly hash, decided again within the transaction.
    if !setup::is_valid(&app.store, &body.token, app.now()).await? {
        return Err(over());
    }
    let hash = passwords::hash(&app, body.password).await?;
    let user = User {
        id: app.new_id(UserId::from_parts),
        username: body.username,
        display_name: body.display_name,
        roles: vec![Role::Admin, Role::SecurityAdmin],
        team: None,
        extension: None,
        locale: Locale::ZhCn,
        skills: Default::default(),
        capacity: None,
        disabled: false,
    };
    let tx = app.store.begin(app.now()).await?;
    if users::count(&tx).await? > 0 || !setup::consume(&tx, &body.token).await? {
        return Err(over());
    }
    users::insert(&tx, &user).await?;
    users::set_password_hash(&tx, user.id, &hash).await?;
    audit::from_address(Actor::Anonymous, "setup.complete", address, "").on("user", user.id).write(&tx).await?;
    tx.commit().await?;
    app.engine.config_changed().await;
    Ok((StatusCode::CREATED, Json(self_view(&user)?)))
}
