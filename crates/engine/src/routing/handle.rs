//! How the engine speaks to the router: questions and effects over the bus, so that the router may live on another node.
use domain::InteractionId;
use domain::routing::{Diagnosis, Effect, Input, Refusal};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::bus::{Bus, BusError, Service, Topic};
use tokio::sync::mpsc;

/// The router, wherever it lives.
pub(crate) const ROUTING: Service<Input, Result<(), Refusal>> = Service::new("routing");
/// Looks into the router: why nobody gets an interaction. None: it waits nowhere.
pub(crate) const DIAGNOSES: Service<InteractionId, Option<Diagnosis>> = Service::new("routing.diagnoses");
/// Questions waiting for the routing task; a page asks one now and then.
pub const DIAGNOSES_QUEUE_LEN_MAX: usize = 64;
/// Effects that concern calls, for the node that has the call.
pub(crate) const EFFECTS: Topic<Effect> = Topic::with_len("routing.effects", 16_384);

/// Inputs waiting for the routing task.
pub const ROUTER_QUEUE_LEN_MAX: usize = 16_384;
/// Effects waiting for one call. A call that is this far behind is stuck; what no longer fits is dropped, counted
/// (`zhiyin_router_effects_dropped_total`) and healed by the reconciler.
pub const ATTACHMENT_QUEUE_LEN_MAX: usize = 64;
/// `tell` knocks this often at a full queue before it leaves the rest to the reconciler.
const TELL_TRIES_MAX: u32 = 50;
const TELL_PAUSE_MS: u64 = 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RouterError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Its queue is full, or the process is ending.
    #[error("the router cannot be reached")]
    Unavailable,
}

type Table = HashMap<InteractionId, mpsc::Sender<Effect>>;

/// Which calls of this node listen for their effects.
#[derive(Debug, Clone, Default)]
pub(crate) struct Attached {
    table: Arc<Mutex<Table>>,
}
impl Attached {
    fn lock(&self) -> std::sync::MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Hands an effect to its call, if that is on this node.
    pub fn deliver(&self, effect: Effect) {
        let Some(interaction) = effect.for_call() else { return };
        let sender = self.lock().get(&interaction).cloned();
        if let Some(sender) = sender
            && sender.try_send(effect).is_err()
        {
            metrics::counter!("zhiyin_router_effects_dropped_total").increment(1);
        }
    }
}

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct RouterHandle {
    bus: Bus,
    attached: Attached,
}

impl RouterHandle {
    pub(crate) fn new(bus: Bus, attached: Attached) -> Self {
        Self { bus, attached }
    }

    /// Sends an input and waits until the router has handled it. By then the live state shows every effect of the step, and those
    /// for calls are on their way.
    ///
    /// # Errors
    /// `Refused` with the router's reason; `Unavailable`.
    pub async fn ask(&self, input: Input) -> Result<(), RouterError> {
        match self.bus.request(&ROUTING, input).await {
            Ok(answer) => Ok(answer?),
            Err(error) => {
                tracing::warn!(%error, "the router was not reached");
                Err(RouterError::Unavailable)
            }
        }
    }

    /// Why nobody gets this interaction; none when it waits nowhere.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn diagnose(&self, interaction: InteractionId) -> Result<Option<Diagnosis>, RouterError> {
        self.bus.request(&DIAGNOSES, interaction).await.map_err(|error| {
            tracing::warn!(%error, "the router was not reached");
            RouterError::Unavailable
        })
    }

    /// Sends an input whose answer does not matter (`Leave`, `Released`). Waits only while the router's queue is full.
    pub async fn tell(&self, input: Input) {
        for _ in 0..TELL_TRIES_MAX {
            match self.bus.send(&ROUTING, input.clone()) {
                Err(BusError::Full(_)) => tokio::time::sleep(Duration::from_millis(TELL_PAUSE_MS)).await,
                // Sent; or the router is gone and has nothing left to free.
                _ => return,
            }
        }
        metrics::counter!("zhiyin_router_inputs_dropped_total").increment(1);
        tracing::error!("the router's queue stays full; the reconciler must heal what it missed");
    }

    /// From now on the effects that concern `interaction` come out of the attachment; dropping it ends that.
    /// Attach before the first `Enqueue` or `DirectOffer`. A second attachment of one interaction replaces the first.
    pub fn attach(&self, interaction: InteractionId) -> Attachment {
        let (sender, effects) = mpsc::channel(ATTACHMENT_QUEUE_LEN_MAX);
        self.attached.lock().insert(interaction, sender.clone());
        Attachment { interaction, effects, sender, attached: self.attached.clone() }
    }
}

/// One call's ear: `Offer`, `Withdraw`, `Assigned`, `Announce`, `Overflow`, `EnqueueAgain` of its interaction, in order.
#[derive(Debug)]
pub struct Attachment {
    interaction: InteractionId,
    effects: mpsc::Receiver<Effect>,
    sender: mpsc::Sender<Effect>,
    attached: Attached,
}
impl Attachment {
    /// Cancel-safe.
    pub async fn next(&mut self) -> Option<Effect> {
        self.effects.recv().await
    }
}
impl Drop for Attachment {
    fn drop(&mut self) {
        let mut table = self.attached.lock();
        if table.get(&self.interaction).is_some_and(|s| s.same_channel(&self.sender)) {
            table.remove(&self.interaction);
        }
    }
}
