//! Callbacks that keep the place: the caller hangs up, the place in the line stays, and we call when its turn comes.
//!
//! `Callback` is the machine of one; `Book` holds all of them, one per number and queue. A callback is an interaction of its own
//! that stands in the router's line with the caller's original `since`. The driver feeds it what the router and the dialled leg say
//! and carries out its effects; when it is allowed to call is an argument (`Window`), usually `calendar::Hours::next_open`.
//!
//! ```text
//! requested ──► waiting ──► offered ──► dialling ──► connected ──► done
//!     ▲            │  ▲________│ declined   │  │ ▲                  ▲
//!     │            └── turn near ───────────┘  │ └── holding ───────┘
//!     │                (customer first)        │   (no agent yet)
//!     └───────────────── retry_at ◄────────────┘ no answer, busy, failed
//! ```
//! From every state but `connected` it may be cancelled, and it expires.
mod book;
mod machine;
#[cfg(test)]
mod tests;
mod turn;
mod types;

pub use book::{Book, CALLBACKS_MAX, QueueWindow};
pub use machine::Callback;
pub use types::*;
