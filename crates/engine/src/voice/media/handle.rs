//! The doors into the workers.
use super::poller::Poller;
use super::queue::{Order, Queue, SessionId};
use super::stats::{Lateness, Shelf};
use super::worker::{SLOTS_MAX, Worker};
use super::{MediaConfig, MediaError, MediaStats, PortPool, RtpSockets, ports};
use crate::clock::{Clock, IdSource};
use media::codec::Codec;
use media::session::{Command, Event, LegId, RtpConfig};
use media::webrtc::{WebConfig, WebLeg};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread::JoinHandle;
use tokio::sync::mpsc;

/// Owns the worker threads; dropping it stops and joins them.
pub struct Media {
    handle: MediaHandle,
    threads: Vec<JoinHandle<()>>,
}

impl Media {
    /// Binds the browser sockets and starts the workers.
    pub fn start(config: MediaConfig) -> Result<Self, MediaError> {
        let count = match config.workers {
            0 => std::thread::available_parallelism().map_or(1, |n| n.get().saturating_sub(1)).max(1),
            n => n,
        };
        let mut doors = Vec::new();
        let mut workers = Vec::new();
        for index in 0..count {
            let poller = Poller::new()?;
            let queue = Arc::new(Queue::new(poller.waker()));
            let shelf = Arc::new(Shelf::default());
            let port = if config.web_port == 0 { 0 } else { config.web_port.saturating_add(index as u16) };
            let web = ports::bind_web(SocketAddr::new(config.bind, port))?;
            let web_address = SocketAddr::new(config.public, web.local_addr()?.port());
            workers.push(Worker::new(poller, queue.clone(), shelf.clone(), web, format!("zhiyin@{}", config.public))?);
            doors.push(Door { queue, shelf, web_address });
        }
        let ports = PortPool::new(config.bind, config.rtp_ports);
        let ids = IdSource::from_os().map_err(std::io::Error::other)?;
        let shared = Shared { config, ports, doors, ids, clock: Clock::start(), next_id: AtomicU64::new(1) };
        let mut media = Self { handle: MediaHandle { shared: Arc::new(shared) }, threads: Vec::new() };
        // Dropping `media` on an error stops the threads that run already.
        for (index, worker) in workers.into_iter().enumerate() {
            media.threads.push(std::thread::Builder::new().name(format!("media-{index}")).spawn(move || worker.run())?);
        }
        Ok(media)
    }

    pub fn handle(&self) -> MediaHandle {
        self.handle.clone()
    }
}

impl Drop for Media {
    fn drop(&mut self) {
        for door in &self.handle.shared.doors {
            // Already stopped is as good.
            let _ = door.queue.push(Order::Stop);
        }
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a media worker ended by a panic");
            }
        }
    }
}

/// One worker, seen from outside.
struct Door {
    queue: Arc<Queue>,
    shelf: Arc<Shelf>,
    web_address: SocketAddr,
}

struct Shared {
    config: MediaConfig,
    ports: PortPool,
    doors: Vec<Door>,
    ids: IdSource,
    clock: Clock,
    next_id: AtomicU64,
}

/// What the rest of the engine holds. Cheap to clone.
#[derive(Clone)]
pub struct MediaHandle {
    shared: Arc<Shared>,
}

impl std::fmt::Debug for MediaHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MediaHandle").field("workers", &self.shared.doors.len()).finish_non_exhaustive()
    }
}

impl MediaHandle {
    /// A new, empty session on the least loaded worker. Its events go to `events` (capacity: `EVENT_QUEUE_LEN`); when
    /// that is full they are dropped and counted.
    pub fn open(&self, events: mpsc::Sender<Event>) -> Result<SessionHandle, MediaError> {
        let load = |d: &Door| d.shelf.sessions.load(Relaxed).max(0) as usize;
        let doors = &self.shared.doors;
        let limit = self.shared.config.sessions_max.min(SLOTS_MAX);
        if doors.iter().map(load).sum::<usize>() >= limit {
            return Err(MediaError::TooManySessions);
        }
        let worker = (0..doors.len()).min_by_key(|i| load(&doors[*i])).ok_or(MediaError::Stopped)?;
        let id = self.shared.next_id.fetch_add(1, Relaxed);
        doors[worker].shelf.sessions.fetch_add(1, Relaxed);
        let session = SessionHandle { media: self.clone(), worker, id };
        if let Err(error) = session.order(Order::Open { id, seed: self.shared.ids.next_u64(), events }) {
            doors[worker].shelf.sessions.fetch_sub(1, Relaxed);
            return Err(error);
        }
        Ok(session)
    }

    /// A bound port pair for a phone leg: its `port()` and `public_ip()` go into our SDP.
    pub fn take_ports(&self) -> Result<RtpSockets, MediaError> {
        self.shared.ports.take()
    }

    pub fn public_ip(&self) -> IpAddr {
        self.shared.config.public
    }

    pub fn stats(&self) -> MediaStats {
        let mut stats = MediaStats { port_pairs: self.shared.ports.in_use() as u64, ..MediaStats::default() };
        let mut late = Lateness::default();
        self.shared.doors.iter().for_each(|door| door.shelf.add_to(&mut stats, &mut late));
        stats.tick_late_p50_us = late.percentile_us(50);
        stats.tick_late_p99_us = late.percentile_us(99);
        stats
    }
}

/// One session in a worker. Dropping it ends the session: legs, sockets and a running recording end with it.
pub struct SessionHandle {
    media: MediaHandle,
    worker: usize,
    id: SessionId,
}

impl std::fmt::Debug for SessionHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionHandle").field("id", &self.id).field("worker", &self.worker).finish_non_exhaustive()
    }
}

impl SessionHandle {
    /// Gives the worker a phone leg and its sockets. If a leg with this id exists its transport is replaced.
    pub fn add_rtp(&self, leg: LegId, sockets: RtpSockets, config: RtpConfig) -> Result<(), MediaError> {
        self.order(Order::AddRtp { id: self.id, leg, sockets, config })
    }

    /// Answers a browser's SDP offer and gives the worker the leg. If a leg with this id exists (a reloaded page) it is
    /// replaced and keeps its bridges, hold and recording. `prefer`: codec to put first, usually the other side's, so
    /// that no transcoding is needed. Costs about a millisecond of CPU on the calling task (DTLS set-up).
    pub fn add_web(&self, leg: LegId, sdp_offer: &str, prefer: Codec) -> Result<String, MediaError> {
        let mut config = WebConfig::new(vec![self.door().web_address]);
        config.codecs.sort_by_key(|codec| *codec != prefer);
        let now = self.media.shared.clock.instant();
        let (web, answer) = WebLeg::answer(sdp_offer, &config, now).map_err(|e| MediaError::Offer(e.to_string()))?;
        self.order(Order::AddWeb { id: self.id, leg, web: Box::new(web) })?;
        Ok(answer)
    }

    pub fn command(&self, command: Command) -> Result<(), MediaError> {
        self.order(Order::Command { id: self.id, command })
    }

    fn door(&self) -> &Door {
        &self.media.shared.doors[self.worker]
    }

    fn order(&self, order: Order) -> Result<(), MediaError> {
        self.door().queue.push(order)
    }
}

impl Drop for SessionHandle {
    fn drop(&mut self) {
        // A stopped worker has dropped the session already.
        let _ = self.order(Order::Close { id: self.id });
    }
}
