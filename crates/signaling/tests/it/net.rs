//! Endpoints on a virtual network: virtual time, seeded loss, reordering and duplication.
use bytes::Bytes;
use signaling::*;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::net::SocketAddr;

pub const OFFER: &[u8] = b"v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n";
pub const ANSWER: &[u8] = b"v=0\r\no=- 2 1 IN IP4 10.0.0.2\r\ns=-\r\nc=IN IP4 10.0.0.2\r\nt=0 0\r\nm=audio 5000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n";

/// A small generator of its own (xorshift*), so that a seed means the same run for ever.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 11) % n.max(1)
    }

    pub fn percent(&mut self, p: u64) -> bool {
        self.below(100) < p
    }
}

/// How bad the network is, per cent and milliseconds.
#[derive(Clone, Copy, Default)]
pub struct Weather {
    pub loss: u64,
    pub twice: u64,
    pub jitter_ms: u64,
}

pub struct Node {
    pub endpoint: Endpoint,
    pub addr: SocketAddr,
    pub events: Vec<Event>,
    /// Every datagram sent.
    pub sent: Vec<Bytes>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Flight {
    Datagram { to: usize, from: SocketAddr, bytes: Vec<u8> },
    Open { opener: usize, conn: u64, peer: SocketAddr },
    Data { to: usize, conn: u64, bytes: Vec<u8> },
    Closed { to: usize, conn: u64 },
}

/// Nodes by index; node `n` has the address `10.0.0.n+1:5060` for UDP and TCP.
pub struct Net {
    pub now: Time,
    pub nodes: Vec<Node>,
    pub weather: Weather,
    pub chance: Chance,
    flights: BinaryHeap<Reverse<(Time, u64, Flight)>>,
    number: u64,
    /// Both ends of each stream: (node, its conn) pairs.
    streams: Vec<((usize, u64), (usize, u64))>,
    next_accept: u64,
    /// Nobody listens for TCP: every connection fails.
    pub tcp_down: bool,
}

pub fn addr(index: usize) -> SocketAddr {
    format!("10.0.0.{}:5060", index + 1).parse().expect("address")
}

/// UDP is socket 0, TCP socket 1.
pub fn config(index: usize) -> EndpointConfig {
    let sockets = [Transport::Udp, Transport::Tcp].map(|transport| SocketConfig { transport, advertised: addr(index) }).to_vec();
    let mut config = EndpointConfig::new(sockets, "zhiyin.test");
    config.trusted = vec![TrustedSource { net: Cidr { addr: "10.0.0.0".parse().expect("address"), prefix: 24 }, tag: 7 }];
    config
}

impl Net {
    pub fn new(nodes: usize, seed: u64) -> Net {
        Net::with(seed, (0..nodes).map(config).collect())
    }

    pub fn with(seed: u64, configs: Vec<EndpointConfig>) -> Net {
        let nodes = configs.into_iter().enumerate();
        let node = |(i, config): (usize, EndpointConfig)| {
            let mut key = [i as u8; 32];
            key[..8].copy_from_slice(&seed.to_le_bytes());
            Node { endpoint: Endpoint::new(config, key), addr: addr(i), events: Vec::new(), sent: Vec::new() }
        };
        Net {
            now: Time::from_ms(1_000),
            nodes: nodes.map(node).collect(),
            weather: Weather::default(),
            chance: Chance::new(seed),
            flights: BinaryHeap::new(),
            number: 0,
            streams: Vec::new(),
            next_accept: 0,
            tcp_down: false,
        }
    }

    fn launch(&mut self, after_ms: u64, flight: Flight) {
        self.number += 1;
        self.flights.push(Reverse((self.now.plus_ms(after_ms), self.number, flight)));
    }

    /// Takes everything that a node wants out.
    pub fn drain(&mut self, index: usize) {
        while let Some(output) = self.nodes[index].endpoint.poll_output() {
            let from = self.nodes[index].addr;
            match output {
                Output::Event(event) => self.nodes[index].events.push(event),
                Output::SendDatagram { socket, peer, bytes } => {
                    assert_eq!(socket, 0);
                    self.nodes[index].sent.push(bytes.clone());
                    let Some(to) = self.nodes.iter().position(|n| n.addr == peer) else { continue };
                    let copies = if self.chance.percent(self.weather.twice) { 2 } else { 1 };
                    for _ in 0..copies {
                        if !self.chance.percent(self.weather.loss) {
                            let delay = 5 + self.chance.below(self.weather.jitter_ms + 1);
                            self.launch(delay, Flight::Datagram { to, from, bytes: bytes.to_vec() });
                        }
                    }
                }
                Output::OpenStream { conn, peer, .. } => self.launch(5, Flight::Open { opener: index, conn: conn.0, peer }),
                Output::SendStream { conn, bytes } => {
                    if let Some((to, conn)) = self.other_end(index, conn.0) {
                        // In pieces, to exercise framing.
                        for piece in bytes.chunks(200) {
                            self.launch(5, Flight::Data { to, conn, bytes: piece.to_vec() });
                        }
                    }
                }
                Output::CloseStream { conn, .. } => {
                    if let Some((to, other)) = self.other_end(index, conn.0) {
                        self.launch(5, Flight::Closed { to, conn: other });
                    }
                }
            }
        }
    }

    fn other_end(&self, node: usize, conn: u64) -> Option<(usize, u64)> {
        self.streams.iter().find_map(|(a, b)| match (node, conn) {
            end if end == *a => Some(*b),
            end if end == *b => Some(*a),
            _ => None,
        })
    }

    fn arrive(&mut self, flight: Flight) {
        let now = self.now;
        match flight {
            Flight::Datagram { to, from, bytes } => {
                self.nodes[to].endpoint.handle_input(now, Input::Datagram { socket: 0, peer: from, bytes: bytes.into() });
                self.drain(to);
            }
            Flight::Open { opener, conn, peer } => {
                let to = self.nodes.iter().position(|n| n.addr == peer).filter(|_| !self.tcp_down);
                let Some(to) = to else {
                    self.nodes[opener].endpoint.handle_input(now, Input::StreamClosed { conn: ConnId(conn) });
                    return self.drain(opener);
                };
                self.next_accept += 1;
                let accepted = self.next_accept;
                self.streams.push(((opener, conn), (to, accepted)));
                let from = SocketAddr::new(self.nodes[opener].addr.ip(), 40_000 + accepted as u16);
                self.nodes[to].endpoint.handle_input(now, Input::StreamAccepted { conn: ConnId(accepted), socket: 1, peer: from });
                self.nodes[opener].endpoint.handle_input(now, Input::StreamConnected { conn: ConnId(conn) });
                self.drain(to);
                self.drain(opener);
            }
            Flight::Data { to, conn, bytes } => {
                self.nodes[to].endpoint.handle_input(now, Input::StreamData { conn: ConnId(conn), bytes: bytes.into() });
                self.drain(to);
            }
            Flight::Closed { to, conn } => {
                self.nodes[to].endpoint.handle_input(now, Input::StreamClosed { conn: ConnId(conn) });
                self.drain(to);
            }
        }
    }

    /// The next thing that happens, if it happens before `until`.
    pub fn step(&mut self, until: Time) -> bool {
        let timers = (0..self.nodes.len()).filter_map(|i| self.nodes[i].endpoint.poll_timeout().map(|(at, _)| (at, i))).min();
        let flight = self.flights.peek().map(|Reverse((at, _, _))| *at);
        match (timers, flight) {
            (Some((at, i)), f) if at <= until && f.is_none_or(|f| at < f) => {
                self.now = self.now.max(at);
                self.nodes[i].endpoint.handle_input(self.now, Input::Timeout);
                self.drain(i);
                true
            }
            (_, Some(at)) if at <= until => {
                let Some(Reverse((at, _, flight))) = self.flights.pop() else { return false };
                self.now = self.now.max(at);
                self.arrive(flight);
                true
            }
            _ => false,
        }
    }

    pub fn run_ms(&mut self, ms: u64) {
        let until = self.now.plus_ms(ms);
        while self.step(until) {}
        self.now = until;
    }

    pub fn command(&mut self, index: usize, command: Command) {
        self.try_command(index, command).unwrap_or_else(|e| panic!("command refused: {e}"));
    }

    pub fn try_command(&mut self, index: usize, command: Command) -> Result<(), CommandError> {
        let result = self.nodes[index].endpoint.command(self.now, command);
        self.drain(index);
        result
    }

    /// Runs until a node tells something that fits.
    pub fn until<T>(&mut self, index: usize, what: &str, mut pick: impl FnMut(&Event) -> Option<T>) -> T {
        let end = self.now.plus_ms(120_000);
        let mut looked = 0;
        loop {
            while looked < self.nodes[index].events.len() {
                if let Some(found) = pick(&self.nodes[index].events[looked]) {
                    self.nodes[index].events.drain(..=looked);
                    return found;
                }
                looked += 1;
            }
            assert!(self.step(end), "never came: {what}; events: {:?}", self.nodes[index].events.iter().map(name).collect::<Vec<_>>());
        }
    }

    pub fn incoming(&mut self, index: usize) -> IncomingInvite {
        self.until(index, "INVITE", |e| match e {
            Event::IncomingInvite(invite) => Some((**invite).clone()),
            _ => None,
        })
    }

    /// Long enough for every transaction to be forgotten; then nothing may be left.
    pub fn assert_clean(&mut self) {
        self.run_ms(200_000);
        for (i, node) in self.nodes.iter_mut().enumerate() {
            let stats = node.endpoint.stats();
            assert_eq!((stats.dialogs, stats.transactions), (0, 0), "node {i}");
            assert_eq!(node.endpoint.poll_timeout().map(|(_, why)| why).filter(|w| *w != TimerReason::StreamIdle), None, "node {i}");
        }
    }
}

pub fn name(event: &Event) -> String {
    let text = format!("{event:?}");
    text.chars().take(90).collect()
}

pub fn uri(text: &str) -> Uri {
    Uri::parse(text).unwrap_or_else(|| panic!("{text}"))
}

/// An INVITE from one node to another.
pub fn invite(key: u64, to: usize) -> Invite {
    let mut invite = Invite::new(
        DialogKey(key),
        Target::udp(addr(to)),
        uri(&format!("sip:4001@{}", addr(to))),
        Party::named("知音 \"1\"", uri("sip:1001@zhiyin.test")),
        Party::new(uri("sip:4001@zhiyin.test")),
    );
    invite.sdp = Some(Bytes::from_static(OFFER));
    invite
}

pub fn answer() -> Answer {
    Answer { sdp: Some(Bytes::from_static(ANSWER)), headers: Vec::new() }
}

/// A call between node 0 (key 1) and node 1, answered and acknowledged. Gives the callee's key.
pub fn connect(net: &mut Net) -> DialogKey {
    net.command(0, Command::Invite(Box::new(invite(1, 1))));
    let key = net.incoming(1).key;
    net.command(1, Command::Answer { key, answer: answer() });
    net.until(0, "answer", |e| matches!(e, Event::Answered { .. }).then_some(()));
    net.until(1, "ACK", |e| matches!(e, Event::Acked { .. }).then_some(()));
    key
}

pub fn ended(event: &Event) -> Option<(EndedBy, Option<u16>)> {
    match event {
        Event::Ended { by, status, .. } => Some((*by, *status)),
        _ => None,
    }
}

/// Text of the last message that a node sent which begins so.
pub fn last_sent(net: &Net, index: usize, start: &str) -> String {
    let found = net.nodes[index].sent.iter().rev().find(|b| b.starts_with(start.as_bytes()));
    String::from_utf8_lossy(found.unwrap_or_else(|| panic!("{start} not sent"))).into_owned()
}
