//! `GET /api/v1/interactions/{id}/recording`
use super::resource;
use crate::app::App;
use crate::audit::{self, EntryExt};
use crate::auth::Caller;
use crate::http::extract::PathId;
use crate::http::problem::{ApiResult, Problem};
use crate::http::range;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use domain::InteractionId;
use domain::access::Permission;
use domain::interaction::Recording;
use std::ops::Range;
use store::blob::WavReader;
use store::repo::interactions;

/// Bytes decrypted and sent at a time.
const PIECE_BYTES: u64 = 256 * 1024;

/// The recording as WAV, stereo: customer left, agent right. `Range` is honoured. Every use is audited.
#[utoipa::path(get, path = "/api/v1/interactions/{id}/recording", operation_id = "get_recording", tag = "interactions",
    params(("id" = Uuid, Path, description = "The interaction"), ("Range" = Option<String>, Header, description = "One range of bytes")),
    responses((status = 200, description = "The whole file", body = Vec<u8>, content_type = "audio/wav"),
        (status = 206, description = "The range", body = Vec<u8>, content_type = "audio/wav"),
        (status = 416, description = "No such range")))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId, headers: HeaderMap) -> ApiResult<Response> {
    let recording = permitted(&app, &caller, id.into()).await?;
    let wav = app.store.blobs()?.open_wav(&recording).await?;
    let len = wav.len();
    let wanted = range::parse(headers.get(header::RANGE), len)?;
    // One playing is one entry: a player fetches the rest of what it began in further ranges.
    if wanted.as_ref().is_none_or(|r| r.start == 0) {
        let tx = app.store.begin(app.now()).await?;
        audit::by(&caller, "recording.play").on("interaction", id).write(&tx).await?;
        tx.commit().await?;
    }
    let (status, range) = match wanted {
        Some(range) => (StatusCode::PARTIAL_CONTENT, range),
        None => (StatusCode::OK, 0..len),
    };
    Ok(respond(status, range, len, wav))
}

/// The recording of an interaction that the caller may hear.
pub async fn permitted(app: &App, caller: &Caller, id: InteractionId) -> ApiResult<Recording> {
    caller.scope(Permission::RecordingPlay)?;
    let interaction = interactions::get(&app.store, id).await?;
    caller.authorize(Permission::RecordingPlay, &resource(app, &interaction).await?)?;
    match interaction.recording {
        Some(recording) => Ok(interactions::recording(&app.store, recording).await?),
        None => interactions::recordings(&app.store, id).await?.pop().ok_or_else(|| Problem::not_found("recording")),
    }
}

fn respond(status: StatusCode, range: Range<u64>, len: u64, wav: WavReader) -> Response {
    let sent = range.end - range.start;
    let content_range =
        (status == StatusCode::PARTIAL_CONTENT).then(|| format!("bytes {}-{}/{len}", range.start, range.end.saturating_sub(1)));
    let mut response = (status, Body::from_stream(pieces(wav, range))).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("audio/wav"));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(sent));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("inline; filename=\"recording.wav\""));
    if let Some(value) = content_range.and_then(|v| HeaderValue::from_str(&v).ok()) {
        headers.insert(header::CONTENT_RANGE, value);
    }
    response
}

fn pieces(wav: WavReader, range: Range<u64>) -> impl futures_util::Stream<Item = store::Result<Bytes>> {
    futures_util::stream::try_unfold((wav, range), |(wav, range)| async move {
        if range.is_empty() {
            return Ok(None);
        }
        let end = range.end.min(range.start + PIECE_BYTES);
        let piece = wav.read(range.start..end).await?;
        Ok(Some((Bytes::from(piece), (wav, end..range.end))))
    })
}
