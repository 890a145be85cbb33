//! `[limits]`: every bound that an operator may want to move.
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Bounds of the HTTP side and of draining.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Largest request body in bytes.
    pub body_bytes_max: usize,
    /// Requests a second that one credential (or, without one, one address) may make on average.
    pub requests_per_s: u32,
    /// How many requests may come at once before the average counts.
    pub requests_burst: u32,
    /// Streams (WebSockets) open at once.
    pub streams_max: usize,
    /// Messages waiting for one slow stream client before it is reset to a fresh snapshot.
    pub stream_queue_len_max: usize,
    /// Messages a topic keeps for clients that come back.
    pub stream_ring_len_max: usize,
    /// After SIGTERM calls may go on for this long.
    pub drain_ms: u64,
    /// Simultaneous calls; more are refused with 503.
    pub calls_max: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes_max: 1024 * 1024,
            requests_per_s: 50,
            requests_burst: 200,
            streams_max: 2000,
            stream_queue_len_max: 256,
            stream_ring_len_max: 1000,
            drain_ms: 30_000,
            calls_max: 2000,
        }
    }
}
