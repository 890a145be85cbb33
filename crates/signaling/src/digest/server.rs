//! Asking for a proof and checking it. Nonces need no memory until they are used: they carry their time and a MAC.
use super::{Algorithm, Ha1s, response};
use crate::Time;
use crate::message::scan;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use smallvec::SmallVec;
use std::collections::{HashMap, VecDeque};

/// Parameters of a Digest header, unquoted.
pub(crate) struct Params(SmallVec<[(String, Vec<u8>); 12]>);

impl Params {
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_slice())
    }
}

/// Splits `Digest a="b", c=d`; none for other schemes.
pub(crate) fn params_of(value: &[u8]) -> Option<Params> {
    let value = scan::trim(value);
    let end = value.iter().position(|b| scan::is_space(*b))?;
    if !value[..end].eq_ignore_ascii_case(b"Digest") {
        return None;
    }
    let pairs = scan::commas(&value[end..]).filter_map(|pair| {
        let (name, v) = scan::split_once(pair, b'=');
        Some((scan::lossy(scan::trim(name)).to_ascii_lowercase(), scan::unquote(scan::trim(v?))))
    });
    Some(Params(pairs.take(PARAMS_MAX).collect()))
}

const PARAMS_MAX: usize = 32;

/// The parts of an Authorization header that count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorization {
    pub username: String,
    pub realm: Vec<u8>,
    pub nonce: Vec<u8>,
    pub uri: Vec<u8>,
    pub response: Vec<u8>,
    pub algorithm: Option<Algorithm>,
    /// nc and cnonce as sent, with qop=auth.
    pub qop: Option<(Vec<u8>, Vec<u8>)>,
}

impl Authorization {
    /// None for other schemes or when a needed part is missing.
    pub fn parse(value: &[u8]) -> Option<Authorization> {
        let p = params_of(value)?;
        let need = |name: &str| p.get(name).map(<[u8]>::to_vec);
        let qop = match p.get("qop") {
            Some(q) if q.eq_ignore_ascii_case(b"auth") => Some((need("nc")?, need("cnonce")?)),
            Some(_) => return None,
            None => None,
        };
        Some(Authorization {
            username: scan::lossy(p.get("username")?),
            realm: need("realm")?,
            nonce: need("nonce")?,
            uri: need("uri")?,
            response: need("response")?,
            algorithm: Algorithm::parse(p.get("algorithm").unwrap_or_default()),
            qop,
        })
    }
}

/// What a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Ok,
    /// The password is right or unknown, the nonce is too old, not ours or used up: ask again with stale=true.
    Stale,
    /// Unknown user or wrong password.
    Wrong,
}

/// Which counts of a nonce were used: the highest and the 64 below it, so that two requests may overtake each other.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    highest: u32,
    below: u64,
}

impl Seen {
    /// False when this count was used before or is too far back.
    fn take(&mut self, count: u32) -> bool {
        if count == 0 {
            return false;
        }
        if count > self.highest {
            let shift = count - self.highest;
            let previous = if self.highest > 0 { 1u64.checked_shl(shift - 1).unwrap_or(0) } else { 0 };
            self.below = self.below.checked_shl(shift).unwrap_or(0) | previous;
            self.highest = count;
            return true;
        }
        let back = self.highest - count;
        if back == 0 || back > 64 {
            return false;
        }
        let bit = 1u64 << (back - 1);
        let fresh = self.below & bit == 0;
        self.below |= bit;
        fresh
    }
}

/// Issues nonces and checks answers.
pub struct DigestServer {
    realm: String,
    key: [u8; 32],
    ttl_s: u32,
    /// Counts of nonces in use; the oldest is forgotten first, which makes its next use stale.
    seen: HashMap<u64, Seen>,
    order: VecDeque<(u64, u32)>,
    nonces_max: usize,
    issued: u64,
    /// The highest number pushed out of `seen` for want of room: unseen nonces up to it count as used.
    forgotten: u64,
}

/// seconds (8 hex) + number (16 hex) + MAC (32 hex).
const NONCE_LEN: usize = 56;

impl DigestServer {
    /// Quotes, backslashes and control characters in the realm are left out.
    pub fn new(realm: impl Into<String>, key: [u8; 32], ttl_s: u32, nonces_max: usize) -> DigestServer {
        let realm = realm.into().chars().filter(|c| !c.is_control() && !matches!(c, '"' | '\\')).collect();
        DigestServer {
            realm,
            key,
            ttl_s,
            seen: HashMap::new(),
            order: VecDeque::new(),
            nonces_max: nonces_max.max(1),
            issued: 0,
            forgotten: 0,
        }
    }

    pub fn realm(&self) -> &str {
        &self.realm
    }

    fn mac(&self, head: &[u8]) -> [u8; 16] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes keys of any length");
        mac.update(head);
        let full = mac.finalize().into_bytes();
        let mut short = [0u8; 16];
        short.copy_from_slice(&full[..16]);
        short
    }

    /// A fresh nonce.
    pub fn nonce(&mut self, now: Time) -> String {
        self.issued = self.issued.wrapping_add(1);
        let mut text = format!("{:08x}{:016x}", seconds(now), self.issued);
        let mac = self.mac(text.as_bytes());
        text.push_str(&hex::encode(mac));
        text
    }

    /// A WWW-Authenticate value.
    pub fn challenge(&mut self, now: Time, algorithm: Algorithm, stale: bool) -> String {
        let nonce = self.nonce(now);
        let stale = if stale { ", stale=true" } else { "" };
        format!("Digest realm=\"{}\", nonce=\"{nonce}\", algorithm={}, qop=\"auth\"{stale}", self.realm, algorithm.as_str())
    }

    /// Seconds of issue and number, when the nonce is ours.
    fn open(&self, nonce: &[u8]) -> Option<(u32, u64)> {
        if nonce.len() != NONCE_LEN {
            return None;
        }
        let (head, mac) = nonce.split_at(24);
        let mac = hex::decode(mac).ok()?;
        if !same(&mac, &self.mac(head)) {
            return None;
        }
        let text = std::str::from_utf8(head).ok()?;
        Some((u32::from_str_radix(&text[..8], 16).ok()?, u64::from_str_radix(&text[8..], 16).ok()?))
    }

    /// Checks an answer. `ha1s`: what is kept of the user's password, none if there is no such user.
    pub fn check(&mut self, now: Time, auth: &Authorization, ha1s: Option<&Ha1s>, method: &[u8]) -> Verdict {
        let (Some(algorithm), true) = (auth.algorithm, auth.realm == self.realm.as_bytes()) else { return Verdict::Wrong };
        let Some(ha1) = ha1s.and_then(|h| h.get(algorithm)) else { return Verdict::Wrong };
        let qop = auth.qop.as_ref().map(|(nc, cnonce)| (&nc[..], &cnonce[..]));
        let want = response(algorithm, ha1, &auth.nonce, qop, method, &auth.uri);
        if !same(want.as_bytes(), &auth.response.to_ascii_lowercase()) {
            return Verdict::Wrong;
        }
        let Some((issued_s, number)) = self.open(&auth.nonce) else { return Verdict::Stale };
        if seconds(now).saturating_sub(issued_s) > self.ttl_s {
            return Verdict::Stale;
        }
        // Without qop there is no count: the nonce is good once.
        let count = match &auth.qop {
            Some((nc, _)) => std::str::from_utf8(nc).ok().and_then(|t| u32::from_str_radix(t, 16).ok()).unwrap_or(0),
            None => u32::MAX,
        };
        if self.take(now, number, issued_s, count) { Verdict::Ok } else { Verdict::Stale }
    }

    fn take(&mut self, now: Time, number: u64, issued_s: u32, count: u32) -> bool {
        while self.order.front().is_some_and(|(_, s)| seconds(now).saturating_sub(*s) > self.ttl_s) {
            if let Some((old, _)) = self.order.pop_front() {
                self.seen.remove(&old);
            }
        }
        if let Some(seen) = self.seen.get_mut(&number) {
            return seen.take(count);
        }
        if number <= self.forgotten {
            return false;
        }
        if self.seen.len() >= self.nonces_max
            && let Some((old, _)) = self.order.pop_front()
        {
            self.seen.remove(&old);
            self.forgotten = self.forgotten.max(old);
        }
        let mut seen = Seen::default();
        let fresh = seen.take(count);
        self.seen.insert(number, seen);
        self.order.push_back((number, issued_s));
        fresh
    }
}

fn seconds(now: Time) -> u32 {
    u32::try_from(now.as_ms() / 1000).unwrap_or(u32::MAX)
}

/// Comparison whose time does not tell where the difference is.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |acc, (x, y)| acc | (x ^ y)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Credentials;
    use crate::digest::{Challenge, ClientDigest};

    fn pair(algorithm: Algorithm) -> (DigestServer, ClientDigest, Ha1s) {
        let mut server = DigestServer::new("zhiyin", [7; 32], 300, 4);
        let challenge = server.challenge(Time::from_ms(5_000), algorithm, false);
        let client = ClientDigest::new(Challenge::parse(challenge.as_bytes(), false).expect("valid"), "cn".into());
        (server, client, Ha1s::of("1001", "zhiyin", "secret"))
    }

    fn credentials(password: &str) -> Credentials {
        Credentials { username: "1001".into(), password: password.into() }
    }

    #[test]
    fn growing_counts_pass_and_replays_are_stale() {
        for algorithm in [Algorithm::Md5, Algorithm::Sha256] {
            let (mut server, mut client, ha1s) = pair(algorithm);
            let now = Time::from_ms(6_000);
            let mut answers = Vec::new();
            for _ in 0..300 {
                let value = client.answer(&credentials("secret"), b"REGISTER", b"sip:zhiyin");
                let auth = Authorization::parse(&value).expect("parses");
                assert_eq!(server.check(now, &auth, Some(&ha1s), b"REGISTER"), Verdict::Ok);
                answers.push(auth);
            }
            assert_eq!(server.check(now, &answers[299], Some(&ha1s), b"REGISTER"), Verdict::Stale);
            assert_eq!(server.check(now, &answers[3], Some(&ha1s), b"REGISTER"), Verdict::Stale);
        }
    }

    #[test]
    fn overtaking_counts_pass_once() {
        let (mut server, mut client, ha1s) = pair(Algorithm::Md5);
        let now = Time::from_ms(6_000);
        let mut next = || Authorization::parse(&client.answer(&credentials("secret"), b"BYE", b"sip:x")).expect("parses");
        let (one, two) = (next(), next());
        for (auth, want) in [(&two, Verdict::Ok), (&one, Verdict::Ok), (&one, Verdict::Stale), (&two, Verdict::Stale)] {
            assert_eq!(server.check(now, auth, Some(&ha1s), b"BYE"), want);
        }
    }

    #[test]
    fn wrong_and_old() {
        let (mut server, mut client, ha1s) = pair(Algorithm::Md5);
        let now = Time::from_ms(6_000);
        let good = Authorization::parse(&client.answer(&credentials("secret"), b"INVITE", b"sip:x")).expect("parses");
        let bad = Authorization::parse(&client.answer(&credentials("guess"), b"INVITE", b"sip:x")).expect("parses");
        assert_eq!(server.check(now, &bad, Some(&ha1s), b"INVITE"), Verdict::Wrong);
        assert_eq!(server.check(now, &good, Some(&ha1s), b"BYE"), Verdict::Wrong, "other method");
        assert_eq!(server.check(now, &good, None, b"INVITE"), Verdict::Wrong);
        assert_eq!(server.check(Time::from_ms(5_000 + 301_000), &good, Some(&ha1s), b"INVITE"), Verdict::Stale);
        let mut foreign = DigestServer::new("zhiyin", [8; 32], 300, 4);
        assert_eq!(foreign.check(now, &good, Some(&ha1s), b"INVITE"), Verdict::Stale, "nonce of another key");
    }

    /// The table of used nonces is bounded, and pushing entries out opens no way to replay them.
    #[test]
    fn forgotten_nonces_stay_dead() {
        let (mut server, _, ha1s) = pair(Algorithm::Md5);
        let now = Time::from_ms(6_000);
        let mut answers = Vec::new();
        for _ in 0..10 {
            let challenge = server.challenge(now, Algorithm::Md5, false);
            let mut client = ClientDigest::new(Challenge::parse(challenge.as_bytes(), false).expect("valid"), "cn".into());
            let auth = Authorization::parse(&client.answer(&credentials("secret"), b"BYE", b"sip:x")).expect("parses");
            assert_eq!(server.check(now, &auth, Some(&ha1s), b"BYE"), Verdict::Ok);
            answers.push(auth);
        }
        for auth in &answers {
            assert_eq!(server.check(now, auth, Some(&ha1s), b"BYE"), Verdict::Stale);
        }
        assert_eq!(server.seen.len(), 4);
    }
}
