//! The binary under measurement: `blueprints/bench.toml` in a temporary folder, pinned to the first core.
use crate::sh::{Result, output, root, run, zhiyin};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

pub struct Peer {
    child: Child,
    folder: PathBuf,
    pub sip: String,
}

/// What the process has used so far.
#[derive(Clone, Copy)]
pub struct Usage {
    pub cpu_s: f64,
    pub rss_kb: u64,
}

impl Peer {
    pub fn start() -> Result<Self> {
        let folder = PathBuf::from(output(Command::new("mktemp").args(["-d", "-t", "zhiyin-bench-XXXXXX"]))?.trim());
        let config = folder.join("zhiyin.toml");
        let text = format!(
            "[http]\naddr = \"127.0.0.1:0\"\n[sip]\naddr = \"127.0.0.1:0\"\nallow_anonymous = true\n[media]\nrtp_ports = \"20000-29999\"\n[store]\ndata_dir = \"{}\"\n[log]\nlevel = \"warn\"\n",
            folder.join("data").display()
        );
        std::fs::write(&config, text).map_err(|e| e.to_string())?;
        run(Command::new(zhiyin())
            .arg("apply")
            .arg(root().join("blueprints/bench.toml"))
            .arg("--config")
            .arg(&config)
            .stdout(Stdio::null()))?;
        let mut child = Command::new("taskset")
            .args(["-c", "0"])
            .arg(zhiyin())
            .args(["serve", "--config"])
            .arg(&config)
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| format!("taskset zhiyin: {e}"))?;
        let ready = ready_line(&mut child)?;
        let text = |key: &str| ready.get(key).and_then(|v| v.as_str()).map(str::to_owned).ok_or(format!("the ready line has no {key}"));
        Ok(Self { sip: text("sip")?, child, folder })
    }

    /// User + system seconds and resident memory, from /proc (clock ticks are 1/100 s on Linux).
    pub fn usage(&self) -> Result<Usage> {
        let pid = self.child.id();
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).map_err(|e| format!("the peer is gone: {e}"))?;
        let after_name = stat.rsplit(')').next().unwrap_or_default();
        let fields: Vec<&str> = after_name.split_whitespace().collect();
        let ticks = |n: usize| fields.get(n).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0);
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).map_err(|e| e.to_string())?;
        let rss = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).and_then(|l| l.split_whitespace().next()?.parse().ok());
        Ok(Usage { cpu_s: (ticks(11) + ticks(12)) / 100.0, rss_kb: rss.unwrap_or(0) })
    }

    /// Bytes of the data folder.
    pub fn data_bytes(&self) -> u64 {
        output(Command::new("du").args(["-sb"]).arg(self.folder.join("data")))
            .ok()
            .and_then(|s| s.split_whitespace().next()?.parse().ok())
            .unwrap_or(0)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = run(Command::new("kill").arg(self.child.id().to_string()));
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn ready_line(child: &mut Child) -> Result<serde_json::Value> {
    let out = child.stdout.take().ok_or("no standard output")?;
    let mut lines = BufReader::new(out).lines();
    while let Some(Ok(line)) = lines.next() {
        if let Ok(value) = serde_json::from_str::<serde_json::Value>(&line)
            && value.get("event").and_then(|e| e.as_str()) == Some("ready")
        {
            // Whatever else it prints must not fill the pipe.
            std::thread::spawn(move || lines.for_each(drop));
            return Ok(value);
        }
    }
    Err("zhiyin ended before it was ready".into())
}
