//! The monitor: folds events into the numbers of a wallboard, judges them, and says which interactions stand behind each.
//!
//! One catalogue (`Metric::definition`) says what every number means; live boards, alerts and reports use the same formulas.
//! Numbers are made of sums (`Sum`) kept in buckets of one minute and of fifteen; a rate divides sums, it never averages rates.
//! The fold is insensitive to order and repetition: an interaction's events are kept sorted and what they amount to is worked
//! out anew with every event, so the same set of events gives the same numbers in whatever order it came (`Monitor::recompute`).
//!
//! Counting model: a queue visit belongs to the bucket in which it entered its queue, a handled contact to the one in which its
//! talk ended, an agent's time is split at the borders. `offered = answered + abandoned + flow_out + waiting` holds in every bucket.
mod alert;
mod board;
mod buckets;
mod catalogue;
mod drill;
mod fold;
mod histogram;
mod machine;
mod metric;
mod options;
mod records;
mod stays;
mod sums;
mod value;
mod words;

pub use alert::*;
pub use board::*;
pub use buckets::{INTERVAL_MS, INTERVALS_KEPT, MINUTES_KEPT};
pub use catalogue::CATALOGUE;
pub use drill::{DRILL_IDS_MAX, Drill, Limits, TimeKey, Which};
pub use histogram::Histogram;
pub use machine::{AGENTS_MAX, FUTURE_MAX_MS, INTERACTIONS_MAX, Monitor, PAST_MAX_MS, SEEN_MAX, SETTLE_MS};
pub use metric::{Basis, Better, Compute, Definition, Formula, Metric, Now, Scope, ScopeKind, Unit, Window};
pub use options::{Measure, OptionError, QueueOptions, QueueSetup, SHORT_ABANDON_S_MAX, ServiceLevel, THRESHOLD_S_MAX};
pub use records::Behind;
pub use stays::{Stay, StayEnd, stays};
pub use sums::{Sum, Sums};
pub use value::{Value, Waiter};
pub use words::{DEQUEUED, Left, left};

#[cfg(test)]
mod tests;
