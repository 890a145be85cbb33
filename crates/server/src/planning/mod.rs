//! Planning behind the API: past days read from the store, and what-if runs, one at a time, beside everything else.
mod callers;
pub mod play;
pub mod read;
pub mod runs;

pub use read::{PastDays, first_day, yesterday};
pub use runs::Runs;
