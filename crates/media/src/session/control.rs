//! Commands.
use super::leg::{Leg, Playing, Transport};
use super::{Command, DIGITS_QUEUED_MAX, DigitSource, Event, LegId, Output, PLAYLIST_LEN_MAX, Play, Recording, Session, Token};
use crate::dtmf::Generator;
use crate::player::{Playlist, Prompt};
use crate::recording::{RecordSink, Recorder};
use crate::telephone_event::TONE_MS_DEFAULT;
use std::sync::Arc;
use std::time::Instant;

/// Silence between two tones sent in band.
const TONE_PAUSE_MS: u32 = 80;

impl Session {
    pub fn command(&mut self, now: Instant, command: Command, out: &mut dyn Output) {
        match command {
            Command::UpdateRtp { leg, config } => self.update_rtp(now, leg, config, out),
            Command::Remove { leg } => self.remove(now, leg, out),
            Command::Bridge { a, b } => {
                self.set_gain(a, b, 1.0);
                self.set_gain(b, a, 1.0);
            }
            Command::Unbridge { a, b } => {
                self.set_gain(a, b, 0.0);
                self.set_gain(b, a, 0.0);
            }
            Command::Gain { from, to, gain } => self.set_gain(from, to, gain),
            Command::Mute { leg, on } => self.with(leg, |l| l.muted = on),
            Command::Hold { leg, music } => self.with(leg, |l| {
                l.held = true;
                l.music = music.map(|prompts| playlist(prompts, true));
            }),
            Command::Unhold { leg } => self.with(leg, |l| (l.held, l.music) = (false, None)),
            Command::Play { leg, play } => self.play(leg, play, out),
            Command::Stop { leg } => {
                if let Some(i) = self.index(leg) {
                    self.end_play(i, true, out);
                }
            }
            Command::SendDtmf { leg, digits, tone_ms } => self.with(leg, |l| send_digits(l, &digits, tone_ms)),
            Command::InfoDigit { leg, digit } => {
                if let Some(i) = self.index(leg) {
                    self.on_digit(now, i, digit, DigitSource::Info, out);
                }
            }
            Command::Echo { leg, on } => self.with(leg, |l| l.echo = on),
            Command::RecordStart { customer, sink, token } => self.record(now, customer, sink, token, out),
            Command::RecordStop => self.record_stop(now, out),
            Command::AskStats => {
                for leg in &self.legs {
                    out.event(Event::LegStats { leg: leg.id, stats: Box::new(leg.stats()), last: false });
                }
            }
        }
        self.plan(now);
        self.flush_web(now, out);
    }

    /// Ends everything: the recording is finished, each leg's last figures and the ends of play lists are told.
    pub fn close(&mut self, now: Instant, out: &mut dyn Output) {
        self.record_stop(now, out);
        while let Some(id) = self.legs.last().map(|l| l.id) {
            self.remove(now, id, out);
        }
        self.plan(now);
    }

    fn with(&mut self, id: LegId, change: impl FnOnce(&mut Leg)) {
        if let Some(i) = self.index(id) {
            change(&mut self.legs[i]);
        }
    }

    fn set_gain(&mut self, from: LegId, to: LegId, gain: f32) {
        self.gains.retain(|(f, t, _)| (*f, *t) != (from, to));
        let both = self.index(from).is_some() && self.index(to).is_some();
        if gain > 0.0 && from != to && both {
            self.gains.push((from, to, gain.min(GAIN_MAX)));
        }
    }

    fn update_rtp(&mut self, now: Instant, id: LegId, config: super::RtpConfig, out: &mut dyn Output) {
        let Some(i) = self.index(id) else { return };
        let leg = &mut self.legs[i];
        let Transport::Phone(phone) = &mut leg.transport else { return };
        let codec = config.codec;
        phone.update(now, id, config, out);
        if codec != leg.out_codec {
            leg.retune();
        }
    }

    fn remove(&mut self, now: Instant, id: LegId, out: &mut dyn Output) {
        let Some(i) = self.index(id) else { return };
        self.end_play(i, true, out);
        let ntp = self.ntp(now);
        let leg = &mut self.legs[i];
        match &mut leg.transport {
            Transport::Web(web) => web.close(now),
            Transport::Phone(phone) => {
                phone.send_report(now, id, &leg.stream, &mut leg.received, ntp, &self.config.cname, true, out);
            }
        }
        self.flush_web(now, out);
        let leg = self.legs.remove(i);
        out.event(Event::LegStats { leg: id, stats: Box::new(leg.stats()), last: true });
        self.gains.retain(|(from, to, _)| *from != id && *to != id);
        // Places in the plan are no longer right; nothing may be relayed by the old ones.
        self.plan(now);
    }

    fn play(&mut self, id: LegId, play: Play, out: &mut dyn Output) {
        let Some(i) = self.index(id) else { return };
        self.end_play(i, true, out);
        let Play { prompts, repeat, interruptible, token } = play;
        self.legs[i].play = Some(Playing { list: playlist(prompts, repeat), token, interruptible });
    }

    fn record(&mut self, now: Instant, customer: LegId, sink: Box<dyn RecordSink>, token: Token, out: &mut dyn Output) {
        self.record_stop(now, out);
        self.recorder_dropped_ms = 0;
        self.recording = Some(Recording { recorder: Recorder::new(sink, now), customer, token });
    }

    fn record_stop(&mut self, now: Instant, out: &mut dyn Output) {
        if let Some(Recording { recorder, token, .. }) = self.recording.take() {
            let (samples, dropped_ms) = recorder.finish(now);
            self.recorder_dropped_ms = dropped_ms;
            out.event(Event::RecordingEnded { token, samples, dropped_ms });
        }
    }
}

/// Loudest gain: 12 dB.
const GAIN_MAX: f32 = 4.0;

fn playlist(mut prompts: Vec<Arc<Prompt>>, repeat: bool) -> Playlist {
    prompts.truncate(PLAYLIST_LEN_MAX);
    Playlist::new(prompts, repeat, 0)
}

fn send_digits(leg: &mut Leg, digits: &str, tone_ms: u32) {
    if leg.has_events() {
        leg.digits.push(digits, tone_ms, DIGITS_QUEUED_MAX);
        return;
    }
    let tone = if tone_ms == 0 { TONE_MS_DEFAULT } else { tone_ms };
    let rate = leg.out_codec.sample_rate();
    let mut tones = leg.tones.take().unwrap_or_else(|| Box::new(Generator::new(rate, tone, TONE_PAUSE_MS)));
    tones.push(digits);
    if !tones.is_idle() {
        leg.tones = Some(tones);
    }
}
