//! What every request passes through: problems, extractors, limits, headers, idempotency, the embedded pages.
pub mod address;
pub mod extract;
pub mod headers;
pub mod idempotency;
pub mod pages;
pub mod precondition;
pub mod problem;
pub mod range;
pub mod rate;
pub mod tls;
