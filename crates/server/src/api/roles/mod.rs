//! `/api/v1/roles`: the fixed roles.
pub mod list;
