//! What comes in: audio and digits of one leg, on to whoever hears it.
use super::leg::{Mode, Transport};
use super::phone::Payload;
use super::{DigitSource, Event, Output, Session};
use crate::codec::Codec;
use crate::latch::Verdict;
use crate::rewrite::{SourceKey, Stamp};
use crate::rtp::{self, Header, Parsed};
use crate::webrtc::{WebEvent, WebOutput, WebPacket};
use std::net::SocketAddr;
use std::time::Instant;

/// A payload and, if it lies in a datagram of ours, the datagram: then it can be passed on without copying.
enum Body<'a> {
    Datagram(&'a mut [u8], Parsed),
    Payload(&'a [u8]),
}

impl Body<'_> {
    fn payload(&self) -> &[u8] {
        match self {
            Body::Datagram(datagram, parsed) => parsed.payload(datagram),
            Body::Payload(payload) => payload,
        }
    }
}

impl Session {
    pub(super) fn on_datagram(&mut self, now: Instant, i: usize, from: SocketAddr, datagram: &mut [u8], out: &mut dyn Output) {
        let leg = &mut self.legs[i];
        let Transport::Phone(phone) = &mut leg.transport else { return };
        let Some(parsed) = rtp::parse(datagram) else {
            phone.refused += 1;
            return;
        };
        let verdict = phone.admit(now, leg.id, from, parsed.header.ssrc, out);
        if verdict == Verdict::Refuse {
            return;
        }
        phone.bytes_in += datagram.len() as u64;
        if !std::mem::replace(&mut phone.started, true) {
            out.event(Event::RtpStarted { leg: leg.id });
        }
        if verdict == Verdict::NewSsrc {
            let unfinished = leg.events.reset();
            if let Some(digit) = unfinished {
                self.on_digit(now, i, digit, DigitSource::Rfc4733, out);
            }
        }
        self.on_packet(now, i, &parsed.header, Body::Datagram(datagram, parsed), out);
    }

    fn on_packet(&mut self, now: Instant, i: usize, header: &Header, mut body: Body<'_>, out: &mut dyn Output) {
        let leg = &mut self.legs[i];
        if !leg.received.on_packet(now, header) {
            return;
        }
        leg.packets_in += 1;
        match leg.payload(header.payload_type) {
            Payload::Audio(codec) => self.on_audio(now, i, header, codec, body, out),
            Payload::Event => {
                self.relay(now, i, header, true, &mut body, out);
                for digit in self.legs[i].events.on_packet(now, header.timestamp, body.payload()) {
                    self.on_digit(now, i, digit, DigitSource::Rfc4733, out);
                }
            }
            // Comfort noise and formats that were not agreed on: the gap is filled by whoever plays it.
            Payload::Unknown => {}
        }
    }

    fn on_audio(&mut self, now: Instant, i: usize, header: &Header, codec: Codec, mut body: Body<'_>, out: &mut dyn Output) {
        if self.legs[i].in_codec != codec {
            self.legs[i].in_codec = codec;
            self.plan(now);
        }
        let leg = &mut self.legs[i];
        if codec.is_g711()
            && let (Some(side), Some(recording)) = (leg.tap, &mut self.recording)
        {
            recording.recorder.packet(now, side, leg.id.0, header.ssrc, header.timestamp, codec, body.payload());
        }
        if let Some(input) = &mut leg.input {
            input.push(now, header, body.payload());
        }
        if let Some(digit) = leg.listen(codec, body.payload()) {
            self.on_digit(now, i, digit, DigitSource::InBand, out);
        }
        self.relay(now, i, header, false, &mut body, out);
    }

    /// Passes a packet on to every leg that relays this one.
    fn relay(&mut self, now: Instant, i: usize, header: &Header, event: bool, body: &mut Body<'_>, out: &mut dyn Output) {
        let key = SourceKey { leg: self.legs[i].id.0, ssrc: header.ssrc };
        for k in 0..self.legs[i].relays.len() {
            let to = self.legs[i].relays[k];
            let leg = &mut self.legs[to];
            // A digit of ours that is being sent takes the place of audio and of digits passed on.
            if leg.digits.is_sending() || (event && !leg.has_events()) {
                continue;
            }
            let Some(Stamp { sequence, timestamp, marker }) = leg.stream.relay(now, key, header) else { continue };
            let stamp = Stamp { sequence, timestamp, marker };
            match (&leg.transport, &mut *body) {
                (Transport::Phone(_), Body::Datagram(datagram, parsed)) => leg.send_rewritten(stamp, event, datagram, parsed, out),
                _ if event => leg.send_event(now, stamp, body.payload(), out),
                _ => leg.send_audio(now, stamp, body.payload(), out),
            }
        }
    }

    /// A digit is complete: report it, end what it interrupts, pass it on where packets are not relayed.
    pub(super) fn on_digit(&mut self, now: Instant, i: usize, digit: char, source: DigitSource, out: &mut dyn Output) {
        let leg = &mut self.legs[i];
        if !leg.is_new_digit(now, digit, source) {
            return;
        }
        let id = leg.id;
        out.event(Event::Digit { leg: id, digit, source });
        if leg.play.as_ref().is_some_and(|p| p.interruptible) {
            self.end_play(i, true, out);
            self.plan(now);
        }
        if source != DigitSource::Rfc4733 {
            return;
        }
        let mut sent = false;
        for to in 0..self.legs.len() {
            let hears = self.legs[to].mode == Mode::Tick && self.legs[to].sources.iter().any(|(from, _)| *from == i);
            if hears && to != i && matches!(self.legs[to].transport, Transport::Phone(_)) && self.legs[to].has_events() {
                self.legs[to].digits.push(digit.encode_utf8(&mut [0; 4]), 0, super::DIGITS_QUEUED_MAX);
                sent = true;
            }
        }
        if sent {
            self.plan(now);
        }
    }

    /// Takes everything out of the browser legs until they only wait for time.
    pub(super) fn flush_web(&mut self, now: Instant, out: &mut dyn Output) {
        if self.webs == 0 {
            return;
        }
        // What one leg gives may go into another: go round until none has anything.
        let mut again = true;
        while again {
            again = false;
            for i in 0..self.legs.len() {
                let id = self.legs[i].id;
                while let Transport::Web(web) = &mut self.legs[i].transport {
                    match web.poll_output() {
                        WebOutput::Timeout(_) => break,
                        WebOutput::Transmit { to, datagram } => out.send_web(id, to, &datagram),
                        WebOutput::Event(event) => {
                            self.on_web_event(now, i, event, out);
                            again = true;
                        }
                    }
                }
            }
        }
    }

    fn on_web_event(&mut self, now: Instant, i: usize, event: WebEvent, out: &mut dyn Output) {
        let leg = self.legs[i].id;
        match event {
            WebEvent::Packet(packet) => self.on_packet(now, i, &header_of(&packet), Body::Payload(&packet.payload), out),
            WebEvent::Connected => {
                out.event(Event::WebConnected { leg });
                self.plan(now);
            }
            WebEvent::Disconnected | WebEvent::Closed => {
                out.event(Event::WebDisconnected { leg });
                self.plan(now);
            }
        }
    }
}

fn header_of(packet: &WebPacket) -> Header {
    Header {
        payload_type: packet.payload_type,
        marker: packet.marker,
        sequence: packet.sequence as u16,
        timestamp: packet.timestamp,
        ssrc: packet.ssrc,
    }
}
