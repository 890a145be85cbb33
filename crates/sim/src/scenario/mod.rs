//! What `zhiyin simulate FILE` reads: one queue in a few numbers, or queues, agents, shifts and profiles.
//!
//! The short form (everything exponentially distributed, answers at once, the figures are those of the long run):
//! ```toml
//! calls_per_hour = 200
//! aht_s = 180
//! agents = 14
//! patience_s = 120    # none: callers wait for ever
//! threshold_s = 20    # of the service level; this is the default
//! hours = 1000        # how long; none: until the figures are good to about 1 %
//! seed = 1
//! ```
//! The full form simulates days, each with its own chance (`replications`), and tells every 15 minutes apart:
//! ```toml
//! hours = 12
//! start_h = 8
//! replications = 10
//! [[queues]]
//! key = "service"
//! threshold_s = 20
//! arrivals = { interval_min = 30, from_h = 8, calls = [40, 60, 90, 80] }    # or { per_hour = 120 }
//! handling = { kind = "lognormal", mean_s = 180, sd_s = 150 }
//! wrap_up = { kind = "deterministic", value_s = 20 }
//! patience = { kind = "exponential", mean_s = 120 }
//! [[agents]]
//! count = 12
//! queues = [{ queue = "service", level = 1 }]
//! shifts = [{ from_h = 8, to_h = 16.5 }]
//! answer_delay = { kind = "exponential", mean_s = 3 }
//! ```
mod bench;
mod caller;
pub(crate) mod check;
mod crew;
mod curve;
pub(crate) mod queue;
mod trouble;
pub use bench::bench_scenario;
pub use caller::{Caller, CallerKind};
pub use check::ScenarioError;
pub use crew::{AgentGroup, Crew, Membership, Shift};
pub use curve::{CURVE_QUEUE, Curve};
pub use queue::{Arrivals, Distribution, QueueSetup, Replay};
pub use trouble::Trouble;

use domain::config::RoutingRule;
use serde::{Deserialize, Serialize};

/// More queues than this are a mistake.
pub const QUEUES_MAX: usize = 500;
/// Agents of all groups together.
pub const AGENTS_MAX: u32 = 10_000;
/// Interactions of all replications together.
pub const INTERACTIONS_MAX: u64 = 20_000_000;
/// A year.
pub const HOURS_MAX: f64 = 8_784.0;
/// Of the short form, whose load may be tiny.
pub const STEADY_HOURS_MAX: f64 = 10_000_000.0;
pub const REPLICATIONS_MAX: u32 = 1_000;
/// No time of a distribution is longer, in seconds: four months.
pub const SECONDS_MAX: f64 = 1e7;
/// Kinds of callers of one queue.
pub const KINDS_MAX: usize = 100;
/// Of the house, or of one queue.
pub const RULES_MAX: usize = 200;
/// Of one group: a week of a day with many breaks.
pub const SHIFTS_MAX: usize = 300;

/// A simulation, of either form. Read it with any serde format, then [`Scenario::check`].
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scenario {
    /// Same scenario and seed, same result. 1 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Compare every step of the router with the rules of [`crate::Checker`]. When absent: for small runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<bool>,
    /// Simulated time; of the full form 24 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<f64>,
    /// A number of agents (short form) or groups of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agents: Option<Crew>,

    // The short form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calls_per_hour: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aht_s: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patience_s: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold_s: Option<f64>,

    // The full form.
    /// Hour of the day at which the simulation begins, 0 … 24.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_h: Option<f64>,
    /// Days simulated with different chance; 10 when absent. Two or more give confidence intervals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replications: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub queues: Vec<QueueSetup>,
    /// Rules that hold in all queues, before the queues' own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RoutingRule>,
    /// Interactions that come at fixed times, beside the queues' arrivals.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replay: Vec<Replay>,
    /// What goes wrong meanwhile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Trouble>,
}

impl Scenario {
    /// One queue, exponential everything: M/M/c, with patience M/M/c+M.
    pub fn single(calls_per_hour: f64, aht_s: f64, agents: u32, patience_s: Option<f64>) -> Self {
        Self { calls_per_hour: Some(calls_per_hour), aht_s: Some(aht_s), agents: Some(Crew::Count(agents)), patience_s, ..Self::default() }
    }

    /// The short form (also when neither is complete).
    pub fn is_single(&self) -> bool {
        self.queues.is_empty()
    }
}
