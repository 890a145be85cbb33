//! `GET /api/v1/users`
use super::user_view;
use crate::api::crud::PageQuery;
use crate::api::dto::Paged;
use crate::api::dto::user::User;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Query;
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};
use domain::access::{Permission, Scope};
use store::repo::users::{self, UserFilter};

/// People within the caller's scope, by user name.
#[utoipa::path(get, path = "/api/v1/users", operation_id = "list_users", tag = "users", params(PageQuery),
    responses((status = 200, description = "One page", body = Paged<User>)))]
pub async fn handler(State(app): State<App>, caller: Caller, Query(query): Query<PageQuery>) -> ApiResult<Json<Paged<User>>> {
    let mut filter = UserFilter::default();
    match (caller.scope(Permission::UserRead)?, caller.principal.team) {
        (Scope::All, _) => {}
        (Scope::Team, Some(team)) => filter.team = Some(team),
        _ => filter.only = Some(caller.principal.user),
    }
    let page = users::list(&app.store, &filter, query.request()?).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        items.push(user_view(&app, row).await?);
    }
    Ok(Json(Paged { items, next_cursor: page.next_cursor }))
}
