//! Digest authentication (RFC 2617, RFC 7616), both sides: MD5 and SHA-256, qop=auth; never auth-int, never -sess.
mod client;
mod server;

pub use client::{Challenge, ClientDigest};
pub(crate) use server::params_of;
pub use server::{Authorization, DigestServer, Verdict};

use md5::Md5;
use sha2::{Digest, Sha256};

/// A hash that both sides may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Algorithm {
    Md5,
    Sha256,
}

impl Algorithm {
    pub fn as_str(self) -> &'static str {
        match self {
            Algorithm::Md5 => "MD5",
            Algorithm::Sha256 => "SHA-256",
        }
    }

    /// None for what we do not take (`-sess`, SHA-512-256 …). No name means MD5.
    pub fn parse(name: &[u8]) -> Option<Algorithm> {
        if name.is_empty() || name.eq_ignore_ascii_case(b"MD5") {
            Some(Algorithm::Md5)
        } else if name.eq_ignore_ascii_case(b"SHA-256") {
            Some(Algorithm::Sha256)
        } else {
            None
        }
    }

    /// Lower-case hex of the hash over the parts with `:` between them.
    pub fn hash(self, parts: &[&[u8]]) -> String {
        match self {
            Algorithm::Md5 => hash_parts::<Md5>(parts),
            Algorithm::Sha256 => hash_parts::<Sha256>(parts),
        }
    }
}

fn hash_parts<D: Digest>(parts: &[&[u8]]) -> String {
    let mut hasher = D::new();
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            hasher.update(b":");
        }
        hasher.update(part);
    }
    hex::encode(hasher.finalize())
}

/// What a server keeps of a password: hash of `user:realm:password`, lower-case hex. One may be missing.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Ha1s {
    pub md5: Option<String>,
    pub sha256: Option<String>,
}

impl std::fmt::Debug for Ha1s {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Ha1s(md5: {}, sha256: {})", self.md5.is_some(), self.sha256.is_some())
    }
}

impl Ha1s {
    /// Both hashes of a password.
    pub fn of(user: &str, realm: &str, password: &str) -> Ha1s {
        let ha1 = |a: Algorithm| Some(a.hash(&[user.as_bytes(), realm.as_bytes(), password.as_bytes()]));
        Ha1s { md5: ha1(Algorithm::Md5), sha256: ha1(Algorithm::Sha256) }
    }

    pub fn get(&self, algorithm: Algorithm) -> Option<&str> {
        match algorithm {
            Algorithm::Md5 => self.md5.as_deref(),
            Algorithm::Sha256 => self.sha256.as_deref(),
        }
    }
}

/// The response value. `qop` none is the old form of RFC 2069.
pub(crate) fn response(a: Algorithm, ha1: &str, nonce: &[u8], qop: Option<(&[u8], &[u8])>, method: &[u8], uri: &[u8]) -> String {
    let ha2 = a.hash(&[method, uri]);
    match qop {
        Some((nc, cnonce)) => a.hash(&[ha1.as_bytes(), nonce, nc, cnonce, b"auth", ha2.as_bytes()]),
        None => a.hash(&[ha1.as_bytes(), nonce, ha2.as_bytes()]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 2617 §3.5 and RFC 7616 §3.9.1 (MD5 and SHA-256 of the same request).
    #[test]
    fn rfc_vectors() {
        let ha1 = |a: Algorithm, realm: &str, pw: &str| a.hash(&[b"Mufasa", realm.as_bytes(), pw.as_bytes()]);
        let md5 = Algorithm::Md5;
        let old = response(
            md5,
            &ha1(md5, "testrealm@host.com", "Circle Of Life"),
            b"dcd98b7102dd2f0e8b11d0f600bfb0c093",
            Some((b"00000001", b"0a4f113b")),
            b"GET",
            b"/dir/index.html",
        );
        assert_eq!(old, "6629fae49393a05397450978507c4ef1");
        let rows = [
            (Algorithm::Md5, "8ca523f5e9506fed4657c9700eebdbec"),
            (Algorithm::Sha256, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        ];
        for (a, want) in rows {
            let got = response(
                a,
                &ha1(a, "http-auth@example.org", "Circle of Life"),
                b"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
                Some((b"00000001", b"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ")),
                b"GET",
                b"/dir/index.html",
            );
            assert_eq!(got, want, "{a:?}");
        }
    }
}
