//! `GET /api/v1/customers`
use super::customer_view;
use crate::api::dto::Paged;
use crate::api::dto::customer::{Customer, phone};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Query;
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};
use domain::access::{Permission, Resource};
use serde::Deserialize;
use store::PageRequest;
use store::repo::customers;
use utoipa::IntoParams;

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CustomerQuery {
    /// Exactly this number, in any spelling.
    #[param(pattern = r"^\+?[0-9]{3,20}$")]
    pub phone: Option<String>,
    /// `next_cursor` of the page before.
    #[param(pattern = "^[A-Za-z0-9_-]{1,500}$")]
    pub cursor: Option<String>,
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
}

/// Customers, changed last first; masked without `customer.reveal`.
#[utoipa::path(get, path = "/api/v1/customers", operation_id = "list_customers", tag = "customers", params(CustomerQuery),
    responses((status = 200, description = "One page", body = Paged<Customer>)))]
pub async fn handler(State(app): State<App>, caller: Caller, Query(q): Query<CustomerQuery>) -> ApiResult<Json<Paged<Customer>>> {
    caller.authorize(Permission::CustomerRead, &Resource::HOUSE)?;
    if let Some(number) = &q.phone {
        phone("phone", number)?;
    }
    let page = PageRequest::parse(q.cursor.as_deref(), q.limit)?;
    let page = customers::list(&app.store, q.phone.as_deref(), page).await?;
    Ok(Json(Paged::from_page(page, |row| customer_view(caller.sight(), &row))))
}
