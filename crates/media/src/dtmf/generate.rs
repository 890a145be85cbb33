//! Dual tones, for legs that know neither RFC 4733 nor INFO.
use super::frequencies;
use std::collections::VecDeque;
use std::f32::consts::TAU;

/// Digits that may wait; more are refused.
pub const DIGITS_QUEUED_MAX: usize = 64;
/// Level of each of the two tones in dBFS: -9 and, for the high one, -7 dBm0 as usual, at 3.14 dBm0 for full scale.
const LOW_LEVEL_DB: f32 = -12.1;
const HIGH_LEVEL_DB: f32 = -10.1;
/// Tones start and end over this long, so that they do not click.
const RAMP_MS: u32 = 2;

/// Turns digits into samples, a frame at a time.
#[derive(Debug, Clone)]
pub struct Generator {
    rate: u32,
    tone: u32,
    pause: u32,
    queue: VecDeque<(u32, u32)>,
    /// Samples into the first queued digit, its pause included.
    at: u32,
}

impl Generator {
    /// `tone_ms` on and `pause_ms` off for each digit at `rate` Hz; 40 ms on and off are the least Q.24 lets others hear.
    pub fn new(rate: u32, tone_ms: u32, pause_ms: u32) -> Self {
        let samples = |ms: u32| rate / 1000 * ms.clamp(40, 6000);
        Self { rate, tone: samples(tone_ms), pause: samples(pause_ms), queue: VecDeque::new(), at: 0 }
    }

    /// Appends digits; what is no digit is skipped. Says how many were taken.
    pub fn push(&mut self, digits: &str) -> usize {
        let room = DIGITS_QUEUED_MAX - self.queue.len();
        let before = self.queue.len();
        self.queue.extend(digits.chars().filter_map(frequencies).take(room));
        self.queue.len() - before
    }

    pub fn is_idle(&self) -> bool {
        self.queue.is_empty()
    }

    /// Overwrites `out` with tone and pause as they are due, silence after the last. False when there was nothing to send.
    pub fn fill(&mut self, out: &mut [i16]) -> bool {
        let active = !self.is_idle();
        for sample in out.iter_mut() {
            *sample = self.next_sample();
        }
        active
    }

    fn next_sample(&mut self) -> i16 {
        let Some((low, high)) = self.queue.front().copied() else { return 0 };
        let at = self.at;
        self.at += 1;
        if self.at == self.tone + self.pause {
            self.at = 0;
            self.queue.pop_front();
        }
        if at >= self.tone {
            return 0;
        }
        let ramp = (self.rate / 1000 * RAMP_MS) as f32;
        let envelope = (at as f32 / ramp).min((self.tone - at) as f32 / ramp).min(1.0);
        let wave = |hz: u32, db: f32| 10f32.powf(db / 20.0) * (TAU * hz as f32 * at as f32 / self.rate as f32).sin();
        ((wave(low, LOW_LEVEL_DB) + wave(high, HIGH_LEVEL_DB)) * envelope * 32767.0) as i16
    }
}
