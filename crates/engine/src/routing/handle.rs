//! How the engine speaks to the router. Requests and effects are serialisable values; nothing else crosses.
use domain::InteractionId;
use domain::routing::{Effect, Input, Refusal};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::sync::{mpsc, oneshot};

/// Inputs waiting for the routing task.
pub const ROUTER_QUEUE_LEN_MAX: usize = 4096;
/// Effects waiting for one call's task. A call that is this far behind is stuck; what no longer fits is dropped, counted
/// (`zhiyin_router_effects_dropped_total`) and healed by the reconciler.
pub const ATTACHMENT_QUEUE_LEN_MAX: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RouterError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The routing task is gone: the process is ending.
    #[error("the router is not there")]
    Gone,
}

/// One input with the place for its answer.
#[derive(Debug)]
pub(crate) struct Request {
    pub input: Input,
    pub reply: Option<oneshot::Sender<Result<(), RouterError>>>,
}

/// Who listens for which interaction.
pub(crate) type Attached = Arc<Mutex<HashMap<InteractionId, mpsc::Sender<Effect>>>>;

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct RouterHandle {
    requests: mpsc::Sender<Request>,
    attached: Attached,
}

impl RouterHandle {
    pub(crate) fn new(requests: mpsc::Sender<Request>, attached: Attached) -> Self {
        Self { requests, attached }
    }

    /// Sends an input and waits until the router has handled it. By then every effect of the step is under way: the live state
    /// shows it, and attached calls have their effects in their queue.
    ///
    /// # Errors
    /// `Refused` with the router's reason; `Gone`.
    pub async fn ask(&self, input: Input) -> Result<(), RouterError> {
        let (reply, answer) = oneshot::channel();
        self.requests.send(Request { input, reply: Some(reply) }).await.map_err(|_| RouterError::Gone)?;
        answer.await.map_err(|_| RouterError::Gone)?
    }

    /// Sends an input whose answer does not matter (`Leave`, `Released`). Waits for room in the queue, not for the router.
    pub async fn tell(&self, input: Input) {
        // A router that is gone has nothing left to free.
        let _ = self.requests.send(Request { input, reply: None }).await;
    }

    /// From now on the effects that concern `interaction` come out of the attachment; dropping it ends that.
    /// Attach before the first `Enqueue` or `DirectOffer`. A second attachment of one interaction replaces the first.
    pub fn attach(&self, interaction: InteractionId) -> Attachment {
        let (sender, effects) = mpsc::channel(ATTACHMENT_QUEUE_LEN_MAX);
        lock(&self.attached).insert(interaction, sender.clone());
        Attachment { interaction, effects, sender, attached: self.attached.clone() }
    }
}

pub(crate) fn lock(attached: &Attached) -> std::sync::MutexGuard<'_, HashMap<InteractionId, mpsc::Sender<Effect>>> {
    attached.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
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
        let mut attached = lock(&self.attached);
        if attached.get(&self.interaction).is_some_and(|s| s.same_channel(&self.sender)) {
            attached.remove(&self.interaction);
        }
    }
}
