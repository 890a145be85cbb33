//! How long will it take: the waiting time of one queue, as a promise with its own error.
//!
//! A queueing model turns the facts of the moment into a median and a ninetieth percentile; what became of the last promises
//! corrects both. `Estimator` learns from finished waits only, holds no more than fixed windows, and knows whether its promises
//! have been good enough lately to be spoken (`speakable`).
//!
//! ```
//! use domain::estimate::{Estimator, Facts};
//! let mut queue = Estimator::default();
//! queue.handled(180_000);
//! let facts = Facts { position: 6, agents_idle: 0, agents_busy: 10 };
//! let promise = queue.estimate(&facts).ok_or("nobody serves")?;
//! assert!(promise.p50_ms < promise.p90_ms);
//! queue.answered(&promise, 95_000);
//! assert!(!queue.speakable(), "one wait is no experience");
//! # Ok::<(), &str>(())
//! ```
mod calibration;
mod estimator;
mod model;
mod past;
mod spoken;
#[cfg(test)]
mod tests;
mod watch;
#[cfg(test)]
mod watch_tests;

pub use estimator::{Estimate, Estimator, Facts, Limits};
pub use past::{PAST_MAX, Quality};
pub use spoken::Spoken;
pub use watch::{Outlook, Watch};
