//! `POST /api/v1/numbers`
use crate::api::crud;
use crate::api::dto::number::{Number, NumberBody};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Unread;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::Numbers;

/// Makes a number. Audited.
#[utoipa::path(post, path = "/api/v1/numbers", operation_id = "create_number", tag = "numbers", request_body = NumberBody,
    responses((status = 201, description = "Made", body = Number, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, body: Unread<NumberBody>) -> ApiResult<impl IntoResponse> {
    crud::create::<Numbers>(&app, &caller, body).await
}
