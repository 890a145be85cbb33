//! `DELETE /api/v1/boards/{id}`
use crate::api::crud;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathId;
use crate::http::precondition::IfMatch;
use crate::http::problem::ApiResult;
use axum::extract::State;
use axum::http::StatusCode;
use store::repo::config::kind::Boards;

/// Deletes a board that nothing else needs (409 otherwise). Audited.
#[utoipa::path(delete, path = "/api/v1/boards/{id}", operation_id = "delete_board", tag = "boards",
    params(("id" = Uuid, Path, description = "Its id"), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 204, description = "Deleted"), (status = 409, description = "Still in use")))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId, expected: IfMatch) -> ApiResult<StatusCode> {
    crud::delete::<Boards>(&app, &caller, &id.to_string(), expected).await
}
