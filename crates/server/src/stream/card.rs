//! The customer beside an offer or a call: looked up before the desk shows it, so that the screen pops with everything.
use domain::config::Customer;
use domain::interaction::Interaction;
use domain::{CustomerId, Pii};
use std::time::Duration;
use store::repo::customers;
use store::repo::interactions::{self, InteractionFilter};
use store::{PageRequest, Store};

/// Interactions shown beside an offer.
const RECENT_MAX: u32 = 5;
/// The offer must ring whatever the database does: beyond this it goes out without its card.
const LOOKUP_MAX: Duration = Duration::from_millis(150);

/// The card of a customer id, or of whoever has this number.
pub async fn find(store: &Store, customer: Option<CustomerId>, remote: &Pii<String>) -> Option<Customer> {
    let lookup = async {
        match customer {
            Some(id) => customers::get(store, id).await.map(|r| Some(r.value)),
            None if remote.reveal().is_empty() => Ok(None),
            None => customers::find_by_phone(store, remote.reveal()).await.map(|r| r.map(|r| r.value)),
        }
    };
    within(lookup).await.flatten()
}

/// The last interactions of the customer, or of the number when there is no card.
pub async fn recent(store: &Store, customer: Option<CustomerId>, remote: &Pii<String>) -> Vec<Interaction> {
    let filter = match customer {
        Some(id) => InteractionFilter { customer: Some(id), ..InteractionFilter::default() },
        None if remote.reveal().is_empty() => return Vec::new(),
        None => InteractionFilter { phone: Some(remote.reveal().clone()), ..InteractionFilter::default() },
    };
    // One more than shown: the call that rings is among them.
    let lookup = interactions::list(store, &filter, PageRequest { cursor: None, limit: Some(RECENT_MAX + 1) });
    within(lookup).await.map(|p| p.items).unwrap_or_default()
}

pub fn without_current(mut recent: Vec<Interaction>, current: domain::InteractionId) -> Vec<Interaction> {
    recent.retain(|i| i.id != current);
    recent.truncate(RECENT_MAX as usize);
    recent
}

async fn within<T>(lookup: impl Future<Output = store::Result<T>>) -> Option<T> {
    match tokio::time::timeout(LOOKUP_MAX, lookup).await {
        Ok(Ok(found)) => Some(found),
        Ok(Err(e)) => {
            tracing::warn!(error = %e, "customer look-up failed");
            None
        }
        Err(_) => {
            tracing::warn!("customer look-up took too long");
            None
        }
    }
}
