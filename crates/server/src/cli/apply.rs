//! `zhiyin apply`: blueprints into the store. A running server notices by the configuration's revision.
use super::{ApplyArgs, CliError, CliResult, print};
use crate::audit::{Actor, Entry, EntryExt};
use crate::blueprint::{Blueprint, apply};
use crate::config::Config;
use engine::{Clock, IdSource};
use store::Store;

pub async fn run(config: Config, args: ApplyArgs) -> CliResult {
    let mut blueprint = Blueprint::default();
    for file in &args.files {
        let text = std::fs::read_to_string(file).map_err(|e| CliError::Failed(format!("{}: {e}", file.display())))?;
        blueprint.merge(Blueprint::parse(&text).map_err(|e| CliError::Failed(format!("{}: {e}", file.display())))?);
    }
    let clock = Clock::start();
    let ids = IdSource::from_os().map_err(CliError::Failed)?;
    let store = Store::open(config.store_config(), clock.now()).await?;
    let tx = store.begin(clock.now()).await?;
    let diff = apply::apply(&tx, &ids, &blueprint, &config.sip.realm).await?;
    print(&diff.to_string())?;
    if args.dry_run || diff.is_empty() {
        tx.rollback().await?;
    } else {
        let entry = Entry::new(Actor::System, "blueprint.apply").with("changes", diff.len());
        entry.write(&tx).await?;
        tx.commit().await?;
    }
    store.close().await?;
    Ok(())
}
