//! Another router in place of one that panicked. Calls and desks go on; the set-up and the waiting list come from the store, what
//! agents do from the live state, and what neither knows (a place of the last moment, a call that just ended) the reconciler finds.
use super::task::{Dead, RoutingTask};
use crate::handle::{LiveChange, Snapshot};
use crate::reload::{house_input, routing_input};
use domain::event::{Draft, EventKind};
use domain::live::{AgentLive, AgentStatus, WorkStage};
use domain::routing::{Effect, Enqueue, Input, OfferResult, Router, Shut};
use domain::{InteractionId, QueueId, Timestamp, UserId};
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::time::Duration;
use store::Record;
use tokio::time::timeout;

/// A router that dies more often than this …
const DEATHS_MAX: usize = 3;
/// … within this time is not rebuilt again: the process ends, and a fresh one takes over.
const DEATHS_WITHIN_MS: u64 = 60_000;
/// Routing stands still while the store is asked; calls wait with their music.
const STORE_WAIT_MS: u64 = 2_000;

/// What a router was told once and must be told again.
#[derive(Debug, Default)]
pub(super) struct Told {
    closed: HashMap<QueueId, Shut>,
    service_levels: HashMap<QueueId, u8>,
}

impl Told {
    pub fn heard(&mut self, input: &Input) {
        match input {
            Input::Hours { queue, closed } => keep(&mut self.closed, *queue, closed.clone()),
            Input::ServiceLevel { queue, percent } => keep(&mut self.service_levels, *queue, *percent),
            _ => {}
        }
    }

    fn inputs(&self) -> impl Iterator<Item = Input> {
        let hours = self.closed.iter().map(|(queue, shut)| Input::Hours { queue: *queue, closed: Some(shut.clone()) });
        let levels = self.service_levels.iter().map(|(queue, percent)| Input::ServiceLevel { queue: *queue, percent: Some(*percent) });
        hours.chain(levels)
    }
}

fn keep<T>(of: &mut HashMap<QueueId, T>, queue: QueueId, word: Option<T>) {
    match word {
        Some(word) => drop(of.insert(queue, word)),
        None => drop(of.remove(&queue)),
    }
}

/// When routers died lately.
#[derive(Debug, Default)]
pub(super) struct Deaths(VecDeque<Timestamp>);

impl Deaths {
    /// One more; false when it is too many.
    fn again(&mut self, now: Timestamp) -> bool {
        self.0.retain(|at| now.ms_since(*at) < DEATHS_WITHIN_MS);
        self.0.push_back(now);
        self.0.len() <= DEATHS_MAX
    }
}

impl RoutingTask {
    /// # Panics
    /// When routers die too often, or of the set-up itself: the task ends, and with it the process.
    pub(super) async fn rebuild(&mut self) {
        let mut deadly = HashSet::new();
        while let Err(interaction) = self.take_over(&deadly).await {
            tracing::error!(%interaction, "the router dies of this place: it is left out");
            self.writer.record(Record::Place { interaction, place: None });
            deadly.insert(interaction);
        }
    }

    /// # Errors
    /// The place that killed this router too.
    async fn take_over(&mut self, deadly: &HashSet<InteractionId>) -> Result<(), InteractionId> {
        let now = self.clock.now();
        assert!(self.deaths.again(now), "the router died {} times within {} s", DEATHS_MAX + 1, DEATHS_WITHIN_MS / 1000);
        metrics::counter!("zhiyin_router_rebuilds_total").increment(1);
        let seed = self.ids.next_u64();
        if let Some(journal) = &mut self.journal {
            journal.begin(seed);
        }
        self.router = Router::new(seed);
        let seen = self.live.snapshot();
        self.end_offers(now, &seen);
        self.teach(now, &seen);
        let mut places = self.waiting_list().await;
        places.retain(|p| !deadly.contains(&p.interaction));
        self.forget_places(now, &seen, &places);
        let kept = places.len();
        for place in places {
            let interaction = place.interaction;
            // A queue that is gone meanwhile takes nobody; the reconciler tells the call.
            let _refused = self.step(Input::Enqueue(place)).map_err(|Dead| interaction)?;
        }
        let kind = EventKind::Healed { what: "router_rebuilt".to_owned() };
        self.writer.event(Draft { at: now, interaction: None, agent: None, queue: None, kind });
        tracing::error!(places = kept, "the router panicked; another one has taken over");
        Ok(())
    }

    /// As the dead router's last records left it; empty when the store does not answer, and every call asks for its place itself.
    async fn waiting_list(&self) -> Vec<Enqueue> {
        let in_time = Duration::from_millis(STORE_WAIT_MS);
        if !matches!(timeout(in_time, self.writer.flush()).await, Ok(true)) {
            tracing::error!("the last changes of the waiting list did not reach the store");
        }
        match timeout(in_time, store::repo::waiting_list::all(&self.store)).await {
            Ok(Ok(places)) => return places,
            Ok(Err(error)) => tracing::error!(%error, "the waiting list could not be read"),
            Err(_) => tracing::error!("the store does not answer: calls ask for their places themselves"),
        }
        Vec::new()
    }

    /// No router knows what still rings.
    fn end_offers(&mut self, now: Timestamp, seen: &Snapshot) {
        for o in &seen.offers {
            let result = OfferResult::Healed;
            let effect = Effect::Withdraw { offer: o.offer, agent: o.agent, interaction: o.interaction, result };
            self.gauges.saw(&effect);
            self.pass_on(now, effect);
        }
    }

    /// Whom the list does not have is shown nowhere until their call asks again.
    fn forget_places(&mut self, now: Timestamp, seen: &Snapshot, places: &[Enqueue]) {
        let stand: HashSet<_> = places.iter().map(|p| p.interaction).collect();
        for w in seen.waiting.iter().filter(|w| !stand.contains(&w.interaction)) {
            let effect = Effect::WaitingEnded { interaction: w.interaction, queue: w.queue };
            self.gauges.saw(&effect);
            self.pass_on(now, effect);
        }
    }

    /// The set-up, and what everybody does since when: told at those times, so that whose turn it is stays whose turn it was. No
    /// record is written of it: nothing of it happens now.
    fn teach(&mut self, now: Timestamp, seen: &Snapshot) {
        let setup = self.setup.load_full();
        let mut agents: Vec<&AgentLive> = seen.agents.iter().collect();
        agents.sort_by_key(|a| (a.since, a.user));
        let begin = agents.first().map_or(now, |a| a.since.min(now));
        let mut shown = BTreeMap::new();
        for input in [routing_input(&setup), house_input(&setup)].into_iter().chain(self.told.inputs().collect::<Vec<_>>()) {
            self.tell(begin, input, &mut shown);
        }
        for agent in agents {
            let longest = setup.queues.iter().filter(|q| agent.queues.contains(&q.id)).max_by_key(|q| q.wrap_up_ms);
            for input in as_now(agent, longest.map(|q| (q.id, q.wrap_up_ms))) {
                self.tell(agent.since.min(now), input, &mut shown);
            }
        }
        self.tell(now, Input::Due, &mut shown);
        for agent in shown.into_values() {
            let before = seen.agents.iter().find(|a| a.user == agent.user);
            let mut effect = Effect::AgentChanged(agent);
            self.watch.after(now, &mut effect);
            self.gauges.saw(&effect);
            if let Effect::AgentChanged(agent) = effect
                && before != Some(&agent)
            {
                self.live.apply(LiveChange::Agent(agent));
            }
        }
    }

    fn tell(&mut self, at: Timestamp, input: Input, shown: &mut BTreeMap<UserId, AgentLive>) {
        if let Some(journal) = &mut self.journal {
            journal.input(at, &input);
        }
        let mut effects = Vec::new();
        self.router.handle(at, input, &mut effects);
        for effect in effects {
            if let Effect::AgentChanged(agent) = effect {
                shown.insert(agent.user, agent);
            }
        }
    }
}

/// What brings a router to this agent's state. `longest`: of the agent's queues the one with the longest wrap-up; how much of a wrap-up
/// is left is not shown anywhere, so it may last that long.
fn as_now(agent: &AgentLive, longest: Option<(QueueId, u64)>) -> Vec<Input> {
    let user = agent.user;
    let mut inputs = Vec::new();
    if agent.phone_registered {
        inputs.push(Input::PhoneRegistered { agent: user, registered: true });
    }
    if agent.status == AgentStatus::Offline && agent.works.is_empty() {
        return inputs;
    }
    inputs.push(Input::SignIn { agent: user, device: agent.device });
    match agent.status {
        AgentStatus::Break => {
            inputs.push(Input::PutStatus { agent: user, status: AgentStatus::Break, reason: agent.reason.clone() });
        }
        AgentStatus::Away | AgentStatus::Offline => {}
        AgentStatus::Available | AgentStatus::Ringing | AgentStatus::OnCall | AgentStatus::WrapUp => {
            inputs.push(Input::SetStatus { agent: user, status: AgentStatus::Available, reason: None });
        }
    }
    for work in agent.works.iter().filter(|w| w.stage != WorkStage::Ringing) {
        inputs.push(Input::AgentBusy { agent: user, interaction: work.interaction });
        if work.stage == WorkStage::WrapUp {
            let (queue, wrap_up_ms) = longest.map_or((None, 0), |(queue, ms)| (Some(queue), ms));
            inputs.push(Input::Released { agent: user, interaction: work.interaction, queue, wrap_up_ms, away: None });
        }
    }
    if agent.status == AgentStatus::Offline {
        inputs.push(Input::SignOut { agent: user });
    } else if let Some(status) = agent.next {
        inputs.push(Input::SetStatus { agent: user, status, reason: None });
    }
    inputs
}

/// Kills the router of a test.
#[cfg(test)]
pub(crate) const POISON: InteractionId = InteractionId(uuid::Uuid::from_u128(0xdead));

#[cfg(test)]
pub(super) fn poison(input: &Input) {
    let of = match input {
        Input::Leave { interaction, .. } => Some(*interaction),
        Input::Enqueue(place) => Some(place.interaction),
        _ => None,
    };
    assert_ne!(of, Some(POISON), "the router of a test dies");
}

#[cfg(test)]
#[test]
fn a_router_may_die_three_times_a_minute() {
    let (mut deaths, at) = (Deaths::default(), Timestamp::from_ms);
    assert!([0, 1_000, 2_000].into_iter().all(|ms| deaths.again(at(ms))));
    assert!(deaths.again(at(60_500)), "the first is long ago");
    assert!(!deaths.again(at(60_600)));
}
