//! `zhiyin migrate`.
use super::{CliResult, MigrateArgs, print};
use crate::config::Config;
use store::Store;

pub async fn run(config: Config, args: MigrateArgs) -> CliResult {
    let store = config.store_config();
    if args.check {
        Store::migrate_check(&store).await?;
        return print("the database is at this program's version\n");
    }
    let done = Store::migrate(&store).await?;
    if done.is_empty() { print("nothing to do\n") } else { print(&format!("applied: {}\n", done.join(", "))) }
}
