//! WAV files: reading any usual format, writing 16-bit.
mod read;
mod write;

pub use read::{WavAudio, WavError, read};
pub use write::write_pcm16;
