//! Any inputs in any order: the router keeps its rules, every reservation ends, and an emptied floor holds nothing.
use domain::config::{Label, Overflow, Queue, QueueMember, Strategy as Turns};
use domain::live::{AgentStatus, Device};
use domain::routing::{Card, DirectOffer, Effect, Enqueue, Input, Router};
use domain::{CustomerId, InteractionId, OfferId, QueueId, Timestamp, UserId};
use proptest::prelude::*;
use sim::Checker;
use std::collections::BTreeMap;

const AGENTS: u8 = 4;
const CALLS: u8 = 8;

fn id(kind: u8, n: u8) -> String {
    format!("00000000-0000-7000-80{kind:02}-{n:012}")
}
fn user(n: u8) -> UserId {
    UserId(id(1, n % (AGENTS + 1)).parse().unwrap())
}
fn call(n: u8) -> InteractionId {
    InteractionId(id(2, n % CALLS).parse().unwrap())
}
fn queue_id(n: u8) -> QueueId {
    QueueId(id(3, n % 3).parse().unwrap())
}

fn queue(n: u8, members: &[u8]) -> Queue {
    Queue {
        id: queue_id(n),
        key: format!("q{n}"),
        name: Label::default(),
        strategy: Turns::LongestIdle,
        ring_timeout_ms: 3_000,
        wrap_up_ms: 2_000,
        queue_len_max: 4,
        wait_max_ms: 20_000,
        overflow: Overflow::Queue { queue: "q1".into() },
        announce_every_ms: 4_000,
        music: "music".into(),
        record: false,
        hours: None,
        closed: Default::default(),
        closing: Default::default(),
        waiting: Default::default(),
        service_level_threshold_s: 20,
        routing: Default::default(),
        members: members.iter().map(|m| QueueMember::new(user(*m), 1)).collect(),
    }
}

/// Set-ups: everything, one queue less, one agent less, other members.
fn set_up(n: u8) -> Input {
    let agents = |n: u8| (0..n).map(user).map(Into::into).collect();
    match n % 4 {
        0 => Input::Configure { queues: vec![queue(0, &[0, 1, 2]), queue(1, &[2, 3])], agents: agents(AGENTS) },
        1 => Input::Configure { queues: vec![queue(1, &[2, 3])], agents: agents(AGENTS) },
        2 => Input::Configure { queues: vec![queue(0, &[0, 1, 2]), queue(1, &[2, 3])], agents: agents(AGENTS - 1) },
        _ => Input::Configure { queues: vec![queue(0, &[3]), queue(1, &[0, 1, 2])], agents: agents(AGENTS) },
    }
}

/// An input from a few random bytes; `offers` are all that were ever made, so that stale ones are tried too.
fn input(op: u8, a: u8, b: u8, now: Timestamp, offers: &[(UserId, OfferId)]) -> Input {
    let some_offer = offers.len().checked_sub(1).map(|last| offers[last - usize::from(b) % offers.len().min(3)]);
    let (offered_to, offer) = some_offer.unwrap_or((user(a), OfferId(id(9, 9).parse().unwrap())));
    match op % 24 {
        0..=5 => Input::Enqueue(Enqueue {
            interaction: call(a),
            queue: queue_id(b),
            priority: b % 3,
            card: Card::default(),
            since: Timestamp(now.0 - i64::from(a % 3) * 1_000_000),
            head: a.is_multiple_of(7),
            needs: None,
            prefer: None,
            estimate_ms: None,
        }),
        6..=8 => Input::Accept { agent: offered_to, offer },
        9 => Input::Decline { agent: offered_to, offer },
        10 => Input::Accept { agent: user(a), offer },
        11 | 12 => Input::Leave { interaction: call(a), reason: "caller_left".into() },
        13..=15 => Input::SetStatus { agent: user(a), status: AgentStatus::Available, reason: None },
        16 => Input::SetStatus { agent: user(a), status: AgentStatus::Break, reason: Some("tea".into()) },
        17 => Input::SignOut { agent: user(a) },
        18 => Input::AgentBusy { agent: user(a), interaction: call(b) },
        19 => Input::WrapUpDone { agent: user(a), interaction: call(b), code: None },
        20 => Input::DirectOffer(DirectOffer {
            interaction: call(a),
            agent: user(b),
            queue: None,
            card: Card::default(),
            since: now,
            ring_timeout_ms: 3_000,
        }),
        21 => Input::PhoneRegistered { agent: user(a), registered: b.is_multiple_of(2) },
        22 if b.is_multiple_of(2) => {
            Input::Identified { interaction: call(a), customer: CustomerId(id(4, 1).parse().unwrap()), prefer: None }
        }
        22 => Input::SetDevice { agent: user(a), device: if a.is_multiple_of(2) { Device::DeskPhone } else { Device::Browser } },
        _ if a.is_multiple_of(8) => set_up(b),
        _ => Input::Due,
    }
}

struct Floor {
    router: Router,
    checker: Checker,
    now: Timestamp,
    offers: Vec<(UserId, OfferId)>,
    talking: BTreeMap<UserId, InteractionId>,
}

impl Floor {
    fn feed(&mut self, input: Input) -> Result<(), TestCaseError> {
        let mut effects = vec![];
        self.router.handle(self.now, input.clone(), &mut effects);
        self.checker.step(self.now, &input, &effects).map_err(|v| TestCaseError::fail(format!("{input:?}: {v}\n{effects:?}")))?;
        let refused = effects.iter().any(|e| matches!(e, Effect::Refused { .. }));
        match input {
            Input::AgentBusy { agent, interaction } if !refused => drop(self.talking.insert(agent, interaction)),
            Input::Released { agent, .. } if !refused => drop(self.talking.remove(&agent)),
            _ => {}
        }
        for effect in &effects {
            match effect {
                Effect::Offer { offer, .. } => self.offers.push((offer.agent, offer.offer)),
                Effect::Assigned { agent, interaction, .. } => drop(self.talking.insert(*agent, *interaction)),
                _ => {}
            }
        }
        Ok(())
    }

    /// Lets time pass, timer by timer.
    fn wait(&mut self, ms: u64) -> Result<(), TestCaseError> {
        let end = self.now.plus_ms(ms);
        while let Some((at, _)) = self.router.next_timeout().filter(|t| t.0 <= end) {
            prop_assert!(at >= self.now, "a timer lies in the past");
            self.now = at;
            self.feed(Input::Due)?;
            prop_assert!(self.router.next_timeout().is_none_or(|t| t.0 > self.now), "a due timer stays");
        }
        self.now = end;
        Ok(())
    }

    fn release_one(&mut self, n: u8) -> Result<(), TestCaseError> {
        let Some((agent, interaction)) = self.talking.iter().nth(usize::from(n) % self.talking.len().max(1)).map(|(a, i)| (*a, *i)) else {
            return Ok(());
        };
        let wrap_up_ms = if n.is_multiple_of(2) { 2_000 } else { 0 };
        let away = n.is_multiple_of(5).then(|| "media".to_owned());
        self.feed(Input::Released { agent, interaction, queue: None, wrap_up_ms, away })
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_inputs_keeps_the_rules(steps in proptest::collection::vec((any::<u8>(), any::<u8>(), any::<u8>(), 0u16..6_000), 1..160)) {
        let now = Timestamp::from_ms(1_800_000_000_000);
        let mut floor = Floor { router: Router::new(1), checker: Checker::default(), now, offers: vec![], talking: BTreeMap::new() };
        floor.feed(set_up(0))?;
        for (op, a, b, wait_ms) in steps {
            if op.is_multiple_of(5) {
                floor.release_one(a)?;
            }
            let next = input(op, a, b, floor.now, &floor.offers);
            floor.feed(next)?;
            if wait_ms.is_multiple_of(3) {
                floor.wait(u64::from(wait_ms))?;
            }
        }
        // Everybody goes home: nothing may stay behind.
        for n in 0..CALLS {
            floor.feed(Input::Leave { interaction: call(n), reason: "closing".into() })?;
        }
        while !floor.talking.is_empty() {
            floor.release_one(1)?;
        }
        floor.wait(60_000)?;
        prop_assert_eq!(floor.checker.open(), 0);
        prop_assert_eq!(floor.router.next_timeout(), None);
    }
}
