//! `zhiyin demo`: `serve` on a data folder of its own, with `blueprints/demo.toml` and simulated customers.
use super::{CliError, CliResult, DemoArgs, Traffic, asynchronous, log};
use crate::config::Config;
use crate::config::sip::Anonymous;
use crate::serve::{self, Plan};
use std::net::SocketAddr;

/// More than anybody needs by hand; tests and the desk's pages come from one address.
const REQUESTS_PER_S: u32 = 500;

pub fn run(args: DemoArgs) -> CliResult {
    let config = configure(&args)?;
    log::start(&config.log)?;
    asynchronous(serve::run(Plan::demo(config, args.seed, args.traffic)))
}

/// The environment may still override (log level, limits); what the command line says wins.
fn configure(args: &DemoArgs) -> Result<Config, CliError> {
    let mut config = Config::load(None)?;
    let loopback = || ["127.0.0.0/8", "::1/128"].iter().filter_map(|n| n.parse().ok()).collect();
    config.http.addr = args.http;
    config.sip.addr = args.sip;
    config.sip.allow_anonymous = Anonymous::Networks(loopback());
    config.media.rtp_ports = args.rtp;
    config.media.addr = args.sip.ip();
    // Browsers reach the media where they reach the pages.
    config.media.webrtc_addr = SocketAddr::new(args.http.ip(), 0);
    config.store.data_dir = args.data.clone();
    config.store.url = None;
    if config.limits.requests_per_s == crate::config::limits::Limits::default().requests_per_s {
        config.limits.requests_per_s = REQUESTS_PER_S;
        config.limits.requests_burst = REQUESTS_PER_S * 2;
    }
    config.check()?;
    Ok(config)
}

impl Traffic {
    /// Simulated calls an hour.
    pub fn calls_per_hour(self) -> u32 {
        match self {
            Self::Off => 0,
            Self::Calm => 30,
            Self::Busy => 600,
        }
    }
}
