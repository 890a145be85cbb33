//! A browser's audio leg: ICE-lite, DTLS-SRTP and one audio line, around str0m's `Rtc` so that nothing else touches it.
//!
//! `Rtc` wants its output drained after every single change. Each method that changes it here drains it at once into a
//! queue of our own, so a caller may call and poll in any order. RTP is carried packet by packet ("RTP mode"): payloads
//! keep their timestamps and sequence, and a relay to a phone leg needs no jitter buffer and no codec.
mod leg;
mod offer;
#[cfg(test)]
pub(crate) mod tests;

pub use leg::WebLeg;
pub use offer::OfferedAudio;

use crate::codec::Codec;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// SDP longer than this is refused unread; a browser's audio offer has about 3 KiB.
pub const OFFER_BYTES_MAX: usize = 64 * 1024;
/// Datagrams and events kept between polls. A worker polls after every call; whoever does not loses the oldest.
pub const OUTPUT_QUEUE_MAX: usize = 256;
/// Largest RTP payload that is sent or taken: an Ethernet frame less the headers.
pub const PAYLOAD_BYTES_MAX: usize = 1400;

/// What the node offers to browsers.
#[derive(Debug, Clone)]
pub struct WebConfig {
    /// Addresses under which browsers reach the worker's socket, best first: host candidates (at most 8 are used). Behind
    /// a NAT this is the public address; then every datagram counts as having arrived there.
    pub addresses: Vec<SocketAddr>,
    /// Codecs to take, best first; the first of them that the browser offers is the only one answered.
    pub codecs: Vec<Codec>,
}

impl WebConfig {
    /// All codecs, G.711 first: phone calls need no transcoding then.
    pub fn new(addresses: Vec<SocketAddr>) -> Self {
        Self { addresses, codecs: Codec::ALL.to_vec() }
    }
}

/// Why a browser's offer cannot be answered.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    #[error("no address configured for browsers")]
    NoAddress,
    #[error("address {0} cannot be a candidate")]
    BadAddress(SocketAddr),
    #[error("offer longer than {OFFER_BYTES_MAX} bytes")]
    OfferTooLong,
    /// Not SDP, or lacking something that WebRTC requires.
    #[error("broken offer: {0}")]
    BadOffer(String),
    #[error("offer has no audio line")]
    NoAudio,
    #[error("offer has none of our codecs")]
    NoCommonCodec,
}

/// What `WebLeg::poll_output` gives.
#[derive(Debug)]
pub enum WebOutput {
    /// Send this datagram from the worker's socket.
    Transmit {
        to: SocketAddr,
        datagram: Vec<u8>,
    },
    Event(WebEvent),
    /// Nothing more; call `handle_timeout` then at the latest.
    Timeout(Instant),
}

#[derive(Debug, Clone)]
pub enum WebEvent {
    /// ICE and DTLS are through: audio may flow both ways. Comes again when a lost connection recovers.
    Connected,
    /// The browser has gone quiet. The leg may recover; whether to wait is the owner's decision.
    Disconnected,
    /// The browser ended the leg (DTLS close or RTCP BYE), or it failed for good. Nothing follows.
    Closed,
    /// An audio or telephone-event packet.
    Packet(WebPacket),
}

/// A received RTP packet, decrypted and without its header.
#[derive(Debug, Clone)]
pub struct WebPacket {
    pub payload_type: u8,
    /// Extended sequence number: does not wrap.
    pub sequence: u64,
    /// RTP timestamp as on the wire.
    pub timestamp: u32,
    pub marker: bool,
    pub ssrc: u32,
    pub payload: Arc<[u8]>,
}

/// Quality as the two sides' RTCP tells it. What we receive, the owner measures itself from the packets.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct WebStats {
    pub packets_received: u64,
    pub bytes_received: u64,
    pub packets_sent: u64,
    pub bytes_sent: u64,
    /// From receiver reports or, until one came, from ICE.
    pub round_trip: Option<Duration>,
    /// Packets the browser says it never got, and its jitter in RTP units.
    pub remote_lost: Option<u64>,
    pub remote_jitter: Option<u32>,
    /// Datagrams that were not for this leg or could not be read.
    pub datagrams_refused: u64,
    /// Output thrown away because nobody polled (`OUTPUT_QUEUE_MAX`).
    pub output_dropped: u64,
}

/// The `a=ice-ufrag` of the leg that a STUN binding request is for (the part of USERNAME before the colon, RFC 8445
/// section 7.2.2): lets a worker find the leg of an unknown address without asking each.
pub fn stun_ufrag(datagram: &[u8]) -> Option<&str> {
    const HEADER_LEN: usize = 20;
    const MAGIC_COOKIE: [u8; 4] = [0x21, 0x12, 0xA4, 0x42];
    const BINDING_REQUEST: [u8; 2] = [0, 1];
    const USERNAME: u16 = 0x0006;
    if datagram.get(..2)? != BINDING_REQUEST || datagram.get(4..8)? != MAGIC_COOKIE {
        return None;
    }
    let mut rest = datagram.get(HEADER_LEN..)?;
    loop {
        let kind = u16::from_be_bytes([*rest.first()?, *rest.get(1)?]);
        let len = usize::from(u16::from_be_bytes([*rest.get(2)?, *rest.get(3)?]));
        let value = rest.get(4..4 + len)?;
        if kind == USERNAME {
            return std::str::from_utf8(value).ok()?.split(':').next();
        }
        rest = rest.get(4 + len.next_multiple_of(4)..)?;
    }
}
