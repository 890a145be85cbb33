//! `GET /api/v1/prompts`
use crate::api::crud::{self, PageQuery};
use crate::api::dto::{Paged, prompt::Prompt};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Query;
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};
use store::repo::config::kind::Prompts;

/// The prompts, by name.
#[utoipa::path(get, path = "/api/v1/prompts", operation_id = "list_prompts", tag = "prompts", params(PageQuery),
    responses((status = 200, description = "One page", body = Paged<Prompt>)))]
pub async fn handler(State(app): State<App>, caller: Caller, Query(query): Query<PageQuery>) -> ApiResult<Json<Paged<Prompt>>> {
    crud::list::<Prompts>(&app, &caller, &query).await
}
