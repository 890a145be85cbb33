//! What the engine is told: fixed settings from the configuration file, and the set-up that an administrator may change
//! while it runs (`Setup`, shared by `arc-swap`, replaced whole).
use arc_swap::ArcSwap;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

/// Fixed for the life of the process; the server fills it from the sections `[sip]`, `[media]`, `[routing]` and `[limits]`.
#[derive(Debug, Clone)]
pub struct EngineConfig {
    /// SIP over UDP and TCP; port 0 picks a free one.
    pub sip_addr: SocketAddr,
    /// Written into Via, Contact; none: the local address.
    pub sip_public_addr: Option<IpAddr>,
    /// Realm of digest challenges.
    pub sip_realm: String,
    /// From here anyone may call our numbers.
    pub allow_anonymous: Vec<IpNet>,
    /// Local address of RTP sockets.
    pub rtp_addr: IpAddr,
    /// Written into SDP and candidates; none: the local address.
    pub media_public_addr: Option<IpAddr>,
    /// First and last UDP port of phone legs, both included.
    pub rtp_ports: (u16, u16),
    /// Address and first UDP port for browsers; port 0 picks free ones.
    pub webrtc_addr: SocketAddr,
    /// Media threads; 0 = one a core.
    pub media_workers: usize,
    pub calls_max: u32,
    /// After a drain begins calls may go on for this long.
    pub drain_ms: u64,
    /// Where the centre's midnight is, seconds east of UTC.
    pub utc_offset_s: i32,
    /// Webhooks may go to addresses of this machine and of private networks.
    pub webhooks_private: bool,
    /// The routing task writes its inputs here.
    pub routing_journal: Option<PathBuf>,
    pub routing_journal_bytes_max: u64,
    /// `CallMe` is allowed.
    pub demo: bool,
    /// Simulated customers' calls an hour on average; only with `demo`.
    pub demo_calls_per_hour: u32,
    /// The simulated customers' chance.
    pub demo_seed: u64,
}

impl Default for EngineConfig {
    fn default() -> Self {
        Self {
            sip_addr: SocketAddr::from(([0, 0, 0, 0], 5060)),
            sip_public_addr: None,
            sip_realm: "zhiyin".into(),
            allow_anonymous: Vec::new(),
            rtp_addr: IpAddr::from([0, 0, 0, 0]),
            media_public_addr: None,
            rtp_ports: (20_000, 29_999),
            webrtc_addr: SocketAddr::from(([0, 0, 0, 0], 30_000)),
            media_workers: 0,
            calls_max: 2000,
            drain_ms: 30_000,
            utc_offset_s: 28_800,
            webhooks_private: false,
            routing_journal: None,
            routing_journal_bytes_max: 1 << 30,
            demo: false,
            demo_calls_per_hour: 0,
            demo_seed: 1,
        }
    }
}

/// The set-up as of the last reload, secrets opened. Never changed in place: a call that began with one keeps its `Arc`.
pub type Setup = store::EngineConfig;

/// The set-up that everybody reads: `setup.load()` for one look, `setup.load_full()` to keep.
pub type SharedSetup = Arc<ArcSwap<Setup>>;
