//! Whose turn it is, on both sides: nobody is passed over, and the queue's strategy picks the agent.
//!
//! Callers: who has the stronger claim goes first, in a queue and between queues. The claim is the score of docs/routing.md; of two
//! with the same one in a queue, who came in first. It may be passed over only for want of an agent: skills, ring, a refusal a moment
//! ago, or an agent they are kept for. So first-in-first-out holds among those who ask for the same.
use super::books::{Books, Line, Person, Ring, Stay};
use super::suits::{Suits, asked};
use super::{Violation, holds};
use domain::config::Strategy;
use domain::{Timestamp, UserId};

/// Somebody put back at the head counts as having waited this much longer: more than any wait, less than a point of absolute priority.
const HEAD_MS: i64 = 500_000_000;

impl Books {
    /// The moment from which this stay's claim grows, priority and head included: the earlier, the stronger. Then the number.
    fn claim(line: &Line, stay: &Stay) -> (i64, u64) {
        let point_ms = i64::try_from(line.config.routing.priority_ms).unwrap_or(i64::MAX / 512);
        let head_ms = if stay.head { HEAD_MS } else { 0 };
        (stay.since.as_ms() - point_ms.saturating_mul(i64::from(stay.priority)) - head_ms, stay.number)
    }

    fn score(now: Timestamp, line: &Line, stay: &Stay) -> i128 {
        (i128::from(now.as_ms()) - i128::from(Self::claim(line, stay).0)) * i128::from(line.config.routing.weight)
    }

    /// An offer out of a queue is about to be made; the books are those of a moment before, but for the agent, who rings already.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn judge(&self, now: Timestamp, ring: &Ring) -> Result<(), Violation> {
        let (Some(stay), agent) = (self.stays.get(&ring.interaction), ring.agent) else {
            return holds(false, || format!("{} is offered but does not wait", ring.interaction));
        };
        let Some(line) = self.queues.get(&stay.queue) else {
            return holds(false, || format!("{} is offered out of a queue that is not there", ring.interaction));
        };
        holds(stay.placed, || format!("{} is offered by a router that was not told of it", ring.interaction))?;
        holds(self.offerable(now, ring.interaction, stay), || format!("{} rings twice, or too soon for one more", ring.interaction))?;
        let suits = self.suits(now, stay, agent);
        holds(suits != Suits::No, || format!("{} is offered to {agent}, who may not have it", ring.interaction))?;
        self.nobody_before(now, line, stay, ring)?;
        self.right_agent(now, line, stay, agent)
    }

    fn nobody_before(&self, now: Timestamp, line: &Line, stay: &Stay, ring: &Ring) -> Result<(), Violation> {
        for (i, other) in self.stays.iter().filter(|(i, s)| **i != ring.interaction && self.offerable(now, **i, s)) {
            let before = match self.queues.get(&other.queue) {
                Some(l) if other.queue == stay.queue => Self::claim(l, other) < Self::claim(line, stay),
                Some(l) => Self::score(now, l, other) > Self::score(now, line, stay),
                None => false,
            };
            if before && self.suits(now, other, ring.agent) == Suits::Yes {
                return holds(false, || format!("{i} was passed over: {} got {}", ring.interaction, ring.agent));
            }
        }
        Ok(())
    }

    /// The preferred agent among equals, own agents before borrowed ones, and of those the one the strategy means.
    fn right_agent(&self, now: Timestamp, line: &Line, stay: &Stay, agent: UserId) -> Result<(), Violation> {
        if stay.prefer == Some(agent) && line.member(agent).is_some() {
            return Ok(());
        }
        let others = line.config.members.iter().map(|m| m.user).filter(|u| *u != agent && self.is_free(*u));
        let rivals: Vec<UserId> = others.filter(|u| self.suits(now, stay, *u) == Suits::Yes).collect();
        if let Some(wanted) = stay.prefer.filter(|p| rivals.contains(p)) {
            return holds(false, || format!("{agent} got a caller who prefers {wanted}, who is free"));
        }
        if line.member(agent).is_none() {
            return match rivals.first() {
                Some(own) => holds(false, || format!("{agent} was borrowed although {own} of the queue is free")),
                None => Ok(()),
            };
        }
        let Some(mine) = self.rank(now, line, stay, agent) else { return Ok(()) };
        match rivals.iter().find(|r| self.rank(now, line, stay, **r).is_some_and(|other| other < mine)) {
            Some(other) => holds(false, || format!("{:?}: it was the turn of {other}, not of {agent}", line.config.strategy)),
            None => Ok(()),
        }
    }

    /// Where the strategy sees a member: the smallest goes first. None where chance decides, everybody rings, or too little is known.
    fn rank(&self, now: Timestamp, line: &Line, stay: &Stay, agent: UserId) -> Option<(i64, i64, Timestamp, UserId)> {
        let (index, member) = line.member(agent)?;
        let person: &Person = self.people.get(&agent)?;
        let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let index = i64::try_from(index).unwrap_or(i64::MAX);
        let (first, second) = match line.config.strategy {
            Strategy::LongestIdle => (0, 0),
            Strategy::TopDown | Strategy::RingProgressively => (index, 0),
            Strategy::RoundRobin => {
                let last = line.rang_last?;
                (i64::from(index <= last), index)
            }
            Strategy::FewestCalls => (number(person.answered), 0),
            Strategy::LeastTalkTime => (number(person.talk_ms), 0),
            Strategy::LeastRecent => (person.last_end.map_or(i64::MIN, |at| at.0), 0),
            Strategy::BestSkill => (-self.fit(now, line, stay, agent), i64::from(member.level)),
            Strategy::Random | Strategy::WeightedRandom | Strategy::RingAll => return None,
        };
        Some((first, second, person.turn_since, agent))
    }

    /// The sum of the agent's levels in the skills asked for at that moment.
    fn fit(&self, now: Timestamp, line: &Line, stay: &Stay, agent: UserId) -> i64 {
        let (needs, _, own) = asked(line, now.ms_since(stay.since));
        let needs = needs.into_iter().chain(stay.needs.as_ref().filter(|_| own));
        self.skills.get(&agent).map_or(0, |skills| needs.map(|n| i64::from(n.fit(skills))).sum())
    }
}
