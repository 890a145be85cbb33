//! A token bucket a credential or address, so that one client cannot starve the others.
use domain::Timestamp;
use std::collections::HashMap;
use std::sync::Mutex;

/// Buckets kept; beyond it the full (idle) ones are dropped, then all: forgetting only ever allows more.
const BUCKETS_MAX: usize = 20_000;

#[derive(Debug)]
pub struct RateLimit {
    per_s: f64,
    burst: f64,
    buckets: Mutex<HashMap<Vec<u8>, Bucket>>,
}
#[derive(Debug)]
struct Bucket {
    tokens: f64,
    at: Timestamp,
}

impl RateLimit {
    pub fn new(per_s: u32, burst: u32) -> Self {
        Self { per_s: f64::from(per_s.max(1)), burst: f64::from(burst.max(1)), buckets: Mutex::default() }
    }

    /// Takes one token of `key`, or says after how many seconds there will be one.
    pub fn take(&self, key: &[u8], now: Timestamp) -> Result<(), u64> {
        let mut buckets = self.buckets.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if buckets.len() >= BUCKETS_MAX && !buckets.contains_key(key) {
            buckets.retain(|_, b| b.tokens + now.ms_since(b.at) as f64 / 1000.0 * self.per_s < self.burst);
            if buckets.len() >= BUCKETS_MAX {
                buckets.clear();
            }
        }
        let bucket = buckets.entry(key.to_vec()).or_insert(Bucket { tokens: self.burst, at: now });
        bucket.tokens = (bucket.tokens + now.ms_since(bucket.at) as f64 / 1000.0 * self.per_s).min(self.burst);
        bucket.at = now;
        if bucket.tokens < 1.0 {
            return Err(((1.0 - bucket.tokens) / self.per_s).ceil().max(1.0) as u64);
        }
        bucket.tokens -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_the_average() {
        let limit = RateLimit::new(10, 3);
        let at = Timestamp::from_ms;
        assert_eq!((0..5).filter(|_| limit.take(b"a", at(0)).is_ok()).count(), 3);
        assert!(limit.take(b"b", at(0)).is_ok(), "another key has its own bucket");
        assert!(limit.take(b"a", at(100)).is_ok());
        assert_eq!(limit.take(b"a", at(100)), Err(1));
    }

    #[test]
    fn memory_is_bounded() {
        let limit = RateLimit::new(1, 1);
        for n in 0..(BUCKETS_MAX as u32 + 10) {
            let _ = limit.take(&n.to_be_bytes(), Timestamp(0));
        }
        assert!(limit.buckets.lock().unwrap().len() <= BUCKETS_MAX);
    }
}
