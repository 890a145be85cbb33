//! The machine of one call: legs, entry plan, queue, talk, transfer, end. It owns no socket, clock or sample; a driver
//! feeds it `Input` and carries out `Effect`s in order.
mod directory;
mod types;
pub use directory::{DIALLED_LEN_MAX, Directory, Target};
pub use types::*;
