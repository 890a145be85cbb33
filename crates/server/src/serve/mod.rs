//! Running: everything is started in order, the ready line printed, the end awaited, everything stopped in order.
mod demo;
mod demo_callbacks;
mod demo_day;
mod demo_history;
mod housekeeping;
mod ready;

use crate::app::{App, Inner};
use crate::cli::{CliError, CliResult, Traffic};
use crate::config::Config;
use crate::http::rate::RateLimit;
use crate::http::tls;
use crate::planning::{self, Runs};
use crate::stream::boards::Boards;
use crate::stream::hub::Hub;
use axum_server::Handle as HttpHandle;
use engine::{Clock, Engine, EngineTask, IdSource};
use secrecy::ExposeSecret;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::time::Duration;
use store::Store;
use store::repo::{setup, users};
use tokio::sync::Semaphore;

/// What to run.
#[derive(Debug)]
pub struct Plan {
    config: Config,
    demo: Option<demo::Demo>,
}
impl Plan {
    pub fn serve(config: Config) -> Self {
        Self { config, demo: None }
    }
    pub fn demo(config: Config, seed: u64, traffic: Traffic) -> Self {
        Self { config, demo: Some(demo::Demo { seed, traffic }) }
    }
}

/// The set-up link works this long; a restart makes a new one.
const SETUP_LINK_MS: u64 = 24 * 3_600_000;
/// Requests that still run when everything else has ended get this long.
const HTTP_DRAIN: Duration = Duration::from_secs(3);

pub async fn run(plan: Plan) -> CliResult {
    let Plan { config, demo } = plan;
    tls::install_provider();
    let metrics = metrics_exporter_prometheus::PrometheusBuilder::new().install_recorder().map_err(failed)?;
    let mut signals = Signals::new()?;
    let (clock, ids) = (Clock::start(), IdSource::from_os().map_err(CliError::Failed)?);
    let store = Store::open(config.store_config(), clock.now()).await?;
    if let Some(file) = store.new_master_key() {
        tracing::warn!(%file, "a new master key was made: without a copy of it, a lost disk means lost data");
    }
    begin(&store, clock, &ids, &config).await?;
    let secrets = match &demo {
        Some(demo) => Some(demo.fill(&store, clock, &ids, &config).await?),
        None => None,
    };
    let mut engine_config = config.engine_config(demo.is_some());
    if let Some(demo) = &demo {
        engine_config.demo_calls_per_hour = demo.traffic.calls_per_hour();
        engine_config.demo_seed = demo.seed;
    }
    let (engine, engine_task) = Engine::start(engine_config, Arc::new(store.clone())).await?;
    let tls = tls::configure(&config.http, &config.store.data_dir).await?;
    let listener =
        std::net::TcpListener::bind(config.http.addr).map_err(|e| CliError::Failed(format!("http.addr {}: {e}", config.http.addr)))?;
    listener.set_nonblocking(true)?;
    let http_addr = listener.local_addr()?;

    let hub = Hub::new(hex::encode(ids.bytes::<8>()), config.limits.stream_ring_len_max);
    let changes = engine.subscribe();
    let alerts = engine.monitor().alert_news();
    let first = engine.snapshot().await.map_err(failed)?;
    let app = App::new(Inner {
        store: store.clone(),
        clock,
        hub: hub.clone(),
        boards: Boards::default(),
        planning: Runs::default(),
        rate: RateLimit::new(config.limits.requests_per_s, config.limits.requests_burst),
        hashing: Arc::new(Semaphore::new(config.auth.hash_parallel_max as usize)),
        hashing_waiting: AtomicU64::new(0),
        streams: Arc::new(Semaphore::new(config.limits.streams_max)),
        demo: demo.is_some(),
        https: tls.is_some(),
        metrics,
        draining: AtomicBool::new(false),
        creating: std::sync::Mutex::default(),
        engine,
        ids,
        config,
    });
    tokio::spawn(hub.run(store.clone(), changes, alerts, first));
    tokio::spawn(housekeeping::run(app.clone()));
    tokio::spawn(planning::runs::work(app.clone()));

    let scheme = if tls.is_some() { "https" } else { "http" };
    let http = HttpHandle::new();
    let service = crate::api::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let serving = match tls {
        Some(tls) => tokio::spawn(axum_server::from_tcp_rustls(listener, tls)?.handle(http.clone()).serve(service)),
        None => tokio::spawn(axum_server::from_tcp(listener)?.handle(http.clone()).serve(service)),
    };
    let http_url = format!("{scheme}://{}", ready::reachable(http_addr));
    if demo.is_none() {
        offer_setup(&app, &http_url).await?;
    }
    ready::print(&ready::Line { http: &http_url, sip: ready::reachable(engine_task.sip_addr), secrets: secrets.as_ref() });
    tracing::info!(http = %http_url, sip = %engine_task.sip_addr, lost = engine_task.lost, "ready");

    signals.first().await;
    stop(&app, engine_task, &http, signals).await;
    // The listener's own result is of no use to anybody now.
    let _ = tokio::time::timeout(HTTP_DRAIN, serving).await;
    drop(app);
    // Waits for every connection to be given back. One that is not must not keep the process: nothing committed is lost.
    match tokio::time::timeout(HTTP_DRAIN, store.close()).await {
        Ok(closed) => closed?,
        Err(_) => tracing::warn!("a connection of the store was still in use: the database's log is written back at the next start"),
    }
    Ok(())
}

/// An empty data folder gets a wallboard and the usual alerts.
async fn begin(store: &Store, clock: Clock, ids: &IdSource, config: &Config) -> CliResult {
    if users::count(store).await? > 0 || store.config_revision().await? > 0 {
        return Ok(());
    }
    let tx = store.begin(clock.now()).await?;
    crate::blueprint::begin::begin(&tx, ids, &config.sip.realm).await.map_err(failed)?;
    tx.commit().await?;
    Ok(())
}

fn failed(e: impl std::fmt::Display) -> CliError {
    CliError::Failed(e.to_string())
}

/// An empty data folder has no login: the one who can read our log makes the first.
async fn offer_setup(app: &App, http_url: &str) -> CliResult {
    if users::count(&app.store).await? > 0 {
        return Ok(());
    }
    let tx = app.store.begin(app.now()).await?;
    let token = setup::create(&tx, app.now().plus_ms(SETUP_LINK_MS)).await?;
    tx.commit().await?;
    let base = app.config.http.public_url.as_deref().unwrap_or(http_url).trim_end_matches('/');
    eprintln!(
        "\nNobody can sign in yet. Make the first administrator here, once, within 24 hours:\n\n  {base}/setup?token={}\n",
        token.expose_secret()
    );
    Ok(())
}

/// No new work; calls finish up to their limit; history is written; then the pages go. A second signal cuts it short.
async fn stop(app: &App, engine: EngineTask, http: &HttpHandle<SocketAddr>, mut signals: Signals) {
    tracing::info!("draining: no new work, calls may finish");
    app.begin_drain();
    tokio::select! {
        () = engine.drain() => {}
        () = signals.first() => tracing::warn!("second signal: calls are cut off"),
    }
    http.graceful_shutdown(Some(HTTP_DRAIN));
}

/// SIGTERM and SIGINT.
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }
    async fn first(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
