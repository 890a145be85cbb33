//! `GET /api/v1/directory`
use crate::api::dto::session::{Directory, DirectoryAgent, DirectoryQueue, DirectoryTeam};
use crate::api::dto::view;
use crate::app::App;
use crate::auth::Caller;
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};
use serde::de::DeserializeOwned;
use store::repo::config::{Kind, kind, list_all};
use store::repo::users;

/// Names for ids, transfer targets, codes: what every signed-in person's pages need.
#[utoipa::path(get, path = "/api/v1/directory", operation_id = "get_directory", tag = "me",
    responses((status = 200, description = "Names for ids", body = Directory)))]
pub async fn handler(State(app): State<App>, _caller: Caller) -> ApiResult<Json<Directory>> {
    let store = &app.store;
    let mut queues = Vec::new();
    for q in list_all::<kind::Queues>(store).await?.into_iter().map(|r| r.value) {
        queues.push(DirectoryQueue { id: q.id.0, key: q.key, name: view(&q.name)?, wrap_up_ms: q.wrap_up_ms });
    }
    let people = users::all(store).await?.into_iter().filter(|u| !u.disabled && u.roles.iter().any(|r| r.takes_calls()));
    let agents = people
        .map(|u| DirectoryAgent { id: u.id.0, display_name: u.display_name, extension: u.extension, team: u.team.map(|t| t.0) })
        .collect();
    let teams = list_all::<kind::Teams>(store).await?.into_iter().map(|r| DirectoryTeam { id: r.value.id.0, name: r.value.name }).collect();
    let break_reasons = codes::<kind::BreakReasons, _>(&app).await?;
    let wrap_up_codes = codes::<kind::WrapUpCodes, _>(&app).await?;
    Ok(Json(Directory { queues, agents, teams, break_reasons, wrap_up_codes }))
}

async fn codes<K: Kind, T: DeserializeOwned>(app: &App) -> ApiResult<Vec<T>> {
    list_all::<K>(&app.store).await?.iter().map(|r| view(&r.value)).collect()
}
