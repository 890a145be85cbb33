//! `GET /api/v1/live`
use crate::api::dto::live::Live;
use crate::app::App;
use crate::auth::Caller;
use crate::http::problem::ApiResult;
use crate::stream::mask::live_view;
use axum::{Json, extract::State};
use domain::access::{Permission, Resource};
use store::repo::users;

/// Agents, waiting callers, offers, calls and trunks at this moment.
#[utoipa::path(get, path = "/api/v1/live", operation_id = "get_live", tag = "live",
    responses((status = 200, description = "Everything live", body = Live)))]
pub async fn handler(State(app): State<App>, caller: Caller) -> ApiResult<Json<Live>> {
    caller.authorize(Permission::LiveView, &Resource::HOUSE)?;
    let snapshot = app.engine.snapshot().await?;
    let names = users::all(&app.store).await?.into_iter().map(|u| (u.id, u.display_name)).collect();
    Ok(Json(live_view(caller.sight(), &snapshot, &names)))
}
