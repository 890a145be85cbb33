//! `zhiyin simulate FILE [--json] [--what-if FILE]`
use super::{CliError, CliResult, SimulateArgs, print};
use sim::{Comparison, Difference, Figures, Measure, Report, Scenario, SingleReport};
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;

/// A scenario is a page of text; a day to be replayed may be long.
const FILE_BYTES_MAX: u64 = 256 * 1024 * 1024;

pub fn run(args: &SimulateArgs) -> CliResult {
    let scenario = read(&args.file)?;
    match &args.what_if {
        Some(changed) => {
            let comparison = sim::what_if(&scenario, &read(changed)?).map_err(failed)?;
            if args.json { json(&comparison) } else { print(&compared(&comparison)) }
        }
        None => {
            let report = sim::simulate(&scenario).map_err(failed)?;
            if args.json { json(&report) } else { print(&told(&report)) }
        }
    }
}

fn failed(error: impl std::fmt::Display) -> CliError {
    CliError::Failed(error.to_string())
}

fn json(report: &impl serde::Serialize) -> CliResult {
    let text = serde_json::to_string_pretty(report).map_err(failed)?;
    print(&format!("{text}\n"))
}

fn read(file: &Path) -> Result<Scenario, CliError> {
    let (name, mut text) = (file.display().to_string(), String::new());
    let source: Box<dyn std::io::Read> = if name == "-" {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(file).map_err(|e| failed(format!("{name}: {e}")))?)
    };
    source.take(FILE_BYTES_MAX).read_to_string(&mut text).map_err(|e| failed(format!("{name}: {e}")))?;
    let parsed = if text.trim_start().starts_with('{') {
        let mut json = serde_json::Deserializer::from_str(&text);
        serde_path_to_error::deserialize(&mut json).map_err(|e| format!("{}: {}", e.path(), e.inner()))
    } else {
        let toml = toml::Deserializer::parse(&text).map_err(|e| failed(format!("{name}: {e}")))?;
        serde_path_to_error::deserialize(toml).map_err(|e| format!("{}: {}", e.path(), e.inner()))
    };
    let scenario: Scenario = parsed.map_err(|e| failed(format!("{name}: {e}")))?;
    scenario.check().map_err(|e| failed(format!("{name}: {e}")))?;
    Ok(scenario)
}

fn told(report: &Report) -> String {
    match report {
        Report::Single(single) => one_queue(single),
        Report::Queues(queues) => {
            let mut text = format!(
                "{} h, {} replications, seed {}; 95 % intervals by {}\n\n",
                queues.hours, queues.replications, queues.seed, queues.method
            );
            text.push_str(
                "queue            offered  answered  abandoned  service level        ASA s            abandon            occupancy\n",
            );
            for queue in &queues.queues {
                text.push_str(&line(&queue.key, &queue.total));
            }
            text.push_str(&line("total", &queues.total));
            text
        }
    }
}

fn line(name: &str, f: &Figures) -> String {
    format!(
        "{name:<15} {:>8} {:>9} {:>10}  {:<19}  {:<15}  {:<17}  {}\n",
        number(f.offered.value, 0),
        number(f.answered.value, 0),
        number(f.abandoned.value, 0),
        percent(&f.service_level),
        ranged(&f.asa_s, 1.0, 1),
        percent(&f.abandon),
        percent(&f.occupancy),
    )
}

fn one_queue(r: &SingleReport) -> String {
    let mut text = String::new();
    let (f, h) = (&r.figures, &r.half_width_95);
    for (name, value, half, scale, unit) in [
        ("P(wait)", f.p_wait, h.p_wait, 100.0, "%"),
        ("service level", f.service_level, h.service_level, 100.0, "%"),
        ("ASA", f.asa_s, h.asa_s, 1.0, "s"),
        ("ASA of answered", f.asa_answered_s, h.asa_answered_s, 1.0, "s"),
        ("abandon", f.abandon, h.abandon, 100.0, "%"),
        ("occupancy", f.occupancy, h.occupancy, 100.0, "%"),
    ] {
        let half = half.map_or(String::new(), |h| format!("  ± {:.3}", h * scale));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name:<16} {:>10.3} {unit}{half}", value * scale);
    }
    let _ = writeln!(text, "{} calls in {:.0} h, seed {}; 95 % intervals by {}", r.offered, r.hours, r.seed, r.method);
    if !r.converged {
        text.push_str("not yet settled: give more hours for tighter figures\n");
    }
    text
}

/// What is shown of a comparison: name, figure, scale.
type Shown = (&'static str, fn(&Figures) -> Measure, f64);
const COMPARED: [Shown; 6] = [
    ("service level %", |f| f.service_level, 100.0),
    ("ASA s", |f| f.asa_s, 1.0),
    ("P(wait) %", |f| f.p_wait, 100.0),
    ("abandon %", |f| f.abandon, 100.0),
    ("overflowed", |f| f.overflowed, 1.0),
    ("occupancy %", |f| f.occupancy, 100.0),
];

fn compared(c: &Comparison) -> String {
    let mut text = format!("{} replications on the same callers, seed {}\n", c.replications, c.seed);
    text.push_str("queue            figure               before      after  difference (95 % interval)\n");
    for queue in &c.queues {
        text.push_str(&differences(&queue.key, &queue.difference));
    }
    text.push_str(&differences("total", &c.total));
    text
}

fn differences(queue: &str, d: &Difference) -> String {
    let row = |(name, of, scale): &Shown| {
        let show = |f: &Figures| number(of(f).value.map(|v| v * scale), 2);
        format!("{queue:<15}  {name:<16} {:>10} {:>10}  {}\n", show(&d.base), show(&d.changed), ranged(&of(&d.difference), *scale, 2))
    };
    COMPARED.iter().map(row).collect()
}

fn number(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "–".to_owned(), |v| format!("{v:.digits$}"))
}

fn percent(m: &Measure) -> String {
    ranged(m, 100.0, 1)
}

/// `value (low … high)`
fn ranged(m: &Measure, scale: f64, digits: usize) -> String {
    let scaled = |v: Option<f64>| v.map(|v| v * scale);
    let interval = match (scaled(m.low), scaled(m.high)) {
        (Some(low), Some(high)) => format!(" ({low:.digits$} … {high:.digits$})"),
        _ => String::new(),
    };
    format!("{}{interval}", number(scaled(m.value), digits))
}
