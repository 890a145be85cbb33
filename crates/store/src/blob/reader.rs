//! Reading ranges of a sealed file.
use super::format::{BAD, FileCipher, HEADER_LEN, LENGTH_LEN, TAG_LEN, frame_len};
use crate::crypto::Crypto;
use crate::{Result, StoreError};
use futures_util::StreamExt;
use object_store::{GetResultPayload, ObjectStore, ObjectStoreExt, path::Path};
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::Arc;
use uuid::Uuid;

/// How a file may end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tail {
    /// The last frame must say that it is the last: anything missing is an error.
    Whole,
    /// Whatever follows the last whole, authentic frame is left out (recording still running, or cut by a crash).
    MayBeCut,
}

/// Where one frame lies.
#[derive(Debug, Clone, Copy)]
struct Frame {
    /// Of the ciphertext in the file.
    offset: u64,
    /// Of its first clear byte in the content.
    clear_offset: u64,
    clear_len: u32,
}

/// An open sealed file. Every byte handed out is authentic.
pub struct SealedReader {
    objects: Arc<dyn ObjectStore>,
    path: Path,
    cipher: FileCipher,
    frames: Vec<Frame>,
    len: u64,
    /// The file's own end is there.
    whole: bool,
}

impl std::fmt::Debug for SealedReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealedReader({}, {} bytes)", self.path, self.len)
    }
}

impl SealedReader {
    pub(super) async fn open(objects: Arc<dyn ObjectStore>, path: Path, id: Uuid, keys: Arc<Crypto>, tail: Tail) -> Result<Self> {
        let (header, lengths, ragged) = scan(objects.as_ref(), &path).await?;
        let cipher = FileCipher::open(header, id, &keys)?;
        if ragged && tail == Tail::Whole {
            return Err(BAD);
        }
        let mut reader = Self { objects, path, cipher, frames: index(&lengths), len: 0, whole: false };
        reader.check_end(tail).await?;
        reader.len = reader.frames.last().map_or(0, |f| f.clear_offset + u64::from(f.clear_len));
        Ok(reader)
    }

    /// Opens the last frame: it proves where the content ends.
    async fn check_end(&mut self, tail: Tail) -> Result<()> {
        while let Some(last) = self.frames.last().copied() {
            let counter = self.frames.len() as u32 - 1;
            let sealed = self.sealed(last).await?;
            if self.cipher.open_frame(counter, true, &sealed).is_ok() {
                self.whole = true;
                return Ok(());
            }
            if tail == Tail::Whole {
                return Err(BAD);
            }
            if self.cipher.open_frame(counter, false, &sealed).is_ok() {
                return Ok(());
            }
            // A machine that lost power may have left zeros behind the last good frame.
            self.frames.pop();
        }
        if tail == Tail::Whole { Err(BAD) } else { Ok(()) }
    }

    /// Clear bytes.
    pub fn len(&self) -> u64 {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The file was finished by its writer.
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// The clear bytes of `range`, cut to the content's length. Reads only the frames it touches, one request for all.
    ///
    /// # Errors
    /// `Sealed("recording")` when a frame was changed or moved.
    pub async fn read(&self, range: Range<u64>) -> Result<Vec<u8>> {
        let range = range.start.min(self.len)..range.end.min(self.len);
        if range.start >= range.end {
            return Ok(Vec::new());
        }
        let first = self.frames.partition_point(|f| f.clear_offset + u64::from(f.clear_len) <= range.start);
        let end = self.frames.partition_point(|f| f.clear_offset < range.end);
        let touched = &self.frames[first..end];
        let (Some(head), Some(tail)) = (touched.first(), touched.last()) else { return Ok(Vec::new()) };
        let base = head.offset;
        let bytes = self.objects.get_range(&self.path, base..tail.offset + sealed_len(*tail)).await?;
        let mut out = Vec::with_capacity((range.end - range.start) as usize);
        for (i, frame) in touched.iter().enumerate() {
            let at = (frame.offset - base) as usize;
            let sealed = bytes.get(at..at + sealed_len(*frame) as usize).ok_or(BAD)?;
            let counter = (first + i) as u32;
            let last = self.whole && first + i + 1 == self.frames.len();
            let clear = self.cipher.open_frame(counter, last, sealed)?;
            let from = range.start.saturating_sub(frame.clear_offset).min(clear.len() as u64) as usize;
            let to = (range.end - frame.clear_offset).min(clear.len() as u64) as usize;
            out.extend_from_slice(&clear[from..to]);
        }
        Ok(out)
    }

    async fn sealed(&self, frame: Frame) -> Result<bytes::Bytes> {
        Ok(self.objects.get_range(&self.path, frame.offset..frame.offset + sealed_len(frame)).await?)
    }
}

fn sealed_len(frame: Frame) -> u64 {
    u64::from(frame.clear_len) + TAG_LEN as u64
}

fn index(lengths: &[u32]) -> Vec<Frame> {
    let (mut offset, mut clear_offset) = (HEADER_LEN as u64, 0);
    let frames = lengths.iter().map(|&sealed| {
        let clear_len = sealed - TAG_LEN as u32;
        let frame = Frame { offset: offset + LENGTH_LEN as u64, clear_offset, clear_len };
        offset += LENGTH_LEN as u64 + u64::from(sealed);
        clear_offset += u64::from(clear_len);
        frame
    });
    frames.collect()
}

/// Header, ciphertext length of every whole frame, and whether something follows that is not a whole frame.
pub(super) type Scan = ([u8; HEADER_LEN], Vec<u32>, bool);

/// Rebuilds the index from the frames' lengths: a local file is hopped through, a remote one streamed.
pub(super) async fn scan(objects: &dyn ObjectStore, path: &Path) -> Result<Scan> {
    let got = match objects.get(path).await {
        Ok(got) => got,
        Err(object_store::Error::NotFound { .. }) => return Err(StoreError::NotFound("recording file")),
        Err(e) => return Err(e.into()),
    };
    let size = got.meta.size;
    match got.payload {
        GetResultPayload::File(file, _) => {
            let scanned = tokio::task::spawn_blocking(move || scan_file(file, size)).await;
            scanned.map_err(|_| StoreError::Io(std::io::Error::other("scan was cancelled")))?
        }
        GetResultPayload::Stream(mut stream) => {
            let mut scanner = Scanner::default();
            while let Some(chunk) = stream.next().await {
                scanner.feed(&chunk?);
            }
            scanner.finish()
        }
    }
}

fn scan_file(mut file: std::fs::File, size: u64) -> Result<Scan> {
    let mut header = [0; HEADER_LEN];
    if size < HEADER_LEN as u64 {
        return Err(BAD);
    }
    file.seek(SeekFrom::Start(0))?;
    file.read_exact(&mut header)?;
    let mut at = HEADER_LEN as u64;
    let mut lengths = Vec::new();
    while at + (LENGTH_LEN as u64) <= size {
        let mut length = [0; LENGTH_LEN];
        file.read_exact(&mut length)?;
        let Some(len) = frame_len(length).filter(|l| at + (LENGTH_LEN + l) as u64 <= size) else { return Ok((header, lengths, true)) };
        lengths.push(len as u32);
        at += (LENGTH_LEN + len) as u64;
        file.seek(SeekFrom::Start(at))?;
    }
    Ok((header, lengths, at < size))
}

/// The same over a stream.
#[derive(Default)]
struct Scanner {
    header: Vec<u8>,
    length: Vec<u8>,
    lengths: Vec<u32>,
    /// Ciphertext bytes of the current frame still to come.
    skip: usize,
    broken: bool,
}

impl Scanner {
    fn feed(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() && !self.broken {
            if self.header.len() < HEADER_LEN {
                bytes = take(&mut self.header, HEADER_LEN, bytes);
            } else if self.skip > 0 {
                let n = self.skip.min(bytes.len());
                self.skip -= n;
                bytes = &bytes[n..];
            } else {
                bytes = take(&mut self.length, LENGTH_LEN, bytes);
                if let Ok(length) = <[u8; LENGTH_LEN]>::try_from(self.length.as_slice()) {
                    self.length.clear();
                    match frame_len(length) {
                        Some(len) => {
                            self.lengths.push(len as u32);
                            self.skip = len;
                        }
                        None => self.broken = true,
                    }
                }
            }
        }
    }

    fn finish(mut self) -> Result<Scan> {
        let header = self.header.try_into().map_err(|_| BAD)?;
        if self.skip > 0 {
            self.lengths.pop();
        }
        Ok((header, self.lengths, self.broken || self.skip > 0 || !self.length.is_empty()))
    }
}

fn take<'a>(into: &mut Vec<u8>, full: usize, bytes: &'a [u8]) -> &'a [u8] {
    let (now, later) = bytes.split_at(bytes.len().min(full - into.len()));
    into.extend_from_slice(now);
    later
}
