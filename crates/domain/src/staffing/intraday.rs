//! A day's staffing curve: the agents each interval needs, each interval as if it lasted for ever (the usual stationary approximation:
//! good while handling times are short beside the interval).
use super::{Demand, Figures, SECONDS_MAX, StaffingError, Target, headcount, invalid, within};
use serde::{Deserialize, Serialize};

/// Four weeks of 15 minutes and some.
pub const INTERVALS_MAX: usize = 3_000;

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct IntervalPlan {
    /// Calls expected in this interval.
    pub calls: f64,
    pub erlangs: f64,
    pub agents: u32,
    /// People to employ for them.
    pub headcount: u32,
    /// Service level, abandonment, occupancy … to expect.
    pub figures: Figures,
}

/// The fewest agents for each interval. `calls` has one number an interval of `interval_s`; `demand` says how long a call takes,
/// how patient callers are and how many conversations an agent holds (its `calls_per_hour` is not used); `shrinkage` as in
/// [`headcount`].
///
/// # Errors
/// Input out of range (also one interval's calls), more than `INTERVALS_MAX` intervals, a target out of reach.
pub fn intraday(
    calls: &[f64],
    interval_s: f64,
    demand: &Demand,
    target: &Target,
    shrinkage: f64,
) -> Result<Vec<IntervalPlan>, StaffingError> {
    if calls.len() > INTERVALS_MAX {
        return invalid("calls", "has too many intervals", "give at most 3,000");
    }
    within("interval_s", interval_s, 1.0, SECONDS_MAX, "give the interval's length, e.g. 900")?;
    calls
        .iter()
        .map(|&calls| {
            within("calls", calls, 0.0, 1e9, "give 0 or more calls an interval")?;
            let here = Demand { calls_per_hour: calls * 3600.0 / interval_s, ..*demand };
            let plan = here.agents_min(target)?;
            Ok(IntervalPlan {
                calls,
                erlangs: here.erlangs(),
                agents: plan.agents,
                headcount: headcount(plan.agents, shrinkage)?,
                figures: plan.figures,
            })
        })
        .collect()
}
