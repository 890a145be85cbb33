//! SIPp runs, pinned to the second core, and the figures of their statistics file.
use crate::sh::{Result, root};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// One SIPp process: a scenario of `e2e/load/scenarios` and its arguments.
pub struct Sipp {
    child: Child,
    statistics: Option<PathBuf>,
}

/// Counts at the end of a run.
#[derive(Debug, Default, Clone, Copy)]
pub struct Counts {
    pub succeeded: u64,
    pub failed: u64,
    pub retransmissions: u64,
}

fn command(scenario: &str, folder: &Path) -> Command {
    let mut c = Command::new("taskset");
    c.args(["-c", "1", "sipp", "-sf"]).arg(root().join("e2e/load/scenarios").join(scenario)).args(["-nostdin", "-trace_err"]);
    c.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    c
}

impl Sipp {
    /// The answering side: agents at 127.0.0.3:5062, until dropped.
    pub fn agent(scenario: &str, folder: &Path) -> Result<Self> {
        let mut c = command(scenario, folder);
        c.args(["-i", "127.0.0.3", "-p", "5062", "-mi", "127.0.0.3", "-mp", "16000"]);
        Ok(Self { child: c.spawn().map_err(|e| format!("sipp (Debian package sip-tester): {e}"))?, statistics: None })
    }

    /// The calling side, from 127.0.0.2.
    pub fn caller(scenario: &str, folder: &Path, target: &str, service: &str, args: &[&str]) -> Result<Self> {
        let statistics = folder.join(format!("{service}.csv"));
        let _ = std::fs::remove_file(&statistics);
        let mut c = command(scenario, folder);
        c.args([target, "-s", service, "-i", "127.0.0.2", "-p", "5061", "-mi", "127.0.0.2", "-mp", "16000"]);
        c.args(["-trace_stat", "-fd", "1", "-stf"]).arg(&statistics).args(args);
        Ok(Self { child: c.spawn().map_err(|e| format!("sipp (Debian package sip-tester): {e}"))?, statistics: Some(statistics) })
    }

    pub fn wait(mut self) -> Result<Counts> {
        self.child.wait().map_err(|e| e.to_string())?;
        let path = self.statistics.take().ok_or("an agent has no statistics")?;
        let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let head: Vec<&str> = text.lines().next().unwrap_or_default().split(';').collect();
        let last: Vec<&str> = text.lines().last().unwrap_or_default().split(';').collect();
        let get = |name: &str| head.iter().position(|h| *h == name).and_then(|i| last.get(i)?.parse().ok()).unwrap_or(0);
        Ok(Counts { succeeded: get("SuccessfulCall(C)"), failed: get("FailedCall(C)"), retransmissions: get("Retransmissions(C)") })
    }
}

impl Drop for Sipp {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
