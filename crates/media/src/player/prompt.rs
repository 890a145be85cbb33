//! One piece of audio, resampled once and encoded once per codec.
use crate::codec::{Codec, ENCODE_BYTES_MAX, Encoder, FRAME_MS};
use crate::resample;
use crate::wav::{self, WavError};
use std::sync::{Arc, OnceLock};

/// Longest prompt, milliseconds: ten minutes.
pub const PROMPT_MS_MAX: u64 = 600_000;

const NARROW_HZ: u32 = 8000;
const WIDE_HZ: u32 = 16_000;
const NARROW_FRAME: usize = (NARROW_HZ / 1000 * FRAME_MS) as usize;
const WIDE_FRAME: usize = (WIDE_HZ / 1000 * FRAME_MS) as usize;

#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    #[error(transparent)]
    Wav(#[from] WavError),
    #[error("no audio in it")]
    Empty,
    #[error("longer than {} s", PROMPT_MS_MAX / 1000)]
    TooLong,
    #[error("sample rate {0} Hz is not between 4000 and 192000")]
    BadRate(u32),
}

/// Audio of whole 20 ms frames (the last is filled with silence), at 8 and 16 kHz, and encoded per codec on demand.
/// Loading resamples and is for a blocking thread; everything that a media worker calls only hands out slices.
pub struct Prompt {
    narrow: Box<[i16]>,
    wide: Box<[i16]>,
    encoded: [OnceLock<Payloads>; Codec::ALL.len()],
}

impl std::fmt::Debug for Prompt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Prompt").field("frames", &self.frames()).finish_non_exhaustive()
    }
}

/// The encoded 20 ms payloads of a prompt, one behind the other in one buffer.
#[derive(Debug, Clone)]
pub struct Payloads {
    bytes: Arc<[u8]>,
    /// End of each payload; none when all have the same length.
    ends: Option<Arc<[u32]>>,
    frame_bytes: usize,
}

impl Payloads {
    /// Payload `frame`, none past the end.
    pub fn get(&self, frame: usize) -> Option<&[u8]> {
        match &self.ends {
            None => self.bytes.get(frame.checked_mul(self.frame_bytes)?..)?.get(..self.frame_bytes),
            Some(ends) => {
                let start = if frame == 0 { 0 } else { *ends.get(frame - 1)? as usize };
                self.bytes.get(start..*ends.get(frame)? as usize)
            }
        }
    }

    fn bytes_len(&self) -> usize {
        self.bytes.len() + self.ends.as_ref().map_or(0, |e| e.len() * 4)
    }
}

impl Prompt {
    /// Reads a WAV file of any usual format; stereo is mixed down.
    pub fn from_wav(file: &[u8]) -> Result<Self, PromptError> {
        let audio = wav::read(file)?;
        Self::from_pcm(&audio.mono(), audio.rate)
    }

    /// Takes mono samples at `rate` Hz.
    pub fn from_pcm(samples: &[i16], rate: u32) -> Result<Self, PromptError> {
        if !(4000..=192_000).contains(&rate) {
            return Err(PromptError::BadRate(rate));
        }
        if samples.is_empty() {
            return Err(PromptError::Empty);
        }
        if samples.len() as u64 * 1000 > PROMPT_MS_MAX * u64::from(rate) {
            return Err(PromptError::TooLong);
        }
        let mut narrow = resample::offline(samples, rate, NARROW_HZ);
        let mut wide = resample::offline(samples, rate, WIDE_HZ);
        let frames = narrow.len().div_ceil(NARROW_FRAME).max(wide.len().div_ceil(WIDE_FRAME)).max(1);
        narrow.resize(frames * NARROW_FRAME, 0);
        wide.resize(frames * WIDE_FRAME, 0);
        Ok(Self { narrow: narrow.into(), wide: wide.into(), encoded: Default::default() })
    }

    /// Silence of at least `ms` (and at most `PROMPT_MS_MAX`).
    pub fn silence(ms: u32) -> Self {
        let frames = u64::from(ms).min(PROMPT_MS_MAX).div_ceil(u64::from(FRAME_MS)).max(1) as usize;
        let zeros = |frame: usize| vec![0i16; frames * frame].into_boxed_slice();
        Self { narrow: zeros(NARROW_FRAME), wide: zeros(WIDE_FRAME), encoded: Default::default() }
    }

    /// Number of 20 ms frames, at least 1.
    pub fn frames(&self) -> usize {
        self.narrow.len() / NARROW_FRAME
    }

    pub fn duration_ms(&self) -> u64 {
        self.frames() as u64 * u64::from(FRAME_MS)
    }

    /// All samples at 8000 or, for any other `rate`, at 16 000 Hz.
    pub fn pcm(&self, rate: u32) -> &[i16] {
        if rate == NARROW_HZ { &self.narrow } else { &self.wide }
    }

    /// The 20 ms of `frame` at 8000 or 16 000 Hz; none past the end.
    pub fn pcm_frame(&self, rate: u32, frame: usize) -> Option<&[i16]> {
        let (pcm, len) = if rate == NARROW_HZ { (&self.narrow, NARROW_FRAME) } else { (&self.wide, WIDE_FRAME) };
        pcm.get(frame.checked_mul(len)?..)?.get(..len)
    }

    /// Encodes the whole prompt for a codec unless that was done before. 10 s take about 0.1 ms for G.711, 7 ms for G.722
    /// and 150 ms for Opus, so this is for whoever loads prompts, not for a media worker.
    pub fn prepare(&self, codec: Codec) -> &Payloads {
        self.encoded[codec as usize].get_or_init(|| self.encode(codec))
    }

    /// Payload of `frame` in a prepared codec. None past the end, or when nobody prepared the codec: then the leg encodes
    /// `pcm_frame` itself.
    pub fn payload(&self, codec: Codec, frame: usize) -> Option<&[u8]> {
        self.encoded[codec as usize].get()?.get(frame)
    }

    pub fn is_prepared(&self, codec: Codec) -> bool {
        self.encoded[codec as usize].get().is_some()
    }

    /// Memory held, in bytes.
    pub fn bytes_len(&self) -> usize {
        let encoded: usize = self.encoded.iter().filter_map(OnceLock::get).map(Payloads::bytes_len).sum();
        (self.narrow.len() + self.wide.len()) * size_of::<i16>() + encoded
    }

    fn encode(&self, codec: Codec) -> Payloads {
        let pcm = self.pcm(codec.sample_rate());
        let frame_bytes = codec.frame_bytes().unwrap_or(0);
        let mut bytes = Vec::with_capacity(self.frames() * frame_bytes.max(64));
        let mut ends = Vec::new();
        // Without an encoder (libopus out of memory) there are simply no payloads and legs fall back to silence.
        if let Ok(mut encoder) = Encoder::new(codec) {
            let mut buffer = [0u8; ENCODE_BYTES_MAX];
            for frame in pcm.chunks_exact(codec.frame_samples()) {
                let n = encoder.encode_into(frame, &mut buffer).unwrap_or(0);
                bytes.extend_from_slice(&buffer[..n]);
                ends.push(bytes.len() as u32);
            }
        }
        let ends = codec.frame_bytes().is_none().then(|| ends.into());
        Payloads { bytes: bytes.into(), ends, frame_bytes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Decoder;
    use crate::wav::write_pcm16;

    fn tone(rate: u32, ms: u32) -> Vec<i16> {
        (0..rate * ms / 1000).map(|n| (9000.0 * (n as f32 * 440.0 * std::f32::consts::TAU / rate as f32).sin()) as i16).collect()
    }

    #[test]
    fn a_wav_is_cut_into_whole_frames_at_both_rates() {
        let prompt = Prompt::from_wav(&write_pcm16(44_100, 1, &tone(44_100, 990))).unwrap();
        assert_eq!((prompt.frames(), prompt.duration_ms()), (50, 1000));
        assert_eq!((prompt.pcm(8000).len(), prompt.pcm(16_000).len()), (8000, 16_000));
        assert_eq!(prompt.pcm_frame(16_000, 49).unwrap().len(), 320);
        assert!(prompt.pcm_frame(8000, 50).is_none() && prompt.pcm_frame(8000, usize::MAX).is_none());
        assert!(prompt.pcm(8000)[7930..].iter().all(|s| s.abs() < 50), "the rest of the last frame is silent");
    }

    #[test]
    fn payloads_are_what_an_encoder_makes() {
        let prompt = Prompt::from_pcm(&tone(16_000, 400), 16_000).unwrap();
        for codec in Codec::ALL {
            assert!(prompt.payload(codec, 0).is_none() && !prompt.is_prepared(codec));
            prompt.prepare(codec);
            let mut decoder = Decoder::new(codec).unwrap();
            for frame in 0..prompt.frames() {
                let payload = prompt.payload(codec, frame).unwrap();
                let mut out = [0; 1920];
                assert_eq!(decoder.decode_into(payload, &mut out), Ok(codec.frame_samples()), "{codec}");
            }
            assert!(prompt.payload(codec, prompt.frames()).is_none() && prompt.payload(codec, usize::MAX).is_none());
        }
        assert!(prompt.bytes_len() > 20 * (320 + 640 + 3 * 160));
    }

    #[test]
    fn unusable_audio_is_refused() {
        assert!(matches!(Prompt::from_pcm(&[], 8000), Err(PromptError::Empty)));
        assert!(matches!(Prompt::from_pcm(&[0; 9], 100), Err(PromptError::BadRate(100))));
        assert!(matches!(Prompt::from_pcm(&vec![0; 8000 * 601], 8000), Err(PromptError::TooLong)));
        assert!(matches!(Prompt::from_wav(b"no"), Err(PromptError::Wav(_))));
        assert_eq!(Prompt::silence(0).frames(), 1);
    }
}
