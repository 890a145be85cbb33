//! The death of the routing's owner and what follows: another router, which knows nothing, is told the set-up, agents sign in again,
//! calls ask for their places, and the reconciler brings in what neither said.
use super::trouble::Mishap;
use super::{Happening, Observer, World, interaction};
use crate::floor::Violation;
use domain::routing::{AgentSetup, CallBelief, Input, Router};

/// As often as the engine compares calls and router (`engine::reconciler`).
const RECONCILE_EVERY_US: u64 = 5_000_000;
/// Desks find the new owner within so long.
const RECONNECT_WITHIN_US: f64 = 5e6;
/// So many calls notice the death themselves, within so long; the others are found by the reconciler.
const NOTICING_SHARE: f64 = 0.5;
const NOTICE_WITHIN_US: f64 = 2e6;

impl<O: Observer> World<'_, O> {
    pub(super) fn configure(&mut self) -> Result<(), Violation> {
        let queues = self.plan.queues.iter().map(|q| q.config.clone()).collect();
        let skills = |group: usize| self.plan.groups.get(group).map(|g| g.skills.clone()).unwrap_or_default();
        let agents = self.plan.agents.iter().map(|a| AgentSetup { skills: skills(a.group), ..a.user.into() }).collect();
        self.feed(Input::Configure { queues, agents })
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
