//! The engine whole, on loopback sockets, with telephones that call it.
mod bridge;
mod entry;
mod hours;
mod phones;
mod queue;
mod tel;
mod world;
