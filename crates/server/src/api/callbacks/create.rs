//! `POST /api/v1/callbacks`
use super::seen;
use crate::api::dto::Validate;
use crate::api::dto::callback::{Callback, CallbackBody, CallbackMode};
use crate::app::App;
use crate::audit::{self, EntryExt};
use crate::auth::Caller;
use crate::http::extract::Unread;
use crate::http::problem::ApiResult;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::access::{Permission, Resource};
use domain::{Pii, Timestamp, config};
use engine::handle::{CallbackWish, Command};

/// Has a customer called back by a queue: at once, in the place of somebody who comes now, or from an agreed time on. Audited.
#[utoipa::path(post, path = "/api/v1/callbacks", operation_id = "request_callback", tag = "callbacks", request_body = CallbackBody,
    responses((status = 201, description = "Taken", body = Callback), (status = 404, description = "No such queue"),
        (status = 409, description = "The number already waits for a callback of this queue, or too many are open")))]
pub async fn handler(State(app): State<App>, caller: Caller, body: Unread<CallbackBody>) -> ApiResult<(StatusCode, Json<Callback>)> {
    caller.authorize(Permission::CallbackWrite, &Resource::HOUSE)?;
    let body = body.parse()?;
    body.check()?;
    let wish = CallbackWish {
        queue: body.queue.into(),
        number: Pii::new(body.number),
        customer: body.customer.map(Into::into),
        priority: body.priority,
        mode: body.mode.map(|mode| match mode {
            CallbackMode::AgentFirst => config::CallbackMode::AgentFirst,
            CallbackMode::CustomerFirst => config::CallbackMode::CustomerFirst,
        }),
        not_before: body.not_before.map(Timestamp),
    };
    let tx = app.store.begin(app.now()).await?;
    audit::by(&caller, "callback.request").on("queue", body.queue).write(&tx).await?;
    tx.commit().await?;
    let taken = app.engine.ask(|reply| Command::RequestCallback { wish: Box::new(wish), reply }).await?;
    Ok((StatusCode::CREATED, Json(seen(caller.sight(), &taken)?)))
}
