//! `PATCH /api/v1/me`
use crate::api::dto::same;
use crate::api::dto::session::{SelfPatch, SelfView};
use crate::api::session::self_view;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Unread;
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};
use domain::config::User;
use store::repo::users;

/// Changes the caller's own language.
#[utoipa::path(patch, path = "/api/v1/me", operation_id = "patch_me", tag = "me", request_body = SelfPatch,
    responses((status = 200, description = "Changed", body = SelfView)))]
pub async fn handler(State(app): State<App>, caller: Caller, body: Unread<SelfPatch>) -> ApiResult<Json<SelfView>> {
    let id = caller.person()?.id;
    let body = body.parse()?;
    let tx = app.store.begin(app.now()).await?;
    let row = users::get(&tx, id).await?;
    let user = User { locale: same(&body.locale)?, ..row.value };
    users::update(&tx, &user, row.version).await?;
    tx.commit().await?;
    app.engine.config_changed().await;
    Ok(Json(self_view(&user)?))
}
