//! `GET /api/v1/phone/config`
use crate::api::dto::live::PhoneConfig;
use crate::app::App;
use crate::auth::Caller;
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};

/// A page that comes back within this time keeps its call.
const RESUME_MS: u64 = 15_000;

/// What the softphone needs to know.
#[utoipa::path(get, path = "/api/v1/phone/config", operation_id = "get_phone_config", tag = "me",
    responses((status = 200, description = "Set-up of the softphone", body = PhoneConfig)))]
pub async fn handler(State(app): State<App>, caller: Caller) -> ApiResult<Json<PhoneConfig>> {
    caller.agent()?;
    let codecs = ["PCMU", "PCMA", "G722", "opus"].map(str::to_owned).to_vec();
    Ok(Json(PhoneConfig { codecs, resume_ms: RESUME_MS, demo: app.demo }))
}
