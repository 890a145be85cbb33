//! Our leg against a full-ICE client made with str0m, in memory and under virtual time.
use super::*;
use crate::codec::{Decoder, Encoder};
use crate::dtmf::EventPayload;
use proptest::prelude::*;
use std::collections::VecDeque;
use std::f32::consts::TAU;
use std::sync::OnceLock;
use str0m::change::SdpAnswer;
use str0m::media::{Direction, MediaKind, Mid};
use str0m::net::{Protocol, Receive};
use str0m::rtp::RtpWrite;
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig};

const SERVER: &str = "192.0.2.1:4000";
const BROWSER: &str = "198.51.100.7:5000";

pub(crate) fn server() -> SocketAddr {
    SERVER.parse().unwrap()
}

pub(crate) fn browser() -> SocketAddr {
    BROWSER.parse().unwrap()
}

/// One origin of virtual time for the whole test process: `Instant` has no other constructor.
#[allow(clippy::disallowed_methods)]
fn epoch() -> Instant {
    static EPOCH: OnceLock<Instant> = OnceLock::new();
    *EPOCH.get_or_init(Instant::now)
}

pub(crate) fn config() -> WebConfig {
    WebConfig::new(vec![server()])
}

struct Client {
    rtc: Rtc,
    mid: Mid,
    deadline: Instant,
    connected: bool,
    closed: bool,
    received: Vec<(u8, u32, Vec<u8>)>,
    /// The last RTP or RTCP datagram that it sent.
    last_datagram: Vec<u8>,
}

struct Pair {
    now: Instant,
    client: Client,
    leg: WebLeg,
    to_leg: VecDeque<Vec<u8>>,
    events: Vec<WebEvent>,
    /// Drops everything from the client: its network is gone.
    cut: bool,
}

pub(crate) fn client(now: Instant, codecs: &[Codec], video: bool) -> (Rtc, Mid, str0m::change::SdpPendingOffer, String) {
    let mut config = RtcConfig::new().set_rtp_mode(true).clear_codecs().enable_vp8(video);
    config = config.set_crypto_provider(std::sync::Arc::new(str0m::crypto::from_feature_flags()));
    for codec in codecs {
        config = match codec {
            Codec::Pcmu => config.enable_pcmu(true, false),
            Codec::Pcma => config.enable_pcma(true, false),
            Codec::G722 => config.enable_g722(true, false),
            Codec::Opus => config.enable_opus(true, false),
        };
    }
    let events = str0m::format::FormatParams { telephone_event_max: Some(16), ..Default::default() };
    config.codec_config().add_config(126.into(), None, str0m::format::Codec::Tele, str0m::media::Frequency::EIGHT_KHZ, None, events);
    let mut rtc = config.build(now);
    rtc.add_local_candidate(Candidate::host(browser(), Protocol::Udp).unwrap());
    let mut api = rtc.sdp_api();
    let mid = api.add_media(MediaKind::Audio, Direction::SendRecv, None, None, None);
    if video {
        api.add_media(MediaKind::Video, Direction::SendRecv, None, None, None);
    }
    let (offer, pending) = api.apply().unwrap();
    (rtc, mid, pending, offer.to_sdp_string())
}

impl Pair {
    fn new(codecs: &[Codec], preferred: &[Codec]) -> Self {
        let now = epoch();
        let (mut rtc, mid, pending, offer) = client(now, codecs, true);
        let (leg, answer) = WebLeg::answer(&offer, &WebConfig { codecs: preferred.to_vec(), ..config() }, now).unwrap();
        assert!(answer.contains("a=ice-lite") && answer.contains("m=video 0 "), "{answer}");
        rtc.sdp_api().accept_answer(pending, SdpAnswer::from_sdp_string(&answer).unwrap()).unwrap();
        let client = Client { rtc, mid, deadline: now, connected: false, closed: false, received: Vec::new(), last_datagram: Vec::new() };
        let mut pair = Self { now, client, leg, to_leg: VecDeque::new(), events: Vec::new(), cut: false };
        pair.settle();
        pair
    }

    fn poll_client(&mut self) {
        loop {
            match self.client.rtc.poll_output().unwrap() {
                Output::Timeout(at) => {
                    self.client.deadline = at;
                    return;
                }
                Output::Transmit(t) => {
                    assert_eq!(t.destination, server());
                    if !self.cut {
                        let datagram: Vec<u8> = t.contents.into();
                        if datagram[0] >= 128 {
                            self.client.last_datagram = datagram.clone();
                        }
                        self.to_leg.push_back(datagram);
                    }
                }
                Output::Event(Event::Connected) => self.client.connected = true,
                Output::Event(Event::Closed) => self.client.closed = true,
                Output::Event(Event::RtpPacket(p)) => {
                    self.client.received.push((*p.header.payload_type, p.header.timestamp, p.payload.to_vec()));
                }
                Output::Event(_) => {}
            }
        }
    }

    fn poll_leg(&mut self) -> Instant {
        loop {
            match self.leg.poll_output() {
                WebOutput::Timeout(at) => return at,
                WebOutput::Transmit { to, datagram } => {
                    assert_eq!(to, browser());
                    if let Ok(receive) = Receive::new(Protocol::Udp, server(), browser(), &datagram) {
                        self.client.rtc.handle_input(Input::Receive(self.now, receive)).unwrap();
                        self.poll_client();
                    }
                }
                WebOutput::Event(event) => self.events.push(event),
            }
        }
    }

    /// Delivers everything that is under way; returns when something is due next.
    fn settle(&mut self) -> Instant {
        loop {
            self.poll_client();
            let due = self.poll_leg();
            let Some(datagram) = self.to_leg.pop_front() else { return due.min(self.client.deadline) };
            assert!(self.leg.accepts(self.now, server(), browser(), &datagram) || datagram[0] > 1);
            self.leg.handle_datagram(self.now, server(), browser(), &datagram);
        }
    }

    /// Runs for `ms`, calling `tick` every 20 ms.
    fn run(&mut self, ms: u64, mut tick: impl FnMut(&mut Pair, u32)) {
        for frame in 0..ms / 20 {
            let end = self.now + Duration::from_millis(20);
            tick(self, frame as u32);
            loop {
                let due = self.settle();
                if due >= end {
                    break;
                }
                // Time always moves, whatever a side asks for.
                self.now = due.max(self.now + Duration::from_micros(100));
                self.leg.handle_timeout(self.now);
                self.client.rtc.handle_input(Input::Timeout(self.now)).unwrap();
            }
            self.now = end;
            self.leg.handle_timeout(end);
            self.client.rtc.handle_input(Input::Timeout(end)).unwrap();
        }
    }

    fn client_sends(&mut self, payload_type: u8, sequence: u64, timestamp: u32, payload: &[u8]) {
        let (mid, now) = (self.client.mid, self.now);
        let mut api = self.client.rtc.direct_api();
        let stream = api.stream_tx_by_mid(mid, None).unwrap();
        stream.write_rtp(RtpWrite::new(payload_type.into(), sequence.into(), timestamp, now, payload));
        self.poll_client();
        self.client.rtc.handle_input(Input::Timeout(now)).unwrap();
    }

    fn packets(&self) -> Vec<&WebPacket> {
        self.events.iter().filter_map(|e| if let WebEvent::Packet(p) = e { Some(p) } else { None }).collect()
    }
}

pub(crate) fn tone(hz: f32, frame: u32, codec: Codec) -> Vec<i16> {
    let (n, rate) = (codec.frame_samples(), codec.sample_rate() as f32);
    (0..n).map(|i| (9000.0 * (TAU * hz * (frame as usize * n + i) as f32 / rate).sin()) as i16).collect()
}

pub(crate) fn share(pcm: &[i16], hz: f32, rate: f32) -> f32 {
    let (mut re, mut im, mut energy) = (0f32, 0f32, 1f32);
    for (i, s) in pcm.iter().enumerate() {
        let (angle, s) = (TAU * hz * i as f32 / rate, f32::from(*s));
        (re, im, energy) = (re + s * angle.cos(), im + s * angle.sin(), energy + s * s);
    }
    2.0 * (re * re + im * im) / (pcm.len() as f32 * energy)
}

pub(crate) fn decoded<'a>(codec: Codec, payloads: impl Iterator<Item = &'a [u8]>) -> Vec<i16> {
    let mut decoder = Decoder::new(codec).unwrap();
    let mut out = Vec::new();
    for payload in payloads {
        let mut pcm = [0; crate::codec::DECODE_SAMPLES_MAX];
        let n = decoder.decode_into(payload, &mut pcm).unwrap();
        out.extend_from_slice(&pcm[..n]);
    }
    out
}

#[test]
fn tones_go_both_ways_in_every_codec() {
    for codec in Codec::ALL {
        let mut pair = Pair::new(&Codec::ALL, &[codec]);
        assert_eq!(pair.leg.codec(), codec);
        pair.run(1000, |_, _| ());
        assert!(pair.client.connected && pair.leg.is_connected(), "{codec}");
        assert!(matches!(pair.events[0], WebEvent::Connected));
        let (mut ours, mut theirs) = (Encoder::new(codec).unwrap(), Encoder::new(codec).unwrap());
        let pt = pair.leg.payload_type();
        pair.run(2000, |pair, frame| {
            let mut buffer = [0; crate::codec::ENCODE_BYTES_MAX];
            let n = ours.encode_into(&tone(700.0, frame, codec), &mut buffer).unwrap();
            assert!(pair.leg.send_audio(pair.now, 5000 + frame * codec.frame_ticks(), frame == 0, &buffer[..n]));
            let n = theirs.encode_into(&tone(1000.0, frame, codec), &mut buffer).unwrap();
            pair.client_sends(pt, 65_500 + u64::from(frame), 900 + frame * codec.frame_ticks(), &buffer[..n]);
        });
        let packets = pair.packets();
        assert_eq!((packets.len(), pair.client.received.len()), (100, 100), "{codec}");
        for (i, packet) in packets.iter().enumerate() {
            // Timing and numbering come through untouched, also over the wrap of the 16-bit sequence.
            assert_eq!(packet.timestamp, 900 + i as u32 * codec.frame_ticks());
            assert_eq!(packet.sequence, 65_500 + i as u64);
            assert_eq!(pair.client.received[i].1, 5000 + i as u32 * codec.frame_ticks());
        }
        let rate = codec.sample_rate() as f32;
        let heard = decoded(codec, packets.iter().map(|p| &*p.payload));
        assert!(share(&heard, 1000.0, rate) > 0.95, "{codec} from the browser");
        let heard = decoded(codec, pair.client.received.iter().map(|r| &*r.2));
        assert!(share(&heard, 700.0, rate) > 0.95, "{codec} to the browser");
        let stats = pair.leg.stats();
        assert_eq!((stats.packets_sent, stats.packets_received, stats.output_dropped), (100, 100, 0));
    }
}

#[test]
fn the_cheapest_common_codec_is_answered() {
    assert_eq!(Pair::new(&Codec::ALL, &Codec::ALL).leg.codec(), Codec::Pcmu);
    assert_eq!(Pair::new(&[Codec::Opus, Codec::Pcma], &Codec::ALL).leg.codec(), Codec::Pcma);
    assert_eq!(Pair::new(&[Codec::Opus], &Codec::ALL).leg.codec(), Codec::Opus);
    let (.., offer) = client(epoch(), &[Codec::Opus], false);
    let refused = WebLeg::answer(&offer, &WebConfig { codecs: vec![Codec::Pcmu], ..config() }, epoch());
    assert!(matches!(refused, Err(WebError::NoCommonCodec)));
}

#[test]
fn telephone_events_go_both_ways() {
    let mut pair = Pair::new(&[Codec::Pcmu], &Codec::ALL);
    assert_eq!(pair.leg.telephone_event(), Some(126));
    pair.run(1000, |_, _| ());
    let event = EventPayload { event: 5, end: false, volume: 10, duration: 160 }.to_bytes();
    pair.run(100, |pair, frame| {
        pair.client_sends(126, u64::from(frame) + 1, 4000, &event);
        assert!(pair.leg.send_telephone_event(pair.now, 7000, frame == 0, &event));
    });
    assert!(pair.packets().iter().all(|p| p.payload_type == 126 && p.timestamp == 4000 && *p.payload == event));
    assert_eq!(pair.packets().len(), 5);
    assert!(pair.client.received.iter().all(|r| *r == (126, 7000, event.to_vec())));
}

#[test]
fn silence_of_the_network_is_noticed_and_healed() {
    let mut pair = Pair::new(&[Codec::Pcmu], &Codec::ALL);
    pair.run(1000, |_, _| ());
    pair.cut = true;
    pair.run(40_000, |_, _| ());
    assert!(matches!(pair.events.last(), Some(WebEvent::Disconnected)), "{:?}", pair.events);
    assert!(!pair.leg.send_audio(pair.now, 0, false, &[0xFF; 160]));
}

#[test]
fn closing_is_told_to_the_other_side() {
    let mut pair = Pair::new(&[Codec::Pcmu], &Codec::ALL);
    pair.run(1000, |_, _| ());
    pair.client.rtc.close().unwrap();
    pair.run(1000, |_, _| ());
    assert!(matches!(pair.events.last(), Some(WebEvent::Closed)), "{:?}", pair.events);
    assert!(pair.leg.is_closed());
    let mut pair = Pair::new(&[Codec::Pcmu], &Codec::ALL);
    pair.run(1000, |_, _| ());
    pair.leg.close(pair.now);
    pair.run(1000, |_, _| ());
    assert!(pair.client.closed && pair.leg.is_closed());
}

#[test]
fn a_stun_request_names_its_leg() {
    let now = epoch();
    let (mut rtc, _, pending, offer) = client(now, &[Codec::Pcmu], false);
    let (leg, answer) = WebLeg::answer(&offer, &config(), now).unwrap();
    let (other, _) = WebLeg::answer(&offer, &config(), now).unwrap();
    rtc.sdp_api().accept_answer(pending, SdpAnswer::from_sdp_string(&answer).unwrap()).unwrap();
    rtc.handle_input(Input::Timeout(now)).unwrap();
    let mut checked = 0;
    loop {
        match rtc.poll_output().unwrap() {
            Output::Transmit(t) => {
                assert_eq!(stun_ufrag(&t.contents), Some(leg.ufrag()));
                assert!(leg.accepts(now, server(), browser(), &t.contents) && !other.accepts(now, server(), browser(), &t.contents));
                checked += 1;
            }
            Output::Timeout(at) if checked == 0 => rtc.handle_input(Input::Timeout(at)).unwrap(),
            Output::Timeout(_) => break,
            Output::Event(_) => {}
        }
    }
    assert!(checked > 0);
}

#[test]
fn replayed_and_forged_packets_are_dropped() {
    let mut pair = Pair::new(&[Codec::Pcmu], &Codec::ALL);
    pair.run(1000, |_, _| ());
    pair.run(100, |pair, frame| pair.client_sends(0, u64::from(frame) + 1, frame * 160, &[0x55; 160]));
    assert_eq!(pair.packets().len(), 5);
    let mut datagram = pair.client.last_datagram.clone();
    pair.leg.handle_datagram(pair.now, server(), browser(), &datagram);
    let last = datagram.len() - 1;
    datagram[last] ^= 1;
    datagram[3] = 200;
    pair.leg.handle_datagram(pair.now, server(), browser(), &datagram);
    pair.settle();
    assert_eq!(pair.packets().len(), 5);
}

#[test]
fn refuses_what_is_no_audio_offer() {
    let answer = |sdp: &str| WebLeg::answer(sdp, &config(), epoch()).map(|_| ());
    assert!(matches!(answer(""), Err(WebError::NoAudio)));
    assert!(matches!(answer(&"x".repeat(OFFER_BYTES_MAX + 1)), Err(WebError::OfferTooLong)));
    assert!(matches!(answer("m=audio 9 RTP/SAVPF 0\r\n"), Err(WebError::BadOffer(_))));
    let (.., offer) = client(epoch(), &[Codec::Pcmu], false);
    let nowhere = WebLeg::answer(&offer, &WebConfig::new(Vec::new()), epoch());
    assert!(matches!(nowhere, Err(WebError::NoAddress)));
    let wildcard = WebLeg::answer(&offer, &WebConfig::new(vec!["0.0.0.0:1".parse().unwrap()]), epoch());
    assert!(matches!(wildcard, Err(WebError::BadAddress(_))));
}

fn sample_offer() -> &'static str {
    static OFFER: OnceLock<String> = OnceLock::new();
    OFFER.get_or_init(|| client(epoch(), &Codec::ALL, true).3)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn mutated_offers_never_panic(edits in proptest::collection::vec((0usize..4000, any::<u8>()), 1..6), cut in 0usize..4000, lines in 0usize..60) {
        let mut bytes = sample_offer().as_bytes().to_vec();
        for (at, value) in edits {
            let at = at % bytes.len();
            bytes[at] = value;
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let _ = WebLeg::answer(&text, &config(), epoch());
        let _ = WebLeg::answer(&text[..text.floor_char_boundary(cut.min(text.len()))], &config(), epoch());
        // An honest offer with one line left out.
        let without: String = sample_offer().split_inclusive("\r\n").enumerate().filter(|(i, _)| *i != lines).map(|(_, l)| l).collect();
        let _ = WebLeg::answer(&without, &config(), epoch());
    }

    #[test]
    fn random_datagrams_never_panic(datagrams in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..200), 1..20)) {
        let (mut leg, _) = WebLeg::answer(sample_offer(), &config(), epoch()).unwrap();
        for datagram in &datagrams {
            let _ = stun_ufrag(datagram);
            leg.handle_datagram(epoch(), server(), browser(), datagram);
            while !matches!(leg.poll_output(), WebOutput::Timeout(_)) {}
        }
    }
}
