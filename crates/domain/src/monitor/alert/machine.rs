//! The machine of alerts. `evaluate` every second or two; what it returns is sent out and stored by the driver.
use super::judge::Watch;
use super::rule::{AlertLevel, Each, Rule, Target};
use crate::config::Label;
use crate::monitor::{Metric, Monitor, Scope};
use crate::{Timestamp, UserId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Alerts that fire at one time; above it no new one does until one clears.
pub const ACTIVE_MAX: usize = 2_000;

/// One alert, from firing to clearing. As JSON it is the API's `Alert`: in lists, on the stream and in what is posted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// Counts up.
    pub number: u64,
    pub rule: String,
    pub name: Label,
    /// Of the condition that is shown.
    pub metric: Metric,
    pub scope: Scope,
    pub level: AlertLevel,
    pub fired_at: Timestamp,
    /// As it was at firing, in the metric's unit.
    pub value: Option<f64>,
    pub threshold: f64,
    /// Whom the driver tells: the rule's business, and no part of what the alert looks like.
    #[serde(skip)]
    pub notify: Vec<Target>,
    pub acknowledged: Option<Acknowledged>,
    pub escalated_at: Option<Timestamp>,
    pub cleared_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledged {
    pub by: UserId,
    pub at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClearedWhy {
    /// The numbers are back.
    Recovered,
    /// The rule was removed or switched off, or its queue or agent is gone.
    Withdrawn,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum AlertEffect {
    Fired { alert: Alert },
    Escalated { alert: Alert },
    Cleared { alert: Alert, why: ClearedWhy },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AlertError {
    #[error("alert {0} is over or never was")]
    NotActive(u64),
    #[error("alert {0} is acknowledged already")]
    Acknowledged(u64),
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Instance {
    watch: Watch,
    alert: Option<Alert>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Alerts {
    instances: BTreeMap<(String, Scope), Instance>,
    counter: u64,
}

impl Alerts {
    /// Alerts are numbered after `last`, so that those of an earlier run keep their numbers.
    pub fn after(last: u64) -> Self {
        Self { counter: last, ..Self::default() }
    }

    /// Judges every rule against the numbers of this moment. `rules` whole, every time, and checked (`check_rules`).
    pub fn evaluate(&mut self, now: Timestamp, monitor: &Monitor, rules: &[Rule]) -> Vec<AlertEffect> {
        let mut out = Vec::new();
        let mut live: BTreeSet<(String, Scope)> = BTreeSet::new();
        let mut active = self.active().count();
        for rule in rules.iter().filter(|r| r.enabled) {
            let muted = rule.mutes.iter().any(|m| m.covers(now, monitor.utc_offset_s()));
            for scope in scopes(rule, monitor) {
                let key = (rule.key.clone(), scope);
                let instance = self.instances.entry(key.clone()).or_default();
                let holds = instance.watch.look(now, monitor, rule, scope, instance.alert.is_some());
                match (&mut instance.alert, holds) {
                    (None, true) if !muted && active < ACTIVE_MAX => {
                        self.counter += 1;
                        active += 1;
                        let alert = fired(now, self.counter, rule, scope, &instance.watch);
                        out.push(AlertEffect::Fired { alert: alert.clone() });
                        instance.alert = Some(alert);
                    }
                    (Some(alert), true) => {
                        if !muted && is_overdue(now, rule, alert) {
                            alert.escalated_at = Some(now);
                            out.push(AlertEffect::Escalated { alert: alert.clone() });
                        }
                    }
                    (Some(_), false) => {
                        active = active.saturating_sub(1);
                        let over = instance.alert.take();
                        clear(now, over, ClearedWhy::Recovered, &mut out);
                    }
                    (None, _) => {}
                }
                if instance.alert.is_some() || !instance.watch.is_quiet() {
                    live.insert(key);
                }
            }
        }
        self.forget(now, &live, &mut out);
        out
    }

    /// A person has seen it: it will not escalate.
    ///
    /// # Errors
    /// `NotActive` when it is over, `Acknowledged` when somebody was first.
    pub fn acknowledge(&mut self, now: Timestamp, number: u64, user: UserId) -> Result<&Alert, AlertError> {
        let alert = self.instances.values_mut().filter_map(|i| i.alert.as_mut()).find(|a| a.number == number);
        let alert = alert.ok_or(AlertError::NotActive(number))?;
        if alert.acknowledged.is_some() {
            return Err(AlertError::Acknowledged(number));
        }
        alert.acknowledged = Some(Acknowledged { by: user, at: now });
        Ok(alert)
    }

    pub fn active(&self) -> impl Iterator<Item = &Alert> {
        self.instances.values().filter_map(|i| i.alert.as_ref())
    }

    /// Drops what has nothing to remember; alerts of rules, queues and agents that are gone clear.
    fn forget(&mut self, now: Timestamp, live: &BTreeSet<(String, Scope)>, out: &mut Vec<AlertEffect>) {
        self.instances.retain(|key, instance| {
            if live.contains(key) {
                return true;
            }
            clear(now, instance.alert.take(), ClearedWhy::Withdrawn, out);
            false
        });
    }
}

fn fired(now: Timestamp, number: u64, rule: &Rule, scope: Scope, watch: &Watch) -> Alert {
    let (metric, value, threshold) = watch.shown(rule);
    Alert {
        number,
        rule: rule.key.clone(),
        name: rule.name.clone(),
        metric,
        scope,
        level: rule.level,
        fired_at: now,
        value,
        threshold,
        notify: rule.notify.clone(),
        acknowledged: None,
        escalated_at: None,
        cleared_at: None,
    }
}

fn is_overdue(now: Timestamp, rule: &Rule, alert: &Alert) -> bool {
    let open = alert.acknowledged.is_none() && alert.escalated_at.is_none();
    open && rule.escalate_after_ms.is_some_and(|after| now.ms_since(alert.fired_at) >= after)
}

fn clear(now: Timestamp, alert: Option<Alert>, why: ClearedWhy, out: &mut Vec<AlertEffect>) {
    let Some(mut alert) = alert else { return };
    alert.cleared_at = Some(now);
    out.push(AlertEffect::Cleared { alert, why });
}

/// Where the rule is judged.
fn scopes(rule: &Rule, monitor: &Monitor) -> Vec<Scope> {
    match rule.each {
        None => vec![Scope::Tenant],
        Some(Each::Queue) => monitor.queues().into_iter().map(|queue| Scope::Queue { queue }).collect(),
        Some(Each::Agent) => monitor.agents(Scope::Tenant).into_iter().map(|agent| Scope::Agent { agent }).collect(),
    }
}
