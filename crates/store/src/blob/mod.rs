//! Sealed files. A recording is written by a plain thread ([`SealedWriter`], `std::fs` under the blob folder) and read in
//! ranges through `object_store` ([`SealedReader`]), so that a bucket can take the folder's place for reading.
//!
//! What a recording's file holds in clear: 8 kHz stereo G.711 µ-law samples and nothing else (see [`wav`]).
mod format;
mod prompts;
mod reader;
pub mod wav;
mod writer;

pub use format::{FRAME_PLAIN_MAX, HEADER_LEN};
pub use reader::{SealedReader, Tail};
pub use wav::WavReader;
pub use writer::SealedWriter;

use crate::crypto::Crypto;
use crate::{Result, Store, StoreError};
use domain::RecordingId;
use domain::interaction::{Recording, RecordingState};
use object_store::local::LocalFileSystem;
use object_store::{ObjectStore, ObjectStoreExt, path::Path as BlobPath};
use std::path::PathBuf;
use std::sync::Arc;

/// The door to all blobs. Cheap to clone, may be moved to any thread.
#[derive(Clone)]
pub struct Blobs {
    root: PathBuf,
    objects: Arc<dyn ObjectStore>,
    keys: Arc<Crypto>,
}

impl std::fmt::Debug for Blobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Blobs({})", self.root.display())
    }
}

impl Store {
    /// # Errors
    /// `Blob` when the folder cannot be used.
    pub fn blobs(&self) -> Result<Blobs> {
        Blobs::open(self.blob_dir().to_owned(), self.keys())
    }
}

/// Name of a recording's blob: what goes into `Recording::blob`. A folder holds about five hours' recordings.
pub fn recording_name(id: RecordingId) -> String {
    let hex = id.0.simple().to_string();
    format!("recordings/{}/{}.zyr", &hex[..6], id.0)
}

impl Blobs {
    pub(crate) fn open(root: PathBuf, keys: Arc<Crypto>) -> Result<Self> {
        std::fs::create_dir_all(&root)?;
        let objects = Arc::new(LocalFileSystem::new_with_prefix(&root)?);
        Ok(Self { root, objects, keys })
    }

    /// Starts a recording's file. Blocking file work: call it on the recorder's thread.
    ///
    /// # Errors
    /// `Io`, also when the file exists already.
    pub fn create_recording(&self, id: RecordingId) -> Result<SealedWriter> {
        let path = self.root.join(recording_name(id));
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        SealedWriter::create(&path, id.0, &self.keys)
    }

    /// Opens a recording for range reads. A running or truncated one may end anywhere; a complete one must be whole.
    ///
    /// # Errors
    /// `NotFound("recording file")`, `Sealed("recording")` for anything changed, swapped or cut.
    pub async fn open_recording(&self, recording: &Recording) -> Result<SealedReader> {
        let tail = match recording.state {
            RecordingState::Complete => Tail::Whole,
            RecordingState::Running | RecordingState::Truncated => Tail::MayBeCut,
        };
        self.open_sealed(&recording.blob, recording.id, tail).await
    }

    /// The recording as the WAV file that players expect.
    pub async fn open_wav(&self, recording: &Recording) -> Result<WavReader> {
        let reader = self.open_recording(recording).await?;
        Ok(WavReader::new(reader, recording.sample_rate_hz, recording.channels))
    }

    /// See [`Blobs::open_recording`].
    pub async fn open_sealed(&self, name: &str, id: RecordingId, tail: Tail) -> Result<SealedReader> {
        SealedReader::open(self.objects.clone(), parse(name)?, id.0, self.keys.clone(), tail).await
    }

    /// Clear bytes of a recording that can be played after a crash; 0 when its file is missing or has no whole frame.
    pub async fn recover(&self, recording: &Recording) -> Result<u64> {
        match self.open_sealed(&recording.blob, recording.id, Tail::MayBeCut).await {
            Ok(reader) => Ok(reader.len()),
            Err(StoreError::NotFound(_) | StoreError::Sealed(_)) => Ok(0),
            Err(e) => Err(e),
        }
    }

    /// Deletes a recording's file; one that is gone already is fine.
    pub async fn delete(&self, name: &str) -> Result<()> {
        match self.objects.delete(&parse(name)?).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(e) => Err(e.into()),
        }
    }
}

fn parse(name: &str) -> Result<BlobPath> {
    BlobPath::parse(name).map_err(|_| StoreError::Invalid { field: "blob", reason: "not a path".into() })
}

#[cfg(test)]
mod tests;
