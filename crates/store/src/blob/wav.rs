//! A recording's samples with the WAV header that players need in front. The header is made when reading: the stored
//! samples need none, so a file cut anywhere is still playable.
use super::SealedReader;
use crate::Result;
use std::ops::Range;

/// RIFF (12), fmt chunk of 18 bytes (26), fact chunk (12), data chunk's head (8).
pub const WAV_HEADER_LEN: u64 = 58;
const FORMAT_MULAW: u16 = 7;

/// Header of a µ-law WAV of `data_len` bytes (cut to what 32 bits can say).
pub fn wav_header(sample_rate_hz: u32, channels: u8, data_len: u64) -> Vec<u8> {
    let data = u32::try_from(data_len).unwrap_or(u32::MAX - WAV_HEADER_LEN as u32);
    let channels = channels.max(1);
    let mut h = Vec::with_capacity(WAV_HEADER_LEN as usize);
    h.extend_from_slice(b"RIFF");
    h.extend_from_slice(&(data + WAV_HEADER_LEN as u32 - 8).to_le_bytes());
    h.extend_from_slice(b"WAVEfmt ");
    h.extend_from_slice(&18u32.to_le_bytes());
    h.extend_from_slice(&FORMAT_MULAW.to_le_bytes());
    h.extend_from_slice(&u16::from(channels).to_le_bytes());
    h.extend_from_slice(&sample_rate_hz.to_le_bytes());
    h.extend_from_slice(&(sample_rate_hz * u32::from(channels)).to_le_bytes());
    h.extend_from_slice(&u16::from(channels).to_le_bytes());
    h.extend_from_slice(&8u16.to_le_bytes());
    h.extend_from_slice(&0u16.to_le_bytes());
    h.extend_from_slice(b"fact");
    h.extend_from_slice(&4u32.to_le_bytes());
    h.extend_from_slice(&(data / u32::from(channels)).to_le_bytes());
    h.extend_from_slice(b"data");
    h.extend_from_slice(&data.to_le_bytes());
    h
}

/// Size of the WAV of so many clear bytes: what `Recording::bytes` says.
pub fn wav_len(data_len: u64) -> u64 {
    WAV_HEADER_LEN + data_len
}

/// Milliseconds of so many clear bytes.
pub fn duration_ms(sample_rate_hz: u32, channels: u8, data_len: u64) -> u64 {
    let per_second = u64::from(sample_rate_hz) * u64::from(channels.max(1));
    data_len.saturating_mul(1000).checked_div(per_second).unwrap_or(0)
}

/// A recording as a WAV file with range reads.
#[derive(Debug)]
pub struct WavReader {
    header: Vec<u8>,
    content: SealedReader,
}

impl WavReader {
    pub fn new(content: SealedReader, sample_rate_hz: u32, channels: u8) -> Self {
        let header = wav_header(sample_rate_hz, channels, content.len());
        Self { header, content }
    }

    /// Bytes of the whole file.
    pub fn len(&self) -> u64 {
        wav_len(self.content.len())
    }

    pub fn is_empty(&self) -> bool {
        self.content.is_empty()
    }

    /// The samples alone.
    pub fn samples(&self) -> &SealedReader {
        &self.content
    }

    /// The bytes of `range`, cut to the file's length.
    pub async fn read(&self, range: Range<u64>) -> Result<Vec<u8>> {
        let head = range.start.min(WAV_HEADER_LEN)..range.end.min(WAV_HEADER_LEN);
        let mut out = self.header.get(head.start as usize..head.end as usize).unwrap_or_default().to_vec();
        let (from, to) = (range.start.saturating_sub(WAV_HEADER_LEN), range.end.saturating_sub(WAV_HEADER_LEN));
        if from < to {
            out.append(&mut self.content.read(from..to).await?);
        }
        Ok(out)
    }
}
