//! The router: who waits, who is free, and who is offered to whom. One for every channel.
//!
//! It owns presence, waiting lists and offers. An offer is the lease that reserves its agent: it ends by answer, refusal, time-out
//! or the caller's leaving, and by nothing else. A waiting interaction keeps its place while an agent rings, so "back to the head"
//! after a ring without answer is simply where it still stands. After every input the router matches again: an agent with room and a
//! caller it may serve never stand side by side at the end of a step. An agent does several things at once, as many as its capacity
//! admits (`config::Capacity`).
mod agents;
mod breaks;
mod callbacks;
mod diagnose;
mod explain;
mod io;
mod journal;
mod line;
mod matching;
mod offers;
mod presence;
mod reconcile;
mod resume;
mod rules;
mod setup;
mod timers;
mod waiting;
mod work;
pub use callbacks::HELD_MAX_MS;
pub use diagnose::{Ahead, DIAGNOSED_MAX, Diagnosis, NextStep, Verdict};
pub use explain::{EXPLAINED_MAX, Explanation, RuledOut, Why};
pub use io::*;
pub use journal::{JOURNAL_VERSION, JournalLine};
pub use line::{Place, place_ms};
pub use reconcile::RECONCILE_GRACE_MS;
pub use resume::{EarlierCall, KeptPlace, kept_places};

use crate::event::{Draft, EventKind};
use crate::interaction::Channel;
use crate::{InteractionId, OfferId, QueueId, Timestamp, UserId};
use agents::Agent;
use line::QueueState;
use offers::Offer;
use std::collections::{BTreeMap, BTreeSet};
use timers::Timers;
use waiting::Entry;

/// Interactions waiting in all queues together; `queue_len_max` is each queue's own limit.
pub const WAITING_MAX: usize = 100_000;
/// After declining, an agent is not offered the same interaction for this long, if somebody else could take it.
pub const DECLINE_COOL_DOWN_MS: u64 = 15_000;
/// The same when nobody else of the queue is available.
pub const DECLINE_ALONE_COOL_DOWN_MS: u64 = 2_000;

/// The machine. `handle` with every input, `handle(Due)` when `next_timeout` has come.
#[derive(Debug, Clone, PartialEq)]
pub struct Router {
    /// Offer ids come from this seed and a counter: chance is an argument.
    seed: u64,
    counter: u64,
    queues: BTreeMap<QueueId, QueueState>,
    agents: BTreeMap<UserId, Agent>,
    entries: BTreeMap<InteractionId, Entry>,
    offers: BTreeMap<OfferId, Offer>,
    /// The offers of an interaction: one, or several where the strategy rings several. Never an empty set.
    ringing: BTreeMap<InteractionId, BTreeSet<OfferId>>,
    /// Customers who are being called back, and who is kept free for them.
    held: BTreeMap<InteractionId, UserId>,
    /// Channels of which something ever came: free agents are sorted for these only.
    channels: BTreeSet<Channel>,
    house: House,
    breaks: breaks::Breaks,
    /// Which queues borrow from a queue.
    borrowers: BTreeMap<QueueId, BTreeSet<QueueId>>,
    /// Queues that something happened to in this step.
    touched: BTreeSet<QueueId>,
    timers: Timers,
    /// Differences seen by the last reconciliation only; seen again, they are healed.
    suspects: BTreeSet<reconcile::Suspect>,
    /// Every offer is explained in the history.
    explains: bool,
}

impl Router {
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            counter: 0,
            queues: BTreeMap::new(),
            agents: BTreeMap::new(),
            entries: BTreeMap::new(),
            offers: BTreeMap::new(),
            ringing: BTreeMap::new(),
            held: BTreeMap::new(),
            channels: BTreeSet::from([Channel::Voice]),
            house: House::default(),
            breaks: breaks::Breaks::default(),
            borrowers: BTreeMap::new(),
            touched: BTreeSet::new(),
            timers: Timers::default(),
            suspects: BTreeSet::new(),
            explains: true,
        }
    }

    /// One that explains nothing: simulations have nobody to read it.
    pub fn without_explanations(seed: u64) -> Self {
        Self { explains: false, ..Self::new(seed) }
    }

    /// One step. Appends to `out`; an `Effect::Refused` in it means that this input changed nothing.
    pub fn handle(&mut self, now: Timestamp, input: Input, out: &mut Vec<Effect>) {
        self.fire_due(now, out);
        if let Err(why) = self.dispatch(now, input, out) {
            out.push(Effect::Refused { why });
        }
        self.grant_breaks(now, out);
        self.match_waiting(now, out);
    }

    /// When to call `handle(Due)` at the latest, and why.
    pub fn next_timeout(&self) -> Option<(Timestamp, Timer)> {
        self.timers.next()
    }

    fn dispatch(&mut self, now: Timestamp, input: Input, out: &mut Vec<Effect>) -> Result<(), Refusal> {
        match input {
            Input::Configure { queues, agents } => self.configure(now, queues, agents, out),
            Input::House(house) => self.set_house(now, house),
            Input::ServiceLevel { queue, percent } => self.service_level(queue, percent)?,
            Input::Hours { queue, closed } => self.hours(now, queue, closed, out)?,
            Input::SignIn { agent, device } => self.sign_in(now, agent, device, out)?,
            Input::SignOut { agent } => self.set_status(now, agent, crate::live::AgentStatus::Offline, None, out)?,
            Input::SetStatus { agent, status, reason } => self.set_status(now, agent, status, reason, out)?,
            Input::PutStatus { agent, status, reason } => self.put_status(now, agent, status, reason, out)?,
            Input::DecideBreak { request, approve } => self.decide_break(now, request, approve, out)?,
            Input::SetDevice { agent, device } => self.set_device(now, agent, device, out)?,
            Input::PhoneRegistered { agent, registered } => self.phone_registered(now, agent, registered, out)?,
            Input::Enqueue(enqueue) => self.enqueue(now, enqueue, out)?,
            Input::Leave { interaction, reason } => self.leave(now, interaction, &reason, out),
            Input::Accept { agent, offer } => self.accept(now, agent, offer, out)?,
            Input::Decline { agent, offer } => self.decline(now, agent, offer, out)?,
            Input::AgentBusy { agent, interaction } => self.agent_busy(now, agent, interaction, out)?,
            Input::Released { agent, interaction, queue, wrap_up_ms, away } => {
                self.released(now, agent, interaction, queue, wrap_up_ms, away, out)?;
            }
            Input::WrapUpDone { agent, interaction, code } => self.wrap_up_done(now, agent, interaction, code, out)?,
            Input::DirectOffer(direct) => self.direct_offer(now, direct, out)?,
            Input::Identified { interaction, customer, known, prefer } => {
                self.identified(now, interaction, (customer, known), prefer, out);
            }
            Input::Resumed { interaction, places } => self.resume(now, interaction, &places, out),
            Input::Due => {}
            Input::Reconcile { taken_at, calls } => self.reconcile(now, taken_at, &calls, out),
        }
        Ok(())
    }

    fn fire_due(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        while let Some(timer) = self.timers.pop_due(now) {
            match timer {
                Timer::Ring(offer) => self.end_offer(now, offer, OfferResult::NoAnswer, out),
                Timer::WrapUp(agent, interaction) => self.wrap_up_over(now, agent, interaction, None, out),
                Timer::BreakOver(agent) => self.break_overstayed(now, agent, out),
                Timer::WaitMax(interaction) => self.wait_max_reached(now, interaction, out),
                Timer::Announce(interaction) => self.announce(now, interaction, out),
                Timer::CoolDown(interaction) => self.cooled_down(now, interaction),
                Timer::Relax(interaction) => self.find_place(now, interaction),
                Timer::RingNext(interaction) => self.stand(interaction),
                Timer::Held(interaction) => drop(self.let_go(now, interaction, out)),
                Timer::NoAgent(interaction) => self.look_for_agents(now, interaction, out),
            }
        }
    }

    fn service_level(&mut self, queue: QueueId, percent: Option<u8>) -> Result<(), Refusal> {
        self.queues.get_mut(&queue).ok_or(Refusal::NoSuchQueue)?.service_level = percent;
        self.touch_queues_of(&[queue]);
        Ok(())
    }

    fn next_offer_id(&mut self, now: Timestamp) -> OfferId {
        self.counter += 1;
        let (a, b) = (mix(self.seed ^ self.counter), mix(self.seed.rotate_left(32).wrapping_add(self.counter)));
        let mut random = [0; 10];
        random[..8].copy_from_slice(&a.to_le_bytes());
        random[8..].copy_from_slice(&b.to_le_bytes()[..2]);
        OfferId::from_parts(now, random)
    }
}

/// The finaliser of splitmix64: spreads a counter over all 64 bits.
fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

fn record(
    at: Timestamp,
    interaction: Option<InteractionId>,
    agent: Option<UserId>,
    queue: Option<QueueId>,
    kind: EventKind,
    out: &mut Vec<Effect>,
) {
    out.push(Effect::Record(Draft { at, interaction, agent, queue, kind }));
}

#[cfg(test)]
mod tests;
