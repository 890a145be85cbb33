//! All data keys of a running process, unwrapped once at the start.
use super::sealed::{NamedKey, wrap};
use super::{Field, MasterKey, blind, open_with, seal_with};
use crate::{Result, StoreError};
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;
use std::collections::HashMap;
use zeroize::Zeroizing;

/// What a key protects. One data key each, so that one leaked key opens one kind of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Domain {
    /// Customer cards.
    Customer,
    /// Interactions and events.
    History,
    /// Secrets of configuration: SIP digests, trunk passwords.
    Config,
    /// Job payloads and kept answers.
    Jobs,
    /// Wraps each recording's own key.
    Recordings,
    /// HMAC key of the blind index; never encrypts.
    Index,
    /// HMAC key that signs the audit chain's head.
    Audit,
}

impl Domain {
    pub(crate) const ALL: [Domain; 7] =
        [Self::Customer, Self::History, Self::Config, Self::Jobs, Self::Recordings, Self::Index, Self::Audit];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::History => "history",
            Self::Config => "config",
            Self::Jobs => "jobs",
            Self::Recordings => "recordings",
            Self::Index => "index",
            Self::Audit => "audit",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|d| d.name() == name)
    }
}

/// A row of table `keys`.
#[derive(Debug, Clone)]
pub(crate) struct WrappedKey {
    pub id: u32,
    pub domain: Domain,
    pub version: u32,
    pub wrapped: Vec<u8>,
}

fn wrap_aad(id: u32, domain: Domain, version: u32) -> Vec<u8> {
    format!("keys|wrapped|{id}|{}|{version}", domain.name()).into_bytes()
}

impl WrappedKey {
    pub fn generate(master: &MasterKey, id: u32, domain: Domain, version: u32) -> Self {
        let key = Zeroizing::new(super::random::<32>());
        let wrapped = wrap::wrap(&wrap::cipher(&master.key), &key, &wrap_aad(id, domain, version));
        Self { id, domain, version, wrapped }
    }
}

struct DataKey {
    domain: Domain,
    named: NamedKey,
    raw: Zeroizing<[u8; 32]>,
}

/// Seals and opens with the process's keys. Cheap to share (`Arc`); holds keys in memory, wiped on drop.
pub struct Crypto {
    keys: HashMap<u32, DataKey>,
    /// Newest key of each domain.
    current: HashMap<Domain, u32>,
}

impl std::fmt::Debug for Crypto {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Crypto({} keys)", self.keys.len())
    }
}

impl Crypto {
    /// # Errors
    /// `Sealed("key")` when the master key is not the one that wrapped them.
    pub(crate) fn unwrap(master: &MasterKey, rows: &[WrappedKey]) -> Result<Self> {
        let kek = wrap::cipher(&master.key);
        let mut keys = HashMap::new();
        let mut current: HashMap<Domain, u32> = HashMap::new();
        for row in rows {
            let raw = wrap::unwrap(&kek, &row.wrapped, &wrap_aad(row.id, row.domain, row.version))?;
            let newest = current.entry(row.domain).or_insert(row.id);
            if keys.get(newest).is_none_or(|k: &DataKey| k.named.version < row.version) {
                *newest = row.id;
            }
            let named = NamedKey { id: row.id, version: row.version, cipher: wrap::cipher(&raw) };
            keys.insert(row.id, DataKey { domain: row.domain, named, raw });
        }
        for domain in Domain::ALL {
            if !current.contains_key(&domain) {
                return Err(StoreError::Corrupt("key table"));
            }
        }
        Ok(Self { keys, current })
    }

    fn current(&self, domain: Domain) -> &DataKey {
        &self.keys[&self.current[&domain]]
    }

    /// Seals bytes for one place.
    pub fn seal(&self, domain: Domain, field: Field<'_>, clear: &[u8]) -> Vec<u8> {
        seal_with(&self.current(domain).named, field, clear)
    }

    /// # Errors
    /// `Sealed(column)` for a wrong place, key, or any changed byte.
    pub fn open(&self, domain: Domain, field: Field<'_>, sealed: &[u8]) -> Result<Vec<u8>> {
        open_with(|id| self.keys.get(&id).filter(|k| k.domain == domain).map(|k| &k.named), field, sealed)
    }

    /// Seals a value as JSON.
    pub fn seal_json<T: Serialize>(&self, domain: Domain, field: Field<'_>, value: &T) -> Result<Vec<u8>> {
        let clear = Zeroizing::new(serde_json::to_vec(value).map_err(|_| StoreError::Corrupt(field.column))?);
        Ok(self.seal(domain, field, &clear))
    }

    pub fn open_json<T: DeserializeOwned>(&self, domain: Domain, field: Field<'_>, sealed: &[u8]) -> Result<T> {
        let clear = Zeroizing::new(self.open(domain, field, sealed)?);
        serde_json::from_slice(&clear).map_err(|_| StoreError::Corrupt(field.column))
    }

    /// The blind index of a phone number: equal for every spelling of one number, useless without the key.
    pub fn phone_index(&self, number: &str) -> Vec<u8> {
        blind::index(&self.current(Domain::Index).raw, "phone", &blind::normalise_phone(number))
    }

    /// The blind index of any other exact text (a username someone tried, an address).
    pub fn text_index(&self, purpose: &str, text: &str) -> Vec<u8> {
        blind::index(&self.current(Domain::Index).raw, purpose, text)
    }

    /// HMAC-SHA-256 under the audit key.
    pub(crate) fn audit_mac(&self, data: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.current(Domain::Audit).raw.as_slice()).expect("HMAC takes keys of any length");
        mac.update(data);
        mac.finalize().into_bytes().into()
    }

    /// Wraps a recording's key: (key id, key version, wrapped).
    pub(crate) fn wrap_file_key(&self, key: &[u8; 32], file: &[u8; 16]) -> (u32, u32, Vec<u8>) {
        let dek = self.current(Domain::Recordings);
        let aad = file_aad(dek.named.id, dek.named.version, file);
        (dek.named.id, dek.named.version, wrap::wrap(&dek.named.cipher, key, &aad))
    }

    pub(crate) fn unwrap_file_key(&self, id: u32, version: u32, file: &[u8; 16], wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>> {
        let dek = self
            .keys
            .get(&id)
            .filter(|k| k.domain == Domain::Recordings && k.named.version == version)
            .ok_or(StoreError::Sealed("recording"))?;
        wrap::unwrap(&dek.named.cipher, wrapped, &file_aad(id, version, file))
    }
}

fn file_aad(id: u32, version: u32, file: &[u8; 16]) -> Vec<u8> {
    format!("recordings|key|{}|{id}|{version}", hex::encode(file)).into_bytes()
}
