//! What goes into a session (commands) and what comes out of it (events, packets).
use crate::codec::Codec;
use crate::player::Prompt;
use crate::quality::LegStats;
use crate::recording::RecordSink;
use std::net::SocketAddr;
use std::sync::Arc;

/// Names a leg within its call. Chosen by the owner of the session; not used again after `Remove`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LegId(pub u32);

/// Comes back in the event that ends what it was given to. Chosen by the owner; zero is as good as any.
pub type Token = u64;

/// Legs of one session, prompts in one list, digits waiting on one leg, sources tried per play list.
pub const LEGS_MAX: usize = 16;
pub const PLAYLIST_LEN_MAX: usize = 64;
pub const DIGITS_QUEUED_MAX: usize = 64;

/// One phone leg as offer and answer agreed on it. Codecs other than `codec` may also arrive if listed in `receive`.
#[derive(Debug, Clone)]
pub struct RtpConfig {
    /// What we send, with this payload type.
    pub codec: Codec,
    pub payload_type: u8,
    /// Further (payload type, codec) pairs that we answered and so must understand. May be empty.
    pub receive: Vec<(u8, Codec)>,
    /// Payload type of `telephone-event/8000` (RFC 4733), both ways. None: digits are looked for in band.
    pub telephone_event: Option<u8>,
    /// Where the peer's SDP says that it listens. Until its packets tell otherwise (symmetric RTP) we send there.
    pub remote: Option<SocketAddr>,
    /// The peer's RTCP address if it is not the RTP port + 1 (`a=rtcp`, RFC 3605).
    pub remote_rtcp: Option<SocketAddr>,
    /// Our direction as answered: false while the peer said `sendonly`/`inactive`.
    pub send: bool,
    /// False while the peer may not send (`a=recvonly` from it): no timeout is raised then.
    pub receive_expected: bool,
    /// `RtpTimeout` after this long without a packet; 0 never.
    pub timeout_ms: u32,
}

impl RtpConfig {
    /// G.711 with the usual static payload types and telephone-event 101: what most phones agree on.
    pub fn g711(codec: Codec, remote: Option<SocketAddr>) -> Self {
        Self {
            payload_type: if codec == Codec::Pcma { 8 } else { 0 },
            codec,
            receive: Vec::new(),
            telephone_event: Some(101),
            remote,
            remote_rtcp: None,
            send: true,
            receive_expected: true,
            timeout_ms: 0,
        }
    }
}

/// A list of prompts for one leg. Playing does not cut the leg's bridge; `Hold` does.
#[derive(Debug, Clone)]
pub struct Play {
    pub prompts: Vec<Arc<Prompt>>,
    /// Start over at the end, for ever.
    pub repeat: bool,
    /// A digit from this leg ends it (the digit is still reported).
    pub interruptible: bool,
    /// Comes back in `PlaybackDone`.
    pub token: Token,
}

/// What may be asked of a session. A command that names a leg which is not there does nothing.
pub enum Command {
    /// The peer's or our side changed by re-INVITE or UPDATE: codecs, addresses, direction. Output stays continuous.
    UpdateRtp {
        leg: LegId,
        config: RtpConfig,
    },
    /// Ends the leg; its last figures come in `LegStats`.
    Remove {
        leg: LegId,
    },
    /// Both hear each other (gain 1 both ways).
    Bridge {
        a: LegId,
        b: LegId,
    },
    /// Neither hears the other any more.
    Unbridge {
        a: LegId,
        b: LegId,
    },
    /// `to` hears `from` at this gain: 0 not at all, 1 as it is. Whisper and listen are one-way gains.
    Gain {
        from: LegId,
        to: LegId,
        gain: f32,
    },
    /// Nobody hears this leg, nor does the recording.
    Mute {
        leg: LegId,
        on: bool,
    },
    /// The leg hears only `music` (or nothing) and nobody hears it, until `Unhold`. Its bridges are kept.
    Hold {
        leg: LegId,
        music: Option<Vec<Arc<Prompt>>>,
    },
    Unhold {
        leg: LegId,
    },
    /// Replaces what the leg was hearing from an earlier `Play` (which ends with `interrupted`).
    Play {
        leg: LegId,
        play: Play,
    },
    /// Ends the leg's play list, if any.
    Stop {
        leg: LegId,
    },
    /// Sends digits `0-9 A-D * #` by RFC 4733; without it, as tones in band. Others are skipped.
    SendDtmf {
        leg: LegId,
        digits: String,
        tone_ms: u32,
    },
    /// A digit that came by SIP INFO: deduplicated against the other ways and reported as `Digit`.
    InfoDigit {
        leg: LegId,
        digit: char,
    },
    /// The leg hears itself.
    Echo {
        leg: LegId,
        on: bool,
    },
    /// Stereo: left is `customer`, right is everybody else who is heard. Replaces a running recording.
    RecordStart {
        customer: LegId,
        sink: Box<dyn RecordSink>,
        token: Token,
    },
    RecordStop,
    /// Figures of all legs now, as `LegStats` events with `last: false`.
    AskStats,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DigitSource {
    Rfc4733,
    Info,
    InBand,
}

/// What a session tells its owner.
#[derive(Debug, Clone)]
pub enum Event {
    Digit {
        leg: LegId,
        digit: char,
        source: DigitSource,
    },
    /// The list ended (`interrupted`: by `Stop`, another `Play`, a digit or the leg's end).
    PlaybackDone {
        leg: LegId,
        token: Token,
        interrupted: bool,
    },
    /// First packet of a phone leg was taken; useful to know that media flows.
    RtpStarted {
        leg: LegId,
    },
    /// Nothing came for the configured time. Raised once, again only after packets have come in between.
    RtpTimeout {
        leg: LegId,
    },
    WebConnected {
        leg: LegId,
    },
    /// ICE or DTLS ended; the leg stays (silent) until it is replaced or removed.
    WebDisconnected {
        leg: LegId,
    },
    /// The sink has everything. `dropped_ms`: audio lost because it was too slow.
    RecordingEnded {
        token: Token,
        samples: u64,
        dropped_ms: u64,
    },
    LegStats {
        leg: LegId,
        stats: Box<LegStats>,
        last: bool,
    },
    /// The session was thrown away because of a defect in it; these legs are gone (their `LegStats` follow, empty).
    Failed {
        legs: Vec<LegId>,
    },
}

/// Which of a phone leg's two sockets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    Rtp,
    Rtcp,
}

/// Where a session puts what it produces. The driver sends at once; tests collect.
pub trait Output {
    /// A datagram of a phone leg.
    fn send_rtp(&mut self, leg: LegId, channel: Channel, to: SocketAddr, packet: &[u8]);
    /// A datagram of a browser leg, to go out by the worker's shared socket.
    fn send_web(&mut self, leg: LegId, to: SocketAddr, packet: &[u8]);
    /// From now on this leg's packets come from this address only (None: from anywhere again). A driver may connect its socket.
    fn latched(&mut self, leg: LegId, channel: Channel, from: Option<SocketAddr>);
    fn event(&mut self, event: Event);
}
