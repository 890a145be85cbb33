//! Streaming conversion between 8, 16 and 48 kHz with a short symmetric low-pass: 0.75 to 1.5 ms of delay.
use std::f64::consts::PI;
use std::sync::{Arc, LazyLock};

/// Length of the low-pass in samples of the lower rate; half of it is the delay.
const TAPS_AT_LOW_RATE: usize = 24;
/// Share of the lower Nyquist frequency that passes (at 8 kHz: up to 3.5 kHz unharmed, -6 dB here).
const CUTOFF: f64 = 0.92;
const KAISER_BETA: f64 = 5.0;
/// Longest input of one call, samples: 120 ms at 48 kHz. Longer ones are worked off in pieces.
const CHUNK_MAX: usize = 5760;

/// The conversions there are, as (from, to) in kHz.
const PAIRS: [(u32, u32); 6] = [(8, 16), (16, 8), (8, 48), (48, 8), (16, 48), (48, 16)];

/// Coefficients by phase, shared by all streams of a conversion.
static FILTERS: LazyLock<[Arc<Filter>; 6]> = LazyLock::new(|| PAIRS.map(|(from, to)| Arc::new(Filter::new(from, to))));

#[derive(Debug)]
struct Filter {
    up: usize,
    down: usize,
    /// `up` rows of `taps` coefficients, newest sample last.
    rows: Vec<f32>,
    taps: usize,
}

/// Converts one stream; keeps the end of its input between calls.
#[derive(Debug, Clone)]
pub struct Live {
    filter: Arc<Filter>,
    /// `taps - 1` old samples, then room for a chunk.
    work: Vec<f32>,
    /// Place of the next output, in steps of 1/up input samples from the start of the next chunk.
    phase: usize,
}

impl Live {
    /// None unless both rates are among 8000, 16 000 and 48 000 Hz and differ.
    pub fn new(from: u32, to: u32) -> Option<Self> {
        let index = PAIRS.iter().position(|(f, t)| (f * 1000, t * 1000) == (from, to))?;
        let filter = FILTERS[index].clone();
        let mut work = Vec::with_capacity(filter.taps - 1 + CHUNK_MAX);
        work.resize(filter.taps - 1, 0.0);
        Some(Self { filter, work, phase: 0 })
    }

    /// Samples that `len` input samples can give at most.
    pub fn output_len_max(&self, len: usize) -> usize {
        len * self.filter.up / self.filter.down + 1
    }

    /// Converts `input` and returns how many samples were written to `out`. From one call to the next the totals keep the
    /// exact ratio. Output that does not fit (`output_len_max` tells) is lost.
    pub fn process(&mut self, input: &[i16], out: &mut [i16]) -> usize {
        let mut written = 0;
        for chunk in input.chunks(CHUNK_MAX) {
            written += self.chunk(chunk, &mut out[written..]);
        }
        written
    }

    fn chunk(&mut self, input: &[i16], out: &mut [i16]) -> usize {
        let Filter { up, down, rows, taps } = &*self.filter;
        let history = taps - 1;
        self.work.truncate(history);
        self.work.extend(input.iter().map(|s| f32::from(*s)));
        let end = input.len() * up;
        let mut written = 0;
        let mut at = self.phase;
        while at < end {
            let row = &rows[(at % up) * taps..][..*taps];
            let samples = &self.work[at / up..][..*taps];
            if let Some(slot) = out.get_mut(written) {
                *slot = dot(row, samples).clamp(-32768.0, 32767.0).round_ties_even() as i16;
                written += 1;
            }
            at += down;
        }
        self.phase = at - end;
        let kept = self.work.len() - history;
        self.work.copy_within(kept.., 0);
        self.work.truncate(history);
        written
    }
}

/// Four sums side by side, so that the compiler may use vector registers (a single one would fix the order of additions).
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0f32; 8];
    let (a8, b8) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = a8.remainder().iter().zip(b8.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in a8.zip(b8) {
        for ((sum, x), y) in sums.iter_mut().zip(x).zip(y) {
            *sum += x * y;
        }
    }
    sums.iter().sum::<f32>() + rest
}

impl Filter {
    fn new(from: u32, to: u32) -> Self {
        let (up, down) = if to > from { ((to / from) as usize, 1) } else { (1, (from / to) as usize) };
        let length = TAPS_AT_LOW_RATE * up.max(down);
        // The prototype runs at the higher of both rates; the lower rate's Nyquist is 1/(2·max(up, down)) of it.
        let cutoff = CUTOFF / up.max(down) as f64;
        let middle = (length - 1) as f64 / 2.0;
        let prototype: Vec<f64> = (0..length)
            .map(|n| {
                let x = n as f64 - middle;
                let t = x / (middle + 1.0);
                let sinc = if x.abs() < 1e-9 { 1.0 } else { (PI * cutoff * x).sin() / (PI * cutoff * x) };
                sinc * kaiser(t)
            })
            .collect();
        let taps = length / up;
        let mut rows = Vec::with_capacity(length);
        for phase in 0..up {
            let row: Vec<f64> = (0..taps).map(|k| prototype[phase + (taps - 1 - k) * up]).collect();
            let gain: f64 = row.iter().sum();
            rows.extend(row.iter().map(|c| (c / gain) as f32));
        }
        Self { up, down, rows, taps }
    }
}

fn kaiser(t: f64) -> f64 {
    let i0 = |x: f64| {
        (1..30).fold((1.0, 1.0), |(sum, term), k| {
            let term = term * (x / 2.0) * (x / 2.0) / f64::from(k * k);
            (sum + term, term)
        })
    };
    i0(KAISER_BETA * (1.0 - t * t).max(0.0).sqrt()).0 / i0(KAISER_BETA).0
}
