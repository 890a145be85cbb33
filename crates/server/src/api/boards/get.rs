//! `GET /api/v1/boards/{id}`
use crate::api::crud;
use crate::api::dto::board::Board;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathId;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::Boards;

/// One board, with its ETag.
#[utoipa::path(get, path = "/api/v1/boards/{id}", operation_id = "get_board", tag = "boards", params(("id" = Uuid, Path, description = "Its id")),
    responses((status = 200, description = "The board", body = Board, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId) -> ApiResult<impl IntoResponse> {
    crud::get::<Boards>(&app, &caller, &id.to_string()).await
}
