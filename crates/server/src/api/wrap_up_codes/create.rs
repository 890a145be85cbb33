//! `POST /api/v1/wrap-up-codes`
use crate::api::crud;
use crate::api::dto::queue::{Code, CodeBody};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Unread;
use crate::http::problem::ApiResult;
use axum::{extract::State, response::IntoResponse};
use store::repo::config::kind::WrapUpCodes;

/// Makes a wrap-up code. Audited.
#[utoipa::path(post, path = "/api/v1/wrap-up-codes", operation_id = "create_wrap_up_code", tag = "wrap_up_codes", request_body = CodeBody,
    responses((status = 201, description = "Made", body = Code, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, body: Unread<CodeBody>) -> ApiResult<impl IntoResponse> {
    crud::create::<WrapUpCodes>(&app, &caller, body).await
}
