//! `zhiyin check`: what counts, after file and environment.
use super::{CheckArgs, CliError, CliResult, print};
use crate::config::{Config, docs};

pub fn run(args: &CheckArgs) -> CliResult {
    if args.docs {
        return print(&docs::markdown());
    }
    let mut config = Config::load(args.config.config.as_deref())?;
    // A database URL holds a password.
    if config.store.url.is_some() {
        config.store.url = Some("(given)".into());
    }
    let text = toml::to_string_pretty(&config).map_err(|e| CliError::Failed(e.to_string()))?;
    print(&format!("# The configuration is valid. What counts after file and environment:\n{text}"))
}
