//! The estimators of all queues, fed by what goes into the router and comes out of it.
//!
//! `before` gives a newcomer its promise, `after` learns how promises ended and gives announcements what may be spoken. The owner of
//! the router owns this too; nothing here decides anything.
use super::estimator::{Estimate, Estimator, Facts};
use super::past::Quality;
use super::spoken::Spoken;
use crate::event::{Draft, EventKind};
use crate::live::{AgentLive, AgentStatus};
use crate::routing::{Effect, Enqueue, Input};
use crate::{InteractionId, QueueId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a caller who comes now would be promised.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Outlook {
    pub facts: Facts,
    /// None: nobody serves the queue.
    pub estimate: Option<Estimate>,
    /// Promises have lately been kept well enough to make one aloud.
    pub speakable: bool,
    pub quality: Quality,
}

#[derive(Debug, Default)]
struct Queue {
    estimator: Estimator,
    waiting: u32,
    idle: u32,
    busy: u32,
    says: bool,
}

impl Queue {
    /// As a caller who comes now finds it: last in line.
    fn facts(&self) -> Facts {
        Facts { position: self.waiting.saturating_add(1), agents_idle: self.idle, agents_busy: self.busy }
    }
}

#[derive(Debug)]
struct Waiting {
    queue: QueueId,
    promise: Option<Promise>,
}
#[derive(Debug, Clone, Copy)]
struct Promise {
    estimate: Estimate,
    at: Timestamp,
    /// An agent was free for it.
    at_once: bool,
}

#[derive(Debug, Default)]
struct Agent {
    status: AgentStatus,
    queues: Vec<QueueId>,
    /// Whom it serves, and since when it has them.
    serves: Option<(QueueId, Timestamp)>,
}

#[derive(Debug, Default)]
pub struct Watch {
    queues: BTreeMap<QueueId, Queue>,
    agents: BTreeMap<UserId, Agent>,
    waiting: BTreeMap<InteractionId, Waiting>,
    /// The promise of who is just being let in.
    newcomer: Option<(InteractionId, Estimate, bool)>,
    changed: BTreeSet<QueueId>,
}

impl Watch {
    /// Begins with what was learned earlier; before the set-up is told, which forgets queues that are gone.
    pub fn remember(&mut self, queue: QueueId, estimator: Estimator) {
        self.queues.insert(queue, Queue { estimator, ..Queue::default() });
    }

    /// What is worth remembering of a queue; none: no such queue.
    pub fn learned(&self, queue: QueueId) -> Option<&Estimator> {
        self.queues.get(&queue).map(|q| &q.estimator)
    }

    /// Call with every input before the router has it.
    pub fn before(&mut self, input: &mut Input) {
        self.newcomer = None;
        match input {
            Input::Configure { queues, .. } => {
                self.queues.retain(|id, _| queues.iter().any(|q| q.id == *id));
                for queue in queues {
                    self.queues.entry(queue.id).or_default().says = queue.waiting.say_estimate;
                    self.changed.insert(queue.id);
                }
            }
            Input::Enqueue(e) if !e.head => self.promise(e),
            _ => {}
        }
    }

    fn promise(&mut self, e: &mut Enqueue) {
        let Some(q) = self.queues.get(&e.queue) else { return };
        let facts = q.facts();
        let Some(estimate) = q.estimator.estimate(&facts) else { return };
        e.estimate_ms = Some(estimate.p50_ms);
        self.newcomer = Some((e.interaction, estimate, facts.position <= facts.agents_idle));
    }

    /// Call with every effect, in order. An announcement is given the wait, where the queue says it and it is good enough.
    pub fn after(&mut self, now: Timestamp, effect: &mut Effect) {
        match effect {
            Effect::Announce { interaction, position, wait } => *wait = self.spoken(*interaction, *position),
            Effect::Assigned { agent, queue: Some(queue), .. } => {
                self.agents.entry(*agent).or_default().serves = Some((*queue, now));
            }
            Effect::AgentChanged(agent) => self.agent(now, agent),
            Effect::AgentRemoved { agent } => {
                if let Some(gone) = self.agents.remove(agent) {
                    self.staff(&gone, -1);
                }
            }
            Effect::Record(draft) => self.heard(draft),
            _ => {}
        }
    }

    fn heard(&mut self, draft: &Draft) {
        let (Some(interaction), Some(queue)) = (draft.interaction, draft.queue) else { return };
        match &draft.kind {
            EventKind::Queued { callback, .. } => {
                // A callback stands before those who come later like anybody; how long it took says nothing of those on the line.
                let mine = self.newcomer.take_if(|n| n.0 == interaction).filter(|_| !callback);
                // It had its place, and the router had lost it: what it was promised holds.
                let before = self.waiting.remove(&interaction);
                before.iter().for_each(|b| self.count(b.queue, -1));
                let kept = before.filter(|b| b.queue == queue).and_then(|b| b.promise);
                let promise = kept.or_else(|| mine.map(|(_, estimate, at_once)| Promise { estimate, at: draft.at, at_once }));
                self.waiting.insert(interaction, Waiting { queue, promise });
                self.count(queue, 1);
            }
            // Sooner than whoever came when they did: nothing to learn from.
            EventKind::PlaceResumed { .. } => {
                if let Some(waiting) = self.waiting.get_mut(&interaction) {
                    waiting.promise = None;
                }
            }
            EventKind::Dequeued { reason, .. } => {
                let Some(was) = self.waiting.remove(&interaction) else { return };
                self.count(was.queue, -1);
                if let Some(promise) = was.promise {
                    self.learn(was.queue, promise, draft.at, reason == "answered");
                }
            }
            _ => {}
        }
    }

    fn count(&mut self, queue: QueueId, change: i32) {
        if let Some(q) = self.queues.get_mut(&queue) {
            q.waiting = q.waiting.saturating_add_signed(change);
            self.changed.insert(queue);
        }
    }

    fn learn(&mut self, queue: QueueId, promise: Promise, at: Timestamp, answered: bool) {
        let Some(q) = self.queues.get_mut(&queue) else { return };
        let waited_ms = at.ms_since(promise.at);
        if !answered {
            return q.estimator.gave_up(&promise.estimate, waited_ms);
        }
        if promise.at_once {
            q.estimator.connected_at_once(waited_ms);
        }
        q.estimator.answered(&promise.estimate, waited_ms);
    }

    fn agent(&mut self, now: Timestamp, live: &AgentLive) {
        let mut agent = self.agents.remove(&live.user).unwrap_or_default();
        self.staff(&agent, -1);
        agent.status = live.status;
        agent.queues.clone_from(&live.queues);
        self.staff(&agent, 1);
        let busy = matches!(live.status, AgentStatus::OnCall | AgentStatus::WrapUp);
        if let Some((queue, since)) = agent.serves.take_if(|_| !busy)
            && let Some(q) = self.queues.get_mut(&queue)
        {
            q.estimator.handled(now.ms_since(since));
        }
        self.agents.insert(live.user, agent);
    }

    /// One agent more or less for their queues; those on a break or away count for none.
    fn staff(&mut self, agent: &Agent, change: i32) {
        for queue in &agent.queues {
            let Some(q) = self.queues.get_mut(queue) else { continue };
            match agent.status {
                AgentStatus::Available => q.idle = q.idle.saturating_add_signed(change),
                AgentStatus::Ringing | AgentStatus::OnCall | AgentStatus::WrapUp => q.busy = q.busy.saturating_add_signed(change),
                AgentStatus::Offline | AgentStatus::Break | AgentStatus::Away => continue,
            }
            self.changed.insert(*queue);
        }
    }

    fn spoken(&self, interaction: InteractionId, position: u32) -> Option<Spoken> {
        let queue = self.waiting.get(&interaction)?.queue;
        let q = self.queues.get(&queue).filter(|q| q.says && q.estimator.speakable())?;
        Some(q.estimator.estimate(&Facts { position, ..q.facts() })?.spoken())
    }

    /// None: no such queue.
    pub fn outlook(&self, queue: QueueId) -> Option<Outlook> {
        let q = self.queues.get(&queue)?;
        let facts = q.facts();
        let (speakable, quality) = (q.estimator.speakable(), q.estimator.quality());
        Some(Outlook { facts, estimate: q.estimator.estimate(&facts), speakable, quality })
    }

    /// Whether `take_changed` has anything to give.
    pub fn has_changed(&self) -> bool {
        !self.changed.is_empty()
    }

    /// The queues that look different since the last call.
    pub fn take_changed(&mut self) -> Vec<(QueueId, Outlook)> {
        let changed = std::mem::take(&mut self.changed);
        changed.into_iter().filter_map(|queue| Some((queue, self.outlook(queue)?))).collect()
    }
}
