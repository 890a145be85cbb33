//! The fewest agents that reach a target, and the people on the pay-roll behind them.
use super::{AGENTS_MAX, Demand, Figures, SECONDS_MAX, StaffingError, agents_of, invalid, least, within};
use serde::{Deserialize, Serialize};

/// What is promised: `service_level` of all calls answered within `threshold_s`, and limits that make it bearable.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// 0 … 1, below 1.
    pub service_level: f64,
    pub threshold_s: f64,
    /// No agent is busier than this in the long run.
    #[serde(default)]
    pub occupancy_max: Option<f64>,
    /// No larger share of the calls gives up; needs a patience.
    #[serde(default)]
    pub abandon_max: Option<f64>,
}

impl Target {
    /// `service_level` in `threshold_s`, nothing else.
    pub const fn level(service_level: f64, threshold_s: f64) -> Self {
        Self { service_level, threshold_s, occupancy_max: None, abandon_max: None }
    }

    fn check(&self, demand: &Demand) -> Result<(), StaffingError> {
        within("service_level", self.service_level, 0.0, 0.999_999, "give a share from 0 to below 1, e.g. 0.8")?;
        within("threshold_s", self.threshold_s, 0.0, SECONDS_MAX, "give 0 or more seconds")?;
        if let Some(max) = self.occupancy_max {
            within("occupancy_max", max, 0.01, 1.0, "give a share from 0.01 to 1, e.g. 0.85")?;
        }
        if let Some(max) = self.abandon_max {
            within("abandon_max", max, 1e-6, 1.0, "give a share above 0 and at most 1, e.g. 0.05")?;
            if demand.patience_s.is_none() {
                return invalid("abandon_max", "means nothing when callers wait for ever", "give patience_s");
            }
        }
        Ok(())
    }

    fn met_by(&self, f: &Figures) -> bool {
        f.service_level >= self.service_level
            && self.occupancy_max.is_none_or(|max| f.occupancy <= max)
            && self.abandon_max.is_none_or(|max| f.p_abandon <= max)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AgentsPlan {
    pub agents: u32,
    /// What that many agents achieve.
    pub figures: Figures,
}

impl Demand {
    /// The fewest agents that meet the target; 0 for no calls.
    ///
    /// # Errors
    /// Input out of range; `OutOfReach` when not even `AGENTS_MAX` agents do.
    pub fn agents_min(&self, target: &Target) -> Result<AgentsPlan, StaffingError> {
        self.check()?;
        target.check(self)?;
        // Below this nobody who waits for ever is served; with patience fewer agents than the load may do.
        let low = if self.patience_s.is_none() { (self.erlangs() / self.concurrency) as u32 } else { 0 };
        let agents = least(low, |n| Ok(target.met_by(&self.figures(n, target.threshold_s)?)))?;
        Ok(AgentsPlan { agents, figures: self.figures(agents, target.threshold_s)? })
    }
}

/// People to employ so that `agents` are at work: `⌈N / (1 − shrinkage)⌉`. `shrinkage` is the share of paid time away from calls
/// (leave, training, breaks, illness), 0 … 0.95.
///
/// # Errors
/// Input out of range.
pub fn headcount(agents: u32, shrinkage: f64) -> Result<u32, StaffingError> {
    agents_of("agents", agents)?;
    let away = within("shrinkage", shrinkage, 0.0, 0.95, "give a share from 0 to 0.95, e.g. 0.3")?;
    // A hair below, so that 21 / 0.7 is 30 and not 31.
    let people = (f64::from(agents) / (1.0 - away) - 1e-9).ceil();
    Ok(people.clamp(0.0, f64::from(AGENTS_MAX) * 20.0) as u32)
}
