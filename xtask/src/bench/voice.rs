//! The voice figures. The engine has core 0, SIPp core 1, so every figure is per core.
use super::peer::{Peer, Usage};
use super::probe;
use super::sipp::Sipp;
use crate::sh::{Result, output, step};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Set-up rate: a step passes with at most this share of failed calls.
const FAILED_SHARE_MAX: f64 = 0.001;
const SETUP_STEP_S: u64 = 10;
const RATE_FIRST: u64 = 100;
const RATE_MAX: u64 = 1500;

pub fn run(calls: u32, seconds: u64, only: &[String]) -> Result {
    let folder = PathBuf::from(output(Command::new("mktemp").args(["-d", "-t", "zhiyin-sipp-XXXXXX"]))?.trim());
    let tone: Vec<u8> = (0..8000u32).map(|n| if n % 16 < 8 { 0x90 } else { 0x10 }).collect();
    std::fs::write(folder.join("media.ulaw"), tone).map_err(|e| e.to_string())?;
    for test in only {
        let peer = Peer::start()?;
        step(&format!("bench {test}"));
        let row = match test.as_str() {
            "latency" => probe::latency(&peer.sip, "1009", 500)?,
            "relay" => media(&peer, &folder, "1000", calls, seconds)?,
            "record" => media(&peer, &folder, "1001", calls, seconds)?,
            "prompt" => media(&peer, &folder, "2000", calls, seconds)?,
            "setup" => setup(&peer, &folder)?,
            other => return Err(format!("no test is called {other}")),
        };
        let mut row = row;
        row["test"] = json!(test);
        println!("{row}");
    }
    std::fs::remove_dir_all(&folder).map_err(|e| e.to_string())
}

/// `calls` held calls with media; CPU and memory over the window in the middle.
fn media(peer: &Peer, folder: &Path, service: &str, calls: u32, seconds: u64) -> Result<Value> {
    let agent = if service == "2000" { None } else { Some(Sipp::agent("uas_media.xml", folder)?) };
    let idle = peer.usage()?;
    let bytes = peer.data_bytes();
    let (rate, n) = ((calls / 4).clamp(5, 50), calls.to_string());
    let ramp_s = u64::from(calls / rate) + 2;
    let hold_ms = ((ramp_s + seconds + 3) * 1000).to_string();
    let load = Sipp::caller("uac_media.xml", folder, &peer.sip, service, &["-m", &n, "-l", &n, "-r", &rate.to_string(), "-d", &hold_ms])?;
    wait_s(ramp_s)?;
    let from = peer.usage()?;
    let probe = if service == "2000" {
        json!(null)
    } else {
        probe::latency(&peer.sip, if service == "1001" { "1008" } else { "1009" }, seconds * 40)?
    };
    if service == "2000" {
        wait_s(seconds)?;
    }
    let to = peer.usage()?;
    let window_s = if service == "2000" { seconds as f64 } else { probe["window_s"].as_f64().unwrap_or(seconds as f64) };
    let counts = load.wait()?;
    drop(agent);
    let cpu_pct = (to.cpu_s - from.cpu_s) / window_s * 100.0;
    Ok(json!({
        "calls": calls, "failed": counts.failed, "window_s": round(window_s), "cpu_pct": round(cpu_pct),
        "cpu_pct_per_100": round(cpu_pct * 100.0 / f64::from(calls)), "kb_per_call": kb_per_call(idle, to, calls),
        "data_mb": round((peer.data_bytes().saturating_sub(bytes)) as f64 / 1e6), "probe": probe,
    }))
}

/// Highest rate that holds, by steps of x1.5 and then halving between the last good and the first bad.
fn setup(peer: &Peer, folder: &Path) -> Result<Value> {
    let _agent = Sipp::agent("uas_answer.xml", folder)?;
    let (mut good, mut bad, mut rate) = (0u64, RATE_MAX, RATE_FIRST);
    let (mut cpu_per_1000, mut steps) = (0.0, Vec::new());
    while bad.saturating_sub(good) > good / 20 + 5 {
        let (passed, row, cpu) = setup_step(peer, folder, rate)?;
        steps.push(row);
        if passed {
            good = rate;
            cpu_per_1000 = cpu;
        } else {
            bad = rate;
        }
        rate = if bad == RATE_MAX { (rate * 3 / 2).min(RATE_MAX - 1) } else { (good + bad) / 2 };
        if good >= RATE_MAX - 1 {
            break;
        }
    }
    Ok(json!({"max_cps": good, "cpu_s_per_1000": round(cpu_per_1000), "steps": steps}))
}

fn setup_step(peer: &Peer, folder: &Path, rate: u64) -> Result<(bool, Value, f64)> {
    let total = rate * SETUP_STEP_S;
    let from = peer.usage()?;
    let started = output(Command::new("date").arg("+%s.%N"))?;
    let counts = Sipp::caller(
        "uac_call.xml",
        folder,
        &peer.sip,
        "1000",
        &["-m", &total.to_string(), "-r", &rate.to_string(), "-l", "6000", "-d", "100", "-timeout", "60"],
    )?
    .wait()?;
    let ended = output(Command::new("date").arg("+%s.%N"))?;
    let took_s = ended.trim().parse::<f64>().unwrap_or(0.0) - started.trim().parse::<f64>().unwrap_or(0.0);
    let cpu = (peer.usage()?.cpu_s - from.cpu_s) * 1000.0 / total as f64;
    let failed = total - counts.succeeded.min(total);
    let passed = failed as f64 <= FAILED_SHARE_MAX * total as f64
        && counts.retransmissions as f64 <= 0.01 * total as f64
        && took_s <= SETUP_STEP_S as f64 * 1.03 + 1.0;
    Ok((
        passed,
        json!({"rate": rate, "passed": passed, "failed": failed, "retransmissions": counts.retransmissions, "took_s": round(took_s), "cpu_s_per_1000": round(cpu)}),
        cpu,
    ))
}

fn kb_per_call(idle: Usage, busy: Usage, calls: u32) -> f64 {
    round(busy.rss_kb.saturating_sub(idle.rss_kb) as f64 / f64::from(calls))
}

fn round(x: f64) -> f64 {
    (x * 100.0).round() / 100.0
}

fn wait_s(seconds: u64) -> Result {
    crate::sh::run(Command::new("sleep").arg(seconds.to_string()))
}
