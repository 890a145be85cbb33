//! `POST /api/v1/customers/{id}/reveal`
use super::customer_view;
use crate::api::dto::Validate;
use crate::api::dto::customer::{Customer, Reveal};
use crate::app::App;
use crate::audit::{self, EntryExt};
use crate::auth::Caller;
use crate::http::extract::{PathId, Unread};
use crate::http::problem::ApiResult;
use crate::stream::mask::Sight;
use axum::{Json, extract::State};
use domain::access::{Permission, Resource};
use store::repo::customers;

/// Shows one card unmasked, for a reason that is kept in the audit.
#[utoipa::path(post, path = "/api/v1/customers/{id}/reveal", operation_id = "reveal_customer", tag = "customers", request_body = Reveal,
    params(("id" = Uuid, Path, description = "The customer")),
    responses((status = 200, description = "The card in clear", body = Customer)))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId, body: Unread<Reveal>) -> ApiResult<Json<Customer>> {
    caller.authorize(Permission::CustomerReveal, &Resource::HOUSE)?;
    let body = body.parse()?;
    body.check()?;
    let row = customers::get(&app.store, id.into()).await?;
    let tx = app.store.begin(app.now()).await?;
    audit::by(&caller, "customer.reveal").on("customer", id).with("reason", body.reason).write(&tx).await?;
    tx.commit().await?;
    Ok(Json(customer_view(Sight::Clear, &row)))
}
