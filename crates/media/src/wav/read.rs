//! Reading WAV.
use crate::codec::g711;

/// Longest file read, bytes.
const FILE_BYTES_MAX: usize = 256 * 1024 * 1024;
const CHANNELS_MAX: u16 = 8;
const RATES: std::ops::RangeInclusive<u32> = 4000..=192_000;

const TAG_PCM: u16 = 1;
const TAG_FLOAT: u16 = 3;
const TAG_ALAW: u16 = 6;
const TAG_ULAW: u16 = 7;
const TAG_EXTENSIBLE: u16 = 0xFFFE;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WavError {
    #[error("not a WAV file")]
    NotWav,
    #[error("WAV file ends too early")]
    Truncated,
    #[error("WAV file has no {0} chunk")]
    MissingChunk(&'static str),
    #[error("WAV format {tag} with {bits} bits is not supported")]
    Unsupported { tag: u16, bits: u16 },
    #[error("{0} channels; 1 to {CHANNELS_MAX} are supported")]
    Channels(u16),
    #[error("{0} Hz; 4000 to 192000 are supported")]
    Rate(u32),
    #[error("larger than {} MiB", FILE_BYTES_MAX / 1024 / 1024)]
    TooLarge,
}

/// Decoded audio: interleaved 16-bit samples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WavAudio {
    pub rate: u32,
    pub channels: u16,
    pub samples: Vec<i16>,
}

impl WavAudio {
    /// All channels averaged into one.
    pub fn mono(&self) -> Vec<i16> {
        let channels = usize::from(self.channels.max(1));
        if channels == 1 {
            return self.samples.clone();
        }
        let average = |frame: &[i16]| (frame.iter().map(|s| i32::from(*s)).sum::<i32>() / channels as i32) as i16;
        self.samples.chunks_exact(channels).map(average).collect()
    }

    /// One channel, counted from 0; empty when there is no such channel.
    pub fn channel(&self, index: usize) -> Vec<i16> {
        self.samples.chunks_exact(usize::from(self.channels.max(1))).filter_map(|frame| frame.get(index)).copied().collect()
    }
}

struct Format {
    tag: u16,
    channels: u16,
    rate: u32,
    bits: u16,
}

/// Reads a RIFF WAVE file: PCM of 8, 16, 24 or 32 bits, float of 32 or 64, µ-law, A-law; plain or extensible header. A data
/// chunk whose length is unknown (0 or too long, as writers to a pipe leave it) reaches to the end of the file.
pub fn read(file: &[u8]) -> Result<WavAudio, WavError> {
    if file.len() > FILE_BYTES_MAX {
        return Err(WavError::TooLarge);
    }
    if file.get(..4) != Some(b"RIFF") || file.get(8..12) != Some(b"WAVE") {
        return Err(WavError::NotWav);
    }
    let mut rest = &file[12..];
    let mut format = None;
    while let (Some(id), Some(len)) = (rest.get(..4), rest.get(4..8)) {
        let len = u32::from_le_bytes([len[0], len[1], len[2], len[3]]) as usize;
        let body = &rest[8..];
        if id == b"fmt " {
            format = Some(parse_format(body.get(..len).ok_or(WavError::Truncated)?)?);
        } else if id == b"data" {
            let format = format.ok_or(WavError::MissingChunk("fmt"))?;
            let known = if len == 0 && body.len() > 8 { body.len() } else { len.min(body.len()) };
            return Ok(WavAudio { rate: format.rate, channels: format.channels, samples: samples(&format, &body[..known])? });
        }
        // Chunks start at even offsets.
        rest = body.get(len.saturating_add(len % 2)..).unwrap_or(&[]);
    }
    Err(WavError::MissingChunk(if format.is_some() { "data" } else { "fmt" }))
}

fn parse_format(body: &[u8]) -> Result<Format, WavError> {
    let u16_at = |at: usize| body.get(at..at + 2).map(|b| u16::from_le_bytes([b[0], b[1]])).ok_or(WavError::Truncated);
    let rate = body.get(4..8).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).ok_or(WavError::Truncated)?;
    let (mut tag, channels, bits) = (u16_at(0)?, u16_at(2)?, u16_at(14)?);
    if tag == TAG_EXTENSIBLE {
        // The real format is the first two bytes of the sub-format's GUID.
        tag = u16_at(24)?;
    }
    if channels == 0 || channels > CHANNELS_MAX {
        return Err(WavError::Channels(channels));
    }
    if !RATES.contains(&rate) {
        return Err(WavError::Rate(rate));
    }
    Ok(Format { tag, channels, rate, bits })
}

fn samples(format: &Format, data: &[u8]) -> Result<Vec<i16>, WavError> {
    let from_float = |v: f64| (v * 32768.0).round().clamp(-32768.0, 32767.0) as i16;
    let mut samples: Vec<i16> = match (format.tag, format.bits) {
        (TAG_PCM, 8) => data.iter().map(|b| (i16::from(*b) - 128) << 8).collect(),
        (TAG_PCM, 16) => data.chunks_exact(2).map(|b| i16::from_le_bytes([b[0], b[1]])).collect(),
        (TAG_PCM, 24) => data.chunks_exact(3).map(|b| i16::from_le_bytes([b[1], b[2]])).collect(),
        (TAG_PCM, 32) => data.chunks_exact(4).map(|b| i16::from_le_bytes([b[2], b[3]])).collect(),
        (TAG_FLOAT, 32) => data.chunks_exact(4).map(|b| from_float(f32::from_le_bytes([b[0], b[1], b[2], b[3]]).into())).collect(),
        (TAG_FLOAT, 64) => {
            let value = |b: &[u8]| f64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]);
            data.chunks_exact(8).map(|b| from_float(value(b))).collect()
        }
        (TAG_ULAW, 8) => data.iter().map(|b| g711::pcm_from_ulaw(*b)).collect(),
        (TAG_ALAW, 8) => data.iter().map(|b| g711::pcm_from_alaw(*b)).collect(),
        (tag, bits) => return Err(WavError::Unsupported { tag, bits }),
    };
    // A cut-off last frame would shift the channels of whatever is appended.
    samples.truncate(samples.len() - samples.len() % usize::from(format.channels));
    Ok(samples)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wav::write_pcm16;
    use proptest::prelude::*;

    fn file(tag: u16, channels: u16, rate: u32, bits: u16, data: &[u8]) -> Vec<u8> {
        let block = channels * bits / 8;
        let mut out = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0".to_vec();
        out.extend(tag.to_le_bytes());
        out.extend(channels.to_le_bytes());
        out.extend(rate.to_le_bytes());
        out.extend((rate * u32::from(block)).to_le_bytes());
        out.extend(block.to_le_bytes());
        out.extend(bits.to_le_bytes());
        // An odd chunk in between, with its padding byte.
        out.extend(b"LIST\x03\0\0\0abc\0data");
        out.extend((data.len() as u32).to_le_bytes());
        out.extend(data);
        out
    }

    #[test]
    fn reads_every_format() {
        let cases: [(u16, u16, Vec<u8>); 8] = [
            (1, 8, vec![128, 192, 64]),
            (1, 16, [0i16, 16384, -16384].iter().flat_map(|v| v.to_le_bytes()).collect()),
            (1, 24, [0i32, 16384 << 8, -16384 << 8].iter().flat_map(|v| v.to_le_bytes()[..3].to_vec()).collect()),
            (1, 32, [0i32, 16384 << 16, -16384 << 16].iter().flat_map(|v| v.to_le_bytes()).collect()),
            (3, 32, [0f32, 0.5, -0.5].iter().flat_map(|v| v.to_le_bytes()).collect()),
            (3, 64, [0f64, 0.5, -0.5].iter().flat_map(|v| v.to_le_bytes()).collect()),
            (7, 8, [0i16, 16384, -16384].iter().map(|s| g711::ulaw_from_pcm(*s)).collect()),
            (6, 8, [0i16, 16384, -16384].iter().map(|s| g711::alaw_from_pcm(*s)).collect()),
        ];
        for (tag, bits, data) in cases {
            let audio = read(&file(tag, 1, 8000, bits, &data)).unwrap();
            for (got, want) in audio.samples.iter().zip([0i16, 16384, -16384]) {
                assert!((got - want).abs() < 600, "format {tag}/{bits}: {got} for {want}");
            }
            assert_eq!((audio.samples.len(), audio.rate), (3, 8000));
        }
    }

    #[test]
    fn mixes_and_splits_channels() {
        let data: Vec<u8> = [100i16, 200, 300, 500, 9].iter().flat_map(|v| v.to_le_bytes()).collect();
        let audio = read(&file(1, 2, 44_100, 16, &data)).unwrap();
        assert_eq!((audio.mono(), audio.channel(1), audio.channel(2)), (vec![150, 400], vec![200, 500], vec![]));
    }

    #[test]
    fn says_what_is_wrong() {
        assert_eq!(read(b""), Err(WavError::NotWav));
        assert_eq!(read(b"RIFF\0\0\0\0WAVE"), Err(WavError::MissingChunk("fmt")));
        assert_eq!(read(b"RIFF\0\0\0\0WAVEfmt \xff\xff\xff\xff"), Err(WavError::Truncated));
        assert_eq!(read(&file(2, 1, 8000, 4, &[])), Err(WavError::Unsupported { tag: 2, bits: 4 }));
        assert_eq!(read(&file(1, 9, 8000, 16, &[])), Err(WavError::Channels(9)));
        assert_eq!(read(&file(1, 1, 7, 16, &[])), Err(WavError::Rate(7)));
    }

    #[test]
    fn tolerates_unknown_and_wrong_lengths() {
        let mut bytes = write_pcm16(8000, 1, &[7; 50]);
        for len in [0u32, u32::MAX, 1000] {
            bytes[40..44].copy_from_slice(&len.to_le_bytes());
            assert_eq!(read(&bytes).unwrap().samples, [7; 50]);
        }
    }

    proptest! {
        #[test]
        fn never_panics(mut bytes in proptest::collection::vec(any::<u8>(), 0..300), cut in 0usize..80, keep in any::<bool>()) {
            if keep {
                let head = file(1, 2, 8000, 16, &[]);
                bytes.splice(0..0, head[..cut.min(head.len())].iter().copied());
            }
            let _ = read(&bytes);
        }

        #[test]
        fn survives_mutated_headers(at in 0usize..60, value in any::<u8>(), tag in 0u16..9, bits in 0u16..70) {
            let mut bytes = file(tag, 2, 16_000, bits, &[1; 64]);
            let at = at.min(bytes.len() - 1);
            bytes[at] = value;
            let _ = read(&bytes).map(|a| a.mono());
        }

        #[test]
        fn what_is_written_can_be_read(samples in proptest::collection::vec(any::<i16>(), 0..400)) {
            prop_assert_eq!(read(&write_pcm16(16_000, 1, &samples)).unwrap().samples, samples);
        }
    }
}
