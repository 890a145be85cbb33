//! The master key: where it is found, and how one is made for an empty data folder.
use crate::config::MasterKeySource;
use crate::{Result, StoreError};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::io::Write;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Name of the key file that is made in the data folder when nothing else is configured.
pub const MASTER_KEY_FILE: &str = "master.key";
const CREDENTIAL: &str = "zhiyin-master-key";
const ENV: &str = "ZHIYIN_MASTER_KEY";

/// The key that wraps all others. Wiped from memory when dropped.
pub struct MasterKey {
    pub(crate) key: Zeroizing<[u8; 32]>,
    /// Where it came from, for the log: a place, never the key.
    pub origin: String,
    /// It was made just now: the operator must back it up, without it the data cannot be read.
    pub created: bool,
}

impl MasterKey {
    /// Reads or makes the key.
    ///
    /// # Errors
    /// `Config` when a configured source is missing or malformed, or when the key file is readable by others.
    pub fn load(source: &MasterKeySource, data_dir: &Path) -> Result<Self> {
        match source {
            MasterKeySource::Raw(key) => Ok(found(Zeroizing::new(*key), "given by the caller".into())),
            MasterKeySource::File(path) => from_file(path),
            MasterKeySource::Env(name) => from_env(name)?.ok_or_else(|| StoreError::Config(format!("variable {name} is not set"))),
            MasterKeySource::Credential(name) => {
                let path = credential(name).ok_or_else(|| StoreError::Config("CREDENTIALS_DIRECTORY is not set".into()))?;
                from_file(&path)
            }
            MasterKeySource::Auto => {
                if let Some(path) = credential(CREDENTIAL).filter(|p| p.exists()) {
                    return from_file(&path);
                }
                if let Some(key) = from_env(ENV)? {
                    return Ok(key);
                }
                let path = data_dir.join(MASTER_KEY_FILE);
                if path.exists() { from_file(&path) } else { create(&path) }
            }
        }
    }
}

fn found(key: Zeroizing<[u8; 32]>, origin: String) -> MasterKey {
    MasterKey { key, origin, created: false }
}

fn credential(name: &str) -> Option<PathBuf> {
    std::env::var_os("CREDENTIALS_DIRECTORY").map(|dir| Path::new(&dir).join(name))
}

fn from_env(name: &str) -> Result<Option<MasterKey>> {
    let Some(text) = std::env::var(name).ok().map(Zeroizing::new) else { return Ok(None) };
    let key = parse(text.trim().as_bytes()).ok_or_else(|| StoreError::Config(format!("variable {name}: {EXPECTED}")))?;
    Ok(Some(found(key, format!("variable {name}"))))
}

const EXPECTED: &str = "expected 32 raw bytes, 64 hex digits or base64 of 32 bytes";

fn from_file(path: &Path) -> Result<MasterKey> {
    let bytes = Zeroizing::new(std::fs::read(path).map_err(|e| StoreError::Config(format!("master key {}: {e}", path.display())))?);
    refuse_public(path)?;
    let key = parse(&bytes).ok_or_else(|| StoreError::Config(format!("master key {}: {EXPECTED}", path.display())))?;
    Ok(found(key, path.display().to_string()))
}

#[cfg(unix)]
fn refuse_public(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path)?.permissions().mode();
    if mode & 0o007 != 0 {
        return Err(StoreError::Config(format!(
            "master key {} can be read by everyone (mode {:o}); chmod 600 it",
            path.display(),
            mode & 0o777
        )));
    }
    Ok(())
}
#[cfg(not(unix))]
fn refuse_public(_: &Path) -> Result<()> {
    Ok(())
}

fn parse(bytes: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    if let Ok(raw) = <[u8; 32]>::try_from(bytes) {
        return Some(Zeroizing::new(raw));
    }
    let text = std::str::from_utf8(bytes).ok()?.trim();
    let decoded = Zeroizing::new(if text.len() == 64 { hex::decode(text).ok()? } else { STANDARD.decode(text).ok()? });
    Some(Zeroizing::new(decoded.as_slice().try_into().ok()?))
}

/// Writes a new key with mode 0600, through to the disk before it is used: data sealed by a lost key is lost.
fn create(path: &Path) -> Result<MasterKey> {
    let key = Zeroizing::new(super::random::<32>());
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    let text = Zeroizing::new(format!("{}\n", hex::encode(*key)));
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(MasterKey { key, origin: path.display().to_string(), created: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_key_is_made_once_and_read_again() {
        let dir = tempfile::tempdir().unwrap();
        let first = MasterKey::load(&MasterKeySource::Auto, dir.path()).unwrap();
        assert!(first.created);
        let second = MasterKey::load(&MasterKeySource::Auto, dir.path()).unwrap();
        assert!(!second.created);
        assert_eq!(*first.key, *second.key);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let path = dir.path().join(MASTER_KEY_FILE);
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
            assert!(matches!(MasterKey::load(&MasterKeySource::Auto, dir.path()), Err(StoreError::Config(_))));
        }
    }

    #[test]
    fn three_spellings_of_one_key() {
        let key = [0xabu8; 32];
        for bytes in [key.to_vec(), hex::encode(key).into_bytes(), format!("{}\n", STANDARD.encode(key)).into_bytes()] {
            assert_eq!(*parse(&bytes).unwrap(), key);
        }
        assert!(parse(b"short").is_none());
    }
}
