//! The task behind the monitor: feeds events, evaluates rules, tells the router the service levels, catches up from the store.
use super::{AlertNews, AlertStep, MonitorHandle};
use crate::clock::{Clock, IdSource};
use crate::config::SharedSetup;
use crate::routing::RouterHandle;
use crate::state::LiveState;
use crate::webhooks;
use crate::writer::{EVENTS, Writer};
use domain::event::Event;
use domain::monitor::{AlertEffect, Alerts, Metric, Monitor, OptionError, QueueSetup, Scope, Target, Window};
use domain::routing::Input;
use domain::{JobId, QueueId, Timestamp};
use std::collections::HashMap;
use std::time::Duration;
use store::bus::{Bus, BusError, Received, Subscription};
use store::jobs::{ATTEMPTS_MAX_DEFAULT, NewJob};
use store::repo::{alerts, interactions};
use store::{Record, Store, StoreError};
use tokio::time::MissedTickBehavior;

/// Rules are judged this often: an alert without a duration fires at the second look at the latest.
const EVALUATE_MS: u64 = 500;
/// The router hears service levels this often.
const LEVEL_MS: u64 = 5_000;
/// Events read in one go when catching up.
const PAGE: u32 = 2_000;
/// Catching up reads back to the beginning of the longest local day.
const BACK_MS: i64 = 26 * 3_600_000;
/// After a failed catch-up the next try comes this soon.
const RETRY: Duration = Duration::from_secs(1);

#[derive(Debug, thiserror::Error)]
pub(crate) enum MonitorError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Bus(#[from] BusError),
    #[error(transparent)]
    Options(#[from] OptionError),
}

pub(crate) struct MonitorTask {
    handle: MonitorHandle,
    events: Subscription<Event>,
    store: Store,
    setup: SharedSetup,
    router: RouterHandle,
    live: LiveState,
    writer: Writer,
    clock: Clock,
    ids: IdSource,
    utc_offset_s: i32,
    /// The set-up that the monitor knows.
    revision: Option<i64>,
    levels: HashMap<QueueId, Option<u8>>,
}

/// What the task needs of the rest of the engine.
pub(crate) struct Parts<'a> {
    pub bus: &'a Bus,
    pub store: Store,
    pub setup: SharedSetup,
    pub router: RouterHandle,
    pub live: LiveState,
    pub writer: Writer,
    pub clock: Clock,
    pub ids: IdSource,
    pub utc_offset_s: i32,
}

impl MonitorTask {
    /// Subscribes first and reads the past afterwards, so that nothing falls in between.
    pub async fn start(parts: Parts<'_>) -> Result<(Self, MonitorHandle), MonitorError> {
        let Parts { bus, store, setup, router, live, writer, clock, ids, utc_offset_s } = parts;
        let events = bus.subscribe(&EVENTS)?;
        close_left_open(&store, &writer, clock.now()).await?;
        let alerts = Alerts::after(alerts::last(&store).await?);
        let handle = MonitorHandle::new(Monitor::new(utc_offset_s)?, alerts, writer.clone(), clock);
        let mut task = Self {
            handle: handle.clone(),
            events,
            store,
            setup,
            router,
            live,
            writer,
            clock,
            ids,
            utc_offset_s,
            revision: None,
            levels: HashMap::new(),
        };
        task.configure();
        task.catch_up().await?;
        Ok((task, handle))
    }

    /// Runs until the bus is gone.
    pub async fn run(mut self) {
        let mut evaluate = tokio::time::interval(Duration::from_millis(EVALUATE_MS));
        let mut level = tokio::time::interval(Duration::from_millis(LEVEL_MS));
        evaluate.set_missed_tick_behavior(MissedTickBehavior::Delay);
        level.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                received = self.events.recv() => match received {
                    Some(Received::Message(event)) => self.handle.lock().monitor.apply(self.clock.now(), &event),
                    Some(Received::Lagged(lost)) => self.recover(lost).await,
                    None => return,
                },
                _ = evaluate.tick() => {
                    self.configure();
                    self.evaluate();
                }
                _ = level.tick() => self.tell_levels().await,
            }
        }
    }

    /// The bus dropped events because this task was slow; they are in the store once the writer has written what waits.
    async fn recover(&mut self, lost: u64) {
        metrics::counter!("zhiyin_monitor_events_lost_total").increment(lost);
        tracing::warn!(lost, "the monitor fell behind: it counts anew from the store");
        self.writer.flush().await;
        while let Err(error) = self.catch_up().await {
            tracing::error!(%error, "events could not be read; the numbers are incomplete until they can");
            tokio::time::sleep(RETRY).await;
        }
    }

    /// Folds what the store knows of the last day. Events that were counted already change nothing.
    async fn catch_up(&mut self) -> Result<(), MonitorError> {
        let now = self.clock.now();
        let mut fresh = Monitor::new(self.utc_offset_s)?;
        fresh.configure(self.setup.load().queues.iter().map(QueueSetup::from).collect())?;
        let (from, to) = (Timestamp::from_ms(now.as_ms() - BACK_MS), Timestamp(i64::MAX));
        let mut seq = 0;
        loop {
            let page = interactions::events_between(&self.store, from, to, seq, PAGE).await?;
            page.iter().for_each(|(_, event)| fresh.apply(now, event));
            match page.last() {
                Some((last, _)) => seq = *last,
                None => break,
            }
        }
        fresh.sync_agents(&self.live.snapshot().agents);
        self.handle.lock().monitor = fresh;
        Ok(())
    }

    /// Follows the set-up.
    fn configure(&mut self) {
        let setup = self.setup.load();
        if self.revision == Some(setup.revision) {
            return;
        }
        self.revision = Some(setup.revision);
        if let Err(error) = self.handle.lock().monitor.configure(setup.queues.iter().map(QueueSetup::from).collect()) {
            tracing::error!(%error, "the monitor keeps the queues it knew");
        }
    }

    fn evaluate(&self) {
        let now = self.clock.now();
        let setup = self.setup.load();
        let effects = {
            let mut state = self.handle.lock();
            state.monitor.advance(now);
            let super::State { monitor, alerts } = &mut *state;
            alerts.evaluate(now, monitor, &setup.alert_rules)
        };
        for effect in effects {
            let (what, alert) = match effect {
                AlertEffect::Fired { alert } => (AlertStep::Fired, alert),
                AlertEffect::Escalated { alert } => (AlertStep::Escalated, alert),
                AlertEffect::Cleared { alert, .. } => (AlertStep::Cleared, alert),
            };
            metrics::counter!("zhiyin_alerts_total", "what" => word(what)).increment(1);
            self.post(now, AlertNews { what, alert: alert.clone() });
            self.handle.tell(what, alert);
        }
        let state = self.handle.lock();
        metrics::gauge!("zhiyin_alerts_active").set(state.alerts.active().count() as f64);
        metrics::counter!("zhiyin_monitor_events_ignored_total").absolute(state.monitor.ignored());
    }

    /// One job for each webhook that the rule names; written with the history, done by whoever does jobs.
    fn post(&self, now: Timestamp, news: AlertNews) {
        for target in &news.alert.notify {
            let Target::Webhook { webhook } = target else { continue };
            let payload = serde_json::json!({ "webhook": webhook, "type": format!("alert.{}", word(news.what)), "data": &news.alert });
            self.writer.record(Record::Job(NewJob {
                id: self.ids.new_id(now, JobId::from_parts),
                kind: webhooks::JOB.to_owned(),
                payload,
                run_at: now,
                attempts_max: ATTEMPTS_MAX_DEFAULT,
            }));
        }
    }

    /// Queues lend their agents only while they do well: the router is told when a level changes.
    async fn tell_levels(&mut self) {
        let setup = self.setup.load_full();
        for queue in setup.queues.iter().map(|q| q.id) {
            let level = self.handle.look(|m, now| m.value(Metric::ServiceLevel, Scope::Queue { queue }, Window::Last15Min, now));
            let percent = level.map(|v| v.value.clamp(0.0, 100.0) as u8);
            if self.levels.get(&queue).copied().flatten() != percent {
                self.levels.insert(queue, percent);
                self.router.tell(Input::ServiceLevel { queue, percent }).await;
            }
        }
    }
}

const fn word(what: AlertStep) -> &'static str {
    match what {
        AlertStep::Fired => "fired",
        AlertStep::Acknowledged => "acknowledged",
        AlertStep::Escalated => "escalated",
        AlertStep::Cleared => "cleared",
    }
}

/// Alerts that a process left open ended with it; what still holds fires anew.
async fn close_left_open(store: &Store, writer: &Writer, now: Timestamp) -> Result<(), StoreError> {
    loop {
        let page = alerts::list(store, Some(false), store::PageRequest { cursor: None, limit: Some(store::page::LIMIT_MAX) }).await?;
        if page.items.is_empty() {
            return Ok(());
        }
        for mut alert in page.items {
            alert.cleared_at = Some(now);
            writer.record(Record::Alert(alert));
        }
        if !writer.flush().await {
            return Ok(());
        }
    }
}
