//! `/api/v1/stream`: the live stream.
pub mod get;
