//! A call centre's day: Poisson arrivals, exponential calls, patience, ring answers and refusals, driven through the real router.
use crate::chance::Chance;
use crate::floor::{Checker, Violation};
use domain::config::Queue;
use domain::live::{AgentStatus, Device};
use domain::routing::{Card, Effect, Enqueue, Input, Router};
use domain::{InteractionId, OfferId, QueueId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What is simulated. Means are of exponential distributions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    pub seed: u64,
    pub queues: Vec<Queue>,
    pub agents: Vec<UserId>,
    /// Callers come for this long; then the floor empties.
    pub length_ms: u64,
    /// Mean gap between two callers, over all queues.
    pub arrival_mean_ms: f64,
    pub talk_mean_ms: f64,
    /// Mean time after which a waiting caller hangs up; 0 = never.
    pub patience_mean_ms: f64,
    /// Mean time until a ringing agent reacts.
    pub react_mean_ms: f64,
    /// Share of reactions that refuse.
    pub decline_share: f64,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub arrived: u64,
    pub answered: u64,
    pub abandoned: u64,
    pub overflowed: u64,
    /// Of those answered: had to wait at all.
    pub waited: u64,
    pub wait_ms_total: u64,
    pub no_answer: u64,
    pub declined: u64,
    pub steps: u64,
    pub end_ms: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Happening {
    Arrival,
    HangUp(InteractionId),
    /// The agent reacts to the offer.
    React(UserId, OfferId),
    TalkOver(UserId, InteractionId, QueueId),
    ComesBack(UserId),
}

const START: Timestamp = Timestamp::from_ms(1_800_000_000_000);
/// A scenario that does not come to rest is cut here.
const STEPS_MAX: u64 = 50_000_000;

struct World<'a> {
    scenario: &'a Scenario,
    chance: Chance,
    router: Router,
    checker: Checker,
    now: Timestamp,
    agenda: BTreeSet<(Timestamp, u64, Happening)>,
    counter: u64,
    ringing: BTreeMap<OfferId, InteractionId>,
    wrap_up_ms: BTreeMap<QueueId, u64>,
    report: Report,
}

/// Plays the scenario to its end: until every caller has gone and every agent is free.
///
/// # Errors
/// A rule of [`Checker`] was broken; the text has the moment.
pub fn run(scenario: &Scenario) -> Result<Report, Violation> {
    let mut world = World {
        scenario,
        chance: Chance::new(scenario.seed),
        router: Router::new(scenario.seed),
        checker: Checker::default(),
        now: START,
        agenda: BTreeSet::new(),
        counter: 0,
        ringing: BTreeMap::new(),
        wrap_up_ms: scenario.queues.iter().map(|q| (q.id, q.wrap_up_ms)).collect(),
        report: Report::default(),
    };
    world.open()?;
    while world.next()? {}
    world.report.end_ms = world.now.ms_since(START);
    match world.checker.open() {
        0 => Ok(world.report),
        n => Err(Violation(format!("{n} interactions are left over at the end"))),
    }
}

impl World<'_> {
    fn open(&mut self) -> Result<(), Violation> {
        self.feed(Input::Configure {
            queues: self.scenario.queues.clone(),
            agents: self.scenario.agents.iter().copied().map(Into::into).collect(),
        })?;
        for agent in self.scenario.agents.clone() {
            self.feed(Input::SignIn { agent, device: Device::Browser })?;
            self.feed(Input::SetStatus { agent, status: AgentStatus::Available, reason: None })?;
        }
        self.plan_arrival();
        Ok(())
    }

    /// The next thing that happens: a plan of the world or a timer of the router, whichever is first.
    fn next(&mut self) -> Result<bool, Violation> {
        let timer = self.router.next_timeout().map(|t| t.0);
        let planned = self.agenda.first().map(|a| a.0);
        let (at, is_timer) = match (timer, planned) {
            (None, None) => return Ok(false),
            (Some(t), Some(p)) if t <= p => (t, true),
            (Some(t), None) => (t, true),
            (_, Some(p)) => (p, false),
        };
        self.now = self.now.max(at);
        self.report.steps += 1;
        if self.report.steps > STEPS_MAX {
            return Err(Violation("the day does not end".into()));
        }
        if is_timer {
            self.feed(Input::Due)?;
        } else if let Some((_, _, happening)) = self.agenda.pop_first() {
            self.happen(happening)?;
        }
        Ok(true)
    }

    fn plan(&mut self, after_ms: u64, happening: Happening) {
        self.counter += 1;
        self.agenda.insert((self.now.plus_ms(after_ms), self.counter, happening));
    }

    fn plan_arrival(&mut self) {
        let gap = self.chance.exponential_ms(self.scenario.arrival_mean_ms);
        if self.now.plus_ms(gap).ms_since(START) <= self.scenario.length_ms {
            self.plan(gap, Happening::Arrival);
        }
    }

    fn happen(&mut self, happening: Happening) -> Result<(), Violation> {
        match happening {
            Happening::Arrival => self.arrive(),
            Happening::HangUp(interaction) => self.feed(Input::Leave { interaction, reason: "caller_left".into() }),
            Happening::React(_, offer) if !self.ringing.contains_key(&offer) => Ok(()),
            Happening::React(agent, offer) if self.chance.happens(self.scenario.decline_share) => {
                self.feed(Input::Decline { agent, offer })
            }
            Happening::React(agent, offer) => self.feed(Input::Accept { agent, offer }),
            Happening::TalkOver(agent, interaction, queue) => {
                let wrap_up_ms = self.wrap_up_ms.get(&queue).copied().unwrap_or(0);
                self.feed(Input::Released { agent, interaction, queue: Some(queue), wrap_up_ms, away: None })
            }
            Happening::ComesBack(agent) => self.feed(Input::SetStatus { agent, status: AgentStatus::Available, reason: None }),
        }
    }

    fn arrive(&mut self) -> Result<(), Violation> {
        self.plan_arrival();
        self.report.arrived += 1;
        let mut random = [0; 10];
        random[..8].copy_from_slice(&self.report.arrived.to_le_bytes());
        let interaction = InteractionId::from_parts(self.now, random);
        let queue = self.scenario.queues[self.chance.below(self.scenario.queues.len())].id;
        if self.scenario.patience_mean_ms > 0.0 {
            let patience = self.chance.exponential_ms(self.scenario.patience_mean_ms);
            self.plan(patience, Happening::HangUp(interaction));
        }
        let enqueue =
            Enqueue { interaction, queue, priority: 0, card: Card::default(), since: self.now, head: false, needs: None, prefer: None };
        self.feed(Input::Enqueue(enqueue))
    }

    fn feed(&mut self, input: Input) -> Result<(), Violation> {
        let mut effects = Vec::new();
        let left = matches!(input, Input::Leave { .. });
        self.router.handle(self.now, input.clone(), &mut effects);
        self.checker.step(self.now, &input, &effects).map_err(|v| Violation(format!("{} ms, {input:?}: {v}", self.now.ms_since(START))))?;
        for effect in effects {
            match effect {
                Effect::Offer { offer, .. } => {
                    self.ringing.insert(offer.offer, offer.interaction);
                    let react = self.chance.exponential_ms(self.scenario.react_mean_ms);
                    self.plan(react, Happening::React(offer.agent, offer.offer));
                }
                Effect::Withdraw { offer, agent, result, .. } => {
                    self.ringing.remove(&offer);
                    match result.word() {
                        "no_answer" => {
                            self.report.no_answer += 1;
                            let back = self.chance.exponential_ms(60_000.0);
                            self.plan(back, Happening::ComesBack(agent));
                        }
                        "declined" => self.report.declined += 1,
                        _ => {}
                    }
                }
                Effect::Assigned { offer, agent, interaction, queue, waited_ms, .. } => {
                    self.ringing.remove(&offer);
                    self.report.answered += 1;
                    self.report.waited += u64::from(waited_ms > 0);
                    self.report.wait_ms_total += waited_ms;
                    let talk = self.chance.exponential_ms(self.scenario.talk_mean_ms);
                    if let Some(queue) = queue {
                        self.plan(talk, Happening::TalkOver(agent, interaction, queue));
                    }
                }
                Effect::Overflow { .. } => self.report.overflowed += 1,
                Effect::WaitingEnded { .. } if left => self.report.abandoned += 1,
                _ => {}
            }
        }
        Ok(())
    }
}
