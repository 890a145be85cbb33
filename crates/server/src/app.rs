//! What every handler shares.
use crate::config::Config;
use crate::http::rate::RateLimit;
use crate::planning::Runs;
use crate::stream::boards::Boards;
use crate::stream::hub::Hub;
use domain::Timestamp;
use engine::{Clock, Handle, IdSource};
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use store::Store;
use tokio::sync::Semaphore;

/// Cheap to clone; axum hands one to every request.
#[derive(Clone)]
pub struct App(Arc<Inner>);

pub struct Inner {
    pub config: Config,
    pub store: Store,
    pub engine: Handle,
    pub clock: Clock,
    pub ids: IdSource,
    pub hub: Hub,
    pub boards: Boards,
    pub planning: Runs,
    pub rate: RateLimit,
    /// Bounds how many passwords are worked on at once.
    pub hashing: Arc<Semaphore>,
    /// How many wait for `hashing`.
    pub hashing_waiting: std::sync::atomic::AtomicU64,
    /// Bounds how many streams are open.
    pub streams: Arc<Semaphore>,
    /// `zhiyin demo`: simulated customers may be called.
    pub demo: bool,
    /// Cookies are marked `Secure`.
    pub https: bool,
    pub metrics: metrics_exporter_prometheus::PrometheusHandle,
    pub draining: AtomicBool,
    /// Creates in flight by (caller, Idempotency-Key).
    pub creating: std::sync::Mutex<std::collections::HashSet<(uuid::Uuid, String)>>,
}

impl App {
    pub fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
    pub fn new_id<T>(&self, from_parts: fn(Timestamp, [u8; 10]) -> T) -> T {
        self.ids.new_id(self.now(), from_parts)
    }
    pub fn draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }
    pub fn begin_drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }
}

impl Deref for App {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("demo", &self.demo).finish_non_exhaustive()
    }
}
