//! Random times of a simulated day, all from one seed.
//!
//! Every queue has its own stream for every purpose (gaps, handling, patience …), and every draw takes one uniform number. Two
//! scenarios on the same seed therefore see the same callers with the same luck, whatever differs between them: common random
//! numbers, which make differences of scenarios far more certain than the scenarios themselves.
use crate::scenario::Distribution;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// No drawn time is longer, in microseconds: about 32 years, so that sums of them stay far from overflow.
const DRAW_MAX_US: f64 = 1e15;

#[derive(Debug, Clone)]
pub struct Chance {
    generator: ChaCha8Rng,
}

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self { generator: ChaCha8Rng::seed_from_u64(seed) }
    }

    /// Uniform in (0, 1].
    pub fn unit(&mut self) -> f64 {
        unit(self.generator.next_u64())
    }

    /// True with this probability.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.unit() <= probability
    }

    /// Exponentially distributed with mean 1.
    pub fn exponential(&mut self) -> f64 {
        -self.unit().ln()
    }

    /// Exponentially distributed with this mean, in whole milliseconds: gaps of a Poisson stream, lengths of calls.
    pub fn exponential_ms(&mut self, mean_ms: f64) -> u64 {
        (self.exponential() * mean_ms).round().min(1e12) as u64
    }

    /// Uniform in `0..n`; 0 for `n` 0.
    pub fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { ((self.unit() * n as f64) as usize).min(n - 1) }
    }

    /// A time of this distribution, in microseconds.
    pub fn draw_us(&mut self, of: &Distribution) -> u64 {
        quantile_us(of, self.unit())
    }
}

/// Uniform in (0, 1], from 53 of these bits.
fn unit(bits: u64) -> f64 {
    ((bits >> 11) + 1) as f64 / (1u64 << 53) as f64
}

/// The time that is exceeded with probability `u` in (0, 1], in microseconds.
pub(crate) fn quantile_us(of: &Distribution, u: f64) -> u64 {
    let seconds = match *of {
        Distribution::Deterministic { value_s } => value_s,
        Distribution::Exponential { mean_s } => -u.ln() * mean_s,
        Distribution::Lognormal { mean_s, sd_s } => {
            let variance = (sd_s / mean_s).powi(2).ln_1p();
            (mean_s.ln() - variance / 2.0 - variance.sqrt() * normal_quantile(u)).exp()
        }
    };
    (seconds * 1e6).round().min(DRAW_MAX_US) as u64
}

/// A uniform number in (0, 1] that depends on its arguments only: chance of things whose order differs between scenarios.
pub(crate) fn unit_of(seed: u64, a: u64, b: u64) -> f64 {
    unit(mix(mix(mix(seed) ^ a) ^ b))
}

/// A seed of its own for a named stream.
pub(crate) fn stream_seed(seed: u64, stream: u64, purpose: u64) -> u64 {
    mix(mix(mix(seed) ^ stream) ^ purpose)
}

/// 64-bit FNV-1a: a queue's stream hangs on its key, not on its place in the file.
pub(crate) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}

/// The finaliser of splitmix64: spreads a counter over all 64 bits.
fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// z with P(Z ≤ z) = `p` of the standard normal distribution, to about 1e-9: rational approximation by P. J. Acklam (2003).
pub(crate) fn normal_quantile(p: f64) -> f64 {
    const A: [f64; 6] = [
        -39.696_830_286_653_76,
        220.946_098_424_520_5,
        -275.928_510_446_968_7,
        138.357_751_867_269,
        -30.664_798_066_147_16,
        2.506_628_277_459_239,
    ];
    const B: [f64; 5] =
        [-54.476_098_798_224_06, 161.585_836_858_040_9, -155.698_979_859_886_6, 66.801_311_887_719_72, -13.280_681_552_885_72];
    const C: [f64; 6] = [
        -0.007_784_894_002_430_293,
        -0.322_396_458_041_136_5,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 4] = [0.007_784_695_709_041_462, 0.322_467_129_070_039_8, 2.445_134_137_142_996, 3.754_408_661_907_416];
    let horner = |terms: &[f64], x: f64| terms.iter().fold(0.0, |sum, t| sum * x + t);
    let tail = |q: f64| horner(&C, q) / (horner(&D, q) * q + 1.0);
    let p = p.clamp(1e-300, 1.0 - 1e-16);
    if p < 0.02425 {
        tail((-2.0 * p.ln()).sqrt())
    } else if p > 1.0 - 0.02425 {
        -tail((-2.0 * (1.0 - p).ln()).sqrt())
    } else {
        let q = p - 0.5;
        let r = q * q;
        horner(&A, r) * q / (horner(&B, r) * r + 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_what_was_asked_for() {
        let mut chance = Chance::new(1);
        let n = 200_000;
        let sum: u64 = (0..n).map(|_| chance.exponential_ms(180_000.0)).sum();
        let mean = sum as f64 / f64::from(n);
        assert!((mean - 180_000.0).abs() < 2_000.0, "{mean}");
        let hits = (0..n).filter(|_| chance.happens(0.3)).count();
        assert!((hits as f64 / f64::from(n) - 0.3).abs() < 0.01);
        assert!((0..1000).all(|_| chance.below(3) < 3));
        assert_eq!(chance.below(0), 0);
    }

    #[test]
    fn distributions_have_their_mean_and_spread() {
        let n = 200_000;
        for (of, mean, sd) in [
            (Distribution::Exponential { mean_s: 180.0 }, 180.0, 180.0),
            (Distribution::Lognormal { mean_s: 180.0, sd_s: 120.0 }, 180.0, 120.0),
            (Distribution::Deterministic { value_s: 30.0 }, 30.0, 0.0),
        ] {
            let mut chance = Chance::new(5);
            let draws: Vec<f64> = (0..n).map(|_| chance.draw_us(&of) as f64 / 1e6).collect();
            let got = draws.iter().sum::<f64>() / f64::from(n);
            let spread = (draws.iter().map(|d| (d - got).powi(2)).sum::<f64>() / f64::from(n)).sqrt();
            assert!((got - mean).abs() < 0.01 * mean && (spread - sd).abs() < 0.03 * mean, "{of:?}: {got} {spread}");
        }
    }

    #[test]
    fn the_normal_quantile_is_the_tables() {
        for (p, z) in [(0.5, 0.0), (0.975, 1.959_963_985), (0.001, -3.090_232_306), (0.9, 1.281_551_566), (0.01, -2.326_347_874)] {
            assert!((normal_quantile(p) - z).abs() < 1e-8, "{p}");
        }
    }

    #[test]
    fn a_seed_repeats() {
        let draw = |seed| (0..10).map(|_| Chance::new(seed).exponential_ms(1000.0)).collect::<Vec<_>>();
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        assert_ne!(stream_seed(1, hash("a"), 0), stream_seed(1, hash("b"), 0));
        assert_ne!(unit_of(1, 2, 3), unit_of(1, 3, 2));
    }
}
