//! Set-up of an endpoint and its limits.
use crate::api::Transport;
use crate::digest::Algorithm;
use std::net::{IpAddr, SocketAddr};

/// A bound socket (UDP) or listener (TCP).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SocketConfig {
    pub transport: Transport,
    /// What peers are told in Via and Contact: never 0.0.0.0. Behind NAT this is the public address.
    pub advertised: SocketAddr,
}

/// A block of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cidr {
    pub addr: IpAddr,
    pub prefix: u8,
}

impl Cidr {
    /// One address.
    pub fn host(addr: IpAddr) -> Cidr {
        Cidr { addr, prefix: if addr.is_ipv4() { 32 } else { 128 } }
    }

    pub fn contains(&self, ip: IpAddr) -> bool {
        match (self.addr, ip.to_canonical()) {
            (IpAddr::V4(net), IpAddr::V4(ip)) => {
                same_prefix(u128::from(net.to_bits()) << 96, u128::from(ip.to_bits()) << 96, self.prefix.min(32))
            }
            (IpAddr::V6(net), IpAddr::V6(ip)) => same_prefix(net.to_bits(), ip.to_bits(), self.prefix.min(128)),
            _ => false,
        }
    }
}

fn same_prefix(a: u128, b: u128, bits: u8) -> bool {
    bits == 0 || (a ^ b).leading_zeros() >= u32::from(bits)
}

/// A source that need not authenticate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrustedSource {
    pub net: Cidr,
    /// Handed back in [`crate::AuthState::Trusted`] (a trunk's number, say).
    pub tag: u32,
}

/// What a new INVITE from an untrusted address gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnknownSource {
    /// 401; after a proof the call goes to the application.
    #[default]
    Challenge,
    /// 403.
    Forbid,
    /// Straight to the application, which may reject it.
    Accept,
}

/// Who answers REGISTER.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RegistrarMode {
    /// [`crate::Registrar`] within the endpoint; changes are told as [`crate::Event::Registration`].
    #[default]
    BuiltIn,
    /// [`crate::Event::RegisterRequest`].
    Application,
    /// 405.
    Off,
}

/// Bounds; reaching one gives a clear answer (503, 513, a closed stream), never a stall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    pub dialogs_max: usize,
    pub transactions_max: usize,
    /// Events and sends not yet polled; beyond it new requests get 503.
    pub outputs_max: usize,
    /// Largest message in and largest body out (513 on UDP, a closed stream on TCP).
    pub message_bytes_max: usize,
    pub headers_max: usize,
    pub streams_max: usize,
    pub streams_per_peer_max: usize,
    /// Bytes waiting for a stream that is still connecting.
    pub stream_pending_bytes_max: usize,
    /// A new stream must bring, and a begun message must end, within this time.
    pub stream_half_open_ms: u64,
    pub stream_idle_ms: u64,
    pub stream_connect_ms: u64,
    pub aors_max: usize,
    pub bindings_per_aor_max: usize,
    pub registrations_max: usize,
    pub nonces_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            dialogs_max: 20_000,
            transactions_max: 200_000,
            outputs_max: 65_536,
            message_bytes_max: 65_535,
            headers_max: 256,
            streams_max: 4_096,
            streams_per_peer_max: 256,
            stream_pending_bytes_max: 262_144,
            stream_half_open_ms: 30_000,
            stream_idle_ms: 900_000,
            stream_connect_ms: 10_000,
            aors_max: 50_000,
            bindings_per_aor_max: 8,
            registrations_max: 1_000,
            nonces_max: 50_000,
        }
    }
}

/// RFC 3261 §17.1.1.1 and table 4, milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimerValues {
    pub t1_ms: u64,
    pub t2_ms: u64,
    pub t4_ms: u64,
    /// Timer D on UDP.
    pub d_ms: u64,
}

impl Default for TimerValues {
    fn default() -> Self {
        TimerValues { t1_ms: 500, t2_ms: 4_000, t4_ms: 5_000, d_ms: 32_000 }
    }
}

/// Set-up of an [`crate::Endpoint`].
#[derive(Debug, Clone)]
pub struct EndpointConfig {
    /// Position in this list is the `socket` index of inputs and outputs.
    pub sockets: Vec<SocketConfig>,
    /// Digest realm and the domain of addresses of record.
    pub realm: String,
    /// Written as User-Agent and Server.
    pub product: String,
    pub trusted: Vec<TrustedSource>,
    pub unknown_source: UnknownSource,
    pub registrar: RegistrarMode,
    /// Algorithms we challenge with, best liked first; a user without the matching hash is not offered it.
    /// Old phones fail on any challenge but MD5, therefore MD5 alone is the default.
    pub algorithms: Vec<Algorithm>,
    pub nonce_ttl_s: u32,
    /// Bounds for what a REGISTER may ask.
    pub register_expires_min_s: u32,
    pub register_expires_max_s: u32,
    pub limits: Limits,
    pub timers: TimerValues,
}

impl EndpointConfig {
    pub fn new(sockets: Vec<SocketConfig>, realm: impl Into<String>) -> EndpointConfig {
        EndpointConfig {
            sockets,
            realm: realm.into(),
            product: "zhiyin".to_owned(),
            trusted: Vec::new(),
            unknown_source: UnknownSource::default(),
            registrar: RegistrarMode::default(),
            algorithms: vec![Algorithm::Md5],
            nonce_ttl_s: 300,
            register_expires_min_s: 60,
            register_expires_max_s: 3600,
            limits: Limits::default(),
            timers: TimerValues::default(),
        }
    }
}
