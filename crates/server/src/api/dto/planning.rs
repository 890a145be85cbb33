//! Planning: what past days measured, and how many people a load needs.
use super::common::count;
use crate::http::problem::{ApiResult, Problem};
use domain::planning::{Measured, Tally};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What happened in some time. Shares are 0 … 1; none where nothing was counted.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct MeasuredFigures {
    /// Came into the queue; of several days the mean of a day, as all counts here.
    pub offered: f64,
    pub answered: f64,
    pub abandoned: f64,
    /// Left by overflow, a key, or lost.
    pub flow_out: f64,
    /// Answered within the threshold / offered (`sl1`, whatever variant the queue's boards show).
    pub service_level: Option<f64>,
    /// Abandoned / offered.
    pub abandon: Option<f64>,
    /// Mean wait of all, ringing included.
    pub asa_s: Option<f64>,
    /// Talk, hold and wrap-up of the answered, mean.
    pub aht_s: Option<f64>,
    /// On a call or in wrap-up / signed in and neither on a break nor away, of the queue's agents.
    pub occupancy: Option<f64>,
    /// Mean number of the queue's agents that were signed in and neither on a break nor away.
    pub agents: f64,
}

impl MeasuredFigures {
    /// `span_ms`: how long the time was, of one day; `days`: how many are summed up.
    pub fn of(t: &Tally, days: u32, span_ms: u64) -> Self {
        let days = f64::from(days.max(1));
        let a_day = |n: u64| n as f64 / days;
        Self {
            offered: a_day(t.offered),
            answered: a_day(t.answered),
            abandoned: a_day(t.abandoned),
            flow_out: a_day(t.flow_out),
            service_level: t.service_level(),
            abandon: t.abandon(),
            asa_s: t.asa_s(),
            aht_s: t.aht_s(),
            occupancy: t.occupancy(),
            agents: t.staffed_ms as f64 / days / span_ms.max(1) as f64,
        }
    }
}

/// One quarter of an hour of a day.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct MeasuredInterval {
    /// Its begin, seconds after midnight.
    #[schema(minimum = 0, maximum = 86_399)]
    pub at_s: u32,
    #[serde(flatten)]
    pub figures: MeasuredFigures,
}

/// A day of a queue as it was.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlanningHistory {
    /// None: all queues.
    pub queue: Option<Uuid>,
    /// The day, or the last of those that were averaged.
    #[schema(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pub date: String,
    /// The same weekday of so many weeks; counts are means of a day.
    pub weeks: u32,
    /// Where midnight is, seconds east of UTC.
    pub utc_offset_s: i32,
    /// Of the service level; of several queues the one that is shortest, each counts with its own.
    pub threshold_s: u32,
    /// Length of an interval.
    pub interval_s: u32,
    /// Mean patience: the waiting of all / the number who gave up. None: nobody did.
    pub patience_s: Option<f64>,
    /// How many gave up: what the patience rests on.
    pub abandons: u64,
    /// The agents' status was recorded; else `agents` and `occupancy` say nothing.
    pub has_presence: bool,
    pub total: MeasuredFigures,
    /// The whole day, from midnight.
    pub intervals: Vec<MeasuredInterval>,
}

/// Figures by interval, as they go over the wire.
pub fn intervals(measured: &Measured) -> Vec<MeasuredInterval> {
    let one = |(n, t): (u32, &Tally)| MeasuredInterval {
        at_s: n * (domain::planning::INTERVAL_MS / 1000) as u32,
        figures: MeasuredFigures::of(t, measured.days, domain::planning::INTERVAL_MS),
    };
    (0u32..).zip(&measured.intervals).map(one).collect()
}

/// Intervals of one question.
pub const INTERVALS_MAX: usize = 96;
/// Load of one interval, and callers who could wait in it: what is computed in a moment.
pub const ERLANGS_MAX: f64 = 5_000.0;
pub const WAITERS_MAX: f64 = 50_000.0;
/// What a simulated plan may have.
pub const SIMULATED_AGENTS_MAX: u32 = 2_000;
pub const SIMULATED_CALLS_MAX: f64 = 20_000.0;

/// What is promised.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffingTarget {
    /// Answered within the threshold / offered.
    #[schema(minimum = 0, maximum = 0.999)]
    pub service_level: f64,
    #[schema(minimum = 0, maximum = 36_000)]
    pub threshold_s: f64,
    /// No agent is busier than this on average.
    #[serde(default)]
    #[schema(minimum = 0.01, maximum = 1)]
    pub occupancy_max: Option<f64>,
    /// No larger share gives up; needs a patience.
    #[serde(default)]
    #[schema(minimum = 0.000_001, maximum = 1)]
    pub abandon_max: Option<f64>,
}

const fn interval_s_default() -> u32 {
    900
}
const fn concurrency_default() -> f64 {
    1.0
}
const fn seed_default() -> u64 {
    1
}

/// A load, interval by interval, and a target.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffingQuestion {
    /// Calls of each interval; this or `calls_per_hour`.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 96)]
    pub calls: Option<Vec<f64>>,
    /// One interval of an hour.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub calls_per_hour: Option<f64>,
    /// 900, 1800 or 3600.
    #[serde(default = "interval_s_default")]
    #[schema(minimum = 900, maximum = 3600)]
    pub interval_s: u32,
    /// When the first interval begins, seconds after midnight.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 85_500)]
    pub start_s: u32,
    /// Talk, hold and wrap-up.
    #[schema(minimum = 1, maximum = 36_000)]
    pub aht_s: f64,
    /// Mean time after which a waiting caller gives up (Erlang A); absent: never (Erlang C).
    #[serde(default)]
    #[schema(minimum = 1, maximum = 36_000)]
    pub patience_s: Option<f64>,
    /// Conversations an agent effectively holds at a time: 1 for calls.
    #[serde(default = "concurrency_default")]
    #[schema(minimum = 1, maximum = 50)]
    pub concurrency: f64,
    pub target: StaffingTarget,
    /// Share of paid time away from calls.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 0.95)]
    pub shrinkage: f64,
    /// Agents of each interval that are thought of, instead of the fewest that reach the target.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 96)]
    pub agents: Option<Vec<u32>>,
    /// Play the day through the real router too, with these agents.
    #[serde(default)]
    pub simulate: bool,
    #[serde(default = "seed_default")]
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991u64)]
    pub seed: u64,
}

fn between(field: &str, value: f64, low: f64, high: f64) -> ApiResult<()> {
    if (low..=high).contains(&value) { Ok(()) } else { Err(Problem::invalid(field, format!("{low} to {high}, not {value}"))) }
}

impl StaffingQuestion {
    /// The calls of each interval and its length in seconds.
    ///
    /// # Errors
    /// What is out of range, or would take too long to compute.
    pub fn check(&self) -> ApiResult<(Vec<f64>, u32)> {
        let (calls, interval_s) = match (&self.calls, self.calls_per_hour) {
            (Some(calls), None) => (calls.clone(), self.interval_s),
            (None, Some(per_hour)) => (vec![per_hour], 3600),
            _ => return Err(Problem::invalid("calls", "give calls or calls_per_hour, one of them")),
        };
        count("calls", calls.len(), INTERVALS_MAX)?;
        if calls.is_empty() {
            return Err(Problem::invalid("calls", "at least one interval"));
        }
        if !matches!(interval_s, 900 | 1800 | 3600) {
            return Err(Problem::invalid("interval_s", "900, 1800 or 3600"));
        }
        if u64::from(self.start_s) + calls.len() as u64 * u64::from(interval_s) > 86_400 {
            return Err(Problem::invalid("calls", "run on past midnight: give at most one day"));
        }
        between("aht_s", self.aht_s, 1.0, 36_000.0)?;
        between("concurrency", self.concurrency, 1.0, 50.0)?;
        between("target.threshold_s", self.target.threshold_s, 0.0, 36_000.0)?;
        between("target.service_level", self.target.service_level, 0.0, 0.999)?;
        between("shrinkage", self.shrinkage, 0.0, 0.95)?;
        if let Some(patience_s) = self.patience_s {
            between("patience_s", patience_s, 1.0, 36_000.0)?;
        }
        for (n, calls) in calls.iter().enumerate() {
            let per_s = calls / f64::from(interval_s);
            between(&format!("calls.{n}"), *calls, 0.0, ERLANGS_MAX / self.aht_s * f64::from(interval_s))?;
            if per_s * self.patience_s.unwrap_or(0.0) > WAITERS_MAX {
                return Err(Problem::invalid("patience_s", "leaves more than 50,000 callers waiting"));
            }
        }
        if let Some(agents) = &self.agents {
            if agents.len() != calls.len() {
                return Err(Problem::invalid("agents", format!("{} intervals, not {}", calls.len(), agents.len())));
            }
            agents.iter().enumerate().try_for_each(|(n, a)| between(&format!("agents.{n}"), f64::from(*a), 0.0, 20_000.0))?;
        }
        if self.simulate {
            if self.concurrency != 1.0 {
                return Err(Problem::invalid("simulate", "plays calls only: one at a time an agent"));
            }
            between("calls", calls.iter().sum(), 0.0, SIMULATED_CALLS_MAX)?;
        }
        Ok((calls, interval_s))
    }
}

/// What a number of agents makes of a load (Erlang A; C without patience).
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct ErlangFigures {
    /// Finds no agent free.
    pub p_wait: f64,
    pub p_abandon: f64,
    /// Mean wait of all; none when the queue grows without end.
    pub asa_s: Option<f64>,
    pub asa_waited_s: Option<f64>,
    pub service_level: f64,
    pub abandon_within_threshold: f64,
    pub occupancy: f64,
}

/// Some agents and what they achieve.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct StaffingChoice {
    pub agents: u32,
    /// To employ: agents / (1 − shrinkage), rounded up.
    pub headcount: u32,
    pub expected: ErlangFigures,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct StaffingInterval {
    /// Its begin, seconds after midnight.
    pub at_s: u32,
    pub calls: f64,
    /// The offered load.
    pub erlangs: f64,
    /// The fewest that reach the target.
    pub planned: StaffingChoice,
    /// Those that were thought of.
    pub chosen: Option<StaffingChoice>,
}

/// A whole day: shares weighted by calls, occupancy by agents.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct StaffingTotal {
    pub agents_max: u32,
    pub headcount_max: u32,
    pub agent_hours: f64,
    /// With shrinkage.
    pub paid_hours: f64,
    pub service_level: Option<f64>,
    pub p_abandon: Option<f64>,
    /// None when the queue grows without end in some interval.
    pub asa_s: Option<f64>,
    pub occupancy: Option<f64>,
}

/// A simulated figure with its interval of 95 %.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct Simulated {
    pub value: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
}
impl From<sim::Measure> for Simulated {
    fn from(m: sim::Measure) -> Self {
        Self { value: m.value, low: m.low, high: m.high }
    }
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct SimulatedFigures {
    pub offered: Simulated,
    pub service_level: Simulated,
    pub asa_s: Simulated,
    pub abandon: Simulated,
    pub occupancy: Simulated,
}
impl From<&sim::Figures> for SimulatedFigures {
    fn from(f: &sim::Figures) -> Self {
        Self {
            offered: f.offered.into(),
            service_level: f.service_level.into(),
            asa_s: f.asa_s.into(),
            abandon: f.abandon.into(),
            occupancy: f.occupancy.into(),
        }
    }
}

/// A quarter of an hour of a simulated day.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct SimulatedInterval {
    /// Its begin, seconds after midnight.
    pub at_s: u32,
    #[serde(flatten)]
    pub figures: SimulatedFigures,
}

/// The day played with the chosen agents, or else the planned ones.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SimulatedDay {
    pub replications: u32,
    pub seed: u64,
    pub total: SimulatedFigures,
    pub intervals: Vec<SimulatedInterval>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StaffingPlan {
    pub interval_s: u32,
    pub calls: f64,
    pub planned: StaffingTotal,
    pub chosen: Option<StaffingTotal>,
    pub intervals: Vec<StaffingInterval>,
    pub simulated: Option<SimulatedDay>,
}
