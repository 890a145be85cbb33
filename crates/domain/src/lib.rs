//! The rules of a contact centre, pure: ids, events, configuration, and every business state machine.
//!
//! Nothing here reads a clock, draws a random number, takes a lock or does IO: time and chance are arguments.
//! Machines have one shape: `handle(now, input, &mut Vec<Effect>)` and `next_timeout()`.
pub mod access;
pub mod calendar;
pub mod call;
pub mod callback;
pub mod config;
pub mod estimate;
pub mod event;
pub mod ids;
pub mod interaction;
pub mod live;
pub mod monitor;
pub mod pii;
pub mod planning;
pub mod routing;
pub mod staffing;
pub mod time;

pub use ids::*;
pub use pii::Pii;
pub use time::Timestamp;
