//! What the engine appends is what readers find.
use crate::support::{Db, NOW, found_in_clear, id, on_both};
use domain::event::{Event, EventKind};
use domain::interaction::*;
use domain::live::AgentStatus;
use domain::{CustomerId, InteractionId, LegId, OfferId, Pii, QueueId, RecordingId, Timestamp, UserId};
use store::history::WrapUp;
use store::repo::interactions::{self, InteractionFilter};
use store::{PageRequest, Record, StoreError};

pub fn interaction(started_at: Timestamp) -> Interaction {
    Interaction {
        id: id(),
        channel: Channel::Voice,
        direction: Direction::Inbound,
        state: InteractionState::Entry,
        outcome: None,
        remote: Pii::new("13800001234".into()),
        local: "4001".into(),
        number: Some(id()),
        trunk: None,
        queue: None,
        agent: None,
        customer: None,
        started_at,
        queued_at: None,
        answered_at: None,
        ended_at: None,
        wait_ms: 0,
        talk_ms: 0,
        hold_ms: 0,
        wrap_up_ms: 0,
        hangup: None,
        wrap_up_code: None,
        note: None,
        recording: None,
    }
}

pub fn event(interaction: InteractionId, at: Timestamp, kind: EventKind) -> Event {
    Event { id: id(), at, interaction: Some(interaction), agent: None, queue: None, kind }
}

/// One of each kind, so that every kind is proved to go in and come out.
pub fn every_event(i: InteractionId) -> Vec<Event> {
    let offer: OfferId = id();
    let recording: RecordingId = id();
    let kinds = vec![
        EventKind::InteractionStarted {
            channel: Channel::Voice,
            direction: Direction::Inbound,
            remote: Pii::new("13800001234".into()),
            local: "4001".into(),
            number: Some(id()),
            trunk: None,
            customer: None,
        },
        EventKind::SegmentStarted { segment: SegmentKind::Menu },
        EventKind::Digit { digit: '7' },
        EventKind::SegmentEnded { segment: SegmentKind::Menu, result: "digit_7".into() },
        EventKind::Queued { priority: 3, callback: false },
        EventKind::Offered { offer, ring_timeout_ms: 15_000 },
        EventKind::OfferEnded { offer, result: "accepted".into() },
        EventKind::Dequeued { wait_ms: 1200, reason: "answered".into() },
        EventKind::Answered { leg: LegId(1), wait_ms: 1200 },
        EventKind::RecordingStarted { recording },
        EventKind::Held,
        EventKind::Unheld,
        EventKind::Muted { muted: true },
        EventKind::Transferred { to: "13900005678".into() },
        EventKind::RecordingEnded { recording, duration_ms: 9000 },
        EventKind::InteractionEnded {
            outcome: Outcome::Handled,
            hangup: HangupCause { by: HangupBy::Customer, sip_status: None, q850: Some(16) },
        },
        EventKind::WrapUpDone { code: Some("done".into()), took_ms: 900 },
        EventKind::AgentStatusChanged { from: AgentStatus::WrapUp, to: AgentStatus::Available, reason: None, was_ms: 900 },
        EventKind::InteractionLost,
        EventKind::Healed { what: "agent 13800001234".into() },
    ];
    kinds.into_iter().enumerate().map(|(n, k)| event(i, NOW.plus_ms(n as u64), k)).collect()
}

async fn a_call_is_written_and_read_back(db: Db) {
    let mut i = interaction(NOW);
    let (queue, agent) = (id::<QueueId>(), id::<UserId>());
    let segment = |kind, ended| Segment {
        id: id(),
        interaction: i.id,
        kind,
        queue: Some(queue),
        agent: None,
        started_at: NOW,
        ended_at: ended,
        result: None,
    };
    let mut open = segment(SegmentKind::Queue, None);
    db.store.append(NOW, vec![Record::Interaction(i.clone()), Record::Segment(open.clone())]).await.unwrap();

    i.state = InteractionState::Ended;
    i.outcome = Some(Outcome::Handled);
    i.queue = Some(queue);
    i.agent = Some(agent);
    i.ended_at = Some(NOW.plus_ms(60_000));
    i.talk_ms = 55_000;
    i.hangup = Some(HangupCause { by: HangupBy::Agent, sip_status: Some(200), q850: Some(16) });
    open.ended_at = Some(NOW.plus_ms(5000));
    open.result = Some("answered".into());
    let leg = LegReport {
        interaction: i.id,
        leg: LegId(1),
        party: "agent".into(),
        agent: Some(agent),
        peer: "browser".into(),
        codec: "PCMA".into(),
        quality: LegQuality { packets_received: 3000, mos: 4.3, round_trip_ms: None, ..Default::default() },
    };
    let recording = Recording {
        id: id(),
        interaction: i.id,
        blob: "recordings/x/y.zyr".into(),
        started_at: NOW,
        duration_ms: 55_000,
        sample_rate_hz: 8000,
        channels: 2,
        bytes: 880_058,
        state: RecordingState::Complete,
    };
    i.recording = Some(recording.id);
    let events = every_event(i.id);
    // The same row twice in a batch: the later one counts.
    let mut batch = vec![Record::Interaction(interaction(NOW)), Record::Interaction(Interaction { talk_ms: 1, ..i.clone() })];
    batch.extend(events.iter().cloned().map(Record::Event));
    batch.extend([
        Record::Interaction(i.clone()),
        Record::Segment(open.clone()),
        Record::Leg(leg.clone()),
        Record::Recording(recording.clone()),
    ]);
    db.store.append(NOW, batch.clone()).await.unwrap();
    // A writer that is not sure repeats the batch.
    db.store.append(NOW, batch).await.unwrap();

    let got = interactions::detail(&db.store, i.id).await.unwrap();
    assert_eq!(got.interaction, i);
    assert_eq!(got.segments, [open]);
    assert_eq!(got.legs, [leg]);
    assert_eq!(got.recordings, std::slice::from_ref(&recording));
    assert_eq!(got.events, events);
    assert_eq!(interactions::recording(&db.store, recording.id).await.unwrap(), recording);
    let first = interactions::events_after(&db.store, 0, 4).await.unwrap();
    assert_eq!(first.iter().map(|e| &e.1).collect::<Vec<_>>(), events[..4].iter().collect::<Vec<_>>());
    let after = interactions::events_after(&db.store, first[3].0, 5).await.unwrap();
    assert_eq!(after.into_iter().map(|e| e.1).collect::<Vec<_>>(), events[4..9]);
    let types = ["answered", "agent_status_changed"];
    let of = |kind: &EventKind| matches!(kind, EventKind::Answered { .. } | EventKind::AgentStatusChanged { .. });
    let wanted: Vec<Event> = events.iter().filter(|e| of(&e.kind)).cloned().collect();
    let some = interactions::events_of(&db.store, &types, Timestamp(0), Timestamp(i64::MAX), 0, 100).await.unwrap();
    assert!(!wanted.is_empty() && some.into_iter().map(|e| e.1).eq(wanted));
    let came = async |from, to| interactions::who_came(&db.store, from, to, 10).await.unwrap();
    assert!(came(NOW, NOW.plus_ms(1)).await.contains(&(i.id, NOW, i.local.clone(), i.customer)));
    assert_eq!(came(NOW.plus_ms(1), NOW.plus_ms(9)).await, []);
    let customer: CustomerId = id();
    let talk = |at: Timestamp, agent: Option<UserId>| {
        let answered_at = agent.map(|_| at.plus_ms(5));
        Record::Interaction(Interaction { id: id(), customer: Some(customer), agent, answered_at, ..interaction(at) })
    };
    let later = (NOW.plus_ms(20), id::<UserId>());
    let talks = vec![talk(later.0, Some(later.1)), talk(NOW.plus_ms(10), Some(agent)), talk(NOW.plus_ms(15), None)];
    db.store.append(NOW, talks).await.unwrap();
    let talked = interactions::talked(&db.store, &[customer], NOW, NOW.plus_ms(21)).await.unwrap();
    assert_eq!(talked, [(customer, NOW.plus_ms(10), agent), (customer, later.0, later.1)]);
    assert!(matches!(interactions::get(&db.store, id()).await, Err(StoreError::NotFound("interaction"))));
}

async fn a_wrap_up_is_not_wiped_by_the_call_that_goes_on(db: Db) {
    let i = interaction(NOW);
    db.store.append(NOW, vec![Record::Interaction(i.clone())]).await.unwrap();
    let w = WrapUp { interaction: i.id, code: Some("sale".into()), note: Some(Pii::new("likes tea".into())), wrap_up_ms: Some(7) };
    db.store.append(NOW, vec![Record::WrapUp(w)]).await.unwrap();
    db.store.append(NOW, vec![Record::Interaction(Interaction { talk_ms: 5, ..i.clone() })]).await.unwrap();
    let got = interactions::get(&db.store, i.id).await.unwrap();
    assert_eq!((got.talk_ms, got.wrap_up_ms, got.wrap_up_code.as_deref()), (5, 7, Some("sale")));
    assert_eq!(got.note.unwrap().reveal(), "likes tea");
    let tx = db.store.begin(NOW).await.unwrap();
    interactions::set_wrap_up(&tx, i.id, Some("other"), None).await.unwrap();
    assert!(interactions::set_wrap_up(&tx, id(), Some("x"), None).await.is_err());
    tx.commit().await.unwrap();
    let got = interactions::get(&db.store, i.id).await.unwrap();
    assert_eq!((got.wrap_up_code.as_deref(), got.note.is_some()), (Some("other"), true));
}

async fn filters_and_pages(db: Db) {
    let (anna, queue) = (id::<UserId>(), id::<QueueId>());
    let mut records = Vec::new();
    for n in 0..10u64 {
        // Pairs share an instant, so that the page edge falls between equals.
        let mut i = interaction(NOW.plus_ms(n / 2 * 1000));
        i.agent = (n % 3 == 0).then_some(anna);
        i.queue = (n < 4).then_some(queue);
        i.remote = Pii::new(if n == 9 { "+86 139 0000 5678".into() } else { "13800001234".into() });
        i.state = InteractionState::Ended;
        i.outcome = Some(if n == 0 { Outcome::Abandoned } else { Outcome::Handled });
        records.push(Record::Interaction(i));
    }
    db.store.append(NOW, records).await.unwrap();
    let mut seen = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let request = PageRequest::parse(cursor.as_deref(), Some(3)).unwrap();
        let page = interactions::list(&db.store, &InteractionFilter::default(), request).await.unwrap();
        seen.extend(page.items.iter().map(|i| (i.started_at, i.id)));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 10);
    assert!(seen.is_sorted_by(|a, b| a > b), "newest first, none twice");
    let count = async |f: InteractionFilter| interactions::list(&db.store, &f, PageRequest::default()).await.unwrap().items.len();
    assert_eq!(count(InteractionFilter { agent: Some(anna), ..Default::default() }).await, 4);
    assert_eq!(count(InteractionFilter { queue: Some(queue), ..Default::default() }).await, 4);
    assert_eq!(count(InteractionFilter { phone: Some("139-0000-5678".into()), ..Default::default() }).await, 1);
    assert_eq!(count(InteractionFilter { from: Some(NOW.plus_ms(1000)), to: Some(NOW.plus_ms(3000)), ..Default::default() }).await, 4);
    assert_eq!(count(InteractionFilter { outcome: Some(Outcome::Abandoned), ..Default::default() }).await, 1);
    assert_eq!(count(InteractionFilter { state: Some(InteractionState::Lost), ..Default::default() }).await, 0);
}

async fn a_team_sees_its_own(db: Db) {
    let team = id();
    let mut anna = crate::access::user("anna", None);
    anna.team = Some(team);
    let tx = db.store.begin(NOW).await.unwrap();
    store::repo::users::insert(&tx, &anna).await.unwrap();
    let mut mine = interaction(NOW);
    mine.agent = Some(anna.id);
    tx.append(vec![Record::Interaction(mine.clone()), Record::Interaction(interaction(NOW))]).await.unwrap();
    tx.commit().await.unwrap();
    let filter = InteractionFilter { agent_team: Some(team), ..Default::default() };
    let got = interactions::list(&db.store, &filter, PageRequest::default()).await.unwrap();
    assert_eq!(got.items, [mine]);
}

async fn events_of_one_instant_keep_their_order(db: Db) {
    let i: InteractionId = id();
    let mut events = every_event(i);
    // Ids that sort the other way round.
    let mut ids: Vec<_> = events.iter().map(|e| e.id).collect();
    ids.reverse();
    for (e, id) in events.iter_mut().zip(ids) {
        (e.at, e.id) = (NOW, id);
    }
    db.store.append(NOW, events.iter().cloned().map(Record::Event).collect()).await.unwrap();
    assert_eq!(interactions::events(&db.store, i).await.unwrap(), events);
}

async fn a_failing_batch_writes_nothing(db: Db) {
    let i = interaction(NOW);
    let tx = db.store.begin(NOW).await.unwrap();
    tx.append(vec![Record::Interaction(i.clone()), Record::Event(event(i.id, NOW, EventKind::Held))]).await.unwrap();
    drop(tx);
    assert!(interactions::get(&db.store, i.id).await.is_err());
    assert!(interactions::events(&db.store, i.id).await.unwrap().is_empty());
}

async fn events_cannot_be_changed(db: Db) {
    use sea_orm::ConnectionTrait;
    db.store.append(NOW, vec![Record::Event(event(id(), NOW, EventKind::Held))]).await.unwrap();
    for sql in ["UPDATE events SET kind = 'x'", "DELETE FROM events"] {
        let refused = db.raw().await.execute_unprepared(sql).await.unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{refused}");
    }
}

async fn nothing_personal_lies_in_clear(db: Db) {
    let mut i = interaction(NOW);
    i.remote = Pii::new("13876543210".into());
    i.note = Some(Pii::new("Frau Müller möchte Tee".into()));
    let mut records = vec![Record::Interaction(i.clone())];
    records.push(Record::Event(event(i.id, NOW, EventKind::Transferred { to: "13876543210".into() })));
    records.push(Record::Event(event(i.id, NOW, EventKind::Healed { what: "13876543210".into() })));
    records.push(Record::WrapUp(WrapUp {
        interaction: i.id, code: None, note: Some(Pii::new("客户想要退款".into())), wrap_up_ms: None
    }));
    db.store.append(NOW, records).await.unwrap();
    let words: [&[u8]; 4] = [b"13876543210", "Müller".as_bytes(), "退款".as_bytes(), b"\x8613876543210"];
    if db.is_sqlite() {
        // While open: the write-ahead log; after closing: the database file.
        assert!(found_in_clear(db.dir.path(), &words).is_empty());
        let db = db.reopen().await;
        let hits = found_in_clear(db.dir.path(), &words);
        assert!(hits.is_empty(), "{hits:?}");
        // The search itself works: what is not personal is found.
        assert!(!found_in_clear(db.dir.path(), &[b"4001"]).is_empty());
        assert_eq!(interactions::get(&db.store, i.id).await.unwrap().note.unwrap().reveal(), "客户想要退款");
    } else {
        use sea_orm::{ConnectionTrait, DbBackend, Statement};
        let sql = "SELECT count(*) AS n FROM events e, interactions i WHERE e::text LIKE '%13876543210%' OR i::text LIKE '%13876543210%'";
        let row = db.raw().await.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap().unwrap();
        assert_eq!(row.try_get::<i64>("", "n").unwrap(), 0);
    }
}

async fn a_sealed_value_in_another_row_does_not_open(db: Db) {
    let (a, b) = (interaction(NOW), interaction(NOW));
    db.store.append(NOW, vec![Record::Interaction(a.clone()), Record::Interaction(b.clone())]).await.unwrap();
    let hex = |i: &Interaction| i.id.0.simple().to_string();
    let literal = |i: &Interaction| if db.is_sqlite() { format!("x'{}'", hex(i)) } else { format!("'{}'", i.id) };
    db.sql(&format!(
        "UPDATE interactions SET remote = (SELECT remote FROM interactions WHERE id = {}) WHERE id = {}",
        literal(&a),
        literal(&b)
    ))
    .await;
    assert!(interactions::get(&db.store, a.id).await.is_ok());
    assert!(matches!(interactions::get(&db.store, b.id).await, Err(StoreError::Sealed("remote"))));
}

on_both!(
    a_call_is_written_and_read_back,
    a_wrap_up_is_not_wiped_by_the_call_that_goes_on,
    filters_and_pages,
    a_team_sees_its_own,
    events_of_one_instant_keep_their_order,
    a_failing_batch_writes_nothing,
    events_cannot_be_changed,
    nothing_personal_lies_in_clear,
    a_sealed_value_in_another_row_does_not_open,
);
