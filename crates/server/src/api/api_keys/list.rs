//! `GET /api/v1/api-keys`
use super::key_view;
use crate::api::crud::PageQuery;
use crate::api::dto::Paged;
use crate::api::dto::user::ApiKey;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Query;
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};
use domain::access::{Permission, Resource};
use store::repo::api_keys;

/// The keys that are not revoked, without their secrets.
#[utoipa::path(get, path = "/api/v1/api-keys", operation_id = "list_api_keys", tag = "api_keys", params(PageQuery),
    responses((status = 200, description = "One page", body = Paged<ApiKey>)))]
pub async fn handler(State(app): State<App>, caller: Caller, Query(query): Query<PageQuery>) -> ApiResult<Json<Paged<ApiKey>>> {
    caller.authorize(Permission::ApiKeyManage, &Resource::HOUSE)?;
    let page = api_keys::list(&app.store, query.request()?).await?;
    let items = page.items.into_iter().map(key_view).collect::<ApiResult<_>>()?;
    Ok(Json(Paged { items, next_cursor: page.next_cursor }))
}
