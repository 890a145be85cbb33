//! `GET /api/v1/numbers/{id}`
use crate::api::crud;
use crate::api::dto::number::Number;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathId;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::Numbers;

/// One number, with its ETag.
#[utoipa::path(get, path = "/api/v1/numbers/{id}", operation_id = "get_number", tag = "numbers", params(("id" = Uuid, Path, description = "Its id")),
    responses((status = 200, description = "The number", body = Number, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId) -> ApiResult<impl IntoResponse> {
    crud::get::<Numbers>(&app, &caller, &id.to_string()).await
}
