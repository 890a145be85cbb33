//! `GET /api/v1/interactions/{id}/waveform`
use super::recording::permitted;
use crate::api::dto::interaction::Waveform;
use crate::app::App;
use crate::auth::Caller;
use crate::http::extract::PathId;
use crate::http::problem::ApiResult;
use axum::{Json, extract::State};
use store::blob::SealedReader;

/// Peaks of a channel: about two a pixel of a wide screen.
const PEAKS_MAX: u64 = 2000;
/// Fewer samples than this make no peak of their own.
const SAMPLES_A_PEAK_MIN: u64 = 80;
/// Clear bytes looked at in one go.
const PIECE_BYTES: u64 = 512 * 1024;

/// How loud the recording is over time, for drawing it.
#[utoipa::path(get, path = "/api/v1/interactions/{id}/waveform", operation_id = "get_waveform", tag = "interactions",
    params(("id" = Uuid, Path, description = "The interaction")),
    responses((status = 200, description = "Peaks", body = Waveform)))]
pub async fn handler(State(app): State<App>, caller: Caller, PathId(id): PathId) -> ApiResult<Json<Waveform>> {
    let recording = permitted(&app, &caller, id.into()).await?;
    let reader = app.store.blobs()?.open_recording(&recording).await?;
    let channels = usize::from(recording.channels.max(1));
    let duration_ms = store::blob::wav::duration_ms(recording.sample_rate_hz, recording.channels, reader.len());
    Ok(Json(Waveform { channels: peaks(&reader, channels).await?, duration_ms }))
}

async fn peaks(reader: &SealedReader, channels: usize) -> ApiResult<Vec<Vec<u8>>> {
    let frames = reader.len() / channels as u64;
    let frames_a_peak = frames.div_ceil(PEAKS_MAX).max(SAMPLES_A_PEAK_MIN);
    let mut out = vec![vec![0u8; frames.div_ceil(frames_a_peak) as usize]; channels];
    let piece = PIECE_BYTES - PIECE_BYTES % channels as u64;
    let mut at = 0;
    while at < frames * channels as u64 {
        let bytes = reader.read(at..at + piece).await?;
        if bytes.is_empty() {
            break;
        }
        for (i, byte) in bytes.iter().enumerate() {
            let position = at + i as u64;
            let (channel, frame) = ((position % channels as u64) as usize, position / channels as u64);
            if let Some(peak) = out[channel].get_mut((frame / frames_a_peak) as usize) {
                *peak = (*peak).max(loudness(*byte));
            }
        }
        at += bytes.len() as u64;
    }
    Ok(out)
}

/// Magnitude of a G.711 µ-law sample (ITU-T G.711 table 2), 0–127, linear.
fn loudness(sample: u8) -> u8 {
    let bits = !sample;
    let (exponent, mantissa) = (u32::from((bits >> 4) & 7), u32::from(bits & 15));
    let magnitude = (((mantissa << 3) + 0x84) << exponent) - 0x84;
    (magnitude * 127 / 32_124) as u8
}

#[cfg(test)]
mod tests {
    #[test]
    fn loudness_spans_its_range() {
        assert_eq!(super::loudness(0xff), 0, "silence");
        assert_eq!(super::loudness(0x80), 127);
        assert_eq!(super::loudness(0x00), 127);
    }
}
