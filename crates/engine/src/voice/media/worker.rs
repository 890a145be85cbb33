//! One media worker: an OS thread with an epoll loop that owns its sessions outright.
use super::io::{LegSockets, Out, SessionIo};
use super::load::{Load, rest};
use super::poller::Poller;
use super::queue::{Order, Queue, SessionId};
use super::stats::{Counters, Shelf};
use super::web::WebPeers;
use crate::clock::Clock;
use media::rtp::PACKET_BYTES_MAX;
use media::session::{Channel, Command, Event, LegId, PHASES, Session, SessionConfig};
use smallvec::SmallVec;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::net::{SocketAddr, UdpSocket};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Token of the browser socket; tokens of phone legs never have these bits.
const WEB: u64 = u64::MAX - 1;
/// Datagrams read from the browser socket per readiness event.
const WEB_BATCH: usize = 64;
/// A worker without timers looks up this often.
const IDLE: Duration = Duration::from_secs(1);
/// After this many sessions an idle worker gives what they used back to the system (glibc would keep it).
const TRIM_AFTER: u32 = 50;
/// A timer never fires again sooner than this after the step that set it.
const STEP_MIN: Duration = Duration::from_micros(100);
/// Niceness of the worker threads.
const NICE: libc::c_int = -15;
const TIMER_SLACK_NS: libc::c_ulong = 1000;
/// Sessions of one worker, as the token has room for.
pub(super) const SLOTS_MAX: usize = 1 << 18;

pub(super) struct Worker {
    clock: Clock,
    poller: Poller,
    queue: Arc<Queue>,
    shelf: Arc<Shelf>,
    web: UdpSocket,
    web_address: SocketAddr,
    peers: WebPeers,
    slots: Vec<Option<Slot>>,
    free: Vec<u32>,
    by_id: HashMap<SessionId, u32>,
    timers: BinaryHeap<Reverse<(Instant, u32, u32)>>,
    counters: Counters,
    epoch: Instant,
    unix_at_epoch: Duration,
    opened: u32,
    cname: String,
    load: Load,
    /// Sessions ended since memory was last given back.
    ended: u32,
}

struct Slot {
    id: SessionId,
    /// Tells a session from an earlier one in the same slot (12 bits go into tokens).
    generation: u32,
    session: Session,
    io: SessionIo,
    /// The earliest timer in the heap that is still meant.
    scheduled: Option<Instant>,
}

impl Worker {
    pub fn new(poller: Poller, queue: Arc<Queue>, shelf: Arc<Shelf>, web: UdpSocket, cname: String) -> std::io::Result<Self> {
        poller.add(&web, WEB)?;
        let web_address = web.local_addr()?;
        let clock = Clock::start();
        let epoch = clock.instant();
        let unix_at_epoch = Duration::from_micros(clock.at(epoch).as_us().max(0) as u64);
        Ok(Self {
            clock,
            poller,
            queue,
            shelf,
            web,
            web_address,
            peers: WebPeers::default(),
            slots: Vec::new(),
            free: Vec::new(),
            by_id: HashMap::new(),
            timers: BinaryHeap::new(),
            counters: Counters::default(),
            epoch,
            unix_at_epoch,
            opened: 0,
            cname,
            load: Load::new(epoch),
            ended: 0,
        })
    }

    /// Runs until it is told to stop.
    pub fn run(mut self) {
        let mut ready = Vec::new();
        let mut orders = VecDeque::new();
        let mut running = true;
        raise_priority();
        while running {
            let now = self.clock.instant();
            let timeout = if self.load.is_busy(now, self.counters.packets_in) {
                // The next point of the grid is the next look at sockets and timers: waiting for either would wake us twice.
                rest(self.load.until_grid(now, self.epoch));
                Duration::ZERO
            } else {
                self.timers.peek().map_or(IDLE, |Reverse((at, ..))| at.saturating_duration_since(now).min(IDLE))
            };
            let woken = match self.poller.wait(timeout, &mut ready) {
                Ok(woken) => woken,
                Err(error) => {
                    // Nothing can be received any more; every session must know.
                    tracing::error!(%error, "media worker cannot poll");
                    break;
                }
            };
            // Orders first: whatever was sent after one was given must find it carried out.
            if woken {
                self.queue.take(&mut orders);
                for order in orders.drain(..) {
                    running &= self.obey(order);
                }
            }
            for token in ready.drain(..) {
                if token == WEB { self.read_web() } else { self.read_leg(token) }
            }
            self.run_timers();
            self.shelf.publish(&self.counters);
        }
        self.stop();
    }

    fn stop(&mut self) {
        self.queue.stop();
        let now = self.clock.instant();
        for slot in 0..self.slots.len() as u32 {
            self.close(slot, now);
        }
        self.shelf.publish(&self.counters);
    }

    // ---- packets ----

    fn read_leg(&mut self, token: u64) {
        let (slot, generation, leg, channel) = split(token);
        let Some(Some(s)) = self.slots.get_mut(slot as usize) else { return };
        if s.generation & GENERATION_MASK != generation {
            return;
        }
        let mut buffer = [0; PACKET_BYTES_MAX];
        let Some(socket) = s.io.leg(leg).map(|l| l.socket(channel)) else { return };
        // An error is no datagram but the ICMP answer to an earlier send.
        let Ok((len, from)) = socket.recv_from(&mut buffer) else { return };
        self.counters.packets_in += 1;
        let now = self.clock.instant();
        self.step(slot, now, |session, out| session.handle_rtp(now, leg, channel, from, &mut buffer[..len], out));
    }

    fn read_web(&mut self) {
        let mut buffer = [0; PACKET_BYTES_MAX];
        for _ in 0..WEB_BATCH {
            let (len, from) = match self.web.recv_from(&mut buffer) {
                Ok(got) => got,
                Err(e) if e.kind() == std::io::ErrorKind::WouldBlock => return,
                Err(_) => continue,
            };
            self.counters.packets_in += 1;
            let now = self.clock.instant();
            let datagram = &buffer[..len];
            let Some((slot, leg)) = self.find_web(now, from, datagram) else { continue };
            let local = self.web_address;
            self.step(slot, now, |session, out| session.handle_web(now, leg, local, from, datagram, out));
        }
    }

    /// Whose datagram is this? A STUN check names its leg; everything else comes from an address that has checked.
    fn find_web(&mut self, now: Instant, from: SocketAddr, datagram: &[u8]) -> Option<(u32, LegId)> {
        let (id, leg) = match media::webrtc::stun_ufrag(datagram) {
            None => self.peers.by_address(from)?,
            Some(ufrag) => {
                let found = self.peers.by_ufrag(ufrag)?;
                if self.peers.by_address(from) != Some(found) {
                    // Only a check that carries the right password may claim an address.
                    let session = &self.slots[*self.by_id.get(&found.0)? as usize].as_ref()?.session;
                    if !session.accepts_web(now, found.1, self.web_address, from, datagram) {
                        return None;
                    }
                    self.peers.claim(from, found);
                }
                found
            }
        };
        Some((*self.by_id.get(&id)?, leg))
    }

    // ---- time ----

    fn run_timers(&mut self) {
        while let Some(Reverse((at, slot, generation))) = self.timers.peek().copied() {
            let now = self.clock.instant();
            if at > now {
                return;
            }
            self.timers.pop();
            let Some(Some(s)) = self.slots.get_mut(slot as usize) else { continue };
            if s.generation != generation || s.scheduled != Some(at) {
                continue;
            }
            s.scheduled = None;
            let mut report = media::session::TickReport::default();
            self.step(slot, now, |session, out| report = session.handle_timeout(now, out));
            self.counters.ticks += u64::from(report.done);
            self.counters.ticks_skipped += u64::from(report.skipped);
            if report.done > 0 {
                self.counters.tick(report.late);
            }
        }
    }

    /// Drives a session. A panic in it ends that session and nothing else.
    fn step(&mut self, slot: u32, now: Instant, drive: impl FnOnce(&mut Session, &mut Out)) {
        let Some(Some(s)) = self.slots.get_mut(slot as usize) else { return };
        let mut out = Out { io: &mut s.io, web: &self.web, counters: &mut self.counters };
        if catch_unwind(AssertUnwindSafe(|| drive(&mut s.session, &mut out))).is_err() {
            self.fail(slot);
            return;
        }
        // Time always moves on, whatever a session asks for.
        let next = s.session.next_timeout().max(now + STEP_MIN);
        if s.scheduled.is_none_or(|at| next < at) {
            s.scheduled = Some(next);
            self.timers.push(Reverse((next, slot, s.generation)));
        }
    }

    // ---- orders ----

    /// False: stop.
    fn obey(&mut self, order: Order) -> bool {
        let now = self.clock.instant();
        match order {
            Order::Stop => return false,
            Order::Open { id, seed, events } => self.open(now, id, seed, events),
            Order::Close { id } => {
                if let Some(slot) = self.by_id.get(&id).copied() {
                    self.close(slot, now);
                }
            }
            Order::AddRtp { id, leg, sockets, config } => {
                if let Some(slot) = self.by_id.get(&id).copied() {
                    self.add_sockets(slot, leg, sockets);
                    self.counted(slot, now, |session, out| {
                        session.add_rtp(now, leg, config, out);
                    });
                }
            }
            Order::AddWeb { id, leg, web } => {
                if let Some(slot) = self.by_id.get(&id).copied() {
                    self.peers.forget(|owner| owner == (id, leg));
                    self.peers.expect(web.ufrag(), (id, leg));
                    self.counted(slot, now, |session, out| {
                        session.add_web(now, leg, web, out);
                    });
                }
            }
            Order::Command { id, command } => {
                if let Some(slot) = self.by_id.get(&id).copied() {
                    self.command(slot, id, now, command);
                }
            }
        }
        true
    }

    fn open(&mut self, now: Instant, id: SessionId, seed: u64, events: tokio::sync::mpsc::Sender<Event>) {
        let phase = self.opened % PHASES;
        self.opened = self.opened.wrapping_add(1);
        let config = SessionConfig { seed, epoch: self.epoch, phase, unix_at_epoch: self.unix_at_epoch, cname: self.cname.clone() };
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() as u32 - 1
        });
        self.slots[slot as usize] = Some(Slot {
            id,
            generation: self.opened,
            session: Session::new(config, now),
            io: SessionIo { legs: SmallVec::new(), events },
            scheduled: None,
        });
        self.by_id.insert(id, slot);
        // Sets its first timer.
        self.step(slot, now, |_, _| {});
    }

    fn add_sockets(&mut self, slot: u32, leg: LegId, sockets: super::RtpSockets) {
        let Some(Some(s)) = self.slots.get_mut(slot as usize) else { return };
        s.io.legs.retain(|l| l.leg != leg);
        for (channel, socket) in [(Channel::Rtp, &sockets.rtp), (Channel::Rtcp, &sockets.rtcp)] {
            if let Err(error) = self.poller.add(socket, token(slot, s.generation, leg, channel)) {
                tracing::warn!(%error, "media socket cannot be watched");
            }
        }
        s.io.legs.push(LegSockets::new(leg, sockets));
    }

    fn command(&mut self, slot: u32, id: SessionId, now: Instant, command: Command) {
        let removed = match &command {
            Command::Remove { leg } => Some(*leg),
            _ => None,
        };
        self.counted(slot, now, |session, out| session.command(now, command, out));
        if let Some(leg) = removed {
            if let Some(Some(s)) = self.slots.get_mut(slot as usize) {
                s.io.legs.retain(|l| l.leg != leg);
            }
            self.peers.forget(|owner| owner == (id, leg));
        }
    }

    /// A step that may change how many legs and recordings there are.
    fn counted(&mut self, slot: u32, now: Instant, drive: impl FnOnce(&mut Session, &mut Out)) {
        self.count(slot, false);
        self.step(slot, now, drive);
        self.count(slot, true);
    }

    fn count(&mut self, slot: u32, up: bool) {
        let Some(Some(s)) = self.slots.get(slot as usize) else { return };
        let web = s.session.web_count() as u64;
        let rtp = s.session.leg_count() as u64 - web;
        let recording = u64::from(s.session.is_recording());
        let c = &mut self.counters;
        for (gauge, by) in [(&mut c.rtp_legs, rtp), (&mut c.web_legs, web), (&mut c.recordings, recording)] {
            *gauge = if up { *gauge + by } else { gauge.saturating_sub(by) };
        }
    }

    fn close(&mut self, slot: u32, now: Instant) {
        if self.slots.get(slot as usize).is_some_and(Option::is_some) {
            self.counted(slot, now, |session, out| session.close(now, out));
            self.forget(slot);
        }
    }

    fn fail(&mut self, slot: u32) {
        self.counters.sessions_failed += 1;
        self.count(slot, false);
        if let Some(Some(s)) = self.slots.get(slot as usize) {
            tracing::error!(session = s.id, "media session failed and was dropped");
            let legs = s.session.leg_ids();
            let ends = legs.iter().map(|leg| Event::LegStats { leg: *leg, stats: Box::default(), last: true });
            for event in std::iter::once(Event::Failed { legs: legs.clone() }).chain(ends) {
                // A full queue loses these too; the legs' silence is noticed by the owner's own timers.
                if s.io.events.try_send(event).is_err() {
                    self.counters.events_dropped += 1;
                }
            }
        }
        self.forget(slot);
    }

    fn forget(&mut self, slot: u32) {
        let Some(s) = self.slots.get_mut(slot as usize).and_then(Option::take) else { return };
        self.by_id.remove(&s.id);
        self.peers.forget(|(id, _)| id == s.id);
        self.free.push(slot);
        self.shelf.sessions.fetch_sub(1, Ordering::Relaxed);
        // Before the owner's channel closes: whoever sees that sees the gauges without this session.
        self.shelf.publish(&self.counters);
        self.ended += 1;
        // A session that panicked may panic again while it is dropped.
        if catch_unwind(AssertUnwindSafe(|| drop(s))).is_err() {
            tracing::error!("media session failed while it was dropped");
        }
        if self.by_id.is_empty() && self.ended >= TRIM_AFTER {
            self.ended = 0;
            trim();
        }
    }
}

/// Media goes before everything else that this process does, where the system lets us.
fn raise_priority() {
    // SAFETY: no memory is involved; 0 means the calling thread. Without the privilege the first changes nothing; the
    // second makes the kernel wake us when we asked for it and not up to 50 µs later.
    unsafe {
        libc::setpriority(libc::PRIO_PROCESS, 0, NICE);
        libc::prctl(libc::PR_SET_TIMERSLACK, TIMER_SLACK_NS);
    }
}

/// Gives freed memory back to the system. Nobody is being served by this worker when it is called.
fn trim() {
    // SAFETY: glibc's own locking makes this safe at any time.
    #[cfg(target_env = "gnu")]
    unsafe {
        libc::malloc_trim(0);
    }
}

const GENERATION_MASK: u32 = 0xfff;

/// slot (18 bits) | generation (12) | leg (32) | channel (1)
fn token(slot: u32, generation: u32, leg: LegId, channel: Channel) -> u64 {
    let head = (u64::from(slot) << 12 | u64::from(generation & GENERATION_MASK)) << 33;
    head | u64::from(leg.0) << 1 | u64::from(channel == Channel::Rtcp)
}

fn split(token: u64) -> (u32, u32, LegId, Channel) {
    let channel = if token & 1 == 1 { Channel::Rtcp } else { Channel::Rtp };
    let head = (token >> 33) as u32;
    (head >> 12, head & GENERATION_MASK, LegId((token >> 1) as u32), channel)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_name_slot_generation_leg_and_channel() {
        for (slot, generation, leg, channel) in [(0, 0, 0, Channel::Rtp), (SLOTS_MAX as u32 - 1, 0xfff, u32::MAX, Channel::Rtcp)] {
            let token = token(slot, generation, LegId(leg), channel);
            assert_eq!(split(token), (slot, generation, LegId(leg), channel));
            assert!(token < WEB);
        }
    }
}
