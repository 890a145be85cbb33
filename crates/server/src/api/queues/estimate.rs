//! `GET /api/v1/queues/{id}/estimate`
use crate::api::dto::queue::WaitEstimate;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathId;
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};
use domain::access::{Permission, Resource};
use engine::handle::Command;
use store::repo::config::{self, kind::Queues};

/// How long a caller who comes now would wait, and how good such promises have been. At most a second old.
#[utoipa::path(get, path = "/api/v1/queues/{id}/estimate", operation_id = "get_queue_estimate", tag = "queues",
    params(("id" = Uuid, Path, description = "The queue")),
    responses((status = 200, description = "The estimate", body = WaitEstimate)))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId) -> ApiResult<Json<WaitEstimate>> {
    caller.authorize(Permission::ConfigRead, &Resource::HOUSE)?;
    config::get::<Queues>(&app.store, &id.to_string()).await?;
    let outlook = app.engine.ask(|reply| Command::Outlook { queue: id.into(), reply }).await?;
    Ok(Json(WaitEstimate::of(&outlook)))
}
