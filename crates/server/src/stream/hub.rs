//! The hub: takes the engine's changes, joins customers, numbers them per topic, hands them to the clients.
//!
//! One lock, held for pushes only; no client is ever waited for. A client whose queue is full is marked and gets a fresh
//! snapshot as soon as it reads again.
use super::card;
use super::mask::UserNames;
use super::ring::Ring;
use crate::api::dto::stream::Topic;
use domain::config::Customer;
use domain::interaction::Interaction;
use domain::live::{AgentStatus, CallLive, OfferLive};
use domain::{CallId, UserId};
use engine::handle::{LiveChange, Snapshot};
use engine::monitor::AlertNews;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use store::Store;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::mpsc;
use tokio::time::MissedTickBehavior;

/// What goes to clients, before masking.
#[derive(Debug)]
pub enum Change {
    Live(LiveChange),
    Offer { offer: OfferLive, card: Option<Customer>, recent: Vec<Interaction> },
    Call { call: CallLive, card: Option<Customer> },
    Alert(AlertNews),
}

/// One numbered change on its way to a client.
#[derive(Debug, Clone)]
pub struct Message {
    pub topic: Topic,
    pub seq: u64,
    pub change: Arc<Change>,
}

/// How a subscription to a topic begins.
#[derive(Debug)]
pub enum Start {
    /// What was missed since the resume point.
    Missed(Vec<Message>),
    /// A snapshot is needed; it stands for everything up to this number.
    Reset(u64),
}

pub type ClientId = u64;

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct Hub {
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    epoch: String,
    ring_len_max: usize,
    rings: BTreeMap<Topic, Ring<Arc<Change>>>,
    own: HashMap<UserId, Ring<Arc<Change>>>,
    clients: HashMap<ClientId, Client>,
    next_client: ClientId,
    statuses: HashMap<UserId, AgentStatus>,
    call_agents: HashMap<CallId, UserId>,
    /// Colleagues that our own numbers serve.
    call_callers: HashMap<CallId, UserId>,
    names: Arc<UserNames>,
}

#[derive(Debug)]
struct Client {
    user: UserId,
    topics: HashSet<Topic>,
    queue: mpsc::Sender<Message>,
    /// The queue was full: what it holds is not whole any more.
    overflowed: bool,
}

/// Names are read again this often, so that a changed display name reaches the wallboard.
const NAMES_EVERY: Duration = Duration::from_secs(30);

impl Hub {
    pub fn new(epoch: String, ring_len_max: usize) -> Self {
        let shared = [Topic::Agents, Topic::Waiting, Topic::Calls, Topic::Trunks, Topic::Alerts];
        let rings = shared.into_iter().map(|t| (t, Ring::new(ring_len_max))).collect();
        let state = State {
            epoch,
            ring_len_max,
            rings,
            own: HashMap::new(),
            clients: HashMap::new(),
            next_client: 1,
            statuses: HashMap::new(),
            call_agents: HashMap::new(),
            call_callers: HashMap::new(),
            names: Arc::default(),
        };
        Self { state: Arc::new(Mutex::new(state)) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub fn epoch(&self) -> String {
        self.lock().epoch.clone()
    }
    pub fn names(&self) -> Arc<UserNames> {
        self.lock().names.clone()
    }

    /// Whether the user is on a call: such a session does not time out.
    pub fn on_call(&self, user: UserId) -> bool {
        let state = self.lock();
        let mut parties = state.call_agents.values().chain(state.call_callers.values());
        state.statuses.get(&user) == Some(&AgentStatus::OnCall) || parties.any(|a| *a == user)
    }

    /// A new client with its bounded queue.
    pub fn join(&self, user: UserId, queue_len_max: usize) -> (ClientId, mpsc::Receiver<Message>) {
        let (queue, messages) = mpsc::channel(queue_len_max.max(1));
        let mut state = self.lock();
        let id = state.next_client;
        state.next_client += 1;
        state.clients.insert(id, Client { user, topics: HashSet::new(), queue, overflowed: false });
        metrics::gauge!("zhiyin_streams").set(state.clients.len() as f64);
        (id, messages)
    }

    pub fn leave(&self, id: ClientId) {
        let mut state = self.lock();
        state.clients.remove(&id);
        metrics::gauge!("zhiyin_streams").set(state.clients.len() as f64);
    }

    /// Begins a topic for a client. From this moment on every change of it is queued.
    pub fn subscribe(&self, id: ClientId, topic: Topic, resume: Option<u64>) -> Start {
        let mut state = self.lock();
        let Some(client) = state.clients.get_mut(&id) else { return Start::Reset(0) };
        client.topics.insert(topic);
        let user = client.user;
        let ring_len_max = state.ring_len_max;
        let ring = match topic {
            Topic::Me => state.own.entry(user).or_insert_with(|| Ring::new(ring_len_max)),
            shared => state.rings.entry(shared).or_insert_with(|| Ring::new(ring_len_max)),
        };
        match resume.and_then(|seq| ring.after(seq)) {
            Some(missed) => Start::Missed(missed.into_iter().map(|(seq, change)| Message { topic, seq, change }).collect()),
            None => Start::Reset(ring.last()),
        }
    }

    /// Whether the client's queue overflowed since the last look.
    pub fn take_overflow(&self, id: ClientId) -> bool {
        self.lock().clients.get_mut(&id).is_some_and(|c| std::mem::take(&mut c.overflowed))
    }

    /// Follows the engine until it ends.
    pub async fn run(
        self,
        store: Store,
        mut changes: broadcast::Receiver<LiveChange>,
        mut alerts: broadcast::Receiver<AlertNews>,
        first: Snapshot,
    ) {
        self.seed(first);
        self.refresh_names(&store).await;
        let mut names = tokio::time::interval(NAMES_EVERY);
        names.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                change = changes.recv() => match change {
                    Ok(change) => self.take(&store, change).await,
                    Err(RecvError::Lagged(n)) => {
                        tracing::warn!(missed = n, "the stream fell behind the engine; all clients start afresh");
                        self.reset_all();
                    }
                    Err(RecvError::Closed) => return,
                },
                news = alerts.recv() => match news {
                    Ok(news) => self.shared(Topic::Alerts, Change::Alert(news)),
                    Err(RecvError::Lagged(_)) => self.reset_all(),
                    Err(RecvError::Closed) => return,
                },
                _ = names.tick() => self.refresh_names(&store).await,
            }
        }
    }

    fn seed(&self, first: Snapshot) {
        let mut state = self.lock();
        state.statuses = first.agents.iter().map(|a| (a.user, a.status)).collect();
        state.call_agents = first.calls.iter().filter_map(|c| Some((c.call, c.agent?))).collect();
        state.call_callers = first.calls.iter().filter_map(|c| Some((c.call, c.caller?))).collect();
    }

    async fn refresh_names(&self, store: &Store) {
        match store::repo::users::all(store).await {
            Ok(users) => self.lock().names = Arc::new(users.into_iter().map(|u| (u.id, u.display_name)).collect()),
            Err(e) => tracing::warn!(error = %e, "names could not be read"),
        }
    }

    async fn take(&self, store: &Store, change: LiveChange) {
        match change {
            LiveChange::Offer(offer) => {
                let card = card::find(store, offer.customer, &offer.remote).await;
                let customer = offer.customer.or(card.as_ref().map(|c| c.id));
                let recent = card::recent(store, customer, &offer.remote).await;
                let recent = card::without_current(recent, offer.interaction);
                self.own(offer.agent, Change::Offer { offer, card, recent });
            }
            LiveChange::Call(call) => {
                self.shared(Topic::Calls, Change::Live(LiveChange::Call(call.clone())));
                self.moved(&call);
                if let Some(agent) = call.agent {
                    let card = card::find(store, call.customer, &call.remote).await;
                    self.own(agent, Change::Call { call: call.clone(), card });
                }
                if let Some(caller) = call.caller {
                    self.lock().call_callers.insert(call.call, caller);
                    self.own(caller, Change::Call { call, card: None });
                }
            }
            other => self.plain(other),
        }
    }

    fn plain(&self, change: LiveChange) {
        match &change {
            LiveChange::Agent(agent) => {
                self.lock().statuses.insert(agent.user, agent.status);
                self.own(agent.user, Change::Live(change.clone()));
                self.shared(Topic::Agents, Change::Live(change));
            }
            LiveChange::OfferEnded { agent, .. } => self.own(*agent, Change::Live(change.clone())),
            LiveChange::CallEnded { call, agent, .. } => {
                let (was, caller) = {
                    let mut state = self.lock();
                    (state.call_agents.remove(call), state.call_callers.remove(call))
                };
                for agent in agent.or(was).into_iter().chain(caller) {
                    self.own(agent, Change::Live(change.clone()));
                }
                self.shared(Topic::Calls, Change::Live(change));
            }
            LiveChange::Waiting(_) | LiveChange::WaitingEnded { .. } => self.shared(Topic::Waiting, Change::Live(change)),
            LiveChange::Trunk(_) => self.shared(Topic::Trunks, Change::Live(change)),
            // These two are joined with their customer in `take`.
            LiveChange::Offer(_) | LiveChange::Call(_) => {}
        }
    }

    /// A call that went on to another agent has ended for the one before.
    fn moved(&self, call: &CallLive) {
        let before = {
            let mut state = self.lock();
            match call.agent {
                Some(agent) => state.call_agents.insert(call.call, agent),
                None => state.call_agents.remove(&call.call),
            }
        };
        if let Some(agent) = before.filter(|b| Some(*b) != call.agent) {
            let ended = LiveChange::CallEnded { call: call.call, agent: Some(agent), channel: domain::interaction::Channel::Voice };
            self.own(agent, Change::Live(ended));
        }
    }

    fn shared(&self, topic: Topic, change: Change) {
        let change = Arc::new(change);
        let mut state = self.lock();
        let ring_len_max = state.ring_len_max;
        let seq = state.rings.entry(topic).or_insert_with(|| Ring::new(ring_len_max)).push(change.clone());
        for client in state.clients.values_mut().filter(|c| c.topics.contains(&topic)) {
            client.offer(Message { topic, seq, change: change.clone() });
        }
    }

    fn own(&self, user: UserId, change: Change) {
        let change = Arc::new(change);
        let mut state = self.lock();
        let ring_len_max = state.ring_len_max;
        let seq = state.own.entry(user).or_insert_with(|| Ring::new(ring_len_max)).push(change.clone());
        for client in state.clients.values_mut().filter(|c| c.user == user && c.topics.contains(&Topic::Me)) {
            client.offer(Message { topic: Topic::Me, seq, change: change.clone() });
        }
    }

    fn reset_all(&self) {
        for client in self.lock().clients.values_mut() {
            client.overflowed = true;
        }
    }
}

impl Client {
    fn offer(&mut self, message: Message) {
        if !self.overflowed && self.queue.try_send(message).is_err() {
            self.overflowed = true;
            metrics::counter!("zhiyin_stream_overflows_total").increment(1);
        }
    }
}
