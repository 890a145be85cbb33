//! A token bucket per source address, so that one flooding peer costs little and starves nobody.
use domain::Timestamp;
use std::collections::HashMap;
use std::net::IpAddr;

/// Datagrams a second that an unknown source may send for ever.
pub const DATAGRAMS_PER_S: u32 = 200;
/// … and at once.
pub const DATAGRAMS_BURST: u32 = 600;
/// Sources that are remembered; beyond it all new ones share one bucket.
pub const SOURCES_MAX: usize = 16_384;
/// A bucket that rested this long is full again and can be forgotten.
const FORGET_MS: u64 = 10_000;

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f32,
    at: Timestamp,
}

impl Bucket {
    fn take(&mut self, now: Timestamp) -> bool {
        let refill = now.ms_since(self.at) as f32 * DATAGRAMS_PER_S as f32 / 1000.0;
        self.tokens = (self.tokens + refill).min(DATAGRAMS_BURST as f32);
        self.at = now;
        if self.tokens < 1.0 {
            return false;
        }
        self.tokens -= 1.0;
        true
    }
}

#[derive(Debug, Default)]
pub(super) struct Limiter {
    sources: HashMap<IpAddr, Bucket>,
    shared: Option<Bucket>,
}

impl Limiter {
    /// Whether one more datagram of this source is worth looking at.
    pub fn admits(&mut self, now: Timestamp, source: IpAddr) -> bool {
        let full = Bucket { tokens: DATAGRAMS_BURST as f32, at: now };
        if let Some(bucket) = self.sources.get_mut(&source) {
            return bucket.take(now);
        }
        if self.sources.len() >= SOURCES_MAX {
            self.sources.retain(|_, b| now.ms_since(b.at) < FORGET_MS);
        }
        if self.sources.len() >= SOURCES_MAX {
            return self.shared.get_or_insert(full).take(now);
        }
        self.sources.entry(source).or_insert(full).take(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_then_the_rate_holds_and_others_are_untouched() {
        let mut limiter = Limiter::default();
        let t0 = Timestamp::from_ms(1_000_000);
        let (noisy, quiet): (IpAddr, IpAddr) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let passed = (0..2_000).filter(|_| limiter.admits(t0, noisy)).count();
        assert_eq!(passed, DATAGRAMS_BURST as usize);
        assert!(limiter.admits(t0, quiet));
        let later = (0..2_000).filter(|_| limiter.admits(t0.plus_ms(1_000), noisy)).count();
        assert_eq!(later, DATAGRAMS_PER_S as usize);
    }

    #[test]
    fn many_sources_share_what_is_left_and_memory_stays_bounded() {
        let mut limiter = Limiter::default();
        let t0 = Timestamp::from_ms(1_000_000);
        let passed = (0..SOURCES_MAX as u32 * 2).filter(|i| limiter.admits(t0, IpAddr::from(i.to_be_bytes()))).count();
        assert_eq!(limiter.sources.len(), SOURCES_MAX);
        assert_eq!(passed, SOURCES_MAX + DATAGRAMS_BURST as usize);
    }
}
