//! What is live this moment: a snapshot everybody may read and a broadcast of its changes, kept in step.
use crate::handle::{LIVE_QUEUE_LEN_MAX, LiveChange, Snapshot, TrunkLive};
use domain::estimate::Outlook;
use domain::live::{AgentLive, CallLive, OfferLive, WaitingLive};
use domain::{CallId, InteractionId, OfferId, QueueId, UserId};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use tokio::sync::broadcast;

/// Cheap to clone. A change is applied and broadcast under one lock, so a subscriber that takes a snapshot misses nothing.
#[derive(Debug, Clone)]
pub struct LiveState {
    inner: Arc<Mutex<Inner>>,
    changes: broadcast::Sender<LiveChange>,
}

#[derive(Debug, Default)]
struct Inner {
    agents: BTreeMap<UserId, AgentLive>,
    waiting: HashMap<InteractionId, WaitingLive>,
    offers: HashMap<OfferId, OfferLive>,
    calls: HashMap<CallId, CallLive>,
    trunks: BTreeMap<String, TrunkLive>,
    outlooks: HashMap<QueueId, Outlook>,
}

impl Default for LiveState {
    fn default() -> Self {
        Self { inner: Arc::default(), changes: broadcast::channel(LIVE_QUEUE_LEN_MAX).0 }
    }
}

impl LiveState {
    pub fn sender(&self) -> broadcast::Sender<LiveChange> {
        self.changes.clone()
    }

    /// Applies the change and tells the subscribers.
    pub fn apply(&self, change: LiveChange) {
        let mut inner = self.lock();
        inner.apply(&change);
        // No subscriber is no error.
        let _ = self.changes.send(change);
    }

    pub fn agent(&self, user: UserId) -> Option<AgentLive> {
        self.lock().agents.get(&user).cloned()
    }
    pub fn offer(&self, offer: OfferId) -> Option<OfferLive> {
        self.lock().offers.get(&offer).cloned()
    }
    pub fn call(&self, call: CallId) -> Option<CallLive> {
        self.lock().calls.get(&call).cloned()
    }

    /// Agents by id, waiting by time, the others by their begin.
    pub fn snapshot(&self) -> Snapshot {
        let inner = self.lock();
        let mut snapshot = Snapshot {
            agents: inner.agents.values().cloned().collect(),
            waiting: inner.waiting.values().cloned().collect(),
            offers: inner.offers.values().cloned().collect(),
            calls: inner.calls.values().cloned().collect(),
            trunks: inner.trunks.values().cloned().collect(),
        };
        drop(inner);
        snapshot.waiting.sort_by_key(|w| (w.queue, w.position, w.since));
        snapshot.offers.sort_by_key(|o| (o.expires_at, o.offer));
        snapshot.calls.sort_by_key(|c| (c.started_at, c.call));
        snapshot
    }

    /// What a caller of this queue would be promised, at most a second old; none before anything happened there.
    pub fn outlook(&self, queue: QueueId) -> Option<Outlook> {
        self.lock().outlooks.get(&queue).copied()
    }
    pub(crate) fn set_outlook(&self, queue: QueueId, outlook: Outlook) {
        self.lock().outlooks.insert(queue, outlook);
    }

    pub(crate) fn remove_agent(&self, user: UserId) {
        self.lock().agents.remove(&user);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl Inner {
    fn apply(&mut self, change: &LiveChange) {
        match change {
            LiveChange::Agent(a) => drop(self.agents.insert(a.user, a.clone())),
            LiveChange::Offer(o) => drop(self.offers.insert(o.offer, o.clone())),
            LiveChange::OfferEnded { offer, .. } => drop(self.offers.remove(offer)),
            LiveChange::Waiting(w) => drop(self.waiting.insert(w.interaction, w.clone())),
            LiveChange::WaitingEnded { interaction, .. } => drop(self.waiting.remove(interaction)),
            LiveChange::Call(c) => drop(self.calls.insert(c.call, c.clone())),
            LiveChange::CallEnded { call, .. } => drop(self.calls.remove(call)),
            LiveChange::Trunk(t) => drop(self.trunks.insert(t.key.clone(), t.clone())),
        }
    }
}
