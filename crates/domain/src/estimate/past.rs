//! How good the last promises were.
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// Promises remembered.
pub const PAST_MAX: usize = 200;
/// Waits shorter than this count as this long in relative errors: ten seconds wrong in five is no fault.
const RELATIVE_FROM_MS: f64 = 30_000.0;

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Promise {
    p50_ms: f64,
    waited_ms: f64,
    /// Beyond the promised P90?
    missed: bool,
    /// False: gave up after P90, so that only the miss is known.
    answered: bool,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Past {
    last: VecDeque<Promise>,
}

/// The record of the last `PAST_MAX` promises whose end is known. Errors are those of the median, over answered waits.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Quality {
    pub samples: u32,
    /// |wait − P50|, ms: median and ninetieth percentile.
    pub error_p50_ms: u64,
    pub error_p90_ms: u64,
    /// |wait − P50| ÷ wait (from 30 s on): median and ninetieth percentile.
    pub relative_error_p50: f64,
    pub relative_error_p90: f64,
    /// Σ(P50 − wait) ÷ Σ wait: above 0 too long is promised.
    pub bias: f64,
    /// The fraction of waits that ended within the promised P90; 0.9 is right.
    pub coverage_p90: f64,
}

impl Past {
    pub fn push(&mut self, p50_ms: f64, p90_ms: f64, waited_ms: f64, answered: bool) {
        let missed = waited_ms > p90_ms;
        if !answered && !missed {
            return;
        }
        if self.last.len() >= PAST_MAX {
            self.last.pop_front();
        }
        self.last.push_back(Promise { p50_ms, waited_ms, missed, answered });
    }

    pub fn quality(&self) -> Quality {
        let answered: Vec<&Promise> = self.last.iter().filter(|p| p.answered).collect();
        if answered.is_empty() {
            return Quality::default();
        }
        let errors = sorted(answered.iter().map(|p| (p.waited_ms - p.p50_ms).abs()));
        let relative = sorted(answered.iter().map(|p| (p.waited_ms - p.p50_ms).abs() / p.waited_ms.max(RELATIVE_FROM_MS)));
        let waited: f64 = answered.iter().map(|p| p.waited_ms).sum();
        let promised: f64 = answered.iter().map(|p| p.p50_ms).sum();
        Quality {
            samples: self.last.len() as u32,
            error_p50_ms: quantile(&errors, 0.5) as u64,
            error_p90_ms: quantile(&errors, 0.9) as u64,
            relative_error_p50: quantile(&relative, 0.5),
            relative_error_p90: quantile(&relative, 0.9),
            bias: (promised - waited) / waited.max(RELATIVE_FROM_MS),
            coverage_p90: 1.0 - self.last.iter().filter(|p| p.missed).count() as f64 / self.last.len() as f64,
        }
    }
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

/// The smallest value that at least the fraction `p` does not exceed; 0 of none.
pub(super) fn quantile(sorted: &[f64], p: f64) -> f64 {
    let rank = (sorted.len() as f64 * p).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0.0)
}
