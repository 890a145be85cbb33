//! The project's own commands: `cargo xtask …`. The Makefile and CI call these and nothing else.
mod bench;
mod ci;
mod generate;
mod pg;
mod serve;
mod sh;
mod tidy;
mod web;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Zhiyin's build, test and benchmark commands")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Everything that must be green before a change lands.
    Ci,
    /// House rules: import edges, file and function sizes, banned words and dependencies.
    Tidy,
    /// Format check, tidy, clippy, web lint.
    Lint,
    /// Writes generated files (OpenAPI, client types, configuration reference); with --check fails on drift.
    Gen {
        #[arg(long)]
        check: bool,
    },
    /// Builds the web pages, if their sources changed.
    Web,
    /// Builds the release binary and runs the demo contact centre.
    Run {
        /// Arguments for `zhiyin demo`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Every crate's tests, the store's on both databases.
    Test,
    /// schemathesis against the running binary.
    Contract,
    /// End-to-end tests on the real binary: browser, interop, load. Filter by file name part.
    E2e { filter: Option<String> },
    /// Measurements, one JSON row a figure on stdout.
    Bench {
        #[command(subcommand)]
        what: bench::Bench,
    },
    /// The binary with fat LTO, under target/dist.
    Dist,
}

fn main() {
    let result = match Cli::parse().command {
        Command::Ci => ci::all(),
        Command::Tidy => tidy::check(),
        Command::Lint => ci::lint(),
        Command::Gen { check } => generate::run(check),
        Command::Web => web::build(),
        Command::Run { args } => serve::demo(&args),
        Command::Test => ci::rust_tests(),
        Command::Contract => ci::build_binary().and_then(|()| ci::contract()),
        Command::E2e { filter } => ci::build_binary().and_then(|()| ci::e2e(filter.as_deref())),
        Command::Bench { what } => bench::run(what),
        Command::Dist => dist(),
    };
    if let Err(reason) = result {
        eprintln!("\x1b[31mxtask: {reason}\x1b[0m");
        std::process::exit(1);
    }
}

/// Builds and strips: the profile's own `strip` leaves the debug information of linked objects, four fifths of the file.
fn dist() -> sh::Result {
    web::build()?;
    sh::cargo(&["build", "--profile", "dist", "--bin", "zhiyin"])?;
    let binary = sh::target().join("dist/zhiyin");
    sh::run(std::process::Command::new("strip").arg("--strip-debug").arg(&binary))?;
    let bytes = std::fs::metadata(&binary).map_err(|e| format!("{}: {e}", binary.display()))?.len();
    println!("{} {} MB", binary.display(), bytes / 1_000_000);
    Ok(())
}
