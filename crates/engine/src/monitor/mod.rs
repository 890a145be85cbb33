//! Watching: the monitor folds every event as it happens, rules raise alerts, the router learns how its queues are doing.
//!
//! Every node folds all events off the bus, so that whoever asks is answered from memory. What the bus lost is read from the store.
mod task;

pub(crate) use task::{MonitorError, MonitorTask, Parts};

use crate::clock::Clock;
use crate::writer::Writer;
use domain::monitor::{Alert, AlertError, Alerts, Monitor};
use domain::{Timestamp, UserId};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex, MutexGuard};
use store::Record;
use tokio::sync::broadcast;

/// Alerts' news kept for slow followers; beyond it they take a fresh list.
pub const ALERT_NEWS_LEN_MAX: usize = 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertStep {
    Fired,
    Acknowledged,
    Escalated,
    Cleared,
}

/// Something about an alert, for the stream and for webhooks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AlertNews {
    pub what: AlertStep,
    pub alert: Alert,
}

#[derive(Debug)]
struct State {
    monitor: Monitor,
    alerts: Alerts,
}

/// The numbers of this moment. Cheap to clone; a question holds a lock for as long as it computes, never longer.
#[derive(Debug, Clone)]
pub struct MonitorHandle {
    state: Arc<Mutex<State>>,
    news: broadcast::Sender<AlertNews>,
    writer: Writer,
    clock: Clock,
}

impl MonitorHandle {
    fn new(monitor: Monitor, alerts: Alerts, writer: Writer, clock: Clock) -> Self {
        let news = broadcast::channel(ALERT_NEWS_LEN_MAX).0;
        Self { state: Arc::new(Mutex::new(State { monitor, alerts })), news, writer, clock }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Asks the monitor something, at this moment.
    pub fn look<T>(&self, ask: impl FnOnce(&Monitor, Timestamp) -> T) -> T {
        ask(&self.lock().monitor, self.clock.now())
    }

    /// Alerts that have not cleared, in the order they fired.
    pub fn active_alerts(&self) -> Vec<Alert> {
        let mut active: Vec<Alert> = self.lock().alerts.active().cloned().collect();
        active.sort_by_key(|a| a.number);
        active
    }

    /// What happens to alerts from now on.
    pub fn alert_news(&self) -> broadcast::Receiver<AlertNews> {
        self.news.subscribe()
    }

    /// # Errors
    /// The alert is over, or somebody was first.
    pub fn acknowledge(&self, number: u64, by: UserId) -> Result<Alert, AlertError> {
        let alert = self.lock().alerts.acknowledge(self.clock.now(), number, by)?.clone();
        self.tell(AlertStep::Acknowledged, alert.clone());
        Ok(alert)
    }

    fn tell(&self, what: AlertStep, alert: Alert) {
        self.writer.record(Record::Alert(alert.clone()));
        // Nobody listening is no error.
        let _ = self.news.send(AlertNews { what, alert });
    }
}
