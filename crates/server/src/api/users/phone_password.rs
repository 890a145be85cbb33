//! `POST /api/v1/users/{id}/phone-password`
use super::resource;
use crate::api::dto::user::PhonePassword;
use crate::app::App;
use crate::audit::{self, EntryExt};
use crate::auth::Caller;
use crate::http::extract::PathId;
use crate::http::problem::{ApiResult, Problem};
use axum::{Json, extract::State};
use domain::access::Permission;
use store::SipSecret;
use store::repo::users;

/// Characters of a phone password: none that look alike, since people type it into desk phones.
const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
const LENGTH: usize = 16;

/// Makes a new password for the user's desk phone and shows it this once. The old one stops to work. Audited.
#[utoipa::path(post, path = "/api/v1/users/{id}/phone-password", operation_id = "make_phone_password", tag = "users",
    params(("id" = Uuid, Path, description = "The user")),
    responses((status = 200, description = "The new password", body = PhonePassword), (status = 409, description = "The user has no extension")))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId) -> ApiResult<Json<PhonePassword>> {
    caller.scope(Permission::UserManage)?;
    let user = users::get(&app.store, id.into()).await?.value;
    caller.authorize(Permission::UserManage, &resource(&user))?;
    let Some(extension) = user.extension.clone() else { return Err(Problem::conflict("the user has no extension")) };
    // Two bytes a character: the remainder of 65 536 by the alphabet's length skews the choice by less than 0.1 %.
    let random: [u8; LENGTH * 2] = app.ids.bytes();
    let pick = |pair: &[u8]| char::from(ALPHABET[usize::from(u16::from_be_bytes([pair[0], pair[1]])) % ALPHABET.len()]);
    let password: String = random.chunks_exact(2).map(pick).collect();
    let realm = app.config.sip.realm.clone();
    let tx = app.store.begin(app.now()).await?;
    users::set_sip_secret(&tx, user.id, Some(&SipSecret::derive(&extension, &realm, &password))).await?;
    audit::by(&caller, "user.phone_password").on("user", id).write(&tx).await?;
    tx.commit().await?;
    app.engine.config_changed().await;
    Ok(Json(PhonePassword { extension, realm, password }))
}
