//! `POST /api/v1/planning/what-ifs`
use crate::api::dto::Validate;
use crate::api::dto::what_if::{WhatIf, WhatIfBody};
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Unread;
use crate::http::problem::{ApiResult, Problem};
use crate::planning::{first_day, play};
use axum::http::StatusCode;
use axum::{Json, extract::State};
use domain::RunId;
use domain::access::{Permission, Resource};
use std::collections::BTreeSet;
use store::repo::config::{kind::Queues, list_all};

/// Plays real days again with something changed. Answers at once; ask for the run until it is over. At most four wait.
#[utoipa::path(post, path = "/api/v1/planning/what-ifs", operation_id = "create_what_if", tag = "planning", request_body = WhatIfBody,
    responses((status = 202, description = "In line", body = WhatIf), (status = 429, description = "Too many wait")))]
pub async fn handler(State(app): State<App>, caller: Caller, body: Unread<WhatIfBody>) -> ApiResult<(StatusCode, Json<WhatIf>)> {
    caller.authorize(Permission::PlanningUse, &Resource::HOUSE)?;
    let mut request = body.parse()?;
    request.check()?;
    play::changes(&request)?;
    // Yesterday is that of the question, not that of the answer.
    request.date = Some(first_day(&app, request.date.as_deref())?.to_string());
    let known: BTreeSet<String> = list_all::<Queues>(&app.store).await?.into_iter().map(|q| q.value.key).collect();
    let unknown = request.queues.iter().flatten().enumerate().find(|(_, key)| !known.contains(*key));
    if let Some((n, key)) = unknown {
        return Err(Problem::invalid(&format!("queues.{n}"), format!("there is no queue {key:?}")));
    }
    let id = app.new_id(RunId::from_parts).0;
    Ok((StatusCode::ACCEPTED, Json(app.planning.add(id, app.now(), request)?)))
}
