//! The user agent: transactions, dialogs and transport of RFC 3261 in one machine.
//!
//! A message goes `transport` → `receive` (checks) → `server`/`client` (transactions) → `uas`/`uac`/`indialog` (call legs) → events.
mod admit;
mod client;
mod dialog;
mod indialog;
mod options;
mod queue;
mod receive;
mod refer;
mod register_client;
mod register_server;
mod reinvite;
mod server;
mod timers;
mod transport;
mod types;
mod uac;
mod uas;

use crate::digest::{DigestServer, Ha1s};
use crate::util::{HashedMap, Ix, Slab, TimerQueue};
use crate::{
    Command, CommandError, DialogKey, EndpointConfig, Event, Input, Output, Registrar, RequestKey, Time, TimerReason, TrustedSource,
};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::collections::{HashMap, VecDeque};
use std::hash::Hasher;
use types::{Call, ClientTx, ServerTx, TimerKey};

/// Counters for metrics.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    pub dialogs: usize,
    pub transactions: usize,
    pub streams: usize,
    pub timers: usize,
    /// Datagrams or frames that were no SIP.
    pub malformed: u64,
    /// Requests answered 503 because a limit was reached.
    pub overloaded: u64,
    /// Requests and responses sent again by a timer.
    pub retransmitted: u64,
}

/// One user agent for thousands of call legs.
pub struct Endpoint {
    config: EndpointConfig,
    rng: ChaCha8Rng,
    hash_key: [u8; 16],
    out: VecDeque<Output>,
    timers: TimerQueue<TimerKey>,
    client: Slab<ClientTx>,
    client_by_branch: HashedMap<u64, Ix>,
    server: Slab<ServerTx>,
    server_by_key: HashedMap<u128, Ix>,
    /// INVITEs in progress by From-tag, Call-ID and CSeq, to notice one that came on two ways (RFC 3261 §8.2.2.2).
    merged: HashedMap<u128, Ix>,
    calls: Slab<Call>,
    call_by_tag: HashedMap<u64, Ix>,
    call_by_key: HashMap<DialogKey, Ix>,
    next_incoming: u64,
    streams: transport::Streams,
    digest: DigestServer,
    credentials: HashMap<String, Ha1s>,
    registrar: Registrar,
    bindings_wake: Option<Time>,
    registrations: HashMap<RequestKey, register_client::Registration>,
    options: HashMap<RequestKey, Ix>,
    /// REGISTERs that the application answers.
    asked: HashMap<RequestKey, Ix>,
    next_asked: u64,
    draining: bool,
    malformed: u64,
    overloaded: u64,
    retransmitted: u64,
}

impl Endpoint {
    /// `seed` makes tags, branches and nonces unguessable: draw it from the system once at start.
    pub fn new(config: EndpointConfig, seed: [u8; 32]) -> Endpoint {
        let mut rng = ChaCha8Rng::from_seed(seed);
        let (mut hash_key, mut nonce_key) = ([0u8; 16], [0u8; 32]);
        rng.fill_bytes(&mut hash_key);
        rng.fill_bytes(&mut nonce_key);
        let limits = &config.limits;
        Endpoint {
            digest: DigestServer::new(config.realm.clone(), nonce_key, config.nonce_ttl_s, limits.nonces_max),
            registrar: Registrar::new(limits.aors_max, limits.bindings_per_aor_max),
            streams: transport::Streams::default(),
            rng,
            hash_key,
            out: VecDeque::new(),
            timers: TimerQueue::new(),
            client: Slab::default(),
            client_by_branch: HashedMap::default(),
            server: Slab::default(),
            server_by_key: HashedMap::default(),
            merged: HashedMap::default(),
            calls: Slab::default(),
            call_by_tag: HashedMap::default(),
            call_by_key: HashMap::new(),
            next_incoming: 0,
            credentials: HashMap::new(),
            bindings_wake: None,
            registrations: HashMap::new(),
            options: HashMap::new(),
            asked: HashMap::new(),
            next_asked: 0,
            draining: false,
            malformed: 0,
            overloaded: 0,
            retransmitted: 0,
            config,
        }
    }

    /// Feeds one input; then drain [`Endpoint::poll_output`].
    pub fn handle_input(&mut self, now: Time, input: Input) {
        match input {
            Input::Datagram { socket, peer, bytes } => self.on_datagram(now, socket, peer, bytes),
            Input::StreamAccepted { conn, socket, peer } => self.on_stream_accepted(now, conn, socket, peer),
            Input::StreamConnected { conn } => self.on_stream_connected(now, conn),
            Input::StreamData { conn, bytes } => self.on_stream_data(now, conn, &bytes),
            Input::StreamClosed { conn } => self.on_stream_closed(now, conn),
            Input::Timeout => self.on_timeout(now),
            Input::Command(command) => {
                let (name, key) = command_name(&command);
                if let Err(error) = self.command(now, *command) {
                    self.event(Event::CommandFailed { command: name, key, error });
                }
            }
        }
    }

    /// Carries out a command at once; then drain [`Endpoint::poll_output`]. On an error nothing was sent.
    pub fn command(&mut self, now: Time, command: Command) -> Result<(), CommandError> {
        match command {
            Command::Invite(invite) => self.cmd_invite(now, *invite),
            Command::Provisional { key, status, sdp, headers } => self.cmd_provisional(now, key, status, sdp, &headers),
            Command::Answer { key, answer } => self.cmd_answer(now, key, &answer),
            Command::Reject { key, status, reason, headers } => self.cmd_reject(now, key, status, reason.as_deref(), &headers),
            Command::Ack { key, sdp } => self.cmd_ack(now, key, &sdp),
            Command::Cancel { key, reason } => self.cmd_cancel(now, key, reason),
            Command::Bye { key, reason } => self.cmd_bye(now, key, reason),
            Command::ReInvite { key, sdp } => self.cmd_reinvite(now, key, sdp),
            Command::AnswerReInvite { key, answer } => self.cmd_answer_reinvite(now, key, &answer),
            Command::RejectReInvite { key, status } => self.cmd_reject_reinvite(now, key, status),
            Command::Info { key, content_type, body } => self.cmd_info(now, key, content_type, body),
            Command::AcceptRefer { key } => self.cmd_accept_refer(now, key),
            Command::RejectRefer { key, status } => self.cmd_reject_refer(now, key, status),
            Command::NotifyRefer { key, status } => self.cmd_notify_refer(now, key, status),
            Command::Options(options) => self.cmd_options(now, &options),
            Command::Register(register) => self.cmd_register(now, *register),
            Command::Unregister { key } => self.cmd_unregister(now, key),
            Command::RegisterResponse { key, status, contacts } => self.cmd_register_response(now, key, status, &contacts),
        }
    }

    /// The next thing to do, none when drained.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// Adds or replaces what a user proves itself with.
    pub fn set_credentials(&mut self, user: &str, ha1s: Ha1s) {
        self.credentials.insert(user.to_owned(), ha1s);
    }

    /// Forgets a user's password and where the user is reachable.
    pub fn remove_credentials(&mut self, user: &str) {
        self.credentials.remove(user);
        if self.registrar.remove_user(user) {
            self.event(Event::Registration(crate::RegistrationChange { user: user.to_owned(), bindings: 0, came: false, gone: true }));
        }
    }

    /// Replaces the list of sources that need not authenticate; calls in progress go on.
    pub fn set_trusted(&mut self, trusted: Vec<TrustedSource>) {
        self.config.trusted = trusted;
    }

    /// While draining, new calls and OPTIONS get 503; calls in progress go on.
    pub fn set_draining(&mut self, draining: bool) {
        self.draining = draining;
    }

    pub fn registrar(&self) -> &Registrar {
        &self.registrar
    }

    pub fn config(&self) -> &EndpointConfig {
        &self.config
    }

    pub fn stats(&self) -> Stats {
        Stats {
            dialogs: self.calls.len(),
            transactions: self.client.len() + self.server.len(),
            streams: self.streams.len(),
            timers: self.timers.len(),
            malformed: self.malformed,
            overloaded: self.overloaded,
            retransmitted: self.retransmitted,
        }
    }

    fn event(&mut self, event: Event) {
        self.out.push_back(Output::Event(event));
    }

    fn random(&mut self) -> u64 {
        self.rng.next_u64()
    }

    /// Uniform enough for back-off times.
    fn random_below(&mut self, bound: u64) -> u64 {
        self.rng.next_u64() % bound.max(1)
    }

    /// Keyed hash of some byte strings: an outsider cannot aim for collisions.
    fn hash(&self, parts: &[&[u8]]) -> u128 {
        let mut halves = [0u64; 2];
        for (i, half) in (0u8..).zip(&mut halves) {
            let mut hasher = std::hash::DefaultHasher::new();
            hasher.write(&self.hash_key);
            hasher.write_u8(i);
            for part in parts {
                hasher.write_usize(part.len());
                hasher.write(part);
            }
            *half = hasher.finish();
        }
        u128::from(halves[0]) << 64 | u128::from(halves[1])
    }

    fn wake(&mut self, at: Time, key: TimerKey, reason: TimerReason) {
        self.timers.push(at, key, reason);
    }

    /// The leg of a command.
    fn call_ix(&self, key: DialogKey) -> Result<Ix, CommandError> {
        self.call_by_key.get(&key).copied().ok_or(CommandError::Unknown)
    }
}

/// Sixteen hex digits.
fn hex16(n: u64) -> [u8; 16] {
    let mut out = [0u8; 16];
    for (i, digit) in out.iter_mut().enumerate() {
        let nibble = (n >> (60 - 4 * i)) & 15;
        *digit = b"0123456789abcdef"[nibble as usize];
    }
    out
}

/// The number behind a tag or branch of ours; none for anything that we cannot have written.
fn from_hex16(text: &[u8]) -> Option<u64> {
    if text.len() != 16 || text.iter().any(u8::is_ascii_uppercase) {
        return None;
    }
    u64::from_str_radix(std::str::from_utf8(text).ok()?, 16).ok()
}

fn command_name(command: &Command) -> (&'static str, u64) {
    match command {
        Command::Invite(i) => ("invite", i.key.0),
        Command::Provisional { key, .. } => ("provisional", key.0),
        Command::Answer { key, .. } => ("answer", key.0),
        Command::Reject { key, .. } => ("reject", key.0),
        Command::Ack { key, .. } => ("ack", key.0),
        Command::Cancel { key, .. } => ("cancel", key.0),
        Command::Bye { key, .. } => ("bye", key.0),
        Command::ReInvite { key, .. } => ("reinvite", key.0),
        Command::AnswerReInvite { key, .. } => ("answer_reinvite", key.0),
        Command::RejectReInvite { key, .. } => ("reject_reinvite", key.0),
        Command::Info { key, .. } => ("info", key.0),
        Command::AcceptRefer { key } => ("accept_refer", key.0),
        Command::RejectRefer { key, .. } => ("reject_refer", key.0),
        Command::NotifyRefer { key, .. } => ("notify_refer", key.0),
        Command::Options(o) => ("options", o.key.0),
        Command::Register(r) => ("register", r.key.0),
        Command::Unregister { key } => ("unregister", key.0),
        Command::RegisterResponse { key, .. } => ("register_response", key.0),
    }
}
