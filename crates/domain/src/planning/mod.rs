//! What really happened, in the terms of a planner: calls an interval, handling time, patience, service level, and who was there.
//!
//! Made of the event log alone ([`crate::monitor::stays`] and the changes of agents' status), so that a past day can be measured at any
//! time. Shares are answered within the threshold / offered (the strict form `sl1`), which is what the formulas of [`crate::staffing`]
//! and the simulator mean by service level. A contact and its handling belong to the interval in which it came into the queue.
mod measured;
mod presence;

pub use measured::{Measured, Tally, measure, patience_s};
pub use presence::{OPEN_MAX_MS, Presence, presences};

/// Length of an interval: a quarter of an hour, as on boards.
pub const INTERVAL_MS: u64 = 15 * 60_000;
/// Intervals of a day.
pub const INTERVALS: usize = 96;

#[cfg(test)]
mod tests;
