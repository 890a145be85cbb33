//! Bearer secrets: 256 random bits, shown once, kept only as SHA-256.
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// Prefix of every API key, so that secret scanners and people recognise one.
pub const API_KEY_PREFIX: &str = "zyk_";

/// A fresh token, base64url without padding (43 characters).
pub fn generate() -> SecretString {
    SecretString::from(URL_SAFE_NO_PAD.encode(crate::crypto::random::<32>()))
}

/// A fresh API key `zyk_<8 hex>_<43 characters>` and its public prefix (`zyk_<8 hex>`).
pub fn generate_api_key() -> (String, SecretString) {
    let prefix = format!("{API_KEY_PREFIX}{}", hex::encode(crate::crypto::random::<4>()));
    let secret = SecretString::from(format!("{prefix}_{}", generate().expose_secret()));
    (prefix, secret)
}

/// What is stored of a token. A plain hash is enough for 256 random bits.
pub fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// The CSRF value that belongs to a session token: derived, so that it needs no storage and dies with the session.
pub fn csrf(token: &str) -> String {
    let mut h = Sha256::new();
    h.update(b"zhiyin csrf v1\0");
    h.update(token.as_bytes());
    URL_SAFE_NO_PAD.encode(&h.finalize()[..24])
}

/// Compares without telling by its duration where two values differ.
pub fn same(a: &str, b: &str) -> bool {
    use subtle::ConstantTimeEq;
    a.as_bytes().ct_eq(b.as_bytes()).into()
}
