//! Who did what: a thin hand on the store's chain, written in the transaction of the act itself, so that an act that must
//! be audited is not done without its entry.
use crate::auth::Caller;
use crate::auth::caller::Credential;
use serde_json::Value;
use std::net::IpAddr;
pub use store::audit::{Actor, Entry, Outcome};
use store::{Result, Tx};

/// An entry about the caller's act; `action` is `thing.act`.
pub fn by(caller: &Caller, action: &'static str) -> Entry {
    let actor = match &caller.credential {
        Credential::ApiKey { id, name, .. } => Actor::ApiKey { id: *id, name: name.clone() },
        Credential::Session { .. } => {
            let name = caller.user.as_ref().map(|u| u.username.clone()).unwrap_or_default();
            Actor::User { id: caller.principal.user, name }
        }
    };
    Entry { address: Some(caller.address.to_string()), user_agent: Some(caller.user_agent.clone()), ..Entry::new(actor, action) }
}

/// An entry about somebody not yet known.
pub fn from_address(actor: Actor, action: &'static str, address: IpAddr, user_agent: &str) -> Entry {
    Entry { address: Some(address.to_string()), user_agent: Some(user_agent.to_owned()), ..Entry::new(actor, action) }
}

/// Small additions in a row.
pub trait EntryExt: Sized {
    #[must_use]
    fn on(self, kind: &'static str, id: impl std::fmt::Display) -> Self;
    #[must_use]
    fn with(self, name: &str, value: impl Into<Value>) -> Self;
    fn write(self, tx: &Tx) -> impl Future<Output = Result<()>> + Send;
}
impl EntryExt for Entry {
    fn on(mut self, kind: &'static str, id: impl std::fmt::Display) -> Self {
        self.target = Some((kind, id.to_string()));
        self
    }
    fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        if let Value::Object(fields) = &mut self.detail {
            fields.insert(name.to_owned(), value.into());
        }
        self
    }
    async fn write(self, tx: &Tx) -> Result<()> {
        store::audit::append(tx, &self).await.map(|_| ())
    }
}
