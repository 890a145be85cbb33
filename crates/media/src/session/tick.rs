//! The 20 ms tick: pulls a frame from every leg that is decoded and makes one for every leg that is served by ticks.
use super::leg::{Leg, Mode};
use super::{CATCH_UP_MAX, Event, Output, Session, TICK, TickReport};
use crate::codec::{Codec, ENCODE_BYTES_MAX, Encoder};
use crate::mix::{FRAME_SAMPLES_MAX, Mix};
use crate::player::{Frame, Playlist};
use crate::telephone_event::EventTick;
use smallvec::SmallVec;
use std::time::Instant;

/// G.711 frames of silence, sent without encoding.
const ULAW_SILENCE: [u8; 160] = [0xff; 160];
const ALAW_SILENCE: [u8; 160] = [0xd5; 160];

/// Payload bytes that need no allocation: all of G.711 and G.722, and Opus at our bit rate.
const PAYLOAD_INLINE: usize = 512;

/// What a leg's own player gives for this tick.
enum Own {
    Nothing,
    /// Encoded, ready to go.
    Payload(SmallVec<[u8; PAYLOAD_INLINE]>),
    Samples([i16; FRAME_SAMPLES_MAX]),
    Pause,
    Ended,
}

impl Session {
    pub(super) fn run_ticks(&mut self, now: Instant, out: &mut dyn Output) -> TickReport {
        let mut report = TickReport::default();
        while let Some(due) = self.next_tick.filter(|due| *due <= now) {
            if report.done == 0 {
                report.late = now - due;
            }
            if report.done == CATCH_UP_MAX {
                let next = self.grid_after(now);
                report.skipped = ((next - due).as_millis() / TICK.as_millis()) as u32;
                self.next_tick = Some(next);
                break;
            }
            self.next_tick = Some(due + TICK);
            report.done += 1;
            self.tick(due, out);
        }
        report
    }

    /// `due`: the tick's deadline, from which timestamps are made, whenever it really runs.
    fn tick(&mut self, due: Instant, out: &mut dyn Output) {
        self.pull_inputs(due);
        let mut changed = false;
        for i in 0..self.legs.len() {
            changed |= self.tick_leg(due, i, out);
        }
        if changed {
            self.plan(due);
        }
    }

    fn pull_inputs(&mut self, due: Instant) {
        for leg in &mut self.legs {
            let Some(input) = &mut leg.input else { continue };
            let heard = input.pull(&mut leg.frame);
            if !heard {
                leg.frame = [0; FRAME_SAMPLES_MAX];
            }
            if let (Some(side), Some(recording), true) = (leg.tap, &mut self.recording, heard && !leg.in_codec.is_g711()) {
                let step = (self.rate / 8000) as usize;
                let narrow: [i16; 160] = std::array::from_fn(|n| narrow_sample(&leg.frame, n, step));
                let timestamp = (due.saturating_duration_since(self.config.epoch).as_micros() as u64 * 8 / 1000) as u32;
                recording.recorder.samples(due, side, leg.id.0, 0, timestamp, &narrow);
            }
        }
    }

    /// One leg's frame. True: something ended, the plan must be made anew.
    fn tick_leg(&mut self, due: Instant, i: usize, out: &mut dyn Output) -> bool {
        let frame_ticks = self.legs[i].out_codec.frame_ticks();
        let leg = &mut self.legs[i];
        let was_busy = leg.digits.is_busy();
        if let EventTick::Packet(packet) = leg.digits.tick(frame_ticks) {
            let stamp = leg.stream.event(due, packet.first, packet.duration);
            leg.send_event(due, stamp, &packet.payload, out);
            // The prompt below is heard less by this much, as by a real key press.
            self.skip_own(i);
            return was_busy && !self.legs[i].digits.is_busy();
        }
        let mut changed = was_busy && !leg.digits.is_busy();
        if leg.mode == Mode::Tick {
            changed |= self.serve(due, i, out);
        }
        changed
    }

    fn skip_own(&mut self, i: usize) {
        let leg = &mut self.legs[i];
        if let Some(play) = &mut leg.play {
            play.list.next_frame();
        } else if let Some(music) = &mut leg.music {
            music.next_frame();
        }
    }

    fn serve(&mut self, due: Instant, i: usize, out: &mut dyn Output) -> bool {
        let mut own = self.own(i);
        let mut changed = false;
        if matches!(own, Own::Ended) {
            self.end_play(i, false, out);
            changed = true;
            // Music under a prompt goes on at once; else this frame is silence.
            own = self.own(i);
        }
        let leg = &mut self.legs[i];
        if leg.tones.is_some() {
            return changed | send_tones(leg, due, out);
        }
        if leg.sources.is_empty() {
            send_own(leg, due, self.rate, &own, out);
            return changed;
        }
        let samples = (self.rate / 50) as usize;
        let mut mix = Mix::new(samples);
        for k in 0..self.legs[i].sources.len() {
            let (from, gain) = self.legs[i].sources[k];
            mix.add(&self.legs[from].frame[..samples], gain);
        }
        if let Own::Samples(pcm) = &own {
            mix.add(&pcm[..samples], 1.0);
        }
        let mut pcm = [0; FRAME_SAMPLES_MAX];
        mix.finish(&mut pcm[..samples]);
        send_samples(&mut self.legs[i], due, &pcm[..samples], out);
        changed
    }

    /// The next 20 ms of the leg's prompt or, without one, of its hold music.
    fn own(&mut self, i: usize) -> Own {
        let leg = &mut self.legs[i];
        let alone = leg.sources.is_empty();
        match (&mut leg.play, &mut leg.music) {
            (Some(play), _) => next_own(&mut play.list, leg.out_codec, self.rate, alone).unwrap_or(Own::Ended),
            (None, Some(music)) if leg.held => next_own(music, leg.out_codec, self.rate, alone).unwrap_or(Own::Pause),
            _ => Own::Nothing,
        }
    }

    /// Ends a leg's play list and tells so.
    pub(super) fn end_play(&mut self, i: usize, interrupted: bool, out: &mut dyn Output) {
        let leg = &mut self.legs[i];
        if let Some(play) = leg.play.take() {
            out.event(Event::PlaybackDone { leg: leg.id, token: play.token, interrupted });
        }
    }
}

fn next_own(list: &mut Playlist, codec: Codec, rate: u32, alone: bool) -> Option<Own> {
    let frame = list.next_frame()?;
    if matches!(frame, Frame::Silence) {
        return Some(Own::Pause);
    }
    if let Some(payload) = frame.payload(codec).filter(|_| alone) {
        return Some(Own::Payload(SmallVec::from_slice(payload)));
    }
    let mut pcm = [0; FRAME_SAMPLES_MAX];
    if let Some(samples) = frame.pcm(rate) {
        let len = samples.len().min(FRAME_SAMPLES_MAX);
        pcm[..len].copy_from_slice(&samples[..len]);
    }
    Some(Own::Samples(pcm))
}

fn send_own(leg: &mut Leg, due: Instant, rate: u32, own: &Own, out: &mut dyn Output) {
    match own {
        Own::Payload(bytes) => {
            let stamp = leg.stream.generate(due, leg.out_codec.frame_ticks());
            leg.send_audio(due, stamp, bytes, out);
        }
        Own::Samples(pcm) => send_samples(leg, due, &pcm[..(rate / 50) as usize], out),
        Own::Nothing | Own::Pause | Own::Ended => match leg.out_codec {
            Codec::Pcmu | Codec::Pcma => {
                let silence = if leg.out_codec == Codec::Pcma { &ALAW_SILENCE } else { &ULAW_SILENCE };
                let stamp = leg.stream.generate(due, leg.out_codec.frame_ticks());
                leg.send_audio(due, stamp, silence, out);
            }
            Codec::G722 | Codec::Opus => send_samples(leg, due, &[0; FRAME_SAMPLES_MAX][..(rate / 50) as usize], out),
        },
    }
}

/// Digits as tones, for peers without RFC 4733. True when the last has been sent.
fn send_tones(leg: &mut Leg, due: Instant, out: &mut dyn Output) -> bool {
    let mut pcm = [0; FRAME_SAMPLES_MAX];
    let samples = leg.out_codec.frame_samples();
    let Some(tones) = &mut leg.tones else { return false };
    tones.fill(&mut pcm[..samples]);
    let done = tones.is_idle();
    if done {
        leg.tones = None;
    }
    encode_and_send(leg, due, &pcm[..samples], out);
    done
}

/// Sends a frame at the session's rate.
fn send_samples(leg: &mut Leg, due: Instant, pcm: &[i16], out: &mut dyn Output) {
    let mut resampled = [0; FRAME_SAMPLES_MAX];
    match &mut leg.out_resampler {
        Some(live) => {
            live.process(pcm, &mut resampled);
            let samples = leg.out_codec.frame_samples();
            encode_and_send(leg, due, &resampled[..samples], out);
        }
        None => encode_and_send(leg, due, pcm, out),
    }
}

/// Sends a frame at the codec's rate.
fn encode_and_send(leg: &mut Leg, due: Instant, pcm: &[i16], out: &mut dyn Output) {
    if leg.encoder.as_ref().is_none_or(|e| e.codec() != leg.out_codec) {
        leg.encoder = Encoder::new(leg.out_codec).ok();
    }
    let Some(encoder) = &mut leg.encoder else { return };
    let mut bytes = [0; ENCODE_BYTES_MAX];
    if let Ok(len) = encoder.encode_into(pcm, &mut bytes) {
        let stamp = leg.stream.generate(due, leg.out_codec.frame_ticks());
        leg.send_audio(due, stamp, &bytes[..len], out);
    }
}

/// Sample `n` of a frame brought to 8 kHz; pairs are averaged, which is enough of a low-pass for a µ-law recording.
fn narrow_sample(frame: &[i16; FRAME_SAMPLES_MAX], n: usize, step: usize) -> i16 {
    match frame.get(n * step..(n + 1) * step) {
        Some(part) => (part.iter().map(|s| i32::from(*s)).sum::<i32>() / step.max(1) as i32) as i16,
        None => 0,
    }
}
