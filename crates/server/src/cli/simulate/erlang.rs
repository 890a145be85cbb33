//! `zhiyin simulate --erlang`: the tables of queueing theory through the real router, row by row, on as many threads as there are cores.
use super::super::{CliResult, SimulateArgs, print};
use super::{failed, json};
use sim::{ErlangResult, ErlangRow, TOLERANCE, erlang_row, erlang_rows};
use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

pub fn run(args: &SimulateArgs) -> CliResult {
    let rows = erlang_rows();
    let results = simulated(&rows, args.seed.unwrap_or(1))?;
    if args.json {
        json(&results)?;
    } else {
        print(&table(&results))?;
    }
    match results.iter().filter(|r| !r.holds()).count() {
        0 => Ok(()),
        n => Err(failed(format!("{n} of {} rows are off by more than {} %", rows.len(), TOLERANCE * 100.0))),
    }
}

/// Every row's result, in the table's order; says on the way which rows are done.
fn simulated(rows: &[ErlangRow], seed: u64) -> Result<Vec<ErlangResult>, super::CliError> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    let work = || {
        while let Some((at, row)) = Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|n| Some((n, rows.get(n)?))) {
            let result = erlang_row(*row, seed);
            let mut done = done.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            done.push((at, result));
            eprintln!("{} of {}: {}", done.len(), rows.len(), name(row));
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(rows.len());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    let mut done = done.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result.map_err(failed)).collect()
}

fn name(r: &ErlangRow) -> String {
    let patience = r.patience_s.map_or_else(|| "M/M/c  ".to_owned(), |p| format!("M/M/c+M {p} s"));
    format!("{patience} {:.3} erlangs, {} agents, AHT {} s", r.calls_per_hour * r.aht_s / 3600.0, r.agents, r.aht_s)
}

fn table(results: &[ErlangResult]) -> String {
    let mut text = String::new();
    for r in results {
        let settled = if r.converged { "" } else { ", not settled" };
        let verdict = if r.holds() { "ok" } else { "OFF" };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}: {verdict}, {:.2} % at most ({} calls{settled})", name(&r.row), r.error() * 100.0, r.calls);
        for f in &r.figures {
            let half = f.half_width.map_or_else(|| "–".to_owned(), |h| format!("± {:.2} %", h * 100.0));
            let (figure, formula, simulated) = (&f.figure, f.formula, f.simulated);
            let _ =
                writeln!(text, "  {figure:<26} formula {formula:>12.6}  simulated {simulated:>12.6}  {:>+7.2} %  {half}", f.error * 100.0);
        }
    }
    let worst = results.iter().map(ErlangResult::error).fold(0.0, f64::max);
    let _ = writeln!(text, "{} rows, the largest error {:.2} %", results.len(), worst * 100.0);
    text
}
