//! RTCP (RFC 3550 section 6): sender and receiver reports, CNAME, BYE; and the receiver's bookkeeping behind them.
use crate::rtp::Header;
use smallvec::SmallVec;
use std::time::{Duration, Instant};

const SR: u8 = 200;
const RR: u8 = 201;
const SDES: u8 = 202;
const BYE: u8 = 203;
/// Seconds from the NTP era's start (1900) to the Unix epoch.
const NTP_UNIX_OFFSET_S: u64 = 2_208_988_800;
/// Report blocks read from one packet; a phone sends one.
const BLOCKS_MAX: usize = 4;

/// One block of a report, as sent and as received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReportBlock {
    pub ssrc: u32,
    /// Of 256, since the last report.
    pub fraction_lost: u8,
    pub lost: i32,
    pub highest_sequence: u32,
    /// In clock units.
    pub jitter: u32,
    /// Middle 32 bits of the last sender report's NTP time, and the delay since, in 1/65536 s.
    pub last_sr: u32,
    pub delay_since_sr: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SenderInfo {
    pub ssrc: u32,
    pub ntp: u64,
    pub rtp_timestamp: u32,
    pub packets: u32,
    pub bytes: u32,
}

/// What a compound packet said that we care about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Compound {
    pub sender: Option<SenderInfo>,
    pub blocks: SmallVec<[ReportBlock; 1]>,
    pub bye: bool,
}

/// Reads a compound packet; none if any part is malformed. Parts that we do not know are stepped over.
pub fn parse(mut rest: &[u8]) -> Option<Compound> {
    let mut out = Compound::default();
    while !rest.is_empty() {
        let head = rest.first_chunk::<4>()?;
        if head[0] >> 6 != 2 {
            return None;
        }
        let length = usize::from(u16::from_be_bytes([head[2], head[3]])) * 4 + 4;
        let (packet, after) = rest.split_at_checked(length)?;
        let count = usize::from(head[0] & 0x1f);
        match head[1] {
            SR => {
                let body = packet.get(4..28)?;
                out.sender = Some(SenderInfo {
                    ssrc: u32_at(body, 0),
                    ntp: (u64::from(u32_at(body, 4)) << 32) | u64::from(u32_at(body, 8)),
                    rtp_timestamp: u32_at(body, 12),
                    packets: u32_at(body, 16),
                    bytes: u32_at(body, 20),
                });
                read_blocks(packet.get(28..)?, count, &mut out.blocks)?;
            }
            RR => read_blocks(packet.get(8..)?, count, &mut out.blocks)?,
            BYE => out.bye = true,
            _ => {}
        }
        rest = after;
    }
    Some(out)
}

fn read_blocks(body: &[u8], count: usize, out: &mut SmallVec<[ReportBlock; 1]>) -> Option<()> {
    for i in 0..count.min(BLOCKS_MAX) {
        let b = body.get(i * 24..i * 24 + 24)?;
        let lost = u32_at(b, 4) & 0x00ff_ffff;
        out.push(ReportBlock {
            ssrc: u32_at(b, 0),
            fraction_lost: b[4],
            // 24 bits with a sign.
            lost: ((lost << 8) as i32) >> 8,
            highest_sequence: u32_at(b, 8),
            jitter: u32_at(b, 12),
            last_sr: u32_at(b, 16),
            delay_since_sr: u32_at(b, 20),
        });
    }
    Some(())
}

/// Callers have checked that four bytes are there.
fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]))
}

/// Writes a compound packet: SR (or RR without a sender), SDES CNAME, and BYE at the end of a leg.
pub fn write(ssrc: u32, sender: Option<&SenderInfo>, block: Option<&ReportBlock>, cname: &str, bye: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(120);
    let count = u8::from(block.is_some());
    let words = if sender.is_some() { 6 } else { 1 } + u16::from(count) * 6;
    out.extend([0x80 | count, if sender.is_some() { SR } else { RR }]);
    out.extend(words.to_be_bytes());
    out.extend(ssrc.to_be_bytes());
    if let Some(s) = sender {
        out.extend(s.ntp.to_be_bytes());
        out.extend(s.rtp_timestamp.to_be_bytes());
        out.extend(s.packets.to_be_bytes());
        out.extend(s.bytes.to_be_bytes());
    }
    if let Some(b) = block {
        out.extend(b.ssrc.to_be_bytes());
        out.extend(((u32::from(b.fraction_lost) << 24) | (b.lost.clamp(-0x80_0000, 0x7f_ffff) as u32 & 0x00ff_ffff)).to_be_bytes());
        out.extend(b.highest_sequence.to_be_bytes());
        out.extend(b.jitter.to_be_bytes());
        out.extend(b.last_sr.to_be_bytes());
        out.extend(b.delay_since_sr.to_be_bytes());
    }
    let name = &cname.as_bytes()[..cname.len().min(255)];
    let chunk = (4 + 2 + name.len() + 1).next_multiple_of(4);
    out.extend([0x81, SDES]);
    out.extend(((chunk / 4) as u16).to_be_bytes());
    out.extend(ssrc.to_be_bytes());
    out.extend([1, name.len() as u8]);
    out.extend(name);
    out.resize(out.len() + chunk - 6 - name.len(), 0);
    if bye {
        out.extend([0x81, BYE, 0, 1]);
        out.extend(ssrc.to_be_bytes());
    }
    out
}

/// NTP's 64 bits for a time since the Unix epoch.
pub fn ntp_from_unix(since_epoch: Duration) -> u64 {
    let fraction = (u64::from(since_epoch.subsec_nanos()) << 32) / 1_000_000_000;
    ((since_epoch.as_secs() + NTP_UNIX_OFFSET_S) << 32) | fraction
}

/// The middle 32 bits, as `last_sr` has them.
pub fn ntp_middle(ntp: u64) -> u32 {
    (ntp >> 16) as u32
}

/// Round trip from a report block that answers a sender report of ours. `now_ntp`: when it arrived. None when the peer
/// had no sender report yet or its figures are impossible.
pub fn round_trip(block: &ReportBlock, now_ntp: u64) -> Option<Duration> {
    if block.last_sr == 0 {
        return None;
    }
    let passed = ntp_middle(now_ntp).wrapping_sub(block.last_sr).wrapping_sub(block.delay_since_sr);
    // A negative result wraps to hours.
    (passed < 0x10_0000).then(|| Duration::from_micros(u64::from(passed) * 1_000_000 / 65_536))
}

/// What one received stream was like (RFC 3550 appendix A.1, A.3, A.8).
#[derive(Debug, Clone, Default)]
pub struct ReceiveStats {
    ssrc: Option<u32>,
    clock_rate: u32,
    base: u32,
    /// Extended highest sequence.
    highest: u32,
    received: u64,
    /// Loss of earlier streams (other SSRCs) of the same leg.
    lost_before: u64,
    /// In 1/16 clock units.
    jitter: u32,
    jitter_max: u32,
    transit: Option<(Instant, u32)>,
    expected_prior: u64,
    received_prior: u64,
    sender: Option<(u64, Instant)>,
    /// The last 64 sequences below the highest, for duplicates.
    seen: u64,
    pub duplicates: u64,
}

impl ReceiveStats {
    pub fn new(clock_rate: u32) -> Self {
        Self { clock_rate, ..Self::default() }
    }

    /// Takes note of a packet; false: it came before (a duplicate).
    pub fn on_packet(&mut self, now: Instant, header: &Header) -> bool {
        if self.ssrc != Some(header.ssrc) || self.restarted(header.sequence) {
            self.restart(header);
        }
        let ahead = header.sequence.wrapping_sub(self.highest as u16) as i16;
        if ahead > 0 {
            self.highest = self.highest.wrapping_add(ahead as u32);
            self.seen = self.seen.checked_shl(ahead as u32).unwrap_or(0) | 1;
            self.on_transit(now, header.timestamp);
        } else {
            let bit = 1u64.checked_shl(u32::from(ahead.unsigned_abs())).unwrap_or(0);
            if self.received > 0 && (bit == 0 || self.seen & bit != 0) {
                self.duplicates += 1;
                return false;
            }
            self.seen |= bit;
        }
        self.received += 1;
        true
    }

    pub fn on_sender_report(&mut self, now: Instant, info: &SenderInfo) {
        self.sender = Some((info.ntp, now));
    }

    /// Packets sent to us and never arrived, over all streams of the leg.
    pub fn lost(&self) -> u64 {
        self.lost_before + self.lost_now()
    }

    pub fn jitter_ms(&self) -> f32 {
        self.to_ms(self.jitter)
    }

    pub fn jitter_max_ms(&self) -> f32 {
        self.to_ms(self.jitter_max)
    }

    /// The block for our next report; none before the first packet.
    pub fn report(&mut self, now: Instant) -> Option<ReportBlock> {
        let ssrc = self.ssrc?;
        let expected = self.expected();
        let (expected_now, received_now) = (expected - self.expected_prior, self.received - self.received_prior);
        (self.expected_prior, self.received_prior) = (expected, self.received);
        let lost_now = expected_now.saturating_sub(received_now);
        Some(ReportBlock {
            ssrc,
            fraction_lost: (lost_now * 256).checked_div(expected_now).unwrap_or(0).min(255) as u8,
            lost: (expected as i64 - self.received as i64).clamp(-0x80_0000, 0x7f_ffff) as i32,
            highest_sequence: self.highest,
            jitter: self.jitter >> 4,
            last_sr: self.sender.map_or(0, |(ntp, _)| ntp_middle(ntp)),
            delay_since_sr: self
                .sender
                .map_or(0, |(_, at)| (now.saturating_duration_since(at).as_micros() as u64 * 65_536 / 1_000_000) as u32),
        })
    }

    fn restart(&mut self, header: &Header) {
        self.lost_before += self.lost_now();
        let sequence = u32::from(header.sequence);
        self.ssrc = Some(header.ssrc);
        (self.base, self.highest) = (sequence, sequence);
        (self.received, self.expected_prior, self.received_prior, self.seen) = (0, 0, 0, 0);
        (self.transit, self.sender) = (None, None);
    }

    /// The peer began a new numbering under the same SSRC.
    fn restarted(&self, sequence: u16) -> bool {
        self.received > 0 && (sequence.wrapping_sub(self.highest as u16) as i16).unsigned_abs() > 3000
    }

    fn expected(&self) -> u64 {
        if self.ssrc.is_none() { 0 } else { u64::from(self.highest.wrapping_sub(self.base)) + 1 }
    }

    fn lost_now(&self) -> u64 {
        self.expected().saturating_sub(self.received)
    }

    fn on_transit(&mut self, now: Instant, timestamp: u32) {
        if let Some((at, before)) = self.transit {
            let passed = (now.saturating_duration_since(at).as_micros() as u64 * u64::from(self.clock_rate) / 1_000_000) as i64;
            let moved = i64::from(timestamp.wrapping_sub(before) as i32);
            let difference = (passed - moved).unsigned_abs();
            // A pause or a restarted clock is no jitter.
            if difference < u64::from(self.clock_rate) {
                let jitter = i64::from(self.jitter) + difference as i64 - ((i64::from(self.jitter) + 8) >> 4);
                self.jitter = jitter.clamp(0, i64::from(u32::MAX)) as u32;
                self.jitter_max = self.jitter_max.max(self.jitter);
            }
        }
        self.transit = Some((now, timestamp));
    }

    fn to_ms(&self, jitter: u32) -> f32 {
        if self.clock_rate == 0 { 0.0 } else { jitter as f32 / 16.0 * 1000.0 / self.clock_rate as f32 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::start;

    fn header(sequence: u16, timestamp: u32) -> Header {
        Header { sequence, timestamp, ssrc: 5, ..Header::default() }
    }

    #[test]
    fn reports_survive_the_wire() {
        let sender = SenderInfo { ssrc: 1, ntp: 0x1122_3344_5566_7788, rtp_timestamp: 9, packets: 10, bytes: 1600 };
        let block =
            ReportBlock { ssrc: 2, fraction_lost: 3, lost: -4, highest_sequence: 70_000, jitter: 8, last_sr: 9, delay_since_sr: 10 };
        let bytes = write(1, Some(&sender), Some(&block), "zhiyin@host", true);
        assert_eq!(bytes.len() % 4, 0);
        let read = parse(&bytes).expect("own packet");
        assert_eq!((read.sender, read.blocks.as_slice(), read.bye), (Some(sender), &[block][..], true));
        let read = parse(&write(1, None, None, "", false)).expect("empty report");
        assert_eq!(read, Compound::default());
    }

    #[test]
    fn broken_packets_are_refused() {
        let good = write(1, None, Some(&ReportBlock::default()), "x", false);
        for cut in [1, 3, 5, 10, good.len() - 1] {
            assert_eq!(parse(&good[..cut]), None, "{cut}");
        }
        assert_eq!(parse(&[0x9f, RR, 0, 1, 0, 0, 0, 0]), None, "31 blocks promised, none there");
    }

    #[test]
    fn loss_jitter_and_duplicates_are_counted() {
        let mut stats = ReceiveStats::new(8000);
        let mut now = start();
        for i in 0..100u16 {
            now += Duration::from_millis(20);
            if i % 10 != 5 {
                assert!(stats.on_packet(now, &header(65_500u16.wrapping_add(i), u32::from(i) * 160)));
            }
            if i == 50 {
                assert!(!stats.on_packet(now, &header(65_500u16.wrapping_add(i), u32::from(i) * 160)));
            }
        }
        assert_eq!((stats.lost(), stats.duplicates), (10, 1));
        assert!(stats.jitter_ms() < 0.1);
        let report = stats.report(now).expect("heard");
        assert_eq!((report.lost, report.highest_sequence), (10, 65_500 + 99));
        assert!((24..=27).contains(&report.fraction_lost), "{report:?}");
        for i in 100..400u16 {
            now += Duration::from_millis(if i % 2 == 0 { 35 } else { 5 });
            stats.on_packet(now, &header(65_500u16.wrapping_add(i), u32::from(i) * 160));
        }
        assert!((10.0..20.0).contains(&stats.jitter_ms()), "{}", stats.jitter_ms());
    }

    #[test]
    fn a_late_packet_is_not_lost_and_a_new_stream_keeps_the_loss() {
        let mut stats = ReceiveStats::new(8000);
        for sequence in [1, 2, 5, 3, 4] {
            assert!(stats.on_packet(start(), &header(sequence, 0)));
        }
        assert_eq!(stats.lost(), 0);
        stats.on_packet(start(), &header(8, 0));
        assert_eq!(stats.lost(), 2);
        stats.on_packet(start(), &Header { ssrc: 6, sequence: 30_000, ..Header::default() });
        assert_eq!(stats.lost(), 2);
    }

    #[test]
    fn round_trip_is_what_is_left_of_the_time_passed() {
        let sent = ntp_from_unix(Duration::from_millis(1_000_000));
        let back = ntp_from_unix(Duration::from_millis(1_000_250));
        let block = ReportBlock { last_sr: ntp_middle(sent), delay_since_sr: 65_536 / 5, ..ReportBlock::default() };
        let rtt = round_trip(&block, back).expect("measured").as_millis();
        assert!((49..=51).contains(&rtt), "{rtt}");
        assert_eq!(round_trip(&ReportBlock::default(), back), None);
    }
}
