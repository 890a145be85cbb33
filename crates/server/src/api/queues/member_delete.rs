//! `DELETE /api/v1/queues/{id}/members/{user}`
use super::change_members;
use crate::api::agents::supervised;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathIds;
use crate::http::problem::ApiResult;
use axum::extract::State;
use axum::http::StatusCode;

/// Takes somebody out of a queue; what they serve goes on. Audited.
#[utoipa::path(delete, path = "/api/v1/queues/{id}/members/{user}", operation_id = "delete_queue_member", tag = "queues",
    params(("id" = Uuid, Path, description = "The queue"), ("user" = Uuid, Path, description = "The agent")),
    responses((status = 204, description = "No member any more"), (status = 404, description = "Was none")))]
pub async fn handler(State(app): State<App>, caller: Caller, PathIds(queue, user): PathIds) -> ApiResult<StatusCode> {
    let user = supervised(&app, &caller, user.into()).await?.id;
    change_members(&app, &caller, queue.into(), "queue.delete_member", user, |members| {
        let before = members.len();
        members.retain(|m| m.user != user);
        members.len() < before
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
