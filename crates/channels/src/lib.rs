//! What every text channel has in common: a message in, a message out. Widget sockets, WeCom, SMS and mail each turn their own wire
//! form into [`Inbound`] and [`Outbound`] into theirs, so that a conversation never knows which one it speaks to.
mod message;
pub mod webhook;
pub use message::{Address, BODY_CHARS_MAX, Body, Inbound, MessageError, Outbound, SenderId};
