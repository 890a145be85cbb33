//! `POST /api/v1/api-keys`
use super::key_view;
use crate::api::dto::Validate;
use crate::api::dto::user::{CreatedApiKey, NewApiKey};
use crate::app::App;
use crate::audit::{self, EntryExt};
use crate::auth::Caller;
use crate::http::extract::Unread;
use crate::http::problem::{ApiResult, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::access::{Permission, Resource};
use domain::{ApiKeyId, Timestamp};
use secrecy::ExposeSecret;
use store::repo::api_keys;

/// Makes a key and shows its secret this once. Audited.
#[utoipa::path(post, path = "/api/v1/api-keys", operation_id = "create_api_key", tag = "api_keys", request_body = NewApiKey,
    responses((status = 201, description = "Made", body = CreatedApiKey)))]
pub async fn handler(State(app): State<App>, caller: Caller, body: Unread<NewApiKey>) -> ApiResult<(StatusCode, Json<CreatedApiKey>)> {
    caller.authorize(Permission::ApiKeyManage, &Resource::HOUSE)?;
    let body = body.parse()?;
    body.check()?;
    for (i, grant) in body.grants.iter().enumerate() {
        if grant.permission.parse::<Permission>().is_err() {
            return Err(Problem::invalid(&format!("grants.{i}.permission"), "no such permission"));
        }
    }
    let new = api_keys::NewApiKey {
        id: app.new_id(ApiKeyId::from_parts),
        name: body.name,
        owner: None,
        permissions: serde_json::to_value(&body.grants).map_err(|e| Problem::internal(&e))?,
        created_by: caller.user.as_ref().map(|u| u.id),
        expires_at: body.expires_at.map(Timestamp),
    };
    let tx = app.store.begin(app.now()).await?;
    let (key, secret) = api_keys::create(&tx, new).await?;
    audit::by(&caller, "api_key.create").on("api_key", key.id).with("prefix", key.prefix.clone()).write(&tx).await?;
    tx.commit().await?;
    let created = CreatedApiKey { key: key_view(key)?, secret: secret.expose_secret().to_owned() };
    Ok((StatusCode::CREATED, Json(created)))
}
