//! What would change: two scenarios on the same callers with the same luck (common random numbers), compared day by day.
use crate::daybook::{Cell, FIGURES};
use crate::estimate::{Measure, Pairs};
use crate::plan::Plan;
use crate::report::{Figures, INTERVAL_US};
use crate::run::{SimError, day, together};
use crate::scenario::Scenario;
use serde::{Deserialize, Serialize};

/// A comparison needs several days; of a scenario with fewer so many are simulated.
const REPLICATIONS_MIN: u32 = 10;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    pub seed: u64,
    pub replications: u32,
    /// How the intervals were made: always `paired replications`.
    pub method: String,
    pub total: Difference,
    /// Of the total, by 15 minutes.
    #[serde(default)]
    pub intervals: Vec<IntervalDifference>,
    /// Queues that both have, by key, in the base's order.
    pub queues: Vec<QueueDifference>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct IntervalDifference {
    /// Begin, from the simulation's beginning.
    pub at_ms: u64,
    #[serde(flatten)]
    pub difference: Difference,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QueueDifference {
    pub key: String,
    #[serde(flatten)]
    pub difference: Difference,
    #[serde(default)]
    pub intervals: Vec<IntervalDifference>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    pub base: Figures,
    pub changed: Figures,
    /// Changed minus base: mean over the days of each day's difference, with the paired interval. One that does not hold 0 is a real
    /// difference, at 95 %.
    pub difference: Figures,
}

/// Days of both, figure by figure. A day without the figure (nobody came) is left out of it.
#[derive(Default)]
struct Row {
    base: [Pairs; FIGURES],
    changed: [Pairs; FIGURES],
    difference: [Pairs; FIGURES],
}

impl Row {
    fn add(&mut self, base: &Cell, changed: &Cell) {
        let sums = self.base.iter_mut().zip(&mut self.changed).zip(&mut self.difference);
        for (((b, c), d), ((bx, by), (cx, cy))) in sums.zip(base.parts().into_iter().zip(changed.parts())) {
            b.add(bx, by);
            c.add(cx, cy);
            if by > 0.0 && cy > 0.0 {
                d.add(cx / cy - bx / by, 1.0);
            }
        }
    }

    fn read(&self) -> Difference {
        let figures = |pairs: &[Pairs; FIGURES]| -> Figures { pairs.map(|p| -> Measure { p.ratio() }).into() };
        Difference { base: figures(&self.base), changed: figures(&self.changed), difference: figures(&self.difference) }
    }
}

/// A queue's whole day, and its intervals.
#[derive(Default)]
struct Rows {
    whole: Row,
    intervals: Vec<Row>,
}

impl Rows {
    fn add(&mut self, base: &[Cell], changed: &[Cell]) {
        self.whole.add(&together(base), &together(changed));
        self.intervals.resize_with(self.intervals.len().max(base.len().min(changed.len())), Row::default);
        self.intervals.iter_mut().zip(base.iter().zip(changed)).for_each(|(row, (b, c))| row.add(b, c));
    }

    fn read(&self) -> (Difference, Vec<IntervalDifference>) {
        let one = |(n, row): (u64, &Row)| IntervalDifference { at_ms: n * INTERVAL_US as u64 / 1000, difference: row.read() };
        (self.whole.read(), (0u64..).zip(&self.intervals).map(one).collect())
    }
}

/// Simulates both on the base's seed. Streams of chance belong to queues by key and to callers by number, so a changed number of
/// agents, a new queue or a longer handling time leaves everybody else's luck alone. A single queue is simulated in its full form
/// over `hours` (100 when absent) after a warm-up.
///
/// # Errors
/// One of them is wrong, or a rule of [`crate::Checker`] was broken.
pub fn what_if(base: &Scenario, changed: &Scenario) -> Result<Comparison, SimError> {
    what_if_watched(base, changed, |_, _| true)
}

/// As [`what_if`]. Before each replication `go_on` hears how many are done, of how many; when it says no, that is the end.
///
/// # Errors
/// As [`what_if`], and `Stopped`.
pub fn what_if_watched(base: &Scenario, changed: &Scenario, mut go_on: impl FnMut(u32, u32) -> bool) -> Result<Comparison, SimError> {
    let (b, c) = (Plan::new(base)?, Plan::new(changed)?);
    let replications = b.replications.max(c.replications).max(REPLICATIONS_MIN);
    let places: Vec<(usize, usize)> = b
        .queues
        .iter()
        .enumerate()
        .filter_map(|(n, q)| Some((n, c.queues.iter().position(|other| other.config.key == q.config.key)?)))
        .chain(std::iter::once((b.queues.len(), c.queues.len())))
        .collect();
    let mut rows: Vec<Rows> = places.iter().map(|_| Rows::default()).collect();
    for replication in 0..replications {
        if !go_on(replication, replications) {
            return Err(SimError::Stopped);
        }
        let (of_b, of_c) = (day(&b, b.seed, replication)?.0, day(&c, b.seed, replication)?.0);
        for (row, (at_b, at_c)) in rows.iter_mut().zip(&places) {
            if let (Some(x), Some(y)) = (of_b.get(*at_b), of_c.get(*at_c)) {
                row.add(x, y);
            }
        }
    }
    let (total, intervals) = rows.pop().unwrap_or_default().read();
    let key = |place: &(usize, usize)| b.queues.get(place.0).map(|q| q.config.key.clone()).unwrap_or_default();
    let queue = |(rows, place): (&Rows, &(usize, usize))| {
        let (difference, intervals) = rows.read();
        QueueDifference { key: key(place), difference, intervals }
    };
    let queues = rows.iter().zip(&places).map(queue).collect();
    Ok(Comparison { seed: b.seed, replications, method: "paired replications".to_owned(), total, intervals, queues })
}
