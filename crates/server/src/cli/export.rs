//! `zhiyin export`: the set-up as a blueprint.
use super::{CliResult, ExportArgs, print};
use crate::audit::{Actor, Entry, EntryExt};
use crate::blueprint::export;
use crate::config::Config;
use store::Store;

pub async fn run(config: Config, args: ExportArgs) -> CliResult {
    let clock = engine::Clock::start();
    let store = Store::open(config.store_config(), clock.now()).await?;
    let text = export::export(&store, args.customers).await?;
    let tx = store.begin(clock.now()).await?;
    Entry::new(Actor::System, "blueprint.export").with("customers", args.customers).write(&tx).await?;
    tx.commit().await?;
    store.close().await?;
    print(&text)
}
