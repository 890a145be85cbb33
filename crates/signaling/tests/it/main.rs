//! The endpoint from outside: bytes and commands in, bytes and events out, under virtual time.
mod calls;
mod defects;
mod fuzz;
mod net;
mod pairs;
mod raw;
mod register;
mod requests;
mod timers;
mod torture;
