//! `GET /api/v1/teams/{id}`
use crate::api::crud;
use crate::api::dto::queue::Team;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathId;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::Teams;

/// One team, with its ETag.
#[utoipa::path(get, path = "/api/v1/teams/{id}", operation_id = "get_team", tag = "teams", params(("id" = Uuid, Path, description = "Its id")),
    responses((status = 200, description = "The team", body = Team, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId) -> ApiResult<impl IntoResponse> {
    crud::get::<Teams>(&app, &caller, &id.to_string()).await
}
