//! One leg of a session: what it receives, what it sends, and what it is to hear.
use super::input::Input;
use super::phone::{Payload, Phone};
use super::types::{Channel, DigitSource, LegId, Output, Token};
use crate::codec::{Codec, Decoder, Encoder};
use crate::dtmf::{Detector, Generator};
use crate::mix::FRAME_SAMPLES_MAX;
use crate::player::Playlist;
use crate::quality::{self, LegStats};
use crate::recording::Side;
use crate::resample::Live;
use crate::rewrite::{OutStream, Stamp};
use crate::rtcp::ReceiveStats;
use crate::rtp::{self, Header, PACKET_BYTES_MAX, Parsed};
use crate::telephone_event::{EventReceiver, EventSender};
use crate::webrtc::WebLeg;
use smallvec::SmallVec;
use std::time::{Duration, Instant};

/// The same digit by another way within this time is the same key press.
const DIGIT_WINDOW: Duration = Duration::from_millis(300);

pub(super) enum Transport {
    Phone(Box<Phone>),
    Web(Box<WebLeg>),
}

/// How the leg's outgoing audio is made at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Nothing is sent.
    Silent,
    /// Packets of that leg (by its place in the session) are passed on as they come.
    Relay(usize),
    /// A frame is made each 20 ms.
    Tick,
}

pub(super) struct Playing {
    pub list: Playlist,
    pub token: Token,
    pub interruptible: bool,
}

/// In-band digit detection for peers without RFC 4733.
pub(super) struct InBand {
    decoder: Decoder,
    detector: Detector,
    to_narrow: Option<Live>,
}

pub(super) struct Leg {
    pub id: LegId,
    pub transport: Transport,
    pub in_codec: Codec,
    pub out_codec: Codec,
    pub received: ReceiveStats,
    pub packets_in: u64,
    pub events: EventReceiver,
    last_digit: Option<(char, DigitSource, Instant)>,
    pub in_band: Option<Box<InBand>>,
    pub input: Option<Box<Input>>,
    /// The frame of this tick, if `input` had one.
    pub frame: [i16; FRAME_SAMPLES_MAX],
    pub stream: OutStream,
    pub digits: EventSender,
    pub tones: Option<Box<Generator>>,
    pub encoder: Option<Encoder>,
    pub out_resampler: Option<Live>,
    pub muted: bool,
    pub held: bool,
    pub music: Option<Playlist>,
    pub play: Option<Playing>,
    pub echo: bool,
    // What follows is derived by `plan` whenever something above changes.
    pub mode: Mode,
    /// Legs that this one's packets are passed on to.
    pub relays: SmallVec<[usize; 2]>,
    pub decode: bool,
    pub tap: Option<Side>,
    /// Legs mixed into this one's output.
    pub sources: SmallVec<[(usize, f32); 2]>,
}

impl Leg {
    pub fn new(id: LegId, transport: Transport, seed: u64) -> Self {
        let codec = transport.codec();
        Self {
            id,
            transport,
            in_codec: codec,
            out_codec: codec,
            received: ReceiveStats::new(codec.clock_rate()),
            packets_in: 0,
            events: EventReceiver::default(),
            last_digit: None,
            in_band: None,
            input: None,
            frame: [0; FRAME_SAMPLES_MAX],
            stream: OutStream::new(seed, codec.clock_rate()),
            digits: EventSender::default(),
            tones: None,
            encoder: None,
            out_resampler: None,
            muted: false,
            held: false,
            music: None,
            play: None,
            echo: false,
            mode: Mode::Silent,
            relays: SmallVec::new(),
            decode: false,
            tap: None,
            sources: SmallVec::new(),
        }
    }

    /// Codec or transport changed: numbers go on, codec state starts anew.
    pub fn retune(&mut self) {
        let codec = self.transport.codec();
        if codec.clock_rate() != self.out_codec.clock_rate() {
            self.received = ReceiveStats::new(codec.clock_rate());
        }
        (self.in_codec, self.out_codec) = (codec, codec);
        self.stream.set_clock_rate(codec.clock_rate());
        self.encoder = None;
        self.out_resampler = None;
        self.in_band = None;
        self.input = None;
        self.events = EventReceiver::default();
    }

    /// May packets be sent to this peer at all?
    pub fn may_send(&self) -> bool {
        match &self.transport {
            Transport::Phone(phone) => phone.config.send,
            Transport::Web(web) => web.is_connected(),
        }
    }

    pub fn has_events(&self) -> bool {
        match &self.transport {
            Transport::Phone(phone) => phone.config.telephone_event.is_some(),
            Transport::Web(web) => web.telephone_event().is_some(),
        }
    }

    pub fn payload(&self, payload_type: u8) -> Payload {
        match &self.transport {
            Transport::Phone(phone) => phone.payload(payload_type),
            Transport::Web(web) if payload_type == web.payload_type() => Payload::Audio(web.codec()),
            Transport::Web(web) if web.telephone_event() == Some(payload_type) => Payload::Event,
            Transport::Web(_) => Payload::Unknown,
        }
    }

    /// Sends an audio payload with these numbers.
    pub fn send_audio(&mut self, now: Instant, stamp: Stamp, payload: &[u8], out: &mut dyn Output) {
        self.send_payload(now, stamp, false, payload, out);
    }

    /// Sends an RFC 4733 payload with these numbers.
    pub fn send_event(&mut self, now: Instant, stamp: Stamp, payload: &[u8], out: &mut dyn Output) {
        self.send_payload(now, stamp, true, payload, out);
    }

    fn send_payload(&mut self, now: Instant, stamp: Stamp, event: bool, payload: &[u8], out: &mut dyn Output) {
        let sent = match &mut self.transport {
            Transport::Phone(phone) => {
                let Some(to) = phone.latch.remote().filter(|_| phone.config.send) else { return };
                let payload_type = if event { phone.config.telephone_event } else { Some(phone.config.payload_type) };
                let Some(payload_type) = payload_type else { return };
                let mut buffer = [0; PACKET_BYTES_MAX];
                let packet = rtp::write(&header(&stamp, payload_type, self.stream.ssrc()), payload, &mut buffer);
                if !packet.is_empty() {
                    out.send_rtp(self.id, Channel::Rtp, to, packet);
                }
                !packet.is_empty()
            }
            Transport::Web(web) if event => web.send_telephone_event(now, stamp.timestamp, stamp.marker, payload),
            Transport::Web(web) => web.send_audio(now, stamp.timestamp, stamp.marker, payload),
        };
        if sent {
            self.stream.sent(payload.len());
        }
    }

    /// Passes a phone's datagram on to a phone without copying it.
    pub fn send_rewritten(&mut self, stamp: Stamp, event: bool, datagram: &mut [u8], parsed: &Parsed, out: &mut dyn Output) {
        let Transport::Phone(phone) = &mut self.transport else { return };
        let Some(to) = phone.latch.remote().filter(|_| phone.config.send) else { return };
        let payload_type = if event { phone.config.telephone_event } else { Some(phone.config.payload_type) };
        let Some(payload_type) = payload_type else { return };
        let packet = rtp::rewrite(datagram, parsed, &header(&stamp, payload_type, self.stream.ssrc()));
        out.send_rtp(self.id, Channel::Rtp, to, packet);
        self.stream.sent(parsed.payload_end - parsed.payload_start);
    }

    /// False: this key press was already reported by another way.
    pub fn is_new_digit(&mut self, now: Instant, digit: char, source: DigitSource) -> bool {
        let again = self.last_digit.is_some_and(|(d, s, at)| d == digit && s != source && now.saturating_duration_since(at) < DIGIT_WINDOW);
        if !again {
            self.last_digit = Some((digit, source, now));
        }
        !again
    }

    /// Listens for tones in a packet, if the peer has no other way to send digits.
    pub fn listen(&mut self, codec: Codec, payload: &[u8]) -> Option<char> {
        if self.has_events() || matches!(self.transport, Transport::Web(_)) {
            return None;
        }
        if self.in_band.is_none() {
            let decoder = Decoder::new(codec).ok()?;
            let to_narrow = Live::new(codec.sample_rate(), 8000);
            self.in_band = Some(Box::new(InBand { decoder, detector: Detector::new(), to_narrow }));
        }
        let in_band = self.in_band.as_mut().filter(|b| b.decoder.codec() == codec)?;
        let mut wide = [0; crate::codec::DECODE_SAMPLES_MAX];
        let samples = in_band.decoder.decode_into(payload, &mut wide).ok()?;
        match &mut in_band.to_narrow {
            None => in_band.detector.process(&wide[..samples]),
            Some(live) => {
                let mut narrow = [0; crate::codec::DECODE_SAMPLES_MAX];
                let n = live.process(&wide[..samples], &mut narrow);
                in_band.detector.process(&narrow[..n])
            }
        }
    }

    pub fn stats(&self) -> LegStats {
        let jitter_ms = self.received.jitter_ms();
        let (added, jitter) = self.input.as_ref().map_or((0.0, Default::default()), |i| (i.latency_ms() as f32, i.stats()));
        let mut stats = LegStats {
            packets_in: self.packets_in,
            packets_out: self.stream.packets,
            bytes_out: self.stream.bytes,
            lost_in: self.received.lost(),
            duplicates: self.received.duplicates,
            late: jitter.late + jitter.dropped,
            jitter_ms,
            jitter_max_ms: self.received.jitter_max_ms(),
            added_latency_ms: added,
            ..LegStats::default()
        };
        match &self.transport {
            Transport::Phone(phone) => {
                stats.bytes_in = phone.bytes_in;
                stats.refused = phone.refused;
                stats.rtt_ms = phone.round_trip.map(|d| d.as_secs_f32() * 1000.0);
                stats.lost_out_pct = phone.lost_out_pct;
            }
            Transport::Web(web) => {
                let theirs = web.stats();
                stats.bytes_in = theirs.bytes_received;
                stats.refused = theirs.datagrams_refused;
                stats.rtt_ms = theirs.round_trip.map(|d| d.as_secs_f32() * 1000.0);
                let sent = theirs.packets_sent.max(1) as f32;
                stats.lost_out_pct = theirs.remote_lost.map(|lost| (lost as f32 * 100.0 / sent).min(100.0));
            }
        }
        // A second of audio is the least that an estimate can be made from.
        if self.packets_in >= 50 {
            let expected = (stats.packets_in + stats.lost_in).max(1) as f32;
            let loss_pct = (stats.lost_in + stats.late) as f32 * 100.0 / expected;
            let one_way_ms = stats.rtt_ms.unwrap_or(0.0) / 2.0 + jitter_ms * 2.0 + 20.0 + added;
            stats.mos = Some(quality::mos(self.in_codec, loss_pct, one_way_ms));
        }
        stats
    }
}

impl Transport {
    pub fn codec(&self) -> Codec {
        match self {
            Transport::Phone(phone) => phone.config.codec,
            Transport::Web(web) => web.codec(),
        }
    }
}

fn header(stamp: &Stamp, payload_type: u8, ssrc: u32) -> Header {
    Header { payload_type, marker: stamp.marker, sequence: stamp.sequence, timestamp: stamp.timestamp, ssrc }
}
