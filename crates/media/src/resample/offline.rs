//! Windowed-sinc resampling of whole recordings, between any two rates.
use std::f64::consts::PI;

/// Zero crossings of the sinc on each side; 32 with a Kaiser window of beta 9 give about 90 dB of stop band.
const ZERO_CROSSINGS: usize = 32;
const KAISER_BETA: f64 = 9.0;
/// Pass band as a share of the smaller Nyquist frequency: the transition band lies below it, so that nothing aliases.
const PASS_BAND: f64 = 0.94;
/// Phases beyond which coefficients are computed for each sample instead of once per phase.
const PHASES_MAX: u64 = 1024;

/// Resamples `input` from `from` to `to` Hz (both above 0). The result lasts as long as the input, without delay.
pub fn offline(input: &[i16], from: u32, to: u32) -> Vec<i16> {
    if from == to || input.is_empty() || from == 0 || to == 0 {
        return input.to_vec();
    }
    let divisor = gcd(u64::from(from), u64::from(to));
    let (up, down) = (u64::from(to) / divisor, u64::from(from) / divisor);
    // Cut-off relative to the input's Nyquist frequency.
    let cutoff = PASS_BAND * (f64::from(to) / f64::from(from)).min(1.0);
    let half = (ZERO_CROSSINGS as f64 / cutoff).ceil() as i64;
    let phase_filter = |phase: u64| kernel(half, cutoff, phase as f64 / up as f64);
    let filters: Vec<Vec<f32>> = if up <= PHASES_MAX { (0..up).map(phase_filter).collect() } else { Vec::new() };
    let len = (input.len() as u64 * up).div_ceil(down);
    let mut computed;
    let mut output = Vec::with_capacity(len as usize);
    for n in 0..len {
        let (base, phase) = ((n * down / up) as i64, n * down % up);
        let filter = match filters.get(phase as usize) {
            Some(filter) => filter,
            None => {
                computed = phase_filter(phase);
                &computed
            }
        };
        output.push(convolve(input, base - half + 1, filter));
    }
    output
}

/// Sum of `filter` over the input from index `start`; beyond its ends the input is silent.
fn convolve(input: &[i16], start: i64, filter: &[f32]) -> i16 {
    let skip = (-start).clamp(0, filter.len() as i64) as usize;
    let first = (start.max(0) as usize).min(input.len());
    let samples = &input[first..];
    let sum: f32 = filter[skip..].iter().zip(samples).map(|(c, s)| c * f32::from(*s)).sum();
    sum.round().clamp(-32768.0, 32767.0) as i16
}

/// Coefficients for the output sample `fraction` (0..1) behind the input sample in the middle, normalised to unit gain.
fn kernel(half: i64, cutoff: f64, fraction: f64) -> Vec<f32> {
    let width = half as f64;
    let taps: Vec<f64> = (1 - half..=half)
        .map(|k| {
            let x = k as f64 - fraction;
            let t = x / width;
            if t.abs() >= 1.0 { 0.0 } else { sinc(cutoff * x) * bessel_i0(KAISER_BETA * (1.0 - t * t).sqrt()) }
        })
        .collect();
    let sum: f64 = taps.iter().sum();
    taps.iter().map(|c| (c / sum) as f32).collect()
}

fn sinc(x: f64) -> f64 {
    if x.abs() < 1e-9 { 1.0 } else { (PI * x).sin() / (PI * x) }
}

/// Modified Bessel function of the first kind, order 0, by its power series.
fn bessel_i0(x: f64) -> f64 {
    let (mut sum, mut term, quarter) = (1.0, 1.0, x * x / 4.0);
    for k in 1..40 {
        term *= quarter / (k * k) as f64;
        sum += term;
    }
    sum
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
