//! `GET /api/v1/boards`
use crate::api::crud::{self, PageQuery};
use crate::api::dto::{Paged, board::Board};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Query;
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};
use store::repo::config::kind::Boards;

/// The boards, by key.
#[utoipa::path(get, path = "/api/v1/boards", operation_id = "list_boards", tag = "boards", params(PageQuery),
    responses((status = 200, description = "One page", body = Paged<Board>)))]
pub async fn handler(State(app): State<App>, caller: Caller, Query(query): Query<PageQuery>) -> ApiResult<Json<Paged<Board>>> {
    crud::list::<Boards>(&app, &caller, &query).await
}
