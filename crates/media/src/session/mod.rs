//! One call's media: its legs and what joins them. Sans-IO: packets, commands and time in; packets and events out.
//!
//! Two legs with the same codec and nothing else to hear are relayed packet by packet, without a timer. Whoever must
//! hear a prompt, a mix or another codec is served by a 20 ms tick. The leg's one output writer (`rewrite::OutStream`)
//! keeps SSRC, sequence and timestamps continuous over every change between the two.
//!
//! `plan` derives from the commands how each leg is served; `packet` takes what comes in; `tick` makes frames.
mod control;
mod input;
mod leg;
mod packet;
mod phone;
mod plan;
#[cfg(test)]
mod tests;
mod tick;
mod types;

pub use types::*;

use crate::recording::Recorder;
use crate::rewrite::mix_bits;
use crate::rtcp;
use crate::webrtc::WebLeg;
use leg::{Leg, Transport};
use phone::Phone;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// Length of a tick.
pub const TICK: Duration = Duration::from_millis(20);
/// Sessions are spread over this many phases of 2 ms, so that not all send at once.
pub const PHASES: u32 = 10;
/// Ticks made up for after a stall; what is further behind is given up.
const CATCH_UP_MAX: u32 = 3;
/// How often timeouts, latches and reports are looked after.
const CARE_EVERY: Duration = Duration::from_secs(1);

/// What a session is told at its birth.
#[derive(Debug, Clone)]
pub struct SessionConfig {
    /// Random bits for SSRCs and first numbers.
    pub seed: u64,
    /// Ticks fall on `epoch + phase × 2 ms + n × 20 ms`.
    pub epoch: Instant,
    /// 0 … `PHASES - 1`.
    pub phase: u32,
    /// Time since the Unix epoch at `epoch`, for sender reports.
    pub unix_at_epoch: Duration,
    /// Canonical name in our reports (RFC 3550 section 6.5.1).
    pub cname: String,
}

/// Figures of ticking, for the driver's histogram.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TickReport {
    pub done: u32,
    pub skipped: u32,
    /// How late the first of them was.
    pub late: Duration,
}

struct Recording {
    recorder: Recorder,
    customer: LegId,
    token: Token,
}

pub struct Session {
    config: SessionConfig,
    legs: Vec<Leg>,
    /// Who hears whom, how loud; pairs that are not here do not.
    gains: Vec<(LegId, LegId, f32)>,
    recording: Option<Recording>,
    recorder_dropped_ms: u64,
    /// Rate at which frames are mixed: 16 000 as soon as one leg is wide-band.
    rate: u32,
    next_tick: Option<Instant>,
    care_at: Instant,
    webs: usize,
    seeds: u64,
}

impl Session {
    pub fn new(config: SessionConfig, now: Instant) -> Self {
        // Looking after sessions is spread over the second like ticks over their 20 ms.
        let care_at = now + CARE_EVERY + Duration::from_millis(u64::from(config.phase) * 2);
        Self {
            seeds: config.seed,
            config,
            legs: Vec::new(),
            gains: Vec::new(),
            recording: None,
            recorder_dropped_ms: 0,
            rate: 8000,
            next_tick: None,
            care_at,
            webs: 0,
        }
    }

    /// Adds a phone leg, or replaces the transport of the leg with this id. False: `LEGS_MAX` reached.
    pub fn add_rtp(&mut self, now: Instant, leg: LegId, config: RtpConfig, out: &mut dyn Output) -> bool {
        self.add(now, leg, Transport::Phone(Box::new(Phone::new(config, now))), out)
    }

    /// Adds a browser leg. If a leg with this id exists (a reloaded page) only its transport is replaced: bridges, hold,
    /// play list and recording go on. False: `LEGS_MAX` reached.
    pub fn add_web(&mut self, now: Instant, leg: LegId, web: Box<WebLeg>, out: &mut dyn Output) -> bool {
        let added = self.add(now, leg, Transport::Web(web), out);
        self.flush_web(now, out);
        added
    }

    fn add(&mut self, now: Instant, id: LegId, transport: Transport, out: &mut dyn Output) -> bool {
        match self.index(id) {
            Some(i) => {
                if let Transport::Web(old) = &mut self.legs[i].transport {
                    old.close(now);
                    self.flush_web(now, out);
                }
                self.legs[i].transport = transport;
                self.legs[i].retune();
            }
            None if self.legs.len() >= LEGS_MAX => return false,
            None => {
                self.seeds = mix_bits(self.seeds);
                self.legs.push(Leg::new(id, transport, self.seeds));
            }
        }
        self.plan(now);
        true
    }

    /// A datagram from a phone leg's socket. It may be overwritten.
    pub fn handle_rtp(&mut self, now: Instant, leg: LegId, channel: Channel, from: SocketAddr, datagram: &mut [u8], out: &mut dyn Output) {
        let Some(i) = self.index(leg) else { return };
        match channel {
            Channel::Rtp if !crate::rtp::is_rtcp(datagram) => self.on_datagram(now, i, from, datagram, out),
            _ => self.on_rtcp(now, i, from, datagram),
        }
        self.flush_web(now, out);
    }

    /// A datagram for a browser leg; `local`: the worker's socket.
    pub fn handle_web(&mut self, now: Instant, leg: LegId, local: SocketAddr, from: SocketAddr, datagram: &[u8], out: &mut dyn Output) {
        if let Some(Transport::Web(web)) = self.index(leg).map(|i| &mut self.legs[i].transport) {
            web.handle_datagram(now, local, from, datagram);
            self.flush_web(now, out);
        }
    }

    /// Does this datagram on the shared socket belong to that browser leg?
    pub fn accepts_web(&self, now: Instant, leg: LegId, local: SocketAddr, from: SocketAddr, datagram: &[u8]) -> bool {
        match self.index(leg).map(|i| &self.legs[i].transport) {
            Some(Transport::Web(web)) => web.accepts(now, local, from, datagram),
            _ => false,
        }
    }

    /// When `handle_timeout` is to be called. A relay only needs care once a second.
    pub fn next_timeout(&self) -> Instant {
        let mut next = self.care_at;
        if let Some(tick) = self.next_tick {
            next = next.min(tick);
        }
        if let Some(recording) = &self.recording {
            next = next.min(recording.recorder.next_flush());
        }
        for leg in &self.legs {
            if let Some(at) = leg.events.next_timeout() {
                next = next.min(at);
            }
            if let Transport::Web(web) = &leg.transport {
                next = next.min(web.deadline());
            }
        }
        next
    }

    /// Does everything that is due.
    pub fn handle_timeout(&mut self, now: Instant, out: &mut dyn Output) -> TickReport {
        let report = self.run_ticks(now, out);
        for i in 0..self.legs.len() {
            if let Some(digit) = self.legs[i].events.poll(now) {
                self.on_digit(now, i, digit, DigitSource::Rfc4733, out);
            }
            if let Transport::Web(web) = &mut self.legs[i].transport
                && web.deadline() <= now
            {
                web.handle_timeout(now);
            }
        }
        if let Some(recording) = &mut self.recording
            && recording.recorder.next_flush() <= now
        {
            recording.recorder.flush(now);
            self.recorder_dropped_ms = recording.recorder.dropped_ms();
        }
        if now >= self.care_at {
            self.care(now, out);
        }
        self.flush_web(now, out);
        report
    }

    pub fn leg_ids(&self) -> Vec<LegId> {
        self.legs.iter().map(|l| l.id).collect()
    }

    pub fn leg_count(&self) -> usize {
        self.legs.len()
    }

    pub fn web_count(&self) -> usize {
        self.webs
    }

    pub fn is_recording(&self) -> bool {
        self.recording.is_some()
    }

    /// Milliseconds that the present or last recording lost to a slow sink.
    pub fn recorder_dropped_ms(&self) -> u64 {
        self.recorder_dropped_ms
    }

    /// True while frames are made for somebody.
    pub fn is_ticking(&self) -> bool {
        self.next_tick.is_some()
    }

    fn index(&self, id: LegId) -> Option<usize> {
        self.legs.iter().position(|l| l.id == id)
    }

    fn ntp(&self, now: Instant) -> u64 {
        rtcp::ntp_from_unix(self.config.unix_at_epoch + now.saturating_duration_since(self.config.epoch))
    }

    fn care(&mut self, now: Instant, out: &mut dyn Output) {
        // Late care does not pile up.
        self.care_at = (self.care_at + CARE_EVERY).max(now + CARE_EVERY / 2);
        let ntp = self.ntp(now);
        for leg in &mut self.legs {
            if let Transport::Phone(phone) = &mut leg.transport {
                if phone.watch(now, leg.id, out) {
                    out.event(Event::RtpTimeout { leg: leg.id });
                }
                phone.report(now, leg.id, &leg.stream, &mut leg.received, ntp, &self.config.cname, out);
            }
        }
    }

    fn on_rtcp(&mut self, now: Instant, i: usize, from: SocketAddr, datagram: &[u8]) {
        let ntp = self.ntp(now);
        let leg = &mut self.legs[i];
        if let Transport::Phone(phone) = &mut leg.transport {
            phone.on_rtcp(now, from, datagram, leg.stream.ssrc(), ntp, &mut leg.received);
        }
    }
}
