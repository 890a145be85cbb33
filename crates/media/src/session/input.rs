//! The decoded side of a leg: jitter buffer, decoder, concealment, resampling; 20 ms frames out.
//! Exists only while somebody needs samples of the leg (a mix, another codec, a recording of a wide-band leg).
use crate::codec::{Codec, DECODE_SAMPLES_MAX, Decoder};
use crate::jitter::{JitterBuffer, JitterStats, Pulled};
use crate::mix::FRAME_SAMPLES_MAX;
use crate::resample::Live;
use crate::rtp::Header;
use std::time::Instant;

/// Pieces taken out for one frame: packets of 10 ms make two.
const PIECES_MAX: usize = 8;
/// Mean square below which a frame counts as silence (about -45 dBFS).
const QUIET_POWER: i64 = 30_000;

pub(super) struct Input {
    codec: Codec,
    rate: u32,
    jitter: JitterBuffer,
    decoder: Decoder,
    resampler: Option<Live>,
    /// Decoded samples at the codec's rate that are not played yet.
    fifo: Vec<i16>,
    quiet: bool,
}

impl Input {
    /// `rate`: of the frames wanted, 8000 or 16 000 Hz. None when the codec cannot be set up (out of memory).
    pub fn new(codec: Codec, rate: u32) -> Option<Self> {
        Some(Self {
            codec,
            rate,
            jitter: JitterBuffer::new(codec.clock_rate()),
            decoder: Decoder::new(codec).ok()?,
            resampler: Live::new(codec.sample_rate(), rate),
            fifo: Vec::with_capacity(DECODE_SAMPLES_MAX),
            quiet: true,
        })
    }

    pub fn fits(&self, codec: Codec, rate: u32) -> bool {
        self.codec == codec && self.rate == rate
    }

    pub fn stats(&self) -> JitterStats {
        self.jitter.stats()
    }

    /// How long a packet waits here, milliseconds.
    pub fn latency_ms(&self) -> u32 {
        self.jitter.depth_ms()
    }

    pub fn push(&mut self, now: Instant, header: &Header, payload: &[u8]) {
        self.jitter.push(now, header.ssrc, header.timestamp, payload);
    }

    /// The next 20 ms at the wanted rate; false: silence.
    pub fn pull(&mut self, out: &mut [i16; FRAME_SAMPLES_MAX]) -> bool {
        let frame = self.codec.frame_samples();
        let mut heard = !self.fifo.is_empty();
        for _ in 0..PIECES_MAX {
            if self.fifo.len() >= frame {
                break;
            }
            heard |= self.take_piece(frame);
        }
        if self.fifo.len() < frame {
            self.fifo.resize(frame, 0);
        }
        let samples = &self.fifo[..frame];
        self.quiet = is_quiet(samples);
        match &mut self.resampler {
            Some(live) => {
                live.process(samples, &mut out[..]);
            }
            None => out[..frame].copy_from_slice(samples),
        }
        self.fifo.drain(..frame);
        heard
    }

    /// Appends one packet, a concealed frame or silence; true if it can be heard.
    fn take_piece(&mut self, frame: usize) -> bool {
        let at = self.fifo.len();
        match self.jitter.pull(self.quiet) {
            Pulled::Packet(payload) => {
                self.fifo.resize(at + DECODE_SAMPLES_MAX, 0);
                let samples = self.decoder.decode_into(&payload, &mut self.fifo[at..]).unwrap_or(0);
                self.fifo.truncate(at + samples);
                // A broken payload still takes its 20 ms, or the grid would stand still.
                let ticks = self.codec.payload_ticks(&payload).filter(|t| *t > 0).unwrap_or(self.codec.frame_ticks());
                if samples == 0 {
                    self.fifo.resize(at + frame, 0);
                }
                self.jitter.played(ticks, payload);
                true
            }
            Pulled::Missing => {
                self.fifo.resize(at + frame, 0);
                let out = &mut self.fifo[at..];
                let got = match self.jitter.peek() {
                    Some(after) => self.decoder.recover_into(after, out),
                    None => self.decoder.conceal_into(out),
                };
                let got = got.is_ok();
                if !got {
                    self.fifo[at..].fill(0);
                }
                got
            }
            Pulled::Silence => {
                self.fifo.resize(at + frame, 0);
                false
            }
        }
    }
}

fn is_quiet(samples: &[i16]) -> bool {
    let energy: i64 = samples.iter().map(|s| i64::from(*s) * i64::from(*s)).sum();
    energy < QUIET_POWER * samples.len().max(1) as i64
}
