//! Writing a sealed file, synchronously, from a recorder's thread.
use super::format::{BAD, FRAME_PLAIN_MAX, FileCipher};
use crate::Result;
use crate::crypto::Crypto;
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use uuid::Uuid;

/// A file being sealed. Give it bytes as they come and call [`flush`](Self::flush) at least once a second: what was
/// flushed survives the death of the process. Only [`finish`](Self::finish) makes the file whole; dropped before, it
/// reads as cut.
pub struct SealedWriter {
    file: File,
    cipher: FileCipher,
    /// Clear bytes of the frame that is being filled.
    pending: Vec<u8>,
    counter: u32,
    clear: u64,
    /// Where the last whole frame ends: a failed write is cut back to here.
    end: u64,
}

impl std::fmt::Debug for SealedWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealedWriter({} bytes)", self.clear)
    }
}

impl SealedWriter {
    pub(super) fn create(path: &Path, id: Uuid, keys: &Crypto) -> Result<Self> {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let mut file = options.open(path)?;
        let cipher = FileCipher::create(id, keys);
        file.write_all(&cipher.header)?;
        let end = cipher.header.len() as u64;
        Ok(Self { file, cipher, pending: Vec::new(), counter: 0, clear: 0, end })
    }

    /// Clear bytes taken so far, written or not.
    pub fn clear_len(&self) -> u64 {
        self.clear
    }

    /// Takes bytes; writes a frame whenever 64 KiB are together.
    ///
    /// # Errors
    /// `Io` (disk full …): the bytes stay pending and the file stays valid up to its last frame.
    pub fn append(&mut self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            if self.pending.len() == FRAME_PLAIN_MAX {
                self.write_frame(false)?;
            }
            let (now, later) = bytes.split_at(bytes.len().min(FRAME_PLAIN_MAX - self.pending.len()));
            self.pending.extend_from_slice(now);
            self.clear += now.len() as u64;
            bytes = later;
        }
        Ok(())
    }

    /// Hands everything taken so far to the operating system as a (short) frame. Nothing pending: nothing written.
    pub fn flush(&mut self) -> Result<()> {
        if self.pending.is_empty() { Ok(()) } else { self.write_frame(false) }
    }

    /// Writes the last frame, syncs to disk, and returns the number of clear bytes.
    pub fn finish(mut self) -> Result<u64> {
        self.write_frame(true)?;
        self.file.sync_all()?;
        Ok(self.clear)
    }

    fn write_frame(&mut self, last: bool) -> Result<()> {
        // The highest counter is kept for the last frame: at one frame a second that is 136 years.
        if self.counter == u32::MAX && !last {
            return Err(BAD);
        }
        let frame = self.cipher.seal(self.counter, last, &self.pending)?;
        if let Err(e) = self.file.write_all(&frame) {
            // Half a frame in the middle would hide all that follows it. If even this fails the reader stops here.
            let _ = self.file.set_len(self.end);
            let _ = self.file.seek(SeekFrom::Start(self.end));
            return Err(e.into());
        }
        self.end += frame.len() as u64;
        self.counter = self.counter.wrapping_add(1);
        self.pending.clear();
        Ok(())
    }
}
