//! The one writer of a leg's outgoing stream. Whether a packet is relayed from another leg, made by a tick or is a
//! digit, it leaves with our SSRC, the next sequence number and a timestamp on one line: the far end cannot tell.
use crate::rtp::Header;
use std::time::{Duration, Instant};

/// A source whose clock disagrees with the time passed by more than this has started anew.
const JUMP: Duration = Duration::from_secs(2);
/// Made frames this far apart or less are one after the other; beyond, the pause shows in the timestamp.
const PAUSE: Duration = Duration::from_millis(70);

/// Who a relayed packet came from; a change of it starts a new mapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceKey {
    pub leg: u32,
    pub ssrc: u32,
}

#[derive(Debug, Clone, Copy)]
struct Source {
    key: SourceKey,
    first_sequence: u16,
    sequence_offset: u16,
    timestamp_offset: u32,
    /// Newest packet seen from it.
    sequence: u16,
    timestamp: u32,
    at: Instant,
}

/// Numbers given to one outgoing packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    pub sequence: u16,
    pub timestamp: u32,
    pub marker: bool,
}

#[derive(Debug)]
pub struct OutStream {
    ssrc: u32,
    clock_rate: u32,
    next_sequence: u16,
    /// Of the newest packet, and how long that packet lasts.
    timestamp: u32,
    duration: u32,
    last_at: Option<Instant>,
    source: Option<Source>,
    pub packets: u64,
    pub bytes: u64,
}

impl OutStream {
    /// `seed`: any random bits; SSRC and first numbers come from them (RFC 3550 section 5.1 wants them random).
    pub fn new(seed: u64, clock_rate: u32) -> Self {
        let bits = mix_bits(seed);
        let more = mix_bits(bits);
        Self {
            ssrc: (bits >> 32) as u32,
            clock_rate,
            next_sequence: bits as u16 >> 1,
            timestamp: more as u32,
            duration: clock_rate / 50,
            last_at: None,
            source: None,
            packets: 0,
            bytes: 0,
        }
    }

    pub fn ssrc(&self) -> u32 {
        self.ssrc
    }

    /// After a change of codec.
    pub fn set_clock_rate(&mut self, clock_rate: u32) {
        if clock_rate != self.clock_rate {
            self.clock_rate = clock_rate;
            self.duration = clock_rate / 50;
            self.source = None;
        }
    }

    /// The timestamp that a packet sent now would have, for sender reports.
    pub fn timestamp_at(&self, now: Instant) -> u32 {
        let passed = self.last_at.map_or(0, |at| ticks(now.saturating_duration_since(at), self.clock_rate));
        self.timestamp.wrapping_add(passed)
    }

    /// Numbers for a packet passed on from another stream: its own steps are kept, so loss and reordering stay visible
    /// to the receiver. None: it belongs before the point where this source was taken up, and must be dropped.
    pub fn relay(&mut self, now: Instant, key: SourceKey, header: &Header) -> Option<Stamp> {
        let known = self.source.filter(|s| s.key == key && !self.jumped(s, now, header));
        let (mut source, fresh) = match known {
            Some(source) => (source, false),
            None => (self.take_up(now, key, header), true),
        };
        if (header.sequence.wrapping_sub(source.first_sequence) as i16) < 0 && recent(&source, header) {
            return None;
        }
        let sequence = header.sequence.wrapping_add(source.sequence_offset);
        let timestamp = header.timestamp.wrapping_add(source.timestamp_offset);
        if (header.sequence.wrapping_sub(source.sequence) as i16) >= 0 {
            source.sequence = header.sequence;
            // A first sequence far behind would wrap; move it along.
            if header.sequence.wrapping_sub(source.first_sequence) > 0x4000 {
                source.first_sequence = header.sequence.wrapping_sub(0x2000);
            }
            source.timestamp = header.timestamp;
            source.at = now;
            self.next_sequence = sequence.wrapping_add(1);
            self.timestamp = timestamp;
            self.last_at = Some(now);
        }
        self.source = Some(source);
        Some(Stamp { sequence, timestamp, marker: header.marker || fresh })
    }

    /// Numbers for a frame of our own that lasts `duration` clock units. `now` is the tick's deadline, not when it ran.
    pub fn generate(&mut self, now: Instant, duration: u32) -> Stamp {
        let (step, marker) = match self.last_at {
            None => (0, true),
            Some(at) => {
                let passed = now.saturating_duration_since(at);
                let frame = duration.max(1);
                let frames = (ticks(passed, self.clock_rate) + frame / 2) / frame;
                let continues = self.source.is_none() && passed <= PAUSE;
                if continues { (self.duration, false) } else { (frames.max(1).saturating_mul(frame).max(self.duration), true) }
            }
        };
        self.source = None;
        self.duration = duration;
        self.timestamp = self.timestamp.wrapping_add(step);
        self.last_at = Some(now);
        Stamp { sequence: self.take_sequence(), timestamp: self.timestamp, marker }
    }

    /// Numbers for one packet of a digit: every packet of the same digit has the timestamp of its first (RFC 4733
    /// section 2.5.1.2). `duration` is how much of the time line the digit has covered by now.
    pub fn event(&mut self, now: Instant, first: bool, duration: u32) -> Stamp {
        if first {
            return self.generate(now, duration);
        }
        self.duration = self.duration.max(duration);
        self.last_at = Some(now);
        Stamp { sequence: self.take_sequence(), timestamp: self.timestamp, marker: false }
    }

    /// Counts what was really sent, for sender reports.
    pub fn sent(&mut self, payload_bytes: usize) {
        self.packets += 1;
        self.bytes += payload_bytes as u64;
    }

    fn take_sequence(&mut self) -> u16 {
        let sequence = self.next_sequence;
        self.next_sequence = sequence.wrapping_add(1);
        sequence
    }

    fn take_up(&self, now: Instant, key: SourceKey, header: &Header) -> Source {
        let timestamp = match self.last_at {
            None => self.timestamp,
            Some(at) => {
                let passed = ticks(now.saturating_duration_since(at), self.clock_rate);
                self.timestamp.wrapping_add(passed.max(self.duration))
            }
        };
        Source {
            key,
            first_sequence: header.sequence,
            sequence_offset: self.next_sequence.wrapping_sub(header.sequence),
            timestamp_offset: timestamp.wrapping_sub(header.timestamp),
            sequence: header.sequence,
            timestamp: header.timestamp,
            at: now,
        }
    }

    /// Did the source's clock or numbering start over (re-INVITE, hold, a restarted peer)?
    fn jumped(&self, source: &Source, now: Instant, header: &Header) -> bool {
        let passed = i64::from(ticks(now.saturating_duration_since(source.at), self.clock_rate));
        let moved = i64::from(header.timestamp.wrapping_sub(source.timestamp) as i32);
        let bound = i64::from(ticks(JUMP, self.clock_rate));
        (moved - passed).abs() > bound
    }
}

/// Is this packet a late one of the same run, not one of a numbering that started over?
fn recent(source: &Source, header: &Header) -> bool {
    source.first_sequence.wrapping_sub(header.sequence) < 1000
}

fn ticks(duration: Duration, clock_rate: u32) -> u32 {
    (duration.as_micros() as u64 * u64::from(clock_rate) / 1_000_000) as u32
}

/// SplitMix64's output function: spreads a seed over all bits.
pub(crate) fn mix_bits(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::start;

    const KEY: SourceKey = SourceKey { leg: 1, ssrc: 9 };

    fn packet(sequence: u16, timestamp: u32) -> Header {
        Header { payload_type: 0, marker: false, sequence, timestamp, ssrc: 9 }
    }

    #[test]
    fn relay_to_tick_to_relay_is_one_line() {
        let mut now = start();
        let mut out = OutStream::new(1, 8000);
        let mut stamps = Vec::new();
        let step = Duration::from_millis(20);
        for i in 0..10u16 {
            stamps.push(
                out.relay(now, KEY, &packet(65_530u16.wrapping_add(i), 0xffff_ff00u32.wrapping_add(u32::from(i) * 160))).expect("new"),
            );
            now += step;
        }
        for _ in 0..10 {
            stamps.push(out.generate(now, 160));
            now += step;
        }
        for i in 20..30u16 {
            stamps.push(
                out.relay(now, KEY, &packet(65_530u16.wrapping_add(i), 0xffff_ff00u32.wrapping_add(u32::from(i) * 160))).expect("new"),
            );
            now += step;
        }
        for pair in stamps.windows(2) {
            assert_eq!(pair[1].sequence, pair[0].sequence.wrapping_add(1));
            assert_eq!(pair[1].timestamp, pair[0].timestamp.wrapping_add(160));
        }
        let marked: Vec<usize> = stamps.iter().enumerate().filter(|(_, s)| s.marker).map(|(i, _)| i).collect();
        assert_eq!(marked, [0, 10, 20]);
    }

    #[test]
    fn loss_and_reordering_of_the_source_stay_visible() {
        let now = start();
        let mut out = OutStream::new(2, 8000);
        let base = out.relay(now, KEY, &packet(100, 0)).expect("first").sequence;
        let after = |n: u16| base.wrapping_add(n);
        assert_eq!(out.relay(now, KEY, &packet(103, 480)).expect("gap").sequence, after(3));
        assert_eq!(out.relay(now, KEY, &packet(102, 320)).expect("late").sequence, after(2));
        assert_eq!(out.relay(now, KEY, &packet(104, 640)).expect("next").sequence, after(4));
        assert_eq!(out.relay(now, KEY, &packet(99, 0u32.wrapping_sub(160))), None, "from before this source was taken up");
    }

    #[test]
    fn a_new_ssrc_or_a_jump_continues_the_line() {
        let mut now = start();
        let mut out = OutStream::new(3, 8000);
        let first = out.relay(now, KEY, &packet(100, 1000)).expect("first");
        now += Duration::from_millis(20);
        let other = SourceKey { leg: 1, ssrc: 10 };
        let second = out.relay(now, other, &packet(5, 900_000)).expect("new ssrc");
        assert_eq!(second.sequence, first.sequence.wrapping_add(1));
        assert_eq!(second.timestamp, first.timestamp.wrapping_add(160));
        now += Duration::from_millis(20);
        let third = out.relay(now, other, &packet(6, 5)).expect("jump");
        assert_eq!(third.sequence, second.sequence.wrapping_add(1));
        assert_eq!(third.timestamp, second.timestamp.wrapping_add(160));
        assert!(third.marker);
    }

    #[test]
    fn silence_shows_in_the_timestamp_and_not_in_the_sequence() {
        let mut now = start();
        let mut out = OutStream::new(4, 8000);
        let first = out.generate(now, 160);
        now += Duration::from_secs(5);
        let second = out.generate(now, 160);
        assert_eq!(second.sequence, first.sequence.wrapping_add(1));
        assert_eq!(second.timestamp, first.timestamp.wrapping_add(40_000));
        assert!(second.marker);
    }

    #[test]
    fn a_digit_keeps_its_timestamp_and_audio_goes_on_after_it() {
        let mut now = start();
        let mut out = OutStream::new(5, 8000);
        let before = out.generate(now, 160);
        now += Duration::from_millis(20);
        let first = out.event(now, true, 160);
        for n in 2..=5 {
            now += Duration::from_millis(20);
            let again = out.event(now, false, n * 160);
            assert_eq!(again.timestamp, first.timestamp);
        }
        now += Duration::from_millis(20);
        let after = out.generate(now, 160);
        assert_eq!(first.timestamp, before.timestamp.wrapping_add(160));
        assert_eq!(after.timestamp, first.timestamp.wrapping_add(800));
        assert_eq!(after.sequence, before.sequence.wrapping_add(6));
    }
}
