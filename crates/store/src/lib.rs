//! What remembers or carries outside the process: SQL (SQLite or PostgreSQL), sealed recordings, crypto, the audit
//! chain, jobs and the bus. It records and never decides: no policy, no clock, no retry of its own.
//!
//! Start at [`Store::open`]. Reads take `&Store` (or `&Tx`, through [`Source`]), writes take `&Tx`, which is one
//! transaction carrying rows, events, jobs and audit entries together. The engine's writer uses [`Store::append`].
#![allow(clippy::result_large_err)]
pub mod audit;
pub mod blob;
pub mod bus;
pub mod config;
pub mod crypto;
mod db;
mod entity;
pub mod error;
pub mod history;
pub mod jobs;
mod migration;
pub mod page;
pub mod password;
pub mod recovery;
pub mod repo;
pub mod token;

pub use config::{MasterKeySource, StoreConfig};
pub use db::{Source, Store, Tx};
pub use error::{Result, StoreError};
pub use history::Record;
pub use page::{Cursor, Page, PageRequest};
pub use recovery::LostInteraction;
pub use repo::engine_config::{EngineConfig, EngineTrunk, EngineUser, SipSecret};
