//! `/api/v1/api-keys`: keys for programs.
pub mod create;
pub mod delete;
pub mod list;

use crate::api::dto::user::{ApiKey, Grant};
use crate::api::dto::view;
use crate::auth::authenticate::grants_of;
use crate::http::problem::ApiResult;
use store::repo::api_keys;

pub fn key_view(key: api_keys::ApiKey) -> ApiResult<ApiKey> {
    let grants = grants_of(&key.permissions);
    let grants = grants.iter().map(|(p, s)| Ok(Grant { permission: p.name().to_owned(), scope: view(s)? }));
    Ok(ApiKey {
        id: key.id.0,
        name: key.name,
        prefix: key.prefix,
        grants: grants.collect::<ApiResult<_>>()?,
        created_at: key.created_at.as_us(),
        expires_at: key.expires_at.map(|t| t.as_us()),
        last_used_at: key.last_used_at.map(|t| t.as_us()),
        revoked_at: key.revoked_at.map(|t| t.as_us()),
    })
}
