//! The stereo call recorder.
//!
//! Stored form: 8 kHz stereo G.711 µ-law, interleaved one byte left (customer), one byte right (everybody else who is
//! heard): 16 000 bytes a second, samples only, no header, so that a stream cut anywhere is still playable. A reader
//! puts `wav_header(stream length)` in front. Silence is `0xFF`.
//!
//! A relayed packet is laid straight into a window of about a second at the place that its RTP timestamp gives (A-law
//! is converted by a table, nothing is decoded): a recorded call stays a plain relay. Reordered packets fall into
//! place, gaps stay silent. Each second the oldest second leaves the window for the sink.
use crate::codec::{Codec, g711};
use bytes::Bytes;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// Bytes of one second of a recording.
pub const BYTES_PER_SECOND: usize = 16_000;
/// A chunk given to a sink holds one second; the last of a recording less.
pub const CHUNK_BYTES: usize = BYTES_PER_SECOND;
/// µ-law of silence.
pub const SILENCE: u8 = 0xff;

/// Samples a second of each side.
const RATE: u64 = 8000;
/// Audio waits this long in the window for late packets, so it is safe with the sink at most 1.3 s after it was said.
const LAG: Duration = Duration::from_millis(300);
/// Samples a packet may lie ahead of the clock (a peer that sends bursts).
const AHEAD_MAX: u64 = 4 * RATE;
/// A stream whose timestamps drift this far from the clock is placed anew.
const DRIFT_MAX: u64 = RATE / 4;
/// Streams placed at a time; more than a call has.
const STREAMS_MAX: usize = 32;

/// Where a recording's bytes go. Called on the media thread: it must not block. Dropping the sink ends the stream.
pub trait RecordSink: Send {
    /// Takes the next chunk of the stream, at least once a second while recording. False: no room; the chunk is lost, the
    /// recorder counts it, and writes as much silence later so that the rest stays in time.
    fn write(&mut self, chunk: Bytes) -> bool;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Left,
    Right,
}

/// Header of a WAV file with `data_len` bytes of recording after it (format 7, µ-law; RFC 2361), 58 bytes.
pub fn wav_header(data_len: u32) -> [u8; 58] {
    let mut out = [0; 58];
    let mut at = 0;
    let mut put = |bytes: &[u8]| {
        out[at..at + bytes.len()].copy_from_slice(bytes);
        at += bytes.len();
    };
    put(b"RIFF");
    put(&data_len.saturating_add(50).to_le_bytes());
    put(b"WAVEfmt ");
    put(&18u32.to_le_bytes());
    put(&7u16.to_le_bytes());
    put(&2u16.to_le_bytes());
    put(&8000u32.to_le_bytes());
    put(&16_000u32.to_le_bytes());
    put(&2u16.to_le_bytes());
    put(&8u16.to_le_bytes());
    put(&0u16.to_le_bytes());
    put(b"fact");
    put(&4u32.to_le_bytes());
    put(&(data_len / 2).to_le_bytes());
    put(b"data");
    put(&data_len.to_le_bytes());
    out
}

/// One source's line: which sample its timestamps stand for.
#[derive(Debug, Clone, Copy)]
struct Stream {
    leg: u32,
    ssrc: u32,
    timestamp: u32,
    sample: u64,
}

pub struct Recorder {
    sink: Box<dyn RecordSink>,
    started: Instant,
    /// Sample that the window begins with; everything before is with the sink.
    base: u64,
    /// Interleaved, as long as needed.
    window: Vec<u8>,
    streams: Vec<Stream>,
    next_flush: Instant,
    /// Samples that the sink had no room for, owed as silence.
    owed: u64,
    dropped: u64,
}

impl Recorder {
    pub fn new(sink: Box<dyn RecordSink>, now: Instant) -> Self {
        Self {
            sink,
            started: now,
            base: 0,
            window: Vec::with_capacity(BYTES_PER_SECOND * 2),
            streams: Vec::new(),
            next_flush: now + Duration::from_secs(1) + LAG,
            owed: 0,
            dropped: 0,
        }
    }

    /// Lays a G.711 packet into the window. `timestamp` counts samples.
    pub fn packet(&mut self, now: Instant, side: Side, leg: u32, ssrc: u32, timestamp: u32, codec: Codec, payload: &[u8]) {
        let at = self.place(now, leg, ssrc, timestamp, payload.len());
        if codec == Codec::Pcma {
            let table = &*ULAW_OF_ALAW;
            self.lay(at, side, payload.iter().map(|a| table[usize::from(*a)]));
        } else {
            self.lay(at, side, payload.iter().copied());
        }
    }

    /// Lays 8 kHz samples into the window, `timestamp` counted in samples.
    pub fn samples(&mut self, now: Instant, side: Side, leg: u32, ssrc: u32, timestamp: u32, pcm: &[i16]) {
        let at = self.place(now, leg, ssrc, timestamp, pcm.len());
        self.lay(at, side, pcm.iter().map(|s| g711::ulaw_from_pcm(*s)));
    }

    /// When `flush` is to be called.
    pub fn next_flush(&self) -> Instant {
        self.next_flush
    }

    /// Gives every second that is due to the sink.
    pub fn flush(&mut self, now: Instant) {
        while now >= self.next_flush {
            self.next_flush += Duration::from_secs(1);
            self.emit(RATE);
        }
    }

    /// Ends the recording: everything up to now goes to the sink. Returns samples written and milliseconds dropped.
    pub fn finish(mut self, now: Instant) -> (u64, u64) {
        self.flush(now);
        let end = self.sample_at(now);
        while self.base < end {
            self.emit((end - self.base).min(RATE));
        }
        self.pay();
        (self.base, self.dropped_ms())
    }

    pub fn dropped_ms(&self) -> u64 {
        self.dropped * 1000 / RATE
    }

    fn sample_at(&self, now: Instant) -> u64 {
        now.saturating_duration_since(self.started).as_micros() as u64 * RATE / 1_000_000
    }

    /// The sample that a packet begins at: by its stream's timestamps, or by its arrival for a new or drifted stream.
    fn place(&mut self, now: Instant, leg: u32, ssrc: u32, timestamp: u32, len: usize) -> u64 {
        let arrived = self.sample_at(now);
        let known = self.streams.iter_mut().find(|s| s.leg == leg && s.ssrc == ssrc);
        let Some(stream) = known else {
            let sample = arrived.saturating_sub(len as u64);
            if self.streams.len() == STREAMS_MAX {
                self.streams.remove(0);
            }
            self.streams.push(Stream { leg, ssrc, timestamp, sample });
            return sample;
        };
        let sample = stream.sample.saturating_add_signed(i64::from(timestamp.wrapping_sub(stream.timestamp) as i32));
        if sample.abs_diff(arrived.saturating_sub(len as u64)) > DRIFT_MAX {
            (stream.timestamp, stream.sample) = (timestamp, arrived.saturating_sub(len as u64));
            return stream.sample;
        }
        // Move the reference along, so that differences of timestamps stay small.
        if timestamp.wrapping_sub(stream.timestamp) as i32 > 0 {
            (stream.timestamp, stream.sample) = (timestamp, sample);
        }
        sample
    }

    fn lay(&mut self, at: u64, side: Side, codes: impl Iterator<Item = u8>) {
        // What lies before the window came too late.
        let late = self.base.saturating_sub(at) as usize;
        let start = at.max(self.base) - self.base;
        if start > AHEAD_MAX {
            return;
        }
        let channel = usize::from(side == Side::Right);
        let mut index = start as usize * 2 + channel;
        for code in codes.skip(late) {
            if index + 1 >= self.window.len() {
                // Grow by a packet or so at a time.
                self.window.resize((index + 2).next_multiple_of(320), SILENCE);
            }
            let cell = &mut self.window[index];
            // Somebody else of the same side spoke here as well.
            *cell = if *cell == SILENCE { code } else { add(*cell, code) };
            index += 2;
        }
    }

    /// Moves `samples` from the window's front to the sink.
    fn emit(&mut self, samples: u64) {
        self.pay();
        let len = samples as usize * 2;
        let have = len.min(self.window.len());
        let mut chunk = Vec::with_capacity(len);
        chunk.extend_from_slice(&self.window[..have]);
        chunk.resize(len, SILENCE);
        self.window.drain(..have);
        self.base += samples;
        if self.owed > 0 || !self.sink.write(chunk.into()) {
            self.owed += samples;
            self.dropped += samples;
        }
    }

    /// Writes the silence that is owed for chunks that were lost, as far as the sink takes it.
    fn pay(&mut self) {
        static QUIET: [u8; CHUNK_BYTES] = [SILENCE; CHUNK_BYTES];
        while self.owed > 0 {
            let samples = self.owed.min(RATE);
            if !self.sink.write(Bytes::from_static(&QUIET[..samples as usize * 2])) {
                return;
            }
            self.owed -= samples;
        }
    }
}

static ULAW_OF_ALAW: LazyLock<[u8; 256]> = LazyLock::new(|| std::array::from_fn(|a| g711::ulaw_from_pcm(g711::pcm_from_alaw(a as u8))));

fn add(a: u8, b: u8) -> u8 {
    let sum = i32::from(g711::pcm_from_ulaw(a)) + i32::from(g711::pcm_from_ulaw(b));
    g711::ulaw_from_pcm(sum.clamp(-32_768, 32_767) as i16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::start;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Shelf {
        bytes: Arc<Mutex<Vec<u8>>>,
        full: Arc<Mutex<bool>>,
    }

    impl RecordSink for Shelf {
        fn write(&mut self, chunk: Bytes) -> bool {
            assert!(chunk.len() <= CHUNK_BYTES);
            if *self.full.lock().expect("test") {
                return false;
            }
            self.bytes.lock().expect("test").extend(chunk);
            true
        }
    }

    fn ms(ms: u64) -> Instant {
        start() + Duration::from_millis(ms)
    }

    #[test]
    fn both_sides_lie_where_they_were_said() {
        let shelf = Shelf::default();
        let mut recorder = Recorder::new(Box::new(shelf.clone()), ms(0));
        for i in 0..150u32 {
            let now = ms(u64::from(i) * 20 + 20);
            recorder.flush(now);
            if i % 2 == 0 && i + 1 < 150 {
                // Pairs arrive in the wrong order.
                let late = ms(u64::from(i) * 20 + 40);
                recorder.packet(late, Side::Left, 1, 7, 1_000 + (i + 1) * 160, Codec::Pcmu, &[0x10; 160]);
            } else {
                recorder.packet(now, Side::Left, 1, 7, 1_000 + (i - 1) * 160, Codec::Pcmu, &[0x10; 160]);
            }
            if i >= 50 {
                recorder.packet(now, Side::Right, 2, 8, i * 160, Codec::Pcma, &[0x55 ^ 0x20; 160]);
            }
        }
        let (samples, dropped) = recorder.finish(ms(3000));
        let bytes = shelf.bytes.lock().expect("test");
        assert_eq!((samples, dropped, bytes.len()), (24_000, 0, 48_000));
        assert!(bytes.iter().step_by(2).skip(200).all(|b| *b == 0x10));
        let right: Vec<u8> = bytes.iter().skip(1).step_by(2).copied().collect();
        assert!(right[..7_900].iter().all(|b| *b == SILENCE));
        assert!(right[8_100..].iter().all(|b| *b != SILENCE));
    }

    #[test]
    fn a_lost_packet_is_silence_of_its_length() {
        let shelf = Shelf::default();
        let mut recorder = Recorder::new(Box::new(shelf.clone()), ms(0));
        for i in (0..100u32).filter(|i| *i != 40) {
            recorder.packet(ms(u64::from(i) * 20 + 20), Side::Left, 1, 7, i * 160, Codec::Pcmu, &[0x22; 160]);
        }
        recorder.finish(ms(2000));
        let bytes = shelf.bytes.lock().expect("test");
        let left: Vec<u8> = bytes.iter().step_by(2).copied().collect();
        assert_eq!(left.iter().filter(|b| **b == SILENCE).count(), 160);
        assert!(left[40 * 160..41 * 160].iter().all(|b| *b == SILENCE));
    }

    #[test]
    fn a_slow_sink_loses_audio_and_not_time() {
        let shelf = Shelf::default();
        let mut recorder = Recorder::new(Box::new(shelf.clone()), ms(0));
        for i in 0..500u32 {
            let now = ms(u64::from(i) * 20 + 20);
            *shelf.full.lock().expect("test") = (100..200).contains(&i);
            recorder.flush(now);
            recorder.packet(now, Side::Left, 1, 7, i * 160, Codec::Pcmu, &[(i / 50) as u8; 160]);
        }
        let (samples, dropped) = recorder.finish(ms(10_000));
        let bytes = shelf.bytes.lock().expect("test");
        assert_eq!((samples, bytes.len()), (80_000, 160_000));
        assert_eq!(dropped, 2000);
        assert_eq!(bytes[9 * 16_000 + 8000], 9, "later seconds stay in place");
    }

    #[test]
    fn the_header_is_what_players_expect() {
        let header = wav_header(16_000);
        assert_eq!(&header[..4], b"RIFF");
        assert_eq!(u32::from_le_bytes(header[4..8].try_into().expect("4")), 16_050);
        assert_eq!(&header[38..42], b"fact");
        assert_eq!(&header[50..54], b"data");
        let mut file = header.to_vec();
        file.resize(58 + 16_000, SILENCE);
        let read = crate::wav::read(&file).expect("a WAV file");
        assert_eq!((read.rate, read.mono().len()), (8000, 8000));
    }

    #[test]
    fn streams_and_window_are_bounded() {
        let mut recorder = Recorder::new(Box::new(Shelf::default()), ms(0));
        for i in 0..10_000u32 {
            recorder.packet(ms(5), Side::Left, 1, i, i.wrapping_mul(0x0101_0101), Codec::Pcmu, &[1; 160]);
        }
        assert!(recorder.streams.len() <= STREAMS_MAX);
        assert!(recorder.window.len() <= AHEAD_MAX as usize * 2 + 1000);
    }
}
