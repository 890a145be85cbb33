//! PCM to payload.
use super::{Codec, CodecError, g711};
use audio_codec::Encoder as _;

/// Bit rate of our Opus streams, bits per second: wide-band speech, transparent to a phone's ear.
const OPUS_BITRATE: i32 = 24_000;
/// libopus spends time with this: 5 costs a third of 10 and is not told apart on speech.
const OPUS_COMPLEXITY: i32 = 5;
/// Loss for which libopus plans its in-band redundancy, percent.
const OPUS_EXPECTED_LOSS_PERCENT: i32 = 10;

/// Encodes one stream; holds the codec's memory between frames.
pub struct Encoder {
    codec: Codec,
    state: State,
}

enum State {
    Pcmu,
    Pcma,
    G722(Box<audio_codec::g722::G722Encoder>),
    Opus(opus::Encoder),
}

impl std::fmt::Debug for Encoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Encoder").field("codec", &self.codec).finish_non_exhaustive()
    }
}

impl Encoder {
    /// Fails only for Opus, when libopus has no memory.
    pub fn new(codec: Codec) -> Result<Self, CodecError> {
        let state = match codec {
            Codec::Pcmu => State::Pcmu,
            Codec::Pcma => State::Pcma,
            Codec::G722 => State::G722(Box::default()),
            Codec::Opus => State::Opus(opus_encoder().map_err(|_| CodecError::Setup)?),
        };
        Ok(Self { codec, state })
    }

    pub fn codec(&self) -> Codec {
        self.codec
    }

    /// Encodes `pcm` (mono at `codec.sample_rate()`) into `out` and returns the payload's length in bytes.
    /// G.711 takes any length, G.722 an even one, Opus 2.5, 5, 10, 20, 40 or 60 ms.
    pub fn encode_into(&mut self, pcm: &[i16], out: &mut [u8]) -> Result<usize, CodecError> {
        match &mut self.state {
            State::Pcmu => encode_bytes(pcm, out, g711::ulaw_from_pcm),
            State::Pcma => encode_bytes(pcm, out, g711::alaw_from_pcm),
            State::G722(encoder) => {
                if !pcm.len().is_multiple_of(2) {
                    return Err(CodecError::BadFrame);
                }
                encoder.encode_into(pcm, out).map_err(|_| CodecError::BufferTooSmall)
            }
            State::Opus(encoder) => encoder.encode(pcm, out).map_err(|e| match e.code() {
                opus::ErrorCode::BufferTooSmall => CodecError::BufferTooSmall,
                _ => CodecError::BadFrame,
            }),
        }
    }

    /// Tells Opus how much loss the far side reports, percent, so that it adds redundancy to match.
    pub fn set_expected_loss(&mut self, percent: u8) {
        if let State::Opus(encoder) = &mut self.state {
            // libopus refuses only values over 100, which `min` rules out.
            let _ = encoder.set_packet_loss_perc(i32::from(percent.min(100)));
        }
    }
}

fn encode_bytes(pcm: &[i16], out: &mut [u8], law: impl Fn(i16) -> u8) -> Result<usize, CodecError> {
    let out = out.get_mut(..pcm.len()).ok_or(CodecError::BufferTooSmall)?;
    out.iter_mut().zip(pcm).for_each(|(byte, sample)| *byte = law(*sample));
    Ok(pcm.len())
}

fn opus_encoder() -> opus::Result<opus::Encoder> {
    let mut encoder = opus::Encoder::new(Codec::Opus.sample_rate(), opus::Channels::Mono, opus::Application::Voip)?;
    encoder.set_bitrate(opus::Bitrate::Bits(OPUS_BITRATE))?;
    encoder.set_complexity(OPUS_COMPLEXITY)?;
    encoder.set_inband_fec(true)?;
    encoder.set_packet_loss_perc(OPUS_EXPECTED_LOSS_PERCENT)?;
    encoder.set_signal(opus::Signal::Voice)?;
    Ok(encoder)
}
