//! Identifiers: UUIDv7 (RFC 9562 §5.7), one newtype a thing, so that a queue's id never lands where a user's belongs.
use crate::Timestamp;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$m:meta])* $name:ident),* $(,)?) => {$(
        $(#[$m])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);
        impl $name {
            /// A new id from the caller's clock and 80 random bits.
            pub fn from_parts(now: Timestamp, random: [u8; 10]) -> Self { Self(uuid_v7(now, random)) }
        }
        impl fmt::Display for $name { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) } }
        impl fmt::Debug for $name { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, "{}({})", stringify!($name), self.0) } }
        impl FromStr for $name { type Err = uuid::Error; fn from_str(s: &str) -> Result<Self, uuid::Error> { Uuid::parse_str(s).map(Self) } }
        impl From<Uuid> for $name { fn from(u: Uuid) -> Self { Self(u) } }
    )*};
}
ids! {
    /// A person who signs in; an agent is a user whose roles let them take calls.
    UserId,
    TeamId, QueueId, NumberId, TrunkId, CustomerId, InteractionId, SegmentId, RecordingId, EventId,
    SessionId, ApiKeyId, AuditId, JobId, BoardId, WebhookId, CallbackId,
    /// One voice call: equals its interaction's uuid (a call has exactly one interaction).
    CallId,
    /// One offer of one interaction to one agent: the lease that reserves the agent.
    OfferId,
    /// One wish for a break that waits.
    BreakRequestId,
    /// One what-if run.
    RunId,
}
impl From<InteractionId> for CallId {
    fn from(i: InteractionId) -> Self {
        CallId(i.0)
    }
}
impl From<CallId> for InteractionId {
    fn from(c: CallId) -> Self {
        InteractionId(c.0)
    }
}

/// A leg within one call: 0 is the leg that began the call, the others count up and are never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LegId(pub u16);
impl LegId {
    pub const FIRST: LegId = LegId(0);
}

/// UUIDv7: 48 bits of Unix milliseconds, version and variant bits, the rest random.
pub fn uuid_v7(now: Timestamp, random: [u8; 10]) -> Uuid {
    uuid::Builder::from_unix_timestamp_millis(now.as_ms().max(0) as u64, &random).into_uuid()
}
