//! Who may be given what: the rules of docs/routing.md, worked out from the checker's own books. Only the meaning of a `Needs`
//! expression is shared with the router.
use super::books::{Books, Line, Stay};
use domain::config::{Needs, Strategy};
use domain::live::AgentStatus;
use domain::{InteractionId, QueueId, Timestamp, UserId};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Suits {
    /// Must not be offered.
    No,
    /// Depends on what cannot be seen from outside (the presence behind a call decides how long a refusal spares).
    Perhaps,
    Yes,
}

/// What a queue asks for after so long: needs, the widest ring, and whether the caller's own wishes still count.
pub(super) fn asked(line: &Line, waited_ms: u64) -> (Option<&Needs>, u8, bool) {
    let routing = &line.config.routing;
    let mut asked = (routing.needs.as_ref(), routing.level_max, true);
    for step in routing.relax.iter().take_while(|s| s.after_ms <= waited_ms) {
        asked.0 = step.needs.as_ref().or(asked.0);
        asked.1 = step.level_max.unwrap_or(asked.1);
        asked.2 &= !step.own_needs;
    }
    asked
}

impl Books {
    /// Whether `agent`, were they free, may have this stay at that moment.
    pub fn suits(&self, at: Timestamp, stay: &Stay, agent: UserId) -> Suits {
        let (Some(line), Some(skills)) = (self.queues.get(&stay.queue), self.skills.get(&agent)) else { return Suits::No };
        let waited_ms = at.ms_since(stay.since);
        let (needs, level_max, own) = asked(line, waited_ms);
        if !needs.into_iter().chain(stay.needs.as_ref().filter(|_| own)).all(|n| n.met_by(skills)) {
            return Suits::No;
        }
        if self.kept_for(at, line, stay).is_some_and(|other| other != agent) {
            return Suits::No;
        }
        let spared = match stay.spared.get(&agent) {
            Some((certain, _)) if at < *certain => return Suits::No,
            Some((_, perhaps)) if at < *perhaps => Suits::Perhaps,
            _ => Suits::Yes,
        };
        match line.member(agent) {
            Some((_, member)) if member.level > level_max => Suits::No,
            // Never drawn, unless they are the one the caller should have.
            Some((_, member)) if member.weight == 0 && line.config.strategy == Strategy::WeightedRandom => Suits::Perhaps,
            Some(_) => spared,
            None if self.lends(line, agent, waited_ms) => spared,
            None => Suits::No,
        }
    }

    /// For a while a caller is kept for the agent they should have, while that agent is at work for this queue.
    fn kept_for(&self, at: Timestamp, line: &Line, stay: &Stay) -> Option<UserId> {
        let wanted = stay.prefer?;
        let here = self.skills.contains_key(&wanted) && self.people.get(&wanted).is_some_and(|p| p.live.status != AgentStatus::Offline);
        let kept = at < stay.entered_at.plus_ms(stay.hold_ms.unwrap_or(line.config.routing.preferred_wait_ms));
        (here && kept && line.member(wanted).is_some()).then_some(wanted)
    }

    /// Some queue lends this agent to the queue by now: one that is well.
    fn lends(&self, line: &Line, agent: UserId, waited_ms: u64) -> bool {
        line.config.routing.borrow.iter().filter(|b| b.after_ms <= waited_ms).any(|b| {
            let lender = self.queues.values().find(|q| q.config.key == b.from && q.config.id != line.config.id);
            lender.is_some_and(|l| {
                let level = l.service_level.is_none_or(|now| now >= b.service_level_min);
                level && l.member(agent).is_some() && !self.somebody_in_line(l.config.id)
            })
        })
    }

    /// Somebody waits here for whom another agent could be rung, now or after a pause.
    fn somebody_in_line(&self, queue: QueueId) -> bool {
        let several = self.rings_several(queue);
        self.stays.iter().any(|(i, s)| s.placed && s.queue == queue && (several || !self.rings_for(*i)))
    }

    pub fn rings_several(&self, queue: QueueId) -> bool {
        self.queues.get(&queue).is_some_and(|q| matches!(q.config.strategy, Strategy::RingAll | Strategy::RingProgressively))
    }

    /// An agent may be rung for this stay at that moment.
    pub fn offerable(&self, at: Timestamp, interaction: InteractionId, stay: &Stay) -> bool {
        let rings = self.rings_for(interaction);
        let turn = stay.ring_next_at.is_none_or(|next| next <= at);
        stay.placed && (!rings || self.rings_several(stay.queue)) && turn
    }

    /// A free agent and somebody they may certainly be given, at that moment.
    pub fn side_by_side(&self, at: Timestamp) -> Option<(UserId, InteractionId)> {
        if self.stays.is_empty() {
            return None;
        }
        let free: Vec<UserId> = self.people.keys().filter(|a| self.is_free(**a)).copied().collect();
        if free.is_empty() {
            return None;
        }
        self.stays.iter().filter(|(i, s)| self.offerable(at, **i, s)).find_map(|(i, stay)| {
            let agent = free.iter().find(|a| self.suits(at, stay, **a) == Suits::Yes)?;
            Some((*agent, *i))
        })
    }
}
