//! SDP (RFC 8866) and offer/answer (RFC 3264) for one audio stream; other streams of an offer are declined.
mod negotiate;
mod parse;
mod write;

pub use negotiate::{Negotiated, accept, answer, offer};
pub use parse::{Media, RtpMap, Sdp};

use std::net::SocketAddr;

/// What we can send and receive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Codec {
    Pcmu,
    Pcma,
    G722,
}

impl Codec {
    /// Encoding name of the rtpmap.
    pub fn name(self) -> &'static str {
        match self {
            Codec::Pcmu => "PCMU",
            Codec::Pcma => "PCMA",
            Codec::G722 => "G722",
        }
    }

    /// Static payload type (RFC 3551). The RTP clock is 8000 Hz for all three (G.722 too, by RFC 3551 §4.5.2).
    pub fn static_pt(self) -> u8 {
        match self {
            Codec::Pcmu => 0,
            Codec::Pcma => 8,
            Codec::G722 => 9,
        }
    }
}

/// Who sends, seen from the one who writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Direction {
    #[default]
    SendRecv,
    SendOnly,
    RecvOnly,
    Inactive,
}

impl Direction {
    pub fn as_str(self) -> &'static str {
        match self {
            Direction::SendRecv => "sendrecv",
            Direction::SendOnly => "sendonly",
            Direction::RecvOnly => "recvonly",
            Direction::Inactive => "inactive",
        }
    }

    pub fn sends(self) -> bool {
        matches!(self, Direction::SendRecv | Direction::SendOnly)
    }

    pub fn receives(self) -> bool {
        matches!(self, Direction::SendRecv | Direction::RecvOnly)
    }

    pub fn of(sends: bool, receives: bool) -> Direction {
        match (sends, receives) {
            (true, true) => Direction::SendRecv,
            (true, false) => Direction::SendOnly,
            (false, true) => Direction::RecvOnly,
            (false, false) => Direction::Inactive,
        }
    }

    /// The same agreement seen from the other side.
    pub fn reversed(self) -> Direction {
        Direction::of(self.receives(), self.sends())
    }
}

/// Our side of an audio stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalAudio {
    /// Where we receive RTP; RTCP is one port above.
    pub addr: SocketAddr,
    /// Best liked first. As answerer the peer's order wins among these.
    pub codecs: Vec<Codec>,
    /// Offer or accept telephone-event (RFC 4733).
    pub dtmf: bool,
    pub ptime_ms: u32,
    pub direction: Direction,
    /// Stays the same for a leg's whole life.
    pub session_id: u64,
    /// Grows by one with every changed description of the leg.
    pub version: u64,
}

impl LocalAudio {
    pub fn new(addr: SocketAddr, session_id: u64) -> LocalAudio {
        LocalAudio {
            addr,
            codecs: vec![Codec::Pcma, Codec::Pcmu, Codec::G722],
            dtmf: true,
            ptime_ms: 20,
            direction: Direction::SendRecv,
            session_id,
            version: 1,
        }
    }
}

/// Why a description cannot be used; answer 488.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SdpError {
    #[error("not SDP")]
    Syntax,
    #[error("no audio stream over RTP/AVP")]
    NoAudio,
    #[error("no common codec")]
    NoCodec,
    #[error("no usable address")]
    NoAddress,
    #[error("description too large")]
    TooLarge,
}
