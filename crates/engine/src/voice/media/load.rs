//! Fewer wake-ups under load: with thousands of packets a second nearly each one would wake the worker for itself, and
//! waking costs as much as relaying. A busy worker rests until the next point of a half-millisecond grid and then does
//! what has gathered. A packet waits 0.25 ms on average for that; ticks fall on the same grid and do not wait at all.
use std::time::{Duration, Instant};

/// The grid; tick phases (2 ms apart) lie on it.
const GRID: Duration = Duration::from_micros(500);
/// The rate is looked at this often.
const WINDOW: Duration = Duration::from_millis(100);
/// Packets in a window from which on a worker is busy: 4000 a second, forty relayed calls.
const BUSY_PACKETS: u64 = 400;

#[derive(Debug)]
pub(super) struct Load {
    since: Instant,
    packets: u64,
    busy: bool,
}

impl Load {
    pub fn new(now: Instant) -> Self {
        Self { since: now, packets: 0, busy: false }
    }

    /// `packets`: received since the start.
    pub fn is_busy(&mut self, now: Instant, packets: u64) -> bool {
        let passed = now.saturating_duration_since(self.since);
        if passed >= WINDOW {
            let rate = (packets - self.packets) as u128 * WINDOW.as_micros() / passed.as_micros().max(1);
            self.busy = rate >= u128::from(BUSY_PACKETS);
            (self.since, self.packets) = (now, packets);
        }
        self.busy
    }

    /// Time to the next point of the grid.
    pub fn until_grid(&self, now: Instant, epoch: Instant) -> Duration {
        let grid = GRID.as_nanos() as u64;
        let passed = now.saturating_duration_since(epoch).as_nanos() as u64;
        Duration::from_nanos(grid - passed % grid)
    }
}

/// Lets the thread rest; a signal may cut it short, which does no harm.
pub(super) fn rest(duration: Duration) {
    let spec = libc::timespec { tv_sec: 0, tv_nsec: duration.min(GRID).subsec_nanos().into() };
    // SAFETY: `spec` lives through the call and the remaining time is not asked for.
    unsafe { libc::nanosleep(&raw const spec, std::ptr::null_mut()) };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    #[test]
    fn busy_follows_the_rate_of_the_last_window() {
        let start = Clock::start().instant();
        let mut load = Load::new(start);
        assert!(!load.is_busy(start + WINDOW / 2, 10_000), "not before a window is full");
        assert!(load.is_busy(start + WINDOW, 10_000));
        assert!(!load.is_busy(start + WINDOW * 2, 10_399));
        assert!(load.is_busy(start + WINDOW * 12, 10_399 + 4000), "a long window counts by its length");
    }

    #[test]
    fn the_grid_is_fixed_to_the_epoch() {
        let start = Clock::start().instant();
        let load = Load::new(start);
        let left = |us| load.until_grid(start + Duration::from_micros(us), start).as_micros();
        assert_eq!((left(0), left(1), left(499), left(500), left(1700)), (500, 499, 1, 500, 300));
    }
}
