//! `PUT /api/v1/queues/{id}/members/{user}`
use super::change_members;
use crate::api::agents::supervised;
use crate::api::dto::Validate;
use crate::api::dto::queue::MemberBody;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::{PathIds, Unread};
use crate::http::problem::ApiResult;
use axum::extract::State;
use axum::http::StatusCode;
use domain::config::QueueMember;

/// Puts somebody into a queue, or changes their level and weight there. Audited.
#[utoipa::path(put, path = "/api/v1/queues/{id}/members/{user}", operation_id = "put_queue_member", tag = "queues", request_body = MemberBody,
    params(("id" = Uuid, Path, description = "The queue"), ("user" = Uuid, Path, description = "The agent")),
    responses((status = 204, description = "A member"), (status = 409, description = "The queue has too many members")))]
pub async fn handler(
    State(app): State<App>,
    caller: Caller,
    PathIds(queue, user): PathIds,
    body: Unread<MemberBody>,
) -> ApiResult<StatusCode> {
    let user = supervised(&app, &caller, user.into()).await?.id;
    let body = body.parse()?;
    body.check()?;
    let member = QueueMember { user, level: body.level, weight: body.weight };
    change_members(&app, &caller, queue.into(), "queue.put_member", user, |members| {
        match members.iter_mut().find(|m| m.user == user) {
            Some(standing) => *standing = member,
            None => members.push(member),
        }
        true
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
