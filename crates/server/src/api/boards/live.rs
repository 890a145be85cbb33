//! `GET /api/v1/boards/{id}/live`
use crate::api::dto::board::BoardLive;
use crate::api::dto::view;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathId;
use crate::http::problem::{ApiResult, Problem};
use axum::{Json, extract::State};
use domain::access::{Permission, Resource};

/// A board's numbers of this moment; the stream sends what changes.
#[utoipa::path(get, path = "/api/v1/boards/{id}/live", operation_id = "get_board_live", tag = "boards",
    params(("id" = Uuid, Path, description = "Its id")), responses((status = 200, description = "The numbers", body = BoardLive)))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId) -> ApiResult<Json<BoardLive>> {
    caller.authorize(Permission::LiveView, &Resource::HOUSE)?;
    let picture = app.boards.computed(&app.store, app.engine.monitor(), id.into()).await?;
    let picture = picture.ok_or_else(|| Problem::not_found("board"))?;
    Ok(Json(view(picture.computed.as_ref())?))
}
