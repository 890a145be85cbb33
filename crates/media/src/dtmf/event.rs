//! The payload of a `telephone-event` packet (RFC 4733 section 2.3).

/// One packet's view of an event: it began at the packet's RTP timestamp and has lasted `duration` so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventPayload {
    /// 0–15 are the digits (`dtmf::digit_of`).
    pub event: u8,
    pub end: bool,
    /// Power below 0 dBm0 in dB, 0 to 63.
    pub volume: u8,
    /// RTP timestamp units; 65535 is the longest, then a new segment begins.
    pub duration: u16,
}

impl EventPayload {
    pub const LEN: usize = 4;

    /// Reads the first event of a payload; none when it is too short.
    pub fn parse(payload: &[u8]) -> Option<Self> {
        let [event, flags, high, low] = *payload.first_chunk::<4>()?;
        Some(Self { event, end: flags & 0x80 != 0, volume: flags & 0x3F, duration: u16::from_be_bytes([high, low]) })
    }

    pub fn to_bytes(self) -> [u8; Self::LEN] {
        let [high, low] = self.duration.to_be_bytes();
        [self.event, u8::from(self.end) << 7 | self.volume.min(63), high, low]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes() {
        let event = EventPayload { event: 11, end: true, volume: 10, duration: 800 };
        assert_eq!(event.to_bytes(), [11, 0x8A, 3, 0x20]);
        assert_eq!(EventPayload::parse(&[11, 0x8A, 3, 0x20, 9, 9]), Some(event));
        assert_eq!(EventPayload::parse(&[1, 2, 3]), None);
        assert_eq!(EventPayload { volume: 200, ..event }.to_bytes()[1], 0xBF);
    }
}
