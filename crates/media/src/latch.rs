//! Whose packets a phone leg believes (symmetric RTP). The peer's SDP may name an address behind its NAT, so the
//! address is learnt from the first packets and then locked, together with the SSRC. A stranger who sends to our port
//! afterwards is refused; only after the true stream has been silent may another one take its place.
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// Packets in a row that a stream needs before it is believed, unless it comes from the signalled address.
const PROBATION_PACKETS: u8 = 3;
/// The locked stream must have been silent this long before another address is believed.
pub const RELATCH_AFTER: Duration = Duration::from_secs(2);
/// The locked address may change its SSRC at once when the old one has been silent this long.
const SSRC_SILENCE: Duration = Duration::from_millis(100);
/// This long after the first packet the signalled address still wins over another one that was faster.
const SIGNALLED_WINS: Duration = Duration::from_secs(3);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stream {
    from: SocketAddr,
    ssrc: u32,
}

#[derive(Debug, Clone, Copy)]
struct Candidate {
    stream: Stream,
    packets: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Refuse,
    Accept,
    /// Accept; from now on this address is the peer (a driver may connect its socket).
    Lock,
    /// Accept; same address, new SSRC.
    NewSsrc,
}

#[derive(Debug)]
pub struct Latch {
    signalled: Option<SocketAddr>,
    locked: Option<Stream>,
    candidate: Option<Candidate>,
    first_at: Option<Instant>,
    heard_at: Option<Instant>,
}

impl Latch {
    pub fn new(signalled: Option<SocketAddr>) -> Self {
        Self { signalled, locked: None, candidate: None, first_at: None, heard_at: None }
    }

    /// A new answer or re-INVITE. If it names another address than before, learning starts again.
    pub fn signal(&mut self, address: Option<SocketAddr>) -> bool {
        let changed = address != self.signalled;
        if changed {
            *self = Self::new(address);
        }
        changed
    }

    /// Where to send: the locked address, else the signalled one.
    pub fn remote(&self) -> Option<SocketAddr> {
        self.locked.map(|l| l.from).or(self.signalled)
    }

    pub fn is_locked(&self) -> bool {
        self.locked.is_some()
    }

    pub fn heard_at(&self) -> Option<Instant> {
        self.heard_at
    }

    /// Locked to an address that nobody may contest any more: the signalled one, or another after its time of grace. Only
    /// then may a driver stop listening to everybody else.
    pub fn settled(&self, now: Instant) -> Option<SocketAddr> {
        let from = self.locked?.from;
        let grace_over = self.first_at.is_some_and(|at| now.saturating_duration_since(at) >= SIGNALLED_WINS);
        (self.signalled == Some(from) || grace_over).then_some(from)
    }

    /// Has the locked stream been silent long enough for another to replace it?
    pub fn is_silent(&self, now: Instant) -> bool {
        self.heard_at.is_some_and(|at| now.saturating_duration_since(at) >= RELATCH_AFTER)
    }

    pub fn on_packet(&mut self, now: Instant, from: SocketAddr, ssrc: u32) -> Verdict {
        let stream = Stream { from, ssrc };
        if self.locked == Some(stream) {
            self.candidate = None;
            self.heard_at = Some(now);
            return Verdict::Accept;
        }
        let Some(locked) = self.locked else { return self.learn(now, stream) };
        let ours = self.signalled == Some(from);
        if from == locked.from {
            let quiet = self.heard_at.is_none_or(|at| now.saturating_duration_since(at) >= SSRC_SILENCE);
            if quiet || self.has_passed(stream) {
                self.lock(now, stream);
                return Verdict::NewSsrc;
            }
            return Verdict::Refuse;
        }
        let early = ours && self.first_at.is_some_and(|at| now.saturating_duration_since(at) < SIGNALLED_WINS);
        if early || (self.is_silent(now) && (ours || self.has_passed(stream))) {
            self.lock(now, stream);
            return Verdict::Lock;
        }
        Verdict::Refuse
    }

    /// Before anybody is locked everybody is heard, so that the first words are not cut.
    fn learn(&mut self, now: Instant, stream: Stream) -> Verdict {
        self.first_at.get_or_insert(now);
        if self.signalled == Some(stream.from) || self.has_passed(stream) {
            self.lock(now, stream);
            return Verdict::Lock;
        }
        self.heard_at = Some(now);
        Verdict::Accept
    }

    /// Counts a packet of a stream on probation; true when it has passed.
    fn has_passed(&mut self, stream: Stream) -> bool {
        let packets = match self.candidate {
            Some(c) if c.stream == stream => c.packets + 1,
            _ => 1,
        };
        self.candidate = Some(Candidate { stream, packets });
        packets >= PROBATION_PACKETS
    }

    fn lock(&mut self, now: Instant, stream: Stream) {
        self.locked = Some(stream);
        self.candidate = None;
        self.heard_at = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::start;

    fn addr(port: u16) -> SocketAddr {
        SocketAddr::from(([192, 0, 2, 1], port))
    }

    fn at(ms: u64) -> Instant {
        start() + Duration::from_millis(ms)
    }

    #[test]
    fn the_signalled_address_locks_at_once() {
        let mut latch = Latch::new(Some(addr(1)));
        assert_eq!(latch.on_packet(at(0), addr(1), 7), Verdict::Lock);
        assert_eq!(latch.on_packet(at(20), addr(1), 7), Verdict::Accept);
    }

    #[test]
    fn a_peer_behind_a_nat_locks_after_three_packets() {
        let mut latch = Latch::new(Some(addr(1)));
        assert_eq!(latch.on_packet(at(0), addr(9), 7), Verdict::Accept);
        assert_eq!(latch.remote(), Some(addr(1)));
        assert_eq!(latch.on_packet(at(20), addr(9), 7), Verdict::Accept);
        assert_eq!(latch.on_packet(at(40), addr(9), 7), Verdict::Lock);
        assert_eq!(latch.remote(), Some(addr(9)));
    }

    #[test]
    fn an_attacker_cannot_steal_a_latched_stream() {
        let mut latch = Latch::new(Some(addr(1)));
        latch.on_packet(at(0), addr(1), 7);
        for i in 1..500 {
            latch.on_packet(at(i * 20), addr(1), 7);
            for _ in 0..10 {
                assert_eq!(latch.on_packet(at(i * 20 + 5), addr(66), 666), Verdict::Refuse);
                assert_eq!(latch.on_packet(at(i * 20 + 5), addr(66), 7), Verdict::Refuse);
            }
            assert_eq!(latch.remote(), Some(addr(1)));
        }
    }

    #[test]
    fn a_fast_stranger_loses_to_the_signalled_address() {
        let mut latch = Latch::new(Some(addr(1)));
        for i in 0..5 {
            latch.on_packet(at(i), addr(66), 666);
        }
        assert_eq!(latch.remote(), Some(addr(66)));
        assert_eq!(latch.on_packet(at(100), addr(1), 7), Verdict::Lock);
        assert_eq!(latch.on_packet(at(120), addr(66), 666), Verdict::Refuse);
    }

    #[test]
    fn after_silence_another_address_may_take_over() {
        let mut latch = Latch::new(None);
        for i in 0..3 {
            latch.on_packet(at(i * 20), addr(1), 7);
        }
        assert_eq!(latch.on_packet(at(1900), addr(2), 8), Verdict::Refuse);
        assert_eq!(latch.on_packet(at(2100), addr(2), 8), Verdict::Refuse);
        assert_eq!(latch.on_packet(at(2120), addr(2), 8), Verdict::Refuse);
        assert_eq!(latch.on_packet(at(2140), addr(2), 8), Verdict::Lock);
        assert_eq!(latch.remote(), Some(addr(2)));
    }

    #[test]
    fn the_peer_may_change_its_ssrc() {
        let mut latch = Latch::new(Some(addr(1)));
        latch.on_packet(at(0), addr(1), 7);
        assert_eq!(latch.on_packet(at(20), addr(1), 8), Verdict::Refuse, "one spoofed packet is not a change");
        assert_eq!(latch.on_packet(at(25), addr(1), 7), Verdict::Accept);
        assert_eq!(latch.on_packet(at(200), addr(1), 8), Verdict::NewSsrc);
    }

    #[test]
    fn a_new_signalled_address_starts_over() {
        let mut latch = Latch::new(Some(addr(1)));
        latch.on_packet(at(0), addr(1), 7);
        assert!(!latch.signal(Some(addr(1))));
        assert!(latch.signal(Some(addr(2))));
        assert_eq!(latch.remote(), Some(addr(2)));
    }
}
