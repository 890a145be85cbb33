//! Audio codecs of phone and browser legs: facts (payload types, clocks, frame sizes), encoders and decoders.
//!
//! PCM is 16-bit mono at the codec's own rate: 8 kHz for G.711, 16 kHz for G.722 and Opus (the bridge's rate).
//! Nothing here allocates per packet; buffers are the caller's.
mod conceal;
mod decoder;
mod encoder;
pub mod g711;
#[cfg(test)]
mod tests;

pub use decoder::Decoder;
pub use encoder::Encoder;

/// Packet time that we send, in milliseconds.
pub const FRAME_MS: u32 = 20;
/// Longest audio one packet may carry, in milliseconds (RFC 6716 section 3.1: an Opus packet holds at most 120 ms).
pub const PACKET_MS_MAX: u32 = 120;
/// Samples a decode buffer needs for any packet of any codec (120 ms at 16 kHz).
pub const DECODE_SAMPLES_MAX: usize = 1920;
/// Bytes an encode buffer needs for any 20 ms frame of any codec (RFC 6716 section 3.4 R2 allows 1275 for Opus).
pub const ENCODE_BYTES_MAX: usize = 1275;

/// A negotiable audio codec.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Codec {
    /// G.711 µ-law (RFC 3551 section 4.5.14).
    Pcmu,
    /// G.711 A-law.
    Pcma,
    /// G.722 at 64 kbit/s.
    G722,
    /// Opus (RFC 7587), mono at the bridge's rate.
    Opus,
}

impl Codec {
    /// All codecs in the order in which we prefer them: cheapest to carry for a phone call first.
    pub const ALL: [Codec; 4] = [Codec::Pcmu, Codec::Pcma, Codec::G722, Codec::Opus];

    /// Encoding name of `a=rtpmap`.
    pub const fn rtp_name(self) -> &'static str {
        match self {
            Codec::Pcmu => "PCMU",
            Codec::Pcma => "PCMA",
            Codec::G722 => "G722",
            Codec::Opus => "opus",
        }
    }

    /// The codec of an `a=rtpmap` encoding name and clock rate (names compare without case, RFC 4855 section 3).
    pub fn from_rtpmap(name: &str, clock_rate: u32) -> Option<Codec> {
        Codec::ALL.into_iter().find(|c| c.rtp_name().eq_ignore_ascii_case(name) && c.clock_rate() == clock_rate)
    }

    /// The codec of a static payload type (RFC 3551 table 4).
    pub const fn from_static_pt(pt: u8) -> Option<Codec> {
        match pt {
            0 => Some(Codec::Pcmu),
            8 => Some(Codec::Pcma),
            9 => Some(Codec::G722),
            _ => None,
        }
    }

    /// Static payload type, or the dynamic one that we offer (111 for Opus).
    pub const fn default_pt(self) -> u8 {
        match self {
            Codec::Pcmu => 0,
            Codec::Pcma => 8,
            Codec::G722 => 9,
            Codec::Opus => 111,
        }
    }

    /// RTP timestamp units per second. G.722 counts 8000 although it samples at 16 kHz (RFC 3551 section 4.5.2).
    pub const fn clock_rate(self) -> u32 {
        match self {
            Codec::Pcmu | Codec::Pcma | Codec::G722 => 8000,
            Codec::Opus => 48_000,
        }
    }

    /// Rate of the PCM that our encoder takes and our decoder gives, in Hz.
    pub const fn sample_rate(self) -> u32 {
        match self {
            Codec::Pcmu | Codec::Pcma => 8000,
            Codec::G722 | Codec::Opus => 16_000,
        }
    }

    /// PCM samples of a 20 ms frame.
    pub const fn frame_samples(self) -> usize {
        (self.sample_rate() / 1000 * FRAME_MS) as usize
    }

    /// RTP timestamp units of a 20 ms frame.
    pub const fn frame_ticks(self) -> u32 {
        self.clock_rate() / 1000 * FRAME_MS
    }

    /// Payload bytes of a 20 ms frame where that is constant (not Opus).
    pub const fn frame_bytes(self) -> Option<usize> {
        match self {
            Codec::Pcmu | Codec::Pcma | Codec::G722 => Some(160),
            Codec::Opus => None,
        }
    }

    /// RTP timestamp units that a payload lasts; none when it cannot be told (a broken Opus packet).
    pub fn payload_ticks(self, payload: &[u8]) -> Option<u32> {
        match self {
            Codec::Pcmu | Codec::Pcma | Codec::G722 => u32::try_from(payload.len()).ok(),
            Codec::Opus => opus::packet::get_nb_samples(payload, 48_000).ok().and_then(|n| u32::try_from(n).ok()),
        }
    }

    pub const fn is_g711(self) -> bool {
        matches!(self, Codec::Pcmu | Codec::Pcma)
    }
}

impl std::fmt::Display for Codec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.rtp_name())
    }
}

/// Why a frame could not be coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// The output buffer cannot hold the result; see `DECODE_SAMPLES_MAX` and `ENCODE_BYTES_MAX`.
    #[error("output buffer too small")]
    BufferTooSmall,
    /// The payload is empty or not a packet of this codec.
    #[error("broken payload")]
    BadPayload,
    /// The PCM frame's length is not one that the codec can code.
    #[error("frame length not codable")]
    BadFrame,
    /// libopus could not be set up (out of memory).
    #[error("codec could not be set up")]
    Setup,
}
