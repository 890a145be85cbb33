//! An observer of the floor: follows the router's inputs and effects from outside, keeps its own books, and says when a rule is broken.
//!
//! The rules, for every strategy, ring, skill and loan:
//! - one winner: an interaction is given to one agent for each time it asked, also where several ring;
//! - nobody has two offers or calls, and only who is free is rung;
//! - who has the stronger claim goes first (`turn`); who waits and who is free never stand side by side, not for a second (`suits`);
//! - every stay in a queue ends exactly once: answered, left, or overflowed for a reason that holds;
//! - every reservation ends by answer, refusal, withdrawal or time;
//! - a router that died ([`Checker::router_died`]) and came back keeps everybody's place, and heals within [`HEAL_MS`].
mod books;
mod ends;
mod suits;
mod turn;

use books::{Books, Person, Ring, Stay};
use domain::live::{AgentLive, AgentStatus, OfferLive};
use domain::routing::{DECLINE_ALONE_COOL_DOWN_MS, DECLINE_COOL_DOWN_MS, Effect, Input, OfferResult, Refusal};
use domain::{InteractionId, OfferId, Timestamp, UserId};
use std::collections::{BTreeMap, BTreeSet};

/// A rule that was broken, in words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Violation(pub String);

/// What may be late by no more than this: an offer that has become possible, a lease or a wait that is over.
const PROMPT_MS: u64 = 1_000;
/// After the router's death all that calls believe is known again within so long: two reconciliations, and the agents' signing in.
pub const HEAL_MS: u64 = 20_000;

/// Feed it every input with the effects it had; it keeps its own books and compares.
#[derive(Debug, Default)]
pub struct Checker {
    books: Books,
    /// Of the last step.
    now: Timestamp,
    /// The router died then.
    died_at: Option<Timestamp>,
    /// Talk in truth, which the new router does not know yet.
    unknown: BTreeSet<UserId>,
    step: Notes,
}

/// What one step did.
#[derive(Debug, Default)]
struct Notes {
    /// Came in with this step's input.
    entered: Option<InteractionId>,
    left: BTreeMap<InteractionId, Stay>,
    /// How often each was answered, overflowed or healed in this step.
    ended: BTreeMap<InteractionId, u32>,
    healed: u32,
    sent_on: Vec<domain::QueueId>,
    /// Where a rule sends who came in with this step's input.
    sent_to: Option<domain::QueueId>,
}

fn holds(rule: bool, otherwise: impl FnOnce() -> String) -> Result<(), Violation> {
    if rule { Ok(()) } else { Err(Violation(otherwise())) }
}

impl Checker {
    /// Every timer that is due is expected to have had its `Due` before any other input.
    ///
    /// # Errors
    /// The first rule that this step broke.
    pub fn step(&mut self, now: Timestamp, input: &Input, effects: &[Effect]) -> Result<(), Violation> {
        self.nothing_is_late(now)?;
        self.now = now;
        self.step = Notes::default();
        match effects.iter().find_map(|e| if let Effect::Refused { why } = e { Some(*why) } else { None }) {
            Some(why) => self.refused(input, why),
            None => self.took(now, input)?,
        }
        for effect in effects {
            self.saw(now, effect)?;
        }
        self.ended_once(input)?;
        self.agrees(now)
    }

    /// The router is gone, with everything it alone knew; another one takes over. Callers wait on and people talk on.
    pub fn router_died(&mut self, now: Timestamp) {
        self.books.forget_router();
        self.unknown = self.books.talking.keys().copied().collect();
        self.died_at = Some(now);
        self.now = now;
    }

    pub fn waiting(&self) -> usize {
        self.books.stays.len()
    }

    /// Interactions that wait, talk, or ring.
    pub fn open(&self) -> usize {
        self.books.stays.len() + self.books.talking.len() + self.books.direct.len()
    }

    fn healing(&self, now: Timestamp) -> bool {
        !self.unknown.is_empty() || self.died_at.is_some_and(|at| now.ms_since(at) <= HEAL_MS)
    }

    /// Time alone changes who may be served: what became due more than a second ago has happened.
    fn nothing_is_late(&self, now: Timestamp) -> Result<(), Violation> {
        let then = Timestamp(now.0 - Timestamp(0).plus_ms(PROMPT_MS).0);
        if then <= self.now {
            return Ok(());
        }
        if let Some((agent, interaction)) = self.books.side_by_side(then) {
            return holds(false, || format!("{agent} and {interaction} stood side by side for more than a second"));
        }
        if let Some((offer, _)) = self.books.rings.iter().find(|(_, r)| r.expires_at < then) {
            return holds(false, || format!("{offer} outlived its lease by more than a second"));
        }
        self.nobody_waits_too_long(then)
    }

    fn refused(&mut self, input: &Input, why: Refusal) {
        // The talk ended before the new router heard of it.
        if let (Input::Released { agent, interaction, .. }, Refusal::NotTheirs | Refusal::NoSuchAgent) = (input, why)
            && self.unknown.contains(agent)
            && self.books.talking.get(agent) == Some(interaction)
        {
            self.books.talking.remove(agent);
            self.unknown.remove(agent);
        }
    }

    fn took(&mut self, now: Timestamp, input: &Input) -> Result<(), Violation> {
        match input {
            Input::Configure { queues, agents } => self.books.configure(queues, agents),
            Input::House(house) => self.books.rules.clone_from(&house.rules),
            Input::ServiceLevel { queue, percent } => {
                if let Some(line) = self.books.queues.get_mut(queue) {
                    line.service_level = *percent;
                }
            }
            Input::SignIn { agent, .. } => {
                if let Some(p) = self.books.people.get_mut(agent).filter(|p| p.live.status == AgentStatus::Offline) {
                    (p.answered, p.talk_ms) = (0, 0);
                }
            }
            Input::Enqueue(e) => {
                if let Some(before) = self.books.stays.get(&e.interaction) {
                    holds(!before.placed, || format!("{} came into a queue twice", e.interaction))?;
                    let kept =
                        (before.queue, before.priority, before.head, before.since) == (e.queue, self.books.ruled(e).0, e.head, e.since);
                    holds(kept, || format!("{} came back to another place", e.interaction))?;
                }
                self.step.sent_to = self.books.sent_to(e);
                self.books.enter(now, e);
                self.step.entered = Some(e.interaction);
            }
            Input::DirectOffer(direct) => drop(self.books.direct.insert(direct.interaction)),
            Input::AgentBusy { agent, interaction } => drop(self.books.talking.insert(*agent, *interaction)),
            Input::Released { agent, .. } => self.released(now, *agent),
            Input::Identified { interaction, prefer, .. } => {
                if let Some(stay) = self.books.stays.get_mut(interaction) {
                    stay.prefer = prefer.or(stay.prefer);
                }
            }
            Input::Resumed { interaction, places } => {
                if let Some(stay) = self.books.stays.get_mut(interaction) {
                    let kept = places.iter().find(|p| p.queue == stay.queue).map_or(stay.since, |p| p.since);
                    stay.since = stay.since.min(kept);
                }
            }
            // One that the router does not know leaves without a word of it.
            Input::Leave { interaction, .. } if self.books.stays.get(interaction).is_some_and(|s| !s.placed) => {
                self.books.stays.remove(interaction);
            }
            _ => {}
        }
        Ok(())
    }

    fn released(&mut self, now: Timestamp, agent: UserId) {
        self.books.talking.remove(&agent);
        self.unknown.remove(&agent);
        if let Some(p) = self.books.people.get_mut(&agent) {
            p.talk_ms = p.talk_ms.saturating_add(now.ms_since(p.live.since));
            p.last_end = Some(now);
        }
    }

    fn saw(&mut self, now: Timestamp, effect: &Effect) -> Result<(), Violation> {
        match effect {
            Effect::Offer { offer, .. } => self.offered(now, offer),
            Effect::Withdraw { offer, agent, interaction, result } => self.withdrawn(now, *offer, *agent, *interaction, *result),
            Effect::Assigned { offer, agent, interaction, queue, .. } => {
                let ring = self.books.stop_ring(*offer);
                let same = ring.is_some_and(|r| r.agent == *agent && r.interaction == *interaction);
                holds(same, || format!("{interaction} was assigned to {agent} without the offer"))?;
                let asked = match self.step.left.get(interaction) {
                    Some(stay) => *queue == Some(stay.queue),
                    None => self.books.direct.remove(interaction),
                };
                holds(asked, || format!("{interaction} has two winners, or one that it did not ask for"))?;
                self.books.talking.insert(*agent, *interaction);
                *self.step.ended.entry(*interaction).or_default() += 1;
                if let Some(p) = self.books.people.get_mut(agent) {
                    p.answered += 1;
                }
                Ok(())
            }
            Effect::WaitingEnded { interaction, .. } => self.left_line(*interaction),
            Effect::Overflow { interaction, queue, reason, to } => self.overflowed(now, *interaction, *queue, *reason, to),
            Effect::EnqueueAgain { interaction } => {
                let lost = self.books.stays.get(interaction).is_some_and(|s| !s.placed);
                holds(lost, || format!("{interaction} was told to come again though it has its place, or waits no more"))
            }
            Effect::Turn { interaction, .. } => holds(false, || format!("{interaction} is no callback, and had its turn as one")),
            Effect::AgentChanged(agent) => self.changed(now, agent),
            Effect::AgentRemoved { agent } => {
                self.books.people.remove(agent);
                Ok(())
            }
            Effect::Healed { what } => {
                self.step.healed += 1;
                holds(self.healing(now), || format!("something had to be healed: {what}"))
            }
            Effect::OfferChanged(offer) => {
                holds(self.books.rings.contains_key(&offer.offer), || format!("{} changed though it is over", offer.offer))
            }
            Effect::Placed(_)
            | Effect::WaitingChanged(_)
            | Effect::Announce { .. }
            | Effect::BreakOverstayed { .. }
            | Effect::Record(_)
            | Effect::Refused { .. } => Ok(()),
        }
    }

    fn offered(&mut self, now: Timestamp, offer: &OfferLive) -> Result<(), Violation> {
        let (agent, interaction) = (offer.agent, offer.interaction);
        let busy = self.books.talking.contains_key(&agent) || self.books.rings.values().any(|r| r.agent == agent);
        holds(!busy, || format!("{agent} has two voice offers or calls"))?;
        let marked =
            self.books.people.get(&agent).is_some_and(|p| p.live.status == AgentStatus::Ringing && p.live.interaction == Some(interaction));
        holds(marked, || format!("{agent} was offered {interaction} without being marked as ringing"))?;
        holds(offer.expires_at >= now, || format!("{} begins after its end", offer.offer))?;
        let ring = Ring { agent, interaction, expires_at: offer.expires_at };
        if !self.books.direct.contains(&interaction) {
            self.books.judge(now, &ring)?;
            if let Some(stay) = self.books.stays.get_mut(&interaction)
                && let Some(line) = self.books.queues.get_mut(&stay.queue)
            {
                if line.config.strategy == domain::config::Strategy::RingProgressively {
                    stay.ring_next_at = Some(now.plus_ms(line.config.routing.ring_next_ms));
                }
                if let Some((index, _)) = line.member(agent) {
                    line.rang_last = i64::try_from(index).ok();
                }
            }
        }
        self.books.ring(offer.offer, ring);
        Ok(())
    }

    fn withdrawn(
        &mut self,
        now: Timestamp,
        offer: OfferId,
        agent: UserId,
        interaction: InteractionId,
        result: OfferResult,
    ) -> Result<(), Violation> {
        let ring = self.books.stop_ring(offer).filter(|r| r.agent == agent && r.interaction == interaction);
        let Some(ring) = ring else { return holds(false, || format!("{offer} ends that never began, or ends twice")) };
        holds(result != OfferResult::NoAnswer || ring.expires_at <= now, || format!("{offer} ended unanswered before its time"))?;
        self.books.direct.remove(&interaction);
        let Some(stay) = self.books.stays.get(&interaction) else { return Ok(()) };
        let spared = match result {
            OfferResult::Declined => self.spared_until(now, stay, agent),
            // Where one unanswered offer does not yet set an agent away, it is spared too.
            OfferResult::NoAnswer => (now, now.plus_ms(DECLINE_COOL_DOWN_MS)),
            _ => return Ok(()),
        };
        if let Some(stay) = self.books.stays.get_mut(&interaction) {
            stay.spared.insert(agent, spared);
        }
        Ok(())
    }

    /// Spared for 15 s, for 2 s when nobody else of the queue is available. Whether somebody on a call is, cannot be seen from outside.
    fn spared_until(&self, now: Timestamp, stay: &Stay, agent: UserId) -> (Timestamp, Timestamp) {
        let (short, long) = (now.plus_ms(DECLINE_ALONE_COOL_DOWN_MS), now.plus_ms(DECLINE_COOL_DOWN_MS));
        let Some(line) = self.books.queues.get(&stay.queue) else { return (now, long) };
        let others: Vec<AgentStatus> = line
            .config
            .members
            .iter()
            .filter(|m| m.user != agent)
            .filter_map(|m| self.books.people.get(&m.user).map(|p: &Person| p.live.status))
            .collect();
        if others.iter().any(|s| matches!(s, AgentStatus::Available | AgentStatus::Ringing)) {
            (long, long)
        } else if others.iter().any(|s| matches!(s, AgentStatus::OnCall | AgentStatus::WrapUp)) {
            (short, long)
        } else {
            (short, short)
        }
    }

    fn changed(&mut self, now: Timestamp, live: &AgentLive) -> Result<(), Violation> {
        let user = live.user;
        let before = self.books.people.get(&user).map(|p| p.live.status);
        if live.status == AgentStatus::Ringing && before != Some(AgentStatus::Ringing) {
            holds(self.books.is_free(user), || format!("{user} rings without having been free"))?;
        }
        if live.status == AgentStatus::OnCall {
            self.unknown.remove(&user);
        }
        let person = self.books.people.entry(user).or_insert_with(|| Person::new(live.clone(), now));
        if live.status == AgentStatus::Available && !matches!(before, Some(AgentStatus::Available | AgentStatus::Ringing)) {
            person.turn_since = now;
        }
        person.live = live.clone();
        Ok(())
    }

    /// What must hold between steps.
    fn agrees(&self, now: Timestamp) -> Result<(), Violation> {
        let books = &self.books;
        let mut rung: BTreeMap<UserId, InteractionId> = BTreeMap::new();
        for (offer, ring) in &books.rings {
            holds(ring.expires_at >= now, || format!("{offer} outlived its lease"))?;
            let wanted = books.stays.contains_key(&ring.interaction) || books.direct.contains(&ring.interaction);
            holds(wanted, || format!("{offer} rings for {}, who has gone", ring.interaction))?;
            rung.insert(ring.agent, ring.interaction);
        }
        for person in books.people.values() {
            let (user, live) = (person.live.user, &person.live);
            let (rings, talks) = (rung.get(&user).copied(), books.talking.get(&user).copied());
            let shown = |status| live.interaction.filter(|_| live.status == status);
            holds(rings == shown(AgentStatus::Ringing), || format!("{user}'s status says otherwise about ringing"))?;
            // Somebody offline may still have the phone in their hand; they are offered nothing.
            let lately = [Some(live.since), self.died_at].into_iter().flatten().any(|at| now.ms_since(at) <= HEAL_MS);
            let not_yet = self.unknown.contains(&user) && (lately || live.status == AgentStatus::Offline);
            let agree = talks == shown(AgentStatus::OnCall) || not_yet;
            holds(agree, || format!("{user}'s status says otherwise about talking"))?;
        }
        if self.died_at.is_none_or(|at| now.ms_since(at) > HEAL_MS)
            && let Some((lost, _)) = books.stays.iter().find(|(_, s)| !s.placed)
        {
            return holds(false, || format!("{lost} waits and the router does not know"));
        }
        if let Some((agent, interaction)) = books.side_by_side(now) {
            return holds(false, || format!("free {agent} and waiting {interaction} stand side by side"));
        }
        // Leases and waits may end with the next `Due`, which is asked for at once: `nothing_is_late` looks at them.
        Ok(())
    }
}
