//! Derives from who hears whom how each leg is served. Runs on every change, never per packet.
use super::input::Input;
use super::leg::{Leg, Mode, Transport};
use super::{PHASES, Session, TICK};
use crate::recording::Side;
use crate::resample::Live;
use smallvec::SmallVec;
use std::time::{Duration, Instant};

impl Session {
    pub(super) fn plan(&mut self, now: Instant) {
        self.webs = self.legs.iter().filter(|l| matches!(l.transport, Transport::Web(_))).count();
        for i in 0..self.legs.len() {
            let sources = self.sources_of(i);
            let mode = self.mode_of(i, &sources);
            let leg = &mut self.legs[i];
            (leg.sources, leg.mode) = (sources, mode);
            leg.relays.clear();
            leg.decode = false;
        }
        for i in 0..self.legs.len() {
            match self.legs[i].mode {
                Mode::Relay(from) => self.legs[from].relays.push(i),
                Mode::Tick => {
                    for k in 0..self.legs[i].sources.len() {
                        let (from, _) = self.legs[i].sources[k];
                        self.legs[from].decode = true;
                    }
                }
                Mode::Silent => {}
            }
        }
        self.plan_recording();
        self.plan_rate();
        self.plan_ticks(now);
    }

    /// Whom a leg hears, as places and gains.
    fn sources_of(&self, to: usize) -> SmallVec<[(usize, f32); 2]> {
        let mut sources = SmallVec::new();
        let listener = &self.legs[to];
        if listener.held {
            return sources;
        }
        if listener.echo {
            sources.push((to, 1.0));
        }
        for (from, heard_by, gain) in &self.gains {
            if *heard_by == listener.id
                && let Some(i) = self.index(*from).filter(|i| !self.legs[*i].muted && !self.legs[*i].held)
            {
                sources.push((i, *gain));
            }
        }
        sources
    }

    fn mode_of(&self, to: usize, sources: &[(usize, f32)]) -> Mode {
        let leg = &self.legs[to];
        if !leg.may_send() {
            // A browser that is not connected yet still goes through its prompts, so that they end in time.
            return if leg.play.is_some() { Mode::Tick } else { Mode::Silent };
        }
        if leg.play.is_some() || leg.held || leg.tones.is_some() {
            return Mode::Tick;
        }
        match sources {
            [(from, gain)] if *gain == 1.0 && self.legs[*from].in_codec == leg.out_codec => Mode::Relay(*from),
            // Bridged to somebody who is muted or held: silence that keeps the path open.
            [] if self.gains.iter().any(|(_, heard_by, _)| *heard_by == leg.id) => Mode::Tick,
            [] => Mode::Silent,
            _ => Mode::Tick,
        }
    }

    /// The customer's channel is the customer; the other is everybody whom the customer hears.
    fn plan_recording(&mut self) {
        let customer = self.recording.as_ref().and_then(|r| self.index(r.customer));
        for i in 0..self.legs.len() {
            let side = customer.and_then(|c| self.side_of(i, c));
            let leg = &mut self.legs[i];
            leg.tap = side;
            // Only G.711 can be laid into a recording as it is.
            leg.decode |= side.is_some() && !leg.in_codec.is_g711();
        }
    }

    fn side_of(&self, i: usize, customer: usize) -> Option<Side> {
        // A held customer hears music and is heard by nobody: nothing of the call is said.
        if self.legs[i].muted || self.legs[customer].held {
            return None;
        }
        let heard = self.legs[customer].sources.iter().any(|(from, _)| *from == i);
        match i == customer {
            true => Some(Side::Left),
            false => heard.then_some(Side::Right),
        }
    }

    /// Frames are narrow-band unless a leg that takes part in mixing is wide-band.
    fn plan_rate(&mut self) {
        let wide = |l: &Leg| l.mode == Mode::Tick && l.out_codec.sample_rate() > 8000 || l.decode && l.in_codec.sample_rate() > 8000;
        self.rate = if self.legs.iter().any(wide) { 16_000 } else { 8000 };
        for leg in &mut self.legs {
            if !leg.decode {
                leg.input = None;
            } else if !leg.input.as_ref().is_some_and(|input| input.fits(leg.in_codec, self.rate)) {
                leg.input = Input::new(leg.in_codec, self.rate).map(Box::new);
            }
            leg.out_resampler = Live::new(self.rate, leg.out_codec.sample_rate());
            if leg.mode != Mode::Tick {
                leg.encoder = None;
            }
        }
    }

    fn plan_ticks(&mut self, now: Instant) {
        let needed = self.legs.iter().any(|l| l.mode == Mode::Tick || l.decode || l.digits.is_busy());
        if !needed {
            self.next_tick = None;
        } else if self.next_tick.is_none() {
            self.next_tick = Some(self.grid_after(now));
        }
    }

    /// The first point of this session's grid after `now`.
    pub(super) fn grid_after(&self, now: Instant) -> Instant {
        let origin = self.config.epoch + Duration::from_millis(u64::from(self.config.phase % PHASES) * 2);
        let passed = now.saturating_duration_since(origin).as_micros() as u64;
        let tick = TICK.as_micros() as u64;
        origin + Duration::from_micros((passed / tick + 1) * tick)
    }
}
