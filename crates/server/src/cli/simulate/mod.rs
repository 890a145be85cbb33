//! `zhiyin simulate FILE [--json] [--what-if FILE] [--seed N] [--seeds N]`, of a journal, and `zhiyin simulate --erlang`.
mod erlang;
mod journal;
mod seeds;
mod told;

use super::{CliError, CliResult, SimulateArgs, print};
use sim::Scenario;
use std::io::{BufReader, Read as _};
use std::path::Path;

/// A scenario is a page of text; a day to be replayed may be long.
const FILE_BYTES_MAX: u64 = 256 * 1024 * 1024;

type Source = BufReader<Box<dyn std::io::Read>>;

pub fn run(args: &SimulateArgs) -> CliResult {
    let Some(file) = &args.file else { return erlang::run(args) };
    let (name, mut source) = open(file)?;
    if journal::is_one(file, &mut source) {
        return journal::run(&name, source, args.json);
    }
    let mut scenario = read(&name, source)?;
    scenario.seed = args.seed.or(scenario.seed);
    if let Some(changed) = &args.what_if {
        let (name, source) = open(changed)?;
        let comparison = sim::what_if(&scenario, &read(&name, source)?).map_err(failed)?;
        return if args.json { json(&comparison) } else { print(&told::compared(&comparison)) };
    }
    if let Some(seeds) = args.seeds {
        return seeds::run(&scenario, seeds, args.json);
    }
    let report = sim::simulate(&scenario).map_err(failed)?;
    if args.json { json(&report) } else { print(&told::told(&report)) }
}

fn failed(error: impl std::fmt::Display) -> CliError {
    CliError::Failed(error.to_string())
}

fn json(report: &impl serde::Serialize) -> CliResult {
    let text = serde_json::to_string_pretty(report).map_err(failed)?;
    print(&format!("{text}\n"))
}

/// The file's name for messages, and its text.
fn open(file: &Path) -> Result<(String, Source), CliError> {
    let name = file.display().to_string();
    let source: Box<dyn std::io::Read> = if name == "-" {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(file).map_err(|e| failed(format!("{name}: {e}")))?)
    };
    Ok((name, BufReader::new(source)))
}

fn read(name: &str, source: Source) -> Result<Scenario, CliError> {
    let mut text = String::new();
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
