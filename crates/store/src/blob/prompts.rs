//! Uploaded prompts: not personal, but sealed all the same, so that no audio lies in clear beside the recordings.
use super::{Blobs, parse};
use crate::crypto::{Domain, Field};
use crate::{Result, StoreError};
use object_store::{ObjectStoreExt, PutPayload};

/// A prompt file may have this many bytes.
pub const PROMPT_BYTES_MAX: usize = 32 * 1024 * 1024;

fn path(name: &str) -> Result<object_store::path::Path> {
    let ok = !name.is_empty()
        && name.len() <= 100
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        && !name.starts_with('.');
    if !ok {
        return Err(StoreError::Invalid { field: "path", reason: "expected 1 to 100 of [A-Za-z0-9._-]".into() });
    }
    parse(&format!("prompts/{name}.zys"))
}

fn field(name: &str) -> Field<'_> {
    Field::new("blobs", "prompt", name.as_bytes())
}

impl Blobs {
    /// Keeps a prompt's WAV under a name, replacing the one before.
    pub async fn put_prompt(&self, name: &str, wav: &[u8]) -> Result<()> {
        let path = path(name)?;
        if wav.len() > PROMPT_BYTES_MAX {
            return Err(StoreError::Invalid { field: "prompt", reason: format!("at most {PROMPT_BYTES_MAX} bytes") });
        }
        let sealed = self.keys.seal(Domain::Config, field(name), wav);
        self.objects.put(&path, PutPayload::from(sealed)).await?;
        Ok(())
    }

    /// # Errors
    /// `NotFound("prompt file")`, `Sealed`.
    pub async fn get_prompt(&self, name: &str) -> Result<Vec<u8>> {
        let got = match self.objects.get(&path(name)?).await {
            Ok(got) => got,
            Err(object_store::Error::NotFound { .. }) => return Err(StoreError::NotFound("prompt file")),
            Err(e) => return Err(e.into()),
        };
        self.keys.open(Domain::Config, field(name), &got.bytes().await?)
    }
}
