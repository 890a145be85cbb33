//! The agents of a rebuilt scenario: a group each, with the hours they were really there.
use super::{Assumption, AssumptionKind, DAY_MS, Person, Records};
use crate::scenario::{AgentGroup, Distribution, Membership, SHIFTS_MAX, Shift};
use domain::config::Queue;
use domain::planning::Presence;
use domain::{Timestamp, UserId};
use std::collections::BTreeMap;

/// Shorter absences are none.
const GAP_MS: u64 = 10_000;

pub(super) fn groups(records: &Records<'_>, queues: &[&Queue], assumptions: &mut Vec<Assumption>) -> Vec<AgentGroup> {
    let unknown = !records.presences.values().any(|p| !p.staffed.is_empty());
    if unknown {
        assumptions.push(Assumption::of(AssumptionKind::ShiftsUnknown));
    }
    let rings = Rings::new(records);
    if rings.all.is_some() {
        assumptions.push(Assumption::of(AssumptionKind::RingingMean));
    }
    // The shortest ring of the house is the longest that is always answered.
    let ring_max_ms = queues.iter().map(|q| q.ring_timeout_ms).min().unwrap_or(1);
    let mut groups = Vec::new();
    for person in records.people {
        let memberships = memberships(person.user, queues);
        let shifts = match records.presences.get(&person.user) {
            _ if unknown => Vec::new(),
            Some(presence) => shifts(presence, records),
            None => continue,
        };
        if memberships.is_empty() || (shifts.is_empty() && !unknown) {
            continue;
        }
        groups.push(AgentGroup { shifts, answer_delay: rings.of(person.user, ring_max_ms), ..named(person, memberships) });
    }
    groups
}

fn named(person: &Person, queues: Vec<Membership>) -> AgentGroup {
    AgentGroup { name: Some(person.username.clone()), queues, skills: person.skills.clone(), ..AgentGroup::new(1, &[]) }
}

fn memberships(user: UserId, queues: &[&Queue]) -> Vec<Membership> {
    let level = |q: &&Queue| q.members.iter().find(|m| m.user == user).map(|m| Membership { queue: q.key.clone(), level: m.level });
    queues.iter().filter_map(level).collect()
}

/// Time there as shifts of single days.
fn shifts(presence: &Presence, records: &Records<'_>) -> Vec<Shift> {
    let mut spans: Vec<(u64, u64)> = Vec::new();
    let ms = |at: Timestamp| at.ms_since(records.from).min(u64::from(records.days) * DAY_MS);
    for (from, to) in presence.staffed.iter().map(|(from, to)| (ms(*from), ms(*to))).filter(|(from, to)| from < to) {
        match spans.last_mut() {
            Some(last) if from.saturating_sub(last.1) < GAP_MS => last.1 = to,
            _ => spans.push((from, to)),
        }
    }
    let hours = |ms: u64| ms as f64 / 3_600_000.0;
    let mut shifts = Vec::new();
    for (mut from, to) in spans {
        while from < to {
            let (day, midnight) = (from / DAY_MS, from / DAY_MS * DAY_MS);
            let end = to.min(midnight + DAY_MS);
            shifts.push(Shift { from_h: hours(from - midnight), to_h: hours(end - midnight), day: u32::try_from(day).ok() });
            from = end;
        }
    }
    // Somebody who came and went that often is as good as there.
    while shifts.len() > SHIFTS_MAX {
        let short = |pair: &[Shift]| match pair {
            [a, b] if a.day == b.day => b.from_h - a.to_h,
            _ => f64::INFINITY,
        };
        let gap = shifts.windows(2).enumerate().min_by(|(_, a), (_, b)| short(a).total_cmp(&short(b))).map_or(0, |(n, _)| n);
        let next = shifts.remove(gap + 1);
        if let Some(shift) = shifts.get_mut(gap) {
            shift.to_h = next.to_h;
        }
    }
    shifts
}

/// How long it rang at those who answered, in milliseconds.
struct Rings {
    agents: BTreeMap<UserId, (u64, u64)>,
    all: Option<u64>,
}

impl Rings {
    fn new(records: &Records<'_>) -> Self {
        let mut agents: BTreeMap<UserId, (u64, u64)> = BTreeMap::new();
        let (mut sum, mut n) = (0u64, 0u64);
        for (agent, ring_ms) in records.stays.iter().filter_map(|s| Some((s.agent?, s.ring_ms?))) {
            let mine = agents.entry(agent).or_default();
            (mine.0, mine.1, sum, n) = (mine.0 + ring_ms, mine.1 + 1, sum + ring_ms, n + 1);
        }
        Self { agents, all: sum.checked_div(n) }
    }

    /// The agent's mean, or everybody's; always answered in time.
    fn of(&self, agent: UserId, ring_max_ms: u64) -> Option<Distribution> {
        let own = self.agents.get(&agent).and_then(|(sum, n)| sum.checked_div(*n));
        let ms = own.or(self.all)?.min(ring_max_ms.saturating_sub(1));
        Some(Distribution::Deterministic { value_s: ms as f64 / 1000.0 })
    }
}
