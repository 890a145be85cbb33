//! What comes out, as `--json` prints it. Shares are 0 … 1, times in seconds; every interval of confidence is one of 95 %.
//!
//! Words: *offered* came into the queue; *answered*, *abandoned* (hung up while waiting or ringing) and *overflowed* (queue full, or
//! `wait_max_ms`) add up to it. `p_wait` found no agent free on coming. `service_level` is answered within the threshold / offered.
//! `asa_s` is the mean wait of all offered, until answered or given up, ringing included; `asa_answered_s` that of the answered.
//! `occupancy` is talk and wrap-up / time signed in and not away.
use crate::estimate::Measure;
use serde::{Deserialize, Serialize};

/// Length of the report's intervals.
pub(crate) const INTERVAL_US: i64 = 15 * 60 * 1_000_000;

/// What went wrong in all replications together, and how much was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TroubleFigures {
    pub router_deaths: u64,
    pub signed_out: u64,
    pub breaks: u64,
    pub vanished: u64,
    pub phones_lost: u64,
    pub media_failed: u64,
    pub hung_up_on_answer: u64,
    /// Places that a new router was given from the store.
    pub places_restored: u64,
    /// Callers who asked a new router for the place they had.
    pub came_again: u64,
    /// Differences that the reconciler repaired.
    pub healed: u64,
    /// Releases of agents that a new router did not know to be on a call.
    pub not_theirs: u64,
    /// Steps of the router compared with the rules.
    pub checked_steps: u64,
}

impl TroubleFigures {
    pub(crate) fn join(&mut self, other: &Self) {
        for (sum, n) in [
            (&mut self.router_deaths, other.router_deaths),
            (&mut self.signed_out, other.signed_out),
            (&mut self.breaks, other.breaks),
            (&mut self.vanished, other.vanished),
            (&mut self.phones_lost, other.phones_lost),
            (&mut self.media_failed, other.media_failed),
            (&mut self.hung_up_on_answer, other.hung_up_on_answer),
            (&mut self.places_restored, other.places_restored),
            (&mut self.came_again, other.came_again),
            (&mut self.healed, other.healed),
            (&mut self.not_theirs, other.not_theirs),
            (&mut self.checked_steps, other.checked_steps),
        ] {
            *sum += n;
        }
    }
}

/// Either form's result; `form` is `single` or `queues`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "form", rename_all = "snake_case")]
pub enum Report {
    Single(Box<SingleReport>),
    Queues(Box<QueuesReport>),
}

/// Of a single queue in the long run. The figures stand at the top level of the JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SingleReport {
    #[serde(flatten)]
    pub figures: SingleFigures,
    pub half_width_95: Halfwidths,
    /// How figures and intervals were made.
    pub method: String,
    pub batches: u64,
    /// False: ended at its limit of work before the figures were good to about 1 %.
    pub converged: bool,
    pub seed: u64,
    /// Simulated, without the warm-up.
    pub hours: f64,
    pub warm_up_hours: f64,
    pub offered: u64,
    pub answered: u64,
    pub abandoned: u64,
    /// Plain counts of this run, before its luck was taken out.
    pub observed: SingleFigures,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SingleFigures {
    pub p_wait: f64,
    pub service_level: f64,
    pub asa_s: f64,
    pub asa_answered_s: f64,
    pub abandon: f64,
    pub abandon_within_threshold: f64,
    pub occupancy: f64,
}

impl From<[f64; 7]> for SingleFigures {
    fn from([p_wait, service_level, asa_s, asa_answered_s, abandon, abandon_within_threshold, occupancy]: [f64; 7]) -> Self {
        Self { p_wait, service_level, asa_s, asa_answered_s, abandon, abandon_within_threshold, occupancy }
    }
}

/// Half of each interval of confidence; none from fewer than two batches.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Halfwidths {
    pub p_wait: Option<f64>,
    pub service_level: Option<f64>,
    pub asa_s: Option<f64>,
    pub asa_answered_s: Option<f64>,
    pub abandon: Option<f64>,
    pub abandon_within_threshold: Option<f64>,
    pub occupancy: Option<f64>,
}

impl From<[Option<f64>; 7]> for Halfwidths {
    fn from([p_wait, service_level, asa_s, asa_answered_s, abandon, abandon_within_threshold, occupancy]: [Option<f64>; 7]) -> Self {
        Self { p_wait, service_level, asa_s, asa_answered_s, abandon, abandon_within_threshold, occupancy }
    }
}

/// Of the full form: means over `replications` days of different chance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QueuesReport {
    pub seed: u64,
    pub hours: f64,
    pub replications: u32,
    /// How the intervals of confidence were made: always `replications`.
    pub method: String,
    /// 15.
    pub interval_min: u32,
    /// Everything together: a contact counts once, however often it overflowed, with the threshold of the queue it came for.
    pub total: Figures,
    pub intervals: Vec<IntervalFigures>,
    /// In the scenario's order.
    pub queues: Vec<QueueFigures>,
    /// Of a scenario with `[trouble]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<TroubleFigures>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QueueFigures {
    pub key: String,
    pub name: String,
    /// A contact that overflows into a queue counts there as offered again. `occupancy` is that of the agents who serve this queue,
    /// whatever they are busy with.
    pub total: Figures,
    pub intervals: Vec<IntervalFigures>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IntervalFigures {
    /// Begin, from the simulation's beginning.
    pub at_ms: u64,
    #[serde(flatten)]
    pub figures: Figures,
}

/// Counts are means a day, the rest ratios of sums over all days.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    pub offered: Measure,
    pub answered: Measure,
    pub abandoned: Measure,
    pub overflowed: Measure,
    pub p_wait: Measure,
    pub service_level: Measure,
    pub asa_s: Measure,
    pub asa_answered_s: Measure,
    pub abandon: Measure,
    pub abandon_within_threshold: Measure,
    pub occupancy: Measure,
}

impl From<[Measure; 11]> for Figures {
    fn from(m: [Measure; 11]) -> Self {
        let [offered, answered, abandoned, overflowed, p_wait, service_level, asa_s, asa_answered_s, abandon, within, occupancy] = m;
        Self {
            offered,
            answered,
            abandoned,
            overflowed,
            p_wait,
            service_level,
            asa_s,
            asa_answered_s,
            abandon,
            abandon_within_threshold: within,
            occupancy,
        }
    }
}
