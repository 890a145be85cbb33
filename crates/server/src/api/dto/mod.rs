//! The shapes on the wire. They live here and only here; the domain knows no OpenAPI.
//!
//! Where a shape equals a domain struct the two are joined by their common JSON form ([`same`]), and `tests` proves
//! that the two agree, so that neither can drift alone.
pub mod alert;
pub mod audit;
pub mod board;
pub mod breaks;
pub mod calendar;
pub mod callback;
pub mod capacity;
pub mod common;
pub mod customer;
pub mod diagnosis;
pub mod interaction;
pub mod live;
pub mod monitor;
pub mod number;
pub mod planning;
pub mod prompt;
pub mod queue;
pub mod routing;
pub mod rules;
pub mod session;
pub mod stream;
pub mod trunk;
pub mod user;
pub mod webhook;
pub mod what_if;

pub use common::{Label, Labels, Paged, Validate, same, view};
