//! The shapes on the wire. They live here and only here; the domain knows no OpenAPI.
//!
//! Where a shape equals a domain struct the two are joined by their common JSON form ([`same`]), and `tests` proves
//! that the two agree, so that neither can drift alone.
pub mod audit;
pub mod calendar;
pub mod common;
pub mod customer;
pub mod interaction;
pub mod live;
pub mod number;
pub mod prompt;
pub mod queue;
pub mod routing;
pub mod session;
pub mod stream;
pub mod trunk;
pub mod user;

pub use common::{Label, Labels, Paged, Validate, same, view};
