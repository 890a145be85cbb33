//! The file format, version 1. STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015) over AES-256-GCM with a key per file.
//!
//! ```text
//! header (104 bytes, also the associated data of every frame)
//!   0  "ZYSEAL"        6   magic
//!   6  1               1   format version
//!   7  0               1   reserved
//!   8  file id        16   the recording's UUID
//!  24  key id          4   BE, of the key that wraps
//!  28  key version     4   BE
//!  32  wrapped key    60   nonce 12 | ciphertext 32 | tag 16
//!  92  nonce prefix    7
//!  99  zero            5
//! frames, each
//!   0  length          4   BE, of what follows: 16 … 64 KiB + 16
//!   4  ciphertext          plain ≤ 64 KiB, tag 16; nonce = prefix 7 | counter 4 BE | last 1
//! ```
//! A frame may be short: the writer closes one at least each second, so that a crash costs no more than that. `last` is 1
//! on the final frame of a finished file and nowhere else: a cut file has no such frame.
use crate::crypto::Crypto;
use crate::{Result, StoreError};
use aead_stream::{NewStream, StreamBE32, StreamPrimitive};
use aes_gcm::aead::Payload;
use aes_gcm::{Aes256Gcm, KeyInit};
use zeroize::Zeroizing;

pub const HEADER_LEN: usize = 104;
/// A frame holds at most this many clear bytes.
pub const FRAME_PLAIN_MAX: usize = 64 * 1024;
pub(super) const TAG_LEN: usize = 16;
pub(super) const LENGTH_LEN: usize = 4;
const MAGIC: &[u8; 6] = b"ZYSEAL";
const VERSION: u8 = 1;
const WRAPPED: std::ops::Range<usize> = 32..92;
const PREFIX: std::ops::Range<usize> = 92..99;

pub(super) const BAD: StoreError = StoreError::Sealed("recording");

/// The cipher of one file with its header. Stateless: frames may be opened in any order.
pub(super) struct FileCipher {
    stream: StreamBE32<Aes256Gcm>,
    pub header: [u8; HEADER_LEN],
}

impl FileCipher {
    /// A new file: fresh key and nonce prefix.
    pub fn create(file: uuid::Uuid, keys: &Crypto) -> Self {
        let key = Zeroizing::new(crate::crypto::random::<32>());
        let prefix: [u8; 7] = crate::crypto::random();
        let (key_id, key_version, wrapped) = keys.wrap_file_key(&key, file.as_bytes());
        let mut header = [0; HEADER_LEN];
        header[..6].copy_from_slice(MAGIC);
        header[6] = VERSION;
        header[8..24].copy_from_slice(file.as_bytes());
        header[24..28].copy_from_slice(&key_id.to_be_bytes());
        header[28..32].copy_from_slice(&key_version.to_be_bytes());
        header[WRAPPED].copy_from_slice(&wrapped);
        header[PREFIX].copy_from_slice(&prefix);
        Self { stream: stream(&key, prefix), header }
    }

    /// An existing file, which must be `file` and no other.
    pub fn open(header: [u8; HEADER_LEN], file: uuid::Uuid, keys: &Crypto) -> Result<Self> {
        if &header[..6] != MAGIC || header[6] != VERSION || header[8..24] != *file.as_bytes() {
            return Err(BAD);
        }
        let number = |at: usize| u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
        let key = keys.unwrap_file_key(number(24), number(28), file.as_bytes(), &header[WRAPPED])?;
        let prefix: [u8; 7] = header[PREFIX].try_into().map_err(|_| BAD)?;
        Ok(Self { stream: stream(&key, prefix), header })
    }

    /// One frame, length in front.
    pub fn seal(&self, counter: u32, last: bool, plain: &[u8]) -> Result<Vec<u8>> {
        let sealed = self.stream.encrypt(counter, last, Payload { msg: plain, aad: &self.header }).map_err(|_| BAD)?;
        let mut frame = Vec::with_capacity(LENGTH_LEN + sealed.len());
        frame.extend_from_slice(&(sealed.len() as u32).to_be_bytes());
        frame.extend_from_slice(&sealed);
        Ok(frame)
    }

    /// `sealed`: the frame without its length.
    pub fn open_frame(&self, counter: u32, last: bool, sealed: &[u8]) -> Result<Vec<u8>> {
        self.stream.decrypt(counter, last, Payload { msg: sealed, aad: &self.header }).map_err(|_| BAD)
    }
}

fn stream(key: &[u8; 32], prefix: [u8; 7]) -> StreamBE32<Aes256Gcm> {
    StreamBE32::from_aead(Aes256Gcm::new(&(*key).into()), &prefix.into())
}

/// The ciphertext length a frame's four bytes name, if it is possible.
pub(super) fn frame_len(bytes: [u8; LENGTH_LEN]) -> Option<usize> {
    let len = u32::from_be_bytes(bytes) as usize;
    (TAG_LEN..=FRAME_PLAIN_MAX + TAG_LEN).contains(&len).then_some(len)
}
