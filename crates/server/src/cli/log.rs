//! The human log on stderr.
use super::CliError;
use crate::config::log::{Log, LogFormat};
use tracing_subscriber::EnvFilter;

pub fn start(log: &Log) -> Result<(), CliError> {
    let filter = EnvFilter::try_new(&log.level).map_err(|e| CliError::Failed(format!("log.level: {e}")))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match log.format {
        LogFormat::Human => builder.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    started.map_err(|e| CliError::Failed(format!("log: {e}")))
}
