//! The world around the router: callers come, wait, hang up; agents come to work, ring, talk, wrap up. Time jumps from event to event.
use crate::chance::{Chance, quantile_us, stream_seed, unit_of};
use crate::floor::{Checker, Violation};
use crate::plan::{DAY_US, Plan, PlanQueue, id_bytes, us_of_hours};
use domain::live::{AgentLive, AgentStatus, Device};
use domain::routing::{Card, Effect, Enqueue, Input, OfferResult, OverflowTo, Refusal, Router};
use domain::{InteractionId, OfferId, QueueId, Timestamp, UserId};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};

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
}

/// Who takes the figures. Times in microseconds from the beginning.
pub(crate) trait Observer {
    /// A caller comes; may leave a tag in it. `gap_us` is since its queue's last arrival.
    fn arrived(&mut self, call: &mut Call, gap_us: u64);
    /// It comes into `call.queue`.
    fn entered(&mut self, call: &Call);
    fn ended(&mut self, now_us: i64, call: &Call, end: End);
    /// Agents of a group came, went, began or ended work.
    fn staff(&mut self, now_us: i64, group: usize, staffed: i64, busy: i64);
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Happening {
    /// The next caller of this queue.
    Arrival(u32),
    Replay(u32),
    HangUp { slot: u32, serial: u32 },
    React { agent: u32, offer: OfferId, declines: bool },
    TalkOver { agent: u32, slot: u32 },
    ComesBack(u32),
    /// A shift of this group begins or ends.
    Border(u32),
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
            router: Router::new(seed),
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
        }
    }

    /// Plays to the end: until every caller has come and gone.
    ///
    /// # Errors
    /// A rule of the checker was broken, or the day does not end.
    pub fn run(mut self) -> Result<O, Violation> {
        self.open()?;
        while self.next()? {}
        match self.checker.as_ref().map_or(0, Checker::open) {
            0 => Ok(self.observer),
            n => Err(Violation(format!("{n} interactions are left over at the end"))),
        }
    }

    pub fn open(&mut self) -> Result<(), Violation> {
        let queues = self.plan.queues.iter().map(|q| q.config.clone()).collect();
        self.feed(Input::Configure { queues, agents: self.plan.agents.iter().map(|a| a.user).collect() })?;
        for group in 0..self.plan.groups.len() {
            self.shift_border(group)?;
        }
        for queue in 0..self.plan.queues.len() {
            self.plan_arrival(queue);
        }
        self.plan_replay(0);
        Ok(())
    }

    /// The next thing that happens: a plan of the world or a timer of the router, whichever is first. False when all is over.
    pub fn next(&mut self) -> Result<bool, Violation> {
        if self.open_calls == 0 && self.sources == 0 {
            return Ok(false);
        }
        let timer = self.router.next_timeout().map(|t| (t.0.as_us() - START.as_us()).max(self.now_us));
        let planned = self.agenda.peek().map(|a| a.0.0);
        let is_timer = match (timer, planned) {
            (None, None) => return Ok(false),
            (Some(t), Some(p)) => t <= p,
            (timer, _) => timer.is_some(),
        };
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

    fn now(&self) -> Timestamp {
        Timestamp(START.as_us().saturating_add(self.now_us))
    }

    fn plan(&mut self, at_us: i64, happening: Happening) {
        self.counter += 1;
        self.agenda.push(Reverse((at_us, self.counter, happening)));
    }

    fn plan_after(&mut self, us: u64, happening: Happening) {
        self.plan(self.now_us.saturating_add(us as i64), happening);
    }

    fn plan_arrival(&mut self, queue: usize) {
        let (Some(q), Some(arriving)) = (self.plan.queues.get(queue), self.arriving.get_mut(queue)) else { return };
        let work = arriving.gaps.exponential();
        // The profile runs on the clock of the day.
        let clock = self.now_us + self.plan.start_us;
        if let Some(at) = q.rate.after(clock, work, self.plan.length_us + self.plan.start_us) {
            self.sources += 1;
            self.plan(at - self.plan.start_us, Happening::Arrival(queue as u32));
        }
    }

    fn plan_replay(&mut self, index: usize) {
        if let Some(replay) = self.plan.replay.get(index).filter(|r| r.at_us <= self.plan.length_us) {
            self.sources += 1;
            self.plan(replay.at_us, Happening::Replay(index as u32));
        }
    }

    fn happen(&mut self, happening: Happening) -> Result<(), Violation> {
        match happening {
            Happening::Arrival(queue) => {
                self.sources -= 1;
                self.plan_arrival(queue as usize);
                self.arrive(queue as usize, None, None)
            }
            Happening::Replay(index) => {
                self.sources -= 1;
                self.plan_replay(index as usize + 1);
                let plan = self.plan;
                plan.replay.get(index as usize).map_or(Ok(()), |r| self.arrive(r.queue, r.handle_us, r.patience_us))
            }
            Happening::HangUp { slot, serial } => self.hang_up(slot, serial),
            Happening::React { agent, offer, declines } => {
                let Some(user) = self.ringing(agent, offer) else { return Ok(()) };
                self.feed(if declines { Input::Decline { agent: user, offer } } else { Input::Accept { agent: user, offer } })
            }
            Happening::TalkOver { agent, slot } => self.talk_over(agent as usize, slot),
            Happening::ComesBack(agent) => match (self.plan.agents.get(agent as usize), self.workers.get(agent as usize)) {
                (Some(a), Some(w)) if w.status == AgentStatus::Away => {
                    self.feed(Input::SetStatus { agent: a.user, status: AgentStatus::Available, reason: None })
                }
                _ => Ok(()),
            },
            Happening::Border(group) => self.shift_border(group as usize),
        }
    }

    /// The agent, if this offer still rings there.
    fn ringing(&self, agent: u32, offer: OfferId) -> Option<UserId> {
        let rings = self.workers.get(agent as usize)?.ringing == Some(offer);
        self.plan.agents.get(agent as usize).filter(|_| rings).map(|a| a.user)
    }

    /// Brings a group's agents to work or home, and plans the next time this is due.
    fn shift_border(&mut self, group: usize) -> Result<(), Violation> {
        let plan = self.plan;
        let (Some(g), Some(were)) = (plan.groups.get(group), self.on_duty.get_mut(group)) else { return Ok(()) };
        let clock = (self.now_us + plan.start_us).rem_euclid(DAY_US);
        let (mut here, mut next) = (g.shifts.is_empty(), None);
        for shift in &g.shifts {
            let (from, to) = (us_of_hours(shift.from_h), us_of_hours(shift.to_h));
            here |= if from < to { (from..to).contains(&clock) } else { clock >= from || clock < to };
            for border in [from, to] {
                let wait = (border - clock).rem_euclid(DAY_US);
                next = Some(if wait == 0 { DAY_US } else { wait }).into_iter().chain(next).min();
            }
        }
        let change = std::mem::replace(were, here) != here;
        if let Some(wait) = next {
            self.plan_after(wait as u64, Happening::Border(group as u32));
        }
        if !change {
            return Ok(());
        }
        for agent in plan.agents.iter().filter(|a| a.group == group) {
            if here {
                self.feed(Input::SignIn { agent: agent.user, device: Device::Browser })?;
                self.feed(Input::SetStatus { agent: agent.user, status: AgentStatus::Available, reason: None })?;
            } else {
                self.feed(Input::SignOut { agent: agent.user })?;
            }
        }
        Ok(())
    }

    fn arrive(&mut self, queue: usize, handle_us: Option<u64>, patience_us: Option<u64>) -> Result<(), Violation> {
        let plan = self.plan;
        let (Some(q), Some(from)) = (plan.queues.get(queue), self.arriving.get_mut(queue)) else { return Ok(()) };
        from.number += 1;
        let gap_us = (self.now_us - from.last_us).max(0) as u64;
        from.last_us = self.now_us;
        // Everything is drawn, needed or not: the next caller's luck does not hang on this one's.
        let handle_us = handle_us.unwrap_or(from.handling.draw_us(&q.handling));
        let wrap_us = q.wrap_up.map_or(0, |w| from.wrap_up.draw_us(&w));
        let drawn_us = q.patience.map(|p| from.patience.draw_us(&p));
        self.serial = self.serial.wrapping_add(1);
        let mut call = Call {
            serial: self.serial,
            open: true,
            waiting: true,
            queue,
            first_queue: queue,
            first_us: self.now_us,
            entered_us: self.now_us,
            waited: true,
            waited_first: true,
            fresh: true,
            handle_us,
            wrap_us,
            luck: (q.stream, from.number),
            ..Call::default()
        };
        self.observer.arrived(&mut call, gap_us);
        let slot = self.vacant.pop().unwrap_or(self.calls.len() as u32);
        match self.calls.get_mut(slot as usize) {
            Some(place) => *place = call,
            None => self.calls.push(call),
        }
        self.open_calls += 1;
        if let Some(us) = patience_us.or(drawn_us) {
            self.plan_after(us, Happening::HangUp { slot, serial: call.serial });
        }
        self.enter(slot, &call);
        self.feed_all()
    }

    fn enter(&mut self, slot: u32, call: &Call) {
        self.observer.entered(call);
        let Some(q) = self.plan.queues.get(call.queue) else { return };
        let enqueue = Enqueue {
            interaction: interaction(slot, call.serial),
            queue: q.config.id,
            priority: q.priority,
            card: Card::default(),
            since: Timestamp(START.as_us().saturating_add(call.first_us)),
            head: false,
        };
        self.inputs.push_back(Input::Enqueue(enqueue));
    }

    fn hang_up(&mut self, slot: u32, serial: u32) -> Result<(), Violation> {
        let Some(call) = self.calls.get(slot as usize).copied().filter(|c| c.open && c.waiting && c.serial == serial) else {
            return Ok(());
        };
        self.close(slot);
        self.observer.ended(self.now_us, &call, End::Abandoned);
        self.feed(Input::Leave { interaction: interaction(slot, serial), reason: "caller_left".into() })
    }

    fn talk_over(&mut self, agent: usize, slot: u32) -> Result<(), Violation> {
        let plan = self.plan;
        let (Some(a), Some(call)) = (plan.agents.get(agent), self.calls.get(slot as usize).copied()) else { return Ok(()) };
        self.close(slot);
        let queue = plan.queues.get(call.queue).map(|q| q.config.id);
        // The router counts milliseconds; half of one is lost or won.
        let wrap_up_ms = (call.wrap_us + 500) / 1000;
        self.feed(Input::Released { agent: a.user, interaction: interaction(slot, call.serial), queue, wrap_up_ms, away: None })
    }

    fn close(&mut self, slot: u32) {
        if let Some(call) = self.calls.get_mut(slot as usize).filter(|c| c.open) {
            call.open = false;
            self.vacant.push(slot);
            self.open_calls -= 1;
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
                worker.ringing = None;
                let away_s = self.plan.agents.get(agent).and_then(|a| self.plan.groups.get(a.group)).map_or(60.0, |g| g.away_s);
                if result == OfferResult::NoAnswer {
                    self.plan_after((away_s * 1e6) as u64, Happening::ComesBack(agent as u32));
                }
            }
            Effect::Assigned { interaction, agent, .. } => self.assigned(interaction, agent_index(agent)),
            Effect::Overflow { interaction, to, .. } => {
                let to = if let OverflowTo::Queue { queue } = to { self.queue_index.get(&queue).copied() } else { None };
                self.overflowed(interaction, to);
            }
            // The house is full: the caller hears the same as when the queue is.
            Effect::Refused { why: Refusal::WaitingMax } => {
                if let Some(interaction) = entering {
                    self.overflowed(interaction, None);
                }
            }
            _ => {}
        }
    }

    fn agent_changed(&mut self, live: &AgentLive) {
        let agent = agent_index(live.user);
        let (Some(worker), Some(a)) = (self.workers.get_mut(agent), self.plan.agents.get(agent)) else { return };
        let before = std::mem::replace(&mut worker.status, live.status);
        let staffed = i64::from(is_staffed(live.status)) - i64::from(is_staffed(before));
        let busy = i64::from(is_busy(live.status)) - i64::from(is_busy(before));
        if staffed != 0 || busy != 0 {
            self.observer.staff(self.now_us, a.group, staffed, busy);
        }
    }

    fn offered(&mut self, user: UserId, offer: OfferId, interaction: InteractionId) {
        let agent = agent_index(user);
        let group = self.plan.agents.get(agent).and_then(|a| self.plan.groups.get(a.group));
        let call = self.calls.get_mut(slot_of(interaction) as usize).filter(|c| c.open);
        let (Some(worker), Some(group), Some(call)) = (self.workers.get_mut(agent), group, call) else { return };
        worker.ringing = Some(offer);
        if std::mem::take(&mut call.fresh) && call.entered_us == self.now_us {
            call.waited = false;
            call.waited_first &= call.overflows > 0;
        }
        call.offers += 1;
        let luck = |purpose: u64| unit_of(self.seed ^ call.luck.0, call.luck.1, call.offers * 2 + purpose);
        let declines = group.decline_share > 0.0 && luck(0) <= group.decline_share;
        let delay_us = group.answer_delay.map_or(0, |d| quantile_us(&d, luck(1)));
        if delay_us == 0 && !declines {
            self.inputs.push_back(Input::Accept { agent: user, offer });
        } else {
            self.plan_after(delay_us, Happening::React { agent: agent as u32, offer, declines });
        }
    }

    fn assigned(&mut self, interaction: InteractionId, agent: usize) {
        let slot = slot_of(interaction);
        if let Some(worker) = self.workers.get_mut(agent) {
            worker.ringing = None;
        }
        let Some(call) = self.calls.get_mut(slot as usize).filter(|c| c.open) else { return };
        call.waiting = false;
        let call = *call;
        self.observer.ended(self.now_us, &call, End::Answered);
        self.plan_after(call.handle_us, Happening::TalkOver { agent: agent as u32, slot });
    }

    fn overflowed(&mut self, interaction: InteractionId, to: Option<usize>) {
        let slot = slot_of(interaction);
        let Some(call) = self.calls.get_mut(slot as usize).filter(|c| c.open) else { return };
        let Some(queue) = to.filter(|_| call.overflows < OVERFLOWS_MAX) else {
            let call = *call;
            self.close(slot);
            return self.observer.ended(self.now_us, &call, End::OverflowedOut);
        };
        self.observer.ended(self.now_us, call, End::OverflowedOn);
        call.overflows += 1;
        (call.queue, call.entered_us, call.waited, call.fresh) = (queue, self.now_us, true, true);
        let call = *call;
        self.enter(slot, &call);
    }
}

const fn is_staffed(status: AgentStatus) -> bool {
    matches!(status, AgentStatus::Available | AgentStatus::Ringing | AgentStatus::OnCall | AgentStatus::WrapUp)
}
const fn is_busy(status: AgentStatus) -> bool {
    matches!(status, AgentStatus::OnCall | AgentStatus::WrapUp)
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
