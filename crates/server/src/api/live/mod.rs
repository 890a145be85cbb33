//! `/api/v1/live`: what is happening now.
pub mod get;
