//! The interactions behind a number of the past, out of the event log: each is folded on its own by the rules of the live numbers, so
//! that what is listed cannot differ from what was counted.
use super::buckets::{Buckets, INTERVAL_MS, MINUTE_MS};
use super::fold::{Deed, FACTS_MAX, Fact, tell};
use super::machine::Monitor;
use super::metric::{Basis, Compute, Metric, Scope, Term, Window};
use super::options::QueueOptions;
use super::sums::Sum;
use crate::event::{Event, EventKind};
use crate::{InteractionId, Timestamp};
use std::collections::BTreeMap;

/// Buckets of one interaction are never forgotten while it is looked at.
const KEPT: i64 = i64::MAX / INTERVAL_MS / 4;

/// What stands under the line of a number, and which of it stands over it too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Behind {
    /// Under the line, or what is counted when there is no line; the newest first.
    pub population: Vec<InteractionId>,
    /// Those of it that count over the line.
    pub counted: Vec<InteractionId>,
}

impl Monitor {
    /// `events`: every event of each interaction that has one in the window, in any order. None when the metric cannot be asked so, or
    /// is one of the present or of agents' time, which no interaction stands behind.
    pub fn behind<'a>(
        &self,
        metric: Metric,
        scope: Scope,
        window: Window,
        now: Timestamp,
        events: impl IntoIterator<Item = &'a Event>,
    ) -> Option<Behind> {
        let definition = metric.definition();
        let (over, under): (&[Term], &[Term]) = match definition.compute {
            Compute::Total(terms) => (terms, terms),
            Compute::Quotient { over, under } => (over, under),
            Compute::WaitQuantile(_) => (&[(1, Sum::Answered)], &[(1, Sum::Answered)]),
            Compute::Now(_) => return None,
        };
        if definition.basis == Basis::AgentTime || !definition.fits(scope.kind(), window) {
            return None;
        }
        let (fine, range) = self.range(window, now)?;
        let mut found: Vec<(Timestamp, InteractionId, bool)> = Vec::new();
        for (interaction, events) in by_interaction(events) {
            let sums = self.alone(&events, fine).sums(scope, range);
            if sums.weigh(under) != 0 || sums.weigh(over) != 0 {
                let began = events.iter().map(|e| e.at).min().unwrap_or_default();
                found.push((began, interaction, sums.weigh(over) != 0));
            }
        }
        found.sort_unstable_by(|a, b| b.cmp(a));
        let counted = found.iter().filter(|f| f.2).map(|f| f.1).collect();
        Some(Behind { population: found.into_iter().map(|f| f.1).collect(), counted })
    }

    /// When the window of a number begins and ends. None for the present.
    pub fn span(&self, window: Window, now: Timestamp) -> Option<(Timestamp, Timestamp)> {
        self.range(window, now).map(|(_, r)| (Timestamp::from_ms(r.from_ms), Timestamp::from_ms(r.to_ms)))
    }

    fn alone(&self, events: &[&Event], fine: bool) -> Buckets {
        let mut buckets = Buckets::new(if fine { MINUTE_MS } else { INTERVAL_MS }, KEPT);
        let mut facts: Vec<Fact> = events.iter().filter_map(|e| Fact::of(e)).collect();
        facts.sort_by_key(Fact::key);
        facts.dedup_by_key(|f| f.id);
        facts.truncate(FACTS_MAX);
        for deed in tell(&facts).deeds {
            let options = match deed {
                Deed::Visit { queue, .. } => self.options(queue),
                _ => QueueOptions::default(),
            };
            buckets.count(&deed, &options, 1);
        }
        for event in events {
            if let EventKind::OfferEnded { result, .. } = &event.kind {
                buckets.tally(event.at, event.queue, event.agent, &[Sum::Offers, Sum::of_offer(result)]);
            }
        }
        buckets
    }
}

pub(super) fn by_interaction<'a>(events: impl IntoIterator<Item = &'a Event>) -> BTreeMap<InteractionId, Vec<&'a Event>> {
    let mut all: BTreeMap<InteractionId, Vec<&Event>> = BTreeMap::new();
    for event in events {
        if let Some(interaction) = event.interaction {
            let mine = all.entry(interaction).or_default();
            if !mine.iter().any(|e| e.id == event.id) {
                mine.push(event);
            }
        }
    }
    all
}
