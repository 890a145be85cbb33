//! `POST /api/v1/demo/call-me`
use crate::app::App;
use crate::auth::Caller;
use crate::http::problem::{ApiResult, Problem};
use axum::extract::State;
use axum::http::StatusCode;
use engine::handle::Command;

/// A simulated customer calls the signed-in agent's queue.
#[utoipa::path(post, path = "/api/v1/demo/call-me", operation_id = "call_me", tag = "me",
    responses((status = 204, description = "The customer dials"), (status = 409, description = "Not the demo, or not possible now")))]
pub async fn handler(State(app): State<App>, caller: Caller) -> ApiResult<StatusCode> {
    let agent = caller.agent()?;
    if !app.demo {
        return Err(Problem::conflict("this is not the demo"));
    }
    app.engine.ask(|reply| Command::CallMe { agent, reply }).await?;
    Ok(StatusCode::NO_CONTENT)
}
