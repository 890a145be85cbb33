//! `zhiyin`: the whole contact centre in one program. See `cli` for its commands.
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    server::cli::run(server::cli::Cli::parse())
}
