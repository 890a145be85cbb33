//! The binary's own crate: HTTP and WebSocket API, sign-in, the embedded web pages, configuration, the command line.
//!
//! It holds an `engine::Handle` and never touches a voice socket; every right is decided by `domain::access::authorize`.
#![allow(clippy::result_large_err)]
pub mod api;
pub mod app;
pub mod audit;
pub mod auth;
pub mod blueprint;
pub mod cli;
pub mod config;
pub mod http;
pub mod planning;
pub mod serve;
pub mod stream;
