//! The async drivers that own the machines: voice, routing, jobs. See `handle` for the door the server uses.
pub mod handle;
pub use handle::Handle;
