//! `GET /api/v1/wrap-up-codes/{key}`
use crate::api::crud;
use crate::api::dto::queue::Code;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathKey;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::WrapUpCodes;

/// One wrap-up code, with its ETag.
#[utoipa::path(get, path = "/api/v1/wrap-up-codes/{key}", operation_id = "get_wrap_up_code", tag = "wrap_up_codes", params(("key" = String, Path, description = "Its key", pattern = "^[a-z0-9_-]{1,40}$")),
    responses((status = 200, description = "The wrap-up code", body = Code, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, PathKey(key): PathKey) -> ApiResult<impl IntoResponse> {
    crud::get::<WrapUpCodes>(&app, &caller, &key).await
}
