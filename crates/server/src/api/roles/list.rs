//! `GET /api/v1/roles`
use crate::api::dto::user::{Grant, RoleView, Roles};
use crate::api::dto::view;
use crate::auth::Caller;
use crate::http::problem::ApiResult;
use axum::Json;
use domain::access::{Permission, Role, grants_of};

/// The roles with their permissions and scopes.
#[utoipa::path(get, path = "/api/v1/roles", operation_id = "list_roles", tag = "users",
    responses((status = 200, description = "All roles", body = Roles)))]
pub async fn handler(caller: Caller) -> ApiResult<Json<Roles>> {
    caller.scope(Permission::UserRead)?;
    Ok(Json(Roles { items: Role::ALL.iter().map(role).collect::<ApiResult<_>>()? }))
}

fn role(role: &Role) -> ApiResult<RoleView> {
    let grants = grants_of(*role).iter().map(|(p, s)| Ok(Grant { permission: p.name().to_owned(), scope: view(s)? }));
    Ok(RoleView { role: view(role)?, grants: grants.collect::<ApiResult<_>>()?, takes_calls: role.takes_calls() })
}
