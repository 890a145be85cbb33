//! Envelope encryption: master key (KEK) → one data key (DEK) a domain, wrapped in table `keys` → sealed values.
//! Key ids and versions are in every format, so that a key can be rotated without touching old rows.
mod blind;
mod keyring;
mod master;
mod sealed;

pub use blind::{BLIND_LEN, normalise_phone};
pub(crate) use keyring::WrappedKey;
pub use keyring::{Crypto, Domain};
pub use master::{MASTER_KEY_FILE, MasterKey};
pub use sealed::{Field, OVERHEAD};
use sealed::{open_with, seal_with};

use rand::TryRng;
use rand::rngs::SysRng;

/// Bytes from the operating system's generator.
///
/// # Panics
/// When the operating system has no randomness to give: nothing safe can be done then.
pub fn random<const N: usize>() -> [u8; N] {
    let mut out = [0; N];
    SysRng.try_fill_bytes(&mut out).expect("the operating system's random source works");
    out
}
