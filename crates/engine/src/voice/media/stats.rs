//! Counters of one worker. The worker counts in plain integers and publishes them once a round.
use super::MediaStats;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Upper edges of the lateness histogram, microseconds; the last bucket is open.
const EDGES_US: [u64; 12] = [50, 100, 200, 400, 700, 1000, 2000, 5000, 10_000, 20_000, 60_000, u64::MAX];

/// What a worker has counted since its start.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counters {
    pub packets_in: u64,
    pub packets_out: u64,
    pub send_errors: u64,
    pub lost_in: u64,
    pub ticks: u64,
    pub ticks_skipped: u64,
    pub recorder_dropped_ms: u64,
    pub events_dropped: u64,
    pub sessions_failed: u64,
    pub late: [u64; EDGES_US.len()],
    // Gauges.
    pub rtp_legs: u64,
    pub web_legs: u64,
    pub recordings: u64,
}

impl Counters {
    pub fn tick(&mut self, late: Duration) {
        let us = late.as_micros() as u64;
        let bucket = EDGES_US.iter().position(|edge| us <= *edge).unwrap_or(EDGES_US.len() - 1);
        self.late[bucket] += 1;
    }
}

/// The published copy.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    values: [AtomicU64; 12],
    late: [AtomicU64; EDGES_US.len()],
    /// Sessions opened and not yet gone; counted up by `open`, down by the worker.
    pub sessions: AtomicI64,
}

impl Shelf {
    pub fn publish(&self, c: &Counters) {
        let values = [
            c.packets_in,
            c.packets_out,
            c.send_errors,
            c.lost_in,
            c.ticks,
            c.ticks_skipped,
            c.recorder_dropped_ms,
            c.events_dropped,
            c.sessions_failed,
            c.rtp_legs,
            c.web_legs,
            c.recordings,
        ];
        self.values.iter().zip(values).for_each(|(shelf, value)| shelf.store(value, Relaxed));
        self.late.iter().zip(c.late).for_each(|(shelf, value)| shelf.store(value, Relaxed));
    }

    /// Adds this worker's figures to a sum over all.
    pub fn add_to(&self, sum: &mut MediaStats, late: &mut Lateness) {
        let v: [u64; 12] = std::array::from_fn(|i| self.values[i].load(Relaxed));
        sum.packets_in += v[0];
        sum.packets_out += v[1];
        sum.send_errors += v[2];
        sum.lost_in += v[3];
        sum.ticks += v[4];
        sum.ticks_skipped += v[5];
        sum.recorder_dropped_ms += v[6];
        sum.events_dropped += v[7];
        sum.sessions_failed += v[8];
        sum.rtp_legs += v[9];
        sum.web_legs += v[10];
        sum.recordings += v[11];
        sum.sockets += v[9] * 2;
        sum.sessions += self.sessions.load(Relaxed).max(0) as u64;
        late.0.iter_mut().zip(&self.late).for_each(|(sum, bucket)| *sum += bucket.load(Relaxed));
    }
}

/// Lateness of all workers' ticks.
#[derive(Debug, Default)]
pub(super) struct Lateness([u64; EDGES_US.len()]);

impl Lateness {
    /// Upper edge of the bucket that the share `percent` of all ticks falls into; 0 without ticks.
    pub fn percentile_us(&self, percent: u64) -> u64 {
        let total: u64 = self.0.iter().sum();
        let mut left = (total * percent).div_ceil(100);
        for (count, edge) in self.0.iter().zip(EDGES_US) {
            if left <= *count && *count > 0 {
                return edge.min(1_000_000);
            }
            left = left.saturating_sub(*count);
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_bucket_edges() {
        let mut counters = Counters::default();
        for us in 0..100u64 {
            counters.tick(Duration::from_micros(if us < 98 { 10 } else { 3000 }));
        }
        let shelf = Shelf::default();
        shelf.publish(&counters);
        let (mut sum, mut late) = (MediaStats::default(), Lateness::default());
        shelf.add_to(&mut sum, &mut late);
        assert_eq!((late.percentile_us(50), late.percentile_us(99)), (50, 5000));
        assert_eq!(Lateness::default().percentile_us(99), 0);
    }
}
