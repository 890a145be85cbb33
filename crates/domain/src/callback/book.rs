//! All open callbacks: one a number and queue, and one place that knows when the next timer is due.
use super::machine::Callback;
use super::types::*;
use crate::{CallbackId, Pii, QueueId, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// Callbacks open at once, in all queues together.
pub const CALLBACKS_MAX: usize = 20_000;

/// When a queue may call: the first allowed instant at or after the given one.
pub type QueueWindow<'a> = &'a dyn Fn(QueueId, Timestamp) -> Option<Timestamp>;

/// The open callbacks. Effects carry the callback they are of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Book {
    callbacks: BTreeMap<CallbackId, Callback>,
    by_number: BTreeMap<(QueueId, Pii<String>), CallbackId>,
    due: BTreeSet<(Timestamp, CallbackId)>,
}

impl Book {
    /// # Errors
    /// The request cannot be met, or the number already waits in this queue; nothing changed.
    pub fn request(
        &mut self,
        now: Timestamp,
        request: Request,
        window: QueueWindow<'_>,
        out: &mut Vec<(CallbackId, Effect)>,
    ) -> Result<(), Refusal> {
        if let Some(existing) = self.find(request.queue, &request.number) {
            return Err(Refusal::Duplicate { existing: existing.id() });
        }
        if let Some(same) = self.callbacks.get(&request.id) {
            return Err(Refusal::Duplicate { existing: same.id() });
        }
        if self.callbacks.len() >= CALLBACKS_MAX {
            return Err(Refusal::Full);
        }
        let (id, queue) = (request.id, request.queue);
        let mut effects = Vec::new();
        let callback = Callback::start(now, request, &|at| window(queue, at), &mut effects)?;
        out.extend(effects.into_iter().map(|e| (id, e)));
        self.by_number.insert((queue, callback.request().number.clone()), id);
        self.due.extend(callback.next_timeout().map(|(at, _)| (at, id)));
        self.callbacks.insert(id, callback);
        Ok(())
    }

    /// Brings one back from the store; follow with `Input::Restarted`. One that is known or over is left out.
    pub fn restore(&mut self, callback: Callback) {
        let (id, key) = (callback.id(), key(&callback));
        if callback.state().is_final() || self.callbacks.len() >= CALLBACKS_MAX || self.callbacks.contains_key(&id) {
            return;
        }
        self.by_number.insert(key, id);
        self.due.extend(callback.next_timeout().map(|(at, _)| (at, id)));
        self.callbacks.insert(id, callback);
    }

    /// Feeds one callback. One that is not open (any more) ignores it.
    pub fn handle(&mut self, now: Timestamp, id: CallbackId, input: Input, window: QueueWindow<'_>, out: &mut Vec<(CallbackId, Effect)>) {
        let Some(callback) = self.callbacks.get_mut(&id) else { return };
        if let Some((at, _)) = callback.next_timeout() {
            self.due.remove(&(at, id));
        }
        let (queue, mut effects) = (callback.request().queue, Vec::new());
        callback.handle(now, input, &|at| window(queue, at), &mut effects);
        out.extend(effects.into_iter().map(|e| (id, e)));
        self.due.extend(callback.next_timeout().map(|(at, _)| (at, id)));
        if callback.state().is_final() {
            let key = key(callback);
            self.by_number.remove(&key);
            self.callbacks.remove(&id);
        }
    }

    /// Fires every timer that is due.
    pub fn tick(&mut self, now: Timestamp, window: QueueWindow<'_>, out: &mut Vec<(CallbackId, Effect)>) {
        let due: Vec<CallbackId> = self.due.iter().take_while(|(at, _)| *at <= now).map(|(_, id)| *id).collect();
        for id in due {
            self.handle(now, id, Input::Tick, window, out);
        }
    }

    /// When `tick` is wanted next, and for which callback.
    pub fn next_timeout(&self) -> Option<(Timestamp, CallbackId)> {
        self.due.first().copied()
    }

    /// The open callback of this number, if any: for the caller who calls again meanwhile.
    pub fn find(&self, queue: QueueId, number: &Pii<String>) -> Option<&Callback> {
        self.by_number.get(&(queue, number.clone())).and_then(|id| self.callbacks.get(id))
    }
    pub fn get(&self, id: CallbackId) -> Option<&Callback> {
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
