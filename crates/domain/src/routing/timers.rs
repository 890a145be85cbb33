//! Every timer of the router in one table: one moment a timer, ordered by time.
use super::Timer;
use crate::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Timers {
    at: BTreeMap<Timer, Timestamp>,
    order: BTreeSet<(Timestamp, Timer)>,
}

impl Timers {
    /// Sets or moves the timer.
    pub fn set(&mut self, timer: Timer, at: Timestamp) {
        self.clear(timer);
        self.at.insert(timer, at);
        self.order.insert((at, timer));
    }
    pub fn clear(&mut self, timer: Timer) {
        if let Some(at) = self.at.remove(&timer) {
            self.order.remove(&(at, timer));
        }
    }
    pub fn at(&self, timer: Timer) -> Option<Timestamp> {
        self.at.get(&timer).copied()
    }
    pub fn next(&self) -> Option<(Timestamp, Timer)> {
        self.order.first().copied()
    }
    /// Takes out the earliest timer if its time has come.
    pub fn pop_due(&mut self, now: Timestamp) -> Option<Timer> {
        let (at, timer) = self.next()?;
        if at > now {
            return None;
        }
        self.clear(timer);
        Some(timer)
    }
}
