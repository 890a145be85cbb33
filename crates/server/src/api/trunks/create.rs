//! `POST /api/v1/trunks`
use crate::api::crud;
use crate::api::dto::trunk::{Trunk, TrunkBody};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Unread;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::Trunks;

/// Makes a trunk. Audited.
#[utoipa::path(post, path = "/api/v1/trunks", operation_id = "create_trunk", tag = "trunks", request_body = TrunkBody,
    responses((status = 201, description = "Made", body = Trunk, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, body: Unread<TrunkBody>) -> ApiResult<impl IntoResponse> {
    crud::create::<Trunks>(&app, &caller, body).await
}
