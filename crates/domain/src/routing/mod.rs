//! The router: who waits, who is free, and who is offered to whom. One for every channel.
mod io;
pub use io::*;
