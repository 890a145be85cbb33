//! The leg itself.
use super::{
    OFFER_BYTES_MAX, OUTPUT_QUEUE_MAX, OfferedAudio, PAYLOAD_BYTES_MAX, WebConfig, WebError, WebEvent, WebOutput, WebPacket, WebStats,
};
use crate::codec::Codec;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};
use str0m::change::SdpOffer;
use str0m::config::CryptoProvider;
use str0m::format::{CodecConfig, FormatParams};
use str0m::media::{Frequency, Mid};
use str0m::net::{Protocol, Receive};
use str0m::rtp::{Extension, ExtensionMap, RtpWrite};
use str0m::{Candidate, Event, IceConnectionState, Input, Output, Rtc, RtcConfig};

/// Host candidates put into an answer; a browser tries every one of them.
const CANDIDATES_MAX: usize = 8;
/// How often str0m gathers figures from RTCP.
const STATS_INTERVAL: Duration = Duration::from_secs(2);
/// Packets kept for retransmission: none is negotiated for audio, and a buffer would only delay freeing memory.
const SEND_BUFFER_PACKETS: usize = 8;
/// The one header extension that is negotiated: which line a packet is for (RFC 9143 section 15).
const MID_EXTENSION_ID: u8 = 4;
/// Highest event of RFC 4733 that we take part in: digits, `*`, `#`, A–D.
const TELEPHONE_EVENT_MAX: u8 = 15;
/// What to wait for when the connection is over and nothing is due.
const IDLE: Duration = Duration::from_secs(3600);

static CRYPTO: LazyLock<Arc<CryptoProvider>> = LazyLock::new(|| Arc::new(str0m::crypto::from_feature_flags()));

/// One browser's audio leg. Time comes in as an argument and must not run backwards.
pub struct WebLeg {
    rtc: Rtc,
    ufrag: String,
    addresses: Vec<SocketAddr>,
    codec: Codec,
    payload_type: u8,
    telephone_event: Option<u8>,
    mid: Mid,
    next_sequence: u64,
    connected: bool,
    closed: bool,
    out: VecDeque<WebOutput>,
    deadline: Instant,
    now: Instant,
    stats: WebStats,
    ice_round_trip: Option<Duration>,
}

impl std::fmt::Debug for WebLeg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebLeg").field("codec", &self.codec).field("connected", &self.connected).finish_non_exhaustive()
    }
}

impl WebLeg {
    /// Answers a browser's complete offer (candidates in it are welcome but not needed: we are ICE-lite and learn the
    /// browser's address from its checks). Only audio is accepted; other lines are rejected in the answer.
    pub fn answer(offer_sdp: &str, config: &WebConfig, now: Instant) -> Result<(WebLeg, String), WebError> {
        if offer_sdp.len() > OFFER_BYTES_MAX {
            return Err(WebError::OfferTooLong);
        }
        let audio = OfferedAudio::parse(offer_sdp).ok_or(WebError::NoAudio)?;
        let (payload_type, codec) = audio.choose(&config.codecs).ok_or(WebError::NoCommonCodec)?;
        let telephone_event = audio.telephone_event(codec.clock_rate());
        let broken = |e: &dyn std::fmt::Display| WebError::BadOffer(e.to_string());
        let offer = SdpOffer::from_sdp_string(offer_sdp).map_err(|e| broken(&e))?;
        let mut rtc = rtc_config(payload_type, codec, telephone_event).build(now);
        if config.addresses.is_empty() {
            return Err(WebError::NoAddress);
        }
        for address in config.addresses.iter().take(CANDIDATES_MAX) {
            let candidate = Candidate::host(*address, Protocol::Udp).map_err(|_| WebError::BadAddress(*address))?;
            rtc.add_local_candidate(candidate);
        }
        let answer = rtc.sdp_api().accept_offer(offer).map_err(|e| broken(&e))?.to_sdp_string();
        // Refused by str0m for a reason of its own (direction, transport): then there is nothing to talk over.
        let mid = audio.mid.as_deref().map(Mid::from).filter(|mid| rtc.media(*mid).is_some_and(|m| !m.disabled()));
        let mid = mid.ok_or(WebError::NoAudio)?;
        let ufrag = rtc.direct_api().local_ice_credentials().ufrag;
        let mut leg = WebLeg {
            rtc,
            ufrag,
            addresses: config.addresses.clone(),
            codec,
            payload_type,
            telephone_event,
            mid,
            next_sequence: 1,
            connected: false,
            closed: false,
            out: VecDeque::new(),
            deadline: now,
            now,
            stats: WebStats::default(),
            ice_round_trip: None,
        };
        leg.drain();
        Ok((leg, answer))
    }

    /// The codec that was answered.
    pub fn codec(&self) -> Codec {
        self.codec
    }

    /// Payload type of the codec, both ways.
    pub fn payload_type(&self) -> u8 {
        self.payload_type
    }

    /// Payload type of `telephone-event` at the codec's clock, when the browser offered it.
    pub fn telephone_event(&self) -> Option<u8> {
        self.telephone_event
    }

    /// Our `a=ice-ufrag`; see `stun_ufrag`.
    pub fn ufrag(&self) -> &str {
        &self.ufrag
    }

    pub fn is_connected(&self) -> bool {
        self.connected && !self.closed
    }

    pub fn is_closed(&self) -> bool {
        self.closed
    }

    pub fn stats(&self) -> WebStats {
        WebStats { round_trip: self.stats.round_trip.or(self.ice_round_trip), ..self.stats }
    }

    /// Whether a datagram from `peer` is for this leg (several share one socket).
    pub fn accepts(&self, now: Instant, local: SocketAddr, peer: SocketAddr, datagram: &[u8]) -> bool {
        match Receive::new(Protocol::Udp, peer, self.arrival(local), datagram) {
            Ok(receive) => self.rtc.accepts(&Input::Receive(now, receive)),
            Err(_) => false,
        }
    }

    /// Takes a datagram. One that is not for this leg, broken or not authentic is counted and has no effect.
    pub fn handle_datagram(&mut self, now: Instant, local: SocketAddr, peer: SocketAddr, datagram: &[u8]) {
        if self.closed {
            return;
        }
        self.now = self.now.max(now);
        match Receive::new(Protocol::Udp, peer, self.arrival(local), datagram) {
            Ok(receive) => self.feed(Input::Receive(self.now, receive)),
            Err(_) => self.stats.datagrams_refused += 1,
        }
    }

    /// Moves time on; to be called at the instant of `WebOutput::Timeout` (sooner does no harm).
    pub fn handle_timeout(&mut self, now: Instant) {
        if self.closed {
            return;
        }
        self.now = self.now.max(now);
        self.feed(Input::Timeout(self.now));
    }

    /// The next thing to do. `Timeout` means that nothing is left until then.
    pub fn poll_output(&mut self) -> WebOutput {
        self.out.pop_front().unwrap_or(WebOutput::Timeout(self.deadline))
    }

    /// When `handle_timeout` is due at the latest.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Sends an audio payload with the RTP timestamp `timestamp` (in the codec's clock). Sequence numbers are ours and
    /// gap-free. Says false when the packet could not be sent: not connected, too long, or the browser does not listen.
    pub fn send_audio(&mut self, now: Instant, timestamp: u32, marker: bool, payload: &[u8]) -> bool {
        self.send(now, self.payload_type, timestamp, marker, payload)
    }

    /// Sends one RFC 4733 payload; the caller repeats and times them. False also when the browser did not offer it.
    pub fn send_telephone_event(&mut self, now: Instant, timestamp: u32, marker: bool, payload: &[u8]) -> bool {
        self.telephone_event.is_some_and(|pt| self.send(now, pt, timestamp, marker, payload))
    }

    /// Ends the leg: BYE and a DTLS close go out by the next polls.
    pub fn close(&mut self, now: Instant) {
        if self.closed {
            return;
        }
        self.now = self.now.max(now);
        // An error means that nothing was set up yet, and then nobody needs to be told.
        let _ = self.rtc.close();
        self.feed(Input::Timeout(self.now));
        self.closed = true;
        self.deadline = self.now + IDLE;
    }

    fn send(&mut self, now: Instant, payload_type: u8, timestamp: u32, marker: bool, payload: &[u8]) -> bool {
        if !self.is_connected() || payload.len() > PAYLOAD_BYTES_MAX {
            return false;
        }
        self.now = self.now.max(now);
        let sequence = self.next_sequence;
        let mut api = self.rtc.direct_api();
        let Some(stream) = api.stream_tx_by_mid(self.mid, None) else { return false };
        stream.write_rtp(RtpWrite::new(payload_type.into(), sequence.into(), timestamp, self.now, payload).marker(marker));
        self.next_sequence += 1;
        self.stats.packets_sent += 1;
        self.stats.bytes_sent += payload.len() as u64;
        // The packet leaves when time is next seen to move.
        self.drain();
        self.feed(Input::Timeout(self.now));
        true
    }

    /// Behind a NAT the socket's own address means nothing to ICE: the datagram came to the advertised one.
    fn arrival(&self, local: SocketAddr) -> SocketAddr {
        if self.addresses.contains(&local) { local } else { self.addresses[0] }
    }

    fn feed(&mut self, input: Input<'_>) {
        if self.rtc.handle_input(input).is_err() {
            self.stats.datagrams_refused += 1;
        }
        self.drain();
    }

    /// Takes everything out of the `Rtc` until it only waits for time.
    fn drain(&mut self) {
        loop {
            match self.rtc.poll_output() {
                Ok(Output::Timeout(at)) => {
                    self.deadline = at.min(self.now + IDLE);
                    break;
                }
                Ok(Output::Transmit(t)) => self.push(WebOutput::Transmit { to: t.destination, datagram: t.contents.into() }),
                Ok(Output::Event(event)) => self.on_event(event),
                Err(_) => {
                    self.end();
                    break;
                }
            }
        }
        if !self.rtc.is_alive() {
            self.end();
        }
    }

    fn end(&mut self) {
        if !self.closed {
            self.closed = true;
            self.push(WebOutput::Event(WebEvent::Closed));
        }
        self.deadline = self.now + IDLE;
    }

    fn push(&mut self, output: WebOutput) {
        if self.out.len() == OUTPUT_QUEUE_MAX {
            self.out.pop_front();
            self.stats.output_dropped += 1;
        }
        self.out.push_back(output);
    }

    fn on_event(&mut self, event: Event) {
        match event {
            Event::Connected => {
                self.connected = true;
                self.push(WebOutput::Event(WebEvent::Connected));
            }
            Event::IceConnectionStateChange(IceConnectionState::Disconnected) if self.connected => {
                self.connected = false;
                self.push(WebOutput::Event(WebEvent::Disconnected));
            }
            // `Event::Connected` comes once, after DTLS; a later recovery of ICE shows here only.
            Event::IceConnectionStateChange(state) if state.is_connected() && !self.connected && self.rtc.is_connected() => {
                self.connected = true;
                self.push(WebOutput::Event(WebEvent::Connected));
            }
            Event::RtpPacket(packet) if packet.payload.len() <= PAYLOAD_BYTES_MAX => {
                self.stats.packets_received += 1;
                self.stats.bytes_received += packet.payload.len() as u64;
                self.push(WebOutput::Event(WebEvent::Packet(WebPacket {
                    payload_type: *packet.header.payload_type,
                    sequence: *packet.seq_no,
                    timestamp: packet.header.timestamp,
                    marker: packet.header.marker,
                    ssrc: *packet.header.ssrc,
                    payload: packet.payload,
                })));
            }
            Event::PeerStats(stats) => {
                self.ice_round_trip = stats.selected_candidate_pair.and_then(|p| p.current_round_trip_time).or(self.ice_round_trip);
            }
            Event::MediaEgressStats(stats) => {
                self.stats.round_trip = stats.rtt.or(self.stats.round_trip);
                if let Some(remote) = stats.remote {
                    self.stats.remote_lost = Some(remote.packets_lost);
                    self.stats.remote_jitter = Some(remote.jitter);
                }
            }
            Event::Closed => self.end(),
            _ => {}
        }
    }
}

fn rtc_config(payload_type: u8, codec: Codec, telephone_event: Option<u8>) -> RtcConfig {
    let mut extensions = ExtensionMap::empty();
    extensions.set(MID_EXTENSION_ID, Extension::RtpMid);
    let mut config = RtcConfig::new()
        .set_crypto_provider(CRYPTO.clone())
        .set_ice_lite(true)
        .set_rtp_mode(true)
        .set_extension_map(extensions)
        .set_stats_interval(Some(STATS_INTERVAL))
        .set_rtcp_report_interval_audio(STATS_INTERVAL)
        .set_send_buffer_audio(SEND_BUFFER_PACKETS)
        .clear_codecs();
    add_codec(config.codec_config(), payload_type, codec, telephone_event);
    config
}

fn add_codec(config: &mut CodecConfig, payload_type: u8, codec: Codec, telephone_event: Option<u8>) {
    use str0m::format::Codec as Theirs;
    let (theirs, rate, channels) = match codec {
        Codec::Pcmu => (Theirs::PCMU, Frequency::EIGHT_KHZ, None),
        Codec::Pcma => (Theirs::PCMA, Frequency::EIGHT_KHZ, None),
        // str0m names G.722 by its sampling rate and maps it to the 8 kHz clock of the wire itself.
        Codec::G722 => (Theirs::G722, Frequency::SIXTEEN_KHZ, None),
        Codec::Opus => (Theirs::Opus, Frequency::FORTY_EIGHT_KHZ, Some(2)),
    };
    let format = match codec {
        Codec::Opus => FormatParams { min_p_time: Some(10), use_inband_fec: Some(true), ..Default::default() },
        _ => FormatParams::default(),
    };
    config.add_config(payload_type.into(), None, theirs, rate, channels, format);
    if let Some(pt) = telephone_event {
        let clock = if codec == Codec::Opus { Frequency::FORTY_EIGHT_KHZ } else { Frequency::EIGHT_KHZ };
        let format = FormatParams { telephone_event_max: Some(TELEPHONE_EVENT_MAX), ..Default::default() };
        config.add_config(pt.into(), None, Theirs::Tele, clock, None, format);
    }
}
