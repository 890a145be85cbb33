//! `[auth]`: sign-in and sessions.
use super::{ConfigError, invalid};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Sessions, lock-out and password work.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Auth {
    /// A session without a request for this long ends, except while its user is on a call.
    pub idle_timeout_ms: u64,
    /// A session ends this long after sign-in whatever happens, except while its user is on a call.
    pub absolute_timeout_ms: u64,
    /// Wrong passwords for one user before that user is locked for `lockout_ms`.
    pub lockout_user_failures: u32,
    /// Wrong sign-ins from one address before that address is locked for `lockout_ms`.
    pub lockout_address_failures: u32,
    /// How long a lock lasts; also the window in which failures are counted.
    pub lockout_ms: u64,
    /// Passwords checked at the same time; each takes 19 MiB and some milliseconds. More wait.
    pub hash_parallel_max: u32,
}

impl Default for Auth {
    fn default() -> Self {
        Self {
            idle_timeout_ms: 12 * 3_600_000,
            absolute_timeout_ms: 7 * 24 * 3_600_000,
            lockout_user_failures: 5,
            lockout_address_failures: 20,
            lockout_ms: 15 * 60_000,
            hash_parallel_max: 2,
        }
    }
}

impl Auth {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let positive = [
            ("auth.idle_timeout_ms", self.idle_timeout_ms),
            ("auth.absolute_timeout_ms", self.absolute_timeout_ms),
            ("auth.lockout_user_failures", u64::from(self.lockout_user_failures)),
            ("auth.lockout_address_failures", u64::from(self.lockout_address_failures)),
            ("auth.lockout_ms", self.lockout_ms),
            ("auth.hash_parallel_max", u64::from(self.hash_parallel_max)),
        ];
        match positive.iter().find(|(_, v)| *v == 0) {
            Some((key, _)) => Err(invalid(key, "is zero", "give it a positive number, or leave it out for the default")),
            None => Ok(()),
        }
    }
}
