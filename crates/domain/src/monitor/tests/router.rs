//! The router's own events through the monitor: what it says and what its waiting list shows agree after every step.
use super::*;
use crate::routing::{self, Effect, Enqueue, Input, Router};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn config(id: QueueId, overflow: crate::config::Overflow) -> crate::config::Queue {
    crate::config::Queue {
        id,
        key: if id == Q { "q" } else { "q2" }.into(),
        name: Default::default(),
        strategy: Default::default(),
        ring_timeout_ms: 10_000,
        wrap_up_ms: 20_000,
        queue_len_max: 5,
        wait_max_ms: 60_000,
        overflow,
        announce_every_ms: 0,
        music: String::new(),
        record: false,
        hours: None,
        closed: Default::default(),
        closing: Default::default(),
        waiting: Default::default(),
        callbacks: Default::default(),
        service_level_threshold_s: 20,
        measure: Default::default(),
        routing: Default::default(),
        members: [ALICE, BOB].map(|user| crate::config::QueueMember::new(user, 1)).to_vec(),
    }
}

struct Floor {
    router: Router,
    monitor: Monitor,
    now: Timestamp,
    /// (agent, interaction) of running offers and calls.
    offers: BTreeMap<OfferId, UserId>,
    calls: BTreeMap<UserId, InteractionId>,
    waiting: BTreeMap<InteractionId, QueueId>,
    ids: u128,
}

impl Floor {
    fn new() -> Self {
        let monitor = Monitor::new(0).unwrap();
        let none = BTreeMap::new();
        let mut floor = Floor {
            router: Router::new(7),
            monitor,
            now: START,
            offers: none.clone(),
            calls: BTreeMap::new(),
            waiting: BTreeMap::new(),
            ids: 0,
        };
        let overflow = crate::config::Overflow::Queue { queue: "q2".into() };
        let queues = vec![config(Q, overflow), config(Q2, crate::config::Overflow::HangUp { prompt: None })];
        floor.feed(Input::Configure { queues, agents: [ALICE, BOB].map(Into::into).to_vec() });
        for agent in [ALICE, BOB] {
            floor.feed(Input::SignIn { agent, device: Default::default() });
        }
        floor
    }

    fn feed(&mut self, input: Input) {
        let mut out = Vec::new();
        self.router.handle(self.now, input, &mut out);
        for effect in out {
            match effect {
                Effect::Record(draft) => {
                    self.ids += 1;
                    self.monitor.apply(self.now, &draft.stamp(EventId(Uuid::from_u128(self.ids))));
                }
                Effect::Offer { offer, .. } => drop(self.offers.insert(offer.offer, offer.agent)),
                Effect::Withdraw { offer, .. } => drop(self.offers.remove(&offer)),
                Effect::Assigned { offer, agent, interaction, queue, .. } => {
                    self.offers.remove(&offer);
                    self.calls.insert(agent, interaction);
                    self.says(interaction, Some(agent), queue, EventKind::Answered { leg: LegId(1), wait_ms: 0 });
                }
                Effect::WaitingChanged(w) => drop(self.waiting.insert(w.interaction, w.queue)),
                Effect::WaitingEnded { interaction, .. } => drop(self.waiting.remove(&interaction)),
                Effect::Overflow { interaction, to: routing::OverflowTo::Queue { queue }, .. } => self.enqueue(interaction, queue),
                _ => {}
            }
        }
    }

    /// What the call records itself.
    fn says(&mut self, interaction: InteractionId, agent: Option<UserId>, queue: Option<QueueId>, kind: EventKind) {
        self.ids += 1;
        let id = EventId(Uuid::from_u128(self.ids));
        self.monitor.apply(self.now, &Event { id, at: self.now, interaction: Some(interaction), agent, queue, kind });
    }

    fn enqueue(&mut self, interaction: InteractionId, queue: QueueId) {
        let since = self.now;
        self.feed(Input::Enqueue(Enqueue::new(interaction, queue, since)));
    }

    fn step(&mut self, what: u8, n: u64) {
        let agent = if n.is_multiple_of(2) { ALICE } else { BOB };
        match what {
            0..=3 => self.enqueue(call(u128::from(self.ids as u64)), Q),
            4 => {
                if let Some(interaction) = self.waiting.keys().nth(n as usize % 3).copied() {
                    self.feed(Input::Leave { interaction, reason: "caller_left".into() });
                }
            }
            5 | 6 => {
                if let Some((offer, agent)) = self.offers.first_key_value().map(|(o, a)| (*o, *a)) {
                    self.feed(if n.is_multiple_of(4) { Input::Decline { agent, offer } } else { Input::Accept { agent, offer } });
                }
            }
            7 => {
                if let Some(interaction) = self.calls.remove(&agent) {
                    let hangup = HangupCause::default();
                    self.says(interaction, Some(agent), Some(Q), EventKind::InteractionEnded { outcome: Outcome::Handled, hangup });
                    self.feed(Input::Released { agent, interaction, queue: Some(Q), wrap_up_ms: 20_000, away: None });
                }
            }
            8 => self.feed(Input::SetStatus { agent, status: AgentStatus::Available, reason: None }),
            _ => {
                self.now = self.now.plus_ms(n % 20_000);
                self.feed(Input::Due);
            }
        }
    }

    fn agrees(&self) {
        let waiting: BTreeMap<InteractionId, QueueId> = self.monitor.waiters(Scope::Tenant).map(|w| (w.interaction, w.queue)).collect();
        assert_eq!(waiting, self.waiting);
        let talking: Vec<InteractionId> = self.monitor.talkers(Scope::Tenant).collect();
        let mut calls: Vec<InteractionId> = self.calls.values().copied().collect();
        calls.sort_unstable();
        assert_eq!(talking, calls);
        for q in [Q, Q2] {
            let of = |metric| self.monitor.value(metric, queue(q), Window::Today, self.now).map_or(0, |v| v.numerator);
            let line = self.monitor.value(Metric::Waiting, queue(q), Window::Now, self.now).map_or(0, |v| v.numerator);
            assert_eq!(of(Metric::Offered), of(Metric::Answered) + of(Metric::Abandoned) + of(Metric::FlowOuts) + line);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]
    #[test]
    fn router_and_monitor_agree(steps in prop::collection::vec((0u8..12, any::<u64>()), 0..150)) {
        let mut floor = Floor::new();
        for (what, n) in steps {
            floor.step(what, n);
            floor.agrees();
        }
    }
}
