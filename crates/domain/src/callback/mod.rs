//! Callbacks that keep the place: the caller hangs up, the place in the line stays, and we call when its turn comes.
//!
//! `Callback` is the machine of one, `Book` holds all of them, one per number and queue. It decides when to stand in the line, and
//! what follows a try that failed; the line itself, the offer, the dialling and the talk are those of an ordinary call
//! (`call::Origin::Callback`), a new one for every time it stands in the line, with the caller's original `since`. When it is
//! allowed to call is an argument (`Window`), usually `calendar::Hours::next_open`.
//!
//! ```text
//! requested ──► waiting ──► calling ──► done
//!     ▲            │ ▲         │
//!     └─ not taken ┘ │         │ no answer, busy, failed
//!                    └ retry_at◄
//! ```
//! Until customer and agent talk it may be cancelled, and until it calls it expires.
mod book;
mod machine;
#[cfg(test)]
mod tests;
mod types;

pub use book::{Book, CALLBACKS_MAX, QueueWindow};
pub use machine::Callback;
pub use types::*;
