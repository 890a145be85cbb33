//! The queueing prediction before any correction: M/M/c with impatient customers, seen by one who stands at a known position.

/// Positions beyond this are counted as this one: the estimate is far above anything spoken by then.
pub(super) const POSITION_MAX: u32 = 2_000;
/// Quantiles of the standard normal distribution.
const Z_90: f64 = 1.281_551_565_5;

/// Median and ninetieth percentile of a waiting time, ms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Quantiles {
    pub p50_ms: f64,
    pub p90_ms: f64,
}

/// An average handle time and how many it is the average of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mean {
    pub mean_ms: f64,
    pub of: f64,
}

/// The wait of the customer at `position` (1 = next) when `servers` all work, each for `handle` on average, and a customer
/// gives up at the rate `give_up_per_ms`.
///
/// With `j` customers ahead the next departure (an answer or one of the `j` giving up) comes after an exponential time of rate
/// `c·μ + j·θ`; the wait is the sum of these for `j = position − 1 … 0` (W. Whitt, "Predicting queueing delays", Management
/// Science 45(6), 1999, §3). The sum's mean and variance are exact; that `handle` itself is known only as the mean of `n` exponential
/// times adds mean²/n to the variance. The quantiles are those of the gamma distribution with both (Wilson and Hilferty 1931),
/// within 2 % of the exact ones.
pub(super) fn wait(position: u32, servers: u32, handle: Mean, give_up_per_ms: f64) -> Quantiles {
    let (mut mean, mut variance) = (0.0, 0.0);
    let serve_per_ms = f64::from(servers) / handle.mean_ms.max(1.0);
    for ahead in 0..position.min(POSITION_MAX) {
        let stage_ms = 1.0 / (serve_per_ms + f64::from(ahead) * give_up_per_ms);
        mean += stage_ms;
        variance += stage_ms * stage_ms;
    }
    if mean <= 0.0 || !f64::is_finite(mean) {
        return Quantiles { p50_ms: 0.0, p90_ms: 0.0 };
    }
    variance += mean * mean / handle.of.max(1.0);
    let ninth = variance / (9.0 * mean * mean);
    let quantile = |z: f64| mean * (1.0 - ninth + z * ninth.sqrt()).powi(3);
    Quantiles { p50_ms: quantile(0.0), p90_ms: quantile(Z_90) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exactly(mean_ms: f64) -> Mean {
        Mean { mean_ms, of: f64::INFINITY }
    }
    fn close(a: f64, b: f64, within: f64) {
        assert!((a - b).abs() <= within * b, "{a} is not within {within} of {b}");
    }

    #[test]
    fn quantiles_are_those_of_the_erlang_distribution() {
        // Erlang-n with mean n: medians and P90 from tables of the chi-square distribution, χ²(2n)/2.
        for (n, p50, p90) in [(1, 0.693, 2.303), (2, 1.6783, 3.8897), (5, 4.6709, 7.9936), (10, 9.6687, 14.2060), (50, 49.667, 59.249)] {
            let q = wait(n, 10, exactly(10.0), 0.0);
            close(q.p50_ms, p50, 0.02);
            close(q.p90_ms, p90, 0.02);
        }
    }

    #[test]
    fn impatience_ahead_shortens_the_wait() {
        // θ = μ, c = 1: the stages have rates μ·(1 … n), the mean is the harmonic number.
        let (patient, impatient) = (wait(4, 1, exactly(1000.0), 0.0), wait(4, 1, exactly(1000.0), 0.001));
        assert!(impatient.p50_ms < patient.p50_ms / 1.5);
        close(impatient.p50_ms, 1838.0, 0.02);
    }

    #[test]
    fn nothing_ahead_of_an_idle_agent() {
        assert_eq!(wait(0, 3, exactly(60_000.0), 0.0), Quantiles { p50_ms: 0.0, p90_ms: 0.0 });
        assert!(wait(u32::MAX, 1, exactly(60_000.0), 0.0).p90_ms.is_finite());
        assert_eq!(wait(1, 0, exactly(60_000.0), 0.0).p50_ms, 0.0, "no servers: the estimator never asks");
    }
}
