//! Who the callers were, for the rules of routing.
use crate::scenario::Caller;
use domain::config::{Known, Queue, RoutingRule};
use domain::event::{Event, EventKind};
use domain::routing::OverflowReason;
use domain::{InteractionId, QueueId, UserId};
use std::collections::BTreeMap;

/// Types of events that [`chosen`] looks at.
pub const CHOICE_EVENTS: [&str; 3] = ["digit", "overflowed", "queued"];

/// What was known of a contact when it came.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Came {
    pub caller: Caller,
    /// A rule sent it on from here, before it stood in any line.
    pub first_queue: Option<QueueId>,
    /// Whom the customer had last.
    pub last_agent: Option<UserId>,
}

/// What contacts chose in the menu, and from where a rule sent them on. `events`: in the order in which they happened.
pub fn chosen<'a>(events: impl IntoIterator<Item = &'a Event>) -> BTreeMap<InteractionId, Came> {
    let mut came: BTreeMap<InteractionId, (bool, Came)> = BTreeMap::new();
    for event in events {
        let Some(interaction) = event.interaction else { continue };
        let (queued, one) = came.entry(interaction).or_default();
        match &event.kind {
            _ if *queued => {}
            // The last one before the line: the others led nowhere.
            EventKind::Digit { digit } => one.caller.menu_digit = Some(*digit),
            EventKind::Overflowed { reason, .. } if reason == OverflowReason::Rule.word() => {
                one.first_queue = one.first_queue.or(event.queue);
            }
            EventKind::Queued { .. } => *queued = true,
            _ => {}
        }
    }
    came.into_iter().map(|(interaction, (_, one))| (interaction, one)).collect()
}

/// The rules that concern a caller in this queue, the house's first.
pub(super) fn rules_for<'a>(house: &'a [RoutingRule], queue: &'a Queue, caller: &'a Caller) -> impl Iterator<Item = &'a RoutingRule> {
    let known = Known { vip: caller.vip, tags: caller.tags.clone(), company: caller.company.clone() };
    let all = house.iter().chain(&queue.routing.rules).filter(|r| r.enabled);
    all.filter(move |r| r.when.holds(Some(&known), &caller.number, caller.menu_digit))
}
