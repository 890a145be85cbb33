//! `/api/v1/alerts`: what was raised.
pub mod acknowledge;
pub mod list;
