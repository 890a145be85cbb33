//! Phone and browser in one session, the browser played by str0m.
use super::*;
use crate::codec::Encoder;
use crate::webrtc::WebLeg;
use crate::webrtc::tests::{browser, client, config, decoded, server};
use str0m::change::SdpAnswer;
use str0m::media::Mid;
use str0m::net::{Protocol, Receive};
use str0m::rtp::RtpWrite;
use str0m::{Event as ClientEvent, Input, Output as ClientOutput, Rtc};

const WEB: LegId = LegId(9);

/// The browser's side: what it hears and what it says.
struct Browser {
    rtc: Rtc,
    mid: Mid,
    deadline: Instant,
    codec: Codec,
    encoder: Encoder,
    frame: u32,
    heard: Vec<(u32, Vec<u8>)>,
    to_us: Vec<Vec<u8>>,
}

impl Browser {
    /// Offers `codec` to the session and has itself added as leg `WEB`.
    fn join(w: &mut World, codec: Codec) -> Self {
        let (mut rtc, mid, pending, offer) = client(w.now, &[codec], false);
        let (leg, answer) = WebLeg::answer(&offer, &config(), w.now).expect("answerable");
        rtc.sdp_api().accept_answer(pending, SdpAnswer::from_sdp_string(&answer).expect("SDP")).expect("acceptable");
        assert!(w.session.add_web(w.now, WEB, Box::new(leg), &mut w.out));
        let encoder = Encoder::new(codec).expect("an encoder");
        Self { rtc, mid, deadline: w.now, codec, encoder, frame: 0, heard: Vec::new(), to_us: Vec::new() }
    }

    fn poll(&mut self) {
        loop {
            match self.rtc.poll_output().expect("a sane client") {
                ClientOutput::Timeout(at) => {
                    self.deadline = at;
                    return;
                }
                ClientOutput::Transmit(t) => self.to_us.push(t.contents.into()),
                ClientOutput::Event(ClientEvent::RtpPacket(p)) => self.heard.push((p.header.timestamp, p.payload.to_vec())),
                ClientOutput::Event(_) => {}
            }
        }
    }

    fn talk(&mut self, now: Instant, hz: f32) {
        let pcm = crate::webrtc::tests::tone(hz, self.frame, self.codec);
        let mut bytes = [0; crate::codec::ENCODE_BYTES_MAX];
        let n = self.encoder.encode_into(&pcm, &mut bytes).expect("encodable");
        self.frame += 1;
        let (mid, at) = (self.mid, self.frame * self.codec.frame_ticks());
        let mut api = self.rtc.direct_api();
        let stream = api.stream_tx_by_mid(mid, None).expect("a stream");
        stream.write_rtp(RtpWrite::new(self.codec.default_pt().into(), u64::from(self.frame).into(), at, now, &bytes[..n]));
        self.poll();
        self.rtc.handle_input(Input::Timeout(now)).expect("time");
        self.poll();
    }

    /// Everything under way between the session and the browser.
    fn exchange(&mut self, w: &mut World) {
        loop {
            self.poll();
            for datagram in std::mem::take(&mut self.to_us) {
                w.session.handle_web(w.now, WEB, server(), browser(), &datagram, &mut w.out);
            }
            let Some(datagram) = w.out.web.pop_front() else { return };
            if let Ok(receive) = Receive::new(Protocol::Udp, server(), browser(), &datagram) {
                self.rtc.handle_input(Input::Receive(w.now, receive)).expect("our datagram");
            }
        }
    }

    /// Runs both for `ms`; the browser's microphone has a tone once it is connected.
    fn run(&mut self, w: &mut World, ms: u64, hz: f32) {
        for _ in 0..ms / 20 {
            if self.rtc.is_connected() {
                self.talk(w.now, hz);
            }
            self.exchange(w);
            if self.deadline <= w.now + TICK {
                self.rtc.handle_input(Input::Timeout(w.now)).expect("time");
            }
            self.exchange(w);
            w.run(20);
            self.exchange(w);
        }
    }

    fn share(&self, hz: f32) -> f32 {
        let pcm = decoded(self.codec, self.heard.iter().map(|(_, p)| p.as_slice()));
        crate::webrtc::tests::share(&pcm, hz, self.codec.sample_rate() as f32)
    }
}

fn connected(w: &World) -> bool {
    w.out.events.iter().any(|e| matches!(e, Event::WebConnected { leg: WEB }))
}

#[test]
fn phone_and_browser_hear_each_other_by_relay_or_transcoded() {
    for codec in Codec::ALL {
        let mut w = World::new(&[(A, Codec::Pcmu, 700.0)]);
        let mut b = Browser::join(&mut w, codec);
        w.command(Command::Bridge { a: A, b: WEB });
        let shelf = Shelf::default();
        w.command(Command::RecordStart { customer: A, sink: Box::new(shelf.clone()), token: 1 });
        b.run(&mut w, 1000, 1000.0);
        assert!(connected(&w), "{codec}");
        assert_eq!(w.session.is_ticking(), codec != Codec::Pcmu, "{codec}");
        w.clear();
        b.heard.clear();
        b.run(&mut w, 2000, 1000.0);
        w.command(Command::RecordStop);
        let phone_hears = share(&w.sent(A)[10..], false, 1000.0);
        assert!(phone_hears > 0.8, "{codec}: {phone_hears}");
        assert!(b.heard.len() >= 98 && b.share(700.0) > 0.8, "{codec}: {} {}", b.heard.len(), b.share(700.0));
        w.assert_continuous(A);
        let (left, right) = (shelf.side(false), shelf.side(true));
        let tail = |side: &[f32]| side[side.len() - 16_000..side.len() - 1600].to_vec();
        assert!(goertzel(&tail(&left), 700.0) > 0.8 && goertzel(&tail(&right), 1000.0) > 0.8, "{codec}");
    }
}

#[test]
fn a_reloaded_page_takes_its_leg_over_and_the_call_goes_on() {
    let mut w = World::new(&[(A, Codec::Pcmu, 700.0)]);
    let mut old = Browser::join(&mut w, Codec::Pcmu);
    w.command(Command::Bridge { a: A, b: WEB });
    old.run(&mut w, 1000, 1000.0);
    assert!(connected(&w));
    // The old page is gone without a word.
    w.out.web.clear();
    w.run(500);
    w.out.web.clear();
    w.out.events.clear();
    let mut new = Browser::join(&mut w, Codec::Pcmu);
    w.out.web.clear();
    new.run(&mut w, 1000, 1300.0);
    assert!(connected(&w) && w.session.leg_count() == 2);
    w.assert_continuous(A);
    w.clear();
    new.run(&mut w, 500, 1300.0);
    assert!(share(w.sent(A), false, 1300.0) > 0.9 && new.share(700.0) > 0.9);
}

#[test]
fn a_prompt_reaches_the_browser_and_stopping_it_relays_again() {
    let mut w = World::new(&[(A, Codec::Pcmu, 700.0)]);
    let mut b = Browser::join(&mut w, Codec::Pcmu);
    w.command(Command::Bridge { a: A, b: WEB });
    b.run(&mut w, 1000, 1000.0);
    w.command(Command::Hold { leg: WEB, music: Some(vec![tone_prompt(440.0, 500)]) });
    b.heard.clear();
    b.run(&mut w, 1000, 1000.0);
    assert!(b.share(440.0) > 0.8, "{}", b.share(440.0));
    w.command(Command::Unhold { leg: WEB });
    b.run(&mut w, 100, 1000.0);
    b.heard.clear();
    b.run(&mut w, 500, 1000.0);
    assert!(b.share(700.0) > 0.9 && !w.session.is_ticking());
    let steps: Vec<u32> = b.heard.windows(2).map(|p| p[1].0.wrapping_sub(p[0].0)).collect();
    assert!(steps.iter().all(|s| *s == 160), "{steps:?}");
}
