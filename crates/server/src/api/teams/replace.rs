//! `PUT /api/v1/teams/{id}`
use crate::api::crud;
use crate::api::dto::queue::{Team, TeamBody};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::{PathId, Unread};
use crate::http::precondition::IfMatch;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::Teams;

/// Replaces a team. Audited; running calls keep what they began with.
#[utoipa::path(put, path = "/api/v1/teams/{id}", operation_id = "replace_team", tag = "teams", request_body = TeamBody,
    params(("id" = Uuid, Path, description = "Its id"), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, description = "Replaced", body = Team, headers(("ETag" = String)))))]
pub async fn handler(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
    expected: IfMatch,
    body: Unread<TeamBody>,
) -> ApiResult<impl IntoResponse> {
    crud::replace::<Teams>(&app, &caller, &id.to_string(), expected, body).await
}
