//! The way into a worker: a bounded queue and a wake-up.
use super::poller::Waker;
use super::{COMMAND_QUEUE_LEN_MAX, MediaError, RtpSockets};
use media::session::{Command, Event, LegId, RtpConfig};
use media::webrtc::WebLeg;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc;

/// Names a session for its life; never used twice.
pub(super) type SessionId = u64;

pub(super) enum Order {
    Open { id: SessionId, seed: u64, events: mpsc::Sender<Event> },
    AddRtp { id: SessionId, leg: LegId, sockets: RtpSockets, config: RtpConfig },
    AddWeb { id: SessionId, leg: LegId, web: Box<WebLeg> },
    Command { id: SessionId, command: Command },
    Close { id: SessionId },
    Stop,
}

#[derive(Default)]
struct Waiting {
    orders: VecDeque<Order>,
    stopped: bool,
}

pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    waker: Arc<Waker>,
}

impl Queue {
    pub fn new(waker: Arc<Waker>) -> Self {
        Self { waiting: Mutex::default(), waker }
    }

    /// Never blocks for longer than a push. `Close` and `Stop` are always taken, or sessions would leak.
    pub fn push(&self, order: Order) -> Result<(), MediaError> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.stopped {
            return Err(MediaError::Stopped);
        }
        let always = matches!(order, Order::Close { .. } | Order::Stop);
        if !always && waiting.orders.len() >= COMMAND_QUEUE_LEN_MAX {
            return Err(MediaError::Busy);
        }
        waiting.orders.push_back(order);
        drop(waiting);
        self.waker.wake();
        Ok(())
    }

    /// Takes everything that waits.
    pub fn take(&self, into: &mut VecDeque<Order>) {
        into.append(&mut self.waiting.lock().unwrap_or_else(PoisonError::into_inner).orders);
    }

    /// No more orders; what still waits is dropped.
    pub fn stop(&self) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.stopped = true;
        let orders = std::mem::take(&mut waiting.orders);
        drop(waiting);
        // Sockets and browser legs in there go without holding the lock.
        drop(orders);
    }
}
