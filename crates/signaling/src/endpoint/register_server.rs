//! REGISTER of phones (RFC 3261 §10.3): proof, then the built-in registrar or the application.
use super::Endpoint;
use super::receive::Refusal;
use super::server::{ALLOW, RequestIds};
use super::types::TimerKey;
use crate::message::write::Writer;
use crate::message::{AddrRef, HeaderName, Message, Uri, scan};
use crate::registrar::{Change, Contact, RegisterOutcome, RequestInfo};
use crate::util::Ix;
use crate::{
    AuthState, CommandError, Event, RegisterRequest, RegistrarMode, RegistrationChange, RequestKey, Source, Time, TimerReason,
    UnknownSource,
};

/// Contacts in one REGISTER.
const CONTACTS_MAX: usize = 32;
/// REGISTERs that wait for the application.
const ASKED_MAX: usize = 10_000;

impl Endpoint {
    pub(super) fn on_register(&mut self, now: Time, source: Source, message: &Message, ids: &RequestIds) {
        if self.config.registrar == RegistrarMode::Off {
            return self.refuse(now, &source, message, &Refusal::plain(405).with("Allow", ALLOW));
        }
        let Some(aor) = message.to().and_then(|t| Uri::parse(t.uri)) else {
            return self.refuse(now, &source, message, &Refusal::new(400, "Malformed To"));
        };
        if aor.host().is_empty() {
            // An address of record that is no SIP URI cannot lie in our domain (RFC 3261 §10.3 step 5).
            return self.refuse(now, &source, message, &Refusal::plain(404));
        }
        let open = self.config.unknown_source == UnknownSource::Accept;
        if !open && message.get(HeaderName::Authorization).is_none() {
            return match self.authenticate(now, &source, message) {
                Ok(_) => {}
                Err(refusal) => self.refuse(now, &source, message, &refusal),
            };
        }
        let change = match self.change_of(message) {
            Ok(change) => change,
            Err(refusal) => return self.refuse(now, &source, message, &refusal),
        };
        let tx = self.start_server(now, source, message, ids);
        let auth = match (open, message.get(HeaderName::Authorization).is_some()) {
            (true, false) => AuthState::Unknown,
            _ => match self.authenticate(now, &source, message) {
                Ok(user) => AuthState::User(user),
                Err(_) if open => AuthState::Unknown,
                Err(refusal) => return self.refuse_in(now, tx, &refusal),
            },
        };
        let user = aor.user_decoded();
        // A phone registers itself, nobody else (RFC 3261 §10.3 step 4).
        if matches!(&auth, AuthState::User(proved) if *proved != user) {
            return self.refuse_in(now, tx, &Refusal::plain(403));
        }
        match self.config.registrar {
            RegistrarMode::Application => self.ask_application(now, tx, source, message, auth, &aor, &change),
            _ => self.register_here(now, tx, source, message, &user, &change),
        }
    }

    fn register_here(&mut self, now: Time, tx: Ix, source: Source, message: &Message, user: &str, change: &Change) {
        let info = RequestInfo {
            source,
            call_id: message.call_id().unwrap_or_default(),
            cseq: message.cseq().map_or(0, |c| c.number),
            user_agent: message.get(HeaderName::UserAgent).map(scan::lossy),
        };
        let outcome = self.registrar.register(now, user, change, &info);
        let (came, gone, changed) = match outcome {
            RegisterOutcome::Done { came, gone, changed } => (came, gone, changed),
            RegisterOutcome::OutOfOrder => return self.refuse_in(now, tx, &Refusal::new(500, "CSeq Out Of Order")),
            RegisterOutcome::TooMany => return self.refuse_in(now, tx, &Refusal::new(403, "Too Many Bindings")),
            RegisterOutcome::Full => return self.refuse_in(now, tx, &Refusal::plain(503).with("Retry-After", "60")),
        };
        let bound: Vec<(String, u32)> = self
            .registrar
            .lookup(user, now)
            .iter()
            .map(|b| (b.contact.to_string(), u32::try_from(b.expires.ms_since(now).div_ceil(1000)).unwrap_or(u32::MAX)))
            .collect();
        self.respond_bindings(now, tx, &bound);
        if changed {
            self.event(Event::Registration(RegistrationChange { user: user.to_owned(), bindings: bound.len(), came, gone }));
        }
        self.watch_bindings();
    }

    fn respond_bindings(&mut self, now: Time, tx: Ix, bound: &[(String, u32)]) {
        let lines = |w: &mut Writer| {
            for (uri, expires_s) in bound {
                w.build("Contact", |out| {
                    out.push(b'<');
                    crate::message::write::clean(uri.as_bytes(), out);
                    out.extend_from_slice(format!(">;expires={expires_s}").as_bytes());
                });
            }
        };
        self.respond(now, tx, 200, None, lines, None);
    }

    /// Keeps one timer for the binding that runs out first.
    fn watch_bindings(&mut self) {
        let next = self.registrar.next_expiry();
        if next != self.bindings_wake {
            self.bindings_wake = next;
            if let Some(at) = next {
                self.wake(at, TimerKey::Bindings, TimerReason::BindingExpiry);
            }
        }
    }

    pub(super) fn bindings_expired(&mut self, now: Time) {
        self.bindings_wake = None;
        for (user, bindings) in self.registrar.expire(now) {
            self.event(Event::Registration(RegistrationChange { user, bindings, came: false, gone: bindings == 0 }));
        }
        self.watch_bindings();
    }

    /// What the Contact and Expires lines ask for.
    fn change_of(&self, message: &Message) -> Result<Change, Refusal> {
        let bad = || Refusal::new(400, "Malformed Contact");
        let default = message.number(HeaderName::Expires).unwrap_or(self.config.register_expires_max_s);
        let mut contacts = Vec::new();
        for value in message.list(HeaderName::Contact) {
            if value == b"*" {
                let alone = message.list(HeaderName::Contact).count() == 1 && message.number(HeaderName::Expires) == Some(0);
                return if alone { Ok(Change::RemoveAll) } else { Err(bad()) };
            }
            if contacts.len() >= CONTACTS_MAX {
                return Err(Refusal::new(403, "Too Many Contacts"));
            }
            let addr = AddrRef::parse(value).ok_or_else(bad)?;
            let uri = Uri::parse(addr.uri).filter(|u| !u.host().is_empty() || u.scheme() == crate::Scheme::Tel).ok_or_else(bad)?;
            // RFC 4475 §3.1.2.13: URI headers need angle brackets.
            if uri.has_headers() && !addr.bracketed {
                return Err(bad());
            }
            let asked =
                addr.param("expires").map_or(default, |e| scan::number(e).map_or(default, |n| u32::try_from(n).unwrap_or(u32::MAX)));
            contacts.push(Contact {
                uri: uri.without_headers(),
                expires_s: self.granted(asked)?,
                q: addr.param("q").and_then(thousandths),
            });
        }
        Ok(if contacts.is_empty() { Change::Query } else { Change::Update(contacts) })
    }

    fn granted(&self, asked_s: u32) -> Result<u32, Refusal> {
        let min = self.config.register_expires_min_s;
        if asked_s > 0 && asked_s < min {
            return Err(Refusal::plain(423).with("Min-Expires", min.to_string()));
        }
        Ok(asked_s.min(self.config.register_expires_max_s))
    }

    fn ask_application(&mut self, now: Time, tx: Ix, source: Source, message: &Message, auth: AuthState, aor: &Uri, change: &Change) {
        if self.asked.len() >= ASKED_MAX {
            self.overloaded += 1;
            return self.refuse_in(now, tx, &Refusal::plain(503).with("Retry-After", "60"));
        }
        self.next_asked += 1;
        let key = RequestKey(self.next_asked);
        self.asked.insert(key, tx);
        let contacts = match change {
            Change::Query => Vec::new(),
            Change::RemoveAll => vec![("*".to_owned(), 0)],
            Change::Update(list) => list.iter().map(|c| (c.uri.to_string(), c.expires_s)).collect(),
        };
        let aor = aor.as_str().to_owned();
        self.event(Event::RegisterRequest(Box::new(RegisterRequest { key, source, auth, aor, contacts, message: message.clone() })));
    }

    pub(super) fn cmd_register_response(
        &mut self,
        now: Time,
        key: RequestKey,
        status: u16,
        contacts: &[(String, u32)],
    ) -> Result<(), CommandError> {
        if !(200..=699).contains(&status) {
            return Err(CommandError::Invalid);
        }
        let tx = self.asked.remove(&key).ok_or(CommandError::Unknown)?;
        if status < 300 {
            self.respond_bindings(now, tx, contacts);
        } else {
            self.refuse_in(now, tx, &Refusal::plain(status));
        }
        Ok(())
    }
}

/// `0.7` → 700.
fn thousandths(q: &[u8]) -> Option<u16> {
    let q: f32 = std::str::from_utf8(q).ok()?.parse().ok()?;
    (0.0..=1.0).contains(&q).then_some((q * 1000.0) as u16)
}
