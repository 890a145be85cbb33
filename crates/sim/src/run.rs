//! From a scenario to its report.
use crate::chance::stream_seed;
use crate::daybook::{Cell, DayBook, Days, intervals};
use crate::floor::Violation;
use crate::plan::{HOUR_US, Plan};
use crate::report::{Figures, INTERVAL_US, IntervalFigures, QueueFigures, QueuesReport, Report, TroubleFigures};
use crate::scenario::{Scenario, ScenarioError};
use crate::steady;
use crate::world::World;

/// Why there is no report.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SimError {
    /// For who wrote the scenario.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// For us: the router broke a rule.
    #[error("the router broke a rule (please report the scenario): {0}")]
    Broken(#[from] Violation),
    /// Whoever watched said no.
    #[error("stopped")]
    Stopped,
}

/// Simulates the scenario. The same scenario gives the same report, bit for bit.
///
/// # Errors
/// The scenario is wrong (key, reason, fix), or a rule of [`crate::Checker`] was broken.
pub fn simulate(scenario: &Scenario) -> Result<Report, SimError> {
    let mut plan = Plan::new(scenario)?;
    if scenario.is_single() {
        if scenario.hours.is_none() {
            plan.length_us = i64::MAX / 4;
        }
        return Ok(Report::Single(Box::new(steady::run(&plan, scenario.hours, steady::Goal::default())?)));
    }
    let rows = plan.queues.len() + 1;
    let mut cells = vec![vec![Days::default(); intervals(&plan)]; rows];
    let mut totals = vec![Days::default(); rows];
    let mut trouble = plan.trouble.is_some().then(TroubleFigures::default);
    for replication in 0..plan.replications {
        let (rows, troubles) = day(&plan, plan.seed, replication)?;
        trouble.iter_mut().zip(&troubles).for_each(|(sum, t)| sum.join(t));
        for ((cells, total), day) in cells.iter_mut().zip(&mut totals).zip(rows) {
            cells.iter_mut().zip(&day).for_each(|(days, cell)| days.add(cell));
            total.add(&together(&day));
        }
    }
    Ok(Report::Queues(Box::new(QueuesReport { trouble, ..report(&plan, &cells, &totals) })))
}

/// One replication: `[queue][interval]`, the last row is all queues together.
pub(crate) fn day(plan: &Plan, seed: u64, replication: u32) -> Result<(Vec<Vec<Cell>>, Option<TroubleFigures>), Violation> {
    let world = World::new(plan, stream_seed(seed, u64::from(replication), 0), DayBook::new(plan));
    let (book, trouble) = world.run().map_err(|v| Violation(format!("seed {seed}, replication {replication}: {v}")))?;
    Ok((book.finish(), trouble))
}

pub(crate) fn together(cells: &[Cell]) -> Cell {
    let mut sum = Cell::default();
    cells.iter().for_each(|c| sum.join(c));
    sum
}

fn report(plan: &Plan, cells: &[Vec<Days>], totals: &[Days]) -> QueuesReport {
    let lines = |days: &[Days]| -> Vec<IntervalFigures> {
        let interval = |(n, d): (u64, &Days)| IntervalFigures { at_ms: n * INTERVAL_US as u64 / 1000, figures: d.figures() };
        (0u64..).zip(days).map(interval).collect()
    };
    let total = |row: usize| totals.get(row).copied().unwrap_or_default().figures();
    let queues = plan.queues.iter().enumerate().map(|(row, q)| QueueFigures {
        key: q.config.key.clone(),
        name: q.name.clone(),
        total: total(row),
        intervals: cells.get(row).map(|c| lines(c)).unwrap_or_default(),
    });
    let all: Figures = total(plan.queues.len());
    QueuesReport {
        seed: plan.seed,
        hours: (plan.length_us - plan.warm_up_us) as f64 / HOUR_US as f64,
        replications: plan.replications,
        method: "replications".to_owned(),
        interval_min: 15,
        total: all,
        intervals: cells.last().map(|c| lines(c)).unwrap_or_default(),
        queues: queues.collect(),
        trouble: None,
    }
}
