//! The sealed value: `version (1) | key id (4, BE) | nonce (12) | ciphertext | tag (16)`, AES-256-GCM (NIST SP 800-38D).
//! The associated data names the exact place (`table|column|row|key version`), so a value copied elsewhere does not open.
use crate::{Result, StoreError};
use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use std::fmt::Write;

const FORMAT: u8 = 1;
const HEADER: usize = 1 + 4 + 12;
/// A sealed value is this much longer than the clear one.
pub const OVERHEAD: usize = HEADER + 16;

/// The place a value is sealed for.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    pub table: &'static str,
    pub column: &'static str,
    /// The row's primary key; it must never change afterwards.
    pub row: &'a [u8],
}

impl<'a> Field<'a> {
    pub fn new(table: &'static str, column: &'static str, row: &'a [u8]) -> Self {
        Self { table, column, row }
    }

    fn aad(&self, key_version: u32) -> Vec<u8> {
        let mut text = String::with_capacity(96);
        let _ = write!(text, "{}|{}|", self.table, self.column);
        for byte in self.row {
            let _ = write!(text, "{byte:02x}");
        }
        let _ = write!(text, "|{key_version}");
        text.into_bytes()
    }
}

/// One usable key with its name.
pub(crate) struct NamedKey {
    pub id: u32,
    pub version: u32,
    pub cipher: Aes256Gcm,
}

pub(crate) fn seal_with(key: &NamedKey, field: Field<'_>, clear: &[u8]) -> Vec<u8> {
    let nonce: [u8; 12] = super::random();
    let aad = field.aad(key.version);
    let sealed = key
        .cipher
        .encrypt(&Nonce::from(nonce), Payload { msg: clear, aad: &aad })
        .expect("AES-GCM seals anything below 64 GiB, and no column is that long");
    let mut out = Vec::with_capacity(HEADER + sealed.len());
    out.push(FORMAT);
    out.extend_from_slice(&key.id.to_be_bytes());
    out.extend_from_slice(&nonce);
    out.extend_from_slice(&sealed);
    out
}

/// `key_of` finds the key a value names.
pub(crate) fn open_with<'k>(key_of: impl FnOnce(u32) -> Option<&'k NamedKey>, field: Field<'_>, sealed: &[u8]) -> Result<Vec<u8>> {
    let bad = || StoreError::Sealed(field.column);
    if sealed.len() < OVERHEAD || sealed[0] != FORMAT {
        return Err(bad());
    }
    let id = u32::from_be_bytes([sealed[1], sealed[2], sealed[3], sealed[4]]);
    let key = key_of(id).ok_or_else(bad)?;
    let nonce: [u8; 12] = sealed[5..HEADER].try_into().map_err(|_| bad())?;
    let aad = field.aad(key.version);
    key.cipher.decrypt(&Nonce::from(nonce), Payload { msg: &sealed[HEADER..], aad: &aad }).map_err(|_| bad())
}

/// Wraps and unwraps one 32-byte key under another: `nonce (12) | ciphertext | tag (16)`.
pub(crate) mod wrap {
    use super::*;
    use zeroize::Zeroizing;

    /// Length of a wrapped 32-byte key.
    pub(crate) const WRAPPED_LEN: usize = 12 + 32 + 16;

    pub(crate) fn wrap(kek: &Aes256Gcm, key: &[u8; 32], aad: &[u8]) -> Vec<u8> {
        let nonce: [u8; 12] = crate::crypto::random();
        let sealed = kek.encrypt(&Nonce::from(nonce), Payload { msg: key, aad }).expect("AES-GCM seals 32 bytes");
        [nonce.as_slice(), &sealed].concat()
    }

    pub(crate) fn unwrap(kek: &Aes256Gcm, wrapped: &[u8], aad: &[u8]) -> Result<Zeroizing<[u8; 32]>> {
        let bad = || StoreError::Sealed("key");
        if wrapped.len() != WRAPPED_LEN {
            return Err(bad());
        }
        let nonce: [u8; 12] = wrapped[..12].try_into().map_err(|_| bad())?;
        let clear = Zeroizing::new(kek.decrypt(&Nonce::from(nonce), Payload { msg: &wrapped[12..], aad }).map_err(|_| bad())?);
        Ok(Zeroizing::new(clear.as_slice().try_into().map_err(|_| bad())?))
    }

    pub(crate) fn cipher(key: &[u8; 32]) -> Aes256Gcm {
        Aes256Gcm::new(&(*key).into())
    }
}

#[cfg(test)]
#[path = "sealed_tests.rs"]
mod tests;
