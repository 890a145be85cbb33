//! A real router under a clock that only the test moves, with the watch around it.
use super::{Outlook, Spoken, Watch};
use crate::config::{Label, Overflow, Queue, QueueMember, Strategy};
use crate::live::{AgentStatus, Device};
use crate::routing::{Effect, Enqueue, Input, OverflowReason, Router};
use crate::{InteractionId, OfferId, QueueId, Timestamp, UserId};
use uuid::Uuid;

const Q: QueueId = QueueId(Uuid::from_u128(0x11));
const ANNA: UserId = UserId(Uuid::from_u128(0xa1));

fn call(n: u128) -> InteractionId {
    InteractionId(Uuid::from_u128(0xc00 + n))
}

fn queue(estimate_max_ms: u64) -> Queue {
    Queue {
        id: Q,
        key: "q".into(),
        name: Label::default(),
        strategy: Strategy::LongestIdle,
        ring_timeout_ms: 60_000,
        wrap_up_ms: 0,
        queue_len_max: 100,
        wait_max_ms: 3_600_000,
        overflow: Overflow::default(),
        announce_every_ms: 30_000,
        music: String::new(),
        record: false,
        hours: None,
        closed: Overflow::default(),
        closing: Default::default(),
        waiting: crate::config::WhileWaiting { say_estimate: true, estimate_max_ms, ..Default::default() },
        callbacks: Default::default(),
        service_level_threshold_s: 20,
        measure: Default::default(),
        routing: Default::default(),
        members: vec![QueueMember::new(ANNA, 1)],
    }
}

struct Floor {
    router: Router,
    watch: Watch,
    now: Timestamp,
    offer: Option<(OfferId, InteractionId)>,
    said: Vec<Option<Spoken>>,
    overflowed: Vec<OverflowReason>,
}

impl Floor {
    fn new(estimate_max_ms: u64) -> Self {
        let now = Timestamp::from_ms(1_800_000_000_000);
        let mut floor =
            Self { router: Router::new(1), watch: Watch::default(), now, offer: None, said: Vec::new(), overflowed: Vec::new() };
        floor.input(Input::Configure { queues: vec![queue(estimate_max_ms)], agents: vec![ANNA.into()] });
        floor
    }
    fn input(&mut self, mut input: Input) {
        self.watch.before(&mut input);
        let mut out = Vec::new();
        self.router.handle(self.now, input, &mut out);
        for effect in &mut out {
            self.watch.after(self.now, effect);
            match effect {
                Effect::Offer { offer, .. } => self.offer = Some((offer.offer, offer.interaction)),
                Effect::Announce { wait, .. } => self.said.push(*wait),
                Effect::Overflow { reason, .. } => self.overflowed.push(*reason),
                _ => {}
            }
        }
    }
    fn wait(&mut self, ms: u64) {
        let end = self.now.plus_ms(ms);
        while let Some((at, _)) = self.router.next_timeout().filter(|t| t.0 <= end) {
            self.now = at.max(self.now);
            self.input(Input::Due);
        }
        self.now = end;
    }
    fn anna(&mut self, status: AgentStatus) {
        let reason = (status == AgentStatus::Break).then(|| "lunch".to_owned());
        self.input(Input::SignIn { agent: ANNA, device: Device::Browser });
        self.input(Input::SetStatus { agent: ANNA, status, reason });
    }
    fn comes(&mut self, n: u128) {
        self.input(Input::Enqueue(Enqueue::new(call(n), Q, self.now)));
    }
    /// The agent takes who rings and is done after `ms`.
    fn serve(&mut self, ms: u64) {
        let (offer, interaction) = self.offer.take().unwrap();
        self.input(Input::Accept { agent: ANNA, offer });
        self.wait(ms);
        self.input(Input::Released { agent: ANNA, interaction, queue: Some(Q), wrap_up_ms: 0, away: None });
    }
    fn outlook(&self) -> Outlook {
        self.watch.outlook(Q).unwrap()
    }
}

#[test]
fn facts_follow_the_floor() {
    let mut floor = Floor::new(0);
    assert_eq!(floor.outlook().estimate, None, "nobody serves");
    floor.anna(AgentStatus::Available);
    let facts = |floor: &Floor| {
        let f = floor.outlook().facts;
        (f.position, f.agents_idle, f.agents_busy)
    };
    assert_eq!(facts(&floor), (1, 1, 0));
    floor.comes(1);
    floor.comes(2);
    assert_eq!(facts(&floor), (3, 0, 1), "one rings, one waits behind");
    floor.serve(60_000);
    assert_eq!(facts(&floor), (2, 0, 1));
    floor.input(Input::Leave { interaction: call(2), reason: "caller_left".into() });
    assert_eq!(facts(&floor), (1, 1, 0));
    floor.anna(AgentStatus::Break);
    assert_eq!(facts(&floor), (1, 0, 0));
    assert_eq!(floor.watch.outlook(QueueId(Uuid::from_u128(9))), None);
    assert!(floor.watch.has_changed());
    assert_eq!(floor.watch.take_changed().len(), 1);
    assert!(!floor.watch.has_changed());
}

#[test]
fn a_callback_stands_before_newcomers_and_teaches_nothing() {
    let mut floor = Floor::new(0);
    let callback = Some(crate::routing::CallbackStage::AgentFirst);
    floor.input(Input::Enqueue(Enqueue { callback, ..Enqueue::new(call(1), Q, floor.now) }));
    assert_eq!(floor.outlook().facts.position, 2);
    floor.wait(600_000);
    floor.anna(AgentStatus::Available);
    floor.serve(10_000);
    assert_eq!((floor.outlook().facts.position, floor.outlook().quality.samples), (1, 0));
}

#[test]
fn promises_are_spoken_only_when_they_have_been_kept() {
    let mut floor = Floor::new(0);
    floor.anna(AgentStatus::Available);
    floor.comes(0);
    for n in 1..80 {
        floor.comes(n);
        floor.serve(60_000);
        assert_eq!(floor.outlook().facts.position, 2, "nothing is kept of those who are gone");
    }
    assert!(floor.outlook().speakable, "{:?}", floor.outlook());
    let p50_ms = floor.outlook().estimate.unwrap().p50_ms;
    assert!((30_000..180_000).contains(&p50_ms), "{p50_ms}");
    floor.said.clear();
    floor.comes(100);
    floor.wait(31_000);
    assert!(floor.said.iter().any(Option::is_some), "{:?}", floor.said);

    let mut fresh = Floor::new(0);
    fresh.anna(AgentStatus::Available);
    fresh.comes(1);
    fresh.comes(2);
    fresh.wait(31_000);
    assert!(!fresh.said.is_empty() && fresh.said.iter().all(Option::is_none), "no experience yet");
}

#[test]
fn who_would_wait_too_long_is_not_let_in() {
    let mut floor = Floor::new(300_000);
    floor.anna(AgentStatus::Available);
    for n in 0..9 {
        floor.comes(n);
    }
    assert!(!floor.overflowed.is_empty() && floor.overflowed.iter().all(|r| *r == OverflowReason::Estimate), "{:?}", floor.overflowed);
    assert!(floor.outlook().facts.position < 9);
    let mut unlimited = Floor::new(0);
    unlimited.anna(AgentStatus::Available);
    for n in 0..9 {
        unlimited.comes(n);
    }
    assert_eq!(unlimited.overflowed, []);
}
