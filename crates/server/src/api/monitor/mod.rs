//! Numbers: the catalogue of metrics, and what stands behind one.
pub mod catalogue;
pub mod records;
