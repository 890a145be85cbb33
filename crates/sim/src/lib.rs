//! A seeded discrete-event simulator over the domain's machines: callers come, agents work, time jumps from event to event.
//! The same scenario and seed give the same day, to the microsecond.
//!
//! [`simulate`] runs a [`Scenario`] through the real router and reports what queueing theory and wallboards call by the same names;
//! [`what_if`] compares two scenarios on the same callers.
mod chance;
mod daybook;
mod estimate;
mod floor;
mod plan;
mod rebuild;
mod replay;
mod report;
mod run;
pub mod scenario;
mod steady;
mod tables;
mod what_if;
mod world;

pub use chance::Chance;
pub use estimate::Measure;
pub use floor::{Checker, HEAL_MS, Violation};
pub use rebuild::{
    AddedAgents, AgentChange, AgentChanges, Assumption, AssumptionKind, CHOICE_EVENTS, Came, Changes, Person, QueueChange, Rebuilt,
    Records, RuleChanges, chosen, rebuild,
};
pub use replay::{Replay, ReplayError, Replayed, ReplayedOffer};
pub use report::{Figures, Halfwidths, IntervalFigures, QueueFigures, QueuesReport, Report, SingleFigures, SingleReport, TroubleFigures};
pub use run::{SimError, simulate};
pub use scenario::{Scenario, ScenarioError};
pub use tables::{ErlangFigure, ErlangResult, ErlangRow, TOLERANCE, erlang_row, erlang_rows};
pub use what_if::{Comparison, Difference, IntervalDifference, QueueDifference, what_if, what_if_watched};
