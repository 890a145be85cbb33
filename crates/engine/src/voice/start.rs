//! Bringing voice up.
use super::demo;
use super::driver::{Driver, INBOX_LEN_MAX, Sources};
use super::limiter::Limiter;
use super::media::{Media, MediaConfig, MediaError};
use super::router_link::{ROUTER_JOBS_MAX, relay};
use super::sockets::{self, MediaAddress};
use super::streams::Streams;
use crate::port::{Context, VoiceCommand, VoiceRunning};
use signaling::{Endpoint, EndpointConfig, UnknownSource};
use std::collections::{BTreeSet, HashMap};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::{mpsc, oneshot};

/// Media events of all calls waiting for the driver.
const MEDIA_EVENTS_MAX: usize = 65_536;

#[derive(Debug, thiserror::Error)]
enum VoiceError {
    #[error("SIP address {0}: {1}")]
    Bind(std::net::SocketAddr, std::io::Error),
    #[error(transparent)]
    Media(#[from] MediaError),
    #[error("voice thread: {0}")]
    Thread(std::io::Error),
}

/// Binds the sockets, starts the media workers and the driver's thread. The driver ends with `VoiceCommand::Stop` or when `commands`
/// is closed. Helper tasks (look-ups, prompts) run on the caller's runtime.
///
/// # Errors
/// A port is taken, or the operating system gives no thread: the text says which.
pub async fn start(ctx: Context, commands: mpsc::Receiver<VoiceCommand>) -> Result<VoiceRunning, String> {
    up(ctx, commands).await.map_err(|error| error.to_string())
}

async fn up(ctx: Context, commands: mpsc::Receiver<VoiceCommand>) -> Result<VoiceRunning, VoiceError> {
    let config = ctx.config.clone();
    let bound = sockets::bind(config.sip_addr).map_err(|e| VoiceError::Bind(config.sip_addr, e))?;
    let media = Media::start(media_config(&config))?;
    let sip_addr = bound.addr;
    let runtime = tokio::runtime::Handle::current();
    let (ready, started) = oneshot::channel();
    std::thread::Builder::new()
        .name("voice".into())
        .spawn(move || {
            let own = tokio::runtime::Builder::new_current_thread().enable_all().build();
            match own {
                Ok(own) => own.block_on(drive(ctx, commands, bound, media, runtime, ready)),
                Err(error) => drop(ready.send(Err(error))),
            }
        })
        .map_err(VoiceError::Thread)?;
    match started.await {
        Ok(Ok(())) => Ok(VoiceRunning { sip_addr }),
        Ok(Err(error)) => Err(VoiceError::Thread(error)),
        Err(_) => Err(VoiceError::Thread(std::io::Error::other("it ended at once"))),
    }
}

fn media_config(config: &crate::EngineConfig) -> MediaConfig {
    let public = config.media_public_addr.unwrap_or_else(|| {
        let bound = std::net::SocketAddr::new(config.rtp_addr, 0);
        sockets::advertised(bound, None).ip()
    });
    MediaConfig {
        workers: config.media_workers,
        bind: config.rtp_addr,
        public,
        rtp_ports: config.rtp_ports,
        web_port: config.webrtc_addr.port(),
        sessions_max: config.calls_max as usize,
    }
}

async fn drive(
    ctx: Context,
    commands: mpsc::Receiver<VoiceCommand>,
    bound: sockets::Bound,
    media: Media,
    runtime: tokio::runtime::Handle,
    ready: oneshot::Sender<std::io::Result<()>>,
) {
    let sockets = UdpSocket::from_std(bound.udp).and_then(|udp| Ok((Arc::new(udp), TcpListener::from_std(bound.tcp)?)));
    let (udp, tcp) = match sockets {
        Ok(both) => both,
        Err(error) => return drop(ready.send(Err(error))),
    };
    let (inbox, inbox_queue) = mpsc::channel(INBOX_LEN_MAX);
    let (media_events, media_queue) = mpsc::channel(MEDIA_EVENTS_MAX);
    let (router, jobs) = mpsc::channel(ROUTER_JOBS_MAX);
    tokio::spawn(relay(ctx.router.clone(), jobs, inbox.clone()));
    let advertised = sockets::advertised(bound.addr, ctx.config.sip_public_addr);
    let mut endpoint_config = EndpointConfig::new(sockets::configs(advertised), ctx.config.sip_realm.clone());
    endpoint_config.unknown_source = UnknownSource::Challenge;
    let endpoint = Endpoint::new(endpoint_config, ctx.ids.bytes());
    let now = ctx.clock.now();
    let loopback: IpAddr = Ipv4Addr::LOCALHOST.into();
    tracing::info!(addr = %bound.addr, advertised = %advertised, local_only = advertised.ip() == loopback, "SIP listens");
    let demo = ctx.config.demo.then(|| {
        let (orders, queue) = mpsc::channel(demo::ORDERS_MAX);
        runtime.spawn(demo::run(ctx.clone(), bound.addr, queue));
        orders
    });
    let mut driver = Driver {
        endpoint,
        udp: udp.clone(),
        streams: Streams::new(inbox.clone()),
        bound: bound.addr,
        advertised,
        media: media.handle(),
        media_events,
        media_address: MediaAddress::new(ctx.config.rtp_addr, ctx.config.media_public_addr),
        directory: Arc::default(),
        calls: HashMap::new(),
        places: 0,
        timers: BTreeSet::new(),
        dialogs: HashMap::new(),
        media_legs: HashMap::new(),
        phones: Default::default(),
        trunks: Default::default(),
        sounds: Default::default(),
        resolver: Default::default(),
        limiter: Limiter::default(),
        inbox,
        router,
        demo,
        runtime,
        origin: now,
        now,
        next_key: 0,
        next_media_leg: 0,
        draining: false,
        housekeeping: now,
        stopping: None,
        ctx,
    };
    driver.setup_changed();
    driver.drain_endpoint();
    // The starter may have given up; then nobody will send commands and the loop ends at once.
    let _ = ready.send(Ok(()));
    driver.run(Sources { udp, tcp, inbox: inbox_queue, media: media_queue, commands }).await;
    // The workers are joined here, after the last call is gone.
    drop(media);
}
