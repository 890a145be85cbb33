//! Names of trunks and bridge targets, resolved beforehand so that no call waits for DNS.
use super::driver::{Driver, Inbox};
use domain::Timestamp;
use domain::config::EntryPlan;
use std::collections::HashMap;
use std::net::IpAddr;

/// Names are looked up again after this.
const REFRESH_MS: u64 = 60_000;
/// Names that are followed.
pub const HOSTS_MAX: usize = 1024;

pub(super) type Resolved = Vec<(String, IpAddr)>;

#[derive(Default)]
pub(super) struct Resolver {
    hosts: Vec<String>,
    known: HashMap<String, IpAddr>,
    due: Timestamp,
}

impl Resolver {
    pub fn known(&self, host: &str) -> Option<IpAddr> {
        host.parse().ok().or_else(|| self.known.get(host).copied())
    }

    /// Names to be known from now on; literal addresses need nothing.
    pub fn want(&mut self, hosts: impl Iterator<Item = String>) {
        self.hosts = hosts.filter(|h| h.parse::<IpAddr>().is_err()).take(HOSTS_MAX).collect();
        self.hosts.sort();
        self.hosts.dedup();
        self.due = Timestamp(0);
    }
}

impl Driver {
    /// Starts a look-up of all names when the last is old.
    pub fn refresh_addresses(&mut self) {
        if self.resolver.due > self.now || self.resolver.hosts.is_empty() {
            return;
        }
        self.resolver.due = self.now.plus_ms(REFRESH_MS);
        let (hosts, inbox, v4) = (self.resolver.hosts.clone(), self.inbox.clone(), self.bound.is_ipv4());
        self.runtime.spawn(async move {
            let mut found = Vec::new();
            for host in hosts {
                let ip = match tokio::net::lookup_host((host.as_str(), 5060)).await {
                    Ok(mut all) => all.find(|a| a.is_ipv4() == v4).map(|a| a.ip()),
                    Err(error) => {
                        tracing::warn!(host, %error, "name not resolved");
                        None
                    }
                };
                found.extend(ip.map(|ip| (host, ip)));
            }
            // A driver that is gone needs no addresses.
            let _ = inbox.send(Inbox::Resolved(found)).await;
        });
    }

    pub fn on_resolved(&mut self, resolved: Resolved) {
        self.resolver.known.extend(resolved);
        self.trust_sources();
        self.register_trunks();
    }

    /// The names in the set-up.
    pub fn follow_names(&mut self) {
        let setup = self.ctx.setup.load_full();
        let bridges = setup.numbers.iter().filter_map(|n| match &n.plan {
            EntryPlan::Bridge { target, .. } => signaling::Uri::parse(target).map(|u| u.host().to_owned()),
            _ => None,
        });
        let trunks = setup.trunks.iter().filter(|t| t.trunk.enabled).map(|t| t.trunk.host.clone());
        let hosts: Vec<String> = bridges.chain(trunks).collect();
        self.resolver.want(hosts.into_iter());
    }
}
