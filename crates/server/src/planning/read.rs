//! Past days out of the store: set-up as it stands now, events as they were.
use super::callers::callers;
use crate::app::App;
use crate::http::problem::{ApiResult, Problem};
use domain::calendar::Date;
use domain::config::{Queue, RoutingRule};
use domain::event::Event;
use domain::monitor::{Stay, stays};
use domain::planning::{Presence, presences};
use domain::{InteractionId, Timestamp, UserId};
use sim::{Came, Person, Records};
use std::collections::{BTreeMap, BTreeSet};
use store::repo::config::kind::{Queues, RoutingRules};
use store::repo::config::list_all;
use store::repo::{interactions, users};

/// Types of events that say what became of callers and agents.
const TYPES: [&str; 11] = [
    "queued",
    "dequeued",
    "offered",
    "answered",
    "held",
    "unheld",
    "transferred",
    "interaction_ended",
    "interaction_lost",
    "wrap_up_done",
    "agent_status_changed",
];
/// What began on a day may end this long after it.
const LATE_MS: u64 = 3 * 3_600_000;
const DAY_MS: u64 = 24 * 3_600_000;
const PAGE: u32 = 5_000;
/// Events of one question: a day of about 60,000 calls.
const EVENTS_MAX: usize = 600_000;

/// Some days in a row.
#[derive(Debug)]
pub struct PastDays {
    pub date: Date,
    pub days: u32,
    /// Midnight of the first.
    pub from: Timestamp,
    pub queues: Vec<Queue>,
    pub people: Vec<Person>,
    /// By the time they began; those of the days only.
    pub stays: Vec<Stay>,
    pub presences: BTreeMap<UserId, Presence>,
    /// Those that hold in all queues.
    pub rules: Vec<RoutingRule>,
    /// Empty unless they were read.
    pub callers: BTreeMap<InteractionId, Came>,
}

/// The day before today, where the centre is.
pub fn yesterday(app: &App) -> Date {
    let today = Date::at(app.now(), app.config.site.utc_offset_s);
    today.plus_days(-1).unwrap_or(today)
}

/// The day that was asked for, or yesterday.
///
/// # Errors
/// 400 `invalid`: not a date, or one that has not begun.
pub fn first_day(app: &App, date: Option<&str>) -> ApiResult<Date> {
    let Some(text) = date else { return Ok(yesterday(app)) };
    let date: Date = text.parse().map_err(|reason: String| Problem::invalid("date", reason))?;
    if date > Date::at(app.now(), app.config.site.utc_offset_s) {
        return Err(Problem::invalid("date", "has not begun yet"));
    }
    Ok(date)
}

impl PastDays {
    /// # Errors
    /// The store's; 400 `invalid` when there is more than is read in one go.
    pub async fn read(app: &App, date: Date, days: u32) -> ApiResult<Self> {
        let queues: Vec<Queue> = list_all::<Queues>(&app.store).await?.into_iter().map(|r| r.value).collect();
        let people = users::all(&app.store).await?;
        let from = date.begins(app.config.site.utc_offset_s);
        let to = from.plus_ms(u64::from(days) * DAY_MS);
        let events = events(app, &TYPES, from, to.plus_ms(LATE_MS)).await?;
        let person = |u: domain::config::User| Person { user: u.id, username: u.username, skills: u.skills };
        // Nobody is there yet who is still to come.
        let presences = presences(&events, from, to.min(app.now()));
        let mut stays = stays(&events);
        stays.retain(|s| s.at >= from && s.at < to);
        let people = people.into_iter().map(person).collect();
        let rules = list_all::<RoutingRules>(&app.store).await?.into_iter().map(|r| r.value).collect();
        Ok(Self { date, days, from, queues, people, stays, presences, rules, callers: BTreeMap::new() })
    }

    /// As `read`, with who the callers were: what rules of routing ask about.
    ///
    /// # Errors
    /// As `read`.
    pub async fn read_with_callers(app: &App, date: Date, days: u32) -> ApiResult<Self> {
        let mut past = Self::read(app, date, days).await?;
        let to = past.from.plus_ms(u64::from(days) * DAY_MS);
        // Whoever came into a line today may have called before midnight.
        let from = Timestamp(past.from.0 - Timestamp(0).plus_ms(LATE_MS).0);
        past.callers = callers(app, from, to).await?;
        Ok(past)
    }

    pub fn records<'a>(&'a self, only: Option<&'a BTreeSet<String>>) -> Records<'a> {
        Records {
            from: self.from,
            days: self.days,
            queues: &self.queues,
            people: &self.people,
            rules: &self.rules,
            callers: &self.callers,
            stays: &self.stays,
            presences: &self.presences,
            only,
        }
    }

    pub fn has_presence(&self) -> bool {
        self.presences.values().any(|p| !p.staffed.is_empty())
    }

    /// The time of these agents.
    pub fn present<'a>(&'a self, agents: &'a BTreeSet<UserId>) -> impl Iterator<Item = &'a Presence> {
        self.presences.iter().filter(|(user, _)| agents.contains(user)).map(|(_, p)| p)
    }
}

pub(super) async fn events(app: &App, types: &[&str], from: Timestamp, to: Timestamp) -> ApiResult<Vec<Event>> {
    let (mut all, mut seq) = (Vec::new(), 0);
    loop {
        let page = interactions::events_of(&app.store, types, from, to, seq, PAGE).await?;
        let is_last = page.len() < PAGE as usize;
        let Some((last, _)) = page.last() else { break };
        seq = *last;
        all.extend(page.into_iter().map(|(_, e)| e));
        if all.len() > EVENTS_MAX {
            return Err(Problem::invalid("days", "hold more than 600,000 events: ask for fewer days"));
        }
        if is_last {
            break;
        }
    }
    Ok(all)
}
