//! From a number to what stands behind it: a description that a list endpoint can run, and for present values the ids themselves.
use super::machine::{AgentNow, Monitor};
use super::metric::{Basis, Compute, Metric, Now, Scope, Window};
use crate::live::AgentStatus;
use crate::{InteractionId, QueueId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Ids in one answer; `more` says that there are others.
pub const DRILL_IDS_MAX: usize = 1_000;

/// Which time of a record lies in `[from, to)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeKey {
    QueuedAt,
    TalkEndedAt,
    OfferEndedAt,
    CallEndedAt,
    /// Stretches that overlap the range; they count with the part inside.
    Overlaps,
    Now,
}

/// One kind of record, in words that lists understand. `within_threshold` and `short` refer to `Drill::limits`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    All,
    /// Any end: no longer waiting.
    Concluded,
    ConcludedNotShort,
    /// Answered, or abandoned after the threshold.
    AnsweredOrLateAbandoned,
    /// Under the line of the queue's own service level variant.
    Judged,
    /// Over the line of it.
    JudgedGood,
    /// Under the line of the Genesys form by the queue's switches.
    JudgedByGenesys,
    Answered,
    AnsweredDelayed,
    AnsweredWithinThreshold,
    AnsweredOrAbandonedWithinThreshold,
    Abandoned,
    AbandonedWithinThreshold,
    AbandonedShort,
    AbandonedNotShort,
    FlowOut,
    Lost,
    Held,
    Transferred,
    NotAnswered,
    Declined,
    Withdrawn,
    /// Answered, not answered or declined.
    Decided,
    Handled,
    SelfServed,
    HandledOrSelfServed,
    LeftInEntry,
    Waiting,
    Talking,
    Available,
    Ringing,
    OnCall,
    WrapUp,
    Break,
    Away,
    OnCallOrWrapUp,
    OnCallOrWrapUpOrAvailable,
    SignedIn,
}

/// What T and a short abandon were in one queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    pub threshold_ms: u64,
    pub short_abandon_ms: u64,
}

/// The records behind a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drill {
    pub metric: Metric,
    pub basis: Basis,
    pub time: TimeKey,
    pub from: Timestamp,
    /// Exclusive.
    pub to: Timestamp,
    pub queue: Option<QueueId>,
    pub agent: Option<UserId>,
    /// What is counted or summed over the line …
    pub counted: Which,
    /// … and under it, for rates and means.
    pub population: Option<Which>,
    /// Of the queues in scope.
    pub limits: BTreeMap<QueueId, Limits>,
    /// Of present values: the interactions.
    pub interactions: Vec<InteractionId>,
    /// Of present values: the agents.
    pub agents: Vec<UserId>,
    pub more: bool,
}

impl Monitor {
    /// What to list for a number. None where `value` can never have one.
    pub fn drill(&self, metric: Metric, scope: Scope, window: Window, now: Timestamp) -> Option<Drill> {
        let definition = metric.definition();
        if !definition.fits(scope.kind(), window) {
            return None;
        }
        let (from, to) = match self.range(window, now) {
            Some((_, r)) => (Timestamp::from_ms(r.from_ms), Timestamp::from_ms(r.to_ms)),
            None => (now, now),
        };
        let (queue, agent) = match scope {
            Scope::Tenant => (None, None),
            Scope::Queue { queue } => (Some(queue), None),
            Scope::Agent { agent } => (None, Some(agent)),
        };
        let (counted, population) = which(metric);
        let limits = match definition.basis {
            Basis::QueueVisits => {
                self.queues.keys().filter(|q| queue.is_none_or(|mine| mine == **q)).map(|q| (*q, self.limits(*q))).collect()
            }
            _ => BTreeMap::new(),
        };
        let mut drill = Drill {
            metric,
            basis: definition.basis,
            time: time_key(definition.basis),
            from,
            to,
            queue,
            agent,
            counted,
            population,
            limits,
            interactions: Vec::new(),
            agents: Vec::new(),
            more: false,
        };
        if let Compute::Now(what) = definition.compute {
            self.drill_now(what, scope, &mut drill);
        }
        Some(drill)
    }

    fn limits(&self, queue: QueueId) -> Limits {
        let options = self.options(queue);
        Limits { threshold_ms: options.threshold_ms(), short_abandon_ms: options.short_abandon_ms() }
    }

    fn drill_now(&self, what: Now, scope: Scope, drill: &mut Drill) {
        let those = |wanted: &dyn Fn(UserId, &AgentNow) -> bool| {
            let mut found: Vec<(Timestamp, UserId)> =
                self.agents_of(scope).into_iter().filter(|(u, a)| wanted(*u, a)).map(|(u, a)| (a.since, u)).collect();
            // The longest in the status first.
            found.sort_unstable();
            found.into_iter().map(|(_, u)| u).collect::<Vec<_>>()
        };
        match what {
            Now::Waiting | Now::LongestWait | Now::WaitingPerAgent => {
                let mut line: Vec<_> = self.waiters(scope).map(|w| (w.since, w.interaction)).collect();
                line.sort_unstable();
                drill.interactions = line.into_iter().map(|(_, i)| i).collect();
            }
            Now::Talking => drill.interactions = self.talkers(scope).collect(),
            Now::AgentsSignedIn => drill.agents = those(&|_, a| a.status != AgentStatus::Offline),
            Now::Agents(status) | Now::LongestIn(status) => drill.agents = those(&|_, a| a.status == status),
            Now::AgentsOverstaying => drill.agents = those(&|user, a| self.overstays(user, a)),
        }
        drill.more = drill.interactions.len().max(drill.agents.len()) > DRILL_IDS_MAX;
        drill.interactions.truncate(DRILL_IDS_MAX);
        drill.agents.truncate(DRILL_IDS_MAX);
    }
}

const fn time_key(basis: Basis) -> TimeKey {
    match basis {
        Basis::QueueVisits => TimeKey::QueuedAt,
        Basis::Handlings => TimeKey::TalkEndedAt,
        Basis::Offers => TimeKey::OfferEndedAt,
        Basis::Calls => TimeKey::CallEndedAt,
        Basis::AgentTime => TimeKey::Overlaps,
        Basis::WaitingNow | Basis::AgentsNow => TimeKey::Now,
    }
}

/// What is counted over the line, and what under it.
fn which(metric: Metric) -> (Which, Option<Which>) {
    use Metric as M;
    use Which as W;
    match metric {
        M::Offered | M::Offers | M::Calls | M::Handled => (W::All, None),
        M::Answered | M::OffersAnswered => (W::Answered, None),
        M::Abandoned => (W::Abandoned, None),
        M::ShortAbandons => (W::AbandonedShort, None),
        M::FlowOuts => (W::FlowOut, None),
        M::LostInQueue | M::CallsLost => (W::Lost, None),
        M::AnsweredInThreshold => (W::AnsweredWithinThreshold, None),
        M::AbandonedInThreshold => (W::AbandonedWithinThreshold, None),
        M::ServiceLevel => (W::JudgedGood, Some(W::Judged)),
        M::Sl1 => (W::AnsweredWithinThreshold, Some(W::Concluded)),
        M::Sl2 => (W::AnsweredWithinThreshold, Some(W::ConcludedNotShort)),
        M::Sl3 => (W::AnsweredWithinThreshold, Some(W::AnsweredOrLateAbandoned)),
        M::Sl4 => (W::AnsweredOrAbandonedWithinThreshold, Some(W::Concluded)),
        M::Sl5 => (W::AnsweredWithinThreshold, Some(W::Answered)),
        M::SlGenesys => (W::AnsweredWithinThreshold, Some(W::JudgedByGenesys)),
        M::Asa | M::WaitP50 | M::WaitP90 | M::WaitMax => (W::Answered, Some(W::Answered)),
        M::AsaDelayed => (W::Answered, Some(W::AnsweredDelayed)),
        M::AbandonTimeAvg => (W::Abandoned, Some(W::Abandoned)),
        M::AbandonRate => (W::Abandoned, Some(W::Concluded)),
        M::AbandonRateNet => (W::AbandonedNotShort, Some(W::ConcludedNotShort)),
        M::AnswerRate => (W::Answered, Some(W::Concluded)),
        M::FlowOutRate => (W::FlowOut, Some(W::Concluded)),
        M::Aht | M::TalkAvg | M::WrapUpAvg => (W::All, Some(W::All)),
        M::HoldAvg | M::HoldRate => (W::Held, Some(W::All)),
        M::HoldPerHoldAvg => (W::Held, Some(W::Held)),
        M::Transfers => (W::Transferred, None),
        M::TransferRate => (W::Transferred, Some(W::All)),
        M::OffersNotAnswered => (W::NotAnswered, None),
        M::OffersDeclined => (W::Declined, None),
        M::OffersWithdrawn => (W::Withdrawn, None),
        M::AgentAnswerRate => (W::Answered, Some(W::Decided)),
        M::CallsHandled => (W::Handled, None),
        M::CallsSelfServed => (W::SelfServed, None),
        M::CallsLeftInEntry => (W::LeftInEntry, None),
        M::SystemAnswerRate => (W::HandledOrSelfServed, Some(W::All)),
        M::Occupancy => (W::OnCallOrWrapUp, Some(W::OnCallOrWrapUpOrAvailable)),
        M::TimeSignedIn | M::AgentsSignedIn => (W::SignedIn, None),
        M::Waiting | M::LongestWait => (W::Waiting, None),
        M::WaitingPerAgent => (W::Waiting, Some(W::SignedIn)),
        M::Talking => (W::Talking, None),
        M::TimeAvailable | M::AgentsAvailable | M::LongestAvailable => (W::Available, None),
        M::TimeRinging | M::AgentsRinging | M::LongestRinging => (W::Ringing, None),
        M::TimeOnCall | M::AgentsOnCall | M::LongestOnCall => (W::OnCall, None),
        M::TimeWrapUp | M::AgentsWrapUp | M::LongestWrapUp => (W::WrapUp, None),
        M::TimeBreak | M::AgentsBreak | M::AgentsBreakOverstayed | M::LongestBreak => (W::Break, None),
        M::TimeAway | M::AgentsAway | M::LongestAway => (W::Away, None),
    }
}
