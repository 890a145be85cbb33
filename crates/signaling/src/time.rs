//! Time as this crate sees it: an argument, never read from a clock.
use std::fmt;

/// Microseconds since a moment that the driver chose (its start). Only differences matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Time(pub u64);

impl Time {
    pub const ZERO: Time = Time(0);

    pub const fn from_ms(ms: u64) -> Time {
        Time(ms.saturating_mul(1000))
    }

    pub const fn as_ms(self) -> u64 {
        self.0 / 1000
    }

    /// This moment plus `ms` milliseconds (saturating).
    pub const fn plus_ms(self, ms: u64) -> Time {
        Time(self.0.saturating_add(ms.saturating_mul(1000)))
    }

    /// Whole milliseconds from `earlier` to this moment, 0 if it lies in the future.
    pub const fn ms_since(self, earlier: Time) -> u64 {
        self.0.saturating_sub(earlier.0) / 1000
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:06}s", self.0 / 1_000_000, self.0 % 1_000_000)
    }
}

/// Why [`crate::Endpoint::poll_timeout`] wants to be woken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TimerReason {
    /// A request or final response is sent again (RFC 3261 timers A, E, G and the 2xx of an INVITE).
    Retransmit,
    /// A transaction gives up (timers B, F, H, or no ACK for a 2xx).
    GiveUp,
    /// A finished transaction has absorbed late copies long enough (timers D, I, J, K and RFC 6026 L, M).
    Linger,
    /// 100 Trying is due because the application has not answered an INVITE within 200 ms.
    Trying,
    /// The target did not answer at all within [`crate::Invite::first_response_ms`].
    FirstResponse,
    /// A re-INVITE refused with 491 is tried again (RFC 3261 §14.1).
    Glare,
    /// The peer promised to refresh its session (RFC 4028) and did not.
    SessionExpired,
    /// A registration of ours is refreshed or tried again.
    RegisterRefresh,
    /// The earliest binding of the registrar runs out.
    BindingExpiry,
    /// A stream was idle, half-open or stuck in the middle of a message for too long.
    StreamIdle,
}
