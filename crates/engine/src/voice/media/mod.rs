//! The media workers: OS threads that own every session's sockets and drive `media::session::Session`.
//!
//! A call task opens a session, adds phone legs (`PortPool` hands out bound port pairs) and browser legs (an SDP offer
//! in, an answer out), and sends commands. Events come back on the bounded channel that it gave to `open`. Commands
//! never block: a full queue is an error. Dropping the `SessionHandle` ends the session and returns its ports.
mod config;
mod handle;
mod io;
mod load;
mod poller;
mod ports;
mod queue;
mod stats;
#[cfg(test)]
mod tests;
mod web;
mod worker;

pub use config::MediaConfig;
pub use handle::{Media, MediaHandle, SessionHandle};
pub use ports::{PortPool, RtpSockets};

/// Events of one session that wait for its call task; beyond it they are dropped and counted (`events_dropped`).
pub const EVENT_QUEUE_LEN: usize = 256;
/// Commands that wait for one worker; beyond it `MediaError::Busy`.
pub const COMMAND_QUEUE_LEN_MAX: usize = 8192;

/// Why media could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// Every port pair of the configured range is taken.
    #[error("no free RTP port pair in {0}-{1}")]
    NoPorts(u16, u16),
    /// The sessions limit of the configuration is reached.
    #[error("too many media sessions")]
    TooManySessions,
    /// The worker's command queue is full.
    #[error("media worker is busy")]
    Busy,
    /// The worker is gone (shutting down).
    #[error("media is stopped")]
    Stopped,
    /// The browser's offer cannot be answered.
    #[error("browser offer: {0}")]
    Offer(String),
    #[error("media socket: {0}")]
    Io(#[from] std::io::Error),
}

/// Gauges return to 0 when no call is up; the rest only grow.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct MediaStats {
    pub sessions: u64,
    pub rtp_legs: u64,
    pub web_legs: u64,
    /// Sockets of phone legs that the workers hold (two a leg).
    pub sockets: u64,
    pub recordings: u64,
    /// Port pairs that are handed out, in a worker or not yet.
    pub port_pairs: u64,
    pub packets_in: u64,
    pub packets_out: u64,
    /// The kernel refused a send (no route, buffer full).
    pub send_errors: u64,
    /// Missed by sequence numbers, summed over legs when they end.
    pub lost_in: u64,
    pub ticks: u64,
    /// Ticks given up because the worker was more than three behind.
    pub ticks_skipped: u64,
    /// How late ticks ran, microseconds (upper edge of the histogram's bucket), since start.
    pub tick_late_p50_us: u64,
    pub tick_late_p99_us: u64,
    /// Recorded audio lost to slow sinks, milliseconds.
    pub recorder_dropped_ms: u64,
    pub events_dropped: u64,
    /// Sessions thrown away because of a panic.
    pub sessions_failed: u64,
}
