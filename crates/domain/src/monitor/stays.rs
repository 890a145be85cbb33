//! Every stay in a queue with the work it led to, out of the event log, by the same rules as the numbers of the boards: what planning
//! starts from.
use super::fold::{Deed, Disposition, FACTS_MAX, Fact, tell};
use super::records::by_interaction;
use crate::event::{Event, EventKind};
use crate::{InteractionId, QueueId, Timestamp, UserId};

/// How a stay ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StayEnd {
    Answered,
    Abandoned,
    /// Elsewhere, without an agent of this queue.
    FlowOut,
    /// Nobody knows: the process died.
    Lost,
    /// It waits still.
    Waiting,
}

/// One stay of one contact in one queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    pub interaction: InteractionId,
    pub queue: QueueId,
    pub at: Timestamp,
    /// Until an agent was connected, ringing included, or until it left.
    pub wait_ms: u64,
    pub end: StayEnd,
    /// As the router took it in, rules included.
    pub priority: u8,
    /// The first agent who talked.
    pub agent: Option<UserId>,
    /// From the first ring at that agent to the talk.
    pub ring_ms: Option<u64>,
    /// Of all agents one after the other, until it came into another queue.
    pub talk_ms: u64,
    pub hold_ms: u64,
    pub wrap_up_ms: u64,
}

impl Stay {
    pub const fn is_answered(&self) -> bool {
        matches!(self.end, StayEnd::Answered)
    }

    fn new(interaction: InteractionId, queue: QueueId, at: Timestamp, wait_ms: u64, how: Disposition) -> Self {
        let end = match how {
            Disposition::Answered => StayEnd::Answered,
            Disposition::Abandoned => StayEnd::Abandoned,
            Disposition::FlowOut => StayEnd::FlowOut,
            Disposition::Lost => StayEnd::Lost,
            Disposition::Waiting => StayEnd::Waiting,
        };
        Self { interaction, queue, at, wait_ms, end, priority: 0, agent: None, ring_ms: None, talk_ms: 0, hold_ms: 0, wrap_up_ms: 0 }
    }
}

/// All stays, by the time they began; those of one contact in their order. `events`: every event of each interaction, in any order;
/// those of agents alone are passed over.
pub fn stays<'a>(events: impl IntoIterator<Item = &'a Event>) -> Vec<Stay> {
    let mut all: Vec<Stay> = by_interaction(events).into_iter().flat_map(|(interaction, events)| of_one(interaction, &events)).collect();
    all.sort_by_key(|s| (s.at, s.interaction));
    all
}

fn of_one(interaction: InteractionId, events: &[&Event]) -> Vec<Stay> {
    let mut facts: Vec<Fact> = events.iter().filter_map(|e| Fact::of(e)).collect();
    facts.sort_by_key(Fact::key);
    facts.dedup_by_key(|f| f.id);
    facts.truncate(FACTS_MAX);
    let mut stays: Vec<Stay> = Vec::new();
    for deed in tell(&facts).deeds {
        match deed {
            Deed::Visit { queue, at, wait_ms, disposition } => stays.push(Stay::new(interaction, queue, at, wait_ms, disposition)),
            Deed::Handling { queue, agent, talk_ms, hold_ms, .. } => {
                if let Some(stay) = worked_on(&mut stays, queue) {
                    stay.agent = stay.agent.or(Some(agent));
                    stay.talk_ms += talk_ms;
                    stay.hold_ms += hold_ms;
                }
            }
            Deed::WrapUp { queue, took_ms, .. } => {
                if let Some(stay) = worked_on(&mut stays, queue) {
                    stay.wrap_up_ms += took_ms;
                }
            }
            Deed::Transfer { .. } | Deed::Call { .. } => {}
        }
    }
    for stay in &mut stays {
        look_up(stay, events);
    }
    stays
}

/// The last stay that was answered; in this queue, if it is named.
fn worked_on(stays: &mut [Stay], queue: Option<QueueId>) -> Option<&mut Stay> {
    stays.iter_mut().rev().find(|s| s.is_answered() && queue.is_none_or(|q| q == s.queue))
}

/// What the fold does not keep: priority and ringing.
fn look_up(stay: &mut Stay, events: &[&Event]) {
    let queued = |e: &&Event| e.queue == Some(stay.queue) && e.at == stay.at;
    let priority = |e: &Event| if let EventKind::Queued { priority, .. } = e.kind { Some(priority) } else { None };
    stay.priority = events.iter().copied().filter(queued).find_map(priority).unwrap_or(0);
    if !stay.is_answered() {
        return;
    }
    let (from, to) = (stay.at, stay.at.plus_ms(stay.wait_ms));
    let rang = |e: &&&Event| matches!(e.kind, EventKind::Offered { .. }) && e.agent == stay.agent && e.at >= from && e.at <= to;
    stay.ring_ms = events.iter().filter(rang).map(|e| e.at).max().map(|at| to.ms_since(at));
}
