//! Who may call: trusted addresses and digest.
use super::Endpoint;
use super::receive::Refusal;
use crate::digest::{Authorization, Verdict};
use crate::message::{HeaderName, Message};
use crate::{AuthState, Event, Source, Time, UnknownSource};
use std::net::IpAddr;

impl Endpoint {
    /// The number of the first trusted block that holds this address.
    pub(super) fn trusted_tag(&self, ip: IpAddr) -> Option<u32> {
        self.config.trusted.iter().find(|t| t.net.contains(ip)).map(|t| t.tag)
    }

    /// May this request begin a call? A refusal is a challenge (401) or 403.
    pub(super) fn admit_call(&mut self, now: Time, source: &Source, message: &Message) -> Result<AuthState, Refusal> {
        if let Some(tag) = self.trusted_tag(source.peer.ip()) {
            return Ok(AuthState::Trusted { tag });
        }
        match self.config.unknown_source {
            UnknownSource::Accept => Ok(AuthState::Unknown),
            UnknownSource::Forbid => Err(Refusal::plain(403)),
            UnknownSource::Challenge => self.authenticate(now, source, message).map(AuthState::User),
        }
    }

    /// The user who proved a password, else what to answer.
    ///
    /// Call it once per request and only behind a transaction: a proof is used up by the check, and a copy of the
    /// request must not reach it.
    pub(super) fn authenticate(&mut self, now: Time, source: &Source, message: &Message) -> Result<String, Refusal> {
        let proof =
            message.all(HeaderName::Authorization).filter_map(Authorization::parse).find(|a| a.realm == self.config.realm.as_bytes());
        let Some(proof) = proof else {
            return Err(self.challenge(now, message, false));
        };
        let verdict = self.digest.check(now, &proof, self.credentials.get(&proof.username), message.method_text());
        match verdict {
            Verdict::Ok => Ok(proof.username),
            Verdict::Stale => Err(self.challenge(now, message, true)),
            Verdict::Wrong => {
                self.event(Event::AuthFailed { user: proof.username, source: *source });
                Err(Refusal::plain(403))
            }
        }
    }

    /// 401 with one challenge per algorithm. A user whose hash for one is not kept is not offered it; strangers see them all.
    fn challenge(&mut self, now: Time, message: &Message, stale: bool) -> Refusal {
        let user = message.from().and_then(|f| crate::message::Uri::parse(f.uri)).map(|u| u.user_decoded()).unwrap_or_default();
        let known = self.credentials.get(&user);
        let algorithms: Vec<_> = self.config.algorithms.iter().copied().filter(|a| known.is_none_or(|h| h.get(*a).is_some())).collect();
        let mut refusal = Refusal::plain(401);
        for algorithm in algorithms {
            refusal = refusal.with("WWW-Authenticate", self.digest.challenge(now, algorithm, stale));
        }
        if refusal.extra.is_empty() { Refusal::plain(403) } else { refusal }
    }
}
