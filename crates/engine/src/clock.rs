//! The one place that reads time and draws ids. Everything else is given a `Clock` or a `Timestamp`.
use domain::Timestamp;
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

/// Microseconds since the epoch that never step back while the process lives: wall time at the start plus monotonic time since.
/// A corrected wall clock is therefore seen only after a restart; a call's timings stay right meanwhile.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    origin: Instant,
    origin_at: Timestamp,
}

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "the one place where time enters the engine")]
    pub fn start() -> Self {
        let wall = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
        Self { origin: Instant::now(), origin_at: Timestamp(wall.as_micros() as i64) }
    }

    pub fn now(&self) -> Timestamp {
        self.at(self.instant())
    }

    /// The monotonic instant of this moment, for crates that count in `Instant` (signaling, media, tokio).
    #[expect(clippy::disallowed_methods, reason = "the one place where time enters the engine")]
    pub fn instant(&self) -> Instant {
        Instant::now()
    }

    pub fn at(&self, instant: Instant) -> Timestamp {
        self.origin_at + instant.saturating_duration_since(self.origin)
    }

    /// The instant of a timestamp; times before the process began become its begin.
    pub fn instant_of(&self, at: Timestamp) -> Instant {
        self.origin + (at - self.origin_at)
    }

    pub async fn sleep_until(&self, at: Timestamp) {
        tokio::time::sleep_until(self.instant_of(at).into()).await;
    }
}

/// Where ids and other random bits come from: one generator, seeded from the operating system, cheap to clone.
#[derive(Debug, Clone)]
pub struct IdSource {
    generator: Arc<Mutex<StdRng>>,
}

impl IdSource {
    /// # Errors
    /// The operating system gives no randomness.
    pub fn from_os() -> Result<Self, String> {
        StdRng::try_from_rng(&mut rand::rngs::SysRng).map(Self::with).map_err(|e| e.to_string())
    }

    /// The same ids every time, for tests and the demo's customers.
    pub fn seeded(seed: u64) -> Self {
        Self::with(StdRng::seed_from_u64(seed))
    }

    fn with(generator: StdRng) -> Self {
        Self { generator: Arc::new(Mutex::new(generator)) }
    }

    /// A new UUIDv7 of the wanted kind: `ids.new_id(now, EventId::from_parts)`.
    pub fn new_id<T>(&self, now: Timestamp, from_parts: fn(Timestamp, [u8; 10]) -> T) -> T {
        from_parts(now, self.bytes())
    }

    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.generator.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).fill_bytes(&mut bytes);
        bytes
    }

    pub fn next_u64(&self) -> u64 {
        u64::from_le_bytes(self.bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_and_timestamps_are_two_names_of_one_moment() {
        let clock = Clock::start();
        let now = clock.now();
        assert_eq!(clock.at(clock.instant_of(now)), now);
        assert!(clock.now() >= now);
        assert!(now.as_ms() > 1_700_000_000_000, "after 2023");
        assert_eq!(clock.instant_of(Timestamp(0)), clock.origin);
    }

    #[test]
    fn a_seed_gives_the_same_ids_again_and_the_os_does_not() {
        let at = Timestamp::from_ms(1_800_000_000_000);
        let id = |s: &IdSource| s.new_id(at, domain::EventId::from_parts);
        assert_eq!(id(&IdSource::seeded(7)), id(&IdSource::seeded(7)));
        assert_ne!(id(&IdSource::from_os().unwrap()), id(&IdSource::from_os().unwrap()));
    }
}
