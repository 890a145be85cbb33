//! Rows as SeaORM entities. Ids are UUIDs, times `i64` µs, sealed values bytes. Only `repo` and its neighbours see them.
pub(crate) mod access;
pub(crate) mod customers;
pub(crate) mod history;
pub(crate) mod system;
