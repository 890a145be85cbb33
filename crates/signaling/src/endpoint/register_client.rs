//! Registrations of ours at a trunk, kept alive.
use super::Endpoint;
use super::client::{Outcome, party_with_tag};
use super::types::{ClientAuth, Dest, Owner, TimerKey};
use crate::message::write::{Writer, party};
use crate::message::{AddrRef, HeaderName, Message, Method, Uri, scan};
use crate::util::Ix;
use crate::{CommandError, Event, Register, RequestKey, Time, TimerReason};
use bytes::Bytes;

/// Wait after the first failure; doubles up to the maximum.
const RETRY_MS: u64 = 30_000;
const RETRY_MS_MAX: u64 = 600_000;
/// Even a server that grants less is not asked more often.
const REFRESH_S_MIN: u64 = 10;
const REFRESH_MARGIN_S: u64 = 70;

#[derive(Debug)]
pub(super) struct Registration {
    register: Register,
    dest: Dest,
    call_id: Bytes,
    contact_uri: String,
    tag: u64,
    pub cseq: u32,
    pub auth: Option<ClientAuth>,
    pub tx: Option<Ix>,
    pub refresh_at: Option<Time>,
    failures: u32,
    /// Being removed: the last answer ends it.
    leaving: bool,
    /// A REGISTER is on its way.
    in_flight: bool,
}

impl Endpoint {
    pub(super) fn cmd_register(&mut self, now: Time, register: Register) -> Result<(), CommandError> {
        if self.registrations.contains_key(&register.key) {
            return Err(CommandError::BadKey);
        }
        if self.registrations.len() >= self.config.limits.registrations_max {
            return Err(CommandError::Limit);
        }
        let dest = self.dest_for(&register.target)?;
        let key = register.key;
        let contact_uri = crate::message::write::own_uri(&register.contact_user, self.advertised(dest.socket), dest.transport);
        let registration = Registration {
            dest,
            call_id: self.new_call_id(dest.socket),
            contact_uri,
            tag: self.random(),
            cseq: 0,
            auth: register.credentials.clone().map(ClientAuth::new),
            tx: None,
            refresh_at: None,
            failures: 0,
            leaving: false,
            in_flight: false,
            register,
        };
        self.registrations.insert(key, registration);
        self.send_register(now, key).inspect_err(|_| {
            self.registrations.remove(&key);
        })
    }

    fn send_register(&mut self, now: Time, key: RequestKey) -> Result<(), CommandError> {
        let branch = self.random();
        let r = self.registrations.get_mut(&key).ok_or(CommandError::Unknown)?;
        r.cseq = r.cseq.checked_add(1).ok_or(CommandError::State)?;
        r.refresh_at = None;
        let expires = if r.leaving { 0 } else { r.register.expires_s };
        let uri = r.register.registrar.without_headers();
        // A nonce that worked saves the round trip of a challenge; if it is too old the server says so.
        let proof = r.auth.as_mut().map(|a| a.lines(b"REGISTER", uri.as_str().as_bytes())).unwrap_or_default();
        let (dest, contact) = (r.dest, format!("<{}>;expires={expires}", r.contact_uri));
        let r = self.registrations.get(&key).ok_or(CommandError::Unknown)?;
        let mut w = Writer::request(b"REGISTER", uri.as_str().as_bytes());
        w.line("Via", &self.via_value(&dest, branch));
        w.number("Max-Forwards", 70);
        w.line("From", &party_with_tag(&r.register.aor, r.tag));
        w.line("To", &party(&r.register.aor, None));
        w.line("Call-ID", &r.call_id);
        w.cseq(r.cseq, b"REGISTER");
        w.line("Contact", contact.as_bytes());
        w.number("Expires", u64::from(expires));
        for (name, value) in &proof {
            w.line(name, value);
        }
        w.line("User-Agent", self.config.product.as_bytes());
        let tx = self.start_client(now, Method::Register, branch, dest, w.finish(None), Owner::Register(key))?;
        if let Some(r) = self.registrations.get_mut(&key) {
            r.tx = Some(tx);
            r.in_flight = true;
        }
        Ok(())
    }

    pub(super) fn cmd_unregister(&mut self, now: Time, key: RequestKey) -> Result<(), CommandError> {
        let r = self.registrations.get_mut(&key).ok_or(CommandError::Unknown)?;
        if r.leaving {
            return Ok(());
        }
        r.leaving = true;
        // One at a time: the answer on its way is followed by the removal.
        if r.in_flight { Ok(()) } else { self.send_register(now, key) }
    }

    pub(super) fn registration_due(&mut self, now: Time, key: RequestKey) {
        if self.send_register(now, key).is_err() {
            self.registration_failed(now, key, 503, None);
        }
    }

    pub(super) fn on_register_outcome(&mut self, now: Time, key: RequestKey, outcome: &Outcome) {
        let status = outcome.status();
        if status < 200 {
            return;
        }
        let Some(r) = self.registrations.get_mut(&key) else { return };
        r.in_flight = false;
        let removal = outcome_was_removal(r);
        match outcome.message() {
            _ if r.leaving && removal => {
                self.registrations.remove(&key);
            }
            _ if r.leaving => {
                r.register.expires_s = 0;
                if self.send_register(now, key).is_err() {
                    self.registrations.remove(&key);
                }
            }
            Some(message) if status < 300 => self.registration_done(now, key, message),
            Some(message) if status == 423 && longer(message, r.register.expires_s).is_some() => {
                r.register.expires_s = longer(message, r.register.expires_s).unwrap_or(r.register.expires_s);
                self.registration_due(now, key);
            }
            message => {
                let wait = message.and_then(|m| m.number(HeaderName::RetryAfter));
                self.registration_failed(now, key, status, wait);
            }
        }
    }

    fn registration_done(&mut self, now: Time, key: RequestKey, message: &Message) {
        let Some(r) = self.registrations.get_mut(&key) else { return };
        r.failures = 0;
        if let Some(auth) = r.auth.as_mut() {
            auth.accepted();
        }
        let expires_s = granted(message, &r.contact_uri).unwrap_or(r.register.expires_s);
        // Early enough for one attempt to die (timer F) and another to succeed, but not before half of the time.
        let s = u64::from(expires_s);
        let refresh_s = (s * 9 / 10).min(s.saturating_sub(REFRESH_MARGIN_S)).max(s / 2).max(REFRESH_S_MIN);
        let at = now.plus_ms(refresh_s * 1000);
        r.refresh_at = Some(at);
        self.wake(at, TimerKey::Registration(key), TimerReason::RegisterRefresh);
        self.event(Event::Registered { key, expires_s });
    }

    /// Tried again, also after 403: a trunk's administrator may correct the password.
    fn registration_failed(&mut self, now: Time, key: RequestKey, status: u16, wait_s: Option<u32>) {
        let Some(r) = self.registrations.get_mut(&key) else { return };
        let backoff = RETRY_MS.saturating_mul(1 << r.failures.min(8)).min(RETRY_MS_MAX);
        r.failures = r.failures.saturating_add(1);
        if let Some(auth) = r.auth.as_mut() {
            auth.digests = [None, None];
        }
        let retry_ms = wait_s.map_or(backoff, |s| (u64::from(s) * 1000).clamp(1_000, RETRY_MS_MAX));
        let at = now.plus_ms(retry_ms);
        r.refresh_at = Some(at);
        self.wake(at, TimerKey::Registration(key), TimerReason::RegisterRefresh);
        self.event(Event::RegistrationFailed { key, status, retry_ms: Some(retry_ms) });
    }
}

/// The REGISTER that was just answered asked for removal.
fn outcome_was_removal(r: &Registration) -> bool {
    r.register.expires_s == 0
}

/// 423: what the server wants at least, if that is more than we asked for.
fn longer(message: &Message, asked: u32) -> Option<u32> {
    message.number(HeaderName::MinExpires).filter(|min| *min > asked && *min < 86_400)
}

/// Seconds granted to our Contact: its own parameter, else the Expires header.
fn granted(message: &Message, contact_uri: &str) -> Option<u32> {
    let ours = Uri::parse(contact_uri)?;
    let own = message.list(HeaderName::Contact).filter_map(AddrRef::parse).find(|a| {
        Uri::parse(a.uri)
            .is_some_and(|u| u.user() == ours.user() && u.host() == ours.host() && u.port().unwrap_or(5060) == ours.port().unwrap_or(5060))
    });
    let param = own.and_then(|a| a.param("expires")).and_then(scan::number).and_then(|n| u32::try_from(n).ok());
    param.or_else(|| message.number(HeaderName::Expires))
}
