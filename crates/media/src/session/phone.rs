//! What only a phone leg has: plain RTP, an address to be learnt, RTCP of our own.
use super::types::{Channel, LegId, Output, RtpConfig};
use crate::codec::Codec;
use crate::latch::{Latch, Verdict};
use crate::rewrite::OutStream;
use crate::rtcp::{self, ReceiveStats, SenderInfo};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// RFC 3550 section 6.2: reports at least 5 s apart.
const REPORT_EVERY: Duration = Duration::from_secs(5);

pub(super) struct Phone {
    pub config: RtpConfig,
    pub latch: Latch,
    rtcp_from: Option<SocketAddr>,
    report_at: Instant,
    /// Told the owner that packets come; that they stopped.
    pub started: bool,
    pub timed_out: bool,
    /// The clock of the timeout: last packet, or since when one is expected.
    pub quiet_since: Instant,
    pub refused: u64,
    pub bytes_in: u64,
    pub round_trip: Option<Duration>,
    pub lost_out_pct: Option<f32>,
    /// The driver was told to take packets from the locked address only.
    pub connected: bool,
}

/// What a payload type of this leg means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Payload {
    Audio(Codec),
    Event,
    Unknown,
}

impl Phone {
    pub fn new(config: RtpConfig, now: Instant) -> Self {
        Self {
            latch: Latch::new(config.remote),
            config,
            rtcp_from: None,
            report_at: now + REPORT_EVERY,
            started: false,
            timed_out: false,
            quiet_since: now,
            refused: 0,
            bytes_in: 0,
            round_trip: None,
            lost_out_pct: None,
            connected: false,
        }
    }

    /// A re-INVITE's result. A new address makes the driver listen to everybody again.
    pub fn update(&mut self, now: Instant, leg: LegId, config: RtpConfig, out: &mut dyn Output) {
        if self.latch.signal(config.remote) {
            self.rtcp_from = None;
            self.open(leg, out);
        }
        self.config = config;
        self.quiet_since = now;
        self.timed_out = false;
    }

    pub fn payload(&self, payload_type: u8) -> Payload {
        if payload_type == self.config.payload_type {
            return Payload::Audio(self.config.codec);
        }
        if self.config.telephone_event == Some(payload_type) {
            return Payload::Event;
        }
        match self.config.receive.iter().find(|(pt, _)| *pt == payload_type) {
            Some((_, codec)) => Payload::Audio(*codec),
            None => Payload::Unknown,
        }
    }

    /// Is this packet of the stream that we believe?
    pub fn admit(&mut self, now: Instant, leg: LegId, from: SocketAddr, ssrc: u32, out: &mut dyn Output) -> Verdict {
        let verdict = self.latch.on_packet(now, from, ssrc);
        match verdict {
            Verdict::Refuse => self.refused += 1,
            Verdict::Lock => {
                self.rtcp_from = None;
                self.open(leg, out);
                self.settle(now, leg, out);
            }
            Verdict::Accept | Verdict::NewSsrc => {}
        }
        if verdict != Verdict::Refuse {
            self.quiet_since = now;
            self.timed_out = false;
        }
        verdict
    }

    /// Where our reports go: where the peer's come from, else as signalled, else one above RTP.
    pub fn rtcp_remote(&self) -> Option<SocketAddr> {
        let above = |a: SocketAddr| a.port().checked_add(1).map(|port| SocketAddr::new(a.ip(), port));
        self.rtcp_from.or(self.config.remote_rtcp).or_else(|| self.latch.remote().and_then(above))
    }

    pub fn on_rtcp(&mut self, now: Instant, from: SocketAddr, datagram: &[u8], ours: u32, now_ntp: u64, stats: &mut ReceiveStats) {
        // Only from the machine whose RTP we take (or are told to expect).
        if self.latch.remote().is_none_or(|r| r.ip() != from.ip()) {
            self.refused += 1;
            return;
        }
        let Some(compound) = rtcp::parse(datagram) else {
            self.refused += 1;
            return;
        };
        self.rtcp_from = Some(from);
        if let Some(sender) = &compound.sender {
            stats.on_sender_report(now, sender);
        }
        for block in compound.blocks.iter().filter(|b| b.ssrc == ours) {
            self.round_trip = rtcp::round_trip(block, now_ntp).or(self.round_trip);
            self.lost_out_pct = Some(f32::from(block.fraction_lost) * 100.0 / 256.0);
        }
    }

    /// Our report when it is due.
    pub fn report(
        &mut self,
        now: Instant,
        leg: LegId,
        stream: &OutStream,
        stats: &mut ReceiveStats,
        now_ntp: u64,
        cname: &str,
        out: &mut dyn Output,
    ) {
        if now >= self.report_at {
            self.report_at = now + REPORT_EVERY;
            self.send_report(now, leg, stream, stats, now_ntp, cname, false, out);
        }
    }

    /// Sends a report at once; `bye` ends the stream.
    pub fn send_report(
        &self,
        now: Instant,
        leg: LegId,
        stream: &OutStream,
        stats: &mut ReceiveStats,
        now_ntp: u64,
        cname: &str,
        bye: bool,
        out: &mut dyn Output,
    ) {
        let Some(to) = self.rtcp_remote() else { return };
        let block = stats.report(now);
        if stream.packets == 0 && block.is_none() {
            return;
        }
        let sender = (stream.packets > 0).then(|| SenderInfo {
            ssrc: stream.ssrc(),
            ntp: now_ntp,
            rtp_timestamp: stream.timestamp_at(now),
            packets: stream.packets as u32,
            bytes: stream.bytes as u32,
        });
        out.send_rtp(leg, Channel::Rtcp, to, &rtcp::write(stream.ssrc(), sender.as_ref(), block.as_ref(), cname, bye));
    }

    /// After silence anybody may become the peer again; true when the leg has just timed out.
    pub fn watch(&mut self, now: Instant, leg: LegId, out: &mut dyn Output) -> bool {
        if self.connected && self.latch.is_silent(now) {
            self.open(leg, out);
        }
        self.settle(now, leg, out);
        let limit = Duration::from_millis(u64::from(self.config.timeout_ms));
        let due = self.config.timeout_ms > 0
            && self.config.receive_expected
            && !self.timed_out
            && now.saturating_duration_since(self.quiet_since) >= limit;
        self.timed_out |= due;
        due
    }

    fn settle(&mut self, now: Instant, leg: LegId, out: &mut dyn Output) {
        if let Some(from) = self.latch.settled(now).filter(|_| !self.connected && !self.latch.is_silent(now)) {
            self.connected = true;
            out.latched(leg, Channel::Rtp, Some(from));
        }
    }

    fn open(&mut self, leg: LegId, out: &mut dyn Output) {
        if std::mem::take(&mut self.connected) {
            out.latched(leg, Channel::Rtp, None);
        }
    }
}
