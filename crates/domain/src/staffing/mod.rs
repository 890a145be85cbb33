//! How many people and lines a load needs: Erlang B (lost calls), Erlang C (waiting calls) and Erlang A (waiting calls that give up).
//!
//! All three assume Poisson arrivals and exponentially distributed handling; Erlang A adds exponentially distributed patience
//! (C. Palm 1957). Nothing here evaluates `A^N / N!`: every figure comes from a recursion of positive terms. Loads are in erlangs
//! (`calls_per_hour · aht_s / 3600`), times in seconds, shares in 0 … 1.
//!
//! Chat: an agent with `concurrency` parallel conversations counts as that many voice agents. This is an approximation: it holds
//! when `aht_s` is the handling time of a conversation alone and `concurrency` the effective number of conversations (always below
//! the nominal one, because conversations slow each other down).
mod demand;
mod erlang_a;
mod erlang_bc;
mod intraday;
mod plan;
pub use demand::{Demand, Figures};
pub use erlang_a::erlang_a;
pub use erlang_bc::{erlang_b, erlang_c, traffic_max, trunks_min};
pub use intraday::{INTERVALS_MAX, IntervalPlan, intraday};
pub use plan::{AgentsPlan, Target, headcount};

/// More agents or trunks than this are a mistake in the input.
pub const AGENTS_MAX: u32 = 100_000;
/// More parallel conversations than this are nobody's.
pub const CONCURRENCY_MAX: f64 = 50.0;
/// No time of a demand (handling, patience, threshold) is longer: four months.
pub const SECONDS_MAX: f64 = 1e7;
/// The load of `AGENTS_MAX` agents with nothing to spare.
pub const ERLANGS_MAX: f64 = AGENTS_MAX as f64;

/// Why there is no answer; it says which input, what is wrong with it, and what would be right.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum StaffingError {
    #[error("{key}: {reason}; {fix}")]
    Invalid { key: &'static str, reason: &'static str, fix: &'static str },
    /// Even `agents_max` agents (or trunks) do not reach the target.
    #[error("target: not reached with {agents_max} agents; lower the target or the load")]
    OutOfReach { agents_max: u32 },
}

fn invalid<T>(key: &'static str, reason: &'static str, fix: &'static str) -> Result<T, StaffingError> {
    Err(StaffingError::Invalid { key, reason, fix })
}

/// A finite number in `low ..= high`.
fn within(key: &'static str, value: f64, low: f64, high: f64, fix: &'static str) -> Result<f64, StaffingError> {
    if value.is_nan() {
        return invalid(key, "is not a number", fix);
    }
    if value < low {
        return invalid(key, "is too small", fix);
    }
    if value > high {
        return invalid(key, "is too large", fix);
    }
    Ok(value)
}

fn erlangs_of(value: f64) -> Result<f64, StaffingError> {
    within("erlangs", value, 0.0, ERLANGS_MAX, "give 0 to 100,000 erlangs")
}

fn agents_of(key: &'static str, agents: u32) -> Result<u32, StaffingError> {
    if agents > AGENTS_MAX { invalid(key, "is too large", "give at most 100,000") } else { Ok(agents) }
}

/// The smallest number in `low ..= AGENTS_MAX` that meets a condition which, once met, stays met: doubling, then halving.
fn least(low: u32, mut meets: impl FnMut(u32) -> Result<bool, StaffingError>) -> Result<u32, StaffingError> {
    if low > AGENTS_MAX {
        return Err(StaffingError::OutOfReach { agents_max: AGENTS_MAX });
    }
    if meets(low)? {
        return Ok(low);
    }
    let (mut fails, mut stride) = (low, 1);
    let mut holds = loop {
        if fails >= AGENTS_MAX {
            return Err(StaffingError::OutOfReach { agents_max: AGENTS_MAX });
        }
        let next = (fails + stride).min(AGENTS_MAX);
        if meets(next)? {
            break next;
        }
        (fails, stride) = (next, stride * 2);
    };
    while holds - fails > 1 {
        let middle = fails + (holds - fails) / 2;
        if meets(middle)? { holds = middle } else { fails = middle }
    }
    Ok(holds)
}

#[cfg(test)]
mod tests;
