//! Answering a challenge (401, 407).
use super::{Algorithm, params_of, response};
use crate::api::Credentials;
use crate::message::{HeaderName, Message, scan};

/// What a server asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    pub realm: Vec<u8>,
    pub nonce: Vec<u8>,
    pub opaque: Option<Vec<u8>>,
    pub algorithm: Algorithm,
    /// The server speaks qop=auth.
    pub qop: bool,
    pub stale: bool,
    /// 407 rather than 401.
    pub proxy: bool,
}

impl Challenge {
    /// One header value; none for other schemes, unknown algorithms, or only auth-int.
    pub fn parse(value: &[u8], proxy: bool) -> Option<Challenge> {
        let p = params_of(value)?;
        let algorithm = Algorithm::parse(p.get("algorithm").unwrap_or_default())?;
        let qops = p.get("qop");
        let qop = qops.is_some_and(|q| scan::commas(q).any(|q| q.eq_ignore_ascii_case(b"auth")));
        if qops.is_some_and(|q| !q.is_empty()) && !qop {
            return None;
        }
        Some(Challenge {
            realm: p.get("realm")?.to_vec(),
            nonce: p.get("nonce").filter(|n| !n.is_empty())?.to_vec(),
            opaque: p.get("opaque").map(<[u8]>::to_vec),
            algorithm,
            qop,
            stale: p.get("stale").is_some_and(|s| s.eq_ignore_ascii_case(b"true")),
            proxy,
        })
    }

    /// The strongest challenge of a 401 or 407 that we can answer.
    pub fn strongest(message: &Message) -> Option<Challenge> {
        let proxy = message.status() == Some(407);
        let name = if proxy { HeaderName::ProxyAuthenticate } else { HeaderName::WwwAuthenticate };
        message.all(name).filter_map(|v| Challenge::parse(v, proxy)).max_by_key(|c| c.algorithm)
    }
}

/// A challenge being answered: counts how often its nonce was used.
#[derive(Debug, Clone)]
pub struct ClientDigest {
    challenge: Challenge,
    cnonce: String,
    /// Requests that used this nonce so far.
    uses: u32,
    /// A first answer was refused as stale already.
    stale_once: bool,
}

impl ClientDigest {
    pub fn new(challenge: Challenge, cnonce: String) -> ClientDigest {
        ClientDigest { challenge, cnonce, uses: 0, stale_once: false }
    }

    /// A further challenge to a request that already carried our answer: only worth an attempt when the server
    /// says that the nonce was stale, and only once in a row.
    pub fn renew(&mut self, challenge: Challenge, cnonce: String) -> bool {
        // A nonce that was accepted before and is now replaced has run out, even if the server does not call it stale.
        let run_out = self.uses > 1 && challenge.nonce != self.challenge.nonce;
        let other_server = challenge.proxy != self.challenge.proxy || challenge.realm != self.challenge.realm;
        if !other_server && (!(challenge.stale || run_out) || self.stale_once) {
            return false;
        }
        let stale_once = !other_server;
        *self = ClientDigest { challenge, cnonce, uses: 0, stale_once };
        true
    }

    /// The request was accepted: a later stale nonce is a new story.
    pub fn accepted(&mut self) {
        self.stale_once = false;
    }

    /// `Authorization` or `Proxy-Authorization`.
    pub fn header_name(&self) -> &'static str {
        if self.challenge.proxy { "Proxy-Authorization" } else { "Authorization" }
    }

    /// The header value for one more request with this nonce. The nonce count is eight hex digits (RFC 7616 §3.4).
    pub fn answer(&mut self, credentials: &Credentials, method: &[u8], uri: &[u8]) -> Vec<u8> {
        let c = &self.challenge;
        self.uses = self.uses.wrapping_add(1);
        let nc = format!("{:08x}", self.uses);
        let ha1 = c.algorithm.hash(&[credentials.username.as_bytes(), &c.realm, credentials.password.as_bytes()]);
        let qop = c.qop.then_some((nc.as_bytes(), self.cnonce.as_bytes()));
        let response = response(c.algorithm, &ha1, &c.nonce, qop, method, uri);
        let mut out = b"Digest username=".to_vec();
        push_quoted(credentials.username.as_bytes(), &mut out);
        for (name, value) in [(", realm=", &c.realm[..]), (", nonce=", &c.nonce), (", uri=", uri), (", response=", response.as_bytes())] {
            out.extend_from_slice(name.as_bytes());
            push_quoted(value, &mut out);
        }
        out.extend_from_slice(b", algorithm=");
        out.extend_from_slice(c.algorithm.as_str().as_bytes());
        if let Some(opaque) = &c.opaque {
            out.extend_from_slice(b", opaque=");
            push_quoted(opaque, &mut out);
        }
        if c.qop {
            out.extend_from_slice(format!(", qop=auth, nc={nc}, cnonce=\"{}\"", self.cnonce).as_bytes());
        }
        out
    }
}

fn push_quoted(value: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    for &b in value {
        match b {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', b]),
            b'\r' | b'\n' | 0 => {}
            _ => out.push(b),
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tenth use of a nonce counts `0000000a`, not `00000010`.
    #[test]
    fn nonce_count_is_hexadecimal() {
        let challenge = Challenge::parse(b"Digest realm=\"r\", nonce=\"n\", qop=\"auth-int, auth\"", false).expect("valid");
        let mut digest = ClientDigest::new(challenge, "c".into());
        let credentials = Credentials { username: "u".into(), password: "p".into() };
        let mut last = Vec::new();
        for _ in 0..10 {
            last = digest.answer(&credentials, b"INVITE", b"sip:x");
        }
        let text = scan::lossy(&last);
        assert!(text.contains("nc=0000000a"), "{text}");
        let ha1 = Algorithm::Md5.hash(&[b"u", b"r", b"p"]);
        assert!(text.contains(&response(Algorithm::Md5, &ha1, b"n", Some((b"0000000a", b"c")), b"INVITE", b"sip:x")));
        for _ in 0..246 {
            last = digest.answer(&credentials, b"INVITE", b"sip:x");
        }
        assert!(scan::lossy(&last).contains("nc=00000100"));
    }

    #[test]
    fn stale_is_followed_once() {
        let parse =
            |stale: &str| Challenge::parse(format!("Digest realm=\"r\", nonce=\"n\", stale={stale}").as_bytes(), false).expect("valid");
        let mut digest = ClientDigest::new(parse("false"), "c".into());
        assert!(!digest.renew(parse("false"), "c".into()), "wrong password");
        assert!(digest.renew(parse("true"), "c".into()));
        assert!(!digest.renew(parse("true"), "c".into()), "stale twice in a row");
    }

    #[test]
    fn unusable_challenges() {
        for text in [
            "Basic realm=\"r\"",
            "Digest realm=\"r\"",
            "Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\"",
            "Digest realm=\"r\", nonce=\"n\", algorithm=MD5-sess",
        ] {
            assert!(Challenge::parse(text.as_bytes(), true).is_none(), "{text}");
        }
    }
}
