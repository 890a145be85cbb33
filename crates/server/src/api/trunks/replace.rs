//! `PUT /api/v1/trunks/{id}`
use crate::api::crud;
use crate::api::dto::trunk::{Trunk, TrunkBody};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::{PathId, Unread};
use crate::http::precondition::IfMatch;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::Trunks;

/// Replaces a trunk. Audited; running calls keep what they began with.
#[utoipa::path(put, path = "/api/v1/trunks/{id}", operation_id = "replace_trunk", tag = "trunks", request_body = TrunkBody,
    params(("id" = Uuid, Path, description = "Its id"), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, description = "Replaced", body = Trunk, headers(("ETag" = String)))))]
pub async fn handler(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
    expected: IfMatch,
    body: Unread<TrunkBody>,
) -> ApiResult<impl IntoResponse> {
    crud::replace::<Trunks>(&app, &caller, &id.to_string(), expected, body).await
}
