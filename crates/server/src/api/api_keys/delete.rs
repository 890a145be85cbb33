//! `DELETE /api/v1/api-keys/{id}`
use crate::app::App;
use crate::audit::{self, EntryExt};
use crate::auth::Caller;
use crate::http::extract::PathId;
use crate::http::problem::ApiResult;
use axum::extract::State;
use axum::http::StatusCode;
use domain::access::{Permission, Resource};
use store::repo::api_keys;

/// Revokes a key: it stops to work at once. Audited.
#[utoipa::path(delete, path = "/api/v1/api-keys/{id}", operation_id = "revoke_api_key", tag = "api_keys",
    params(("id" = Uuid, Path, description = "The key")), responses((status = 204, description = "Revoked")))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId) -> ApiResult<StatusCode> {
    caller.authorize(Permission::ApiKeyManage, &Resource::HOUSE)?;
    let tx = app.store.begin(app.now()).await?;
    api_keys::revoke(&tx, id.into()).await?;
    audit::by(&caller, "api_key.revoke").on("api_key", id).write(&tx).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
