//! Starting, supervising and stopping everything the engine owns.
use crate::callbacks::{self, Callbacks};
use crate::clock::{Clock, IdSource};
use crate::config::{EngineConfig, SharedSetup};
use crate::customers::Customers;
use crate::dispatch::Dispatcher;
use crate::handle::{COMMAND_QUEUE_LEN_MAX, Handle};
use crate::hours::{self, HoursTask, SharedHours};
use crate::monitor::{self, MonitorError, MonitorTask};
use crate::port::{Context, VOICE_QUEUE_LEN_MAX, VoiceCommand, VoiceHandle, VoiceRunning};
use crate::recordings::{RecordingThreads, Recordings};
use crate::reload::{self, Reload, house_input, routing_input};
use crate::routing::{Attached, EFFECTS, Journal, RouterError, RouterHandle, RoutingTask, deliver, learned};
use crate::state::LiveState;
use crate::webhooks::Webhooks;
use crate::writer::Writer;
use crate::{metrics, reconciler};
use arc_swap::ArcSwap;
use channels::webhook::PostError;
use domain::EventId;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use store::bus::{Bus, BusError};
use store::{Store, StoreError};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// While draining, running calls are counted this often.
const DRAIN_LOOK_MS: u64 = 100;
/// After the drain limit calls are ended; this is how long their good-byes and records may take.
const STOP_MS: u64 = 5_000;

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("no randomness: {0}")]
    Random(String),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Bus(#[from] BusError),
    #[error(transparent)]
    Router(#[from] RouterError),
    #[error("webhooks: {0}")]
    Webhooks(#[from] PostError),
    #[error("monitor: {0}")]
    Monitor(String),
    #[error("routing journal {path}: {error}")]
    Journal { path: String, error: std::io::Error },
    #[error("recording threads: {0}")]
    Threads(#[from] std::io::Error),
    /// A socket that cannot be bound, and the like; the text says which.
    #[error("voice: {0}")]
    Voice(String),
}

impl From<MonitorError> for StartError {
    fn from(error: MonitorError) -> Self {
        match error {
            MonitorError::Store(e) => Self::Store(e),
            MonitorError::Bus(e) => Self::Bus(e),
            MonitorError::Options(e) => Self::Monitor(e.to_string()),
        }
    }
}

/// Everything that runs. Dropping it stops nothing: call [`EngineTask::drain`].
pub struct EngineTask {
    /// Where SIP is bound.
    pub sip_addr: SocketAddr,
    /// Interactions that the last process left open and this start closed as lost.
    pub lost: usize,
    config: Arc<EngineConfig>,
    clock: Clock,
    voice: VoiceHandle,
    writer: Writer,
    draining: Arc<AtomicBool>,
    recordings: RecordingThreads,
    tasks: Vec<JoinHandle<()>>,
}

/// The engine, put together.
pub struct Engine;

impl Engine {
    /// Closes what a crash left open, reads the set-up, starts every task. Returns when calls can come.
    ///
    /// # Errors
    /// See [`StartError`]; nothing runs then.
    pub async fn start(config: EngineConfig, store: Arc<Store>) -> Result<(Handle, EngineTask), StartError> {
        Self::start_with(config, store, crate::voice::start).await
    }

    /// The same with a given voice driver.
    pub(crate) async fn start_with<F, Fut>(config: EngineConfig, store: Arc<Store>, voice: F) -> Result<(Handle, EngineTask), StartError>
    where
        F: FnOnce(Context, mpsc::Receiver<VoiceCommand>) -> Fut,
        Fut: Future<Output = Result<VoiceRunning, String>>,
    {
        metrics::describe();
        let clock = Clock::start();
        let ids = IdSource::from_os().map_err(StartError::Random)?;
        let lost = close_lost(&store, clock, &ids).await?;
        let setup: SharedSetup = Arc::new(ArcSwap::from_pointee(store.load_config().await?));
        let hours: SharedHours = Arc::new(ArcSwap::from_pointee(hours::table(&setup.load()).await));
        let (bus, live) = (Bus::local(), LiveState::default());
        let (writer, writing) = Writer::new((*store).clone(), clock, ids.clone(), bus.clone());
        let (from, journal) = ((*store).clone(), open_journal(&config)?);
        let watch = learned::load(&store).await?;
        let routing = RoutingTask::new(bus.clone(), from, setup.clone(), live.clone(), writer.clone(), clock, ids.clone(), watch, journal)?;
        let attached = Attached::default();
        let effects = bus.subscribe(&EFFECTS)?;
        let router = RouterHandle::new(bus.clone(), attached.clone());
        let (recordings, recording_threads) = Recordings::start(store.blobs()?, writer.clone(), clock)?;
        supervise("writer", writing.run());
        let mut tasks = vec![supervise("routing", routing.run()), supervise("routing effects", deliver(effects, attached))];
        router.ask(routing_input(&setup.load())).await?;
        let (monitoring, monitor) = MonitorTask::start(monitor::Parts {
            bus: &bus,
            store: (*store).clone(),
            setup: setup.clone(),
            router: router.clone(),
            live: live.clone(),
            writer: writer.clone(),
            clock,
            ids: ids.clone(),
            utc_offset_s: config.utc_offset_s,
        })
        .await?;
        tasks.push(supervise("monitor", monitoring.run()));
        let webhooks = Webhooks::new((*store).clone(), setup.clone(), clock, config.webhooks_private)?;
        tasks.push(supervise("webhooks", webhooks.clone().run()));
        router.ask(house_input(&setup.load())).await?;
        // Before the first call can come.
        let mut opening = HoursTask::new(hours.clone(), setup.clone(), router.clone(), clock);
        opening.look().await;
        let (hours_changed, hours_changes) = mpsc::channel(1);

        let config = Arc::new(config);
        let (commands, voice_queue) = mpsc::channel(VOICE_QUEUE_LEN_MAX);
        let voice_handle = VoiceHandle::new(commands);
        let (callback_news, news) = mpsc::channel(callbacks::NEWS_LEN_MAX);
        let (callback_commands, orders) = mpsc::channel(callbacks::ORDERS_LEN_MAX);
        let context = Context {
            config: config.clone(),
            setup: setup.clone(),
            hours: hours.clone(),
            router: router.clone(),
            writer: writer.clone(),
            live: live.clone(),
            clock,
            ids,
            store: store.clone(),
            recordings,
            customers: Customers::new((*store).clone(), clock),
            callbacks: callback_news,
        };
        let running = voice(context.clone(), voice_queue).await.map_err(StartError::Voice)?;
        tasks.push(supervise("callbacks", Callbacks::restore(&context, voice_handle.clone()).await?.run(orders, news)));

        let draining = Arc::new(AtomicBool::new(false));
        let (reload, reloads) = mpsc::channel(reload::REQUESTS_LEN_MAX);
        let (commands, command_queue) = mpsc::channel(COMMAND_QUEUE_LEN_MAX);
        let dispatcher = Dispatcher {
            router: router.clone(),
            voice: voice_handle.clone(),
            callbacks: callback_commands,
            live: live.clone(),
            writer: writer.clone(),
            store: store.clone(),
            reload,
            demo: config.demo,
            draining: draining.clone(),
        };
        let reloader = Reload { store: (*store).clone(), setup, router: router.clone(), voice: voice_handle.clone(), hours, hours_changed };
        tasks.push(supervise("commands", dispatcher.run(command_queue)));
        tasks.push(supervise("opening hours", opening.run(hours_changes)));
        tasks.push(supervise("set-up", reloader.run(reloads)));
        tasks.push(supervise("reconciler", reconciler::run(voice_handle.clone(), router, clock)));
        let task = EngineTask {
            sip_addr: running.sip_addr,
            lost,
            config,
            clock,
            voice: voice_handle,
            writer,
            draining,
            recordings: recording_threads,
            tasks,
        };
        Ok((Handle::new(commands, live.sender(), monitor, webhooks), task))
    }
}

impl EngineTask {
    /// No new calls from now on; returns at once. `drain` does it first.
    pub async fn stop_accepting(&self) {
        self.draining.store(true, Ordering::Relaxed);
        // A driver that is gone takes no calls either.
        let _ = self.voice.ask(|reply| VoiceCommand::Drain { reply }).await;
    }

    #[cfg(test)]
    fn stop_accepting_for_test(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    /// Takes no new calls, waits for the running ones up to `drain_ms`, ends those that remain, writes all history and stops.
    pub async fn drain(self) {
        self.stop_accepting().await;
        let until = self.clock.now().plus_ms(self.config.drain_ms);
        while self.clock.now() < until {
            match self.voice.ask(|reply| VoiceCommand::Running { reply }).await {
                Ok(0) | Err(_) => break,
                Ok(calls) => tracing::debug!(calls, "draining"),
            }
            tokio::time::sleep(Duration::from_millis(DRAIN_LOOK_MS)).await;
        }
        let stopped = self.voice.ask(|reply| VoiceCommand::Stop { reply });
        if tokio::time::timeout(Duration::from_millis(STOP_MS), stopped).await.is_err() {
            tracing::error!("calls did not end in time");
        }
        let recordings = self.recordings;
        // Joining threads blocks; the runtime's own workers must not.
        if tokio::task::spawn_blocking(move || recordings.stop()).await.is_err() {
            tracing::error!("recording threads were not joined");
        }
        if tokio::time::timeout(Duration::from_millis(STOP_MS), self.writer.flush()).await != Ok(true) {
            tracing::error!(records = self.writer.queue_len(), "history was not written in time");
        }
        for task in self.tasks {
            task.abort();
        }
    }
}

/// What a crash left open; returns how many.
async fn close_lost(store: &Store, clock: Clock, ids: &IdSource) -> Result<usize, StartError> {
    let lost = store.close_lost(clock.now(), || ids.new_id(clock.now(), EventId::from_parts)).await?.len();
    if lost > 0 {
        tracing::warn!(interactions = lost, "left open by the last run: closed as lost");
    }
    Ok(lost)
}

fn open_journal(config: &EngineConfig) -> Result<Option<Journal>, StartError> {
    let Some(path) = &config.routing_journal else { return Ok(None) };
    let journal = Journal::open(path, config.routing_journal_bytes_max);
    journal.map(Some).map_err(|error| StartError::Journal { path: path.display().to_string(), error })
}

/// Runs a task that the process cannot live without: a panic in it ends the process, with a message, rather than leaving a centre
/// that takes calls and answers none. Calls have their own, gentler rule in `voice`.
fn supervise(name: &'static str, work: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
    tokio::spawn(async move {
        let inner = AbortOnDrop(tokio::spawn(work));
        if let Err(error) = inner.wait().await
            && error.is_panic()
        {
            tracing::error!(task = name, "panicked: the process ends");
            eprintln!("zhiyin: the {name} task panicked; ending the process so that a fresh one can take over");
            std::process::abort();
        }
    })
}

/// Aborting the supervisor aborts the work too.
struct AbortOnDrop(JoinHandle<()>);
impl AbortOnDrop {
    async fn wait(mut self) -> Result<(), tokio::task::JoinError> {
        (&mut self.0).await
    }
}
impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests;
