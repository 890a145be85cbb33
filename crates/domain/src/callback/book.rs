//! All open callbacks: one a number and queue, and one place that knows when the next timer is due.
use super::machine::Callback;
use super::types::*;
use crate::{InteractionId, Pii, QueueId, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// Callbacks open at once, in all queues together.
pub const CALLBACKS_MAX: usize = 20_000;

/// When a queue may call: the first allowed instant at or after the given one.
pub type QueueWindow<'a> = &'a dyn Fn(QueueId, Timestamp) -> Option<Timestamp>;

/// The open callbacks. Effects carry the callback they are of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Book {
    limits: Limits,
    callbacks: BTreeMap<InteractionId, Callback>,
    by_number: BTreeMap<(QueueId, Pii<String>), InteractionId>,
    due: BTreeSet<(Timestamp, InteractionId)>,
}

impl Book {
    pub fn new(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// # Errors
    /// The request cannot be met, or the number already waits in this queue; nothing changed.
    pub fn request(
        &mut self,
        now: Timestamp,
        request: Request,
        window: QueueWindow<'_>,
        out: &mut Vec<(InteractionId, Effect)>,
    ) -> Result<(), Refusal> {
        if let Some(existing) = self.find(request.queue, &request.number) {
            return Err(Refusal::Duplicate { existing: existing.id() });
        }
        if let Some(same) = self.callbacks.get(&request.interaction) {
            return Err(Refusal::Duplicate { existing: same.id() });
        }
        if self.callbacks.len() >= CALLBACKS_MAX {
            return Err(Refusal::Full);
        }
        let (id, queue) = (request.interaction, request.queue);
        let mut effects = Vec::new();
        let callback = Callback::start(now, request, self.limits, &|at| window(queue, at), &mut effects)?;
        out.extend(effects.into_iter().map(|e| (id, e)));
        self.by_number.insert((queue, callback.request().number.clone()), id);
        self.due.extend(callback.next_timeout().map(|(at, _)| (at, id)));
        self.callbacks.insert(id, callback);
        Ok(())
    }

    /// Brings one back from the store; follow with `Input::Restarted`. One that is known or over is left out.
    pub fn restore(&mut self, callback: Callback) {
        let (id, key) = (callback.id(), key(&callback));
        if callback.is_over() || self.callbacks.len() >= CALLBACKS_MAX || self.callbacks.contains_key(&id) {
            return;
        }
        if !callback.state().is_final() {
            self.by_number.insert(key, id);
        }
        self.due.extend(callback.next_timeout().map(|(at, _)| (at, id)));
        self.callbacks.insert(id, callback);
    }

    /// Feeds one callback. One that is not open (any more) ignores it, but lets go of an agent who is assigned too late.
    pub fn handle(
        &mut self,
        now: Timestamp,
        id: InteractionId,
        input: Input,
        window: QueueWindow<'_>,
        out: &mut Vec<(InteractionId, Effect)>,
    ) {
        let Some(callback) = self.callbacks.get_mut(&id) else {
            if let Input::Assigned { agent } = input {
                out.push((id, Effect::Release { agent }));
            }
            return;
        };
        if let Some((at, _)) = callback.next_timeout() {
            self.due.remove(&(at, id));
        }
        let (queue, mut effects) = (callback.request().queue, Vec::new());
        callback.handle(now, input, &|at| window(queue, at), &mut effects);
        out.extend(effects.into_iter().map(|e| (id, e)));
        self.due.extend(callback.next_timeout().map(|(at, _)| (at, id)));
        let (key, ended, over) = (key(callback), callback.state().is_final(), callback.is_over());
        if ended && self.by_number.get(&key) == Some(&id) {
            self.by_number.remove(&key);
        }
        if over {
            self.callbacks.remove(&id);
        }
    }

    /// Fires every timer that is due.
    pub fn tick(&mut self, now: Timestamp, window: QueueWindow<'_>, out: &mut Vec<(InteractionId, Effect)>) {
        let due: Vec<InteractionId> = self.due.iter().take_while(|(at, _)| *at <= now).map(|(_, id)| *id).collect();
        for id in due {
            self.handle(now, id, Input::Tick, window, out);
        }
    }

    /// When `tick` is wanted next, and for which callback.
    pub fn next_timeout(&self) -> Option<(Timestamp, InteractionId)> {
        self.due.first().copied()
    }

    /// The open callback of this number, if any: for the caller who calls again meanwhile.
    pub fn find(&self, queue: QueueId, number: &Pii<String>) -> Option<&Callback> {
        self.by_number.get(&(queue, number.clone())).and_then(|id| self.callbacks.get(id))
    }
    pub fn get(&self, id: InteractionId) -> Option<&Callback> {
        self.callbacks.get(&id)
    }
    pub fn iter(&self) -> impl Iterator<Item = &Callback> {
        self.callbacks.values()
    }
    pub fn len(&self) -> usize {
        self.callbacks.len()
    }
    pub fn is_empty(&self) -> bool {
        self.callbacks.is_empty()
    }
}

fn key(callback: &Callback) -> (QueueId, Pii<String>) {
    (callback.request().queue, callback.request().number.clone())
}
