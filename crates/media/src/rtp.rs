//! RTP packets (RFC 3550 section 5.1): read, written, and re-headed in place.

/// Fixed header without contributing sources or extension.
pub const HEADER_BYTES: usize = 12;
/// Longest datagram that we read or write.
pub const PACKET_BYTES_MAX: usize = 1500;
const VERSION: u8 = 2;

/// The fields of the fixed header that carry meaning end to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Header {
    pub payload_type: u8,
    pub marker: bool,
    pub sequence: u16,
    pub timestamp: u32,
    pub ssrc: u32,
}

/// A parsed packet: its header and where the payload lies in the datagram (padding left out).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parsed {
    pub header: Header,
    pub payload_start: usize,
    pub payload_end: usize,
}

impl Parsed {
    pub fn payload<'a>(&self, datagram: &'a [u8]) -> &'a [u8] {
        datagram.get(self.payload_start..self.payload_end).unwrap_or_default()
    }
}

/// Reads a datagram; none if it is not a whole RTP packet. Contributing sources and extensions are stepped over.
pub fn parse(datagram: &[u8]) -> Option<Parsed> {
    let fixed = datagram.first_chunk::<HEADER_BYTES>()?;
    if fixed[0] >> 6 != VERSION {
        return None;
    }
    let mut start = HEADER_BYTES + usize::from(fixed[0] & 0x0f) * 4;
    if fixed[0] & 0x10 != 0 {
        let length = datagram.get(start + 2..start + 4)?;
        start += 4 + usize::from(u16::from_be_bytes([length[0], length[1]])) * 4;
    }
    let mut end = datagram.len();
    if fixed[0] & 0x20 != 0 {
        end = end.checked_sub(usize::from(*datagram.last()?))?;
    }
    (start <= end).then_some(Parsed {
        header: Header {
            payload_type: fixed[1] & 0x7f,
            marker: fixed[1] & 0x80 != 0,
            sequence: u16::from_be_bytes([fixed[2], fixed[3]]),
            timestamp: u32::from_be_bytes([fixed[4], fixed[5], fixed[6], fixed[7]]),
            ssrc: u32::from_be_bytes([fixed[8], fixed[9], fixed[10], fixed[11]]),
        },
        payload_start: start,
        payload_end: end,
    })
}

/// True for a datagram on an RTP socket that is RTCP by its packet type (RFC 5761 section 4).
pub fn is_rtcp(datagram: &[u8]) -> bool {
    datagram.len() >= 8 && datagram[0] >> 6 == VERSION && (192..=223).contains(&datagram[1])
}

impl Header {
    /// The header's 12 bytes, without contributing sources, extension or padding.
    pub fn to_bytes(&self) -> [u8; HEADER_BYTES] {
        let mut out = [0; HEADER_BYTES];
        out[0] = VERSION << 6;
        out[1] = (u8::from(self.marker) << 7) | (self.payload_type & 0x7f);
        out[2..4].copy_from_slice(&self.sequence.to_be_bytes());
        out[4..8].copy_from_slice(&self.timestamp.to_be_bytes());
        out[8..12].copy_from_slice(&self.ssrc.to_be_bytes());
        out
    }
}

/// Puts `header` right before the payload of `datagram`, over what was there, and returns the new packet: nothing is
/// copied, and whatever extension the sender had is gone.
pub fn rewrite<'a>(datagram: &'a mut [u8], parsed: &Parsed, header: &Header) -> &'a [u8] {
    // `parse` never gives a payload start below the fixed header's length.
    let at = parsed.payload_start - HEADER_BYTES;
    datagram[at..parsed.payload_start].copy_from_slice(&header.to_bytes());
    &datagram[at..parsed.payload_end]
}

/// Writes a whole packet into `out` and returns it; what does not fit is an empty packet (never sent).
pub fn write<'a>(header: &Header, payload: &[u8], out: &'a mut [u8; PACKET_BYTES_MAX]) -> &'a [u8] {
    let end = HEADER_BYTES + payload.len();
    if end > PACKET_BYTES_MAX {
        return &[];
    }
    out[..HEADER_BYTES].copy_from_slice(&header.to_bytes());
    out[HEADER_BYTES..end].copy_from_slice(payload);
    &out[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> Header {
        Header { payload_type: 101, marker: true, sequence: 65_535, timestamp: 0xdead_beef, ssrc: 7 }
    }

    #[test]
    fn what_is_written_is_read() {
        let mut buffer = [0; PACKET_BYTES_MAX];
        let packet = write(&header(), b"hello", &mut buffer);
        let parsed = parse(packet).expect("own packet");
        assert_eq!(parsed.header, header());
        assert_eq!(parsed.payload(packet), b"hello");
    }

    #[test]
    fn extension_sources_and_padding_are_stepped_over() {
        let mut packet = vec![0x80 | 0x20 | 0x10 | 2, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3];
        packet.extend([0; 8]);
        packet.extend([0xbe, 0xde, 0, 1, 1, 2, 3, 4]);
        packet.extend(b"body");
        packet.extend([0, 0, 3]);
        let parsed = parse(&packet).expect("valid");
        assert_eq!(parsed.payload(&packet), b"body");
        let out = rewrite(&mut packet, &parsed, &header()).to_vec();
        assert_eq!(out.len(), HEADER_BYTES + 4);
        assert_eq!(parse(&out).expect("rewritten").header, header());
        assert_eq!(&out[HEADER_BYTES..], b"body");
    }

    #[test]
    fn broken_packets_are_refused() {
        let rows: [&[u8]; 6] = [
            &[],
            &[0x80; 11],
            &[0; 12],
            &[0x9f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            &[0x90, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255],
            &[0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 200],
        ];
        for row in rows {
            assert_eq!(parse(row), None, "{row:?}");
        }
    }
}
