//! One scenario with many seeds, every step checked: for scenarios with trouble, where a rule may break for one seed in a hundred.
use super::super::{CliResult, print};
use super::{failed, json, told};
use serde::Serialize;
use sim::{Report, Scenario, SimError, TroubleFigures};

#[derive(Debug, Serialize)]
struct Seed {
    seed: u64,
    offered: Option<f64>,
    answered: Option<f64>,
    abandoned: Option<f64>,
    overflowed: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<TroubleFigures>,
    /// The rule that was broken, where, and after which input.
    #[serde(skip_serializing_if = "Option::is_none")]
    broken: Option<String>,
}

pub fn run(scenario: &Scenario, seeds: u32, as_json: bool) -> CliResult {
    let first = scenario.seed.unwrap_or(1);
    let mut all = Vec::new();
    for seed in (0..u64::from(seeds)).map(|n| first.wrapping_add(n)) {
        let row = one(scenario, seed)?;
        if !as_json {
            print(&line(&row))?;
        }
        all.push(row);
    }
    if as_json {
        json(&all)?;
    }
    match all.iter().filter(|s| s.broken.is_some()).count() {
        0 => Ok(()),
        n => Err(failed(format!("{n} of {seeds} seeds broke a rule"))),
    }
}

fn one(scenario: &Scenario, seed: u64) -> Result<Seed, super::CliError> {
    let mut row = Seed { seed, offered: None, answered: None, abandoned: None, overflowed: None, trouble: None, broken: None };
    match sim::simulate(&Scenario { seed: Some(seed), replications: Some(1), check: Some(true), ..scenario.clone() }) {
        Ok(Report::Queues(report)) => {
            let t = report.total;
            (row.offered, row.answered, row.abandoned) = (t.offered.value, t.answered.value, t.abandoned.value);
            (row.overflowed, row.trouble) = (t.overflowed.value, report.trouble);
        }
        Ok(Report::Single(report)) => {
            (row.offered, row.answered) = (Some(report.offered as f64), Some(report.answered as f64));
            row.abandoned = Some(report.abandoned as f64);
        }
        Err(SimError::Broken(rule)) => row.broken = Some(rule.to_string()),
        Err(other) => return Err(failed(other)),
    }
    Ok(row)
}

fn line(row: &Seed) -> String {
    let seed = row.seed;
    if let Some(rule) = &row.broken {
        return format!("seed {seed}: BROKEN: {rule}\n  replay it: zhiyin simulate FILE --seed {seed} --seeds 1\n");
    }
    let n = |v: Option<f64>| v.unwrap_or(0.0);
    let trouble = row.trouble.as_ref().map(told::troubles).unwrap_or_default();
    let counts = (n(row.offered), n(row.answered), n(row.abandoned), n(row.overflowed));
    format!("seed {seed}: ok: {} offered = {} answered + {} abandoned + {} overflowed; {trouble}\n", counts.0, counts.1, counts.2, counts.3)
}
