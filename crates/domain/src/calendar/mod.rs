//! Opening hours: one evaluator for entry points, queues, callbacks, campaigns and service-level clocks.
//!
//! `Calendar` is what an administrator writes; `Hours` is the same, checked and tied to its time zone, and answers
//! `state_at`, `next_change` and `next_open`. Nothing here knows the time or reads zone files: both are arguments.
//!
//! # Who decides
//! The first that speaks about an instant wins:
//! 1. the manual switch, from `since` until `until`;
//! 2. a one-off closure;
//! 3. a make-up working day (调休) of that date;
//! 4. a holiday of that date;
//! 5. the weekly pattern.
//!
//! A period belongs to the day on which it begins and runs on past midnight, whatever rule the next day has, with one
//! exception: a holiday ends what an ordinary weekday carried into it.
//!
//! # Where the clock jumps
//! A period lasts from the first to the last instant at which a clock on the wall shows a time within it. A begin or end that
//! summer time skips is the moment of the jump; where an hour comes twice, a period begins with the first and ends with the second.
mod check;
mod day;
mod hours;
mod prc;
mod setup;
#[cfg(test)]
pub(crate) mod tests;
mod text;
mod view;
mod zone;

pub use check::{CLOSURES_MAX, HOLIDAYS_MAX, MAKE_UP_MAX, PERIODS_MAX, Problem, WEEKLY_MAX};
pub use hours::{Hours, SEARCH_DAYS_MAX, State, Why};
pub use prc::prc_2026;
pub use setup::{Calendar, Closure, Holiday, MakeUp, Switch, SwitchPosition, Weekday, Weekly};
pub use text::{Date, DateTime, Period};
pub use view::{DAYS_MAX, DayView};
pub use zone::Zone;
