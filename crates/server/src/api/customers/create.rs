//! `POST /api/v1/customers`
use super::customer_view;
use crate::api::crud::json_id;
use crate::api::dto::Validate;
use crate::api::dto::common::same_with;
use crate::api::dto::customer::{Customer, CustomerBody};
use crate::app::App;
use crate::audit::{self, EntryExt};
use crate::auth::Caller;
use crate::http::extract::Unread;
use crate::http::precondition::etag;
use crate::http::problem::ApiResult;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::CustomerId;
use domain::access::{Permission, Resource};
use store::repo::{Versioned, customers};

/// Makes a customer's card. Audited.
#[utoipa::path(post, path = "/api/v1/customers", operation_id = "create_customer", tag = "customers", request_body = CustomerBody,
    responses((status = 201, description = "Made", body = Customer, headers(("ETag" = String)))))]
pub async fn handler(State(app): State<App>, caller: Caller, body: Unread<CustomerBody>) -> ApiResult<impl IntoResponse> {
    caller.authorize(Permission::CustomerWrite, &Resource::HOUSE)?;
    let body = body.parse()?;
    body.check()?;
    let id = app.new_id(CustomerId::from_parts);
    let customer: domain::config::Customer = same_with(&body, &[("id", json_id(id)?)])?;
    let tx = app.store.begin(app.now()).await?;
    let version = customers::insert(&tx, &customer).await?;
    audit::by(&caller, "customer.create").on("customer", id).write(&tx).await?;
    tx.commit().await?;
    let row = Versioned { version, value: customer };
    Ok((StatusCode::CREATED, etag(version), Json(customer_view(caller.sight(), &row))))
}
