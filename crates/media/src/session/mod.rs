//! One call's media: its legs and what joins them. Sans-IO: packets, commands and time in; packets and events out.
//!
//! Two phone legs with the same codec and nothing else to hear are relayed packet by packet, without a timer.
//! Whoever must hear a prompt, a mix or another codec is served by a 20 ms tick. The leg's one output writer keeps
//! SSRC, sequence and timestamps continuous over every change between the two.
mod types;
pub use types::*;
