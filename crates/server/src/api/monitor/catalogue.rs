//! `GET /api/v1/metrics`
use crate::api::dto::monitor::{MetricDefinition, MetricList, MetricName};
use crate::api::dto::{Label, view};
use crate::auth::Caller;
use crate::http::problem::ApiResult;
use axum::Json;
use domain::access::{Permission, Resource};
use domain::monitor::{CATALOGUE, Definition, Window};

/// Every metric: its names, unit, formula and source, for whom and over what time it can be asked.
#[utoipa::path(get, path = "/api/v1/metrics", operation_id = "list_metrics", tag = "monitor",
    responses((status = 200, description = "The catalogue", body = MetricList)))]
pub async fn handler(caller: Caller) -> ApiResult<Json<MetricList>> {
    caller.authorize(Permission::LiveView, &Resource::HOUSE)?;
    Ok(Json(MetricList { metrics: CATALOGUE.iter().map(definition).collect::<ApiResult<_>>()? }))
}

fn definition(d: &Definition) -> ApiResult<MetricDefinition> {
    let windows = Window::ALL.iter().filter(|w| d.is_live() == (**w == Window::Now));
    Ok(MetricDefinition {
        id: MetricName(d.metric),
        name: view(&d.name())?,
        unit: view(&d.unit)?,
        better: view(&d.better)?,
        live: d.is_live(),
        formula: Label { zh: d.formula.zh.to_owned(), en: d.formula.en.to_owned() },
        source: d.source.to_owned(),
        scopes: d.scopes().iter().map(view).collect::<ApiResult<_>>()?,
        windows: windows.map(view).collect::<ApiResult<_>>()?,
    })
}
