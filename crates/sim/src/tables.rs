//! The simulator against the formulas of Erlang C (M/M/c) and Erlang A (M/M/c+M): published rows, each simulated through the real
//! router until its figures stand still, and the errors.
//!
//! The estimator is that of the short form (batch means with control variates, `steady`), with longer runs: a floor on the brink
//! forgets slowly, and only more of its time makes its figures certain. The formula itself is never used as a control: the simulated
//! figure would then be the formula.
use crate::floor::Violation;
use crate::plan::Plan;
use crate::report::{Halfwidths, SingleFigures};
use crate::run::SimError;
use crate::scenario::Scenario;
use crate::steady::{self, Goal};
use domain::staffing::Demand;
use serde::{Deserialize, Serialize};

/// Relative error that a figure may have.
pub const TOLERANCE: f64 = 0.02;
/// Seconds of the service level in every row.
const THRESHOLD_S: f64 = 20.0;
/// Half as wide as the tolerance is far, at most, or the run goes on; then it ends here.
const GOAL: Goal = Goal { precision: 0.006, arrivals_max: 60_000_000 };

/// One row: a load, its agents, and what callers bear.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ErlangRow {
    pub calls_per_hour: f64,
    pub aht_s: f64,
    /// None: Erlang C.
    pub patience_s: Option<f64>,
    pub agents: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ErlangResult {
    pub row: ErlangRow,
    pub figures: Vec<ErlangFigure>,
    /// Calls simulated, the warm-up apart.
    pub calls: u64,
    /// False: ended at its limit of work before the figures were as certain as wanted.
    pub converged: bool,
    pub seed: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ErlangFigure {
    pub figure: String,
    pub formula: f64,
    pub simulated: f64,
    /// (simulated − formula) / formula.
    pub error: f64,
    /// Half of the 95 % interval, relative to the formula.
    pub half_width: Option<f64>,
}

impl ErlangResult {
    /// The largest error of its figures.
    pub fn error(&self) -> f64 {
        self.figures.iter().fold(0.0, |most, f| f.error.abs().max(most))
    }
    pub fn holds(&self) -> bool {
        self.error() <= TOLERANCE
    }
}

/// Every row of the reference tables: C(A,N) at 180 s, C(20,N), the staffing examples, and Erlang A.
pub fn erlang_rows() -> Vec<ErlangRow> {
    let c = |erlangs: f64, agents| ErlangRow { calls_per_hour: erlangs * 20.0, aht_s: 180.0, patience_s: None, agents };
    let table = [(1.0, 2), (2.0, 3), (5.0, 6), (5.0, 8), (8.0, 10), (10.0, 12), (10.0, 14), (20.0, 24), (50.0, 55), (100.0, 105)];
    let twenty = [21, 22, 23, 25, 26, 28, 30].map(|n| c(20.0, n));
    let staffed = [(360.0, 240.0, 29), (120.0, 300.0, 15), (2000.0, 240.0, 142), (10.0, 600.0, 3)]
        .map(|(calls_per_hour, aht_s, agents)| ErlangRow { calls_per_hour, aht_s, patience_s: None, agents });
    let impatient = [
        (200.0, 180.0, 120.0, 10),
        (200.0, 180.0, 120.0, 12),
        (400.0, 180.0, 60.0, 18),
        (400.0, 180.0, 120.0, 20),
        (2000.0, 240.0, 180.0, 130),
    ]
    .map(|(calls_per_hour, aht_s, patience, agents)| ErlangRow { calls_per_hour, aht_s, patience_s: Some(patience), agents });
    let mut rows: Vec<ErlangRow> = table.into_iter().map(|(a, n)| c(a, n)).collect();
    rows.push(c(200.0, 208));
    rows.extend(twenty.into_iter().chain(staffed).chain(impatient));
    rows
}

/// Simulates one row and compares. The same row and seed give the same result.
///
/// # Errors
/// The row is out of range, or the router broke a rule.
pub fn erlang_row(row: ErlangRow, seed: u64) -> Result<ErlangResult, SimError> {
    compare(row, seed, GOAL)
}

fn compare(row: ErlangRow, seed: u64, goal: Goal) -> Result<ErlangResult, SimError> {
    let single = Scenario::single(row.calls_per_hour, row.aht_s, row.agents, row.patience_s);
    let scenario = Scenario { seed: Some(seed), check: Some(false), threshold_s: Some(THRESHOLD_S), ..single };
    let theory = Demand::calls(row.calls_per_hour, row.aht_s, row.patience_s)
        .figures(row.agents, THRESHOLD_S)
        .map_err(|e| SimError::Broken(Violation(e.to_string())))?;
    let mut plan = Plan::new(&scenario)?;
    plan.length_us = i64::MAX / 4;
    let report = steady::run(&plan, None, goal)?;
    let (f, h) = (report.figures, report.half_width_95);
    type Shown = (&'static str, f64, fn(&SingleFigures) -> f64, fn(&Halfwidths) -> Option<f64>);
    let mut shown: Vec<Shown> = vec![
        ("p_wait", theory.p_wait, |f| f.p_wait, |h| h.p_wait),
        ("service_level", theory.service_level, |f| f.service_level, |h| h.service_level),
        ("asa_s", theory.asa_s.unwrap_or(f64::NAN), |f| f.asa_s, |h| h.asa_s),
        ("occupancy", theory.occupancy, |f| f.occupancy, |h| h.occupancy),
    ];
    if row.patience_s.is_some() {
        shown.push(("abandon", theory.p_abandon, |f| f.abandon, |h| h.abandon));
        let within = (theory.abandon_within_threshold, "abandon_within_threshold");
        shown.push((within.1, within.0, |f| f.abandon_within_threshold, |h| h.abandon_within_threshold));
    }
    let figures = shown.into_iter().map(|(figure, formula, value, half)| ErlangFigure {
        figure: figure.to_owned(),
        formula,
        simulated: value(&f),
        error: value(&f) / formula - 1.0,
        half_width: half(&h).map(|h| h / formula),
    });
    Ok(ErlangResult { row, figures: figures.collect(), calls: report.offered, converged: report.converged, seed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_compared_figure_by_figure() {
        let row = ErlangRow { calls_per_hour: 200.0, aht_s: 180.0, patience_s: Some(120.0), agents: 10 };
        let goal = Goal { precision: 0.1, arrivals_max: 4_000 };
        let result = compare(row, 1, goal).unwrap();
        assert_eq!(result.figures.len(), 6);
        let wait = &result.figures[0];
        // The published value of kpis.md.
        assert!((wait.formula - 0.496_853).abs() < 1e-6 && (wait.simulated / wait.formula - 1.0 - wait.error).abs() < 1e-12);
        assert!(result.error() < 0.3 && result.error() >= wait.error.abs(), "{result:?}");
        assert_eq!(compare(row, 1, goal).unwrap(), result);
    }

    #[test]
    fn every_row_of_the_tables_is_there_once() {
        let rows = erlang_rows();
        assert_eq!(rows.len(), 27);
        for (n, row) in rows.iter().enumerate() {
            assert!(rows.iter().skip(n + 1).all(|other| other != row), "{row:?}");
            assert!(row.patience_s.is_some() || row.calls_per_hour * row.aht_s / 3600.0 < f64::from(row.agents));
        }
    }
}
