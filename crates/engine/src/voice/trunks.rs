//! Trunks: whose calls come in by address, where calls go out, whether the other end is alive.
use super::driver::Driver;
use crate::handle::{LiveChange, TrunkLive};
use domain::call::Cause;
use domain::config::{SipTransport, Trunk};
use domain::{Timestamp, TrunkId};
use secrecy::{ExposeSecret, SecretString};
use signaling::{Cidr, Command, Credentials, Options, Party, Register, RequestKey, Target, TrustedSource, Uri};
use std::net::{IpAddr, SocketAddr};

/// A trunk is asked for a sign of life this often.
const PROBE_MS: u64 = 30_000;
const REGISTER_EXPIRES_S: u32 = 600;
/// Marks sources that may call our numbers without belonging to a trunk.
pub(super) const ANONYMOUS_TAG: u32 = u32::MAX;

#[derive(Default)]
pub(super) struct Trunks {
    table: Vec<TrunkState>,
}

struct TrunkState {
    trunk: Trunk,
    password: Option<SecretString>,
    live: TrunkLive,
    probe: Option<RequestKey>,
    probe_at: Timestamp,
    register: Option<RequestKey>,
}

/// Where and how a call goes out.
pub(super) struct Route {
    pub host: String,
    pub port: u16,
    pub target: Target,
    pub credentials: Option<Credentials>,
}

impl Trunks {
    /// Whether some trunk's traffic comes from there.
    pub fn knows(&self, ip: IpAddr) -> bool {
        self.table.iter().any(|t| t.trunk.enabled && t.trunk.inbound.iter().any(|net| net.contains(&ip)))
    }
    pub fn by_tag(&self, tag: u32) -> Option<TrunkId> {
        self.table.get(tag as usize).map(|t| t.trunk.id)
    }
    fn find(&mut self, id: TrunkId) -> Option<&mut TrunkState> {
        self.table.iter_mut().find(|t| t.trunk.id == id)
    }
}

impl Driver {
    /// Takes over the trunks of a new set-up; calls on them and what is known of them stay.
    pub fn follow_trunks(&mut self) {
        let setup = self.ctx.setup.load_full();
        let mut old = std::mem::take(&mut self.trunks.table);
        for store::EngineTrunk { trunk, password } in &setup.trunks {
            let known = old.iter().position(|t| t.trunk.id == trunk.id).map(|i| old.swap_remove(i));
            let fresh = || TrunkState {
                trunk: trunk.clone(),
                password: password.clone(),
                live: TrunkLive { key: trunk.key.clone(), state: "unknown", calls: 0, last_error: None },
                probe: None,
                probe_at: Timestamp(0),
                register: None,
            };
            let mut state = known.unwrap_or_else(fresh);
            let secret = |s: &Option<SecretString>| s.as_ref().map(|s| s.expose_secret().to_owned());
            if state.trunk != *trunk || secret(&state.password) != secret(password) {
                if let Some(key) = state.register.take() {
                    self.sip(Command::Unregister { key });
                }
                state.trunk = trunk.clone();
                state.password = password.clone();
                state.probe = None;
                state.probe_at = Timestamp(0);
                state.live.state = "unknown";
            }
            if !trunk.enabled {
                state.live.state = "disabled";
            }
            self.trunks.table.push(state);
        }
        for gone in old {
            if let Some(key) = gone.register {
                self.sip(Command::Unregister { key });
            }
        }
        for t in &self.trunks.table {
            self.ctx.live.apply(LiveChange::Trunk(t.live.clone()));
        }
        self.trust_sources();
        self.register_trunks();
    }

    /// Tells the endpoint which addresses need no password.
    pub fn trust_sources(&mut self) {
        let mut trusted = Vec::new();
        for (tag, t) in self.trunks.table.iter().enumerate().filter(|(_, t)| t.trunk.enabled) {
            let tag = tag as u32;
            trusted.extend(t.trunk.inbound.iter().map(|net| TrustedSource { net: cidr(*net), tag }));
            // A provider that we register with calls from where we register.
            let registrar = self.resolver.known(&t.trunk.host).filter(|_| t.trunk.register);
            trusted.extend(registrar.map(|ip| TrustedSource { net: Cidr::host(ip), tag }));
        }
        trusted.extend(self.ctx.config.allow_anonymous.iter().map(|net| TrustedSource { net: cidr(*net), tag: ANONYMOUS_TAG }));
        self.endpoint.set_trusted(trusted);
    }

    fn credentials(&self, trunk: &Trunk) -> Option<Credentials> {
        let state = self.trunks.table.iter().find(|t| t.trunk.id == trunk.id)?;
        Some(Credentials { username: trunk.username.clone()?, password: state.password.as_ref()?.expose_secret().to_owned() })
    }

    fn trunk_target(&self, trunk: &Trunk) -> Option<Target> {
        let addr = SocketAddr::new(self.resolver.known(&trunk.host)?, trunk.port);
        Some(match trunk.transport {
            SipTransport::Udp => Target::udp(addr),
            SipTransport::Tcp => Target::tcp(addr),
        })
    }

    /// One more call goes out here; give the place back with `trunk_call_ended`.
    pub fn take_trunk(&mut self, id: TrunkId) -> Result<Route, Cause> {
        let trunk = self.trunks.find(id).map(|t| t.trunk.clone()).filter(|t| t.enabled).ok_or(Cause::UNAVAILABLE)?;
        let target = self.trunk_target(&trunk).ok_or(Cause::UNAVAILABLE)?;
        let credentials = self.credentials(&trunk);
        if !self.trunk_call_began(id) {
            return Err(Cause { sip: 503, q850: Some(34) });
        }
        Ok(Route { host: trunk.host, port: trunk.port, target, credentials })
    }

    /// Counts a call on a trunk; false when all its places are taken.
    pub fn trunk_call_began(&mut self, id: TrunkId) -> bool {
        let Some(t) = self.trunks.find(id) else { return true };
        if t.live.calls >= t.trunk.calls_max {
            return false;
        }
        t.live.calls += 1;
        let live = t.live.clone();
        self.ctx.live.apply(LiveChange::Trunk(live));
        true
    }

    pub fn trunk_call_ended(&mut self, id: TrunkId) {
        if let Some(t) = self.trunks.find(id) {
            t.live.calls = t.live.calls.saturating_sub(1);
            let live = t.live.clone();
            self.ctx.live.apply(LiveChange::Trunk(live));
        }
    }

    /// Asks due trunks for a sign of life and registers where that is wanted.
    pub fn probe_trunks(&mut self) {
        for i in 0..self.trunks.table.len() {
            let t = &self.trunks.table[i];
            if !t.trunk.enabled || t.probe.is_some() || t.probe_at > self.now {
                continue;
            }
            let trunk = t.trunk.clone();
            self.trunks.table[i].probe_at = self.now.plus_ms(PROBE_MS);
            let host = self.advertised.ip().to_string();
            let (Some(target), Some(uri), Some(from)) =
                (self.trunk_target(&trunk), Uri::sip("", &trunk.host, Some(trunk.port)), Uri::sip("zhiyin", &host, None))
            else {
                self.trunk_state(i, "down", Some("name not resolved".into()));
                continue;
            };
            let key = RequestKey(self.new_key());
            if self.sip(Command::Options(Box::new(Options { key, target, request_uri: uri, from: Party::new(from) }))) {
                self.trunks.table[i].probe = Some(key);
            }
        }
    }

    /// Registers where that is wanted and the address is known.
    pub fn register_trunks(&mut self) {
        for i in 0..self.trunks.table.len() {
            let t = &self.trunks.table[i];
            if !t.trunk.enabled || !t.trunk.register || t.register.is_some() {
                continue;
            }
            let trunk = t.trunk.clone();
            let user = trunk.username.clone().unwrap_or_default();
            let (Some(target), Some(registrar), Some(aor)) =
                (self.trunk_target(&trunk), Uri::sip("", &trunk.host, None), Uri::sip(&user, &trunk.host, None))
            else {
                continue;
            };
            let key = RequestKey(self.new_key());
            let register = Register {
                key,
                target,
                registrar,
                aor: Party::new(aor),
                contact_user: user,
                credentials: self.credentials(&trunk),
                expires_s: REGISTER_EXPIRES_S,
            };
            if self.sip(Command::Register(Box::new(register))) {
                self.trunks.table[i].register = Some(key);
            }
        }
    }

    pub fn unregister_trunks(&mut self) {
        for i in 0..self.trunks.table.len() {
            if let Some(key) = self.trunks.table[i].register.take() {
                self.sip(Command::Unregister { key });
            }
        }
    }

    fn trunk_state(&mut self, i: usize, state: &'static str, error: Option<String>) {
        let live = &mut self.trunks.table[i].live;
        if live.state != state || live.last_error != error {
            tracing::info!(trunk = live.key, state, error, "trunk");
            live.state = state;
            live.last_error = error;
            let live = live.clone();
            self.ctx.live.apply(LiveChange::Trunk(live));
        }
    }

    pub fn trunk_probed(&mut self, key: RequestKey, status: Option<u16>) {
        let Some(i) = self.trunks.table.iter().position(|t| t.probe == Some(key)) else { return };
        self.trunks.table[i].probe = None;
        if self.trunks.table[i].trunk.register {
            // The registrar's answer says more than a probe.
            return;
        }
        match status {
            // Any answer but "out of service" is a sign of life; many providers refuse OPTIONS itself.
            Some(503) => self.trunk_state(i, "down", Some("503 Service Unavailable".into())),
            Some(_) => self.trunk_state(i, "up", None),
            None => self.trunk_state(i, "down", Some("no answer".into())),
        }
    }

    pub fn trunk_registered(&mut self, key: RequestKey, _expires_s: u32) {
        if let Some(i) = self.trunks.table.iter().position(|t| t.register == Some(key)) {
            self.trunk_state(i, "up", None);
        }
    }

    pub fn trunk_not_registered(&mut self, key: RequestKey, status: u16) {
        if let Some(i) = self.trunks.table.iter().position(|t| t.register == Some(key)) {
            self.trunk_state(i, "down", Some(format!("registration refused: {status}")));
        }
    }
}

fn cidr(net: ipnet::IpNet) -> Cidr {
    Cidr { addr: net.addr(), prefix: net.prefix_len() }
}
