//! The sums that every number is made of. They add up over buckets, queues and agents; nothing else does.
use crate::live::AgentStatus;
use crate::routing::OfferResult;

macro_rules! sums {
    ($($(#[$m:meta])* $name:ident),* $(,)?) => {
        /// One kind of sum. Counts, or milliseconds where the name ends in `Ms`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Sum { $($(#[$m])* $name),* }
        impl Sum {
            pub const ALL: &'static [Sum] = &[$(Sum::$name),*];
        }
    };
}
sums! {
    // Queue visits, by the time of entry.
    Offered, Answered, Abandoned, FlowOut, Waiting,
    /// Part of `FlowOut`: the call was gone and nobody said so.
    LostInQueue,
    WaitAnsweredMs, WaitAbandonedMs,
    /// Answered after a wait above zero.
    Delayed,
    // Queue visits as the queue's options judge them; worked out again when the options change.
    AnsweredInThreshold, AbandonedInThreshold, ShortAbandoned, GenesysUnder,
    /// Over and under the line of the variant that the queue chose.
    LevelOver, LevelUnder,
    // Handled contacts, by the end of the talk.
    Handled, TalkMs, HoldMs, Held, Holds, WrapUpMs, WrapUps, Transfers,
    // Offers to agents, by their end.
    Offers, OffersAnswered, OffersNotAnswered, OffersDeclined, OffersWithdrawn,
    // Whole inbound calls, by their end.
    Calls, CallsHandled, CallsSelfServed, CallsLeftInEntry, CallsLost,
    // Agents' time, split at the borders.
    AvailableMs, RingingMs, OnCallMs, WrappingUpMs, BreakMs, AwayMs,
}

const COUNT: usize = Sum::ALL.len();

impl Sum {
    /// The count that an ended offer adds to, by the word of its result.
    pub fn of_offer(result: &str) -> Sum {
        match result {
            r if r == OfferResult::Answered.word() => Sum::OffersAnswered,
            r if r == OfferResult::NoAnswer.word() => Sum::OffersNotAnswered,
            r if r == OfferResult::Declined.word() => Sum::OffersDeclined,
            _ => Sum::OffersWithdrawn,
        }
    }

    /// The time sum of a status; being offline is not counted.
    pub const fn of_status(status: AgentStatus) -> Option<Sum> {
        Some(match status {
            AgentStatus::Offline => return None,
            AgentStatus::Available => Sum::AvailableMs,
            AgentStatus::Ringing => Sum::RingingMs,
            AgentStatus::OnCall => Sum::OnCallMs,
            AgentStatus::WrapUp => Sum::WrappingUpMs,
            AgentStatus::Break => Sum::BreakMs,
            AgentStatus::Away => Sum::AwayMs,
        })
    }
}

/// One number for every `Sum`. Signed: a corrected contact is taken out again by adding its negative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sums([i64; COUNT]);

impl Default for Sums {
    fn default() -> Self {
        Self([0; COUNT])
    }
}

impl Sums {
    pub fn get(&self, sum: Sum) -> i64 {
        self.0.get(sum as usize).copied().unwrap_or(0)
    }
    pub fn add(&mut self, sum: Sum, n: i64) {
        if let Some(place) = self.0.get_mut(sum as usize) {
            *place = place.saturating_add(n);
        }
    }
    /// Adds `other`, `times` over (−1 takes it out).
    pub fn merge(&mut self, other: &Sums, times: i64) {
        for (a, b) in self.0.iter_mut().zip(other.0) {
            *a = a.saturating_add(b.saturating_mul(times));
        }
    }
    pub fn is_zero(&self) -> bool {
        self.0.iter().all(|n| *n == 0)
    }
    /// Σ factor × sum.
    pub fn weigh(&self, terms: &[(i64, Sum)]) -> i64 {
        terms.iter().fold(0, |all, (factor, sum)| all.saturating_add(factor.saturating_mul(self.get(*sum))))
    }
}
