//! Virtual time for this crate's tests.
use std::sync::OnceLock;
use std::time::Instant;

/// An arbitrary instant, the same for the whole run; tests add durations to it.
#[allow(clippy::disallowed_methods)] // the only way to get any `Instant`
pub fn start() -> Instant {
    static START: OnceLock<Instant> = OnceLock::new();
    *START.get_or_init(Instant::now)
}
