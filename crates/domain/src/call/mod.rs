//! The machine of one call: legs, entry plan, queue, talk, transfer, end. It owns no socket, clock or sample; a driver
//! feeds it `Input` and carries out `Effect`s in order.
//!
//! One call is one interaction. The router decides who gets it; this follows with `Offered`, `Assigned`, `OfferEnded`. Events of the
//! queue and of offers are the router's to record, everything else about the call is recorded here, once.
mod booking;
mod callback;
mod dial;
mod directory;
mod entry;
mod history;
mod leg;
mod machine;
mod offering;
mod personal;
mod supervising;
mod talk;
#[cfg(test)]
mod tests;
mod types;
mod waiting;
mod ways;

pub use callback::CALLBACK;
pub use directory::{DIALLED_LEN_MAX, Directory, Target};
pub use machine::{Call, LEGS_MAX};
pub use supervising::SUPERVISORS_MAX;
pub use talk::DIGITS_MAX;
pub use types::*;
pub use waiting::OVERFLOWS_MAX;
