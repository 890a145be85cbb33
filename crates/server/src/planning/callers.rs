//! Who the callers of past days were, as far as rules of routing ask.
use super::read::events;
use crate::app::App;
use crate::http::problem::ApiResult;
use domain::config::Known;
use domain::{CustomerId, InteractionId, Timestamp, UserId};
use sim::Came;
use std::collections::{BTreeMap, BTreeSet};
use store::repo::{customers, interactions};

/// Beyond these callers are strangers; the events of so many are not read either.
const CALLERS_MAX: u32 = 600_000;
const CUSTOMERS_AT_ONCE: usize = 500;
/// As live (`engine::customers`).
const LAST_AGENT_MS: u64 = 30 * 24 * 3_600_000;

/// What is known of customers: today's card, and with whom they talked when.
#[derive(Default)]
struct Cards {
    known: BTreeMap<CustomerId, Known>,
    talks: BTreeMap<CustomerId, Vec<(Timestamp, UserId)>>,
}

/// Of all who called in between.
///
/// # Errors
/// The store's; 400 `invalid` when there is more than is read in one go.
pub async fn callers(app: &App, from: Timestamp, to: Timestamp) -> ApiResult<BTreeMap<InteractionId, Came>> {
    let mut callers = sim::chosen(&events(app, &sim::CHOICE_EVENTS, from, to).await?);
    let came = interactions::who_came(&app.store, from, to, CALLERS_MAX).await?;
    let cards = Cards::read(app, came.iter().filter_map(|(.., customer)| *customer).collect(), from, to).await?;
    for (interaction, at, number, customer) in came {
        let one = callers.entry(interaction).or_default();
        one.caller.number = number;
        let Some(customer) = customer else { continue };
        if let Some(known) = cards.known.get(&customer) {
            (one.caller.vip, one.caller.tags, one.caller.company) = (known.vip, known.tags.clone(), known.company.clone());
        }
        one.last_agent = cards.last_agent(customer, at);
    }
    Ok(callers)
}

impl Cards {
    async fn read(app: &App, ids: BTreeSet<CustomerId>, from: Timestamp, to: Timestamp) -> ApiResult<Self> {
        let mut cards = Self::default();
        let since = Timestamp(from.0 - Timestamp(0).plus_ms(LAST_AGENT_MS).0);
        for some in ids.into_iter().collect::<Vec<_>>().chunks(CUSTOMERS_AT_ONCE) {
            cards.known.extend(customers::known(&app.store, some).await?);
            for (customer, at, agent) in interactions::talked(&app.store, some, since, to).await? {
                cards.talks.entry(customer).or_default().push((at, agent));
            }
        }
        Ok(cards)
    }

    /// The last one before a call at `at`.
    fn last_agent(&self, customer: CustomerId, at: Timestamp) -> Option<UserId> {
        let talks = self.talks.get(&customer)?;
        let before = talks.partition_point(|(began, _)| *began < at).checked_sub(1)?;
        talks.get(before).filter(|(began, _)| at.ms_since(*began) <= LAST_AGENT_MS).map(|(_, agent)| *agent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn the_last_agent_is_the_one_before_this_call_and_not_long_ago() {
        let (who, a, b) = (CustomerId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)), UserId(Uuid::from_u128(3)));
        let at = |ms: u64| Timestamp(0).plus_ms(ms);
        let cards = Cards { talks: BTreeMap::from([(who, vec![(at(1_000), a), (at(2_000), b)])]), ..Cards::default() };
        let last = |ms: u64| cards.last_agent(who, at(ms));
        assert_eq!([last(1_000), last(1_001), last(2_000), last(2_001)], [None, Some(a), Some(a), Some(b)]);
        assert_eq!([last(2_000 + LAST_AGENT_MS), last(2_001 + LAST_AGENT_MS)], [Some(b), None]);
        assert_eq!(cards.last_agent(CustomerId(Uuid::nil()), at(5_000)), None);
    }
}
