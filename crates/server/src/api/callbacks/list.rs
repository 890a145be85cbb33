//! `GET /api/v1/callbacks`
use super::seen;
use crate::api::dto::Paged;
use crate::api::dto::callback::Callback;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::Query;
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};
use domain::QueueId;
use domain::access::{Permission, Resource};
use serde::Deserialize;
use store::PageRequest;
use store::repo::callbacks;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallbackStage {
    Open,
    Over,
}

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CallbackQuery {
    #[param(inline)]
    pub stage: Option<CallbackStage>,
    pub queue: Option<Uuid>,
    /// `next_cursor` of the page before.
    #[param(pattern = "^[A-Za-z0-9_-]{1,500}$")]
    pub cursor: Option<String>,
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
}

/// Callbacks, newest first; numbers masked by role.
#[utoipa::path(get, path = "/api/v1/callbacks", operation_id = "list_callbacks", tag = "callbacks", params(CallbackQuery),
    responses((status = 200, description = "One page", body = Paged<Callback>)))]
pub async fn handler(State(app): State<App>, caller: Caller, Query(q): Query<CallbackQuery>) -> ApiResult<Json<Paged<Callback>>> {
    caller.authorize(Permission::CallbackRead, &Resource::HOUSE)?;
    let over = q.stage.map(|s| s == CallbackStage::Over);
    let queue = q.queue.map(QueueId);
    let page =
        callbacks::list(&app.store, over, queue.as_ref().map(std::slice::from_ref), PageRequest::parse(q.cursor.as_deref(), q.limit)?)
            .await?;
    let items = page.items.iter().map(|c| seen(caller.sight(), c)).collect::<ApiResult<_>>()?;
    Ok(Json(Paged { items, next_cursor: page.next_cursor }))
}
