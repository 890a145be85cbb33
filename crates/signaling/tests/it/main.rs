//! The endpoint from outside: bytes and commands in, bytes and events out, under virtual time.
mod calls;
mod net;
