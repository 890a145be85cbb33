//! The async drivers that own the machines: voice, routing, recordings, history. See `handle` for the door the server uses.
//!
//! One task owns one machine: the routing task the `Router`, a call's task its `Call`; they speak in the machines' own inputs and
//! effects. What happened goes to the `Writer` and never holds up a call.
pub mod callbacks;
mod clock;
pub mod config;
pub mod customers;
mod dispatch;
mod engine;
pub mod handle;
pub mod hours;
mod metrics;
pub mod monitor;
pub mod port;
mod reconciler;
pub mod recordings;
mod reload;
pub mod routing;
pub mod state;
pub mod voice;
pub mod webhooks;
pub mod writer;

pub use clock::{Clock, IdSource};
pub use config::EngineConfig;
pub use engine::{Engine, EngineTask, StartError};
pub use handle::Handle;
