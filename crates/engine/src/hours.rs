//! Opening hours on this machine: calendars tied to the zone files, and the task that tells the router which queues are closed.
use crate::clock::Clock;
use crate::config::{Setup, SharedSetup};
use crate::routing::{RouterError, RouterHandle};
use arc_swap::ArcSwap;
use domain::calendar::{Calendar, Hours, Problem, Zone};
use domain::config::{Closing, Queue};
use domain::routing::{Input, Shut};
use domain::{QueueId, Timestamp};
use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// Compiled zone files (RFC 8536) by IANA name; Debian's package `tzdata`.
pub const ZONE_DIR: &str = "/usr/share/zoneinfo";
/// A zone file has a few kilobytes; what is larger is none.
const ZONE_BYTES_MAX: u64 = 256 * 1024;
/// The router did not answer: told again after this.
const RETRY_MS: u64 = 1_000;

/// Hours by their calendar's key. A calendar that cannot be read is not in it, and closes nothing.
pub type Table = BTreeMap<String, Arc<Hours>>;
pub type SharedHours = Arc<ArcSwap<Table>>;

/// A calendar that answers. Reads one small file: not on an async thread with many of them.
///
/// # Errors
/// Every problem of the calendar; a time zone without a file is one.
pub fn hours_of(calendar: Calendar) -> Result<Hours, Vec<Problem>> {
    hours_in(Path::new(ZONE_DIR), calendar)
}

fn hours_in(zones: &Path, calendar: Calendar) -> Result<Hours, Vec<Problem>> {
    // Checked before its name becomes a path.
    let problems = calendar.check();
    if !problems.is_empty() {
        return Err(problems);
    }
    let zone = zone_in(zones, &calendar.timezone).map_err(|problem| vec![problem])?;
    Hours::new(calendar, zone)
}

fn zone_in(zones: &Path, name: &str) -> Result<Zone, Problem> {
    let problem = |reason: String, fix: &str| Problem { key: "timezone".into(), reason, fix: fix.to_owned() };
    let read = std::fs::File::open(zones.join(name)).and_then(|file| {
        let mut bytes = Vec::new();
        file.take(ZONE_BYTES_MAX).read_to_end(&mut bytes)?;
        Ok(bytes)
    });
    let bytes = read.map_err(|error| {
        let known = zones.join("Etc/UTC").exists() || zones.join("UTC").exists();
        let fix = if known { "use an IANA name such as Asia/Shanghai" } else { "install the time zones (Debian: tzdata) on this machine" };
        problem(format!("`{name}` is not among the time zones of {}: {error}", zones.display()), fix)
    })?;
    Zone::tzif(name, &bytes).map_err(|reason| problem(reason, "install the package tzdata again"))
}

/// The calendars of a set-up. What is wrong with one is logged with its key and remedy, and counted.
pub(crate) async fn table(setup: &Setup) -> Table {
    let calendars = setup.calendars.clone();
    let read = tokio::task::spawn_blocking(move || {
        let (mut table, mut broken) = (Table::new(), 0);
        for calendar in calendars {
            let key = calendar.key.clone();
            match hours_of(calendar) {
                Ok(hours) => drop(table.insert(key, Arc::new(hours))),
                Err(problems) => {
                    broken += 1;
                    for p in problems {
                        tracing::error!(
                            calendar = key,
                            key = p.key,
                            reason = p.reason,
                            fix = p.fix,
                            "calendar not usable: counted as open"
                        );
                    }
                }
            }
        }
        metrics::gauge!("zhiyin_calendars_broken").set(f64::from(broken));
        table
    });
    read.await.unwrap_or_default()
}

/// How a queue is closed at this moment; none: open.
fn shut(queue: &Queue, table: &Table, now: Timestamp) -> Option<Shut> {
    let why = table.get(queue.hours.as_ref()?)?.closed_at(now)?;
    Some(Shut { way: queue.closed.when_closed(&why), leave: why.is_emergency() || queue.closing == Closing::Leave })
}

/// Tells the router when queues close and open, at the moment they do.
pub(crate) struct HoursTask {
    pub hours: SharedHours,
    pub setup: SharedSetup,
    pub router: RouterHandle,
    pub clock: Clock,
    told: HashMap<QueueId, Option<Shut>>,
}

impl HoursTask {
    pub fn new(hours: SharedHours, setup: SharedSetup, router: RouterHandle, clock: Clock) -> Self {
        Self { hours, setup, router, clock, told: HashMap::new() }
    }

    /// Runs until `changed` is closed; a word there means that set-up and hours are new, and is answered when the router knows.
    pub async fn run(mut self, mut changed: mpsc::Receiver<oneshot::Sender<()>>) {
        let mut asking: Option<oneshot::Sender<()>> = None;
        loop {
            let wake = self.look().await;
            if let Some(done) = asking.take() {
                // Who no longer waits need not hear it.
                let _ = done.send(());
            }
            tokio::select! {
                word = changed.recv() => match word {
                    Some(done) => asking = Some(done),
                    None => return,
                },
                () = sleep_until(self.clock, wake) => {}
            }
        }
    }

    /// Tells what is not yet told; returns when to look again.
    pub async fn look(&mut self) -> Option<Timestamp> {
        let (setup, table, now) = (self.setup.load_full(), self.hours.load_full(), self.clock.now());
        self.told.retain(|id, _| setup.queues.iter().any(|q| q.id == *id));
        let mut again = None;
        for queue in &setup.queues {
            let closed = shut(queue, &table, now);
            if self.told.get(&queue.id).unwrap_or(&None) == &closed {
                continue;
            }
            tracing::info!(queue = queue.key, closed = closed.is_some(), "opening hours");
            match self.router.ask(Input::Hours { queue: queue.id, closed: closed.clone() }).await {
                Ok(()) => drop(self.told.insert(queue.id, closed)),
                // Removed meanwhile: the next set-up knows.
                Err(RouterError::Refused(_)) => {}
                Err(RouterError::Unavailable) => again = Some(now.plus_ms(RETRY_MS)),
            }
        }
        let named = setup.queues.iter().filter_map(|q| table.get(q.hours.as_ref()?));
        named.filter_map(|hours| hours.next_change(now)).chain(again).min()
    }
}

async fn sleep_until(clock: Clock, at: Option<Timestamp>) {
    match at {
        Some(at) => clock.sleep_until(at).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(timezone: &str) -> Calendar {
        let weekly = serde_json::json!([{ "days": ["mon"], "open": ["09:00-18:00"] }]);
        let name = serde_json::json!({ "zh": "客服", "en": "Service" });
        serde_json::from_value(serde_json::json!({ "key": "service", "name": name, "timezone": timezone, "weekly": weekly })).unwrap()
    }

    #[test]
    fn a_zone_without_a_file_is_a_problem_with_a_remedy() {
        let empty = tempfile::tempdir().unwrap();
        let problem = |zones: &Path, zone: &str| hours_in(zones, calendar(zone)).unwrap_err().remove(0);
        let none = problem(empty.path(), "Asia/Shanghai");
        assert_eq!(none.key, "timezone");
        assert!(none.fix.contains("tzdata"), "{none}");
        std::fs::write(empty.path().join("UTC"), b"TZif").unwrap();
        assert!(problem(empty.path(), "Asia/Atlantis").fix.contains("Asia/Shanghai"), "zones are installed, this one is none");
        assert!(problem(empty.path(), "UTC").reason.contains("UTC"), "not a zone file");
        assert!(problem(empty.path(), "../UTC").reason.contains("not the name"), "no path leads outside");
    }

    #[test]
    fn the_zone_files_of_this_machine_are_read() {
        let hours = hours_of(calendar("Asia/Shanghai")).unwrap();
        // 2026-03-02 is a Monday; 10:00 in Shanghai.
        assert!(hours.is_open_at(Timestamp::from_ms(1_772_416_800_000)));
        assert!(!hours.is_open_at(Timestamp::from_ms(1_772_416_800_000 - 2 * 3_600_000)));
    }
}
