//! `zhiyin audit verify`.
use super::{CliError, CliResult, print};
use crate::config::Config;
use store::Store;

pub async fn verify(config: Config) -> CliResult {
    let store = Store::open(config.store_config(), engine::Clock::start().now()).await?;
    match store::audit::verify(&store).await? {
        Ok(rows) => print(&format!("{rows} entries, all as they were written\n")),
        Err(tampered) => Err(CliError::Failed(tampered.to_string())),
    }
}
