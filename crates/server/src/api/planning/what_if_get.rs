//! `GET /api/v1/planning/what-ifs/{id}`
use crate::api::dto::what_if::WhatIf;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathId;
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};
use domain::access::{Permission, Resource};

/// How far a run is; its result when it is done.
#[utoipa::path(get, path = "/api/v1/planning/what-ifs/{id}", operation_id = "get_what_if", tag = "planning",
    params(("id" = Uuid, Path, description = "The run")), responses((status = 200, description = "The run", body = WhatIf)))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId) -> ApiResult<Json<WhatIf>> {
    caller.authorize(Permission::PlanningUse, &Resource::HOUSE)?;
    app.planning.get(id).map(Json)
}
