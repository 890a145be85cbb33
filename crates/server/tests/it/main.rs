//! The real binary on loopback, used as anybody outside would use it.
mod audit_cli;
mod authz;
mod blueprint;
mod calendars;
mod config_api;
mod harness;
mod planning;
mod problems;
mod session;
mod setup;
mod simulate_cli;
mod stream;
mod supervise;
