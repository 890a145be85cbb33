//! One module a thing: reads take any [`crate::Source`], writes a [`crate::Tx`]. Scope filters (own, team, all) are
//! parameters; whether the caller may ask is decided elsewhere.
pub mod alerts;
pub mod api_keys;
pub mod calendar_switches;
pub mod callbacks;
pub mod config;
pub mod customers;
pub mod engine_config;
pub mod idempotency;
pub mod interactions;
pub mod login_attempts;
mod queue_members;
pub mod secrets;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod users;
pub mod waiting_list;
pub mod webhooks;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A row with the version that `ETag`/`If-Match` speak of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<T> {
    pub version: i64,
    pub value: T,
}

/// The word a plain enum serialises to (`"voice"`): what its column holds.
pub(crate) fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(s)) => s,
        // Only called on unit enums of `domain`, which always serialise to a string.
        _ => String::new(),
    }
}

/// The enum a column's word stands for.
pub(crate) fn from_word<T: DeserializeOwned>(word: &str, what: &'static str) -> crate::Result<T> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).map_err(|_| crate::StoreError::Corrupt(what))
}

pub(crate) fn to_json<T: Serialize>(value: &T, what: &'static str) -> crate::Result<String> {
    serde_json::to_string(value).map_err(|_| crate::StoreError::Corrupt(what))
}

pub(crate) fn from_json<T: DeserializeOwned>(text: &str, what: &'static str) -> crate::Result<T> {
    serde_json::from_str(text).map_err(|_| crate::StoreError::Corrupt(what))
}
