//! `/api/v1/setup`: the first administrator of an empty data folder.
pub mod create;
pub mod get;
