//! The one task that owns the SIP endpoint and every call: it turns datagrams, media events, router effects and orders into inputs of
//! the machines and carries out what they say. It runs alone on its own thread; nothing in it waits.
use super::addresses::Resolver;
use super::cell::CallCell;
use super::limiter::Limiter;
use super::phones::Phones;
use super::router_link::{RouterJob, RouterNews};
use super::sockets::{MediaAddress, TCP, UDP};
use super::sounds::Sounds;
use super::streams::{StreamEvent, Streams};
use super::trunks::Trunks;
use crate::customers::Found;
use crate::port::{Context, VoiceCommand};
use crate::voice::media::MediaHandle;
use bytes::Bytes;
use domain::call::{Directory, Input};
use domain::{CallId, LegId, Timestamp, UserId};
use signaling::{DialogKey, Endpoint, Output, Time};
use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::{mpsc, oneshot};

/// News from helper tasks waiting for the driver; helpers wait for room.
pub const INBOX_LEN_MAX: usize = 8192;
/// Datagrams read before timers and other news get their turn.
const DATAGRAMS_PER_TURN: usize = 128;
/// News handled before the sockets get their turn.
const NEWS_PER_TURN: usize = 256;
const DATAGRAM_BYTES_MAX: usize = 65_535;
/// Housekeeping: trunk probes, gauges.
const HOUSEKEEPING_MS: u64 = 1_000;

/// What helper tasks tell the driver.
pub(super) enum Inbox {
    Stream(StreamEvent),
    Router(CallId, RouterNews),
    /// Who calls, and the agent they talked with last.
    Customer(CallId, Found, Option<UserId>),
    /// Where the caller stood a short while ago.
    Places(CallId, Vec<domain::routing::KeptPlace>),
    Sound(super::sounds::Loaded),
    /// What a caller is to hear alone; none: nothing, or it cannot be had.
    Personal(CallId, Option<Arc<media::player::Prompt>>),
    Resolved(super::addresses::Resolved),
}

/// A media leg and what its figures belong to; it outlives the call until its last figures came.
pub(super) struct MediaLeg {
    pub call: CallId,
    pub leg: LegId,
    pub party: &'static str,
    pub agent: Option<domain::UserId>,
    pub peer: String,
    pub codec: &'static str,
}

pub(super) struct Driver {
    pub ctx: Context,
    pub endpoint: Endpoint,
    pub udp: Arc<UdpSocket>,
    pub streams: Streams,
    pub bound: SocketAddr,
    pub advertised: SocketAddr,
    pub media: MediaHandle,
    pub media_events: mpsc::Sender<media::session::Event>,
    pub media_address: MediaAddress,
    pub directory: Arc<Directory>,
    pub calls: HashMap<CallId, Box<CallCell>>,
    /// Calls that are no more than a place in a line.
    pub places: usize,
    pub timers: BTreeSet<(Timestamp, CallId)>,
    pub dialogs: HashMap<DialogKey, (CallId, LegId)>,
    pub media_legs: HashMap<u32, MediaLeg>,
    pub phones: Phones,
    pub trunks: Trunks,
    pub sounds: Sounds,
    pub resolver: Resolver,
    pub limiter: Limiter,
    pub inbox: mpsc::Sender<Inbox>,
    pub router: mpsc::Sender<RouterJob>,
    /// Orders to the demo's customers, where there are any.
    pub demo: Option<mpsc::Sender<super::demo::Order>>,
    pub runtime: tokio::runtime::Handle,
    pub origin: Timestamp,
    pub now: Timestamp,
    pub next_key: u64,
    pub next_media_leg: u32,
    pub draining: bool,
    pub housekeeping: Timestamp,
    pub stopping: Option<(Timestamp, Vec<oneshot::Sender<()>>)>,
}

/// What the loop waits on besides the driver's own state.
pub(super) struct Sources {
    pub udp: Arc<UdpSocket>,
    pub tcp: TcpListener,
    pub inbox: mpsc::Receiver<Inbox>,
    pub media: mpsc::Receiver<media::session::Event>,
    pub commands: mpsc::Receiver<VoiceCommand>,
}

impl Driver {
    /// Runs until `VoiceCommand::Stop` is carried out or the engine is gone.
    pub async fn run(mut self, mut s: Sources) {
        let mut buffer = vec![0u8; DATAGRAM_BYTES_MAX];
        self.housekeep();
        loop {
            let wake = self.next_wake();
            let wake = self.ctx.clock.instant_of(wake);
            tokio::select! {
                biased;
                ready = s.udp.readable() => if let Err(error) = ready {
                    tracing::warn!(%error, "SIP socket");
                },
                Some(news) = s.inbox.recv() => self.turn(|d| d.on_inbox(news)),
                Some(event) = s.media.recv() => self.turn(|d| d.on_media(event)),
                command = s.commands.recv() => match command {
                    Some(command) => self.turn(|d| d.on_command(command)),
                    None => return,
                },
                accepted = s.tcp.accept() => match accepted {
                    Ok((stream, peer)) => self.turn(|d| d.on_accepted(stream, peer)),
                    Err(error) => tracing::debug!(%error, "SIP listener"),
                },
                () = tokio::time::sleep_until(wake.into()) => {}
            }
            self.read_datagrams(&mut buffer);
            self.drain_news(&mut s);
            self.turn(Driver::on_timers);
            if let Some((deadline, _)) = &self.stopping
                && (self.calls.is_empty() || *deadline <= self.now)
            {
                let (_, replies) = self.stopping.take().expect("just seen");
                for reply in replies {
                    // The asker may have given up waiting.
                    let _ = reply.send(());
                }
                return;
            }
        }
    }

    fn turn(&mut self, work: impl FnOnce(&mut Self)) {
        self.now = self.ctx.clock.now();
        work(self);
        self.drain_endpoint();
    }

    fn drain_news(&mut self, s: &mut Sources) {
        for _ in 0..NEWS_PER_TURN {
            if let Ok(event) = s.media.try_recv() {
                self.turn(|d| d.on_media(event));
            } else if let Ok(news) = s.inbox.try_recv() {
                self.turn(|d| d.on_inbox(news));
            } else if let Ok(command) = s.commands.try_recv() {
                self.turn(|d| d.on_command(command));
            } else {
                return;
            }
        }
    }

    fn read_datagrams(&mut self, buffer: &mut [u8]) {
        self.now = self.ctx.clock.now();
        for _ in 0..DATAGRAMS_PER_TURN {
            match self.udp.try_recv_from(buffer) {
                Ok((len, peer)) => {
                    if !self.exempt(peer.ip()) && !self.limiter.admits(self.now, peer.ip()) {
                        metrics::counter!("zhiyin_sip_datagrams_limited_total").increment(1);
                        continue;
                    }
                    let bytes = Bytes::copy_from_slice(&buffer[..len]);
                    let now = self.time();
                    self.endpoint.handle_input(now, signaling::Input::Datagram { socket: UDP, peer, bytes });
                    self.drain_endpoint();
                }
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return,
                // An ICMP error of an earlier send shows up here; the next read goes on.
                Err(error) => tracing::debug!(%error, "SIP datagram"),
            }
        }
    }

    fn exempt(&self, ip: std::net::IpAddr) -> bool {
        self.trunks.knows(ip) || self.ctx.config.allow_anonymous.iter().any(|net| net.contains(&ip))
    }

    fn on_accepted(&mut self, stream: tokio::net::TcpStream, peer: SocketAddr) {
        let conn = self.streams.accept(stream);
        let now = self.time();
        self.endpoint.handle_input(now, signaling::Input::StreamAccepted { conn, socket: TCP, peer });
    }

    fn on_inbox(&mut self, news: Inbox) {
        let now = self.time();
        match news {
            Inbox::Stream(StreamEvent::Connected(conn)) => self.endpoint.handle_input(now, signaling::Input::StreamConnected { conn }),
            Inbox::Stream(StreamEvent::Data(conn, bytes)) => self.endpoint.handle_input(now, signaling::Input::StreamData { conn, bytes }),
            Inbox::Stream(StreamEvent::Closed(conn)) => {
                self.streams.close(conn);
                self.endpoint.handle_input(now, signaling::Input::StreamClosed { conn });
            }
            Inbox::Router(call, news) => self.on_router(call, news),
            Inbox::Customer(call, found, prefer) => {
                let Found { customer, known } = found;
                if let Some(cell) = self.calls.get_mut(&call) {
                    (cell.known, cell.prefer) = (Some(Box::new(known.clone())), prefer);
                }
                self.feed(call, Input::Customer { customer });
                // It may wait or ring already: the desk shows who it is before the answer.
                let identified = domain::routing::Input::Identified { interaction: call.into(), customer, known, prefer };
                self.tell_router(call, identified, super::router_link::Want::Nothing);
            }
            Inbox::Places(call, places) => {
                // Kept for when it comes to the line, and told for when it stands there already.
                if let Some(cell) = self.calls.get_mut(&call) {
                    cell.places.clone_from(&places);
                }
                let resumed = domain::routing::Input::Resumed { interaction: call.into(), places };
                self.tell_router(call, resumed, super::router_link::Want::Nothing);
            }
            Inbox::Sound(loaded) => self.on_sound(loaded),
            Inbox::Personal(call, prompt) => self.on_personal(call, prompt),
            Inbox::Resolved(resolved) => self.on_resolved(resolved),
        }
    }

    /// Carries out what the endpoint wants, until it wants nothing.
    pub fn drain_endpoint(&mut self) {
        while let Some(output) = self.endpoint.poll_output() {
            match output {
                Output::SendDatagram { peer, bytes, .. } => {
                    // A full send buffer or an unreachable peer loses the datagram; SIP repeats it.
                    if self.udp.try_send_to(&bytes, peer).is_err() {
                        metrics::counter!("zhiyin_sip_send_failed_total").increment(1);
                    }
                }
                Output::OpenStream { conn, peer, .. } => self.streams.open(conn, self.bound.ip(), peer),
                Output::SendStream { conn, bytes } => {
                    if !self.streams.send(conn, bytes) {
                        let now = self.time();
                        self.endpoint.handle_input(now, signaling::Input::StreamClosed { conn });
                    }
                }
                Output::CloseStream { conn, .. } => self.streams.close(conn),
                Output::Event(event) => self.on_sip(event),
            }
        }
    }

    fn next_wake(&mut self) -> Timestamp {
        let endpoint = self.endpoint.poll_timeout().map(|(at, _)| Timestamp(self.origin.0 + at.0 as i64));
        let call = self.timers.first().map(|(at, _)| *at);
        let stop = self.stopping.as_ref().map(|(at, _)| *at);
        [endpoint, call, stop].into_iter().flatten().fold(self.housekeeping, Timestamp::min)
    }

    fn on_timers(&mut self) {
        let now = self.time();
        if self.endpoint.poll_timeout().is_some_and(|(at, _)| at <= now) {
            self.endpoint.handle_input(now, signaling::Input::Timeout);
            self.drain_endpoint();
        }
        while let Some((at, call)) = self.timers.first().copied() {
            if at > self.now {
                break;
            }
            self.timers.pop_first();
            self.feed(call, Input::Tick);
        }
        if self.housekeeping <= self.now {
            self.housekeep();
        }
    }

    fn housekeep(&mut self) {
        self.housekeeping = self.now.plus_ms(HOUSEKEEPING_MS);
        self.probe_trunks();
        self.refresh_addresses();
        let stats = self.endpoint.stats();
        metrics::gauge!("zhiyin_calls").set(self.running() as f64);
        metrics::gauge!("zhiyin_sip_dialogs").set(stats.dialogs as f64);
        metrics::gauge!("zhiyin_sip_transactions").set(stats.transactions as f64);
        metrics::gauge!("zhiyin_sip_streams").set(self.streams.len() as f64);
        metrics::gauge!("zhiyin_sip_registered_phones").set(self.endpoint.registrar().len() as f64);
        metrics::counter!("zhiyin_sip_malformed_total").absolute(stats.malformed);
        metrics::counter!("zhiyin_sip_overloaded_total").absolute(stats.overloaded);
        metrics::counter!("zhiyin_sip_retransmitted_total").absolute(stats.retransmitted);
        self.media_metrics();
    }

    fn media_metrics(&self) {
        let m = self.media.stats();
        metrics::gauge!("zhiyin_media_sessions").set(m.sessions as f64);
        metrics::gauge!("zhiyin_media_rtp_legs").set(m.rtp_legs as f64);
        metrics::gauge!("zhiyin_media_web_legs").set(m.web_legs as f64);
        metrics::gauge!("zhiyin_media_sockets").set(m.sockets as f64);
        metrics::gauge!("zhiyin_media_port_pairs").set(m.port_pairs as f64);
        metrics::gauge!("zhiyin_recordings_running").set(m.recordings as f64);
        metrics::gauge!("zhiyin_media_tick_late_p99_us").set(m.tick_late_p99_us as f64);
        metrics::counter!("zhiyin_media_packets_in_total").absolute(m.packets_in);
        metrics::counter!("zhiyin_media_packets_out_total").absolute(m.packets_out);
        metrics::counter!("zhiyin_media_packets_lost_total").absolute(m.lost_in);
        metrics::counter!("zhiyin_media_send_errors_total").absolute(m.send_errors);
        metrics::counter!("zhiyin_media_ticks_skipped_total").absolute(m.ticks_skipped);
        metrics::counter!("zhiyin_media_events_dropped_total").absolute(m.events_dropped);
        metrics::counter!("zhiyin_recording_dropped_ms_total").absolute(m.recorder_dropped_ms);
        metrics::counter!("zhiyin_media_sessions_failed_total").absolute(m.sessions_failed);
    }

    /// This turn's time as the endpoint counts it.
    pub fn time(&self) -> Time {
        Time((self.now.0 - self.origin.0).max(0) as u64)
    }

    /// An order to the endpoint; false when it refused.
    pub fn sip(&mut self, command: signaling::Command) -> bool {
        let now = self.time();
        match self.endpoint.command(now, command) {
            Ok(()) => true,
            Err(error) => {
                tracing::debug!(%error, "SIP order refused");
                false
            }
        }
    }

    pub fn new_key(&mut self) -> u64 {
        self.next_key += 1;
        self.next_key
    }
}
