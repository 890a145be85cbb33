//! The router's figures, kept by looking at what goes in and out.
use domain::estimate::Quality;
use domain::event::{Draft, EventKind};
use domain::live::AgentStatus;
use domain::routing::{Effect, Input};
use domain::{InteractionId, OfferId, QueueId, UserId};
use std::collections::{HashMap, HashSet};

const STATUSES: [(AgentStatus, &str); 7] = [
    (AgentStatus::Offline, "offline"),
    (AgentStatus::Available, "available"),
    (AgentStatus::Ringing, "ringing"),
    (AgentStatus::OnCall, "on_call"),
    (AgentStatus::WrapUp, "wrap_up"),
    (AgentStatus::Break, "break"),
    (AgentStatus::Away, "away"),
];

#[derive(Debug, Default)]
pub(super) struct Gauges {
    queues: HashMap<QueueId, String>,
    waiting: HashMap<InteractionId, QueueId>,
    offers: HashSet<OfferId>,
    agents: HashMap<UserId, AgentStatus>,
}

impl Gauges {
    pub fn configured(&mut self, input: &Input) {
        let Input::Configure { queues, .. } = input else { return };
        self.queues = queues.iter().map(|q| (q.id, q.key.clone())).collect();
        for key in self.queues.values() {
            metrics::gauge!("zhiyin_queue_waiting", "queue" => key.clone()).increment(0.0);
        }
    }

    pub fn saw(&mut self, effect: &Effect) {
        match effect {
            Effect::WaitingChanged(w) => {
                let before = self.waiting.insert(w.interaction, w.queue);
                if before != Some(w.queue) {
                    before.into_iter().for_each(|queue| self.count(queue, -1.0));
                    self.count(w.queue, 1.0);
                }
            }
            Effect::WaitingEnded { interaction, .. } => {
                self.waiting.remove(interaction).into_iter().for_each(|queue| self.count(queue, -1.0));
            }
            Effect::Offer { offer, .. } => {
                self.offers.insert(offer.offer);
                self.show_offers();
                metrics::counter!("zhiyin_offers_total").increment(1);
            }
            Effect::Withdraw { offer, result, .. } => self.offer_ended(*offer, result.word()),
            Effect::Assigned { offer, .. } => self.offer_ended(*offer, "answered"),
            Effect::AgentChanged(agent) => {
                self.agents.insert(agent.user, agent.status);
                self.show_agents();
            }
            Effect::AgentRemoved { agent } => {
                self.agents.remove(agent);
                self.show_agents();
            }
            Effect::BreakOverstayed { .. } => metrics::counter!("zhiyin_breaks_overstayed_total").increment(1),
            Effect::Record(Draft { kind: EventKind::PlaceResumed { .. }, .. }) => {
                metrics::counter!("zhiyin_places_resumed_total").increment(1);
            }
            Effect::Overflow { reason, .. } => metrics::counter!("zhiyin_overflows_total", "reason" => reason.word()).increment(1),
            Effect::Healed { what } => metrics::counter!("zhiyin_reconciler_healed_total", "what" => what.clone()).increment(1),
            _ => {}
        }
    }

    /// How far off the promises of a queue were lately: median and ninetieth percentile.
    pub fn estimate(&self, queue: QueueId, quality: &Quality) {
        let Some(key) = self.queues.get(&queue).filter(|_| quality.samples > 0) else { return };
        for (quantile, error_ms) in [("0.5", quality.error_p50_ms), ("0.9", quality.error_p90_ms)] {
            metrics::gauge!("zhiyin_wait_estimate_error_seconds", "queue" => key.clone(), "quantile" => quantile)
                .set(error_ms as f64 / 1000.0);
        }
    }

    fn offer_ended(&mut self, offer: OfferId, result: &'static str) {
        self.offers.remove(&offer);
        self.show_offers();
        metrics::counter!("zhiyin_offers_ended_total", "result" => result).increment(1);
    }

    fn show_offers(&self) {
        metrics::gauge!("zhiyin_offers").set(self.offers.len() as f64);
    }

    fn count(&self, queue: QueueId, change: f64) {
        let Some(key) = self.queues.get(&queue) else { return };
        metrics::gauge!("zhiyin_queue_waiting", "queue" => key.clone()).increment(change);
    }

    fn show_agents(&self) {
        for (status, word) in STATUSES {
            let n = self.agents.values().filter(|s| **s == status).count();
            metrics::gauge!("zhiyin_agents", "status" => word).set(n as f64);
        }
    }
}
