//! The router as rows: a line of input, and the effects it must have. Records and waiting-list pictures are left out of the
//! lines; `records` and `positions` look at those.
use super::*;
use crate::config::{Known, Label, Overflow, Queue, QueueMember, Routing, Strategy};
use crate::live::{AgentStatus, Device};
use uuid::Uuid;

mod breaks;
mod callbacks;
mod channels;
mod diagnosis;
mod hours;
mod more;
mod places;
mod rows;
mod rules;
mod strategies;

pub(super) const START: Timestamp = Timestamp::from_ms(1_800_000_000_000);

pub(super) fn user(n: u128) -> UserId {
    UserId(Uuid::from_u128(0xa0 + n))
}
pub(super) fn call(n: u128) -> InteractionId {
    InteractionId(Uuid::from_u128(0xc00 + n))
}
pub(super) fn queue_id(n: u128) -> QueueId {
    QueueId(Uuid::from_u128(0x10 + n))
}

pub(super) fn queue(n: u128, members: &[u128]) -> Queue {
    Queue {
        id: queue_id(n),
        key: format!("q{n}"),
        name: Label::default(),
        strategy: Strategy::LongestIdle,
        ring_timeout_ms: 10_000,
        wrap_up_ms: 30_000,
        queue_len_max: 3,
        wait_max_ms: 120_000,
        overflow: Overflow::HangUp { prompt: Some("busy".into()) },
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
        routing: Routing::default(),
        members: members.iter().map(|m| QueueMember::new(user(*m), 1)).collect(),
    }
}

/// A router under a clock that only `wait` moves.
pub(super) struct Desk {
    pub router: Router,
    pub now: Timestamp,
    pub queues: Vec<Queue>,
    pub agents: Vec<UserId>,
    pub skills: BTreeMap<UserId, crate::config::Skills>,
    /// Last offer of every agent.
    offers: std::collections::HashMap<u128, OfferId>,
    /// Last request of every agent for a break.
    requests: std::collections::HashMap<u128, crate::BreakRequestId>,
    pub out: Vec<Effect>,
}

impl Desk {
    /// Two queues: q1 with agents 1 and 2, q2 with agents 2 and 3.
    pub fn new() -> Self {
        Self::with(vec![queue(1, &[1, 2]), queue(2, &[2, 3])], &[1, 2, 3])
    }

    pub fn with(queues: Vec<Queue>, agents: &[u128]) -> Self {
        let agents: Vec<UserId> = agents.iter().map(|a| user(*a)).collect();
        let mut desk = Self {
            router: Router::new(1),
            now: START,
            queues,
            agents,
            skills: BTreeMap::new(),
            offers: Default::default(),
            requests: Default::default(),
            out: vec![],
        };
        desk.configure();
        desk
    }

    pub fn configure(&mut self) -> String {
        let input = Input::Configure {
            queues: self.queues.clone(),
            agents: self
                .agents
                .iter()
                .map(|u| AgentSetup { skills: self.skills.get(u).cloned().unwrap_or_default(), ..(*u).into() })
                .collect(),
        };
        self.input(input)
    }

    pub fn input(&mut self, input: Input) -> String {
        self.out.clear();
        let mut out = vec![];
        // Every input must survive the wire.
        let input = serde_json::from_str(&serde_json::to_string(&input).unwrap()).unwrap();
        self.router.handle(self.now, input, &mut out);
        self.take(out)
    }

    fn take(&mut self, out: Vec<Effect>) -> String {
        for effect in &out {
            if let Effect::Offer { offer, .. } = effect {
                self.offers.insert(offer.agent.0.as_u128() - 0xa0, offer.offer);
            }
            if let Effect::AgentChanged(crate::live::AgentLive { user, break_request: Some(r), .. }) = effect {
                self.requests.insert(user.0.as_u128() - 0xa0, r.request);
            }
            let wire: Effect = serde_json::from_str(&serde_json::to_string(effect).unwrap()).unwrap();
            assert_eq!(wire, *effect);
        }
        let words = words(&out);
        self.out.extend(out);
        words
    }

    pub fn wait(&mut self, ms: u64) -> String {
        self.out.clear();
        let end = self.now.plus_ms(ms);
        let mut all = vec![];
        while let Some((at, _)) = self.router.next_timeout().filter(|t| t.0 <= end) {
            self.now = self.now.max(at);
            let mut out = vec![];
            self.router.handle(self.now, Input::Due, &mut out);
            all.push(self.take(out));
        }
        self.now = end;
        all.retain(|w| !w.is_empty());
        all.join(" ")
    }

    pub fn line(&mut self, line: &str) -> String {
        let words: Vec<&str> = line.split(' ').collect();
        let n = |i: usize| words.get(i).and_then(|w| w.trim_start_matches(['a', 'c', 'q', 'p']).parse::<u128>().ok()).unwrap_or(0);
        let agent = user(n(1));
        let offer = self.offers.get(&n(1)).copied().unwrap_or(OfferId(Uuid::nil()));
        let input = match words[0] {
            "wait" => return self.wait(n(1) as u64),
            "open" => Input::Hours { queue: queue_id(n(1)), closed: None },
            "close" => Input::Hours {
                queue: queue_id(n(1)),
                closed: Some(Shut { way: Overflow::HangUp { prompt: Some("closed".into()) }, leave: words.contains(&"leave") }),
            },
            "in" => Input::SignIn { agent, device: Device::Browser },
            "out" => Input::SignOut { agent },
            "avail" => Input::SetStatus { agent, status: AgentStatus::Available, reason: None },
            "break" => Input::SetStatus { agent, status: AgentStatus::Break, reason: Some(words[2].into()) },
            "put" => Input::PutStatus { agent, status: AgentStatus::Break, reason: Some(words[2].into()) },
            "approve" | "refuse" => Input::DecideBreak {
                request: self.requests.get(&n(1)).copied().unwrap_or(crate::BreakRequestId(Uuid::nil())),
                approve: words[0] == "approve",
            },
            "ring!" => Input::SetStatus { agent, status: AgentStatus::Ringing, reason: None },
            "desk" => Input::SetDevice { agent, device: Device::DeskPhone },
            "phone" => Input::PhoneRegistered { agent, registered: words[2] == "on" },
            "queue" => Input::Enqueue(Enqueue {
                channel: words
                    .iter()
                    .find_map(|w| w.strip_prefix("ch="))
                    .map_or(Channel::Voice, |c| serde_json::from_value(c.into()).unwrap()),
                priority: n(3) as u8,
                head: words.contains(&"head"),
                again: words.contains(&"again"),
                needs: words.iter().find_map(|w| w.strip_prefix("needs=")).map(|n| n.parse().unwrap()),
                prefer: words.iter().find_map(|w| w.strip_prefix("prefer=a")).map(|n| user(n.parse().unwrap())),
                card: Card {
                    local: words.iter().find_map(|w| w.strip_prefix("to=")).unwrap_or_default().to_owned(),
                    menu_digit: words.iter().find_map(|w| w.strip_prefix("digit=")).and_then(|d| d.chars().next()),
                    ..Card::default()
                },
                may_move: words.contains(&"fresh"),
                callback: words.iter().find_map(|w| w.strip_prefix("callback=")).map(|stage| serde_json::from_value(stage.into()).unwrap()),
                since: words
                    .iter()
                    .find_map(|w| w.strip_prefix("since=-"))
                    .map_or(self.now, |ms| Timestamp(self.now.0 - ms.parse::<i64>().unwrap() * 1000)),
                resumed_since: words
                    .iter()
                    .find_map(|w| w.strip_prefix("resumed=-"))
                    .map(|ms| Timestamp(self.now.0 - ms.parse::<i64>().unwrap() * 1000)),
                estimate_ms: words.iter().find_map(|w| w.strip_prefix("estimate=")).map(|n| n.parse().unwrap()),
                ..Enqueue::new(call(n(1)), queue_id(n(2)), self.now)
            }),
            "leave" => Input::Leave { interaction: call(n(1)), reason: "caller_left".into() },
            "accept" => Input::Accept { agent, offer },
            "decline" => Input::Decline { agent, offer },
            "busy" => Input::AgentBusy { agent, interaction: call(n(2)) },
            "release" => Input::Released { agent, interaction: call(n(2)), queue: None, wrap_up_ms: n(3) as u64, away: None },
            "fail" => Input::Released { agent, interaction: call(n(2)), queue: None, wrap_up_ms: 0, away: Some("media".into()) },
            "done" => Input::WrapUpDone { agent, interaction: call(n(2)), code: None },
            "known" => Input::Identified {
                interaction: call(n(1)),
                customer: crate::CustomerId(Uuid::from_u128(7)),
                known: Known {
                    vip: words.contains(&"vip"),
                    tags: words.iter().filter_map(|w| w.strip_prefix("tag=")).map(str::to_owned).collect(),
                    company: None,
                },
                prefer: words.iter().find_map(|w| w.strip_prefix("prefer=a")).map(|n| user(n.parse().unwrap())),
            },
            "resume" => Input::Resumed {
                interaction: call(n(1)),
                places: vec![KeptPlace { queue: queue_id(n(2)), since: Timestamp(self.now.0 - n(3) as i64 * 1000) }],
            },
            "direct" => Input::DirectOffer(DirectOffer {
                interaction: call(n(2)),
                channel: Channel::Voice,
                agent,
                queue: None,
                card: Card::default(),
                since: self.now,
                ring_timeout_ms: 10_000,
            }),
            other => panic!("no such line: {other}"),
        };
        self.input(input)
    }
}

fn name(u: UserId) -> String {
    format!("a{}", u.0.as_u128() - 0xa0)
}
fn call_name(i: InteractionId) -> String {
    format!("c{}", i.0.as_u128() - 0xc00)
}
fn json_word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
}

/// Effects in short: `offer:a1:c1 a1=ringing …`, in order.
fn words(out: &[Effect]) -> String {
    let word = |e: &Effect| {
        Some(match e {
            Effect::Offer { offer, .. } => format!("offer:{}:{}", name(offer.agent), call_name(offer.interaction)),
            Effect::OfferChanged(offer) => format!("offer_changed:{}:{}", name(offer.agent), call_name(offer.interaction)),
            Effect::Withdraw { agent, interaction, result, .. } => {
                format!("withdraw:{}:{}:{}", name(*agent), call_name(*interaction), result.word())
            }
            Effect::Assigned { agent, interaction, .. } => format!("assigned:{}:{}", name(*agent), call_name(*interaction)),
            Effect::Refused { why } => format!("refused:{}", json_word(why)),
            Effect::Announce { interaction, position, .. } => format!("announce:{}:{position}", call_name(*interaction)),
            Effect::Overflow { interaction, reason, to, .. } => {
                let to = match to {
                    OverflowTo::HangUp { prompt } => format!("hang_up:{}", prompt.as_deref().unwrap_or("-")),
                    OverflowTo::Voicemail { greeting, .. } => format!("voicemail:{greeting}"),
                    OverflowTo::Callback { ask, .. } => format!("callback:{ask}"),
                    OverflowTo::Queue { queue } => format!("q{}", queue.0.as_u128() - 0x10),
                };
                format!("overflow:{}:{}:{to}", call_name(*interaction), reason.word())
            }
            Effect::Turn { interaction, agent } => format!("turn:{}:{}", name(*agent), call_name(*interaction)),
            Effect::EnqueueAgain { interaction } => format!("again:{}", call_name(*interaction)),
            Effect::AgentChanged(a) => {
                let reason = a.reason.as_ref().map(|r| format!("/{r}")).unwrap_or_default();
                let next = a.next.map(|n| format!(">{}", json_word(n))).unwrap_or_default();
                let asks = if a.break_request.is_some() { "?" } else { "" };
                format!("{}={}{reason}{next}{asks}", name(a.user), json_word(a.status))
            }
            Effect::BreakOverstayed { agent, .. } => format!("overstayed:{}", name(*agent)),
            Effect::AgentRemoved { agent } => format!("removed:{}", name(*agent)),
            Effect::Healed { what } => format!("healed:{what}"),
            Effect::Placed(_) | Effect::WaitingChanged(_) | Effect::WaitingEnded { .. } | Effect::Record(_) => return None,
        })
    };
    out.iter().filter_map(word).collect::<Vec<_>>().join(" ")
}

/// Runs the rows on a fresh router with two queues and three agents.
pub(super) fn check(title: &str, rows: &[(&str, &str)]) {
    check_on(&mut Desk::new(), title, rows);
}

pub(super) fn check_on(desk: &mut Desk, title: &str, rows: &[(&str, &str)]) {
    for (i, (line, expected)) in rows.iter().enumerate() {
        assert_eq!(desk.line(line), *expected, "{title}, row {i}: {line}");
    }
}
