//! Measurements. Each prints one JSON object a line on stdout; what was run and why goes to stderr.
mod peer;
mod probe;
mod sipp;
mod voice;

use crate::sh::Result;
use clap::Subcommand;

#[derive(Subcommand)]
pub enum Bench {
    /// SIPp against the release binary on loopback: set-ups, relay, recording, prompt, added latency.
    Voice {
        /// Simultaneous calls in the media tests.
        #[arg(long, default_value_t = 100)]
        calls: u32,
        /// Seconds measured in each media test.
        #[arg(long, default_value_t = 20)]
        seconds: u64,
        /// Which of setup, relay, record, prompt, latency.
        #[arg(long, value_delimiter = ',', default_value = "latency,relay,record,prompt,setup")]
        only: Vec<String>,
    },
    /// The router alone at full size, and a simulated day of a million interactions.
    Routing,
}

pub fn run(what: Bench) -> Result {
    match what {
        Bench::Voice { calls, seconds, only } => {
            crate::ci::build_binary()?;
            voice::run(calls, seconds, &only)
        }
        Bench::Routing => crate::sh::cargo(&["run", "--release", "--quiet", "-p", "sim", "--example", "scale"]),
    }
}
