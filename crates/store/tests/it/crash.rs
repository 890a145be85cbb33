//! The start after a crash.
use crate::history::{event, interaction};
use crate::support::{Db, NOW, found_in_clear, id, on_both};
use domain::event::EventKind;
use domain::interaction::*;
use store::repo::interactions;
use store::{Record, blob};

async fn what_was_open_is_closed_as_lost_with_its_recording(db: Db) {
    let blobs = db.store.blobs().unwrap();
    let mut open = interaction(NOW);
    let recording = Recording {
        id: id(),
        interaction: open.id,
        blob: String::new(),
        started_at: NOW,
        duration_ms: 0,
        sample_rate_hz: 8000,
        channels: 2,
        bytes: 0,
        state: RecordingState::Running,
    };
    let recording = Recording { blob: blob::recording_name(recording.id), ..recording };
    open.state = InteractionState::Connected;
    let ended = Interaction { state: InteractionState::Ended, outcome: Some(Outcome::Handled), ..interaction(NOW) };
    let segment = Segment {
        id: id(),
        interaction: open.id,
        kind: SegmentKind::Talk,
        queue: None,
        agent: None,
        started_at: NOW,
        ended_at: None,
        result: None,
    };
    let mut file = blobs.create_recording(recording.id).unwrap();
    for _ in 0..3 {
        file.append(&[0x55; 16_000]).unwrap();
        file.flush().unwrap();
    }
    file.append(&[0x55; 1000]).unwrap();
    drop(file);
    let held = event(open.id, NOW.plus_ms(2500), EventKind::Held);
    let records = vec![
        Record::Interaction(open.clone()),
        Record::Interaction(ended.clone()),
        Record::Segment(segment),
        Record::Recording(recording.clone()),
        Record::Event(held),
    ];
    db.store.append(NOW, records).await.unwrap();
    drop(blobs);

    let db = db.reopen().await;
    let later = NOW.plus_ms(60_000);
    let lost = db.store.close_lost(later, id).await.unwrap();
    assert_eq!(lost.len(), 1);
    assert_eq!((lost[0].interaction.id, lost[0].was), (open.id, InteractionState::Connected));
    assert_eq!(lost[0].recordings[0].duration_ms, 3000);
    assert!(db.store.close_lost(later, id).await.unwrap().is_empty(), "once");

    let d = interactions::detail(&db.store, open.id).await.unwrap();
    assert_eq!((d.interaction.state, d.interaction.outcome), (InteractionState::Lost, Some(Outcome::Lost)));
    assert_eq!(d.interaction.ended_at, Some(NOW.plus_ms(3000)), "the last moment known, not the restart");
    assert_eq!(d.interaction.recording, Some(recording.id), "the row was written before the recording began");
    assert_eq!((d.segments[0].ended_at, d.segments[0].result.as_deref()), (Some(NOW.plus_ms(3000)), Some("lost")));
    assert_eq!(d.events.last().unwrap().kind, EventKind::InteractionLost);
    assert_eq!(interactions::get(&db.store, ended.id).await.unwrap(), ended);
    let got = &d.recordings[0];
    assert_eq!((got.state, got.bytes), (RecordingState::Truncated, 48_000 + blob::wav::WAV_HEADER_LEN));
    let wav = db.store.blobs().unwrap().open_wav(got).await.unwrap();
    assert_eq!(wav.len(), got.bytes);
    let head = wav.read(0..60).await.unwrap();
    assert_eq!((&head[..4], &head[58..]), (&b"RIFF"[..], &[0x55, 0x55][..]));
    let hits = found_in_clear(db.dir.path(), &[b"RIFF", &[0x55; 32]]);
    assert!(hits.is_empty(), "{hits:?}");
}

async fn a_recording_without_a_file_is_closed_too(db: Db) {
    let i = interaction(NOW);
    let recording = Recording {
        id: id(),
        interaction: i.id,
        blob: "recordings/none/none.zyr".into(),
        started_at: NOW,
        duration_ms: 7,
        sample_rate_hz: 8000,
        channels: 2,
        bytes: 7,
        state: RecordingState::Running,
    };
    db.store.append(NOW, vec![Record::Interaction(i), Record::Recording(recording.clone())]).await.unwrap();
    let lost = db.store.close_lost(NOW, id).await.unwrap();
    assert_eq!((lost[0].recordings[0].state, lost[0].recordings[0].duration_ms), (RecordingState::Truncated, 0));
}

on_both!(what_was_open_is_closed_as_lost_with_its_recording, a_recording_without_a_file_is_closed_too);
