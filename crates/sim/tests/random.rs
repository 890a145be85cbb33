//! Any inputs in any order: the router keeps its rules, every reservation ends, an emptied floor holds nothing, and the journal of it
//! all, played again, has the same effects.
use domain::config::{Borrow, Label, Needs, Overflow, Queue, QueueMember, Relax, Routing, Skills, Strategy as Turns};
use domain::event::EventKind;
use domain::interaction::Channel;
use domain::live::{AgentStatus, Device};
use domain::routing::{AgentSetup, Card, DirectOffer, Effect, Enqueue, Input, JOURNAL_VERSION, JournalLine, KeptPlace, Router};
use domain::{CustomerId, InteractionId, OfferId, QueueId, Timestamp, UserId};
use proptest::prelude::*;
use sim::{Checker, Replay};
use std::collections::BTreeMap;

const AGENTS: u8 = 4;
const CALLS: u8 = 8;
const NUMBER: &str = "13800138000";

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

const STRATEGIES: [Turns; 11] = [
    Turns::LongestIdle,
    Turns::RoundRobin,
    Turns::FewestCalls,
    Turns::LeastRecent,
    Turns::LeastTalkTime,
    Turns::Random,
    Turns::WeightedRandom,
    Turns::TopDown,
    Turns::RingAll,
    Turns::RingProgressively,
    Turns::BestSkill,
];

fn needs(text: &str) -> Option<Needs> {
    Some(text.parse().unwrap())
}

/// Skills, rings, loans and limits; `n` chooses among them.
fn routing(queue: u8, n: u8) -> Routing {
    let skilled = Routing {
        needs: needs("a >= 2"),
        level_max: 1,
        relax: vec![
            Relax { after_ms: 2_000, needs: needs("a | b"), level_max: None, own_needs: false },
            Relax { after_ms: 5_000, needs: needs("*"), level_max: Some(9), own_needs: true },
        ],
        priority_ms: 2_000,
        ..Routing::default()
    };
    let borrow = |from: &str, after_ms| vec![Borrow { from: from.into(), after_ms, service_level_min: 50 }];
    match queue.wrapping_add(n) % 4 {
        0 => Routing::default(),
        1 => skilled,
        2 => Routing { borrow: borrow("q0", 1_500), preferred_wait_ms: 2_500, ring_next_ms: 1_000, weight: 150, ..Routing::default() },
        _ => Routing { borrow: borrow("q1", 0), no_agent_ms: 4_000, waiting_percent_max: 150, no_answer_max: 2, ..skilled },
    }
}

fn queue(queue: u8, n: u8, members: &[u8]) -> Queue {
    let member = |m: &u8| QueueMember { weight: 1 + u16::from(*m), ..QueueMember::new(user(*m), 1 + *m % 2) };
    Queue {
        id: queue_id(queue),
        key: format!("q{queue}"),
        name: Label::default(),
        strategy: STRATEGIES[usize::from(n / 4 + queue * 5) % STRATEGIES.len()],
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
        callbacks: Default::default(),
        service_level_threshold_s: 20,
        measure: Default::default(),
        routing: routing(queue, n),
        members: members.iter().map(member).collect(),
    }
}

/// Set-ups: everything, one queue less, two less, one agent less, other members; every `n` also has other rules.
fn set_up(n: u8) -> Input {
    let agent = |m: u8| {
        let skill = |key: &str, level: u8| (key.to_owned(), level);
        let skills = match m {
            0 => [skill("a", 3)].into(),
            1 => [skill("a", 1), skill("b", 5)].into(),
            2 => [skill("b", 2)].into(),
            _ => Skills::new(),
        };
        AgentSetup { skills, ..user(m).into() }
    };
    let agents = |count: u8| (0..count).map(agent).collect();
    let all = [queue(0, n, &[0, 1, 2]), queue(1, n, &[2, 3]), queue(2, n, &[3, 0])];
    match n % 5 {
        0 | 1 => Input::Configure { queues: all.to_vec(), agents: agents(AGENTS) },
        2 => Input::Configure { queues: all[usize::from(n) % 3..].to_vec(), agents: agents(AGENTS) },
        3 => Input::Configure { queues: all.to_vec(), agents: agents(AGENTS - 1) },
        _ => Input::Configure { queues: vec![queue(0, n, &[3]), queue(1, n, &[0, 1, 2])], agents: agents(AGENTS) },
    }
}

/// An input from a few random bytes; `offers` are all that were ever made, so that stale ones are tried too.
fn input(op: u8, a: u8, b: u8, now: Timestamp, offers: &[(UserId, OfferId)]) -> Input {
    let some_offer = offers.len().checked_sub(1).map(|last| offers[last - usize::from(b) % offers.len().min(3)]);
    let (offered_to, offer) = some_offer.unwrap_or((user(a), OfferId(id(9, 9).parse().unwrap())));
    match op % 25 {
        0..=5 => Input::Enqueue(Enqueue {
            priority: b % 3,
            card: Card { remote: NUMBER.to_owned().into(), ..Card::default() },
            head: a.is_multiple_of(7),
            needs: needs("b").filter(|_| a.is_multiple_of(5)),
            prefer: Some(user(b)).filter(|_| b.is_multiple_of(3)),
            ..Enqueue::new(call(a), queue_id(b), Timestamp(now.0 - i64::from(a % 3) * 1_000_000))
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
            channel: Channel::Voice,
            agent: user(b),
            queue: None,
            card: Card::default(),
            since: now,
            ring_timeout_ms: 3_000,
        }),
        21 => Input::PhoneRegistered { agent: user(a), registered: b.is_multiple_of(2) },
        22 if b.is_multiple_of(2) => Input::Identified {
            interaction: call(a),
            customer: CustomerId(id(4, 1).parse().unwrap()),
            known: Default::default(),
            prefer: Some(user(b / 2)),
        },
        22 => Input::SetDevice { agent: user(a), device: if a.is_multiple_of(2) { Device::DeskPhone } else { Device::Browser } },
        23 => Input::Resumed {
            interaction: call(a),
            places: vec![KeptPlace { queue: queue_id(b), since: Timestamp(now.0 - i64::from(b) * 100_000) }],
        },
        _ if a.is_multiple_of(8) => set_up(b),
        _ if a.is_multiple_of(3) => Input::ServiceLevel { queue: queue_id(b), percent: Some(b).filter(|p| *p <= 100) },
        _ => Input::Due,
    }
}

struct Floor {
    router: Router,
    checker: Checker,
    now: Timestamp,
    offers: Vec<(UserId, OfferId)>,
    talking: BTreeMap<UserId, InteractionId>,
    /// Every line of the journal, with the effects it had, in the journal's own form.
    journal: Vec<(String, Vec<String>)>,
}

/// Explanations are not replayed, numbers not kept.
fn comparable(effects: &[Effect]) -> Vec<String> {
    let explains = |e: &&Effect| matches!(e, Effect::Record(d) if matches!(d.kind, EventKind::Routed { .. }));
    effects.iter().filter(|e| !explains(e)).map(|e| serde_json::to_string(e).unwrap().replace(NUMBER, "")).collect()
}

impl Floor {
    fn feed(&mut self, input: Input) -> Result<(), TestCaseError> {
        let mut effects = vec![];
        self.router.handle(self.now, input.clone(), &mut effects);
        let line = JournalLine::Input { at_us: self.now, input: input.clone().without_personal_data() };
        self.journal.push((serde_json::to_string(&line).unwrap(), comparable(&effects)));
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

    fn plays_again(&self) -> Result<(), TestCaseError> {
        let mut replay = Replay::default();
        let begin = JournalLine::Router { version: JOURNAL_VERSION, seed: 1 };
        replay.line(&serde_json::to_string(&begin).unwrap()).unwrap();
        for (line, effects) in &self.journal {
            prop_assert!(!line.contains(NUMBER), "{}", line);
            let again = replay.line(line).map_err(|e| TestCaseError::fail(e.to_string()))?;
            prop_assert_eq!(&comparable(again), effects, "{}", line);
        }
        let replayed = replay.end();
        prop_assert_eq!(replayed.offers.len(), self.offers.len());
        prop_assert!(replayed.offers.iter().all(|o| o.result.is_some()), "an offer stays open: {:?}", replayed.offers);
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
    fn any_order_of_inputs_keeps_the_rules(first in any::<u8>(), steps in proptest::collection::vec((any::<u8>(), any::<u8>(), any::<u8>(), 0u16..6_000), 1..160)) {
        let now = Timestamp::from_ms(1_800_000_000_000);
        let mut floor = Floor { router: Router::new(1), checker: Checker::default(), now, offers: vec![], talking: BTreeMap::new(), journal: vec![] };
        floor.feed(set_up(first / 5 * 5))?;
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
        floor.plays_again()?;
    }
}
