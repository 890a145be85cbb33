//! `GET /api/v1/customers/{id}`
use super::customer_view;
use crate::api::dto::customer::CustomerDetail;
use crate::api::interactions::summary::Names;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathId;
use crate::http::precondition::etag;
use crate::http::problem::ApiResult;
use axum::response::IntoResponse;
use axum::{Json, extract::State};
use domain::access::{Permission, Resource, Scope, scope_of};
use store::PageRequest;
use store::repo::customers;
use store::repo::interactions::{self, InteractionFilter};

/// Interactions shown beside a customer.
pub const RECENT_MAX: u32 = 5;

/// One customer, with the last interactions that the caller may see.
#[utoipa::path(get, path = "/api/v1/customers/{id}", operation_id = "get_customer", tag = "customers",
    params(("id" = Uuid, Path, description = "The customer")),
    responses((status = 200, description = "The card", body = CustomerDetail, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId) -> ApiResult<impl IntoResponse> {
    caller.authorize(Permission::CustomerRead, &Resource::HOUSE)?;
    let row = customers::get(&app.store, id.into()).await?;
    let mut filter = InteractionFilter { customer: Some(id.into()), ..InteractionFilter::default() };
    let see_any = match (scope_of(&caller.principal, Permission::InteractionRead), caller.principal.team) {
        (Some(Scope::All), _) => true,
        (Some(Scope::Team), Some(team)) => {
            filter.agent_team = Some(team);
            true
        }
        (Some(_), _) => {
            filter.agent = Some(caller.principal.user);
            true
        }
        (None, _) => false,
    };
    let mut recent = Vec::new();
    if see_any {
        let page = interactions::list(&app.store, &filter, PageRequest { cursor: None, limit: Some(RECENT_MAX) }).await?;
        let names = Names::of(&app, &page.items).await?;
        recent = page.items.iter().map(|i| names.summary(caller.sight(), i)).collect::<ApiResult<_>>()?;
    }
    Ok((etag(row.version), Json(CustomerDetail { customer: customer_view(caller.sight(), &row), recent })))
}
