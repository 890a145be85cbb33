//! One endpoint fed with raw text.
use crate::net::{addr, config};
use signaling::*;

pub struct Raw {
    pub endpoint: Endpoint,
    pub now: Time,
    pub events: Vec<Event>,
    pub closed: Vec<(ConnId, CloseReason)>,
}

/// Where raw datagrams come from (trusted in [`config`]).
pub const PEER: &str = "10.0.0.9:5060";

impl Raw {
    pub fn new() -> Raw {
        Raw::with(config(0))
    }

    pub fn with(config: EndpointConfig) -> Raw {
        Raw { endpoint: Endpoint::new(config, [3; 32]), now: Time::from_ms(1_000), events: Vec::new(), closed: Vec::new() }
    }

    /// Everything that the endpoint sends, as text.
    pub fn drain(&mut self) -> Vec<String> {
        let mut sent = Vec::new();
        while let Some(output) = self.endpoint.poll_output() {
            match output {
                Output::SendDatagram { bytes, .. } | Output::SendStream { bytes, .. } => {
                    sent.push(String::from_utf8_lossy(&bytes).into_owned())
                }
                Output::Event(event) => self.events.push(event),
                Output::CloseStream { conn, reason } => self.closed.push((conn, reason)),
                Output::OpenStream { .. } => {}
            }
        }
        sent
    }

    pub fn datagram(&mut self, peer: &str, bytes: impl Into<Vec<u8>>) -> Vec<String> {
        let peer = peer.parse().expect("address");
        self.endpoint.handle_input(self.now, Input::Datagram { socket: 0, peer, bytes: bytes.into().into() });
        self.drain()
    }

    /// One datagram from [`PEER`]; line ends may be written as LF.
    pub fn send(&mut self, text: &str) -> Vec<String> {
        self.datagram(PEER, text.replace("\r\n", "\n").replace('\n', "\r\n"))
    }

    /// One datagram that must get exactly one response.
    pub fn ask(&mut self, text: &str) -> String {
        let mut sent = self.send(text);
        assert_eq!(sent.len(), 1, "{text}\n{sent:?}");
        sent.remove(0)
    }

    pub fn accept(&mut self, conn: u64) {
        let peer = format!("10.0.0.9:{}", 40_000 + conn).parse().expect("address");
        self.endpoint.handle_input(self.now, Input::StreamAccepted { conn: ConnId(conn), socket: 1, peer });
    }

    pub fn stream(&mut self, conn: u64, bytes: &[u8]) -> Vec<String> {
        self.endpoint.handle_input(self.now, Input::StreamData { conn: ConnId(conn), bytes: bytes.to_vec().into() });
        self.drain()
    }

    /// What is sent until then, with the millisecond (from the start of this wait) of each.
    pub fn wait_ms(&mut self, ms: u64) -> Vec<(u64, String)> {
        let (start, end) = (self.now, self.now.plus_ms(ms));
        let mut sent = Vec::new();
        while let Some((at, _)) = self.endpoint.poll_timeout().filter(|(at, _)| *at <= end) {
            self.now = at;
            self.endpoint.handle_input(at, Input::Timeout);
            sent.extend(self.drain().into_iter().map(|m| (at.ms_since(start), m)));
        }
        self.now = end;
        sent
    }

    pub fn command(&mut self, command: Command) -> Vec<String> {
        self.endpoint.command(self.now, command).unwrap_or_else(|e| panic!("command refused: {e}"));
        self.drain()
    }

    pub fn incoming(&mut self) -> IncomingInvite {
        let at = self.events.iter().position(|e| matches!(e, Event::IncomingInvite(_))).expect("an INVITE");
        match self.events.remove(at) {
            Event::IncomingInvite(invite) => *invite,
            _ => unreachable!("just matched"),
        }
    }
}

/// The status of a response.
pub fn status(response: &str) -> u16 {
    response.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or_else(|| panic!("{response}"))
}

/// The value of the first such line.
pub fn header<'a>(message: &'a str, name: &str) -> Option<&'a str> {
    message.split("\r\n").find_map(|l| l.split_once(": ").filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v))
}

/// A request with the usual lines; `more` are further lines, each with its line end, and may hold an empty line and a body.
pub fn request(method: &str, number: u32, more: &str) -> String {
    format!(
        "{method} sip:4001@{} SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bK{method}{number}\nMax-Forwards: 70\nFrom: <sip:a@zhiyin.test>;tag=peer\nTo: <sip:4001@zhiyin.test>\n\
         Call-ID: raw-call\nCSeq: {number} {method}\nContact: <sip:a@10.0.0.9>\n{more}",
        addr(0)
    )
}

/// An INVITE with an offer.
pub fn invite_text(number: u32, more: &str) -> String {
    let sdp = String::from_utf8_lossy(crate::net::OFFER);
    request("INVITE", number, &format!("{more}Content-Type: application/sdp\n\n{sdp}"))
}
