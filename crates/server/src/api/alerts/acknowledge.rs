//! `POST /api/v1/alerts/{number}/acknowledge`
use crate::api::dto::alert::Alert;
use crate::api::dto::view;
use crate::app::App;
use crate::audit::{self, EntryExt};
use crate::auth::Caller;
use crate::http::extract::PathNumber;
use crate::http::problem::{ApiResult, Problem};
use axum::{Json, extract::State};
use domain::access::{Permission, Resource};
use domain::monitor::AlertError;
use store::repo::alerts;

/// Somebody has seen it: it will not escalate. Audited.
#[utoipa::path(post, path = "/api/v1/alerts/{number}/acknowledge", operation_id = "acknowledge_alert", tag = "alerts",
    params(("number" = u64, Path, description = "The alert", minimum = 0)),
    responses((status = 200, description = "Acknowledged", body = Alert), (status = 409, description = "Over, or somebody was first")))]
pub async fn handler(State(app): State<App>, caller: Caller, PathNumber(number): PathNumber) -> ApiResult<Json<Alert>> {
    caller.authorize(Permission::AlertAcknowledge, &Resource::HOUSE)?;
    if !app.engine.monitor().active_alerts().iter().any(|a| a.number == number) {
        alerts::get(&app.store, number).await?;
    }
    let tx = app.store.begin(app.now()).await?;
    audit::by(&caller, "alert.acknowledge").on("alert", number).write(&tx).await?;
    tx.commit().await?;
    match app.engine.monitor().acknowledge(number, caller.principal.user) {
        Ok(alert) => Ok(Json(view(&alert)?)),
        Err(error @ (AlertError::NotActive(_) | AlertError::Acknowledged(_))) => Err(Problem::conflict(error.to_string())),
    }
}
