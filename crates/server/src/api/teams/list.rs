//! `GET /api/v1/teams`
use crate::api::crud::{self, PageQuery};
use crate::api::dto::{Paged, queue::Team};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Query;
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};
use store::repo::config::kind::Teams;

/// The teams, by name.
#[utoipa::path(get, path = "/api/v1/teams", operation_id = "list_teams", tag = "teams", params(PageQuery),
    responses((status = 200, description = "One page", body = Paged<Team>)))]
pub async fn handler(State(app): State<App>, caller: Caller, Query(query): Query<PageQuery>) -> ApiResult<Json<Paged<Team>>> {
    crud::list::<Teams>(&app, &caller, &query).await
}
