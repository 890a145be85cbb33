//! Adaptive jitter buffer: packets of one stream ordered by their extended RTP timestamp, taken out on a 20 ms grid.
//!
//! Ordering by timestamp and not by sequence copes with silence suppression, other packet times and events in between.
//! The depth follows the 95th percentile of the packets' delay over the fastest one, within 40–200 ms. It is changed by
//! one frame at a time, at most every two seconds, and only in silence unless it is far off.
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Bounds of the depth aimed at, milliseconds.
pub const TARGET_MS: (u32, u32) = (40, 200);
/// A timestamp this far from the expected one begins a new stream.
const JUMP_MS: i64 = 2000;
/// Audio kept at most; beyond it the oldest goes.
const HELD_MS_MAX: i64 = 500;
const PACKETS_MAX: usize = 64;
/// Depth is corrected by a frame at most this often (in frames of 20 ms).
const ADJUST_FRAMES: u32 = 100;
/// This many frames beyond the target it is corrected even while somebody speaks.
const FAR_OFF_MS: i64 = 80;
/// Delay histogram: bucket width, buckets, and observations after which it forgets half.
const BUCKET_MS: i64 = 5;
const BUCKETS: usize = 64;
const FORGET_AFTER: u32 = 512;
/// The fastest transit is allowed to creep up by this per packet: clock drift of the peer.
const CREEP_US: i64 = 10;

/// What the grid gives for the next 20 ms.
#[derive(Debug, PartialEq, Eq)]
pub enum Pulled {
    /// The next packet in line. It may last longer or shorter than 20 ms: call again until a frame is full.
    Packet(Vec<u8>),
    /// It is missing: conceal one frame, with the help of the packet after it if `peek` has one.
    Missing,
    /// Nothing is expected (not started, or a pause of the speaker).
    Silence,
}

/// Statistics of one buffer since its start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct JitterStats {
    pub late: u64,
    pub duplicates: u64,
    pub dropped: u64,
    pub resets: u64,
}

#[derive(Debug)]
pub struct JitterBuffer {
    /// Clock units in a millisecond (8 or 48).
    per_ms: i64,
    packets: BTreeMap<i64, Vec<u8>>,
    /// Recycled payload buffers: no allocation in the steady state.
    spare: Vec<Vec<u8>>,
    /// Extended timestamp of the newest packet; the base of extension.
    newest: Option<i64>,
    /// Extended timestamp due next; none while filling up.
    next: Option<i64>,
    /// Frames concealed in a row.
    missing: u32,
    ssrc: Option<u32>,
    since_adjust: u32,
    delay: DelayHistogram,
    stats: JitterStats,
}

/// After this many missing frames in a row the stream is taken to have paused.
const MISSING_MAX: u32 = 10;

impl JitterBuffer {
    pub fn new(clock_rate: u32) -> Self {
        Self {
            per_ms: i64::from(clock_rate / 1000).max(1),
            packets: BTreeMap::new(),
            spare: Vec::new(),
            newest: None,
            next: None,
            missing: 0,
            ssrc: None,
            since_adjust: 0,
            delay: DelayHistogram::default(),
            stats: JitterStats::default(),
        }
    }

    pub fn stats(&self) -> JitterStats {
        self.stats
    }

    /// Depth aimed at now, milliseconds.
    pub fn target_ms(&self) -> u32 {
        (self.delay.p95_ms() as u32 + 20).clamp(TARGET_MS.0, TARGET_MS.1)
    }

    /// Audio waiting, milliseconds.
    pub fn depth_ms(&self) -> u32 {
        match (self.packets.first_key_value(), self.newest) {
            (Some((first, _)), Some(newest)) => ((newest - self.next.unwrap_or(*first)).max(0) / self.per_ms) as u32 + 20,
            _ => 0,
        }
    }

    /// Takes a packet.
    pub fn push(&mut self, now: Instant, ssrc: u32, timestamp: u32, payload: &[u8]) {
        if self.ssrc.is_some_and(|s| s != ssrc) {
            self.reset();
        }
        self.ssrc = Some(ssrc);
        let mut extended = self.extend(timestamp);
        if self.newest.is_some_and(|n| (extended - n).abs() > JUMP_MS * self.per_ms) {
            self.reset();
            extended = i64::from(timestamp);
        }
        self.delay.observe(now, extended * 1000 / self.per_ms);
        if self.next.is_some_and(|next| extended < next) {
            self.stats.late += 1;
            return;
        }
        if self.packets.contains_key(&extended) {
            self.stats.duplicates += 1;
            return;
        }
        let mut buffer = self.spare.pop().unwrap_or_default();
        buffer.clear();
        buffer.extend_from_slice(payload);
        self.packets.insert(extended, buffer);
        self.newest = Some(self.newest.map_or(extended, |n| n.max(extended)));
        self.trim();
    }

    /// The next piece of the line. `quiet`: the audio played last was silence, so the depth may be changed unheard.
    pub fn pull(&mut self, quiet: bool) -> Pulled {
        self.since_adjust += 1;
        let Some((&first, _)) = self.packets.first_key_value() else { return self.starve() };
        let next = match self.next {
            Some(next) => next,
            None if i64::from(self.depth_ms()) < i64::from(self.target_ms()) => return Pulled::Silence,
            None => first,
        };
        let next = self.adjust(next, quiet);
        let Some((&first, _)) = self.packets.first_key_value() else { return self.starve() };
        // Packet times that are not multiples of 20 ms make small overlaps; half a frame off is still the one due.
        if first <= next + 10 * self.per_ms {
            self.missing = 0;
            let payload = self.packets.remove(&first).unwrap_or_default();
            self.next = Some(first);
            return Pulled::Packet(payload);
        }
        // Shallower than the path's jitter asks for: it may still come, so the line waits and is deeper from now on.
        let waits = self.depth_ms() < self.target_ms();
        self.next = Some(if waits { next } else { next + 20 * self.per_ms });
        self.missing += 1;
        if self.missing > MISSING_MAX { Pulled::Silence } else { Pulled::Missing }
    }

    /// The packet that comes right after a missing one: Opus carries a copy of the one before in it.
    pub fn peek(&self) -> Option<&[u8]> {
        let (at, payload) = self.packets.first_key_value()?;
        (*at <= self.next? + 10 * self.per_ms).then_some(payload)
    }

    /// Tells how long the packet pulled last was, in clock units, and takes its buffer back.
    pub fn played(&mut self, ticks: u32, buffer: Vec<u8>) {
        if let Some(next) = &mut self.next {
            *next += i64::from(ticks);
        }
        if self.spare.len() < PACKETS_MAX {
            self.spare.push(buffer);
        }
    }

    /// Forgets the stream; the learnt delay goes too, it was another path's.
    pub fn reset(&mut self) {
        self.spare.extend(std::mem::take(&mut self.packets).into_values());
        self.spare.truncate(PACKETS_MAX);
        (self.newest, self.next, self.missing) = (None, None, 0);
        self.delay = DelayHistogram::default();
        self.stats.resets += 1;
    }

    fn starve(&mut self) -> Pulled {
        let jittery = self.target_ms() > TARGET_MS.0;
        let Some(next) = &mut self.next else { return Pulled::Silence };
        if !jittery {
            *next += 20 * self.per_ms;
        }
        self.missing += 1;
        if self.missing > MISSING_MAX {
            // The speaker paused: fill up anew when it goes on.
            self.next = None;
            self.missing = 0;
            return Pulled::Silence;
        }
        Pulled::Missing
    }

    /// Skips a frame when too deep, waits one when too shallow.
    fn adjust(&mut self, next: i64, quiet: bool) -> i64 {
        let off = i64::from(self.depth_ms()) - i64::from(self.target_ms());
        let due = self.since_adjust >= ADJUST_FRAMES;
        let frame = 20 * self.per_ms;
        if (due && quiet && off > 20) || (off > FAR_OFF_MS && self.since_adjust >= 5) {
            self.since_adjust = 0;
            if let Some(entry) = self.packets.first_entry().filter(|e| *e.key() < next + frame) {
                self.spare.push(entry.remove());
            }
            return next + frame;
        }
        if due && quiet && off < -20 && self.next.is_some() {
            self.since_adjust = 0;
            return next - frame;
        }
        next
    }

    fn trim(&mut self) {
        let Some(newest) = self.newest else { return };
        let oldest = newest - HELD_MS_MAX * self.per_ms;
        while self.packets.len() > PACKETS_MAX || self.packets.first_key_value().is_some_and(|(first, _)| *first < oldest) {
            let Some((_, buffer)) = self.packets.pop_first() else { break };
            self.spare.push(buffer);
            self.stats.dropped += 1;
            if let (Some(next), Some((&first, _))) = (self.next, self.packets.first_key_value()) {
                self.next = Some(next.max(first));
            }
        }
        self.spare.truncate(PACKETS_MAX);
    }

    fn extend(&self, timestamp: u32) -> i64 {
        match self.newest {
            None => i64::from(timestamp),
            Some(newest) => newest + i64::from(timestamp.wrapping_sub(newest as u32) as i32),
        }
    }
}

/// How late packets are against the fastest of them, slowly forgetting.
#[derive(Debug)]
struct DelayHistogram {
    base: Option<Instant>,
    /// Smallest transit, microseconds, relative to the first packet's.
    fastest_us: i64,
    counts: [u32; BUCKETS],
    total: u32,
}

impl Default for DelayHistogram {
    fn default() -> Self {
        Self { base: None, fastest_us: i64::MAX / 2, counts: [0; BUCKETS], total: 0 }
    }
}

impl DelayHistogram {
    fn observe(&mut self, now: Instant, media_us: i64) {
        let base = *self.base.get_or_insert(now);
        let transit = now.saturating_duration_since(base).min(Duration::from_secs(1 << 30)).as_micros() as i64 - media_us;
        self.fastest_us = (self.fastest_us + CREEP_US).min(transit);
        let bucket = ((transit - self.fastest_us) / 1000 / BUCKET_MS).clamp(0, BUCKETS as i64 - 1) as usize;
        self.counts[bucket] += 1;
        self.total += 1;
        if self.total >= FORGET_AFTER {
            self.counts.iter_mut().for_each(|c| *c /= 2);
            self.total = self.counts.iter().sum();
        }
    }

    fn p95_ms(&self) -> i64 {
        let mut beyond = self.total / 20;
        for (i, count) in self.counts.iter().enumerate().rev() {
            if *count > beyond {
                return (i as i64 + 1) * BUCKET_MS;
            }
            beyond -= count;
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::start;

    /// Plays `packets` = (arrival ms, index); returns the indices heard (`-1` concealed, `-2` silence) per 20 ms from time 0.
    fn play(packets: &[(u64, u32)], frames: u64) -> (Vec<i32>, JitterStats) {
        let mut buffer = JitterBuffer::new(8000);
        let mut heard = Vec::new();
        let mut waiting = packets.to_vec();
        waiting.sort();
        let mut waiting = waiting.into_iter().peekable();
        for frame in 0..frames {
            let now_ms = frame * 20 + 10;
            while let Some((ms, index)) = waiting.next_if(|p| p.0 <= now_ms) {
                let timestamp = 0xffff_f000u32.wrapping_add(index * 160);
                buffer.push(start() + Duration::from_millis(ms), 7, timestamp, &(index as i32).to_be_bytes());
            }
            heard.push(match buffer.pull(false) {
                Pulled::Packet(p) => {
                    let index = i32::from_be_bytes(p[..4].try_into().expect("4 bytes"));
                    buffer.played(160, p);
                    index
                }
                Pulled::Missing => -1,
                Pulled::Silence => -2,
            });
        }
        (heard, buffer.stats())
    }

    fn steady(n: u32) -> Vec<(u64, u32)> {
        (0..n).map(|i| (u64::from(i) * 20, i)).collect()
    }

    #[test]
    fn a_steady_stream_is_played_whole_after_40_ms() {
        let (heard, stats) = play(&steady(100), 100);
        let first = heard.iter().position(|h| *h == 0).expect("starts");
        assert!(first <= 2, "{heard:?}");
        assert!(heard[first..].iter().copied().eq(0..(100 - first as i32)), "{heard:?}");
        assert_eq!(stats, JitterStats::default());
    }

    #[test]
    fn reordered_packets_are_put_in_order_and_duplicates_dropped() {
        let mut packets = steady(50);
        packets.swap(10, 11);
        packets[10].0 = 200;
        packets[11].0 = 221;
        packets.push((500, 25));
        packets.push((505, 25));
        let (heard, stats) = play(&packets, 50);
        let first = heard.iter().position(|h| *h == 0).expect("starts");
        assert!(heard[first..].iter().copied().eq(0..(50 - first as i32)), "{heard:?}");
        assert_eq!(stats.duplicates + stats.late, 2);
    }

    #[test]
    fn a_lost_packet_is_concealed_in_its_place() {
        let mut packets = steady(50);
        packets.remove(20);
        let (heard, _) = play(&packets, 50);
        let at = heard.iter().position(|h| *h == -1).expect("concealed");
        assert_eq!((heard[at - 1], heard[at + 1]), (19, 21));
        assert_eq!(heard.iter().filter(|h| **h == -1).count(), 1);
    }

    #[test]
    fn jitter_raises_the_depth_until_nothing_is_late() {
        // Every third packet is 60 ms late.
        let packets: Vec<(u64, u32)> = (0..600u32).map(|i| (u64::from(i) * 20 + if i % 3 == 0 { 60 } else { 0 }, i)).collect();
        let (heard, _) = play(&packets, 600);
        let concealed = heard[300..].iter().filter(|h| **h == -1).count();
        assert!(concealed <= 2, "{concealed} {:?}", &heard[300..]);
    }

    #[test]
    fn a_pause_is_silence_and_the_stream_goes_on_after_it() {
        let mut packets = steady(30);
        packets.extend((80..110u32).map(|i| (u64::from(i) * 20, i)));
        let (heard, _) = play(&packets, 112);
        assert!(heard[60..75].iter().all(|h| *h == -2), "{heard:?}");
        let at = heard.iter().position(|h| *h == 80).expect("goes on");
        assert!(heard[at..].iter().copied().take(25).eq(80..105), "{heard:?}");
    }

    #[test]
    fn a_jump_or_a_new_ssrc_starts_over() {
        let mut buffer = JitterBuffer::new(8000);
        let mut now = start();
        for (ssrc, base) in [(1, 0u32), (1, 5_000_000), (2, 17)] {
            let mut got = 0;
            for i in 0..10u32 {
                buffer.push(now, ssrc, base + i * 160, &[1; 160]);
                if let Pulled::Packet(p) = buffer.pull(false) {
                    buffer.played(160, p);
                    got += 1;
                }
                now += Duration::from_millis(20);
            }
            assert!(got >= 8, "{ssrc} {base} {got}");
        }
        assert_eq!(buffer.stats().resets, 2);
    }

    #[test]
    fn memory_is_bounded() {
        let mut buffer = JitterBuffer::new(8000);
        for i in 0..10_000u32 {
            buffer.push(start(), 1, i * 160, &[0; 160]);
        }
        assert!(buffer.packets.len() <= PACKETS_MAX && buffer.spare.len() <= PACKETS_MAX);
    }
}
