//! Who is reachable where (RFC 3261 §10.3).
use crate::Time;
use crate::api::Source;
use crate::message::Uri;
use std::collections::{BTreeSet, HashMap};

/// One way to reach a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The Contact as the phone gave it: the Request-URI for calls to it.
    pub contact: Uri,
    /// Where the REGISTER came from: calls go there, which works through NAT and on the phone's own stream.
    pub source: Source,
    pub expires: Time,
    pub q: Option<u16>,
    pub user_agent: Option<String>,
    call_id: Vec<u8>,
    cseq: u32,
    registered: Time,
}

impl Binding {
    /// Where an INVITE for it is sent.
    pub fn target(&self) -> crate::Target {
        crate::Target { addr: self.source.peer, transport: self.source.transport, socket: Some(self.source.socket) }
    }

    pub fn registered_at(&self) -> Time {
        self.registered
    }
}

/// One Contact of a REGISTER.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    pub uri: Uri,
    /// Seconds, 0 removes.
    pub expires_s: u32,
    /// q in thousandths.
    pub q: Option<u16>,
}

/// What a REGISTER wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Query,
    RemoveAll,
    Update(Vec<Contact>),
}

/// Where it came from and in which order.
#[derive(Debug, Clone)]
pub struct RequestInfo<'a> {
    pub source: Source,
    pub call_id: &'a [u8],
    pub cseq: u32,
    pub user_agent: Option<String>,
}

/// How a REGISTER ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegisterOutcome {
    /// 200 with the list of bindings. `came`: the user had none before; `gone`: has none now.
    Done { came: bool, gone: bool, changed: bool },
    /// 500: an older request of the same phone came after a newer one.
    OutOfOrder,
    /// 403 with a clear reason: more contacts in one request than bindings are allowed.
    TooMany,
    /// 503: more users than allowed.
    Full,
}

/// All bindings, by user. Pure: time is an argument.
#[derive(Debug, Default)]
pub struct Registrar {
    users: HashMap<String, Vec<Binding>>,
    by_expiry: BTreeSet<(Time, String)>,
    aors_max: usize,
    bindings_max: usize,
}

impl Registrar {
    pub fn new(aors_max: usize, bindings_max: usize) -> Registrar {
        Registrar { aors_max, bindings_max, ..Registrar::default() }
    }

    /// Bindings of a user that have not run out, latest registration first.
    pub fn lookup(&self, user: &str, now: Time) -> Vec<&Binding> {
        let mut found: Vec<&Binding> = self.users.get(user).into_iter().flatten().filter(|b| b.expires > now).collect();
        found.sort_by_key(|b| (std::cmp::Reverse(b.q.unwrap_or(1000)), std::cmp::Reverse(b.registered)));
        found
    }

    /// Users with at least one binding.
    pub fn users(&self) -> impl Iterator<Item = &str> {
        self.users.keys().map(String::as_str)
    }

    pub fn len(&self) -> usize {
        self.users.len()
    }

    pub fn is_empty(&self) -> bool {
        self.users.is_empty()
    }

    /// Carries out one REGISTER: all of it or nothing.
    pub fn register(&mut self, now: Time, user: &str, change: &Change, info: &RequestInfo<'_>) -> RegisterOutcome {
        self.drop_expired_of(user, now);
        let before = self.users.get(user).map_or(0, Vec::len);
        if before == 0 && self.users.len() >= self.aors_max && matches!(change, Change::Update(_)) {
            return RegisterOutcome::Full;
        }
        let mut bindings = self.users.get(user).cloned().unwrap_or_default();
        let stale = |b: &Binding| b.call_id == info.call_id && b.cseq >= info.cseq;
        match change {
            Change::Query => return RegisterOutcome::Done { came: false, gone: false, changed: false },
            Change::RemoveAll => {
                if bindings.iter().any(stale) {
                    return RegisterOutcome::OutOfOrder;
                }
                bindings.clear();
            }
            Change::Update(contacts) => {
                for contact in contacts {
                    let at = bindings.iter().position(|b| same_contact(&b.contact, &contact.uri));
                    if at.is_some_and(|at| stale(&bindings[at])) {
                        return RegisterOutcome::OutOfOrder;
                    }
                    if let Some(at) = at {
                        bindings.remove(at);
                    }
                    if contact.expires_s > 0 {
                        bindings.push(binding(now, contact, info));
                    }
                }
            }
        }
        if matches!(change, Change::Update(contacts) if contacts.len() > self.bindings_max) {
            return RegisterOutcome::TooMany;
        }
        // Phones that make up a new Contact at every start leave dead ones behind: the oldest give way.
        while bindings.len() > self.bindings_max {
            let oldest = bindings.iter().enumerate().min_by_key(|(i, b)| (b.registered, *i)).map_or(0, |(i, _)| i);
            bindings.remove(oldest);
        }
        let after = bindings.len();
        self.put(user, bindings);
        RegisterOutcome::Done { came: before == 0 && after > 0, gone: before > 0 && after == 0, changed: true }
    }

    /// Removes all bindings of a user (an administrator deleted the phone). True if there were any.
    pub fn remove_user(&mut self, user: &str) -> bool {
        let had = self.users.contains_key(user);
        self.put(user, Vec::new());
        had
    }

    fn put(&mut self, user: &str, bindings: Vec<Binding>) {
        if let Some(old) = self.users.remove(user)
            && let Some(first) = earliest(&old)
        {
            self.by_expiry.remove(&(first, user.to_owned()));
        }
        if let Some(first) = earliest(&bindings) {
            self.by_expiry.insert((first, user.to_owned()));
            self.users.insert(user.to_owned(), bindings);
        }
    }

    fn drop_expired_of(&mut self, user: &str, now: Time) {
        let Some(bindings) = self.users.get(user) else { return };
        if bindings.iter().any(|b| b.expires <= now) {
            let left = bindings.iter().filter(|b| b.expires > now).cloned().collect();
            self.put(user, left);
        }
    }

    pub fn next_expiry(&self) -> Option<Time> {
        self.by_expiry.first().map(|(t, _)| *t)
    }

    /// Drops what has run out; returns each touched user and how many bindings it has left.
    pub fn expire(&mut self, now: Time) -> Vec<(String, usize)> {
        let mut touched = Vec::new();
        while let Some((at, user)) = self.by_expiry.first().cloned() {
            if at > now {
                break;
            }
            self.drop_expired_of(&user, now);
            touched.push((user.clone(), self.users.get(&user).map_or(0, Vec::len)));
        }
        touched
    }
}

fn earliest(bindings: &[Binding]) -> Option<Time> {
    bindings.iter().map(|b| b.expires).min()
}

fn binding(now: Time, contact: &Contact, info: &RequestInfo<'_>) -> Binding {
    Binding {
        contact: contact.uri.clone(),
        source: info.source,
        expires: now.plus_ms(u64::from(contact.expires_s) * 1000),
        q: contact.q,
        user_agent: info.user_agent.clone(),
        call_id: info.call_id.to_vec(),
        cseq: info.cseq,
        registered: now,
    }
}

/// URI comparison as far as it matters between two registrations of one phone (RFC 3261 §19.1.4): user with case, host without,
/// port and transport. Other parameters differ between firmware versions and do not make another phone.
fn same_contact(a: &Uri, b: &Uri) -> bool {
    a.scheme() == b.scheme()
        && a.user_decoded() == b.user_decoded()
        && a.host().eq_ignore_ascii_case(b.host())
        && a.port() == b.port()
        && a.param("transport").map(|t| t.to_ascii_lowercase()) == b.param("transport").map(|t| t.to_ascii_lowercase())
}
