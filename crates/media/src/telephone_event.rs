//! Digits as RTP events (RFC 4733): in, each reported once; out, paced at 20 ms with three end packets.
use crate::dtmf::{EventPayload, digit_of, event_of};
use smallvec::SmallVec;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// A digit without its end packets is over after this long without any packet of it.
pub const END_MISSING: Duration = Duration::from_millis(100);
/// Copies of the packet with the end bit (RFC 4733 section 2.5.1.4).
const END_COPIES: u8 = 3;
/// Silence between two digits that we send.
const GAP_MS: u32 = 80;
/// Bounds of a digit's length that we send, milliseconds; the default is for 0.
pub const TONE_MS: (u32, u32) = (40, 5000);
pub const TONE_MS_DEFAULT: u32 = 100;
const VOLUME_DBM0: u8 = 10;

#[derive(Debug, Clone, Copy)]
struct Active {
    timestamp: u32,
    digit: char,
    seen: Instant,
}

/// Turns event packets of one leg into digits. A digit is reported at its end.
#[derive(Debug, Default)]
pub struct EventReceiver {
    active: Option<Active>,
    /// RTP timestamp of the last digit reported: its further copies are silent.
    reported: Option<u32>,
}

pub type Digits = SmallVec<[char; 2]>;

impl EventReceiver {
    /// Takes a packet's timestamp and payload; returns the digits that it completed (two when the end of the one before was lost).
    pub fn on_packet(&mut self, now: Instant, timestamp: u32, payload: &[u8]) -> Digits {
        let mut digits = Digits::new();
        let Some(packet) = EventPayload::parse(payload) else { return digits };
        // Older than what was reported: a straggler of a digit that is done.
        if self.reported.is_some_and(|r| (timestamp.wrapping_sub(r) as i32) <= 0 && timestamp.wrapping_sub(r) as i32 > -80_000) {
            return digits;
        }
        if let Some(active) = self.active.filter(|a| a.timestamp != timestamp) {
            if (timestamp.wrapping_sub(active.timestamp) as i32) < 0 {
                return digits;
            }
            digits.push(active.digit);
            self.report(active);
        }
        let Some(digit) = digit_of(packet.event) else { return digits };
        let active = Active { timestamp, digit, seen: now };
        if packet.end {
            digits.push(digit);
            self.report(active);
        } else {
            self.active = Some(active);
        }
        digits
    }

    /// A digit whose end packets never came, once it is due.
    pub fn poll(&mut self, now: Instant) -> Option<char> {
        let active = self.active.filter(|a| now >= a.seen + END_MISSING)?;
        self.report(active);
        Some(active.digit)
    }

    pub fn next_timeout(&self) -> Option<Instant> {
        self.active.map(|a| a.seen + END_MISSING)
    }

    /// The stream's timestamps started anew (another SSRC).
    pub fn reset(&mut self) -> Option<char> {
        self.reported = None;
        self.active.take().map(|a| a.digit)
    }

    fn report(&mut self, active: Active) {
        self.reported = Some(active.timestamp);
        self.active = None;
    }
}

/// One packet of a digit to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventPacket {
    pub payload: [u8; EventPayload::LEN],
    /// First packet of the digit: takes a new timestamp and the marker; the others keep it.
    pub first: bool,
    /// How much of the time line the digit covers by now, clock units.
    pub duration: u32,
}

#[derive(Debug, Clone, Copy)]
struct Sending {
    event: u8,
    /// Clock units it lasts in all, and so far.
    length: u32,
    sent: u32,
    ends: u8,
}

/// What a tick has to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventTick {
    /// This packet, and no audio.
    Packet(EventPacket),
    /// Nothing: the pause between two digits (audio may go out).
    Gap,
    Idle,
}

/// Queue of digits to one leg, stepped by the leg's 20 ms tick.
#[derive(Debug, Default)]
pub struct EventSender {
    queue: VecDeque<(u8, u32)>,
    sending: Option<Sending>,
    gap_frames: u32,
}

impl EventSender {
    /// Adds the digits that are keys, each for `tone_ms` (0: the default), up to `queue_max` waiting.
    pub fn push(&mut self, digits: &str, tone_ms: u32, queue_max: usize) {
        let ms = if tone_ms == 0 { TONE_MS_DEFAULT } else { tone_ms.clamp(TONE_MS.0, TONE_MS.1) };
        let room = queue_max.saturating_sub(self.queue.len());
        self.queue.extend(digits.chars().filter_map(event_of).take(room).map(|event| (event, ms)));
    }

    pub fn is_busy(&self) -> bool {
        self.sending.is_some() || !self.queue.is_empty() || self.gap_frames > 0
    }

    /// Between the first and the last packet of a digit: no audio may go out.
    pub fn is_sending(&self) -> bool {
        self.sending.is_some()
    }

    /// One 20 ms step. `frame`: clock units of a frame.
    pub fn tick(&mut self, frame: u32) -> EventTick {
        if self.gap_frames > 0 {
            self.gap_frames -= 1;
            return EventTick::Gap;
        }
        let first = self.sending.is_none();
        let mut sending = match self.sending {
            Some(sending) => sending,
            None => {
                let Some((event, ms)) = self.queue.pop_front() else { return EventTick::Idle };
                Sending { event, length: ms.div_ceil(20) * frame, sent: 0, ends: 0 }
            }
        };
        if sending.sent < sending.length {
            sending.sent += frame;
        }
        let end = sending.sent >= sending.length && !first;
        if end {
            sending.ends += 1;
        }
        let duration = sending.sent.min(0xffff);
        let payload = EventPayload { event: sending.event, end, volume: VOLUME_DBM0, duration: duration as u16 }.to_bytes();
        if sending.ends == END_COPIES {
            self.sending = None;
            self.gap_frames = GAP_MS / 20;
        } else {
            self.sending = Some(sending);
        }
        EventTick::Packet(EventPacket { payload, first, duration })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::start;

    fn packet(digit: char, end: bool, duration: u16) -> [u8; 4] {
        let [high, low] = duration.to_be_bytes();
        [event_of(digit).expect("key"), (u8::from(end) << 7) | 10, high, low]
    }

    /// Rows of (milliseconds, timestamp, digit, end) and the digits expected by the end of a second.
    #[test]
    fn each_digit_is_reported_once() {
        type Row = (u64, u32, char, bool);
        let rows: [(&str, &[Row], &str); 7] = [
            (
                "plain, three ends",
                &[(0, 0, '1', false), (20, 0, '1', false), (40, 0, '1', true), (40, 0, '1', true), (40, 0, '1', true)],
                "1",
            ),
            ("ends lost", &[(0, 0, '5', false), (20, 0, '5', false)], "5"),
            ("only an end came", &[(0, 160, '9', true)], "9"),
            ("end lost, next digit at once", &[(0, 0, '1', false), (60, 480, '2', false), (80, 480, '2', true)], "12"),
            ("same digit twice", &[(0, 0, '7', false), (40, 0, '7', true), (200, 1600, '7', false), (240, 1600, '7', true)], "77"),
            ("straggler after the end", &[(0, 0, '3', false), (40, 0, '3', true), (60, 0, '3', false)], "3"),
            ("straggler of an older digit", &[(0, 0, '3', true), (40, 1600, '4', false), (50, 0, '3', true), (60, 1600, '4', true)], "34"),
        ];
        for (name, packets, expected) in rows {
            let mut receiver = EventReceiver::default();
            let mut got = String::new();
            for &(ms, timestamp, digit, end) in packets {
                let now = start() + Duration::from_millis(ms);
                got.extend(receiver.poll(now));
                got.extend(receiver.on_packet(now, timestamp, &packet(digit, end, 160)));
            }
            got.extend(receiver.poll(start() + Duration::from_secs(1)));
            assert_eq!(got, expected, "{name}");
            assert_eq!(receiver.next_timeout(), None, "{name}");
        }
    }

    #[test]
    fn what_we_send_is_what_we_receive() {
        let mut sender = EventSender::default();
        sender.push("1x2", 100, 64);
        let mut receiver = EventReceiver::default();
        let (mut got, mut timestamp, mut packets, mut ends) = (String::new(), 0, 0, 0);
        let mut now = start();
        while sender.is_busy() {
            if let EventTick::Packet(p) = sender.tick(160) {
                if p.first {
                    timestamp += 4000;
                }
                packets += 1;
                ends += u32::from(p.payload[1] >> 7);
                got.extend(receiver.on_packet(now, timestamp, &p.payload));
            }
            now += Duration::from_millis(20);
        }
        assert_eq!((got.as_str(), packets, ends), ("12", 2 * 7, 6));
    }

    #[test]
    fn short_and_strange_payloads_are_ignored() {
        let mut receiver = EventReceiver::default();
        assert!(receiver.on_packet(start(), 0, &[1, 2]).is_empty());
        assert!(receiver.on_packet(start(), 0, &[16, 0x80, 0, 0]).is_empty());
    }
}
