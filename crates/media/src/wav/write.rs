//! Writing WAV.

/// A whole 16-bit PCM file; `samples` are interleaved. Data beyond 4 GiB cannot be described and is cut off.
pub fn write_pcm16(rate: u32, channels: u16, samples: &[i16]) -> Vec<u8> {
    const HEADER_LEN: u32 = 44;
    let samples = &samples[..samples.len().min((u32::MAX - HEADER_LEN) as usize / 2)];
    let data_len = samples.len() as u32 * 2;
    let block = channels * 2;
    let mut out = Vec::with_capacity(HEADER_LEN as usize + data_len as usize);
    out.extend_from_slice(b"RIFF");
    out.extend_from_slice(&(HEADER_LEN - 8 + data_len).to_le_bytes());
    out.extend_from_slice(b"WAVEfmt \x10\0\0\0\x01\0");
    out.extend_from_slice(&channels.to_le_bytes());
    out.extend_from_slice(&rate.to_le_bytes());
    out.extend_from_slice(&(rate * u32::from(block)).to_le_bytes());
    out.extend_from_slice(&block.to_le_bytes());
    out.extend_from_slice(b"\x10\0data");
    out.extend_from_slice(&data_len.to_le_bytes());
    samples.iter().for_each(|s| out.extend_from_slice(&s.to_le_bytes()));
    out
}
