//! The routing task: the one owner of the `Router`. It feeds inputs and timers to the machine and passes on what comes out:
//! live changes, records, metrics, and effects for calls.
use super::handle::{Attached, DIAGNOSES, DIAGNOSES_QUEUE_LEN_MAX, EFFECTS, ROUTER_QUEUE_LEN_MAX, ROUTING};
use super::journal::Journal;
use super::learned::{KEEP_EVERY_MS, Learned};
use super::metrics::Gauges;
use super::rebuild::{Deaths, Told};
use crate::clock::{Clock, IdSource};
use crate::config::SharedSetup;
use crate::handle::LiveChange;
use crate::state::LiveState;
use crate::writer::Writer;
use domain::estimate::Watch;
use domain::event::{Draft, EventKind};
use domain::interaction::{Segment, SegmentKind};
use domain::routing::{Diagnosis, Effect, Input, Refusal, Router};
use domain::{InteractionId, SegmentId, Timestamp};
use std::panic::{AssertUnwindSafe, catch_unwind};
use store::bus::{Bus, BusError, Received, Requests, Subscription};
use store::history::WrapUp;
use store::{Record, Store};

/// What estimates look like is shown this often at most.
const SHOW_EVERY_MS: u64 = 1_000;

pub(crate) struct RoutingTask {
    pub(super) router: Router,
    /// Learns how long queues take, beside the router.
    pub(super) watch: Watch,
    /// When changed estimates are shown.
    show_at: Option<Timestamp>,
    learned: Learned,
    /// When that is kept in the store.
    keep_at: Option<Timestamp>,
    requests: Requests<Input, Result<(), Refusal>>,
    diagnoses: Requests<InteractionId, Option<Diagnosis>>,
    bus: Bus,
    pub(super) store: Store,
    pub(super) setup: SharedSetup,
    pub(super) live: LiveState,
    pub(super) writer: Writer,
    pub(super) clock: Clock,
    pub(super) ids: IdSource,
    pub(super) gauges: Gauges,
    pub(super) journal: Option<Journal>,
    effects: Vec<Effect>,
    pub(super) told: Told,
    pub(super) deaths: Deaths,
}

/// The router panicked: what it knew is lost.
pub(super) struct Dead;

impl RoutingTask {
    /// Takes the service's name on the bus.
    ///
    /// # Errors
    /// Another owner lives.
    pub fn new(
        bus: Bus,
        store: Store,
        setup: SharedSetup,
        live: LiveState,
        writer: Writer,
        clock: Clock,
        ids: IdSource,
        watch: Watch,
        mut journal: Option<Journal>,
    ) -> Result<Self, BusError> {
        let requests = bus.serve(&ROUTING, ROUTER_QUEUE_LEN_MAX)?;
        let diagnoses = bus.serve(&DIAGNOSES, DIAGNOSES_QUEUE_LEN_MAX)?;
        let seed = ids.next_u64();
        if let Some(journal) = &mut journal {
            journal.begin(seed);
        }
        Ok(Self {
            router: Router::new(seed),
            watch,
            show_at: None,
            learned: Learned::default(),
            keep_at: None,
            requests,
            diagnoses,
            bus,
            store,
            setup,
            live,
            writer,
            clock,
            ids,
            gauges: Gauges::default(),
            journal,
            effects: Vec::new(),
            told: Told::default(),
            deaths: Deaths::default(),
        })
    }

    /// Runs until the bus is gone.
    pub async fn run(mut self) {
        loop {
            let timer = self.router.next_timeout().map(|(at, _why)| at);
            let wake = timer.into_iter().chain(self.show_at).chain(self.keep_at).min();
            let request = tokio::select! {
                // What people look up waits for what calls need.
                biased;
                request = self.requests.recv() => request,
                () = sleep_until(self.clock, wake) => {
                    // A wake-up that is early by less than the clock's grain finds nothing due and waits again. `Due` is never refused.
                    if self.step(Input::Due).is_err() {
                        self.rebuild().await;
                    }
                    self.show_estimates();
                    self.keep_estimates();
                    continue;
                }
                Some(question) = self.diagnoses.recv() => {
                    if let Some(reply) = question.reply {
                        // Whoever asked may have given up.
                        let _ = reply.send(self.router.diagnose(self.clock.now(), question.message));
                    }
                    continue;
                }
            };
            let Some(request) = request else { return };
            match self.step(request.message) {
                Ok(answer) => {
                    if let Some(reply) = request.reply {
                        // Whoever asked may have given up.
                        let _ = reply.send(answer);
                    }
                }
                // Whoever asked hears that the router was not reached.
                Err(Dead) => self.rebuild().await,
            }
        }
    }

    /// # Errors
    /// The router panicked. What came out of the step before that is not passed on.
    pub(super) fn step(&mut self, mut input: Input) -> Result<Result<(), Refusal>, Dead> {
        let begin = self.clock.instant();
        let now = self.clock.at(begin);
        self.gauges.configured(&input);
        // The estimate becomes part of the input, which the journal must know.
        self.watch.before(&mut input);
        if let Some(journal) = &mut self.journal {
            journal.input(now, &input);
        }
        self.told.heard(&input);
        let mut effects = std::mem::take(&mut self.effects);
        let router = &mut self.router;
        // Whatever state a panic leaves behind in it, the router is not used again.
        let stepped = catch_unwind(AssertUnwindSafe(|| {
            #[cfg(test)]
            super::rebuild::poison(&input);
            router.handle(now, input, &mut effects);
        }));
        if stepped.is_err() {
            return Err(Dead);
        }
        let mut answer = Ok(());
        for mut effect in effects.drain(..) {
            self.watch.after(now, &mut effect);
            self.gauges.saw(&effect);
            if let Effect::Refused { why } = effect {
                answer = Err(why);
                continue;
            }
            self.pass_on(now, effect);
        }
        self.effects = effects;
        if self.watch.has_changed() {
            self.show_at.get_or_insert(now.plus_ms(SHOW_EVERY_MS));
        }
        metrics::histogram!("zhiyin_router_step_seconds").record(self.clock.instant().saturating_duration_since(begin).as_secs_f64());
        Ok(answer)
    }

    /// Estimates for whoever asks, and their errors for `/metrics`.
    fn show_estimates(&mut self) {
        if self.show_at.is_none_or(|at| at > self.clock.now()) {
            return;
        }
        self.show_at = None;
        for (queue, outlook) in self.watch.take_changed() {
            self.gauges.estimate(queue, &outlook.quality);
            self.live.set_outlook(queue, outlook);
            if outlook.quality.samples > 0 {
                self.learned.changed(queue);
                self.keep_at.get_or_insert(self.clock.now().plus_ms(KEEP_EVERY_MS));
            }
        }
    }

    fn keep_estimates(&mut self) {
        let now = self.clock.now();
        if self.keep_at.take_if(|at| *at <= now).is_some() {
            self.learned.keep(&self.store, now, &self.watch);
        }
    }

    pub(super) fn pass_on(&self, now: Timestamp, effect: Effect) {
        match &effect {
            Effect::Placed(place) => {
                self.writer.record(Record::Place { interaction: place.interaction, place: Some(place.clone()) });
            }
            Effect::Offer { offer, .. } => self.live.apply(LiveChange::Offer(offer.clone())),
            Effect::OfferChanged(offer) => self.live.apply(LiveChange::Offer(offer.clone())),
            Effect::Withdraw { offer, agent, result, .. } => {
                self.live.apply(LiveChange::OfferEnded { offer: *offer, agent: *agent, result: result.word().to_owned() });
            }
            Effect::Assigned { offer, agent, .. } => {
                self.live.apply(LiveChange::OfferEnded { offer: *offer, agent: *agent, result: "answered".to_owned() });
            }
            Effect::AgentChanged(agent) => self.live.apply(LiveChange::Agent(agent.clone())),
            Effect::AgentRemoved { agent } => self.live.remove_agent(*agent),
            Effect::WaitingChanged(waiting) => self.live.apply(LiveChange::Waiting(waiting.clone())),
            Effect::WaitingEnded { interaction, queue } => {
                self.live.apply(LiveChange::WaitingEnded { interaction: *interaction, queue: *queue });
                self.writer.record(Record::Place { interaction: *interaction, place: None });
            }
            Effect::Record(draft) => self.record(now, draft.clone()),
            Effect::Healed { what } => tracing::warn!(what, "calls and router disagreed: healed"),
            Effect::BreakOverstayed { agent, reason } => tracing::info!(%agent, ?reason, "a break lasts too long"),
            Effect::Announce { .. }
            | Effect::Overflow { .. }
            | Effect::Turn { .. }
            | Effect::EnqueueAgain { .. }
            | Effect::Refused { .. } => {}
        }
        if effect.for_call().is_some()
            && let Err(error) = self.bus.publish(&EFFECTS, effect)
        {
            tracing::error!(%error, "an effect could not be published");
        }
    }

    /// A finished wrap-up also is a stretch of the interaction and a figure in its row.
    fn record(&self, now: Timestamp, draft: Draft) {
        if let (EventKind::WrapUpDone { code, took_ms }, Some(interaction)) = (&draft.kind, draft.interaction) {
            self.writer.segment(Segment {
                id: self.ids.new_id(now, SegmentId::from_parts),
                interaction,
                kind: SegmentKind::WrapUp,
                queue: draft.queue,
                agent: draft.agent,
                started_at: Timestamp(now.0 - i64::try_from(*took_ms).unwrap_or(0).saturating_mul(1000)),
                ended_at: Some(now),
                result: Some(if code.is_some() { "done" } else { "time_or_status" }.to_owned()),
            });
            self.writer.record(Record::WrapUp(WrapUp { interaction, code: None, note: None, wrap_up_ms: Some(*took_ms) }));
        }
        self.writer.event(draft);
    }
}

async fn sleep_until(clock: Clock, at: Option<Timestamp>) {
    match at {
        Some(at) => clock.sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// This node's end of the effects: hands each to the call it concerns.
pub(crate) async fn deliver(mut effects: Subscription<Effect>, attached: Attached) {
    while let Some(received) = effects.recv().await {
        match received {
            Received::Message(effect) => attached.deliver(effect),
            Received::Lagged(lost) => {
                metrics::counter!("zhiyin_router_effects_dropped_total").increment(lost);
                tracing::error!(lost, "this node fell behind the router; the reconciler heals what was lost");
            }
        }
    }
}
