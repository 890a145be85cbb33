//! `GET /api/v1/interactions/{id}`
use super::{resource, summary::Names};
use crate::api::dto::interaction::{EventView, InteractionDetail, Leg, RecordingInfo, Route, Segment};
use crate::api::dto::view;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathId;
use crate::http::problem::{ApiResult, Problem};
use crate::stream::mask::Sight;
use axum::{Json, extract::State};
use domain::access::Permission;
use domain::event::{Event, EventKind};
use serde_json::Value;
use store::repo::interactions;

/// One interaction with its segments, legs (quality) and events.
#[utoipa::path(get, path = "/api/v1/interactions/{id}", operation_id = "get_interaction", tag = "interactions",
    params(("id" = Uuid, Path, description = "The interaction")),
    responses((status = 200, description = "The whole of it", body = InteractionDetail)))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId) -> ApiResult<Json<InteractionDetail>> {
    caller.scope(Permission::InteractionRead)?;
    let detail = interactions::detail(&app.store, id.into()).await?;
    caller.authorize(Permission::InteractionRead, &resource(&app, &detail.interaction).await?)?;
    let sight = caller.sight();
    let names = Names::of(&app, std::slice::from_ref(&detail.interaction)).await?;
    let recording = detail.recordings.iter().find(|r| Some(r.id) == detail.interaction.recording).or(detail.recordings.last());
    Ok(Json(InteractionDetail {
        interaction: names.summary(sight, &detail.interaction)?,
        segments: detail.segments.iter().map(view::<Segment>).collect::<ApiResult<_>>()?,
        legs: detail.legs.iter().map(view::<Leg>).collect::<ApiResult<_>>()?,
        // What was weighed for an offer is told once, in `routes`.
        events: detail
            .events
            .iter()
            .filter(|e| !matches!(e.kind, EventKind::Routed { .. }))
            .map(|e| event(sight, e))
            .collect::<ApiResult<_>>()?,
        routes: detail.events.iter().filter_map(route).collect::<ApiResult<_>>()?,
        recording_info: recording.map(view::<RecordingInfo>).transpose()?,
    }))
}

fn route(event: &Event) -> Option<ApiResult<Route>> {
    let EventKind::Routed { explanation, .. } = &event.kind else { return None };
    let (at, agent, queue) = (event.at.as_us(), event.agent.map(|a| a.0), event.queue.map(|q| q.0));
    Some(view(explanation.as_ref()).map(|explanation| Route { at, agent, queue, explanation }))
}

/// The field that holds a number or a typed digit. The same name in another kind is none: a state (`to`), a queue.
const fn personal(kind: &EventKind) -> Option<&'static str> {
    match kind {
        EventKind::InteractionStarted { .. } => Some("remote"),
        EventKind::Transferred { .. } => Some("to"),
        EventKind::Digit { .. } => Some("digit"),
        _ => None,
    }
}

fn event(sight: Sight, event: &Event) -> ApiResult<EventView> {
    let mut data = serde_json::to_value(&event.kind).map_err(|e| Problem::internal(&e))?;
    let fields = data.as_object_mut().ok_or_else(|| Problem::internal(&"event without fields"))?;
    let kind = fields.remove("type");
    if let Some(Value::String(text)) = personal(&event.kind).and_then(|name| fields.get_mut(name)) {
        *text = sight.phone(&domain::Pii::new(std::mem::take(text)));
    }
    Ok(EventView {
        id: event.id.0,
        at: event.at.as_us(),
        agent: event.agent.map(|a| a.0),
        queue: event.queue.map(|q| q.0),
        r#type: kind.and_then(|k| k.as_str().map(str::to_owned)).unwrap_or_default(),
        data,
    })
}
