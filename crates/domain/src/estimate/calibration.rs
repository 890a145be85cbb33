//! Corrections learnt from past promises: a factor on each quantile, per stretch of predicted waits.
use super::model::Quantiles;
use serde::{Deserialize, Serialize};

/// Upper ends of the buckets of predicted medians, ms; the last bucket is open.
const BUCKETS_MS: [f64; 6] = [20_000.0, 60_000.0, 120_000.0, 300_000.0, 600_000.0, 1_200_000.0];
const BUCKETS: usize = BUCKETS_MS.len() + 1;
/// The first steps of a bucket are this long in the logarithm, later ones shrink with the root of their number …
const STEP_FIRST: f64 = 0.15;
/// … down to this, so that a changed world is always learnt: halving or doubling P50 takes some seventy waits.
const STEP_LAST: f64 = 0.02;
/// A factor stays within 1/16 … 16.
const FACTOR_LOG_MAX: f64 = 2.772_588_722_2;
/// One observation weighs at most as much as this many.
const WEIGHT_MAX: f64 = 4.0;

/// A finished wait: how long it is known to have lasted, and whether its end was the answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ended {
    pub waited_ms: f64,
    pub answered: bool,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Calibration {
    buckets: [Bucket; BUCKETS],
}

#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
struct Bucket {
    log_p50: f64,
    log_p90: f64,
    seen: u32,
}

impl Calibration {
    /// The prediction with its bucket's factors; P90 is never below P50.
    pub fn correct(&self, raw: Quantiles) -> Quantiles {
        let bucket = self.buckets.get(index(raw)).copied().unwrap_or_default();
        let p50_ms = raw.p50_ms * bucket.log_p50.exp();
        Quantiles { p50_ms, p90_ms: (raw.p90_ms * bucket.log_p90.exp()).max(p50_ms) }
    }

    /// One step towards the factor at which a fraction p of the waits ends within the quantile: up by `step·p` after a wait that
    /// lasted longer, down by `step·(1 − p)` otherwise (stochastic approximation of a quantile, Robbins and Monro 1951).
    ///
    /// For P90 "longer" means longer than was promised: then nine of ten promises are kept in the long run, whatever the model does
    /// and however late the answers come (Gibbs and Candès, "Adaptive conformal inference", 2021). The median is compared with what
    /// would be said now: promises made before the last correction would ask for it again, and the median swing.
    ///
    /// Who gave up within the quantile says nothing about it. So that the impatient are not missed, each of the others stands for
    /// `e^{θ·t}` customers, t the shorter of wait and quantile (inverse probability of censoring; patience exponential of rate θ).
    pub fn learn(&mut self, raw: Quantiles, said_p90_ms: f64, ended: Ended, give_up_per_ms: f64) {
        let Some(bucket) = self.buckets.get_mut(index(raw)) else { return };
        bucket.seen = bucket.seen.saturating_add(1);
        let step = (STEP_FIRST / f64::from(bucket.seen).sqrt()).max(STEP_LAST);
        let now_p50_ms = raw.p50_ms * bucket.log_p50.exp();
        bucket.log_p50 = moved(bucket.log_p50, step, 0.5, now_p50_ms, ended, give_up_per_ms);
        bucket.log_p90 = moved(bucket.log_p90, step, 0.9, said_p90_ms, ended, give_up_per_ms);
    }
}

/// The logarithm of a factor after one wait.
fn moved(log: f64, step: f64, p: f64, quantile_ms: f64, ended: Ended, give_up_per_ms: f64) -> f64 {
    let longer = ended.waited_ms > quantile_ms;
    if !longer && !ended.answered {
        return log;
    }
    let weight = (give_up_per_ms * ended.waited_ms.min(quantile_ms)).exp().min(WEIGHT_MAX);
    let towards = if longer { p } else { p - 1.0 };
    (log + step * weight * towards).clamp(-FACTOR_LOG_MAX, FACTOR_LOG_MAX)
}

fn index(raw: Quantiles) -> usize {
    BUCKETS_MS.iter().position(|end| raw.p50_ms < *end).unwrap_or(BUCKETS - 1)
}
