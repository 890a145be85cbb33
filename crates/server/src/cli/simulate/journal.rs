//! A live router's journal played again: every offer and its end, to be compared with what the live one did.
use super::super::{CliResult, print};
use super::{CliError, Source, failed, json};
use sim::{Replay, Replayed};
use std::fmt::Write as _;
use std::io::{BufRead as _, Read as _};
use std::path::Path;

/// One line; a set-up with thousands of agents is the longest.
const LINE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// By its name, or by how it begins.
pub fn is_one(file: &Path, source: &mut Source) -> bool {
    let begins = source.fill_buf().is_ok_and(|text| text.starts_with(br#"{"line":"#));
    begins || file.extension().is_some_and(|e| e == "jsonl")
}

pub fn run(name: &str, source: Source, as_json: bool) -> CliResult {
    let replayed = replay(name, source)?;
    if as_json { json(&replayed) } else { print(&told(&replayed)) }
}

fn replay(name: &str, mut source: Source) -> Result<Replayed, CliError> {
    let mut replay = Replay::default();
    let mut line = String::new();
    loop {
        line.clear();
        let read = (&mut source).take(LINE_BYTES_MAX).read_line(&mut line).map_err(|e| failed(format!("{name}: {e}")))?;
        if read == 0 {
            return Ok(replay.end());
        }
        if !line.ends_with('\n') {
            // The process ended while it wrote this one.
            eprintln!("zhiyin: {name}: the last line is not whole and was left out");
            return Ok(replay.end());
        }
        replay.line(&line).map_err(|e| failed(format!("{name}: {e}")))?;
    }
}

fn told(r: &Replayed) -> String {
    let mut text = String::new();
    for o in &r.offers {
        let queue = o.queue.map_or_else(|| "-".to_owned(), |q| q.to_string());
        let took_ms = o.ended_at_us.map_or_else(|| "-".to_owned(), |end| format!("{} ms", end.ms_since(o.at_us)));
        let result = o.result.unwrap_or("open");
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{} {} queue {queue} agent {} offer {} {result} {took_ms}", o.at_us.0, o.interaction, o.agent, o.offer);
    }
    let missing = if r.missing > 0 { format!(", {} inputs are missing: it may have been otherwise", r.missing) } else { String::new() };
    let _ = writeln!(text, "{} routers, {} inputs, {} offers{missing}", r.routers, r.inputs, r.offers.len());
    text
}
