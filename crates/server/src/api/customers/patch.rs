//! `PATCH /api/v1/customers/{id}`
use super::customer_view;
use crate::api::crud::json_id;
use crate::api::dto::Validate;
use crate::api::dto::common::{WithoutId, same_with};
use crate::api::dto::customer::{Customer, CustomerBody, CustomerPatch};
use crate::api::dto::view;
use crate::app::App;
use crate::audit::{self, EntryExt};
use crate::auth::Caller;
use crate::http::extract::{PathId, Unread};
use crate::http::precondition::{IfMatch, etag};
use crate::http::problem::ApiResult;
use axum::response::IntoResponse;
use axum::{Json, extract::State};
use domain::access::{Permission, Resource};
use store::repo::{Versioned, customers};

/// Changes the given fields of a card. Audited with the names of the fields.
#[utoipa::path(patch, path = "/api/v1/customers/{id}", operation_id = "patch_customer", tag = "customers", request_body = CustomerPatch,
    params(("id" = Uuid, Path, description = "The customer"), ("If-Match" = String, Header, description = "The ETag that was read")),
    responses((status = 200, description = "Changed", body = Customer, headers(("ETag" = String)))))]
pub async fn handler(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
    expected: IfMatch,
    body: Unread<CustomerPatch>,
) -> ApiResult<impl IntoResponse> {
    caller.authorize(Permission::CustomerWrite, &Resource::HOUSE)?;
    let patch = body.parse()?;
    let tx = app.store.begin(app.now()).await?;
    let row = customers::get(&tx, id.into()).await?;
    let (card, changed) = apply(view(&WithoutId(&row.value))?, patch);
    card.check()?;
    let customer = same_with(&card, &[("id", json_id(row.value.id)?)])?;
    let version = customers::update(&tx, &customer, expected.version()?).await?;
    audit::by(&caller, "customer.update").on("customer", id).with("fields", changed).write(&tx).await?;
    tx.commit().await?;
    Ok((etag(version), Json(customer_view(caller.sight(), &Versioned { version, value: customer }))))
}

fn apply(mut card: CustomerBody, patch: CustomerPatch) -> (CustomerBody, Vec<&'static str>) {
    let mut changed = Vec::new();
    macro_rules! take {
        ($($field:ident),*) => {$(
            if let Some(value) = patch.$field {
                card.$field = value;
                changed.push(stringify!($field));
            }
        )*};
    }
    take!(name, phones, email, company, tags, vip, note, announcement);
    (card, changed)
}
