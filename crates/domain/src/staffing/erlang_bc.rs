//! A. K. Erlang's first formula (calls that find every line busy are lost) and second formula (they wait).
use super::{AGENTS_MAX, ERLANGS_MAX, StaffingError, agents_of, erlangs_of, invalid, least, within};

/// Probability that a call finds all `trunks` busy and is lost. `B(0) = 1; B(n) = A·B(n−1) / (n + A·B(n−1))`.
///
/// # Errors
/// `erlangs` not in 0 … 100,000, more than `AGENTS_MAX` trunks.
pub fn erlang_b(erlangs: f64, trunks: u32) -> Result<f64, StaffingError> {
    let a = erlangs_of(erlangs)?;
    agents_of("trunks", trunks)?;
    Ok(blocking(a, trunks))
}

/// Probability that a caller waits: `C = N·B / (N − A·(1 − B))`; 1 when `A ≥ N`, where the queue grows without end.
///
/// # Errors
/// As [`erlang_b`].
pub fn erlang_c(erlangs: f64, agents: u32) -> Result<f64, StaffingError> {
    let a = erlangs_of(erlangs)?;
    agents_of("agents", agents)?;
    Ok(waiting(a, agents))
}

/// The fewest trunks on which at most `blocking_max` of the calls are lost.
///
/// # Errors
/// Input out of range; `OutOfReach` beyond `AGENTS_MAX`.
pub fn trunks_min(erlangs: f64, blocking_max: f64) -> Result<u32, StaffingError> {
    let a = erlangs_of(erlangs)?;
    let p = blocking_max_of(blocking_max)?;
    least(0, |n| Ok(blocking(a, n) <= p))
}

/// The most traffic, in erlangs, that `trunks` carry with at most `blocking_max` lost: bisection, B rises with the load.
///
/// # Errors
/// Input out of range, 0 trunks.
pub fn traffic_max(trunks: u32, blocking_max: f64) -> Result<f64, StaffingError> {
    agents_of("trunks", trunks)?;
    let p = blocking_max_of(blocking_max)?;
    if trunks == 0 {
        return invalid("trunks", "is 0", "give at least one trunk");
    }
    let (mut low, mut high) = (0.0, f64::from(trunks));
    // A blocking near 1 is reached far above N only; the load stays within what `erlang_b` takes.
    while blocking(high, trunks) < p && high < ERLANGS_MAX {
        high = (high * 2.0).min(ERLANGS_MAX);
    }
    for _ in 0..80 {
        let middle = f64::midpoint(low, high);
        if blocking(middle, trunks) <= p { low = middle } else { high = middle }
    }
    Ok(low)
}

fn blocking_max_of(p: f64) -> Result<f64, StaffingError> {
    within("blocking_max", p, 1e-12, 1.0, "give a share above 0 and at most 1, e.g. 0.01")
}

pub(super) fn blocking(a: f64, n: u32) -> f64 {
    debug_assert!(n <= AGENTS_MAX);
    (1..=n).fold(1.0, |b, k| a * b / (f64::from(k) + a * b))
}

pub(super) fn waiting(a: f64, n: u32) -> f64 {
    let servers = f64::from(n);
    if a >= servers {
        return 1.0;
    }
    let b = blocking(a, n);
    servers * b / (servers - a * (1.0 - b))
}
