//! `zhiyin board`: a wallboard's numbers out of the event log alone, for checking what is shown and for looking back.
use super::{BoardArgs, CliError, CliResult, print};
use crate::config::Config;
use domain::Timestamp;
use domain::monitor::{Computed, Metric, Monitor, QueueSetup, Shown, TileKind, Value, compute};
use std::fmt::Write as _;
use store::Store;
use store::repo::config::{find_by_key, kind, list_all};
use store::repo::interactions;

const PAGE: u32 = 5_000;
/// The longest local day: what `today` may reach back to.
const BACK_MS: i64 = 26 * 3_600_000;

pub async fn run(config: Config, args: BoardArgs) -> CliResult {
    let clock = engine::Clock::start();
    let store = Store::open(config.store_config(), clock.now()).await?;
    let row = find_by_key::<kind::Boards>(&store, &args.board).await?;
    let board = row.ok_or_else(|| CliError::Failed(format!("no board has the key {:?}", args.board)))?.value;
    let at = args.at.map_or_else(|| clock.now(), Timestamp);
    let computed = compute(&board, &monitor(&store, config.site.utc_offset_s, at).await?, None, at);
    store.close().await?;
    if args.json {
        let text = serde_json::to_string_pretty(&computed).map_err(|e| CliError::Failed(e.to_string()))?;
        return print(&format!("{text}\n"));
    }
    print(&words(&board.tiles, &computed))
}

/// Every event up to `at`, folded anew.
async fn monitor(store: &Store, utc_offset_s: i32, at: Timestamp) -> Result<Monitor, CliError> {
    let wrong = |e: domain::monitor::OptionError| CliError::Failed(e.to_string());
    let mut monitor = Monitor::new(utc_offset_s).map_err(wrong)?;
    let queues = list_all::<kind::Queues>(store).await?;
    monitor.configure(queues.iter().map(|q| QueueSetup::from(&q.value)).collect()).map_err(wrong)?;
    let (from, to) = (Timestamp::from_ms(at.as_ms() - BACK_MS), Timestamp(at.as_us().saturating_add(1)));
    let mut seq = 0;
    loop {
        let page = interactions::events_between(store, from, to, seq, PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(monitor) };
        seq = *last;
        page.iter().for_each(|(_, event)| monitor.apply(at, event));
    }
}

fn words(tiles: &[domain::monitor::Tile], computed: &Computed) -> String {
    let mut out = String::new();
    let one = |v: &Option<Value>| v.map_or("–".to_owned(), |v| format!("{:.1}", v.value));
    for tile in tiles {
        let Some(shown) = computed.tiles.get(&tile.id).map(|t| &t.shown) else { continue };
        let name = match &tile.shows {
            TileKind::Value { metric, .. } | TileKind::Gauge { metric, .. } | TileKind::Trend { metric, .. } => metric.id(),
            TileKind::Table { .. } => "",
        };
        let _ = match shown {
            Shown::Value(point) => writeln!(out, "{}\t{name}\t{}", tile.id, one(&point.value)),
            Shown::Trend { points } => {
                let points: Vec<String> = points.iter().map(|(_, v)| one(v)).collect();
                writeln!(out, "{}\t{name}\t{}", tile.id, points.join(" "))
            }
            Shown::Table { rows, .. } => {
                let columns: Vec<&str> = match &tile.shows {
                    TileKind::Table { columns, .. } => columns.iter().map(|c| Metric::id(c.metric)).collect(),
                    _ => Vec::new(),
                };
                let _ = writeln!(out, "{}\t{}", tile.id, columns.join("\t"));
                rows.iter().try_for_each(|row| {
                    let cells: Vec<String> = row.cells.iter().map(|c| one(&c.value)).collect();
                    writeln!(out, "\t{:?}\t{}", row.scope, cells.join("\t"))
                })
            }
        };
    }
    out
}
