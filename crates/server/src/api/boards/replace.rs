//! `PUT /api/v1/boards/{id}`
use crate::api::crud;
use crate::api::dto::board::{Board, BoardBody};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::{PathId, Unread};
use crate::http::precondition::IfMatch;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::Boards;

/// Replaces a board. Audited; running calls keep what they began with.
#[utoipa::path(put, path = "/api/v1/boards/{id}", operation_id = "replace_board", tag = "boards", request_body = BoardBody,
    params(("id" = Uuid, Path, description = "Its id"), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, description = "Replaced", body = Board, headers(("ETag" = String)))))]
pub async fn handler(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
    expected: IfMatch,
    body: Unread<BoardBody>,
) -> ApiResult<impl IntoResponse> {
    crud::replace::<Boards>(&app, &caller, &id.to_string(), expected, body).await
}
