//! The evaluator: open or not at an instant, by which rule, and until when.
use super::check::Problem;
use super::day::{Day, Span};
use super::setup::{Calendar, Switch, SwitchPosition, Weekday};
use super::text::Period;
use super::zone::Zone;
use crate::Timestamp;
use crate::config::Label;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `next_change` and `next_open` look this many local dates ahead; what comes later is "none".
pub const SEARCH_DAYS_MAX: u32 = 400;
/// Without dated rules the week repeats: what does not change in this many dates never does.
const WEEK_REPEATS_DAYS: u32 = 15;

/// A calendar, checked and tied to its zone. Every answer depends on the arguments alone.
///
/// ```
/// use domain::calendar::{Calendar, Hours, Zone};
/// use domain::Timestamp;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let calendar: Calendar = serde_json::from_value(serde_json::json!({
///     "key": "service", "name": { "zh": "客服", "en": "Service" }, "timezone": "Asia/Shanghai",
///     "weekly": [{ "days": ["mon", "tue"], "open": ["09:00-12:00", "13:00-18:00"] }],
/// }))?;
/// let hours = Hours::new(calendar, Zone::posix("CST-8")?).map_err(|problems| format!("{problems:?}"))?;
/// let monday_noon = Timestamp::from_ms(1_772_424_000_000); // 2026-03-02T12:00+08:00
/// assert!(!hours.state_at(monday_noon).open);
/// assert_eq!(hours.next_open(monday_noon), Some(monday_noon.plus_ms(3_600_000)));
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Hours {
    pub(super) calendar: Calendar,
    pub(super) zone: Zone,
    /// Each weekday's periods, of all its entries together.
    pub(super) week: BTreeMap<Weekday, Vec<Period>>,
    closures: Vec<(Span, Label)>,
}

/// What the hours are at an instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    pub open: bool,
    pub why: Why,
    /// The next instant at which `open` or `is_emergency` changes; none: not within `SEARCH_DAYS_MAX`.
    pub until: Option<Timestamp>,
}
impl State {
    pub fn is_emergency(&self) -> bool {
        self.why.is_emergency()
    }
}

/// The rule that decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Why {
    /// `prompt`: what callers hear, if the switch was turned with one.
    Switch {
        set: SwitchPosition,
        prompt: Option<String>,
    },
    Closure {
        name: Label,
    },
    MakeUp {
        name: Label,
    },
    Holiday {
        name: Label,
    },
    Weekly {
        day: Weekday,
    },
}
impl Why {
    pub fn is_emergency(&self) -> bool {
        matches!(self, Why::Switch { set: SwitchPosition::Emergency, .. })
    }
}

impl Hours {
    /// # Errors
    /// Every problem of the calendar; the administrator must act. A zone file of another name than `timezone` is one of them.
    pub fn new(calendar: Calendar, zone: Zone) -> Result<Hours, Vec<Problem>> {
        let mut problems = calendar.check();
        if zone.name().is_some_and(|name| name != calendar.timezone) {
            let reason = format!("names `{}`, but the rules given are those of `{}`", calendar.timezone, zone.name().unwrap_or_default());
            problems.push(Problem::new("timezone", reason, "load the zone that the calendar names"));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut week: BTreeMap<Weekday, Vec<Period>> = BTreeMap::new();
        for entry in &calendar.weekly {
            for day in &entry.days {
                week.entry(*day).or_default().extend(&entry.open);
            }
        }
        let span = |c: &super::Closure| Some(((zone.first(c.from.0)?, zone.end(c.to.0)?), c.name.clone()));
        let closures = calendar.closures.iter().filter_map(span).collect();
        Ok(Hours { calendar, zone, week, closures })
    }

    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// Turns the manual switch, or takes it away.
    pub fn set_switch(&mut self, switch: Option<Switch>) {
        self.calendar.switch = switch;
    }

    pub fn is_open_at(&self, at: Timestamp) -> bool {
        self.decide_at(at).0
    }

    /// Why it is closed; none: it is open. Cheaper than `state_at`, which also looks ahead.
    pub fn closed_at(&self, at: Timestamp) -> Option<Why> {
        let (open, why) = self.decide_at(at);
        (!open).then_some(why)
    }

    pub fn state_at(&self, at: Timestamp) -> State {
        let (open, why) = self.decide_at(at);
        State { open, why, until: self.next_change(at) }
    }

    /// The first instant after `after` at which the state differs from that at `after` (open, closed, emergency).
    pub fn next_change(&self, after: Timestamp) -> Option<Timestamp> {
        let now = standing(&self.decide_at(after));
        self.search(after, |decided| standing(decided) != now)
    }

    /// `from` itself when it is open then, else the next instant at which it opens.
    pub fn next_open(&self, from: Timestamp) -> Option<Timestamp> {
        if self.is_open_at(from) { Some(from) } else { self.search(from, |decided| decided.0) }
    }

    pub(super) fn decide_at(&self, at: Timestamp) -> (bool, Why) {
        match self.day_at(at) {
            Some(day) => self.decide(at, &day),
            // Beyond the years ±9999 nothing is open.
            None => (false, Why::Weekly { day: self.zone.date_at(at).weekday() }),
        }
    }

    /// The first rule that speaks, in the order of the module's head.
    pub(super) fn decide(&self, at: Timestamp, day: &Day<'_>) -> (bool, Why) {
        if let Some(switch) = self.calendar.switch.as_ref().filter(|s| s.holds_at(at)) {
            return (switch.set == SwitchPosition::Open, Why::Switch { set: switch.set, prompt: switch.prompt.clone() });
        }
        let within = |span: &Span| span.0 <= at && at < span.1;
        if let Some((_, name)) = self.closures.iter().find(|(span, _)| within(span)) {
            return (false, Why::Closure { name: name.clone() });
        }
        if day.open.iter().any(within) {
            return (true, day.rule.why());
        }
        if day.carried.iter().any(within) {
            return (true, day.carried_rule.why());
        }
        (false, day.rule.why())
    }

    /// The first instant after `after` whose decision is `wanted`. Only instants where some rule begins or ends are tried:
    /// between two of them nothing changes.
    fn search(&self, after: Timestamp, wanted: impl Fn(&(bool, Why)) -> bool) -> Option<Timestamp> {
        let mut day = self.day_at(after)?;
        for _ in 0..self.search_days(day.date) {
            for at in self.edges(&day, after) {
                if wanted(&self.decide(at, &day)) {
                    return Some(at);
                }
            }
            day = self.day(day.date.next()?)?;
        }
        None
    }

    /// The instants of a day after `after` at which something may change, in order.
    pub(super) fn edges(&self, day: &Day<'_>, after: Timestamp) -> Vec<Timestamp> {
        let switch = self.calendar.switch.iter().flat_map(|s| [s.since, s.until]).flatten();
        let closures = self.closures.iter().flat_map(|((from, to), _)| [*from, *to]);
        let periods = day.open.iter().chain(&day.carried).flat_map(|(from, to)| [*from, *to]);
        let mut edges: Vec<Timestamp> = std::iter::once(day.begins).chain(switch).chain(closures).chain(periods).collect();
        edges.retain(|at| *at > after && (day.begins..day.ends).contains(at));
        edges.sort_unstable();
        edges.dedup();
        edges
    }

    /// Up to the last dated rule and a week's repeat behind it.
    fn search_days(&self, from: super::Date) -> u32 {
        let c = &self.calendar;
        let dated = c.holidays.iter().map(super::Holiday::last).chain(c.make_up.iter().map(|m| m.date));
        let instants = self.closures.iter().map(|((_, to), _)| *to);
        let switch = c.switch.iter().flat_map(|s| [s.since, s.until]).flatten();
        let last = dated.chain(instants.chain(switch).map(|at| self.zone.date_at(at))).max();
        let ahead = last.and_then(|l| (l.0 - from.0).get_days().try_into().ok()).unwrap_or(0u32);
        ahead.saturating_add(WEEK_REPEATS_DAYS).min(SEARCH_DAYS_MAX)
    }
}

/// What counts as a change.
fn standing((open, why): &(bool, Why)) -> (bool, bool) {
    (*open, why.is_emergency())
}
