//! The engine on a real store, with a voice driver that is played by the test.
use super::*;
use crate::handle::{AgentMedia, Command, CommandError, Connected, LiveChange};
use domain::access::Role;
use domain::config::{Customer, Label, Locale, Overflow, Queue, QueueMember, Strategy, User};
use domain::event::EventKind;
use domain::interaction::{Channel, Direction, Interaction, InteractionState, Outcome, RecordingState, SegmentKind};
use domain::live::{AgentStatus, Device};
use domain::routing::{CallBelief, Card, Effect, Enqueue, Input, JOURNAL_VERSION, JournalLine, Router};
use domain::{CallId, CustomerId, InteractionId, OfferId, QueueId, RecordingId, UserId};
use store::repo::{config, customers, interactions, users};
use store::{MasterKeySource, StoreConfig};
use uuid::Uuid;

mod rebuild;

/// The engine, the driver's end of it, and the folder it lives in.
struct House {
    handle: Handle,
    task: EngineTask,
    context: Context,
    voice: mpsc::Receiver<VoiceCommand>,
    store: Arc<Store>,
    folder: tempfile::TempDir,
}

const ANNA: UserId = UserId(Uuid::from_u128(0xa1));
const BEN: UserId = UserId(Uuid::from_u128(0xa2));
const JOURNAL: &str = "routing.jsonl";
const DESK: QueueId = QueueId(Uuid::from_u128(0x11));

fn agent(id: UserId, name: &str, roles: &[Role]) -> User {
    User {
        id,
        username: name.to_owned(),
        display_name: name.to_owned(),
        roles: roles.to_vec(),
        team: None,
        extension: None,
        locale: Locale::En,
        skills: Default::default(),
        capacity: None,
        disabled: false,
    }
}

fn queue(members: &[UserId]) -> Queue {
    Queue {
        id: DESK,
        key: "service".into(),
        name: Label::default(),
        strategy: Strategy::LongestIdle,
        ring_timeout_ms: 20_000,
        wrap_up_ms: 60_000,
        queue_len_max: 10,
        wait_max_ms: 600_000,
        overflow: Overflow::HangUp { prompt: None },
        announce_every_ms: 0,
        music: "music".into(),
        record: true,
        hours: None,
        closed: Default::default(),
        closing: Default::default(),
        waiting: Default::default(),
        callbacks: Default::default(),
        service_level_threshold_s: 20,
        measure: Default::default(),
        routing: Default::default(),
        members: members.iter().map(|m| QueueMember::new(*m, 1)).collect(),
    }
}

async fn store(folder: &tempfile::TempDir) -> Arc<Store> {
    let mut config = StoreConfig::embedded(folder.path());
    config.master_key = MasterKeySource::Raw([7; 32]);
    Arc::new(Store::open(config, Clock::start().now()).await.unwrap())
}

async fn house() -> House {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder).await;
    let tx = store.begin(Clock::start().now()).await.unwrap();
    users::insert(&tx, &agent(ANNA, "anna", &[Role::Agent])).await.unwrap();
    users::insert(&tx, &agent(BEN, "ben", &[Role::Admin])).await.unwrap();
    config::insert::<config::kind::Queues>(&tx, &queue(&[ANNA])).await.unwrap();
    tx.commit().await.unwrap();
    start(folder, store).await
}

async fn start(folder: tempfile::TempDir, store: Arc<Store>) -> House {
    let (out, taken) = tokio::sync::oneshot::channel();
    let routing_journal = Some(folder.path().join(JOURNAL));
    let config = EngineConfig { drain_ms: 10_000, routing_journal, ..EngineConfig::default() };
    let (handle, task) = Engine::start_with(config, store.clone(), |context, commands| async move {
        out.send((context, commands)).ok().unwrap();
        Ok(VoiceRunning { sip_addr: ([127, 0, 0, 1], 5060).into() })
    })
    .await
    .unwrap();
    let (context, voice) = taken.await.unwrap();
    House { handle, task, context, voice, store, folder }
}

fn call(n: u128) -> InteractionId {
    InteractionId(Uuid::from_u128(0xc0 + n))
}

impl House {
    fn row(&self, n: u128) -> Interaction {
        Interaction {
            id: call(n),
            channel: Channel::Voice,
            direction: Direction::Inbound,
            state: InteractionState::Waiting,
            outcome: None,
            remote: "13800138000".to_owned().into(),
            local: "4001".into(),
            number: None,
            trunk: None,
            queue: Some(DESK),
            agent: None,
            customer: None,
            started_at: self.context.clock.now(),
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

    async fn enqueue(&self, n: u128) {
        let card = Card { remote: "13800138000".to_owned().into(), local: "4001".into(), ..Card::default() };
        let since = self.context.clock.now();
        let enqueue = Enqueue { card, ..Enqueue::new(call(n), DESK, since) };
        self.context.router.ask(Input::Enqueue(enqueue)).await.unwrap();
    }

    async fn available(&self, agent: UserId) {
        let live = self.handle.ask(|reply| Command::SetStatus { agent, status: AgentStatus::Available, reason: None, reply }).await;
        assert_eq!(live.unwrap().user, agent);
    }

    async fn the_offer(&self) -> OfferId {
        self.handle.snapshot().await.unwrap().offers[0].offer
    }

    async fn status(&self, agent: UserId) -> AgentStatus {
        self.handle.snapshot().await.unwrap().agents.iter().find(|a| a.user == agent).unwrap().status
    }
}

#[tokio::test]
async fn a_call_goes_from_the_queue_through_an_agent_into_history() {
    let mut h = house().await;
    let mut changes = h.handle.subscribe();
    let signed_in = h.handle.ask(|reply| Command::SignIn { agent: ANNA, device: Device::Browser, reply }).await.unwrap();
    assert_eq!((signed_in.status, signed_in.queues), (AgentStatus::Away, vec![DESK]));
    h.available(ANNA).await;

    h.context.writer.interaction(h.row(1));
    let mut attachment = h.context.router.attach(call(1));
    h.enqueue(1).await;
    let Some(Effect::Offer { offer, .. }) = attachment.next().await else { panic!("no offer") };
    let snapshot = h.handle.snapshot().await.unwrap();
    assert_eq!((snapshot.waiting.len(), snapshot.offers[0].offer), (1, offer.offer));

    // The desk accepts: the voice driver is told which call it is, and asks the router.
    let handle = h.handle.clone();
    let media = AgentMedia::Browser { sdp_offer: "v=0".into() };
    let accepting =
        tokio::spawn(async move { handle.ask(|reply| Command::Accept { agent: ANNA, offer: offer.offer, media, reply }).await });
    let Some(VoiceCommand::Accept { agent, call: id, offer, reply, .. }) = next_of(&mut h.voice).await else { panic!("no accept") };
    assert_eq!((agent, id), (ANNA, CallId::from(call(1))));
    h.context.router.ask(Input::Accept { agent, offer }).await.unwrap();
    assert!(matches!(attachment.next().await, Some(Effect::Assigned { agent: ANNA, .. })));
    reply.send(Ok(Connected { call: id, sdp_answer: Some("v=0".into()) })).unwrap();
    assert_eq!(accepting.await.unwrap().unwrap().call, id);
    assert_eq!(h.status(ANNA).await, AgentStatus::OnCall);

    let released = Input::Released { agent: ANNA, interaction: call(1), queue: Some(DESK), wrap_up_ms: 60_000, away: None };
    h.context.router.ask(released).await.unwrap();
    assert_eq!(h.status(ANNA).await, AgentStatus::WrapUp);
    let (code, note) = (Some("solved".to_owned()), Some("likes tea".to_owned().into()));
    h.handle.ask(|reply| Command::WrapUp { agent: ANNA, interaction: call(1), code, note, reply }).await.unwrap();
    assert_eq!(h.status(ANNA).await, AgentStatus::Available);
    // The call's own last row does not wipe what the agent wrote.
    let ended = Interaction { state: InteractionState::Ended, outcome: Some(Outcome::Handled), ..h.row(1) };
    h.context.writer.interaction(ended);
    assert!(h.context.writer.flush().await);

    let detail = interactions::detail(&*h.store, call(1)).await.unwrap();
    assert_eq!(detail.interaction.state, InteractionState::Ended);
    assert_eq!(detail.interaction.wrap_up_code.as_deref(), Some("solved"));
    assert_eq!(detail.interaction.note.unwrap().reveal(), "likes tea");
    assert_eq!(detail.segments.iter().filter(|s| s.kind == SegmentKind::WrapUp).count(), 1);
    let count = |f: fn(&EventKind) -> bool| detail.events.iter().filter(|e| f(&e.kind)).count();
    assert_eq!(count(|k| matches!(k, EventKind::Queued { .. })), 1);
    assert_eq!(count(|k| matches!(k, EventKind::Offered { .. })), 1);
    assert_eq!(count(|k| matches!(k, EventKind::WrapUpDone { code: Some(c), .. } if c == "solved")), 1);

    let mut seen = vec![];
    while let Ok(change) = changes.try_recv() {
        seen.push(match change {
            LiveChange::Agent(a) => format!("{:?}", a.status),
            LiveChange::Offer(_) => "offer".into(),
            LiveChange::OfferEnded { result, .. } => result,
            LiveChange::Waiting(_) => "waiting".into(),
            LiveChange::WaitingEnded { .. } => "waiting_ended".into(),
            other => format!("{other:?}"),
        });
    }
    assert_eq!(seen, ["Away", "Available", "waiting", "Ringing", "offer", "OnCall", "waiting_ended", "answered", "WrapUp", "Available"]);
}

#[tokio::test]
async fn the_routers_journal_plays_again_and_holds_no_number() {
    let h = house().await;
    h.available(ANNA).await;
    h.enqueue(1).await;
    h.enqueue(2).await;
    let first = h.the_offer().await;
    h.context.router.ask(Input::Decline { agent: ANNA, offer: first }).await.unwrap();
    let second = h.the_offer().await;
    h.context.router.ask(Input::Accept { agent: ANNA, offer: second }).await.unwrap();
    let accept = format!("\"offer\":\"{second}\"");
    let path = h.folder.path().join(JOURNAL);
    // The journal's own thread writes.
    let written = async {
        loop {
            let text = std::fs::read_to_string(&path).unwrap();
            if text.contains(&accept) && text.ends_with('\n') {
                return text;
            }
            tokio::task::yield_now().await;
        }
    };
    let text = tokio::time::timeout(Duration::from_secs(10), written).await.unwrap();
    assert!(!text.contains("13800138000"));
    let (mut router, mut out) = (None, vec![]);
    for line in text.lines() {
        match serde_json::from_str(line).unwrap() {
            JournalLine::Router { version: JOURNAL_VERSION, seed } => router = Some(Router::new(seed)),
            JournalLine::Input { at_us, input } => router.as_mut().unwrap().handle(at_us, input, &mut out),
            other => panic!("{other:?}"),
        }
    }
    let offered: Vec<OfferId> =
        out.iter().filter_map(|e| if let Effect::Offer { offer, .. } = e { Some(offer.offer) } else { None }).collect();
    assert_eq!(offered, [first, second]);
    let won = |e: &&Effect| matches!(e, Effect::Assigned { agent: ANNA, offer, .. } if *offer == second);
    assert_eq!(out.iter().filter(won).count(), 1);
}

/// The driver's next command but for news of the set-up.
async fn next_of(voice: &mut mpsc::Receiver<VoiceCommand>) -> Option<VoiceCommand> {
    loop {
        match voice.recv().await {
            // The reconciler asks at its start; no answer, nothing judged.
            Some(VoiceCommand::SetupChanged { .. } | VoiceCommand::Beliefs { .. }) => {}
            other => return other,
        }
    }
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_with_a_code() {
    let h = house().await;
    let offer = OfferId(Uuid::from_u128(1));
    let gone = CommandError::Conflict("the offer is gone");
    let accept = h.handle.ask(|reply| Command::Accept { agent: ANNA, offer, media: AgentMedia::DeskPhone, reply }).await;
    assert_eq!(accept.unwrap_err(), gone);
    assert_eq!(h.handle.ask(|reply| Command::Decline { agent: ANNA, offer, reply }).await.unwrap_err(), gone);
    // An administrator is no agent.
    let status = AgentStatus::Available;
    let ben = h.handle.ask(|reply| Command::SetStatus { agent: BEN, status, reason: None, reply }).await;
    assert_eq!(ben.unwrap_err(), CommandError::NotFound("agent"));
    let ringing = h.handle.ask(|reply| Command::SetStatus { agent: ANNA, status: AgentStatus::Ringing, reason: None, reply }).await;
    assert_eq!(ringing.unwrap_err().code(), "invalid");
    let phone = h.handle.ask(|reply| Command::SetDevice { agent: ANNA, device: Device::DeskPhone, reply }).await;
    assert_eq!(phone.unwrap_err().code(), "conflict");
    let wrap_up = h.handle.ask(|reply| Command::WrapUp { agent: ANNA, interaction: call(9), code: None, note: None, reply }).await;
    assert_eq!(wrap_up.unwrap_err(), CommandError::NotFound("interaction"));
    let call_me = h.handle.ask(|reply| Command::CallMe { agent: ANNA, reply }).await;
    assert_eq!(call_me.unwrap_err(), CommandError::Conflict("only in the demo"));
    h.available(ANNA).await;
    h.enqueue(1).await;
    // Somebody else's offer.
    let offer = h.the_offer().await;
    assert_eq!(h.handle.ask(|reply| Command::Decline { agent: BEN, offer, reply }).await.unwrap_err(), gone);
}

#[tokio::test]
async fn a_changed_set_up_is_taken_in_while_running() {
    let mut h = house().await;
    let tx = h.store.begin(h.context.clock.now()).await.unwrap();
    let version = config::get::<config::kind::Queues>(&*h.store, &DESK.to_string()).await.unwrap().version;
    let user = users::get(&*h.store, BEN).await.unwrap();
    users::update(&tx, &agent(BEN, "ben", &[Role::Agent]), user.version).await.unwrap();
    config::update::<config::kind::Queues>(&tx, &queue(&[ANNA, BEN]), version).await.unwrap();
    tx.commit().await.unwrap();
    let follow = async {
        loop {
            if let Some(VoiceCommand::SetupChanged { done }) = h.voice.recv().await {
                return done.send(());
            }
        }
    };
    let ((), followed) = tokio::join!(h.handle.config_changed(), follow);
    followed.unwrap();
    h.available(BEN).await;
    let ben = h.handle.snapshot().await.unwrap().agents.into_iter().find(|a| a.user == BEN).unwrap();
    assert_eq!(ben.queues, [DESK]);
    assert_eq!(h.context.setup.load().queues[0].members.len(), 2);
}

#[tokio::test]
async fn a_call_that_lost_its_place_is_told_to_ask_again() {
    let mut h = house().await;
    let mut attachment = h.context.router.attach(call(1));
    let voice = VoiceHandle::new({
        let (commands, mut queue) = mpsc::channel(4);
        tokio::spawn(async move {
            while let Some(VoiceCommand::Beliefs { reply }) = queue.recv().await {
                reply.send(vec![CallBelief { interaction: call(1), waiting: true, agents: vec![] }]).unwrap();
            }
        });
        commands
    });
    for _ in 0..2 {
        reconciler::once(&voice, &h.context.router, h.context.clock).await;
    }
    assert_eq!(attachment.next().await, Some(Effect::EnqueueAgain { interaction: call(1) }));
    // A dropped attachment hears nothing more, and nothing breaks.
    drop(attachment);
    h.enqueue(1).await;
    assert_eq!(h.handle.snapshot().await.unwrap().waiting.len(), 1);
    h.voice.close();
}

#[tokio::test]
async fn what_a_crash_left_open_is_closed_at_the_next_start() {
    let first = house().await;
    first.context.writer.interaction(first.row(1));
    let mut sink = first.context.recordings.begin(RecordingId(Uuid::from_u128(5)), call(1));
    assert!(sink.write(vec![1u8; 16_000].into()));
    assert!(sink.write(vec![2u8; 16_000].into()));
    // The row comes from the recorder's thread: wait for it to be there, then for the chunks by a second recording that is finished.
    drop(first.context.recordings.begin(RecordingId(Uuid::from_u128(6)), call(1)));
    let row = loop {
        assert!(first.context.writer.flush().await);
        let rows = interactions::recordings(&*first.store, call(1)).await.unwrap();
        if let Some(row) = rows.iter().find(|r| r.state == RecordingState::Complete) {
            assert_eq!(row.id, RecordingId(Uuid::from_u128(6)));
            break rows.iter().find(|r| r.state == RecordingState::Running).cloned().unwrap();
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(row.bytes, 58);
    // The process "dies": its engine is not drained, the sink never closed.
    std::mem::forget(sink);
    let House { store, folder, .. } = first;
    let second = start(folder, store).await;
    assert_eq!(second.task.lost, 1);
    let detail = interactions::detail(&*second.store, call(1)).await.unwrap();
    assert_eq!(detail.interaction.state, InteractionState::Lost);
    let cut = detail.recordings.iter().find(|r| r.id == RecordingId(Uuid::from_u128(5))).unwrap();
    assert_eq!((cut.state, cut.duration_ms), (RecordingState::Truncated, 2000));
    assert!(detail.events.iter().any(|e| e.kind == EventKind::InteractionLost));
}

#[tokio::test]
async fn a_finished_recording_reads_back_whole() {
    let h = house().await;
    h.context.writer.interaction(h.row(1));
    let id = RecordingId(Uuid::from_u128(5));
    let mut sink = h.context.recordings.begin(id, call(1));
    for second in 0..3u8 {
        assert!(sink.write(vec![second; 16_000].into()));
    }
    drop(sink);
    // Draining joins the threads, so the file is whole and its row written afterwards.
    let House { task, mut voice, store, folder: _folder, .. } = h;
    let draining = tokio::spawn(task.drain());
    play_drain(&mut voice, &[0]).await;
    draining.await.unwrap();
    let recording = interactions::recording(&*store, id).await.unwrap();
    assert_eq!((recording.state, recording.duration_ms, recording.bytes), (RecordingState::Complete, 3000, 48_058));
    let wav = store.blobs().unwrap().open_wav(&recording).await.unwrap();
    assert_eq!(wav.len(), 48_058);
}

/// Answers a drain: these numbers of running calls, one a look, then the stop.
async fn play_drain(voice: &mut mpsc::Receiver<VoiceCommand>, running: &[usize]) {
    let mut running = running.iter();
    loop {
        match voice.recv().await.expect("the engine stops the driver") {
            VoiceCommand::Drain { reply } => reply.send(1).unwrap(),
            VoiceCommand::Running { reply } => reply.send(*running.next().expect("no more looks")).unwrap(),
            VoiceCommand::Stop { reply } => {
                assert!(running.next().is_none(), "stopped before the calls had ended");
                return reply.send(()).unwrap();
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn draining_waits_for_calls_and_takes_no_new_ones() {
    let House { task, handle, mut voice, folder: _folder, .. } = house().await;
    task.stop_accepting_for_test();
    let dial = handle.ask(|reply| Command::Dial { agent: ANNA, to: "9123".into(), media: AgentMedia::DeskPhone, reply }).await;
    assert_eq!(dial.unwrap_err(), CommandError::Unavailable);
    let draining = tokio::spawn(task.drain());
    play_drain(&mut voice, &[2, 1, 0]).await;
    draining.await.unwrap();
    assert!(handle.snapshot().await.is_err());
}

#[tokio::test]
async fn the_customer_behind_a_number_is_found_and_remembered() {
    let h = house().await;
    assert_eq!(h.context.customers.find("13800138000").await, None);
    let id = CustomerId(Uuid::from_u128(3));
    let customer = Customer {
        id,
        name: "张三".to_owned().into(),
        phones: vec!["13900139000".to_owned().into()],
        email: None,
        company: None,
        tags: vec![],
        vip: false,
        note: None,
        announcement: None,
    };
    let tx = h.store.begin(h.context.clock.now()).await.unwrap();
    let version = customers::insert(&tx, &customer).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(h.context.customers.find("13900139000").await.map(|f| f.customer), Some(id));
    // From memory: the store has another answer by now.
    let tx = h.store.begin(h.context.clock.now()).await.unwrap();
    customers::update(&tx, &Customer { phones: vec![], ..customer }, version).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(h.context.customers.find("13900139000").await.map(|f| f.customer), Some(id));
}
