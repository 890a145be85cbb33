//! The dial plan: what a dialled number means. Built once per configuration change and shared by all calls.
use crate::calendar::Hours;
use crate::config::{EntryPlan, MenuTarget, Number, Overflow, Queue, Trunk, User};
use crate::{NumberId, QueueId, Timestamp, TrunkId, UserId};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// An immutable view of the configuration that calls look things up in.
#[derive(Debug, Default)]
pub struct Directory {
    numbers: HashMap<String, Arc<Number>>,
    queues: HashMap<String, Arc<Queue>>,
    queues_by_id: HashMap<QueueId, Arc<Queue>>,
    extensions: HashMap<String, UserId>,
    users: HashMap<UserId, Arc<User>>,
    /// Longest prefix first, so that the first match is the most specific.
    trunks: Vec<Arc<Trunk>>,
    /// By the calendar's key.
    hours: BTreeMap<String, Arc<Hours>>,
}

/// Where a dialled number leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// One of our numbers: its entry plan runs.
    Number(NumberId),
    /// A colleague.
    Agent(UserId),
    /// Out through a trunk; `number` is what remains after the trunk's `strip`.
    Trunk { trunk: TrunkId, number: String },
}

impl Directory {
    pub fn new(numbers: &[Number], queues: &[Queue], users: &[User], trunks: &[Trunk]) -> Self {
        let queues: Vec<Arc<Queue>> = queues.iter().cloned().map(Arc::new).collect();
        let users: Vec<Arc<User>> = users.iter().filter(|u| !u.disabled).cloned().map(Arc::new).collect();
        let mut trunks: Vec<Arc<Trunk>> = trunks.iter().cloned().map(Arc::new).collect();
        trunks.sort_by_key(|t| std::cmp::Reverse(t.prefix.len()));
        Self {
            numbers: numbers.iter().filter(|n| n.enabled).map(|n| (n.number.clone(), Arc::new(n.clone()))).collect(),
            queues: queues.iter().map(|q| (q.key.clone(), q.clone())).collect(),
            queues_by_id: queues.into_iter().map(|q| (q.id, q)).collect(),
            extensions: users.iter().filter_map(|u| Some((u.extension.clone()?, u.id))).collect(),
            users: users.into_iter().map(|u| (u.id, u)).collect(),
            trunks,
            hours: BTreeMap::new(),
        }
    }

    /// With the opening hours that numbers name.
    #[must_use]
    pub fn with_hours(self, hours: BTreeMap<String, Arc<Hours>>) -> Self {
        Self { hours, ..self }
    }

    /// A number of ours as dialled; disabled numbers are not found.
    pub fn number(&self, dialled: &str) -> Option<&Arc<Number>> {
        self.numbers.get(dialled)
    }
    pub fn number_by_id(&self, id: NumberId) -> Option<&Arc<Number>> {
        self.numbers.values().find(|n| n.id == id)
    }
    /// Where a caller of this number goes because it is closed now; none: its plan runs. A calendar that is not there closes nothing.
    pub fn closed(&self, now: Timestamp, number: &Number) -> Option<Overflow> {
        let why = self.hours.get(number.hours.as_ref()?)?.closed_at(now)?;
        Some(number.closed.when_closed(&why))
    }
    pub fn queue(&self, key: &str) -> Option<&Arc<Queue>> {
        self.queues.get(key)
    }
    pub fn queue_by_id(&self, id: QueueId) -> Option<&Arc<Queue>> {
        self.queues_by_id.get(&id)
    }
    pub fn user(&self, id: UserId) -> Option<&Arc<User>> {
        self.users.get(&id)
    }
    pub fn user_by_extension(&self, extension: &str) -> Option<UserId> {
        self.extensions.get(extension).copied()
    }
    pub fn trunk(&self, id: TrunkId) -> Option<&Arc<Trunk>> {
        self.trunks.iter().find(|t| t.id == id)
    }
    pub fn trunks(&self) -> &[Arc<Trunk>] {
        &self.trunks
    }
    /// The first queue (by key) that this agent serves.
    pub fn queue_of(&self, agent: UserId) -> Option<&Arc<Queue>> {
        self.queues.values().filter(|q| q.members.iter().any(|m| m.user == agent)).min_by(|a, b| a.key.cmp(&b.key))
    }
    /// A number of ours by which this agent can be reached through a queue, and the digit to press in its menu if it has one.
    /// Direct lines come before menus.
    pub fn way_to(&self, agent: UserId) -> Option<(String, Option<char>)> {
        let serves = |key: &str| self.queue(key).is_some_and(|q| q.members.iter().any(|m| m.user == agent));
        let ways = self.numbers.values().filter_map(|n| match &n.plan {
            EntryPlan::Queue { queue, .. } if serves(queue) => Some((n.number.clone(), None)),
            EntryPlan::Ivr { menu, .. } => {
                let option = menu.options.iter().find(|o| matches!(&o.target, MenuTarget::Queue { queue, .. } if serves(queue)))?;
                Some((n.number.clone(), Some(option.digit)))
            }
            _ => None,
        });
        ways.min_by_key(|(number, digit)| (digit.is_some(), number.clone()))
    }

    /// How a customer is called: by `usual`, where they once came in, else by the trunk whose prefix takes the number, else by the
    /// first that staff reach with a prefix of its own (which is no part of a customer's number). None: one of ours, or no way.
    pub fn way_out(&self, number: &str, usual: Option<TrunkId>) -> Option<Target> {
        let digits = number.strip_prefix('+').unwrap_or(number);
        if !(3..=20).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let dialled = self.resolve(number);
        if matches!(dialled, Some(Target::Number(_) | Target::Agent(_))) {
            return None;
        }
        let whole = |trunk: &Arc<Trunk>| Target::Trunk { trunk: trunk.id, number: number.to_owned() };
        let usual = usual.and_then(|id| self.trunk(id)).filter(|t| t.enabled).map(whole);
        let outside_line = |t: &&Arc<Trunk>| t.enabled && !t.prefix.is_empty() && usize::from(t.strip) == t.prefix.len();
        usual.or(dialled).or_else(|| self.trunks.iter().filter(outside_line).min_by(|a, b| a.key.cmp(&b.key)).map(whole))
    }

    /// Resolves what someone inside dialled: our numbers first, then extensions, then the trunk with the longest prefix.
    pub fn resolve(&self, dialled: &str) -> Option<Target> {
        let dialled: String = dialled.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.')).collect();
        if let Some(n) = self.numbers.get(&dialled) {
            return Some(Target::Number(n.id));
        }
        if let Some(user) = self.extensions.get(&dialled) {
            return Some(Target::Agent(*user));
        }
        let number_ok = !dialled.is_empty()
            && dialled.len() <= DIALLED_LEN_MAX
            && dialled.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '*' | '#'));
        if !number_ok {
            return None;
        }
        let trunk = self.trunks.iter().find(|t| t.enabled && dialled.starts_with(&t.prefix))?;
        let number: String = dialled.chars().skip(usize::from(trunk.strip)).collect();
        (!number.is_empty()).then_some(Target::Trunk { trunk: trunk.id, number })
    }
}

/// The longest number that may be dialled, digits.
pub const DIALLED_LEN_MAX: usize = 32;
