//! `/api/v1/demo`: only in `zhiyin demo`.
pub mod call_me;
