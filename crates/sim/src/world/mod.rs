//! The world around the router: callers come, wait, hang up; agents come to work, ring, talk, wrap up. Time jumps from event to event.
mod agents;
mod callers;
mod owner;
mod trouble;

use crate::chance::{Chance, stream_seed};
use crate::floor::{Checker, Violation};
use crate::plan::{Plan, PlanQueue, id_bytes};
use crate::report::TroubleFigures;
use domain::live::AgentStatus;
use domain::routing::{Effect, Input, OfferResult, OverflowReason, OverflowTo, Refusal, Router};
use domain::{InteractionId, OfferId, QueueId, Timestamp, UserId};
use owner::WaitingList;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use trouble::{Mishap, Troubles};

const START: Timestamp = Timestamp::from_ms(1_800_000_000_000);
/// A scenario that does not come to rest is cut here.
const STEPS_MAX: u64 = 500_000_000;
/// Queues that overflow into each other in a circle give a caller up after so many rounds.
const OVERFLOWS_MAX: u8 = 8;

/// How a visit to a queue ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Answered,
    Abandoned,
    /// Into another queue.
    OverflowedOn,
    /// Out of the house.
    OverflowedOut,
}

/// One interaction, from its arrival to its hang-up.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Call {
    /// Tells this call from others that had its place in the table.
    serial: u32,
    open: bool,
    waiting: bool,
    pub queue: usize,
    pub first_queue: usize,
    /// When it came, from the simulation's beginning.
    pub first_us: i64,
    /// When it came into this queue.
    pub entered_us: i64,
    /// No agent was free when it came into this queue.
    pub waited: bool,
    /// The same when it came at all.
    pub waited_first: bool,
    pub handle_us: u64,
    wrap_us: u64,
    /// Names its chance: the queue's stream and its number in it.
    luck: (u64, u64),
    offers: u64,
    overflows: u8,
    /// No offer of this queue yet.
    fresh: bool,
    /// The observer's own.
    pub tag: u64,
    /// Who has it, from the answer to the hang-up.
    agent: Option<u32>,
    /// Put back at the head.
    head: bool,
    /// On top of its queue's.
    extra_priority: u8,
    /// Who it is, of the plan's list.
    caller: Option<u32>,
    /// A rule may send it on.
    may_move: bool,
    /// Of the trouble's list.
    own_needs: Option<u8>,
    /// The agent it should have, and whether that is known.
    wants: Option<u32>,
    prefer: Option<u32>,
    gone_on_answer: bool,
}

/// Who takes the figures. Times in microseconds from the beginning.
pub(crate) trait Observer {
    /// A caller comes; may leave a tag in it. `gap_us` is since its queue's last arrival.
    fn arrived(&mut self, call: &mut Call, gap_us: u64);
    /// It comes into `call.queue`.
    fn entered(&mut self, call: &Call);
    /// A rule sends it on from there: it never stood in `call.queue`.
    fn moved(&mut self, call: &Call);
    fn ended(&mut self, now_us: i64, call: &Call, end: End);
    /// Agents of a group came, went, began or ended work.
    fn staff(&mut self, now_us: i64, group: usize, staffed: i64, busy: i64);
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Happening {
    /// The next caller of this queue.
    Arrival(u32),
    Replay(u32),
    HangUp {
        slot: u32,
        serial: u32,
    },
    React {
        agent: u32,
        offer: OfferId,
        declines: bool,
    },
    TalkOver {
        agent: u32,
        slot: u32,
    },
    ComesBack(u32),
    /// A shift of this group begins or ends.
    Border(u32),
    Mishap(Mishap),
}

struct Arriving {
    gaps: Chance,
    handling: Chance,
    wrap_up: Chance,
    patience: Chance,
    number: u64,
    last_us: i64,
}

#[derive(Clone, Copy, Default)]
struct Worker {
    ringing: Option<OfferId>,
    rings_for: Option<InteractionId>,
    status: AgentStatus,
}

pub(crate) struct World<'a, O> {
    plan: &'a Plan,
    seed: u64,
    router: Router,
    checker: Option<Checker>,
    pub observer: O,
    now_us: i64,
    agenda: BinaryHeap<Reverse<(i64, u64, Happening)>>,
    counter: u64,
    calls: Vec<Call>,
    vacant: Vec<u32>,
    open_calls: usize,
    /// Sources that will bring another caller.
    sources: usize,
    serial: u32,
    arriving: Vec<Arriving>,
    workers: Vec<Worker>,
    on_duty: Vec<bool>,
    queue_index: BTreeMap<QueueId, usize>,
    inputs: VecDeque<Input>,
    effects: Vec<Effect>,
    pub steps: u64,
    checked: u64,
    troubles: Option<Troubles>,
    list: WaitingList,
}

impl<'a, O: Observer> World<'a, O> {
    /// `seed` decides everything by chance; `plan.seed` is not used here.
    pub fn new(plan: &'a Plan, seed: u64, observer: O) -> Self {
        let arriving = |q: &PlanQueue| {
            let stream = |purpose| Chance::new(stream_seed(seed, q.stream, purpose));
            Arriving { gaps: stream(1), handling: stream(2), wrap_up: stream(3), patience: stream(4), number: 0, last_us: 0 }
        };
        Self {
            plan,
            seed,
            router: Router::without_explanations(seed),
            checker: plan.check.then(Checker::default),
            observer,
            now_us: 0,
            agenda: BinaryHeap::new(),
            counter: 0,
            calls: Vec::new(),
            vacant: Vec::new(),
            open_calls: 0,
            sources: 0,
            serial: 0,
            arriving: plan.queues.iter().map(arriving).collect(),
            workers: vec![Worker::default(); plan.agents.len()],
            on_duty: vec![false; plan.groups.len()],
            queue_index: plan.queues.iter().enumerate().map(|(n, q)| (q.config.id, n)).collect(),
            inputs: VecDeque::new(),
            effects: Vec::new(),
            steps: 0,
            checked: 0,
            troubles: plan.trouble.is_some().then(|| Troubles::new(plan, seed)),
            list: WaitingList::default(),
        }
    }

    /// Plays to the end: until every caller has come and gone.
    ///
    /// # Errors
    /// A rule of the checker was broken, or the day does not end.
    pub fn run(mut self) -> Result<(O, Option<TroubleFigures>), Violation> {
        self.open()?;
        while self.next()? {}
        match self.checker.as_ref().map_or(0, Checker::open) {
            0 => Ok((self.observer, self.troubles.map(|t| TroubleFigures { checked_steps: self.checked, ..t.figures }))),
            n => Err(Violation(format!("{n} interactions are left over at the end"))),
        }
    }

    pub fn open(&mut self) -> Result<(), Violation> {
        self.configure()?;
        for group in 0..self.plan.groups.len() {
            self.shift_border(group)?;
        }
        for queue in 0..self.plan.queues.len() {
            self.plan_arrival(queue);
        }
        self.plan_replay(0);
        self.begin_trouble();
        Ok(())
    }

    /// The next thing that happens: a plan of the world or a timer of the router, whichever is first. False when all is over.
    pub fn next(&mut self) -> Result<bool, Violation> {
        let timer = self.router.next_timeout().map(|t| (t.0.as_us() - START.as_us()).max(self.now_us));
        let planned = self.agenda.peek().map(|a| a.0.0);
        let is_timer = match (timer, planned) {
            (None, None) => return Ok(false),
            (Some(t), Some(p)) => t <= p,
            (timer, _) => timer.is_some(),
        };
        // Without callers only agents still come, go and wrap up; that counts until the day is over.
        let at = if is_timer { timer } else { planned };
        if self.open_calls == 0 && self.sources == 0 && at.is_none_or(|at| at > self.plan.length_us) {
            return Ok(false);
        }
        self.steps += 1;
        if self.steps > STEPS_MAX {
            return Err(Violation("the day does not end".into()));
        }
        if is_timer {
            self.now_us = timer.unwrap_or(self.now_us);
            self.feed(Input::Due)?;
        } else if let Some(Reverse((at, _, happening))) = self.agenda.pop() {
            self.now_us = self.now_us.max(at);
            self.happen(happening)?;
        }
        Ok(true)
    }

    /// The call of an interaction, if it has not ended.
    fn open_call(&self, of: InteractionId) -> Option<Call> {
        let slot = slot_of(of);
        self.calls.get(slot as usize).copied().filter(|c| c.open && interaction(slot, c.serial) == of)
    }

    fn now(&self) -> Timestamp {
        self.at(self.now_us)
    }

    fn at(&self, us: i64) -> Timestamp {
        Timestamp(START.as_us().saturating_add(us))
    }

    fn plan(&mut self, at_us: i64, happening: Happening) {
        self.counter += 1;
        self.agenda.push(Reverse((at_us, self.counter, happening)));
    }

    fn plan_after(&mut self, us: u64, happening: Happening) {
        self.plan(self.now_us.saturating_add(us as i64), happening);
    }

    fn happen(&mut self, happening: Happening) -> Result<(), Violation> {
        match happening {
            Happening::Arrival(queue) => {
                self.sources -= 1;
                self.plan_arrival(queue as usize);
                self.arrive(queue as usize)
            }
            Happening::Replay(index) => {
                self.sources -= 1;
                self.plan_replay(index as usize + 1);
                let plan = self.plan;
                plan.replay.get(index as usize).map_or(Ok(()), |r| self.replayed(r))
            }
            Happening::HangUp { slot, serial } => self.hang_up(slot, serial),
            Happening::React { agent, offer, declines } => {
                let Some(user) = self.ringing(agent, offer).filter(|_| !self.deserted(agent as usize)) else { return Ok(()) };
                let offered = self.workers.get(agent as usize).and_then(|w| w.rings_for);
                // A place that the store still had: no call that waits could be answered or declined.
                if offered.is_some_and(|i| self.open_call(i).is_none_or(|c| !c.waiting || c.agent.is_some())) {
                    return Ok(());
                }
                if declines {
                    return self.feed(Input::Decline { agent: user, offer });
                }
                let gone = offered.map_or(Ok(false), |i| self.hangs_up_on_answer(i))?;
                self.feed(Input::Accept { agent: user, offer })?;
                offered.filter(|_| gone).map_or(Ok(()), |i| self.gone_unanswered(i))
            }
            Happening::TalkOver { agent, slot } => self.talk_over(agent as usize, slot),
            Happening::ComesBack(agent) if self.troubles.is_some() => self.offer_oneself(agent as usize),
            Happening::ComesBack(agent) => match (self.plan.agents.get(agent as usize), self.workers.get(agent as usize)) {
                (Some(a), Some(w)) if w.status == AgentStatus::Away => {
                    self.feed(Input::SetStatus { agent: a.user, status: AgentStatus::Available, reason: None })
                }
                _ => Ok(()),
            },
            Happening::Border(group) => self.shift_border(group as usize),
            Happening::Mishap(mishap) => self.strike(mishap),
        }
    }

    fn feed(&mut self, input: Input) -> Result<(), Violation> {
        self.inputs.push_back(input);
        self.feed_all()
    }

    fn feed_all(&mut self) -> Result<(), Violation> {
        while let Some(input) = self.inputs.pop_front() {
            let mut effects = std::mem::take(&mut self.effects);
            let now = self.now();
            let entering = if let Input::Enqueue(e) = &input { Some(e.interaction) } else { None };
            let copy = self.checker.is_some().then(|| input.clone());
            self.router.handle(now, input, &mut effects);
            if let (Some(checker), Some(input)) = (&mut self.checker, &copy) {
                let at = self.now_us / 1000;
                checker.step(now, input, &effects).map_err(|v| Violation(format!("{at} ms, {input:?}: {v}")))?;
                self.checked += 1;
            }
            for effect in effects.drain(..) {
                self.take(effect, entering);
            }
            self.effects = effects;
        }
        Ok(())
    }

    fn take(&mut self, effect: Effect, entering: Option<InteractionId>) {
        match effect {
            Effect::AgentChanged(agent) => self.agent_changed(&agent),
            Effect::Offer { offer, .. } => self.offered(offer.agent, offer.offer, offer.interaction),
            Effect::Withdraw { agent, result, .. } => {
                let agent = agent_index(agent);
                let Some(worker) = self.workers.get_mut(agent) else { return };
                (worker.ringing, worker.rings_for) = (None, None);
                let away_s = self.plan.agents.get(agent).and_then(|a| self.plan.groups.get(a.group)).map_or(60.0, |g| g.away_s);
                if result == OfferResult::NoAnswer {
                    self.plan_after((away_s * 1e6) as u64, Happening::ComesBack(agent as u32));
                }
            }
            Effect::Assigned { interaction, agent, .. } => self.assigned(interaction, agent_index(agent)),
            Effect::Overflow { interaction, to, reason, .. } => {
                let to = if let OverflowTo::Queue { queue } = to { self.queue_index.get(&queue).copied() } else { None };
                match to.filter(|_| reason == OverflowReason::Rule) {
                    Some(to) => self.moved(interaction, to),
                    None => self.overflowed(interaction, to),
                }
            }
            Effect::EnqueueAgain { interaction } => {
                if let Some(call) = self.open_call(interaction).filter(|c| c.waiting && c.agent.is_none()) {
                    self.count(|f| &mut f.came_again);
                    self.enqueue(slot_of(interaction), &call, true);
                }
            }
            Effect::Healed { .. } => self.count(|f| &mut f.healed),
            Effect::Placed(place) if self.troubles.is_some() => self.list.wrote(self.now_us, place.interaction, Some(place)),
            Effect::WaitingEnded { interaction, .. } if self.troubles.is_some() => self.list.wrote(self.now_us, interaction, None),
            Effect::Refused { why: Refusal::NotTheirs } => self.count(|f| &mut f.not_theirs),
            // The house is full: the caller hears the same as when the queue is.
            Effect::Refused { why: Refusal::WaitingMax } => {
                if let Some(interaction) = entering {
                    self.overflowed(interaction, None);
                }
            }
            _ => {}
        }
    }
}

/// 24 bits of the slot, 32 of the serial.
fn interaction(slot: u32, serial: u32) -> InteractionId {
    InteractionId::from_parts(START, id_bytes((u64::from(slot & 0xff_ffff) << 32) | u64::from(serial)))
}

fn number_of(uuid: &[u8; 16]) -> u64 {
    uuid[9..].iter().fold(0, |n, b| (n << 8) | u64::from(*b))
}
fn slot_of(interaction: InteractionId) -> u32 {
    (number_of(interaction.0.as_bytes()) >> 32) as u32
}
fn agent_index(user: UserId) -> usize {
    (number_of(user.0.as_bytes()) as usize).wrapping_sub(1)
}
