//! The death of the routing's owner and what follows: another router, which knows nothing, is given the set-up and the waiting list
//! from the store, agents sign in again, calls whose place the store does not have ask for it, and the reconciler finds the rest.
use super::trouble::Mishap;
use super::{Happening, Observer, World, interaction};
use crate::floor::Violation;
use domain::InteractionId;
use domain::routing::{AgentSetup, CallBelief, Enqueue, House, Input, Router};
use std::collections::{BTreeMap, VecDeque};

/// As often as the engine compares calls and router (`engine::reconciler`).
const RECONCILE_EVERY_US: u64 = 5_000_000;
/// Desks find the new owner within so long.
const RECONNECT_WITHIN_US: f64 = 5e6;
/// So many calls notice the death themselves, within so long; the others are found by the reconciler.
const NOTICING_SHARE: f64 = 0.5;
const NOTICE_WITHIN_US: f64 = 2e6;

/// The owner's writer is this far behind when it dies with it. The engine's is some milliseconds behind; more is lost this way.
const STORE_BEHIND_US: i64 = 1_000_000;

/// The waiting list as the store has it: what the dead owner wrote, but for its last moment.
#[derive(Default)]
pub(super) struct WaitingList {
    rows: BTreeMap<InteractionId, Box<Enqueue>>,
    /// On the way: when, whose, and the place; none: it left the line.
    written: VecDeque<(i64, InteractionId, Option<Box<Enqueue>>)>,
}

impl WaitingList {
    pub fn wrote(&mut self, now_us: i64, interaction: InteractionId, place: Option<Box<Enqueue>>) {
        self.written.push_back((now_us, interaction, place));
        self.arrive(now_us);
    }

    fn arrive(&mut self, now_us: i64) {
        while self.written.front().is_some_and(|w| w.0 + STORE_BEHIND_US <= now_us) {
            match self.written.pop_front() {
                Some((_, interaction, Some(place))) => drop(self.rows.insert(interaction, place)),
                Some((_, interaction, None)) => drop(self.rows.remove(&interaction)),
                None => return,
            }
        }
    }

    /// What another owner finds, in the order in which it came.
    fn found(&mut self, now_us: i64) -> Vec<Enqueue> {
        self.arrive(now_us);
        self.written.clear();
        let mut found: Vec<Enqueue> = std::mem::take(&mut self.rows).into_values().map(|e| *e).collect();
        found.sort_by_key(|e| (e.entered_at, e.interaction));
        found
    }
}

impl<O: Observer> World<'_, O> {
    pub(super) fn configure(&mut self) -> Result<(), Violation> {
        let queues = self.plan.queues.iter().map(|q| q.config.clone()).collect();
        let skills = |group: usize| self.plan.groups.get(group).map(|g| g.skills.clone()).unwrap_or_default();
        let agents = self.plan.agents.iter().map(|a| AgentSetup { skills: skills(a.group), ..a.user.into() }).collect();
        self.feed(Input::Configure { queues, agents })?;
        if self.plan.rules.is_empty() {
            return Ok(());
        }
        self.feed(Input::House(House { rules: self.plan.rules.clone(), ..House::default() }))
    }

    pub(super) fn router_dies(&mut self) -> Result<(), Violation> {
        self.count(|f| &mut f.router_deaths);
        let deaths = self.troubles.as_ref().map_or(0, |t| t.figures.router_deaths);
        self.router = Router::without_explanations(self.seed ^ deaths);
        let now = self.now();
        if let Some(checker) = &mut self.checker {
            checker.router_died(now);
        }
        for worker in &mut self.workers {
            (worker.ringing, worker.rings_for) = (None, None);
        }
        self.configure()?;
        for place in self.list.found(self.now_us) {
            self.count(|f| &mut f.places_restored);
            self.feed(Input::Enqueue(place))?;
        }
        for agent in 0..self.plan.agents.len() {
            if let Some(desk) = self.desk(agent) {
                desk.connected = false;
            }
            let after_us = self.within_us(RECONNECT_WITHIN_US);
            self.plan_after(after_us, Happening::Mishap(Mishap::Reconnects(agent as u32)));
        }
        let waiting: Vec<(u32, u32)> =
            (0u32..).zip(&self.calls).filter(|(_, c)| c.open && c.waiting && c.agent.is_none()).map(|(n, c)| (n, c.serial)).collect();
        for (slot, serial) in waiting {
            if self.luckless(NOTICING_SHARE) {
                let after_us = self.within_us(NOTICE_WITHIN_US);
                self.plan_after(after_us, Happening::Mishap(Mishap::ComesAgain { slot, serial }));
            }
        }
        Ok(())
    }

    pub(super) fn reconnect(&mut self, agent: usize) -> Result<(), Violation> {
        match self.desk(agent) {
            Some(desk) if !desk.connected => desk.connected = true,
            _ => return Ok(()),
        }
        self.come_to_work(agent)
    }

    /// The call asks for its place with what it asked for at first.
    pub(super) fn come_again(&mut self, slot: u32, serial: u32) -> Result<(), Violation> {
        let call = self.calls.get(slot as usize).copied();
        let Some(call) = call.filter(|c| c.open && c.waiting && c.agent.is_none() && c.serial == serial) else { return Ok(()) };
        self.count(|f| &mut f.came_again);
        self.enqueue(slot, &call, true);
        self.feed_all()
    }

    pub(super) fn reconcile(&mut self) -> Result<(), Violation> {
        if self.now_us < self.plan.length_us || self.open_calls > 0 {
            self.plan_after(RECONCILE_EVERY_US, Happening::Mishap(Mishap::Reconcile));
        }
        let user = |agent: u32| self.plan.agents.get(agent as usize).map(|a| a.user);
        let believe = |(slot, call): (u32, &super::Call)| CallBelief {
            interaction: interaction(slot, call.serial),
            waiting: call.waiting && call.agent.is_none(),
            agents: call.agent.and_then(user).into_iter().collect(),
        };
        let calls = (0u32..).zip(&self.calls).filter(|(_, c)| c.open).map(believe).collect();
        self.feed(Input::Reconcile { taken_at: self.now(), calls })
    }
}
