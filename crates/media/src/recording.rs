//! The stereo call recorder.
//!
//! Stored form: 8 kHz stereo G.711 µ-law, interleaved one byte left (customer), one byte right (everybody else who is
//! heard): 16 000 bytes a second, samples only, no header, so that a stream cut anywhere is still playable. A reader
//! puts `wav_header(stream length)` in front. Silence is `0xFF`.
use bytes::Bytes;

/// Bytes of one second of a recording.
pub const BYTES_PER_SECOND: usize = 16_000;
/// A chunk given to a sink holds one second; the last of a recording less.
pub const CHUNK_BYTES: usize = BYTES_PER_SECOND;

/// Where a recording's bytes go. Called on the media thread: it must not block. Dropping the sink ends the stream.
pub trait RecordSink: Send {
    /// Takes the next chunk of the stream, at least once a second while recording. False: no room; the chunk is lost, the
    /// recorder counts it, and writes as much silence later so that the rest stays in time.
    fn write(&mut self, chunk: Bytes) -> bool;
}
