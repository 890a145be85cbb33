//! Outside `/api/v1`: health, metrics, the document of the API.
pub mod docs;
pub mod livez;
pub mod metrics;
pub mod openapi;
pub mod readyz;
