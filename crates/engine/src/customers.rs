//! Who is calling: the customer behind a number, from the store by blind index, off the call path.
use crate::clock::Clock;
use domain::config::Known;
use domain::event::EventKind;
use domain::interaction::{Direction, Outcome};
use domain::routing::EarlierCall;
use domain::{CustomerId, InteractionId, Pii, Timestamp, UserId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::repo::interactions::{self, InteractionFilter};
use store::{PageRequest, Store, StoreError};

/// A look-up that takes longer gives nothing: the screen pop comes without a name rather than late.
pub const LOOKUP_TIMEOUT_MS: u64 = 200;
/// Answers are believed for this long; a customer that is added meanwhile shows with the next call after it.
pub const CACHE_AGE_MAX_MS: u64 = 30_000;
pub const CACHE_LEN_MAX: usize = 10_000;
/// A preferred agent is the last one within this many days.
pub const LAST_AGENT_DAYS: i64 = 30;
/// Calls before these are no earlier tries of the same wish.
pub const EARLIER_HOURS: i64 = 12;
const EARLIER_CALLS_MAX: u32 = 10;
/// A shorter "number" (anonymous, a colleague's extension) is nobody's alone.
pub const NUMBER_LEN_MIN: usize = 5;

/// A customer, with what rules of routing may ask about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub customer: CustomerId,
    pub known: Known,
}

/// When the store was asked, and what it said.
type Answer = (Timestamp, Option<Found>);

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct Customers {
    store: Store,
    clock: Clock,
    cache: Arc<Mutex<HashMap<String, Answer>>>,
}

impl Customers {
    pub fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock, cache: Arc::default() }
    }

    /// The customer with this number, if there is one and the store answers in time.
    pub async fn find(&self, number: &str) -> Option<Found> {
        if let Some(known) = self.cached(number) {
            return known;
        }
        let found = in_time(store::repo::customers::find_by_phone(&self.store, number)).await?;
        let found = found.map(|v| Found { customer: v.value.id, known: Known::from(&v.value) });
        let now = self.clock.now();
        let mut cache = self.cache.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if cache.len() >= CACHE_LEN_MAX {
            cache.retain(|_, (at, _)| now.ms_since(*at) < CACHE_AGE_MAX_MS);
        }
        if cache.len() < CACHE_LEN_MAX {
            cache.insert(number.to_owned(), (now, found.clone()));
        }
        found
    }

    /// What is to be said to this customer, in time or not at all.
    pub async fn announcement(&self, customer: CustomerId) -> Option<Pii<String>> {
        in_time(store::repo::customers::get(&self.store, customer)).await?.value.announcement
    }

    /// Who talked with the customer last, within `LAST_AGENT_DAYS`; nobody when the store does not answer in time.
    pub async fn last_agent(&self, customer: CustomerId) -> Option<UserId> {
        let from = Timestamp(self.clock.now().0 - LAST_AGENT_DAYS * 86_400_000_000);
        in_time(interactions::last_agent(&self.store, customer, from)).await?
    }

    /// The last calls of a number within `EARLIER_HOURS`, newest first; none when the store does not answer in time.
    pub async fn earlier_calls(&self, number: &str, but: InteractionId) -> Vec<EarlierCall> {
        let from = Timestamp(self.clock.now().0 - EARLIER_HOURS * 3_600_000_000);
        let filter = InteractionFilter { phone: Some(number.to_owned()), from: Some(from), ..InteractionFilter::default() };
        let lookup = async {
            let page = PageRequest { limit: Some(EARLIER_CALLS_MAX), ..PageRequest::default() };
            let rows = interactions::list(&self.store, &filter, page).await?;
            let mut calls = Vec::new();
            for row in rows.items.iter().filter(|r| r.id != but && r.direction == Direction::Inbound) {
                let Some(mut ended_at) = row.ended_at else { continue };
                let lost = row.outcome == Some(Outcome::Lost);
                if lost {
                    // The last moment that was written is not when they were cut off: they may have waited long without a word.
                    let events = interactions::events(&self.store, row.id).await?;
                    ended_at =
                        events.iter().filter(|e| matches!(e.kind, EventKind::InteractionLost)).map(|e| e.at).fold(ended_at, Timestamp::max);
                }
                let waited = row.queue.zip(row.queued_at);
                let served = !lost && !matches!(row.outcome, Some(Outcome::Abandoned | Outcome::LeftInEntry));
                calls.push(EarlierCall { started_at: row.started_at, waited, ended_at, served });
            }
            Ok::<_, StoreError>(calls)
        };
        in_time(lookup).await.unwrap_or_default()
    }

    fn cached(&self, number: &str) -> Option<Option<Found>> {
        let now = self.clock.now();
        let cache = self.cache.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        cache.get(number).filter(|(at, _)| now.ms_since(*at) < CACHE_AGE_MAX_MS).map(|(_, found)| found.clone())
    }
}

/// What the store says within `LOOKUP_TIMEOUT_MS`; a call does not wait for more.
async fn in_time<T>(lookup: impl Future<Output = Result<T, StoreError>>) -> Option<T> {
    match tokio::time::timeout(Duration::from_millis(LOOKUP_TIMEOUT_MS), lookup).await {
        Ok(Ok(found)) => Some(found),
        Ok(Err(error)) => {
            metrics::counter!("zhiyin_customer_lookup_failures_total").increment(1);
            tracing::warn!(%error, "customer look-up failed");
            None
        }
        Err(_) => {
            metrics::counter!("zhiyin_customer_lookup_timeouts_total").increment(1);
            None
        }
    }
}
