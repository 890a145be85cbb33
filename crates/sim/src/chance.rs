//! Random times of a simulated day, all from one seed.
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

pub struct Chance {
    generator: ChaCha8Rng,
}

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self { generator: ChaCha8Rng::seed_from_u64(seed) }
    }

    /// Uniform in (0, 1].
    pub fn unit(&mut self) -> f64 {
        ((self.generator.next_u64() >> 11) + 1) as f64 / (1u64 << 53) as f64
    }

    /// True with this probability.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.unit() <= probability
    }

    /// Exponentially distributed with this mean, in whole milliseconds: gaps of a Poisson stream, lengths of calls.
    pub fn exponential_ms(&mut self, mean_ms: f64) -> u64 {
        (-self.unit().ln() * mean_ms).round().min(1e12) as u64
    }

    /// Uniform in `0..n`; 0 for `n` 0.
    pub fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { ((self.unit() * n as f64) as usize).min(n - 1) }
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
    fn a_seed_repeats() {
        let draw = |seed| (0..10).map(|_| Chance::new(seed).exponential_ms(1000.0)).collect::<Vec<_>>();
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }
}
