//! `POST /api/v1/boards`
use crate::api::crud;
use crate::api::dto::board::{Board, BoardBody};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Unread;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::Boards;

/// Makes a board. Audited.
#[utoipa::path(post, path = "/api/v1/boards", operation_id = "create_board", tag = "boards", request_body = BoardBody,
    responses((status = 201, description = "Made", body = Board, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, body: Unread<BoardBody>) -> ApiResult<impl IntoResponse> {
    crud::create::<Boards>(&app, &caller, body).await
}
