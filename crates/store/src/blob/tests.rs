use super::format::{FRAME_PLAIN_MAX, HEADER_LEN, LENGTH_LEN, TAG_LEN};
use super::*;
use crate::crypto::{Domain, MasterKey, WrappedKey};
use proptest::prelude::*;

fn keys(seed: u8) -> Arc<Crypto> {
    let master = MasterKey::load(&crate::MasterKeySource::Raw([seed; 32]), std::path::Path::new("/nowhere")).unwrap();
    let rows: Vec<WrappedKey> = (1..).zip(Domain::ALL).map(|(id, domain)| WrappedKey::generate(&master, id, domain, 1)).collect();
    Arc::new(Crypto::unwrap(&master, &rows).unwrap())
}

struct Bench {
    blobs: Blobs,
    dir: tempfile::TempDir,
}

fn bench() -> Bench {
    let dir = tempfile::tempdir().unwrap();
    Bench { blobs: Blobs::open(dir.path().to_owned(), keys(1)).unwrap(), dir }
}

const ID: RecordingId = RecordingId(uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001));

impl Bench {
    fn path(&self) -> PathBuf {
        self.dir.path().join(recording_name(ID))
    }
    /// Writes chunks, each flushed, and finishes (or not).
    fn write(&self, chunks: &[&[u8]], finish: bool) {
        let _ = std::fs::remove_file(self.path());
        let mut w = self.blobs.create_recording(ID).unwrap();
        for c in chunks {
            w.append(c).unwrap();
            w.flush().unwrap();
        }
        if finish {
            w.finish().unwrap();
        }
    }
    async fn open(&self, tail: Tail) -> Result<SealedReader> {
        self.blobs.open_sealed(&recording_name(ID), ID, tail).await
    }
    async fn content(&self, tail: Tail) -> Result<Vec<u8>> {
        let r = self.open(tail).await?;
        r.read(0..r.len()).await
    }
    fn bytes(&self) -> Vec<u8> {
        std::fs::read(self.path()).unwrap()
    }
    fn put(&self, bytes: &[u8]) {
        std::fs::write(self.path(), bytes).unwrap();
    }
}

/// Offsets of the frames (with their lengths) in a file.
fn frames(bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
    let mut out = Vec::new();
    let mut at = HEADER_LEN;
    while at < bytes.len() {
        let len = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        out.push(at..at + LENGTH_LEN + len);
        at += LENGTH_LEN + len;
    }
    out
}

#[tokio::test]
async fn every_range_reads_what_was_written() {
    let b = bench();
    let content: Vec<u8> = (0..200_000u32).map(|i| (i % 251) as u8).collect();
    // Short frames, an exact 64 KiB, and one that must be split.
    b.write(&[&content[..16_000], &content[16_000..16_000 + FRAME_PLAIN_MAX], &content[16_000 + FRAME_PLAIN_MAX..]], true);
    let r = b.open(Tail::Whole).await.unwrap();
    assert_eq!(r.len(), 200_000);
    assert!(r.is_whole());
    for (from, to) in
        [(0, 1), (0, 200_000), (15_999, 16_001), (81_535, 81_537), (199_999, 300_000), (5, 5), (300_000, 400_000), (90_000, 150_000)]
    {
        let want = &content[from.min(200_000)..to.min(200_000)];
        assert_eq!(r.read(from as u64..to as u64).await.unwrap(), want, "{from}..{to}");
    }
    let clear = b.bytes();
    assert!(!clear.windows(32).any(|w| w == &content[..32]));
}

#[tokio::test]
async fn an_empty_recording_is_whole() {
    let b = bench();
    b.write(&[], true);
    assert!(b.content(Tail::Whole).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_cut_file_plays_up_to_its_last_whole_frame_only_where_allowed() {
    let b = bench();
    b.write(&[b"first second", b"second second", b"third"], true);
    let whole = b.bytes();
    let ends: Vec<usize> = frames(&whole).iter().map(|f| f.end).collect();
    for cut in HEADER_LEN..whole.len() {
        b.put(&whole[..cut]);
        assert!(matches!(b.content(Tail::Whole).await, Err(StoreError::Sealed(_))), "cut at {cut} passed as whole");
        let got = b.content(Tail::MayBeCut).await.unwrap();
        let frames_left = ends.iter().filter(|e| **e <= cut).count();
        let want: &[u8] = [&b""[..], b"first second", b"first secondsecond second", b"first secondsecond secondthird"][frames_left];
        assert_eq!(got, want, "cut at {cut}");
    }
    for cut in 0..HEADER_LEN {
        b.put(&whole[..cut]);
        assert!(b.content(Tail::MayBeCut).await.is_err());
    }
}

#[tokio::test]
async fn garbage_behind_a_power_cut_is_left_out() {
    let b = bench();
    b.write(&[b"good"], false);
    let mut bytes = b.bytes();
    bytes.extend_from_slice(&20u32.to_be_bytes());
    bytes.extend_from_slice(&[0; 20]);
    b.put(&bytes);
    assert_eq!(b.content(Tail::MayBeCut).await.unwrap(), b"good");
    bytes.extend_from_slice(&[0; 4096]);
    b.put(&bytes);
    assert_eq!(b.content(Tail::MayBeCut).await.unwrap(), b"good");
}

#[tokio::test]
async fn reordered_repeated_or_dropped_frames_are_refused() {
    let b = bench();
    b.write(&[b"one!", b"two!", b"tri!"], true);
    let whole = b.bytes();
    let f = frames(&whole);
    let join = |order: &[usize]| {
        let mut out = whole[..HEADER_LEN].to_vec();
        order.iter().for_each(|i| out.extend_from_slice(&whole[f[*i].clone()]));
        out
    };
    for order in [&[1, 0, 2, 3][..], &[0, 0, 1, 2, 3], &[0, 2, 3], &[1, 2, 3], &[0, 1, 3], &[0, 1, 2, 3, 3]] {
        b.put(&join(order));
        assert!(b.content(Tail::Whole).await.is_err(), "{order:?}");
    }
    b.put(&join(&[0, 1, 2, 3]));
    assert_eq!(b.content(Tail::Whole).await.unwrap(), b"one!two!tri!");
    // Read where it is not the last frame that was moved.
    b.put(&join(&[1, 0, 2, 3]));
    if let Ok(r) = b.open(Tail::MayBeCut).await {
        assert!(r.read(0..4).await.is_err());
    }
}

#[tokio::test]
async fn any_changed_byte_is_refused() {
    let b = bench();
    b.write(&[b"some content", b"more"], true);
    let whole = b.bytes();
    for i in 0..whole.len() {
        let mut bad = whole.clone();
        bad[i] ^= 0x10;
        b.put(&bad);
        assert!(b.content(Tail::Whole).await.is_err(), "byte {i}");
    }
}

#[tokio::test]
async fn frames_of_another_file_and_other_keys_are_refused() {
    let b = bench();
    b.write(&[b"aaaa"], true);
    let one = b.bytes();
    b.write(&[b"aaaa"], true);
    let two = b.bytes();
    let mut mixed = one[..HEADER_LEN].to_vec();
    mixed.extend_from_slice(&two[HEADER_LEN..]);
    b.put(&mixed);
    assert!(b.content(Tail::Whole).await.is_err());
    b.put(&one);
    let other = Blobs::open(b.dir.path().to_owned(), keys(2)).unwrap();
    assert!(matches!(other.open_sealed(&recording_name(ID), ID, Tail::Whole).await, Err(StoreError::Sealed(_))));
}

#[tokio::test]
async fn a_running_recording_can_be_heard_up_to_the_last_flush() {
    let b = bench();
    let mut w = b.blobs.create_recording(ID).unwrap();
    w.append(&[1; 16_000]).unwrap();
    w.flush().unwrap();
    w.append(&[2; 8_000]).unwrap();
    let r = b.open(Tail::MayBeCut).await.unwrap();
    assert_eq!((r.len(), r.is_whole()), (16_000, false));
    assert_eq!(w.clear_len(), 24_000);
    assert_eq!(w.finish().unwrap(), 24_000);
    assert_eq!(b.open(Tail::Whole).await.unwrap().len(), 24_000);
}

#[tokio::test]
async fn the_streamed_scan_finds_what_the_local_one_finds() {
    let b = bench();
    b.write(&[b"first", b"second"], true);
    let whole = b.bytes();
    let memory = object_store::memory::InMemory::new();
    let path = BlobPath::from("x");
    for cut in HEADER_LEN..=whole.len() {
        memory.put(&path, whole[..cut].to_vec().into()).await.unwrap();
        b.put(&whole[..cut]);
        let streamed = reader::scan(&memory, &path).await.unwrap();
        let local = reader::scan(b.blobs.objects.as_ref(), &parse(&recording_name(ID)).unwrap()).await.unwrap();
        assert_eq!(streamed, local, "cut at {cut}");
    }
}

#[test]
fn wav_header_describes_the_samples() {
    let h = wav::wav_header(8000, 2, 16_000);
    assert_eq!(h.len() as u64, wav::WAV_HEADER_LEN);
    assert_eq!(u32::from_le_bytes(h[4..8].try_into().unwrap()), 16_050);
    assert_eq!(u32::from_le_bytes(h[54..58].try_into().unwrap()), 16_000);
    assert_eq!((h[20], h[22]), (7, 2));
    assert_eq!(wav::duration_ms(8000, 2, 16_000), 1000);
    assert_eq!(TAG_LEN, 16);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// However the bytes come in and wherever a range lies, reading gives back what was written.
    #[test]
    fn any_chunks_any_range(chunks in prop::collection::vec((0usize..90_000, any::<bool>()), 0..6), a in 0u64..300_000, b in 0u64..300_000) {
        let bench = bench();
        let mut w = bench.blobs.create_recording(ID).unwrap();
        let mut content = Vec::new();
        for (i, (len, flush)) in chunks.into_iter().enumerate() {
            let chunk: Vec<u8> = (0..len).map(|n| (n * 7 + i * 31) as u8).collect();
            w.append(&chunk).unwrap();
            if flush {
                w.flush().unwrap();
            }
            content.extend_from_slice(&chunk);
        }
        w.finish().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let r = bench.open(Tail::Whole).await.unwrap();
            prop_assert_eq!(r.len(), content.len() as u64);
            let (from, to) = (a.min(b), a.max(b));
            let clamp = |n: u64| (n as usize).min(content.len());
            prop_assert_eq!(r.read(from..to).await.unwrap(), &content[clamp(from)..clamp(to)]);
            Ok(())
        })?;
    }

    /// Bytes that nobody sealed never open and never panic.
    #[test]
    fn garbage_never_opens(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let bench = bench();
        drop(bench.blobs.create_recording(ID).unwrap());
        bench.put(&bytes);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        prop_assert!(runtime.block_on(bench.content(Tail::MayBeCut)).is_err());
    }
}
