//! Payload to PCM, with concealment of what was lost.
use super::conceal::Concealer;
use super::{Codec, CodecError, g711};

/// Decodes one stream; holds the codec's memory between packets.
pub struct Decoder {
    codec: Codec,
    state: State,
}

enum State {
    Pcmu(Concealer),
    Pcma(Concealer),
    G722(Box<audio_codec::g722::G722Decoder>, Concealer),
    Opus(opus::Decoder),
}

impl std::fmt::Debug for Decoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decoder").field("codec", &self.codec).finish_non_exhaustive()
    }
}

impl Decoder {
    /// Fails only for Opus, when libopus has no memory.
    pub fn new(codec: Codec) -> Result<Self, CodecError> {
        let concealer = || Concealer::new(codec.sample_rate());
        let state = match codec {
            Codec::Pcmu => State::Pcmu(concealer()),
            Codec::Pcma => State::Pcma(concealer()),
            Codec::G722 => State::G722(Box::default(), concealer()),
            Codec::Opus => State::Opus(opus::Decoder::new(codec.sample_rate(), opus::Channels::Mono).map_err(|_| CodecError::Setup)?),
        };
        Ok(Self { codec, state })
    }

    pub fn codec(&self) -> Codec {
        self.codec
    }

    /// Decodes a payload of any length up to 120 ms into `out` (`DECODE_SAMPLES_MAX` is always enough) and returns the
    /// number of samples. Right after a concealed gap the first milliseconds are cross-faded with the concealment.
    pub fn decode_into(&mut self, payload: &[u8], out: &mut [i16]) -> Result<usize, CodecError> {
        if payload.is_empty() {
            return Err(CodecError::BadPayload);
        }
        match &mut self.state {
            State::Pcmu(concealer) => decode_bytes(payload, out, concealer, g711::pcm_from_ulaw),
            State::Pcma(concealer) => decode_bytes(payload, out, concealer, g711::pcm_from_alaw),
            State::G722(decoder, concealer) => {
                let pcm = out.get_mut(..payload.len() * 2).ok_or(CodecError::BufferTooSmall)?;
                let n = decoder.decode_frame_into(payload, pcm).map_err(|_| CodecError::BufferTooSmall)?;
                concealer.good(&mut pcm[..n]);
                Ok(n)
            }
            State::Opus(decoder) => decoder.decode(payload, out, false).map_err(opus_error),
        }
    }

    /// Fills `out` with a guess of what a lost packet held. `out` should last as long as the packet would have: 10 to
    /// 60 ms. The guess fades: the third 20 ms in a row is the last that can be heard.
    pub fn conceal_into(&mut self, out: &mut [i16]) -> Result<usize, CodecError> {
        match &mut self.state {
            State::Pcmu(concealer) | State::Pcma(concealer) | State::G722(_, concealer) => {
                concealer.lost(out);
                Ok(out.len())
            }
            State::Opus(decoder) => decoder.decode(&[], out, false).map_err(opus_error),
        }
    }

    /// Rebuilds a lost packet from the redundancy inside the one after it (Opus in-band FEC); `out` must last exactly as
    /// long as the lost packet. Other codecs carry none, and Opus packets without redundancy are concealed.
    pub fn recover_into(&mut self, next_payload: &[u8], out: &mut [i16]) -> Result<usize, CodecError> {
        match &mut self.state {
            State::Opus(decoder) if !next_payload.is_empty() => decoder.decode(next_payload, out, true).map_err(opus_error),
            _ => self.conceal_into(out),
        }
    }
}

fn decode_bytes(payload: &[u8], out: &mut [i16], concealer: &mut Concealer, law: impl Fn(u8) -> i16) -> Result<usize, CodecError> {
    let pcm = out.get_mut(..payload.len()).ok_or(CodecError::BufferTooSmall)?;
    pcm.iter_mut().zip(payload).for_each(|(sample, code)| *sample = law(*code));
    concealer.good(pcm);
    Ok(payload.len())
}

fn opus_error(error: opus::Error) -> CodecError {
    match error.code() {
        opus::ErrorCode::BufferTooSmall => CodecError::BufferTooSmall,
        _ => CodecError::BadPayload,
    }
}
