//! A signalling-only back-to-back user agent on real sockets: phones register and call each other, descriptions are passed through.
//!
//! `cargo run --release -p signaling --example b2bua -- 127.0.0.1:5060 [number=host:port …]`
//! Every `user=password` pair in the environment variable `PHONES` (comma separated) may register. Sources 127.0.0.2–127.0.0.9 are trusted.
//! Prints events to stderr; ends with a row of figures when its standard input closes.
#![allow(clippy::disallowed_methods, reason = "a driver reads the clock")]
use bytes::Bytes;
use signaling::*;
use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::mpsc;
use std::time::{Duration, Instant};

enum Woken {
    Datagram(SocketAddr, Bytes),
    Accepted(TcpStream, SocketAddr),
    Data(u64, Bytes),
    Closed(u64),
    Stop,
}

struct Driver {
    endpoint: Endpoint,
    udp: UdpSocket,
    streams: HashMap<u64, TcpStream>,
    wake: mpsc::SyncSender<Woken>,
    start: Instant,
    legs: HashMap<DialogKey, DialogKey>,
    numbers: HashMap<String, SocketAddr>,
    next: u64,
    bridged: u64,
    loud: bool,
}

fn read_stream(mut stream: TcpStream, conn: u64, wake: mpsc::SyncSender<Woken>) {
    std::thread::spawn(move || {
        let mut buffer = [0u8; 8192];
        while let Ok(n) = stream.read(&mut buffer) {
            if n == 0 || wake.send(Woken::Data(conn, Bytes::copy_from_slice(&buffer[..n]))).is_err() {
                break;
            }
        }
        let _ = wake.send(Woken::Closed(conn));
    });
}

impl Driver {
    fn now(&self) -> Time {
        Time(self.start.elapsed().as_micros() as u64)
    }

    fn input(&mut self, input: Input) {
        let now = self.now();
        self.endpoint.handle_input(now, input);
        self.drain();
    }

    fn drain(&mut self) {
        while let Some(output) = self.endpoint.poll_output() {
            match output {
                Output::SendDatagram { peer, bytes, .. } => drop(self.udp.send_to(&bytes, peer)),
                Output::SendStream { conn, bytes } => {
                    if let Some(stream) = self.streams.get_mut(&conn.0) {
                        let _ = stream.write_all(&bytes);
                    }
                }
                Output::OpenStream { conn, peer, .. } => self.open(conn, peer),
                Output::CloseStream { conn, .. } => {
                    if let Some(stream) = self.streams.remove(&conn.0) {
                        let _ = stream.shutdown(std::net::Shutdown::Both);
                    }
                }
                Output::Event(event) => {
                    if self.loud {
                        eprintln!("{event:?}\n");
                    }
                    for command in self.react(event) {
                        let now = self.now();
                        if let Err(error) = self.endpoint.command(now, command) {
                            eprintln!("refused: {error}");
                        }
                    }
                }
            }
        }
    }

    fn open(&mut self, conn: ConnId, peer: SocketAddr) {
        let now = self.now();
        match TcpStream::connect_timeout(&peer, Duration::from_secs(2)).and_then(|s| Ok((s.try_clone()?, s))) {
            Ok((reader, stream)) => {
                self.streams.insert(conn.0, stream);
                read_stream(reader, conn.0, self.wake.clone());
                self.endpoint.handle_input(now, Input::StreamConnected { conn });
            }
            Err(_) => self.endpoint.handle_input(now, Input::StreamClosed { conn }),
        }
    }

    /// Where a dialled user is: a registered phone, or a number given on the command line.
    fn find(&self, user: &str) -> Option<(Target, Uri)> {
        if let Some(binding) = self.endpoint.registrar().lookup(user, self.now()).first() {
            return Some((binding.target(), binding.contact.clone()));
        }
        let addr = *self.numbers.get(user)?;
        Some((Target::udp(addr), Uri::sip(user, &addr.ip().to_string(), Some(addr.port()))?))
    }

    fn react(&mut self, event: Event) -> Vec<Command> {
        let other = |legs: &HashMap<DialogKey, DialogKey>, key| legs.get(&key).copied();
        match event {
            Event::IncomingInvite(call) => {
                let Some((target, uri)) = self.find(&call.request_uri.user_decoded()) else {
                    return vec![Command::Reject { key: call.key, status: 404, reason: None, headers: vec![] }];
                };
                self.next += 1;
                let out = DialogKey(self.next);
                self.legs.insert(out, call.key);
                self.legs.insert(call.key, out);
                let from = Party { display: call.from.display.clone(), uri: call.from.uri.clone() };
                let mut invite = Invite::new(out, target, uri.clone(), from, Party::new(uri));
                invite.sdp = call.sdp;
                invite.max_forwards = call.max_forwards.saturating_sub(1);
                vec![Command::Invite(Box::new(invite))]
            }
            Event::Provisional { key, status, sdp } => {
                other(&self.legs, key).map(|key| Command::Provisional { key, status, sdp, headers: vec![] }).into_iter().collect()
            }
            Event::Answered { key, sdp } => {
                self.bridged += 1;
                other(&self.legs, key).map(|key| Command::Answer { key, answer: Answer { sdp, headers: vec![] } }).into_iter().collect()
            }
            Event::Acked { key, sdp: Some(sdp) } => other(&self.legs, key).map(|key| Command::Ack { key, sdp }).into_iter().collect(),
            Event::ReInvite { key, sdp } => match (other(&self.legs, key), sdp) {
                (Some(key), Some(sdp)) => vec![Command::ReInvite { key, sdp }],
                _ => vec![Command::RejectReInvite { key, status: 488 }],
            },
            Event::ReInviteResult { key, status, sdp } => match (other(&self.legs, key), status) {
                (Some(key), 200..=299) => vec![Command::AnswerReInvite { key, answer: Answer { sdp, headers: vec![] } }],
                (Some(key), _) => vec![Command::RejectReInvite { key, status: status.max(400) }],
                _ => vec![],
            },
            Event::Info { key, content_type, body } => {
                other(&self.legs, key).map(|key| Command::Info { key, content_type, body }).into_iter().collect()
            }
            Event::Failed { key, status, .. } => self.end(key, |key| Command::Reject { key, status, reason: None, headers: vec![] }),
            Event::Ended { key, reason, .. } => self.end(key, |key| Command::Bye { key, reason }),
            Event::Refer(refer) => vec![Command::AcceptRefer { key: refer.key }, Command::NotifyRefer { key: refer.key, status: 603 }],
            _ => vec![],
        }
    }

    fn end(&mut self, key: DialogKey, command: impl FnOnce(DialogKey) -> Command) -> Vec<Command> {
        match self.legs.remove(&key) {
            Some(other) if self.legs.remove(&other).is_some() => vec![command(other)],
            _ => vec![],
        }
    }

    fn run(&mut self, woken: &mpsc::Receiver<Woken>) {
        let mut accepted = 0u64;
        loop {
            let wait = self
                .endpoint
                .poll_timeout()
                .map_or(Duration::from_secs(1), |(at, _)| Duration::from_micros(at.0.saturating_sub(self.now().0)));
            match woken.recv_timeout(wait) {
                Ok(Woken::Datagram(peer, bytes)) => self.input(Input::Datagram { socket: 0, peer, bytes }),
                Ok(Woken::Accepted(stream, peer)) => {
                    accepted += 1;
                    if let Ok(reader) = stream.try_clone() {
                        self.streams.insert(accepted, stream);
                        read_stream(reader, accepted, self.wake.clone());
                        self.input(Input::StreamAccepted { conn: ConnId(accepted), socket: 1, peer });
                    }
                }
                Ok(Woken::Data(conn, bytes)) => self.input(Input::StreamData { conn: ConnId(conn), bytes }),
                Ok(Woken::Closed(conn)) => {
                    self.streams.remove(&conn);
                    self.input(Input::StreamClosed { conn: ConnId(conn) });
                }
                Ok(Woken::Stop) | Err(mpsc::RecvTimeoutError::Disconnected) => return,
                Err(mpsc::RecvTimeoutError::Timeout) => {}
            }
            self.input(Input::Timeout);
        }
    }
}

fn main() -> std::io::Result<()> {
    let mut args = std::env::args().skip(1);
    let at: SocketAddr = args.next().and_then(|a| a.parse().ok()).unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 5060)));
    let numbers = args.filter_map(|a| a.split_once('=').and_then(|(n, addr)| Some((n.to_owned(), addr.parse().ok()?)))).collect();
    let udp = UdpSocket::bind(at)?;
    let at = udp.local_addr()?;
    let listener = TcpListener::bind(at)?;
    let (wake, woken) = mpsc::sync_channel(8192);
    let reader = udp.try_clone()?;
    let sender = wake.clone();
    std::thread::spawn(move || {
        let mut buffer = vec![0u8; 65_536];
        while let Ok((n, peer)) = reader.recv_from(&mut buffer) {
            if sender.send(Woken::Datagram(peer, Bytes::copy_from_slice(&buffer[..n]))).is_err() {
                break;
            }
        }
    });
    let sender = wake.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if let Ok(peer) = stream.peer_addr() {
                let _ = sender.send(Woken::Accepted(stream, peer));
            }
        }
    });
    let sender = wake.clone();
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        let _ = sender.send(Woken::Stop);
    });
    let sockets = [Transport::Udp, Transport::Tcp].map(|transport| SocketConfig { transport, advertised: at }).to_vec();
    let mut config = EndpointConfig::new(sockets, "zhiyin");
    config.trusted =
        (2..10).map(|n| TrustedSource { net: Cidr::host(std::net::IpAddr::from([127, 0, 0, n])), tag: u32::from(n) }).collect();
    let mut seed = [0u8; 32];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut seed)?;
    let mut endpoint = Endpoint::new(config, seed);
    for pair in std::env::var("PHONES").unwrap_or_default().split(',') {
        if let Some((user, password)) = pair.split_once('=') {
            endpoint.set_credentials(user, Ha1s::of(user, "zhiyin", password));
        }
    }
    let loud = std::env::var_os("LOUD").is_some();
    let mut driver = Driver {
        endpoint,
        udp,
        streams: HashMap::new(),
        wake,
        start: Instant::now(),
        legs: HashMap::new(),
        numbers,
        next: 0,
        bridged: 0,
        loud,
    };
    println!("{{\"event\":\"ready\",\"sip\":\"{at}\"}}");
    driver.run(&woken);
    println!(
        "{{\"event\":\"stopped\",\"bridged\":{},\"legs\":{},\"stats\":\"{:?}\"}}",
        driver.bridged,
        driver.legs.len(),
        driver.endpoint.stats()
    );
    Ok(())
}
