//! `/api/v1/planning`: measured days, the staffing calculator, and what-if runs.
pub mod history;
pub mod scenario;
pub mod staffing;
pub mod what_if_create;
pub mod what_if_delete;
pub mod what_if_get;
