//! `GET /readyz`
use crate::app::App;
use crate::http::problem::{ApiResult, Problem};
use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    pub status: String,
}

/// New work is welcome: the database takes writes, the engine answers, no drain.
#[utoipa::path(get, path = "/readyz", operation_id = "readyz", tag = "system", security(()),
    responses((status = 200, description = "Ready", body = Health), (status = 503, description = "Not now")))]
pub async fn handler(State(app): State<App>) -> ApiResult<Json<Health>> {
    if app.draining() {
        return Err(Problem::unavailable("draining"));
    }
    let tx = app.store.begin(app.now()).await.map_err(|_| Problem::unavailable("the database takes no writes"))?;
    tx.rollback().await.map_err(|_| Problem::unavailable("the database takes no writes"))?;
    app.engine.snapshot().await?;
    Ok(Json(Health { status: "ok".into() }))
}
