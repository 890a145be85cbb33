//! Sealed files through the public door.
use crate::support::{Db, found_in_clear, id, on_both};
use domain::RecordingId;
use store::StoreError;
use store::blob::{Tail, recording_name};

async fn prompts_are_sealed_under_their_name(db: Db) {
    let blobs = db.store.blobs().unwrap();
    blobs.put_prompt("hello.wav", b"RIFF prompt body").await.unwrap();
    blobs.put_prompt("hello.wav", b"RIFF second body").await.unwrap();
    assert_eq!(blobs.get_prompt("hello.wav").await.unwrap(), b"RIFF second body");
    assert!(matches!(blobs.get_prompt("other.wav").await, Err(StoreError::NotFound("prompt file"))));
    for bad in ["../x", "", "a/b", ".hidden"] {
        assert!(matches!(blobs.put_prompt(bad, b"").await, Err(StoreError::Invalid { field: "path", .. })), "{bad}");
    }
    assert!(found_in_clear(db.dir.path(), &[b"RIFF"]).is_empty());
    // Renamed by hand: does not open.
    let dir = db.store.blob_dir().join("prompts");
    std::fs::copy(dir.join("hello.wav.zys"), dir.join("other.wav.zys")).unwrap();
    assert!(matches!(blobs.get_prompt("other.wav").await, Err(StoreError::Sealed("prompt"))));
}

async fn a_file_of_another_recording_is_refused(db: Db) {
    let blobs = db.store.blobs().unwrap();
    let (a, b): (RecordingId, RecordingId) = (id(), id());
    for r in [a, b] {
        let mut w = blobs.create_recording(r).unwrap();
        w.append(b"samples").unwrap();
        assert_eq!(w.finish().unwrap(), 7);
    }
    let path = |r| db.store.blob_dir().join(recording_name(r));
    std::fs::copy(path(a), path(b)).unwrap();
    assert!(blobs.open_sealed(&recording_name(a), a, Tail::Whole).await.is_ok());
    for tail in [Tail::Whole, Tail::MayBeCut] {
        let refused = blobs.open_sealed(&recording_name(b), b, tail).await.unwrap_err();
        assert!(matches!(refused, StoreError::Sealed("recording")), "{refused:?}");
    }
    assert!(blobs.create_recording(a).is_err(), "a recording is never written over");
    blobs.delete(&recording_name(a)).await.unwrap();
    blobs.delete(&recording_name(a)).await.unwrap();
    assert!(matches!(blobs.open_sealed(&recording_name(a), a, Tail::Whole).await, Err(StoreError::NotFound(_))));
}

on_both!(prompts_are_sealed_under_their_name, a_file_of_another_recording_is_refused);
