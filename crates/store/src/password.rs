//! Passwords: Argon2id (RFC 9106) with m = 19 MiB, t = 2, p = 1. All functions take tens of milliseconds of CPU: run
//! them in `spawn_blocking` behind a semaphore, or a flood of sign-ins starves everything else.
use crate::{Result, StoreError};
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::OnceLock;

/// Memory of one hash, in KiB.
pub const MEMORY_KIB: u32 = 19 * 1024;
pub const ITERATIONS: u32 = 2;
/// Longer passwords are refused before hashing.
pub const PASSWORD_BYTES_MAX: usize = 1024;
pub const PASSWORD_CHARS_MIN: usize = 10;

fn argon() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, ITERATIONS, 1, None).expect("constant parameters are within Argon2's limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Says why a new password is not acceptable, if so.
///
/// # Errors
/// `Invalid { field: "password" }`.
pub fn check(password: &str) -> Result<()> {
    let refuse = |reason: String| Err(StoreError::Invalid { field: "password", reason });
    if password.chars().count() < PASSWORD_CHARS_MIN {
        return refuse(format!("at least {PASSWORD_CHARS_MIN} characters"));
    }
    if password.len() > PASSWORD_BYTES_MAX {
        return refuse(format!("at most {PASSWORD_BYTES_MAX} bytes"));
    }
    Ok(())
}

/// PHC string of a password, with a random salt.
///
/// # Errors
/// `Invalid` when longer than [`PASSWORD_BYTES_MAX`].
pub fn hash(password: &str) -> Result<String> {
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(StoreError::Invalid { field: "password", reason: format!("at most {PASSWORD_BYTES_MAX} bytes") });
    }
    let salt = crate::crypto::random::<16>();
    match argon().hash_password_with_salt(password.as_bytes(), &salt) {
        Ok(h) => Ok(h.to_string()),
        Err(_) => Err(StoreError::Corrupt("password hash")),
    }
}

/// Whether `password` is the one behind `stored`. Without a stored hash (unknown user, no password set) the same work
/// is done on a dummy, so that the answer's time does not tell whether the user exists.
pub fn verify(password: &str, stored: Option<&str>) -> bool {
    static DUMMY: OnceLock<String> = OnceLock::new();
    if password.len() > PASSWORD_BYTES_MAX {
        return false;
    }
    let hash = match stored {
        Some(h) => h,
        None => DUMMY.get_or_init(|| hash("no user has this password").unwrap_or_default()),
    };
    let ok = PasswordHash::new(hash).is_ok_and(|h| argon().verify_password(password.as_bytes(), &h).is_ok());
    ok && stored.is_some()
}
