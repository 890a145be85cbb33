//! `GET /api/v1/wrap-up-codes`
use crate::api::crud::{self, PageQuery};
use crate::api::dto::{Paged, queue::Code};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Query;
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};
use store::repo::config::kind::WrapUpCodes;

/// The wrap-up codes, by name.
#[utoipa::path(get, path = "/api/v1/wrap-up-codes", operation_id = "list_wrap_up_codes", tag = "wrap_up_codes", params(PageQuery),
    responses((status = 200, description = "One page", body = Paged<Code>)))]
pub async fn handler(State(app): State<App>, caller: Caller, Query(query): Query<PageQuery>) -> ApiResult<Json<Paged<Code>>> {
    crud::list::<WrapUpCodes>(&app, &caller, &query).await
}
