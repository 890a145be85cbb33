//! `POST /api/v1/teams`
use crate::api::crud;
use crate::api::dto::queue::{Team, TeamBody};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Unread;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::Teams;

/// Makes a team. Audited.
#[utoipa::path(post, path = "/api/v1/teams", operation_id = "create_team", tag = "teams", request_body = TeamBody,
    responses((status = 201, description = "Made", body = Team, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, body: Unread<TeamBody>) -> ApiResult<impl IntoResponse> {
    crud::create::<Teams>(&app, &caller, body).await
}
