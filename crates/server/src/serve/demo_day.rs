//! Yesterday at the demo company: a working day with a morning peak, shifts and lunch breaks, played out so that nobody talks to two
//! callers at once. It is what planning has to work with.
use super::demo_history::{Answered, Call, pick};
use domain::config::{Customer, Queue};
use domain::event::{Event, EventKind};
use domain::live::AgentStatus;
use domain::{EventId, Timestamp, UserId};
use engine::IdSource;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use store::Record;

/// The first hour, and callers of each hour from then on: half of them for the queue with most members.
const FROM_H: u64 = 8;
const CALLERS: [u64; 11] = [20, 36, 50, 44, 28, 32, 42, 46, 38, 26, 16];
const HOUR_MS: u64 = 3_600_000;
const TALK_MEAN_MS: f64 = 215_000.0;
const TALK_MAX_MS: u64 = 900_000;
const PATIENCE_MEAN_MS: f64 = 170_000.0;
/// Members of a worse level only help out.
const LEVEL_MAX: u8 = 3;

/// One agent's day in milliseconds after midnight.
struct Agent {
    user: UserId,
    /// Before and after lunch.
    there: [(u64, u64); 2],
    free_at: u64,
    changes: Vec<(u64, AgentStatus)>,
}

impl Agent {
    fn new(user: UserId, n: usize) -> Self {
        // Early and late shifts, and nobody's lunch is another's.
        let is_early = n.is_multiple_of(2);
        let (begin, end) = if is_early { (8 * HOUR_MS, 17 * HOUR_MS) } else { (9 * HOUR_MS + HOUR_MS / 2, 19 * HOUR_MS) };
        let lunch = begin + 3 * HOUR_MS + (n as u64 % 4) * 35 * 60_000;
        let there = [(begin, lunch), (lunch + 40 * 60_000, end)];
        Self { user, there, free_at: 0, changes: Vec::new() }
    }

    fn is_free(&self, at: u64) -> bool {
        self.free_at <= at && self.there.iter().any(|(from, to)| (*from..*to).contains(&at))
    }

    fn take(&mut self, offered: u64, answered: u64, ended: u64, free: u64) {
        use AgentStatus::{Available, OnCall, Ringing, WrapUp};
        self.changes.extend([(offered, Ringing), (answered, OnCall), (ended, WrapUp), (free, Available)]);
        self.free_at = free;
    }

    /// All changes of status in order; work that runs on into a break or the evening shortens that.
    fn statuses(mut self) -> Vec<(u64, AgentStatus)> {
        let over = |end: u64| {
            let mut last = end;
            for pair in self.changes.chunks(4) {
                if let [(offered, _), .., (free, _)] = pair
                    && *offered < end
                {
                    last = last.max(*free + 1);
                }
            }
            last
        };
        let ends = [(over(self.there[0].1), AgentStatus::Break), (over(self.there[1].1), AgentStatus::Offline)];
        self.changes.extend(ends);
        self.changes.extend(self.there.map(|(from, _)| (from, AgentStatus::Available)));
        self.changes.sort_by_key(|c| c.0);
        self.changes
    }
}

struct Caller {
    queue: usize,
    customer: usize,
    queued: u64,
    leaves: u64,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Happens {
    Comes(usize),
    /// Somebody may be free now.
    Frees,
    Leaves(usize),
}

/// Adds the day to the records.
pub fn write(ids: &IdSource, midnight: Timestamp, queues: &[Queue], people: &[Customer], out: &mut Vec<Record>) {
    let mut day = Day::new(ids, midnight, queues, people);
    day.run(out);
    for (agent, changes) in day.agents.into_iter().map(|a| (a.user, a.statuses())) {
        statuses(ids, midnight, agent, &changes, out);
    }
}

struct Day<'a> {
    ids: &'a IdSource,
    midnight: Timestamp,
    queues: &'a [Queue],
    people: &'a [Customer],
    agents: Vec<Agent>,
    callers: Vec<Caller>,
    /// In the order they came.
    waiting: Vec<usize>,
}

impl<'a> Day<'a> {
    fn new(ids: &'a IdSource, midnight: Timestamp, queues: &'a [Queue], people: &'a [Customer]) -> Self {
        let members = queues.iter().flat_map(|q| q.members.iter().filter(|m| m.level <= LEVEL_MAX)).map(|m| (m.user, ()));
        let agents = members.collect::<BTreeMap<_, _>>().into_keys().enumerate().map(|(n, user)| Agent::new(user, n)).collect();
        let mut day = Self { ids, midnight, queues, people, agents, callers: Vec::new(), waiting: Vec::new() };
        let largest = (0..queues.len()).max_by_key(|q| queues.get(*q).map_or(0, |q| q.members.len())).unwrap_or(0);
        for (hour, callers) in (FROM_H..).zip(CALLERS) {
            for _ in 0..callers {
                let queued = hour * HOUR_MS + ids.next_u64() % HOUR_MS;
                let queue = if ids.next_u64().is_multiple_of(2) { largest } else { (ids.next_u64() % queues.len() as u64) as usize };
                let customer = (ids.next_u64() % people.len() as u64) as usize;
                let leaves = queued + 3_000 + day.exponential(PATIENCE_MEAN_MS);
                day.callers.push(Caller { queue, customer, queued, leaves });
            }
        }
        day
    }

    fn exponential(&self, mean_ms: f64) -> u64 {
        let unit = ((self.ids.next_u64() >> 11) + 1) as f64 / (1u64 << 53) as f64;
        (-unit.ln() * mean_ms) as u64
    }

    fn run(&mut self, out: &mut Vec<Record>) {
        let comes = self.callers.iter().enumerate().map(|(n, c)| Reverse((c.queued, Happens::Comes(n))));
        let leaves = self.callers.iter().enumerate().map(|(n, c)| Reverse((c.leaves, Happens::Leaves(n))));
        let back = self.agents.iter().flat_map(|a| a.there.map(|(from, _)| Reverse((from, Happens::Frees))));
        let mut agenda: BinaryHeap<_> = comes.chain(leaves).chain(back).collect();
        while let Some(Reverse((at, what))) = agenda.pop() {
            match what {
                Happens::Comes(n) => self.waiting.push(n),
                Happens::Leaves(n) if self.waiting.contains(&n) => {
                    self.waiting.retain(|w| *w != n);
                    self.left(n, at, out);
                }
                Happens::Leaves(_) | Happens::Frees => {}
            }
            while let Some((n, agent)) = self.pair(at) {
                self.waiting.retain(|w| *w != n);
                let free = self.answer(n, agent, at, out);
                agenda.push(Reverse((free, Happens::Frees)));
            }
        }
    }

    /// The first in line for whom somebody is free, and the longest idle of those.
    fn pair(&self, at: u64) -> Option<(usize, usize)> {
        self.waiting.iter().find_map(|n| {
            let queue = self.queues.get(self.callers.get(*n)?.queue)?;
            let able = |a: &Agent| queue.members.iter().any(|m| m.user == a.user && m.level <= LEVEL_MAX);
            let free = self.agents.iter().enumerate().filter(|(_, a)| a.is_free(at) && able(a));
            Some((*n, free.min_by_key(|(_, a)| a.free_at)?.0))
        })
    }

    fn call(&self, n: usize) -> Option<(Call<'a>, Timestamp)> {
        let caller = self.callers.get(n)?;
        let queued = self.midnight.plus_ms(caller.queued);
        let started = Timestamp(queued.as_us() - 12_000_000);
        let call = Call { ids: self.ids, started, queue: self.queues.get(caller.queue)?, customer: self.people.get(caller.customer)? };
        Some((call, queued))
    }

    fn left(&self, n: usize, at: u64, out: &mut Vec<Record>) {
        if let Some((call, queued)) = self.call(n) {
            call.abandoned(queued, self.midnight.plus_ms(at), out);
        }
    }

    /// When the agent is free again.
    fn answer(&mut self, n: usize, agent: usize, offered: u64, out: &mut Vec<Record>) -> u64 {
        let answered = offered + 1_500 + self.ids.next_u64() % 4_000;
        let ended = answered + 20_000 + self.exponential(TALK_MEAN_MS).min(TALK_MAX_MS);
        let wrap_up_ms = pick(self.ids, &[12_000, 20_000, 25_000, 40_000]) + self.ids.next_u64() % 10_000;
        let free = ended + wrap_up_ms;
        let (Some((call, queued)), Some(agent)) = (self.call(n), self.agents.get_mut(agent)) else { return free };
        agent.take(offered, answered, ended, free);
        let at = |ms: u64| self.midnight.plus_ms(ms);
        let times = Answered { agent: agent.user, queued, offered: at(offered), answered: at(answered), ended: at(ended), wrap_up_ms };
        call.handled(&times, out);
        free
    }
}

fn statuses(ids: &IdSource, midnight: Timestamp, agent: UserId, changes: &[(u64, AgentStatus)], out: &mut Vec<Record>) {
    let (mut since, mut from) = (0, AgentStatus::Offline);
    for (ms, to) in changes.iter().copied() {
        if to != from {
            let at = midnight.plus_ms(ms);
            let reason = (to == AgentStatus::Break).then(|| "lunch".to_owned());
            let kind = EventKind::AgentStatusChanged { from, to, reason, was_ms: ms - since };
            let id = ids.new_id(at, EventId::from_parts);
            out.push(Record::Event(Event { id, at, interaction: None, agent: Some(agent), queue: None, kind }));
            (since, from) = (ms, to);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_shortens_the_break_and_nothing_overlaps() {
        let mut agent = Agent::new(UserId(uuid::Uuid::nil()), 0);
        let [(begin, lunch), (back, end)] = agent.there;
        agent.take(begin + 10, begin + 20, begin + 30, begin + 40);
        agent.take(lunch - 5, lunch + 5, lunch + 50, lunch + 60);
        assert!(!agent.is_free(lunch + 30) && !agent.is_free(lunch + 90) && agent.is_free(back) && !agent.is_free(end));
        let statuses = agent.statuses();
        use AgentStatus::{Available, Break, Offline, OnCall, Ringing, WrapUp};
        let order: Vec<AgentStatus> = statuses.iter().map(|s| s.1).collect();
        assert_eq!(order, [Available, Ringing, OnCall, WrapUp, Available, Ringing, OnCall, WrapUp, Available, Break, Available, Offline]);
        assert!(statuses.is_sorted_by_key(|s| s.0));
        assert_eq!(statuses[9].0, lunch + 61);
    }
}
