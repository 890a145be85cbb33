//! When agents were there, out of the changes of their status.
use crate::event::{Event, EventKind};
use crate::live::AgentStatus;
use crate::{Timestamp, UserId};
use std::collections::BTreeMap;

/// A status whose end nobody recorded is believed for this long: the process may have died.
pub const OPEN_MAX_MS: u64 = 12 * 3_600_000;

type Span = (Timestamp, Timestamp);

/// One agent's time; spans are half-open, in order, and do not touch each other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Presence {
    /// Available, ringing, on a call or in wrap-up: signed in, and neither on a break nor away.
    pub staffed: Vec<Span>,
    /// On a call or in wrap-up.
    pub busy: Vec<Span>,
}

const fn is_busy(status: AgentStatus) -> bool {
    matches!(status, AgentStatus::OnCall | AgentStatus::WrapUp)
}
const fn is_staffed(status: AgentStatus) -> bool {
    is_busy(status) || matches!(status, AgentStatus::Available | AgentStatus::Ringing)
}

/// Every agent with a change of status, within `[from, to)`. `events` may hold anything else, and changes after `to`, which tell how
/// long a status lasted that was open then.
pub fn presences<'a>(events: impl IntoIterator<Item = &'a Event>, from: Timestamp, to: Timestamp) -> BTreeMap<UserId, Presence> {
    let mut changes: BTreeMap<UserId, Vec<(Timestamp, AgentStatus, AgentStatus, u64)>> = BTreeMap::new();
    for event in events {
        if let (EventKind::AgentStatusChanged { from, to, was_ms, .. }, Some(agent)) = (&event.kind, event.agent) {
            changes.entry(agent).or_default().push((event.at, *from, *to, *was_ms));
        }
    }
    changes.into_iter().map(|(agent, changes)| (agent, presence(changes, from, to))).collect()
}

fn presence(mut changes: Vec<(Timestamp, AgentStatus, AgentStatus, u64)>, from: Timestamp, to: Timestamp) -> Presence {
    changes.sort_by_key(|c| c.0);
    let last = changes.last().map(|(at, _, status, _)| (*status, *at, at.plus_ms(OPEN_MAX_MS)));
    let told = changes.iter().map(|(at, was, _, was_ms)| {
        let began = Timestamp(at.as_us().saturating_sub(i64::try_from(*was_ms).unwrap_or(i64::MAX).saturating_mul(1000)));
        (*was, began, *at)
    });
    let (mut staffed, mut busy) = (Vec::new(), Vec::new());
    for (status, begin, end) in told.chain(last) {
        let span = (begin.max(from), end.min(to));
        if span.0 < span.1 && is_staffed(status) {
            staffed.push(span);
            if is_busy(status) {
                busy.push(span);
            }
        }
    }
    Presence { staffed: joined(staffed), busy: joined(busy) }
}

/// Spans that touch or overlap as one.
fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut all: Vec<Span> = Vec::new();
    for span in spans {
        match all.last_mut() {
            Some(last) if span.0 <= last.1 => last.1 = last.1.max(span.1),
            _ => all.push(span),
        }
    }
    all
}
