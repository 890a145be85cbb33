//! The audio of one call of a phone: one socket, one task, 20 ms packets.
use super::CallKey;
use crate::clock::Clock;
use media::codec::{Codec, DECODE_SAMPLES_MAX, Decoder, Encoder};
use media::rtp::{Header, PACKET_BYTES_MAX};
use media::telephone_event::{EventReceiver, EventSender, EventTick};
use signaling::sdp::Negotiated;
use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::UdpSocket;
use tokio::sync::mpsc;

/// Rate of the sounds that a phone says and hears, Hz.
pub const SAMPLE_RATE_HZ: u32 = 8_000;
const FRAME_SAMPLES: usize = 160;
const FRAME_MS: u64 = 20;
/// What was heard is kept for this long.
const HEARD_SAMPLES_MAX: usize = 8_000 * 4;
const QUEUE_LEN: usize = 64;
const TONE_MS: u32 = 100;

/// What a phone says.
#[derive(Debug, Clone)]
pub enum Sound {
    Silence,
    /// A sine of so many Hz.
    Tone(f32),
    /// Samples at 8 kHz, once; the end is told.
    Speech(Arc<Vec<i16>>),
    /// Digits by RFC 4733.
    Digits(String),
    /// Digits as tones in the voice.
    DigitTones(String),
    /// What is heard is written here, the newest four seconds.
    Listen(Arc<Mutex<VecDeque<i16>>>),
}

#[derive(Debug)]
pub(super) enum LineOrder {
    Agree(Negotiated),
    Say(Sound),
}

#[derive(Debug)]
pub(super) enum LineNews {
    Spoken,
    Digit(char),
}

/// Dropping it hangs the line up.
#[derive(Debug)]
pub(super) struct Line {
    pub addr: SocketAddr,
    orders: mpsc::Sender<LineOrder>,
}

impl Line {
    pub async fn open(call: CallKey, ip: IpAddr, clock: Clock, news: mpsc::Sender<(CallKey, LineNews)>) -> std::io::Result<Line> {
        let udp = UdpSocket::bind(SocketAddr::new(ip, 0)).await?;
        let addr = udp.local_addr()?;
        let (orders, queue) = mpsc::channel(QUEUE_LEN);
        tokio::spawn(Talk::new(call, udp, clock, news).run(queue));
        Ok(Line { addr, orders })
    }

    pub fn order(&self, order: LineOrder) {
        // A full queue or an ended line loses the order; both mean that the call is over or stuck.
        let _ = self.orders.try_send(order);
    }
}

struct Talk {
    call: CallKey,
    udp: UdpSocket,
    clock: Clock,
    news: mpsc::Sender<(CallKey, LineNews)>,
    agreed: Option<(Negotiated, Encoder, Decoder)>,
    sound: Sound,
    at: usize,
    header: Header,
    digits: EventSender,
    digit_at: u32,
    tones: Option<media::dtmf::Generator>,
    received: EventReceiver,
    heard: Option<Arc<Mutex<VecDeque<i16>>>>,
}

impl Talk {
    fn new(call: CallKey, udp: UdpSocket, clock: Clock, news: mpsc::Sender<(CallKey, LineNews)>) -> Self {
        let header = Header { payload_type: 0, marker: true, sequence: 1, timestamp: 160, ssrc: call as u32 | 1 };
        Self {
            call,
            udp,
            clock,
            news,
            agreed: None,
            sound: Sound::Silence,
            at: 0,
            header,
            digits: EventSender::default(),
            digit_at: 0,
            tones: None,
            received: EventReceiver::default(),
            heard: None,
        }
    }

    async fn run(mut self, mut orders: mpsc::Receiver<LineOrder>) {
        let mut buffer = vec![0u8; PACKET_BYTES_MAX];
        let mut ticks = tokio::time::interval(Duration::from_millis(FRAME_MS));
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Burst);
        loop {
            tokio::select! {
                order = orders.recv() => match order {
                    Some(LineOrder::Agree(agreed)) => self.agree(agreed),
                    Some(LineOrder::Say(sound)) => self.say(sound),
                    None => return,
                },
                _ = ticks.tick() => self.tick().await,
                got = self.udp.recv_from(&mut buffer) => if let Ok((len, _)) = got {
                    self.hear(&buffer[..len]);
                },
            }
        }
    }

    fn agree(&mut self, agreed: Negotiated) {
        let codec = super::super::leg::media_codec(agreed.codec);
        if let (Ok(encoder), Ok(decoder)) = (Encoder::new(codec), Decoder::new(codec)) {
            self.agreed = Some((agreed, encoder, decoder));
        }
    }

    fn say(&mut self, sound: Sound) {
        match sound {
            Sound::Digits(digits) => {
                self.digits.push(&digits, TONE_MS, media::session::DIGITS_QUEUED_MAX);
            }
            Sound::DigitTones(digits) => {
                let mut tones = media::dtmf::Generator::new(SAMPLE_RATE_HZ, TONE_MS, TONE_MS);
                tones.push(&digits);
                self.tones = Some(tones);
            }
            Sound::Listen(heard) => self.heard = Some(heard),
            other => (self.sound, self.at) = (other, 0),
        }
    }

    fn frame(&mut self) -> [i16; FRAME_SAMPLES] {
        let mut pcm = [0i16; FRAME_SAMPLES];
        if let Some(tones) = &mut self.tones {
            if !tones.is_idle() {
                tones.fill(&mut pcm);
                return pcm;
            }
            self.tones = None;
        }
        match &self.sound {
            Sound::Tone(hz) => {
                for (i, s) in pcm.iter_mut().enumerate() {
                    let t = (self.at + i) as f32 / SAMPLE_RATE_HZ as f32;
                    *s = (8_000.0 * (std::f32::consts::TAU * hz * t).sin()) as i16;
                }
                // Whole seconds of a whole frequency join without a seam.
                self.at = (self.at + FRAME_SAMPLES) % SAMPLE_RATE_HZ as usize;
            }
            Sound::Speech(samples) => {
                let rest = samples.get(self.at..).unwrap_or_default();
                let n = rest.len().min(FRAME_SAMPLES);
                pcm[..n].copy_from_slice(&rest[..n]);
                self.at += FRAME_SAMPLES;
                if n == 0 {
                    self.sound = Sound::Silence;
                    let _ = self.news.try_send((self.call, LineNews::Spoken));
                }
            }
            _ => {}
        }
        pcm
    }

    async fn tick(&mut self) {
        let pcm = self.frame();
        let Some((agreed, encoder, _)) = &mut self.agreed else { return };
        if !agreed.direction.sends() || agreed.remote_addr.ip().is_unspecified() {
            return;
        }
        let to = agreed.remote_addr;
        let wide: Vec<i16>;
        let pcm: &[i16] = if encoder.codec() == Codec::G722 {
            wide = pcm.iter().flat_map(|s| [*s, *s]).collect();
            &wide
        } else {
            &pcm
        };
        let mut payload = [0u8; media::codec::ENCODE_BYTES_MAX];
        let mut packet = [0u8; PACKET_BYTES_MAX];
        self.header.timestamp = self.header.timestamp.wrapping_add(FRAME_SAMPLES as u32);
        let event = agreed.dtmf_pt.and_then(|pt| match self.digits.tick(FRAME_SAMPLES as u32) {
            EventTick::Packet(packet) => Some((pt, packet)),
            EventTick::Gap | EventTick::Idle => None,
        });
        let bytes = match event {
            Some((payload_type, event)) => {
                if event.first {
                    self.digit_at = self.header.timestamp;
                }
                let header = Header { payload_type, marker: event.first, timestamp: self.digit_at, ..self.header };
                media::rtp::write(&header, &event.payload, &mut packet)
            }
            None => {
                let n = encoder.encode_into(pcm, &mut payload).unwrap_or(0);
                let header = Header { payload_type: agreed.pt, ..self.header };
                self.header.marker = false;
                media::rtp::write(&header, &payload[..n], &mut packet)
            }
        };
        self.header.sequence = self.header.sequence.wrapping_add(1);
        // A peer that is gone is noticed by SIP.
        let _ = self.udp.send_to(bytes, to).await;
    }

    fn hear(&mut self, datagram: &[u8]) {
        let Some(parsed) = media::rtp::parse(datagram) else { return };
        let Some((agreed, _, decoder)) = &mut self.agreed else { return };
        let payload = parsed.payload(datagram);
        if agreed.dtmf_pt == Some(parsed.header.payload_type) {
            for digit in self.received.on_packet(self.clock.instant(), parsed.header.timestamp, payload) {
                let _ = self.news.try_send((self.call, LineNews::Digit(digit)));
            }
            return;
        }
        let Some(heard) = self.heard.as_ref().filter(|_| parsed.header.payload_type == agreed.pt) else { return };
        let mut pcm = [0i16; DECODE_SAMPLES_MAX];
        if let Ok(n) = decoder.decode_into(payload, &mut pcm) {
            let step = if agreed.codec == signaling::sdp::Codec::G722 { 2 } else { 1 };
            let mut heard = heard.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            heard.extend(pcm[..n].iter().step_by(step));
            let over = heard.len().saturating_sub(HEARD_SAMPLES_MAX);
            heard.drain(..over);
        }
    }
}
