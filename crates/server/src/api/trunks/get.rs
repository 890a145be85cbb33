//! `GET /api/v1/trunks/{id}`
use crate::api::crud;
use crate::api::dto::trunk::Trunk;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathId;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::Trunks;

/// One trunk, with its ETag.
#[utoipa::path(get, path = "/api/v1/trunks/{id}", operation_id = "get_trunk", tag = "trunks", params(("id" = Uuid, Path, description = "Its id")),
    responses((status = 200, description = "The trunk", body = Trunk, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId) -> ApiResult<impl IntoResponse> {
    crud::get::<Trunks>(&app, &caller, &id.to_string()).await
}
