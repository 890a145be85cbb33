//! Waits as counts in bins: bounded, they add up, and a service level is exact whatever its threshold.
//!
//! Bin borders: 0, then every 100 ms to 10 s, every second to one hour, then 64 a doubling. A bin holds `(lower, upper]`, so that
//! "within T" is exact for every whole second up to one hour. A percentile is given as its bin's upper border: too high by at most
//! 0.1 s up to 10 s, 1 s up to one hour, 1.6 % beyond.
use std::collections::BTreeMap;

const FINE_MS: u64 = 10_000;
const FINE_BINS: u64 = 100;
const HOUR_MS: u64 = 3_600_000;
const HOUR_BIN: u64 = FINE_BINS + (HOUR_MS - FINE_MS) / 1000;
const BINS_PER_DOUBLING: u64 = 64;
/// 2^9 hours; what is longer counts as that.
const DOUBLINGS_MAX: u64 = 9;

/// At most 4,267 bins, empty ones take no room.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Histogram {
    bins: BTreeMap<u16, i64>,
}

fn bin_of(ms: u64) -> u16 {
    let bin = match ms {
        _ if ms <= FINE_MS => ms.div_ceil(100),
        _ if ms <= HOUR_MS => FINE_BINS + (ms - FINE_MS).div_ceil(1000),
        _ => {
            let doubling = u64::from(((ms - 1) / HOUR_MS).ilog2());
            if doubling >= DOUBLINGS_MAX {
                HOUR_BIN + DOUBLINGS_MAX * BINS_PER_DOUBLING
            } else {
                let base = HOUR_MS << doubling;
                HOUR_BIN + doubling * BINS_PER_DOUBLING + ((ms - base) * BINS_PER_DOUBLING).div_ceil(base)
            }
        }
    };
    u16::try_from(bin).unwrap_or(u16::MAX)
}

fn upper_ms(bin: u16) -> u64 {
    let bin = u64::from(bin);
    match bin {
        _ if bin <= FINE_BINS => bin * 100,
        _ if bin <= HOUR_BIN => FINE_MS + (bin - FINE_BINS) * 1000,
        _ => {
            let (doubling, part) = ((bin - HOUR_BIN - 1) / BINS_PER_DOUBLING, (bin - HOUR_BIN - 1) % BINS_PER_DOUBLING + 1);
            let base = HOUR_MS << doubling.min(DOUBLINGS_MAX);
            base + base / BINS_PER_DOUBLING * part
        }
    }
}

impl Histogram {
    /// `times` more (or, negative, fewer) waits of this length.
    pub fn add(&mut self, ms: u64, times: i64) {
        self.add_bin(bin_of(ms), times);
    }
    fn add_bin(&mut self, bin: u16, times: i64) {
        let count = self.bins.entry(bin).or_default();
        *count += times;
        if *count == 0 {
            self.bins.remove(&bin);
        }
    }
    pub fn merge(&mut self, other: &Histogram) {
        for (bin, count) in &other.bins {
            self.add_bin(*bin, *count);
        }
    }
    pub fn count(&self) -> i64 {
        self.bins.values().sum()
    }
    /// How many waited `ms` or less; exact for whole seconds up to one hour.
    pub fn within(&self, ms: u64) -> i64 {
        self.bins.range(..=bin_of(ms)).map(|(_, n)| n).sum()
    }
    /// The smallest border at or below which `permille` of the waits lie (nearest rank); 1000 = the maximum.
    pub fn quantile_ms(&self, permille: u16) -> Option<u64> {
        let n = self.count();
        if n <= 0 {
            return None;
        }
        let rank = (n * i64::from(permille.min(1000)) + 999).div_euclid(1000).max(1);
        let mut below = 0;
        for (bin, count) in &self.bins {
            below += count;
            if below >= rank {
                return Some(upper_ms(*bin));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn borders() {
        for (ms, upper) in [(0, 0), (1, 100), (100, 100), (101, 200), (10_000, 10_000), (10_001, 11_000), (20_000, 20_000)] {
            assert_eq!(upper_ms(bin_of(ms)), upper, "{ms}");
        }
        assert_eq!(upper_ms(bin_of(HOUR_MS)), HOUR_MS);
        assert_eq!(upper_ms(bin_of(2 * HOUR_MS)), 2 * HOUR_MS);
        assert_eq!(bin_of(u64::MAX), 4266);
    }

    #[test]
    fn quantiles_by_nearest_rank() {
        let mut h = Histogram::default();
        for s in 1..=10 {
            h.add(s * 1000, 1);
        }
        let at = |permille| h.quantile_ms(permille);
        assert_eq!((at(500), at(900), at(1000), at(0)), (Some(5000), Some(9000), Some(10_000), Some(1000)));
        assert_eq!(Histogram::default().quantile_ms(500), None);
    }

    proptest! {
        #[test]
        fn error_is_what_the_page_says(ms in 0u64..(512 * HOUR_MS)) {
            let upper = upper_ms(bin_of(ms));
            prop_assert!(upper >= ms);
            let allowed = if ms <= FINE_MS { 100 } else if ms <= HOUR_MS { 1000 } else { ms / 64 + 1 };
            prop_assert!(upper - ms <= allowed, "{ms} {upper}");
        }
        #[test]
        fn within_whole_seconds_is_exact(waits in prop::collection::vec(0u64..4_000_000, 0..50), t_s in 0u64..=3600) {
            let mut h = Histogram::default();
            waits.iter().for_each(|w| h.add(*w, 1));
            prop_assert_eq!(h.within(t_s * 1000), waits.iter().filter(|w| **w <= t_s * 1000).count() as i64);
            waits.iter().for_each(|w| h.add(*w, -1));
            prop_assert_eq!(h, Histogram::default());
        }
    }
}
