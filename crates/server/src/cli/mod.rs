//! The commands. Results go to stdout, the human log to stderr; exit 0 done, 1 failed, 2 wrong usage.
mod apply;
mod audit;
mod board;
mod check;
mod demo;
mod export;
mod log;
mod migrate;
mod simulate;

use crate::config::{Config, ConfigError};
use crate::serve;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Parser)]
#[command(name = "zhiyin", version, about = "An open contact centre in one program", propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the contact centre.
    Serve(ConfigArg),
    /// Run a demo company with simulated customers.
    Demo(DemoArgs),
    /// Bring the set-up to what blueprints say; nothing is deleted. Prints what changes.
    Apply(ApplyArgs),
    /// Print the set-up as a blueprint.
    Export(ExportArgs),
    /// Explain the configuration and what is wrong with it.
    Check(CheckArgs),
    /// Bring the database to this version.
    Migrate(MigrateArgs),
    /// The audit chain.
    Audit(AuditArgs),
    /// A wallboard's numbers, worked out anew from the event log.
    Board(BoardArgs),
    /// Play a scenario through the real router: service level, waits, abandonment, occupancy. See docs/simulation.md.
    Simulate(SimulateArgs),
    /// Print the OpenAPI document.
    Openapi,
}

#[derive(Debug, Clone, Args)]
pub struct SimulateArgs {
    /// The scenario, TOML or JSON, or a router's journal (JSON lines); `-` reads it from the input.
    #[arg(value_name = "FILE", required_unless_present = "erlang")]
    file: Option<PathBuf>,
    /// The report as JSON.
    #[arg(long)]
    json: bool,
    /// A changed scenario: both are played on the same callers and the differences are shown.
    #[arg(long, value_name = "FILE", conflicts_with = "seeds")]
    what_if: Option<PathBuf>,
    /// Instead of the scenario's.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Plays the scenario once with each of so many seeds, every step checked; a seed that breaks a rule is named. Fails if one does.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    seeds: Option<u32>,
    /// Instead of a scenario: every row of the Erlang C and A tables through the router, with its errors. Fails beyond 2 %.
    /// Takes minutes.
    #[arg(long, conflicts_with_all = ["file", "what_if", "seeds"])]
    erlang: bool,
}

#[derive(Debug, Clone, Args)]
pub struct BoardArgs {
    #[command(flatten)]
    config: ConfigArg,
    /// The board's key.
    board: String,
    /// As of this moment, microseconds UTC; without it now.
    #[arg(long, value_name = "US")]
    at: Option<i64>,
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Args)]
pub struct ConfigArg {
    /// The configuration file; without it defaults and ZHIYIN__SECTION__FIELD count.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Debug, Clone, Args)]
pub struct DemoArgs {
    /// Folder for the demo's data; kept between runs.
    #[arg(long, value_name = "DIR", default_value = ".zhiyin/demo")]
    data: PathBuf,
    /// HTTP address.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    http: SocketAddr,
    /// SIP address.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:5060")]
    sip: SocketAddr,
    /// RTP ports.
    #[arg(long, value_name = "A-B", default_value = "20000-29999")]
    rtp: crate::config::media::PortRange,
    /// Decides passwords and the simulated customers.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How many simulated customers call.
    #[arg(long, value_enum, default_value_t = Traffic::Calm)]
    traffic: Traffic,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Traffic {
    Off,
    Calm,
    Busy,
}

#[derive(Debug, Clone, Args)]
pub struct ApplyArgs {
    #[command(flatten)]
    config: ConfigArg,
    /// Print the changes and make none.
    #[arg(long)]
    dry_run: bool,
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

#[derive(Debug, Clone, Args)]
pub struct ExportArgs {
    #[command(flatten)]
    config: ConfigArg,
    /// Customers too, in clear: handle the output accordingly.
    #[arg(long)]
    customers: bool,
}

#[derive(Debug, Clone, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    config: ConfigArg,
    /// Print docs/configuration.md instead.
    #[arg(long)]
    docs: bool,
}

#[derive(Debug, Clone, Args)]
pub struct MigrateArgs {
    #[command(flatten)]
    config: ConfigArg,
    /// Only say whether the database is at this version.
    #[arg(long)]
    check: bool,
}

#[derive(Debug, Clone, Args)]
pub struct AuditArgs {
    #[command(subcommand)]
    command: AuditCommand,
}
#[derive(Debug, Clone, Subcommand)]
enum AuditCommand {
    /// Prove that no entry was changed, removed or put in.
    Verify(ConfigArg),
}

/// Why a command failed, in words for the operator.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Store(#[from] store::StoreError),
    #[error("engine: {0}")]
    Engine(#[from] engine::StartError),
    #[error(transparent)]
    Blueprint(#[from] crate::blueprint::BlueprintError),
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error("{0}")]
    Failed(String),
}
pub type CliResult = Result<(), CliError>;

pub fn run(cli: Cli) -> ExitCode {
    let result = match cli.command {
        Command::Openapi => print(&crate::api::document_json()),
        Command::Simulate(args) => simulate::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Serve(args) => Config::load(args.config.as_deref()).map_err(CliError::from).and_then(|config| {
            log::start(&config.log)?;
            asynchronous(serve::run(serve::Plan::serve(config)))
        }),
        Command::Demo(args) => demo::run(args),
        Command::Apply(args) => tool(&args.config).and_then(|config| asynchronous(apply::run(config, args))),
        Command::Export(args) => tool(&args.config).and_then(|config| asynchronous(export::run(config, args))),
        Command::Board(args) => tool(&args.config).and_then(|config| asynchronous(board::run(config, args))),
        Command::Migrate(args) => tool(&args.config).and_then(|config| asynchronous(migrate::run(config, args))),
        Command::Audit(AuditArgs { command: AuditCommand::Verify(args) }) => {
            tool(&args).and_then(|config| asynchronous(audit::verify(config)))
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("zhiyin: {e}");
            ExitCode::FAILURE
        }
    }
}

/// A short command's configuration; its log is quiet, for its result is what counts.
fn tool(args: &ConfigArg) -> Result<Config, CliError> {
    let mut config = Config::load(args.config.as_deref())?;
    config.log.level = "warn".into();
    log::start(&config.log)?;
    Ok(config)
}

fn asynchronous(work: impl Future<Output = CliResult>) -> CliResult {
    tokio::runtime::Builder::new_multi_thread().enable_all().thread_name("zhiyin").build()?.block_on(work)
}

/// Writes a result; a reader that went away (`| head`) is no failure.
fn print(text: &str) -> CliResult {
    use std::io::Write as _;
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}
