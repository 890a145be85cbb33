//! Simulated customers of the demo.

/// What the demo's customers are told.
#[derive(Debug)]
pub(super) enum Order {
    /// One of them calls this number at once.
    CallNow { number: String },
}
