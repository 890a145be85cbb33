//! `DELETE /api/v1/callbacks/{id}`
use crate::app::App;
use crate::audit::{self, EntryExt};
use crate::auth::Caller;
use crate::http::extract::PathId;
use crate::http::problem::{ApiResult, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use domain::CallbackId;
use domain::access::{Permission, Resource};
use domain::callback::CancelledBy;
use engine::handle::Command;
use store::repo::callbacks;

/// The customer is not called after all; a phone that rings stops ringing, a talk goes on. Audited.
#[utoipa::path(delete, path = "/api/v1/callbacks/{id}", operation_id = "cancel_callback", tag = "callbacks",
    params(("id" = Uuid, Path, description = "Its id")),
    responses((status = 204, description = "Cancelled, or about to be"), (status = 409, description = "It is over")))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId) -> ApiResult<StatusCode> {
    caller.authorize(Permission::CallbackWrite, &Resource::HOUSE)?;
    if callbacks::get(&app.store, CallbackId(id)).await?.state().is_final() {
        return Err(Problem::conflict("the callback is over".to_owned()));
    }
    let tx = app.store.begin(app.now()).await?;
    audit::by(&caller, "callback.cancel").on("callback", id).write(&tx).await?;
    tx.commit().await?;
    app.engine.ask(|reply| Command::CancelCallback { id: CallbackId(id), by: CancelledBy::Agent, reply }).await?;
    Ok(StatusCode::NO_CONTENT)
}
