//! `/api/v1/phone`: the browser's telephone.
pub mod config;
