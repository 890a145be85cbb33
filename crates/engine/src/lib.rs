//! The async drivers that own the machines: voice, routing, jobs. See `handle` for the door the server uses.
pub mod handle;
pub mod voice;
pub use handle::Handle;
