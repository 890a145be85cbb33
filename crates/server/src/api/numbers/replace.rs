//! `PUT /api/v1/numbers/{id}`
use crate::api::crud;
use crate::api::dto::number::{Number, NumberBody};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::{PathId, Unread};
use crate::http::precondition::IfMatch;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::Numbers;

/// Replaces a number. Audited; running calls keep what they began with.
#[utoipa::path(put, path = "/api/v1/numbers/{id}", operation_id = "replace_number", tag = "numbers", request_body = NumberBody,
    params(("id" = Uuid, Path, description = "Its id"), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, description = "Replaced", body = Number, headers(("ETag" = String)))))]
pub async fn handler(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
    expected: IfMatch,
    body: Unread<NumberBody>,
) -> ApiResult<impl IntoResponse> {
    crud::replace::<Numbers>(&app, &caller, &id.to_string(), expected, body).await
}
