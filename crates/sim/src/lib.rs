//! A seeded discrete-event simulator over the domain's machines: callers come, agents work, time jumps from event to event.
//! The same scenario and seed give the same day, to the microsecond.
mod chance;
mod floor;
mod world;

pub use chance::Chance;
pub use floor::{Checker, Violation};
pub use world::{Report, Scenario, run};
