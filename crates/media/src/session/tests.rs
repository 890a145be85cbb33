//! Whole sessions under virtual time: packets in, packets and events out, nothing real.
use super::*;
use crate::codec::{Codec, g711};
use crate::player::Prompt;
use crate::quality::LegStats;
use crate::recording::RecordSink;
use crate::rtp::{self, Header, PACKET_BYTES_MAX};
use crate::telephone_event::{EventSender, EventTick};
use crate::testing::start;
use bytes::Bytes;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

mod hostile;
mod web;

const A: LegId = LegId(1);
const B: LegId = LegId(2);
const C: LegId = LegId(3);

#[derive(Default)]
struct Collected {
    sent: HashMap<LegId, Vec<(Instant, Header, Vec<u8>)>>,
    rtcp: usize,
    events: Vec<Event>,
    latched: Vec<(LegId, Option<SocketAddr>)>,
    web: std::collections::VecDeque<Vec<u8>>,
    now: Option<Instant>,
}

impl Output for Collected {
    fn send_rtp(&mut self, leg: LegId, channel: Channel, to: SocketAddr, packet: &[u8]) {
        assert_eq!(to.ip(), peer(leg).ip());
        match channel {
            Channel::Rtcp => {
                crate::rtcp::parse(packet).expect("a valid report");
                self.rtcp += 1;
            }
            Channel::Rtp => {
                let parsed = rtp::parse(packet).expect("a valid packet");
                let payload = parsed.payload(packet).to_vec();
                self.sent.entry(leg).or_default().push((self.now.expect("set"), parsed.header, payload));
            }
        }
    }
    fn send_web(&mut self, _: LegId, to: SocketAddr, packet: &[u8]) {
        assert_eq!(to, crate::webrtc::tests::browser());
        self.web.push_back(packet.to_vec());
    }
    fn latched(&mut self, leg: LegId, _: Channel, from: Option<SocketAddr>) {
        self.latched.push((leg, from));
    }
    fn event(&mut self, event: Event) {
        self.events.push(event);
    }
}

fn peer(leg: LegId) -> SocketAddr {
    SocketAddr::from(([192, 0, 2, leg.0 as u8], 4000))
}

/// A phone that sends something every 20 ms.
struct Talker {
    leg: LegId,
    sequence: u16,
    timestamp: u32,
    ssrc: u32,
    payload_type: u8,
    codec: Codec,
    hz: f32,
    phase: u32,
    talking: bool,
}

impl Talker {
    fn new(leg: LegId, codec: Codec, hz: f32) -> Self {
        let payload_type = codec.default_pt();
        Self { leg, sequence: 65_000, timestamp: 0xffff_8000, ssrc: leg.0 * 1000, payload_type, codec, hz, phase: 0, talking: true }
    }

    fn header(&mut self, payload_type: u8) -> Header {
        self.sequence = self.sequence.wrapping_add(1);
        Header { payload_type, marker: false, sequence: self.sequence, timestamp: self.timestamp, ssrc: self.ssrc }
    }

    fn packet(&mut self) -> Vec<u8> {
        let samples: Vec<i16> = (0..160)
            .map(|i| {
                let t = (self.phase + i) as f32 / 8000.0;
                (8000.0 * (t * self.hz * std::f32::consts::TAU).sin()) as i16
            })
            .collect();
        self.phase += 160;
        self.timestamp = self.timestamp.wrapping_add(160);
        let header = self.header(self.payload_type);
        let law = if self.codec == Codec::Pcma { g711::alaw_from_pcm } else { g711::ulaw_from_pcm };
        let payload: Vec<u8> = samples.into_iter().map(law).collect();
        rtp::write(&header, &payload, &mut [0; PACKET_BYTES_MAX]).to_vec()
    }
}

struct World {
    session: Session,
    out: Collected,
    now: Instant,
    talkers: Vec<Talker>,
}

impl World {
    fn new(legs: &[(LegId, Codec, f32)]) -> Self {
        let now = start();
        let config =
            SessionConfig { seed: 7, epoch: now, phase: 3, unix_at_epoch: Duration::from_secs(1_800_000_000), cname: "t@t".into() };
        let mut world =
            Self { session: Session::new(config, now), out: Collected { now: Some(now), ..Default::default() }, now, talkers: Vec::new() };
        for (leg, codec, hz) in legs {
            let config = RtpConfig { timeout_ms: 5000, ..RtpConfig::g711(*codec, Some(peer(*leg))) };
            world.session.add_rtp(now, *leg, config, &mut world.out);
            world.talkers.push(Talker::new(*leg, *codec, *hz));
        }
        world
    }

    fn command(&mut self, command: Command) {
        self.session.command(self.now, command, &mut self.out);
    }

    fn receive(&mut self, leg: LegId, mut packet: Vec<u8>) {
        self.session.handle_rtp(self.now, leg, Channel::Rtp, peer(leg), &mut packet, &mut self.out);
    }

    fn run(&mut self, ms: u64) {
        for _ in 0..ms / 20 {
            for i in 0..self.talkers.len() {
                if self.talkers[i].talking {
                    let packet = self.talkers[i].packet();
                    let leg = self.talkers[i].leg;
                    self.receive(leg, packet);
                }
            }
            let end = self.now + TICK;
            while self.session.next_timeout() <= end {
                self.now = self.session.next_timeout().max(self.now);
                self.out.now = Some(self.now);
                self.session.handle_timeout(self.now, &mut self.out);
            }
            self.now = end;
            self.out.now = Some(end);
        }
    }

    fn sent(&self, leg: LegId) -> &[(Instant, Header, Vec<u8>)] {
        self.out.sent.get(&leg).map_or(&[], Vec::as_slice)
    }

    fn clear(&mut self) {
        self.out.sent.clear();
        self.out.events.clear();
    }

    /// One SSRC, sequence numbers without gap, timestamps never back and always whole frames.
    fn assert_continuous(&self, leg: LegId) {
        let sent = self.sent(leg);
        for pair in sent.windows(2) {
            let (a, b) = (&pair[0].1, &pair[1].1);
            assert_eq!(a.ssrc, b.ssrc);
            assert_eq!(b.sequence, a.sequence.wrapping_add(1));
            let step = b.timestamp.wrapping_sub(a.timestamp) as i32;
            assert!((0..8000).contains(&step), "step {step}");
            assert!(step > 0 || a.payload_type == 101, "audio stands still");
        }
    }

    fn digits(&self) -> String {
        self.out.events.iter().filter_map(|e| if let Event::Digit { digit, .. } = e { Some(*digit) } else { None }).collect()
    }
}

/// Share of a frequency in what a leg was sent.
fn share(sent: &[(Instant, Header, Vec<u8>)], alaw: bool, hz: f32) -> f32 {
    let law = if alaw { g711::pcm_from_alaw } else { g711::pcm_from_ulaw };
    let pcm: Vec<f32> = sent.iter().filter(|s| s.1.payload_type != 101).flat_map(|s| s.2.iter().map(|c| f32::from(law(*c)))).collect();
    goertzel(&pcm, hz)
}

fn goertzel(pcm: &[f32], hz: f32) -> f32 {
    // In blocks, so that a concealed frame's phase step does not cancel the tone.
    let (mut tone, mut all) = (0f32, 1f32);
    for block in pcm.chunks_exact(800) {
        let (mut re, mut im) = (0f32, 0f32);
        for (i, s) in block.iter().enumerate() {
            let angle = std::f32::consts::TAU * hz * i as f32 / 8000.0;
            re += s * angle.cos();
            im += s * angle.sin();
        }
        tone += (re * re + im * im) * 2.0 / block.len() as f32;
        all += block.iter().map(|s| s * s).sum::<f32>();
    }
    tone / all
}

fn tone_prompt(hz: f32, ms: usize) -> Arc<Prompt> {
    let pcm: Vec<i16> = (0..ms * 8).map(|i| (8000.0 * (i as f32 / 8000.0 * hz * std::f32::consts::TAU).sin()) as i16).collect();
    let prompt = Prompt::from_pcm(&pcm, 8000).expect("a prompt");
    prompt.prepare(Codec::Pcmu);
    Arc::new(prompt)
}

fn play(prompts: Vec<Arc<Prompt>>, token: Token) -> Play {
    Play { prompts, repeat: false, interruptible: false, token }
}

#[test]
fn a_bridge_of_one_codec_is_a_relay_without_ticks() {
    let mut w = World::new(&[(A, Codec::Pcmu, 700.0), (B, Codec::Pcmu, 1000.0)]);
    w.command(Command::Bridge { a: A, b: B });
    w.run(1000);
    assert!(!w.session.is_ticking());
    assert_eq!((w.sent(A).len(), w.sent(B).len()), (50, 50));
    assert!(share(w.sent(A), false, 1000.0) > 0.95 && share(w.sent(B), false, 700.0) > 0.95);
    w.assert_continuous(A);
    w.assert_continuous(B);
}

#[test]
fn relay_to_prompt_to_relay_is_one_stream() {
    let mut w = World::new(&[(A, Codec::Pcmu, 700.0), (B, Codec::Pcmu, 1000.0)]);
    w.command(Command::Bridge { a: A, b: B });
    w.run(500);
    w.command(Command::Play { leg: A, play: play(vec![tone_prompt(440.0, 600)], 9) });
    w.run(1000);
    assert!(!w.session.is_ticking(), "back to the relay by itself");
    w.run(500);
    w.assert_continuous(A);
    w.assert_continuous(B);
    let count = w.sent(A).len() as i32;
    assert!((98..=102).contains(&count), "{count}");
    let during = &w.sent(A)[30..50];
    assert!(share(during, false, 440.0) > 0.3 && share(during, false, 1000.0) > 0.3, "the prompt is mixed into the bridge");
    assert!(w.out.events.iter().any(|e| matches!(e, Event::PlaybackDone { token: 9, interrupted: false, leg: A })));
}

#[test]
fn hold_plays_music_to_one_side_and_silence_to_the_other() {
    let mut w = World::new(&[(A, Codec::Pcmu, 700.0), (B, Codec::Pcmu, 1000.0)]);
    w.command(Command::Bridge { a: A, b: B });
    w.run(200);
    w.command(Command::Hold { leg: A, music: Some(vec![tone_prompt(440.0, 300)]) });
    w.run(100);
    w.clear();
    w.run(1000);
    assert!(share(w.sent(A), false, 440.0) > 0.9, "music, repeated");
    assert!(share(w.sent(B), false, 700.0) < 0.01 && w.sent(B).len() >= 49, "silence keeps the path open");
    w.command(Command::Unhold { leg: A });
    w.run(100);
    w.clear();
    w.run(500);
    assert!(share(w.sent(A), false, 1000.0) > 0.9 && share(w.sent(B), false, 700.0) > 0.9);
    assert!(!w.session.is_ticking());
    w.assert_continuous(A);
}

#[test]
fn a_muted_leg_is_heard_by_nobody() {
    let mut w = World::new(&[(A, Codec::Pcmu, 700.0), (B, Codec::Pcmu, 1000.0)]);
    w.command(Command::Bridge { a: A, b: B });
    w.command(Command::Mute { leg: B, on: true });
    w.run(500);
    assert!(share(w.sent(A), false, 1000.0) < 0.01);
    assert!(share(w.sent(B), false, 700.0) > 0.95, "but hears");
    w.command(Command::Mute { leg: B, on: false });
    w.clear();
    w.run(500);
    assert!(share(w.sent(A), false, 1000.0) > 0.95);
}

#[test]
fn different_codecs_are_transcoded() {
    let mut w = World::new(&[(A, Codec::Pcmu, 700.0), (B, Codec::Pcma, 1000.0)]);
    w.command(Command::Bridge { a: A, b: B });
    w.run(1000);
    assert!(w.session.is_ticking());
    assert!(w.sent(A).iter().all(|s| s.1.payload_type == 0) && w.sent(B).iter().all(|s| s.1.payload_type == 8));
    assert!(share(&w.sent(A)[10..], false, 1000.0) > 0.9 && share(&w.sent(B)[10..], true, 700.0) > 0.9);
    w.assert_continuous(B);
}

#[test]
fn three_legs_hear_each_other_and_not_themselves() {
    let mut w = World::new(&[(A, Codec::Pcmu, 500.0), (B, Codec::Pcmu, 900.0), (C, Codec::Pcmu, 1300.0)]);
    for (a, b) in [(A, B), (B, C), (A, C)] {
        w.command(Command::Bridge { a, b });
    }
    w.run(200);
    w.clear();
    w.run(1000);
    for (leg, own, others) in [(A, 500.0, [900.0, 1300.0]), (B, 900.0, [500.0, 1300.0]), (C, 1300.0, [500.0, 900.0])] {
        let sent = w.sent(leg);
        assert!(share(sent, false, own) < 0.02, "{leg:?}");
        assert!(others.iter().all(|hz| share(sent, false, *hz) > 0.4), "{leg:?}");
    }
}

#[test]
fn a_whisper_reaches_one_side_only() {
    let mut w = World::new(&[(A, Codec::Pcmu, 500.0), (B, Codec::Pcmu, 900.0), (C, Codec::Pcmu, 1300.0)]);
    w.command(Command::Bridge { a: A, b: B });
    w.command(Command::Gain { from: C, to: B, gain: 0.5 });
    w.command(Command::Gain { from: A, to: C, gain: 1.0 });
    w.run(200);
    w.clear();
    w.run(1000);
    assert!(share(w.sent(A), false, 1300.0) < 0.01 && share(w.sent(A), false, 900.0) > 0.9);
    let whisper = share(w.sent(B), false, 1300.0);
    assert!((0.1..0.3).contains(&whisper), "half the voltage, a fifth of the sum's power: {whisper}");
    assert!(share(w.sent(C), false, 500.0) > 0.9, "one-way listening is a relay");
}

#[test]
fn echo_sends_back_what_came() {
    let mut w = World::new(&[(A, Codec::Pcmu, 700.0)]);
    w.command(Command::Echo { leg: A, on: true });
    w.run(500);
    assert!(!w.session.is_ticking());
    assert_eq!(w.sent(A).len(), 25);
    assert!(share(w.sent(A), false, 700.0) > 0.95);
}

#[test]
fn prompts_are_sent_as_they_were_encoded_and_stop_for_a_digit() {
    let mut w = World::new(&[(A, Codec::Pcmu, 700.0)]);
    let prompt = tone_prompt(440.0, 2000);
    w.command(Command::Play { leg: A, play: Play { interruptible: true, ..play(vec![prompt.clone(), prompt.clone()], 5) } });
    w.run(1000);
    assert!(w.sent(A)[..40].iter().enumerate().all(|(i, s)| Some(s.2.as_slice()) == prompt.payload(Codec::Pcmu, i)));
    w.command(Command::InfoDigit { leg: A, digit: '3' });
    assert!(w.out.events.iter().any(|e| matches!(e, Event::PlaybackDone { token: 5, interrupted: true, .. })));
    assert_eq!(w.digits(), "3");
    w.clear();
    w.run(200);
    assert!(w.sent(A).is_empty() && !w.session.is_ticking());
}

#[test]
fn digits_come_once_by_each_way() {
    let mut w = World::new(&[(A, Codec::Pcmu, 700.0), (B, Codec::Pcmu, 1000.0)]);
    w.command(Command::Bridge { a: A, b: B });
    w.run(100);
    w.talkers[0].talking = false;
    let mut sender = EventSender::default();
    sender.push("57", 100, 9);
    w.talkers[0].timestamp += 160;
    while sender.is_busy() {
        if let EventTick::Packet(p) = sender.tick(160) {
            if p.first {
                w.talkers[0].timestamp = w.talkers[0].timestamp.wrapping_add(1600);
            }
            let header = w.talkers[0].header(101);
            let packet = rtp::write(&header, &p.payload, &mut [0; PACKET_BYTES_MAX]).to_vec();
            w.receive(A, packet.clone());
            w.receive(A, packet);
        }
        w.run(20);
    }
    assert_eq!(w.digits(), "57");
    let passed = w.sent(B).iter().filter(|s| s.1.payload_type == 101).count();
    assert_eq!(passed, 14, "events are relayed, duplicates are not");
    w.assert_continuous(B);
    w.command(Command::InfoDigit { leg: A, digit: '7' });
    assert_eq!(w.digits(), "57", "INFO of the same key press");
    w.run(1000);
    w.command(Command::InfoDigit { leg: A, digit: '7' });
    assert_eq!(w.digits(), "577");
}

#[test]
fn digits_are_sent_in_place_of_audio_on_the_same_line() {
    let mut w = World::new(&[(A, Codec::Pcmu, 700.0), (B, Codec::Pcmu, 1000.0)]);
    w.command(Command::Bridge { a: A, b: B });
    w.run(500);
    w.command(Command::SendDtmf { leg: B, digits: "1#".into(), tone_ms: 0 });
    w.run(1000);
    assert!(!w.session.is_ticking());
    w.assert_continuous(B);
    let events: Vec<_> = w.sent(B).iter().filter(|s| s.1.payload_type == 101).collect();
    assert_eq!(events.len(), 14);
    assert_eq!(events.iter().filter(|e| e.2[1] & 0x80 != 0).count(), 6, "three ends each");
    assert_eq!(events.iter().filter(|e| e.1.marker).count(), 2);
    assert!(w.sent(B).len() <= 77);
}

#[test]
fn in_band_digits_are_heard_and_sent_without_rfc_4733() {
    let mut w = World::new(&[(A, Codec::Pcmu, 700.0), (B, Codec::Pcmu, 0.0)]);
    for leg in [A, B] {
        let config = RtpConfig { telephone_event: None, ..RtpConfig::g711(Codec::Pcmu, Some(peer(leg))) };
        w.command(Command::UpdateRtp { leg, config });
    }
    w.command(Command::SendDtmf { leg: A, digits: "42".into(), tone_ms: 100 });
    w.talkers[0].talking = false;
    w.talkers[1].talking = false;
    w.run(600);
    let tones: Vec<Vec<u8>> = w.sent(A).iter().map(|s| s.2.clone()).collect();
    assert!(tones.len() >= 17 && !w.session.is_ticking(), "{}", tones.len());
    for payload in tones {
        w.talkers[1].timestamp = w.talkers[1].timestamp.wrapping_add(160);
        let header = w.talkers[1].header(0);
        let packet = rtp::write(&header, &payload, &mut [0; PACKET_BYTES_MAX]).to_vec();
        w.receive(B, packet);
        w.run(20);
    }
    assert_eq!(w.digits(), "42");
}

#[derive(Clone, Default)]
struct Shelf(Arc<Mutex<Vec<u8>>>);
impl RecordSink for Shelf {
    fn write(&mut self, chunk: Bytes) -> bool {
        self.0.lock().expect("test").extend(chunk);
        true
    }
}

impl Shelf {
    fn side(&self, right: bool) -> Vec<f32> {
        let bytes = self.0.lock().expect("test");
        bytes.iter().skip(usize::from(right)).step_by(2).map(|c| f32::from(g711::pcm_from_ulaw(*c))).collect()
    }
}

#[test]
fn a_recorded_relay_stays_a_relay_and_holds_both_sides() {
    for (left, right) in [(Codec::Pcmu, Codec::Pcmu), (Codec::Pcma, Codec::Pcma), (Codec::Pcmu, Codec::Pcma)] {
        let mut w = World::new(&[(A, left, 700.0), (B, right, 1000.0)]);
        let shelf = Shelf::default();
        w.command(Command::Bridge { a: A, b: B });
        w.command(Command::RecordStart { customer: A, sink: Box::new(shelf.clone()), token: 3 });
        w.run(3000);
        assert_eq!(w.session.is_ticking(), left != right);
        w.command(Command::RecordStop);
        assert!(w.out.events.iter().any(|e| matches!(e, Event::RecordingEnded { token: 3, samples: 24_000, dropped_ms: 0 })));
        let (l, r) = (shelf.side(false), shelf.side(true));
        assert_eq!(l.len(), 24_000);
        assert!(goertzel(&l, 700.0) > 0.95 && goertzel(&r, 1000.0) > 0.95);
        assert!(goertzel(&l, 1000.0) < 0.01 && goertzel(&r, 700.0) < 0.01);
    }
}

#[test]
fn what_is_held_or_muted_is_not_recorded() {
    let mut w = World::new(&[(A, Codec::Pcmu, 700.0), (B, Codec::Pcmu, 1000.0)]);
    let shelf = Shelf::default();
    w.command(Command::Bridge { a: A, b: B });
    w.command(Command::RecordStart { customer: A, sink: Box::new(shelf.clone()), token: 3 });
    w.command(Command::Mute { leg: B, on: true });
    w.run(1000);
    w.command(Command::Mute { leg: B, on: false });
    w.command(Command::Hold { leg: A, music: None });
    w.run(1000);
    w.command(Command::RecordStop);
    let (l, r) = (shelf.side(false), shelf.side(true));
    assert!(goertzel(&l[..8000], 700.0) > 0.9 && r.iter().all(|s| s.abs() < 1.0));
    assert!(l[8200..].iter().all(|s| s.abs() < 1.0));
}

#[test]
fn a_stranger_is_neither_heard_nor_answered() {
    let mut w = World::new(&[(A, Codec::Pcmu, 700.0), (B, Codec::Pcmu, 1000.0)]);
    w.command(Command::Bridge { a: A, b: B });
    w.run(200);
    assert_eq!(w.out.latched, [(A, Some(peer(A))), (B, Some(peer(B)))]);
    w.clear();
    let mut stranger = Talker::new(A, Codec::Pcmu, 300.0);
    stranger.ssrc = 666;
    for _ in 0..25 {
        let mut packet = stranger.packet();
        w.session.handle_rtp(w.now, A, Channel::Rtp, SocketAddr::from(([203, 0, 113, 6], 666)), &mut packet, &mut w.out);
        w.run(20);
    }
    assert_eq!(w.sent(B).len(), 25);
    assert!(share(w.sent(B), false, 300.0) < 0.01);
    w.command(Command::AskStats);
    let refused: u64 = w.out.events.iter().map(|e| if let Event::LegStats { stats, .. } = e { stats.refused } else { 0 }).sum();
    assert_eq!(refused, 25);
}

#[test]
fn silence_of_a_peer_is_told_once_and_opens_the_latch() {
    let mut w = World::new(&[(A, Codec::Pcmu, 700.0)]);
    w.run(1000);
    w.talkers[0].talking = false;
    w.run(20_000);
    let timeouts = w.out.events.iter().filter(|e| matches!(e, Event::RtpTimeout { leg: A })).count();
    assert_eq!(timeouts, 1);
    assert_eq!(w.out.latched.last(), Some(&(A, None)));
    w.talkers[0].talking = true;
    w.run(200);
    w.talkers[0].talking = false;
    w.run(7000);
    assert_eq!(w.out.events.iter().filter(|e| matches!(e, Event::RtpTimeout { .. })).count(), 2);
}

#[test]
fn a_removed_leg_leaves_its_figures_and_no_trace() {
    let mut w = World::new(&[(A, Codec::Pcmu, 700.0), (B, Codec::Pcmu, 1000.0), (C, Codec::Pcmu, 1300.0)]);
    w.command(Command::Bridge { a: A, b: B });
    w.run(2000);
    w.command(Command::Remove { leg: A });
    let stats: Vec<LegStats> =
        w.out.events.iter().filter_map(|e| if let Event::LegStats { stats, last: true, .. } = e { Some(**stats) } else { None }).collect();
    assert_eq!((stats.len(), stats[0].packets_in, stats[0].packets_out, stats[0].lost_in), (1, 100, 100, 0));
    assert!(stats[0].mos.is_some_and(|m| m > 4.2), "{stats:?}");
    assert!(w.out.rtcp >= 1, "BYE");
    w.command(Command::Bridge { a: B, b: C });
    w.clear();
    w.talkers.remove(0);
    w.run(500);
    assert!(share(w.sent(B), false, 1300.0) > 0.9 && share(w.sent(C), false, 1000.0) > 0.9);
    w.assert_continuous(B);
    w.session.close(w.now, &mut w.out);
    assert_eq!((w.session.leg_count(), w.session.is_ticking()), (0, false));
}

#[test]
fn a_stalled_driver_catches_up_three_ticks_and_goes_on_in_time() {
    let mut w = World::new(&[(A, Codec::Pcmu, 700.0)]);
    w.command(Command::Play { leg: A, play: Play { repeat: true, ..play(vec![tone_prompt(440.0, 1000)], 1) } });
    w.run(200);
    w.clear();
    w.now += Duration::from_millis(500);
    w.out.now = Some(w.now);
    let report = w.session.handle_timeout(w.now, &mut w.out);
    assert_eq!(report.done, 3);
    assert!((20..=23).contains(&report.skipped), "{report:?}");
    assert!(report.late >= Duration::from_millis(480));
    w.run(200);
    let sent = w.sent(A);
    let (first, last) = (sent[0].1, sent.last().expect("some").1);
    let line = last.timestamp.wrapping_sub(first.timestamp);
    assert!((5200..=5800).contains(&line), "timestamps follow the clock over the stall: {line}");
}

#[test]
fn loss_on_the_way_in_is_visible_on_the_way_out() {
    let mut w = World::new(&[(A, Codec::Pcmu, 700.0), (B, Codec::Pcmu, 1000.0)]);
    w.command(Command::Bridge { a: A, b: B });
    w.run(200);
    w.talkers[0].sequence += 2;
    w.talkers[0].timestamp = w.talkers[0].timestamp.wrapping_add(320);
    w.run(200);
    let steps: Vec<u16> = w.sent(B).windows(2).map(|p| p[1].1.sequence.wrapping_sub(p[0].1.sequence)).collect();
    assert_eq!(steps.iter().filter(|s| **s == 3).count(), 1);
    assert_eq!(steps.iter().filter(|s| **s == 1).count(), steps.len() - 1);
}
