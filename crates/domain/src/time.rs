//! Time as the machines see it: an instant in microseconds since the Unix epoch, UTC.
use serde::{Deserialize, Serialize};
use std::ops::{Add, Sub};

/// Microseconds since 1970-01-01T00:00:00Z. Stored and sent as that integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    pub const fn from_ms(ms: i64) -> Self {
        Self(ms * 1000)
    }
    pub const fn as_us(self) -> i64 {
        self.0
    }
    pub const fn as_ms(self) -> i64 {
        self.0 / 1000
    }
    /// Milliseconds from `earlier` to `self`; 0 when `earlier` is later (clocks may step back).
    pub const fn ms_since(self, earlier: Timestamp) -> u64 {
        let d = self.0 - earlier.0;
        if d < 0 { 0 } else { (d / 1000) as u64 }
    }
    pub const fn plus_ms(self, ms: u64) -> Self {
        Self(self.0.saturating_add((ms as i64).saturating_mul(1000)))
    }
}
impl Add<std::time::Duration> for Timestamp {
    type Output = Timestamp;
    fn add(self, d: std::time::Duration) -> Timestamp {
        Timestamp(self.0.saturating_add(d.as_micros() as i64))
    }
}
impl Sub for Timestamp {
    type Output = std::time::Duration;
    fn sub(self, o: Timestamp) -> std::time::Duration {
        std::time::Duration::from_micros((self.0 - o.0).max(0) as u64)
    }
}
