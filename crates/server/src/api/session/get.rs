//! `GET /api/v1/session`
use super::{permissions, self_view};
use crate::api::dto::session::Session;
use crate::auth::Caller;
use crate::auth::caller::Credential;
use crate::http::problem::ApiResult;
use axum::Json;

/// Who am I, and what may I do.
#[utoipa::path(get, path = "/api/v1/session", operation_id = "get_session", tag = "session",
    responses((status = 200, description = "The caller", body = Session)))]
pub async fn handler(caller: Caller) -> ApiResult<Json<Session>> {
    let (csrf, expires_at) = match &caller.credential {
        Credential::Session { csrf, expires_at, .. } => (csrf.clone(), Some(expires_at.as_us())),
        Credential::ApiKey { expires_at, .. } => (String::new(), expires_at.map(|t| t.as_us())),
    };
    let user = caller.user.as_ref().map(self_view).transpose()?;
    Ok(Json(Session { csrf, user, permissions: permissions(&caller.principal)?, expires_at }))
}
