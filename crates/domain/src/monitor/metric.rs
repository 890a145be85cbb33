//! What a metric is: its name, unit and formula, for whom and over what time it can be asked.
use super::sums::Sum;
use crate::config::Label;
use crate::live::AgentStatus;
use crate::{QueueId, UserId};
use serde::{Deserialize, Serialize};

macro_rules! metrics {
    ($($name:ident),* $(,)?) => {
        /// The public names (snake case) are stable: boards, alerts, reports and the stream use them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Metric { $($name),* }
        impl Metric {
            pub const ALL: &'static [Metric] = &[$(Metric::$name),*];
        }
    };
}
metrics! {
    Offered, Answered, Abandoned, ShortAbandons, FlowOuts, LostInQueue, AnsweredInThreshold, AbandonedInThreshold,
    ServiceLevel, Sl1, Sl2, Sl3, Sl4, Sl5, SlGenesys,
    Asa, AsaDelayed, WaitP50, WaitP90, WaitMax, AbandonTimeAvg,
    AbandonRate, AbandonRateNet, AnswerRate, FlowOutRate,
    Handled, Aht, TalkAvg, HoldAvg, WrapUpAvg, HoldPerHoldAvg, HoldRate, Transfers, TransferRate,
    Offers, OffersAnswered, OffersNotAnswered, OffersDeclined, OffersWithdrawn, AgentAnswerRate,
    Calls, CallsHandled, CallsSelfServed, CallsLeftInEntry, CallsLost, SystemAnswerRate,
    Occupancy, TimeSignedIn, TimeAvailable, TimeRinging, TimeOnCall, TimeWrapUp, TimeBreak, TimeAway,
    Waiting, LongestWait, WaitingPerAgent, Talking,
    AgentsSignedIn, AgentsAvailable, AgentsRinging, AgentsOnCall, AgentsWrapUp, AgentsBreak, AgentsBreakOverstayed, AgentsAway,
    LongestAvailable, LongestRinging, LongestOnCall, LongestWrapUp, LongestBreak, LongestAway,
}

/// In what a value is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Count,
    /// 0 … 100.
    Percent,
    /// The numerator is in milliseconds, the value in seconds.
    Seconds,
    /// A plain quotient.
    Ratio,
}

/// Which way is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    Higher,
    Lower,
    /// Neither: a volume, or a figure that is bad at both ends.
    Neither,
}

/// What is counted, hence which time decides the bucket and for whom it can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Visits to a queue, by entry.
    QueueVisits,
    /// Contacts that an agent handled, by the end of the talk.
    Handlings,
    /// Offers to agents, by their end.
    Offers,
    /// Whole inbound calls, by their end.
    Calls,
    /// Agents' time, split at the borders.
    AgentTime,
    /// Who waits or talks at this moment.
    WaitingNow,
    /// What agents are doing at this moment.
    AgentsNow,
}

/// For whom a number is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case", deny_unknown_fields)]
pub enum Scope {
    Tenant,
    Queue { queue: QueueId },
    Agent { agent: UserId },
}
impl Scope {
    pub const fn kind(self) -> ScopeKind {
        match self {
            Scope::Tenant => ScopeKind::Tenant,
            Scope::Queue { .. } => ScopeKind::Queue,
            Scope::Agent { .. } => ScopeKind::Agent,
        }
    }
}
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeKind {
    Tenant,
    Queue,
    Agent,
}
impl ScopeKind {
    pub const fn word(self) -> &'static str {
        match self {
            ScopeKind::Tenant => "tenant",
            ScopeKind::Queue => "queue",
            ScopeKind::Agent => "agent",
        }
    }
}

/// Over what time. Rolling windows move every minute and end with the running one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Window {
    /// This moment; the only window of what waits and what agents are doing.
    #[serde(rename = "now")]
    Now,
    /// The running interval of 15 minutes.
    #[serde(rename = "interval")]
    Interval,
    /// The last whole interval.
    #[serde(rename = "last_interval")]
    LastInterval,
    #[serde(rename = "last_15_min")]
    Last15Min,
    #[serde(rename = "last_30_min")]
    Last30Min,
    /// Since midnight where the tenant is.
    #[serde(rename = "today")]
    Today,
}
impl Window {
    pub const ALL: &'static [Window] =
        &[Window::Now, Window::Interval, Window::LastInterval, Window::Last15Min, Window::Last30Min, Window::Today];
    /// The public name.
    pub const fn word(self) -> &'static str {
        match self {
            Window::Now => "now",
            Window::Interval => "interval",
            Window::LastInterval => "last_interval",
            Window::Last15Min => "last_15_min",
            Window::Last30Min => "last_30_min",
            Window::Today => "today",
        }
    }
}

/// A sum with its factor.
pub type Term = (i64, Sum);

/// How the number is made, for the live view and for reports alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compute {
    Total(&'static [Term]),
    /// Σ over / Σ under, both summed over all buckets, queues and agents first.
    Quotient {
        over: &'static [Term],
        under: &'static [Term],
    },
    /// This many permille of the answered waited no longer; 1000 = the longest. Error: see `Histogram`.
    WaitQuantile(u16),
    Now(Now),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Now {
    Waiting,
    LongestWait,
    /// Waiting / agents signed in.
    WaitingPerAgent,
    Talking,
    AgentsSignedIn,
    Agents(AgentStatus),
    /// On a break that lasts longer than its reason allows.
    AgentsOverstaying,
    LongestIn(AgentStatus),
}

/// How a number is made, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Formula {
    pub zh: &'static str,
    pub en: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Definition {
    pub metric: Metric,
    pub id: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    pub unit: Unit,
    pub better: Better,
    pub basis: Basis,
    /// For people, shown as the tooltip.
    pub formula: Formula,
    /// Where the definition comes from.
    pub source: &'static str,
    #[serde(skip)]
    pub compute: Compute,
}

impl Definition {
    pub fn name(&self) -> Label {
        Label { zh: self.zh.to_owned(), en: self.en.to_owned() }
    }
    /// Totals of a queue's agents are those of its members.
    pub const fn scopes(&self) -> &'static [ScopeKind] {
        match self.basis {
            Basis::QueueVisits => &[ScopeKind::Tenant, ScopeKind::Queue],
            Basis::Handlings | Basis::Offers | Basis::AgentTime => &[ScopeKind::Tenant, ScopeKind::Queue, ScopeKind::Agent],
            Basis::Calls => &[ScopeKind::Tenant],
            Basis::WaitingNow => match self.compute {
                Compute::Now(Now::Talking) => &[ScopeKind::Tenant, ScopeKind::Queue, ScopeKind::Agent],
                _ => &[ScopeKind::Tenant, ScopeKind::Queue],
            },
            Basis::AgentsNow => &[ScopeKind::Tenant, ScopeKind::Queue, ScopeKind::Agent],
        }
    }
    pub const fn is_live(&self) -> bool {
        matches!(self.basis, Basis::WaitingNow | Basis::AgentsNow)
    }
    /// The question makes sense: such a scope, such a window.
    pub fn fits(&self, scope: ScopeKind, window: Window) -> bool {
        self.scopes().contains(&scope) && self.is_live() == (window == Window::Now)
    }
}
