//! A small SIP telephone of our own: the demo's customers and the outside world are made of it, and the tests call with it.
//! It is a real user agent on real sockets; nothing in the engine knows it from any other phone.
mod rtp;

pub use rtp::{SAMPLE_RATE_HZ, Sound};

use crate::clock::Clock;
use bytes::Bytes;
use rtp::{Line, LineOrder};
use signaling::sdp::{self, Codec, Direction, LocalAudio, Sdp};
use signaling::{
    Answer, Command, Credentials, DialogKey, Endpoint, EndpointConfig, Event, Invite, Output, Party, Register, RequestKey, SocketConfig,
    Target, Time, Transport, UnknownSource, Uri,
};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::UdpSocket;
use tokio::sync::mpsc;

/// Orders and news waiting in line.
const QUEUE_LEN: usize = 1024;
const DATAGRAM_BYTES_MAX: usize = 65_535;
const REGISTER_EXPIRES_S: u32 = 600;

/// Names one call of a phone.
pub type CallKey = u64;

#[derive(Debug, Clone)]
pub enum PhoneOrder {
    /// Registers `user` (digest password) at `registrar` and keeps it alive.
    Register {
        registrar: SocketAddr,
        user: String,
        password: String,
    },
    Unregister,
    /// Calls `number` at `server`, showing `from`. `call` is chosen by the caller, below 2^62.
    Call {
        call: CallKey,
        server: SocketAddr,
        number: String,
        from: String,
    },
    /// 180 to an incoming call.
    Ring {
        call: CallKey,
    },
    Answer {
        call: CallKey,
    },
    Reject {
        call: CallKey,
        status: u16,
    },
    HangUp {
        call: CallKey,
    },
    /// Puts the other side on hold by re-INVITE, or takes it back.
    Hold {
        call: CallKey,
        on: bool,
    },
    /// A digit by SIP INFO.
    Info {
        call: CallKey,
        digit: char,
    },
    /// What the phone's microphone hears from now on.
    Say {
        call: CallKey,
        sound: Sound,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub enum PhoneNews {
    Registered,
    NotRegistered {
        status: u16,
    },
    Incoming {
        call: CallKey,
        number: String,
        from: String,
    },
    Ringing {
        call: CallKey,
        status: u16,
    },
    Up {
        call: CallKey,
    },
    Down {
        call: CallKey,
        status: u16,
    },
    /// A spoken sound came to its end.
    Spoken {
        call: CallKey,
    },
    Digit {
        call: CallKey,
        digit: char,
    },
    Held {
        call: CallKey,
        on: bool,
    },
}

/// The handle of a running phone; dropping it ends the phone and its calls.
#[derive(Debug)]
pub struct Phone {
    pub addr: SocketAddr,
    orders: mpsc::Sender<PhoneOrder>,
}

impl Phone {
    /// Binds `local` (port 0: any) and starts the phone on the current runtime. `codecs`: what it offers and takes, best first;
    /// `telephone_event`: whether it knows RFC 4733.
    ///
    /// # Errors
    /// The address cannot be bound.
    pub async fn start(
        local: SocketAddr,
        codecs: Vec<Codec>,
        telephone_event: bool,
        clock: Clock,
        seed: [u8; 32],
    ) -> std::io::Result<(Phone, mpsc::Receiver<PhoneNews>)> {
        let udp = Arc::new(UdpSocket::bind(local).await?);
        let addr = udp.local_addr()?;
        let mut config = EndpointConfig::new(vec![SocketConfig { transport: Transport::Udp, advertised: addr }], "phone");
        config.unknown_source = UnknownSource::Accept;
        let (orders, order_queue) = mpsc::channel(QUEUE_LEN);
        let (news, news_queue) = mpsc::channel(QUEUE_LEN);
        let (lines, line_news) = mpsc::channel(QUEUE_LEN);
        let task = Task {
            endpoint: Endpoint::new(config, seed),
            udp,
            addr,
            codecs,
            telephone_event,
            clock,
            origin: clock.now(),
            calls: HashMap::new(),
            registration: None,
            news,
            lines,
            sessions: 0,
        };
        tokio::spawn(task.run(order_queue, line_news));
        Ok((Phone { addr, orders }, news_queue))
    }

    /// False when the phone is gone or its queue is full.
    pub fn order(&self, order: PhoneOrder) -> bool {
        self.orders.try_send(order).is_ok()
    }
}

struct PhoneCall {
    key: DialogKey,
    /// Kept to answer with.
    offer: Option<Sdp>,
    local: Option<LocalAudio>,
    line: Option<Line>,
    incoming: bool,
    answered: bool,
}

struct Task {
    endpoint: Endpoint,
    udp: Arc<UdpSocket>,
    addr: SocketAddr,
    codecs: Vec<Codec>,
    telephone_event: bool,
    clock: Clock,
    origin: domain::Timestamp,
    calls: HashMap<CallKey, PhoneCall>,
    registration: Option<RequestKey>,
    news: mpsc::Sender<PhoneNews>,
    lines: mpsc::Sender<(CallKey, rtp::LineNews)>,
    sessions: u64,
}

impl Task {
    async fn run(mut self, mut orders: mpsc::Receiver<PhoneOrder>, mut lines: mpsc::Receiver<(CallKey, rtp::LineNews)>) {
        let mut buffer = vec![0u8; DATAGRAM_BYTES_MAX];
        let udp = self.udp.clone();
        loop {
            let wake = self.endpoint.poll_timeout().map(|(at, _)| self.clock.instant_of(domain::Timestamp(self.origin.0 + at.0 as i64)));
            let sleep = async {
                match wake {
                    Some(at) => tokio::time::sleep_until(at.into()).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                got = udp.recv_from(&mut buffer) => if let Ok((len, peer)) = got {
                    let bytes = Bytes::copy_from_slice(&buffer[..len]);
                    let now = self.time();
                    self.endpoint.handle_input(now, signaling::Input::Datagram { socket: 0, peer, bytes });
                },
                order = orders.recv() => match order {
                    Some(order) => self.order(order).await,
                    None => break,
                },
                Some((call, news)) = lines.recv() => self.tell(match news {
                    rtp::LineNews::Spoken => PhoneNews::Spoken { call },
                    rtp::LineNews::Digit(digit) => PhoneNews::Digit { call, digit },
                }),
                () = sleep => {
                    let now = self.time();
                    self.endpoint.handle_input(now, signaling::Input::Timeout);
                }
            }
            self.drain().await;
        }
        let keys: Vec<CallKey> = self.calls.keys().copied().collect();
        for call in keys {
            self.order(PhoneOrder::HangUp { call }).await;
        }
        self.drain().await;
    }

    fn time(&self) -> Time {
        Time((self.clock.now().0 - self.origin.0).max(0) as u64)
    }

    fn tell(&self, news: PhoneNews) {
        // A listener that lags or is gone misses news; the calls go on.
        let _ = self.news.try_send(news);
    }

    fn sip(&mut self, command: Command) {
        let now = self.time();
        if let Err(error) = self.endpoint.command(now, command) {
            tracing::debug!(%error, "phone order refused");
        }
    }

    async fn drain(&mut self) {
        while let Some(output) = self.endpoint.poll_output() {
            match output {
                Output::SendDatagram { peer, bytes, .. } => {
                    // Lost datagrams are sent again by SIP itself.
                    let _ = self.udp.send_to(&bytes, peer).await;
                }
                Output::Event(event) => self.event(event).await,
                _ => {}
            }
        }
    }

    async fn order(&mut self, order: PhoneOrder) {
        match order {
            PhoneOrder::Register { registrar, user, password } => self.register(registrar, user, password),
            PhoneOrder::Unregister => {
                if let Some(key) = self.registration.take() {
                    self.sip(Command::Unregister { key });
                }
            }
            PhoneOrder::Call { call, server, number, from } => self.call(call, server, &number, &from).await,
            PhoneOrder::Ring { call } => {
                if let Some(key) = self.calls.get(&call).map(|c| c.key) {
                    self.sip(Command::Provisional { key, status: 180, sdp: None, headers: Vec::new() });
                }
            }
            PhoneOrder::Answer { call } => self.answer(call).await,
            PhoneOrder::Reject { call, status } => {
                if let Some(key) = self.calls.get(&call).map(|c| c.key) {
                    self.sip(Command::Reject { key, status, reason: None, headers: Vec::new() });
                }
            }
            PhoneOrder::HangUp { call } => {
                if let Some(key) = self.calls.get(&call).map(|c| c.key) {
                    self.sip(Command::Bye { key, reason: None });
                }
            }
            PhoneOrder::Hold { call, on } => self.hold(call, on),
            PhoneOrder::Info { call, digit } => {
                if let Some(key) = self.calls.get(&call).map(|c| c.key) {
                    let body = signaling::dtmf::relay_body(signaling::dtmf::Digit { digit, duration_ms: 160 });
                    self.sip(Command::Info { key, content_type: signaling::dtmf::RELAY_TYPE.into(), body });
                }
            }
            PhoneOrder::Say { call, sound } => {
                if let Some(line) = self.calls.get(&call).and_then(|c| c.line.as_ref()) {
                    line.order(LineOrder::Say(sound));
                }
            }
        }
    }

    fn register(&mut self, registrar: SocketAddr, user: String, password: String) {
        let host = registrar.ip().to_string();
        let (Some(server), Some(aor)) = (Uri::sip("", &host, None), Uri::sip(&user, &host, None)) else { return };
        let key = RequestKey(1);
        self.registration = Some(key);
        let credentials = Some(Credentials { username: user.clone(), password });
        self.sip(Command::Register(Box::new(Register {
            key,
            target: Target::udp(registrar),
            registrar: server,
            aor: Party::new(aor),
            contact_user: user,
            credentials,
            expires_s: REGISTER_EXPIRES_S,
        })));
    }

    async fn call(&mut self, call: CallKey, server: SocketAddr, number: &str, from: &str) {
        let (host, own) = (server.ip().to_string(), self.addr.ip().to_string());
        let (Some(to), Some(from)) = (Uri::sip(number, &host, Some(server.port())), Uri::sip(from, &own, None)) else {
            return self.tell(PhoneNews::Down { call, status: 484 });
        };
        let Ok((line, local)) = self.line(call).await else { return self.tell(PhoneNews::Down { call, status: 500 }) };
        let key = DialogKey(call);
        let mut invite = Invite::new(key, Target::udp(server), to.clone(), Party::new(from), Party::new(to));
        invite.sdp = Some(sdp::offer(&local));
        self.calls.insert(call, PhoneCall { key, offer: None, local: Some(local), line: Some(line), incoming: false, answered: false });
        self.sip(Command::Invite(Box::new(invite)));
    }

    async fn line(&mut self, call: CallKey) -> std::io::Result<(Line, LocalAudio)> {
        let line = Line::open(call, self.addr.ip(), self.clock, self.lines.clone()).await?;
        self.sessions += 1;
        let mut local = LocalAudio::new(line.addr, self.sessions);
        local.codecs.clone_from(&self.codecs);
        local.dtmf = self.telephone_event;
        Ok((line, local))
    }

    async fn answer(&mut self, call: CallKey) {
        let Some(c) = self.calls.get(&call) else { return };
        let (key, Some(offer)) = (c.key, c.offer.clone()) else { return };
        let Ok((line, local)) = self.line(call).await else { return };
        match sdp::answer(&offer, &local) {
            Ok((body, agreed)) => {
                line.order(LineOrder::Agree(agreed));
                if let Some(c) = self.calls.get_mut(&call) {
                    (c.line, c.local, c.answered) = (Some(line), Some(local), true);
                }
                self.sip(Command::Answer { key, answer: Answer { sdp: Some(body), headers: Vec::new() } });
                self.tell(PhoneNews::Up { call });
            }
            Err(_) => self.sip(Command::Reject { key, status: 488, reason: None, headers: Vec::new() }),
        }
    }

    fn hold(&mut self, call: CallKey, on: bool) {
        let Some(c) = self.calls.get_mut(&call) else { return };
        let (key, Some(local)) = (c.key, c.local.as_mut()) else { return };
        local.version += 1;
        local.direction = if on { Direction::SendOnly } else { Direction::SendRecv };
        let sdp = sdp::offer(local);
        self.sip(Command::ReInvite { key, sdp });
    }

    fn call_of(&self, key: DialogKey) -> Option<CallKey> {
        self.calls.iter().find(|(_, c)| c.key == key).map(|(call, _)| *call)
    }

    fn agree(&mut self, call: CallKey, body: Option<&Bytes>) {
        let Some(c) = self.calls.get(&call) else { return };
        if let (Some(body), Some(local), Some(line)) = (body, &c.local, &c.line)
            && let Ok(agreed) = Sdp::parse(body).and_then(|answer| sdp::accept(&answer, local))
        {
            line.order(LineOrder::Agree(agreed));
        }
    }

    async fn event(&mut self, event: Event) {
        match event {
            Event::IncomingInvite(invite) => {
                // Incoming keys keep their mark in the call's number, so the two kinds never meet.
                let call = invite.key.0;
                let offer = invite.sdp.as_ref().and_then(|b| Sdp::parse(b).ok());
                self.calls.insert(call, PhoneCall { key: invite.key, offer, local: None, line: None, incoming: true, answered: false });
                self.tell(PhoneNews::Incoming { call, number: invite.request_uri.user_decoded(), from: invite.from.uri.user_decoded() });
            }
            Event::Provisional { key, status, sdp } => {
                if let Some(call) = self.call_of(key) {
                    self.agree(call, sdp.as_ref());
                    self.tell(PhoneNews::Ringing { call, status });
                }
            }
            Event::Answered { key, sdp } => {
                if let Some(call) = self.call_of(key) {
                    self.agree(call, sdp.as_ref());
                    self.tell(PhoneNews::Up { call });
                }
            }
            Event::ReInvite { key, sdp } => self.reinvited(key, sdp),
            Event::ReInviteResult { key, status: 200..=299, sdp } => {
                if let Some(call) = self.call_of(key) {
                    self.agree(call, sdp.as_ref());
                    let on = self.calls.get(&call).and_then(|c| c.local.as_ref()).is_some_and(|l| l.direction == Direction::SendOnly);
                    self.tell(PhoneNews::Held { call, on });
                }
            }
            Event::Failed { key, status, .. } => self.down(key, status),
            Event::Ended { key, status, .. } => self.down(key, status.unwrap_or(200)),
            Event::Registered { .. } => self.tell(PhoneNews::Registered),
            Event::RegistrationFailed { status, .. } => self.tell(PhoneNews::NotRegistered { status }),
            Event::Refer(refer) => self.sip(Command::RejectRefer { key: refer.key, status: 603 }),
            _ => {}
        }
    }

    fn reinvited(&mut self, key: DialogKey, body: Option<Bytes>) {
        let Some(call) = self.call_of(key) else { return };
        let Some(c) = self.calls.get_mut(&call) else { return };
        let answer = match (&mut c.local, body.as_ref().and_then(|b| Sdp::parse(b).ok())) {
            (Some(local), Some(offer)) => {
                local.version += 1;
                sdp::answer(&offer, local).ok()
            }
            _ => None,
        };
        match answer {
            Some((body, agreed)) => {
                if let Some(line) = &c.line {
                    line.order(LineOrder::Agree(agreed));
                }
                self.sip(Command::AnswerReInvite { key, answer: Answer { sdp: Some(body), headers: Vec::new() } });
            }
            None => self.sip(Command::RejectReInvite { key, status: 488 }),
        }
    }

    fn down(&mut self, key: DialogKey, status: u16) {
        if let Some(call) = self.call_of(key) {
            if let Some(c) = self.calls.remove(&call) {
                tracing::trace!(call, status, incoming = c.incoming, answered = c.answered, "phone call over");
            }
            self.tell(PhoneNews::Down { call, status });
        }
    }
}
