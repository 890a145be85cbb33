//! Voice: SIP phones and trunks, browsers, calls and their media.
//!
//! One thread runs the driver (`driver`), sole owner of the SIP endpoint and of every call; media workers (`media`) move the packets.
mod addresses;
mod assets;
mod calls;
mod cell;
mod commands;
mod demo;
mod describe;
mod driver;
mod inbound;
mod leg;
mod legs;
mod limiter;
pub mod media;
mod media_events;
pub mod phone;
mod phones;
mod router_link;
mod sip;
mod sockets;
mod sounds;
mod speech;
mod start;
mod streams;
mod trunks;

pub use start::start;
