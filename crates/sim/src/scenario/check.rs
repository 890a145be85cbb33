//! What a scenario may say. Every complaint names the key, the reason and the fix.
use super::*;
use domain::config::Overflow;
use std::collections::BTreeSet;

/// A scenario that cannot be simulated, with the key to change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {reason}; {fix}")]
pub struct ScenarioError {
    /// Path of the key, e.g. `queues[0].handling.mean_s`.
    pub key: String,
    pub reason: String,
    pub fix: String,
}

pub(super) type Checked = Result<(), ScenarioError>;

fn wrong<T>(key: impl Into<String>, reason: impl Into<String>, fix: impl Into<String>) -> Result<T, ScenarioError> {
    Err(ScenarioError { key: key.into(), reason: reason.into(), fix: fix.into() })
}

/// A finite number in `low ..= high`.
pub(super) fn within(key: &str, value: f64, low: f64, high: f64) -> Checked {
    if value.is_nan() || value < low || value > high {
        return wrong(key, format!("{value} is out of range"), format!("give a number from {low} to {high}"));
    }
    Ok(())
}

pub(super) fn at_most(key: &str, n: usize, max: usize) -> Checked {
    if n > max { wrong(key, format!("{n} entries are too many"), format!("give at most {max}")) } else { Ok(()) }
}

impl Scenario {
    /// # Errors
    /// The first key that is missing, out of range, of the other form, or names a queue that is not there.
    pub fn check(&self) -> Checked {
        if let Some(n) = self.replications.filter(|n| *n == 0 || *n > REPLICATIONS_MAX) {
            return wrong("replications", format!("{n} is out of range"), format!("give 1 to {REPLICATIONS_MAX}"));
        }
        if self.is_single() { self.check_single() } else { self.check_full() }
    }

    fn check_single(&self) -> Checked {
        let missing = |key: &str| wrong(key, "is missing", "give it, or describe [[queues]] instead of a single queue");
        let Some(calls) = self.calls_per_hour else { return missing("calls_per_hour") };
        let Some(aht_s) = self.aht_s else { return missing("aht_s") };
        let agents = match &self.agents {
            None => return missing("agents"),
            Some(Crew::Count(n)) => *n,
            Some(Crew::Groups(_)) => {
                return wrong("agents", "are groups, but there is only one queue", "give their number, or add [[queues]]");
            }
        };
        for (key, there) in [
            ("start_h", self.start_h.is_some()),
            ("replay", !self.replay.is_empty()),
            ("trouble", self.trouble.is_some()),
            ("rules", !self.rules.is_empty()),
        ] {
            if there {
                return wrong(key, "belongs to the full form", "remove it, or add [[queues]]");
            }
        }
        within("calls_per_hour", calls, 1e-3, 1e8)?;
        within("aht_s", aht_s, 1e-3, SECONDS_MAX)?;
        within("agents", f64::from(agents), 1.0, f64::from(AGENTS_MAX))?;
        within("threshold_s", self.threshold_s.unwrap_or(0.0), 0.0, SECONDS_MAX)?;
        if let Some(patience_s) = self.patience_s {
            within("patience_s", patience_s, 1e-3, SECONDS_MAX)?;
        } else if calls * aht_s / 3600.0 >= f64::from(agents) {
            let reason = format!("{agents} agents cannot serve {:.2} erlangs from callers that wait for ever", calls * aht_s / 3600.0);
            return wrong("agents", reason, "add agents, or give patience_s");
        }
        if let Some(hours) = self.hours {
            within("hours", hours, 1e-3, STEADY_HOURS_MAX)?;
            self.few_enough(calls * hours)?;
        }
        Ok(())
    }

    fn check_full(&self) -> Checked {
        for (key, there) in [
            ("calls_per_hour", self.calls_per_hour.is_some()),
            ("aht_s", self.aht_s.is_some()),
            ("patience_s", self.patience_s.is_some()),
            ("threshold_s", self.threshold_s.is_some()),
        ] {
            if there {
                return wrong(key, "belongs to the form of a single queue", "remove it, or say it for each of [[queues]]");
            }
        }
        within("hours", self.hours.unwrap_or(24.0), 1e-3, HOURS_MAX)?;
        within("start_h", self.start_h.unwrap_or(0.0), 0.0, 24.0)?;
        at_most("queues", self.queues.len(), QUEUES_MAX)?;
        if self.hours.unwrap_or(24.0) * 4.0 * (self.queues.len() + 1) as f64 > CELLS_MAX {
            return wrong("hours", "times queues makes too many intervals of 15 minutes", format!("stay below {CELLS_MAX} in all"));
        }
        let mut keys = BTreeSet::new();
        for (n, queue) in self.queues.iter().enumerate() {
            queue.check(&format!("queues[{n}]"))?;
            if !keys.insert(queue.key.as_str()) {
                return wrong(format!("queues[{n}].key"), format!("{:?} is there twice", queue.key), "give every queue its own key");
            }
        }
        let known = |key: String, queue: &str| {
            if keys.contains(queue) {
                return Ok(());
            }
            wrong(
                key,
                format!("there is no queue {queue:?}"),
                format!("name one of: {}", keys.iter().copied().collect::<Vec<_>>().join(", ")),
            )
        };
        for (n, queue) in self.queues.iter().enumerate() {
            match &queue.overflow {
                Overflow::Queue { queue: to } => known(format!("queues[{n}].overflow.queue"), to)?,
                Overflow::Callback { .. } => {
                    let why = "callbacks are not simulated".to_owned();
                    return wrong(format!("queues[{n}].overflow.do"), why, "use hang_up, voicemail or queue".to_owned());
                }
                Overflow::HangUp { .. } | Overflow::Voicemail { .. } => {}
            }
        }
        let rules = self.queues.iter().enumerate().map(|(n, q)| (format!("queues[{n}].routing.rules"), &q.routing.rules));
        for (at, rules) in rules.chain(std::iter::once(("rules".to_owned(), &self.rules))) {
            at_most(&at, rules.len(), RULES_MAX)?;
            let mut targets = rules.iter().enumerate().filter_map(|(n, r)| Some((n, r.queue.as_ref()?)));
            targets.try_for_each(|(n, queue)| known(format!("{at}[{n}].queue"), queue))?;
        }
        self.check_crew(&known)?;
        self.trouble.as_ref().map_or(Ok(()), super::Trouble::check)?;
        at_most("replay", self.replay.len(), INTERACTIONS_MAX as usize)?;
        for (n, replay) in self.replay.iter().enumerate() {
            known(format!("replay[{n}].queue"), &replay.queue)?;
            for (key, ms) in [
                ("at_ms", Some(replay.at_ms)),
                ("handle_ms", replay.handle_ms),
                ("wrap_up_ms", replay.wrap_up_ms),
                ("patience_ms", replay.patience_ms),
                ("patience_over_ms", replay.patience_over_ms),
            ] {
                within(&format!("replay[{n}].{key}"), ms.unwrap_or(0) as f64, 0.0, HOURS_MAX * 3.6e6)?;
            }
        }
        let hours = self.hours.unwrap_or(24.0);
        let coming: f64 = self.queues.iter().filter_map(|q| q.arrivals.as_ref()).map(|a| a.per_hour_max() * hours).sum();
        self.few_enough((coming + self.replay.len() as f64) * f64::from(self.replications.unwrap_or(REPLICATIONS_DEFAULT)))
    }

    fn check_crew(&self, known: &dyn Fn(String, &str) -> Checked) -> Checked {
        let groups = match &self.agents {
            None => return wrong("agents", "is missing", "add [[agents]] with their queues"),
            Some(Crew::Count(_)) => {
                return wrong("agents", "is a number, but there are queues", "add [[agents]] with count and queues instead");
            }
            Some(Crew::Groups(groups)) => groups,
        };
        at_most("agents", groups.len(), AGENTS_MAX as usize)?;
        let mut people = 0u64;
        for (n, group) in groups.iter().enumerate() {
            let at = format!("agents[{n}]");
            within(&format!("{at}.count"), f64::from(group.count), 1.0, f64::from(AGENTS_MAX))?;
            people += u64::from(group.count);
            let mut seen = BTreeSet::new();
            for (m, membership) in group.queues.iter().enumerate() {
                known(format!("{at}.queues[{m}].queue"), &membership.queue)?;
                within(&format!("{at}.queues[{m}].level"), f64::from(membership.level), 1.0, 9.0)?;
                if !seen.insert(&membership.queue) {
                    return wrong(format!("{at}.queues[{m}].queue"), "is there twice", "name each queue once");
                }
            }
            at_most(&format!("{at}.shifts"), group.shifts.len(), SHIFTS_MAX)?;
            for (m, shift) in group.shifts.iter().enumerate() {
                within(&format!("{at}.shifts[{m}].from_h"), shift.from_h, 0.0, 24.0)?;
                within(&format!("{at}.shifts[{m}].to_h"), shift.to_h, 0.0, 24.0)?;
                within(&format!("{at}.shifts[{m}].day"), f64::from(shift.day.unwrap_or(0)), 0.0, HOURS_MAX / 24.0)?;
                if shift.from_h == shift.to_h {
                    return wrong(format!("{at}.shifts[{m}]"), "has no length", "let to_h differ from from_h; 0 to 24 is the whole day");
                }
            }
            if let Some(delay) = group.answer_delay {
                delay.check(&format!("{at}.answer_delay"))?;
            }
            within(&format!("{at}.decline_share"), group.decline_share, 0.0, 1.0)?;
            within(&format!("{at}.away_s"), group.away_s, 1.0, SECONDS_MAX)?;
        }
        if people > u64::from(AGENTS_MAX) {
            return wrong("agents", format!("{people} agents are too many"), format!("give at most {AGENTS_MAX} in all groups together"));
        }
        Ok(())
    }

    fn few_enough(&self, interactions: f64) -> Checked {
        if interactions > INTERACTIONS_MAX as f64 {
            let reason = format!("makes {interactions:.0} interactions");
            return wrong("hours", reason, format!("shorten it (or replications) to stay below {INTERACTIONS_MAX}"));
        }
        Ok(())
    }
}

/// Queues times intervals that a report may have.
const CELLS_MAX: f64 = 200_000.0;
/// Days of the full form when it does not say.
pub(crate) const REPLICATIONS_DEFAULT: u32 = 10;

impl QueueSetup {
    fn check(&self, at: &str) -> Checked {
        let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
        if self.key.is_empty() || self.key.len() > 40 || !self.key.chars().all(good) {
            return wrong(format!("{at}.key"), format!("{:?} is not a key", self.key), "use 1 to 40 of a-z, 0-9, _ and -");
        }
        within(&format!("{at}.threshold_s"), self.threshold_s, 0.0, SECONDS_MAX)?;
        within(&format!("{at}.ring_timeout_ms"), self.ring_timeout_ms as f64, 1.0, 3.6e6)?;
        within(&format!("{at}.wait_max_ms"), self.wait_max_ms as f64, 0.0, HOURS_MAX * 3.6e6)?;
        self.handling.check(&format!("{at}.handling"))?;
        for (key, time) in [("wrap_up", self.wrap_up), ("patience", self.patience)] {
            if let Some(time) = time {
                time.check(&format!("{at}.{key}"))?;
            }
        }
        at_most(&format!("{at}.callers"), self.callers.len(), KINDS_MAX)?;
        for (n, kind) in self.callers.iter().enumerate() {
            within(&format!("{at}.callers[{n}].share"), kind.share, 0.0, 1.0)?;
        }
        let all: f64 = self.callers.iter().map(|c| c.share).sum();
        if all > 1.0 + 1e-9 {
            return wrong(format!("{at}.callers"), format!("their shares make {all}"), "give shares that make 1 at most");
        }
        self.arrivals.as_ref().map_or(Ok(()), |a| a.check(&format!("{at}.arrivals")))
    }
}

impl Arrivals {
    /// The largest rate of the day, an upper bound of what comes.
    pub(crate) fn per_hour_max(&self) -> f64 {
        let per_hour = 60.0 / f64::from(self.interval_min.unwrap_or(60).max(1));
        let profile = self.calls.iter().flatten().fold(0.0, |max: f64, c| max.max(*c));
        self.per_hour.unwrap_or(profile * per_hour)
    }

    fn check(&self, at: &str) -> Checked {
        match (self.per_hour, &self.calls) {
            (Some(per_hour), None) => {
                for (key, there) in [("interval_min", self.interval_min.is_some()), ("from_h", self.from_h.is_some())] {
                    if there {
                        return wrong(format!("{at}.{key}"), "belongs to a profile", "remove it, or give calls instead of per_hour");
                    }
                }
                within(&format!("{at}.per_hour"), per_hour, 0.0, 1e8)
            }
            (None, Some(calls)) => {
                let Some(minutes) = self.interval_min.filter(|m| matches!(m, 15 | 30 | 60)) else {
                    return wrong(format!("{at}.interval_min"), "is missing or not one of the known", "give 15, 30 or 60");
                };
                let from_h = self.from_h.unwrap_or(0.0);
                within(&format!("{at}.from_h"), from_h, 0.0, 24.0)?;
                if calls.is_empty() || f64::from(minutes) / 60.0 * calls.len() as f64 > 24.0 {
                    return wrong(format!("{at}.calls"), "is empty or longer than a day", "give the intervals of at most 24 hours");
                }
                calls.iter().enumerate().try_for_each(|(n, c)| within(&format!("{at}.calls[{n}]"), *c, 0.0, 1e8))
            }
            _ => wrong(
                at,
                "needs exactly one of per_hour and calls",
                "give per_hour for a constant rate, calls with interval_min for a profile",
            ),
        }
    }
}

impl Distribution {
    fn check(self, at: &str) -> Checked {
        match self {
            Self::Exponential { mean_s } => within(&format!("{at}.mean_s"), mean_s, 1e-3, SECONDS_MAX),
            Self::Lognormal { mean_s, sd_s } => {
                within(&format!("{at}.mean_s"), mean_s, 1e-3, SECONDS_MAX)?;
                within(&format!("{at}.sd_s"), sd_s, 0.0, SECONDS_MAX)
            }
            Self::Deterministic { value_s } => within(&format!("{at}.value_s"), value_s, 0.0, SECONDS_MAX),
        }
    }
}
