//! Workers with real sockets on loopback. Every wait is for an event or a datagram and has an end.
use super::*;
use bytes::Bytes;
use media::codec::Codec;
use media::player::Prompt;
use media::recording::RecordSink;
use media::rtp::{self, Header, PACKET_BYTES_MAX};
use media::session::{Command, Event, LegId, Play, RtpConfig};
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

const WAIT: Duration = Duration::from_secs(10);
const A: LegId = LegId(1);
const B: LegId = LegId(2);

fn start(ports: (u16, u16)) -> Media {
    Media::start(MediaConfig { workers: 1, rtp_ports: ports, ..MediaConfig::default() }).unwrap()
}

/// A session with phone legs and the phones at their other ends.
struct Call {
    session: SessionHandle,
    events: mpsc::Receiver<Event>,
    phones: Vec<Phone>,
}

struct Phone {
    socket: UdpSocket,
    to: SocketAddr,
    header: Header,
}

impl Phone {
    fn send(&mut self) {
        self.header.sequence = self.header.sequence.wrapping_add(1);
        self.header.timestamp = self.header.timestamp.wrapping_add(160);
        let mut buffer = [0; PACKET_BYTES_MAX];
        self.socket.send_to(rtp::write(&self.header, &[0x21; 160], &mut buffer), self.to).unwrap();
    }

    fn receive(&self) -> (Header, Vec<u8>) {
        let mut buffer = [0; PACKET_BYTES_MAX];
        let n = self.socket.recv(&mut buffer).unwrap();
        let parsed = rtp::parse(&buffer[..n]).unwrap();
        (parsed.header, parsed.payload(&buffer[..n]).to_vec())
    }
}

fn call(media: &Media, legs: &[LegId]) -> Call {
    let handle = media.handle();
    let (sender, events) = mpsc::channel(EVENT_QUEUE_LEN);
    let session = handle.open(sender).unwrap();
    let mut phones = Vec::new();
    for leg in legs {
        let sockets = handle.take_ports().unwrap();
        let to = SocketAddr::new(handle.public_ip(), sockets.port());
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_read_timeout(Some(WAIT)).unwrap();
        session.add_rtp(*leg, sockets, RtpConfig::g711(Codec::Pcmu, Some(socket.local_addr().unwrap()))).unwrap();
        phones.push(Phone { socket, to, header: Header { ssrc: leg.0 + 70, ..Header::default() } });
    }
    Call { session, events, phones }
}

impl Call {
    async fn event(&mut self) -> Option<Event> {
        tokio::time::timeout(WAIT, self.events.recv()).await.expect("an event in time")
    }

    async fn until(&mut self, wanted: impl Fn(&Event) -> bool) -> Event {
        loop {
            let event = self.event().await.expect("session is open");
            if wanted(&event) {
                return event;
            }
        }
    }

    /// Ends the session and waits until the worker has let go of it.
    async fn end(self) -> Vec<Event> {
        let Call { session, mut events, .. } = self;
        drop(session);
        let mut rest = Vec::new();
        while let Some(event) = tokio::time::timeout(WAIT, events.recv()).await.expect("the end in time") {
            rest.push(event);
        }
        rest
    }
}

fn assert_idle(media: &Media) {
    let s = media.handle().stats();
    assert_eq!((s.sessions, s.rtp_legs, s.web_legs, s.sockets, s.recordings, s.port_pairs), (0, 0, 0, 0, 0, 0), "{s:?}");
}

#[tokio::test]
async fn a_bridge_relays_both_ways_and_leaves_nothing() {
    let media = start((41_000, 41_099));
    let mut call = call(&media, &[A, B]);
    call.session.command(Command::Bridge { a: A, b: B }).unwrap();
    for _ in 0..20 {
        for (from, to) in [(0, 1), (1, 0)] {
            call.phones[from].send();
            let (header, payload) = call.phones[to].receive();
            assert_eq!((payload.len(), header.payload_type), (160, 0));
        }
    }
    let (first, _) = {
        call.phones[0].send();
        call.phones[1].receive()
    };
    assert_ne!(first.ssrc, call.phones[0].header.ssrc, "our own SSRC");
    call.until(|e| matches!(e, Event::RtpStarted { leg: B })).await;
    let stats = media.handle().stats();
    assert_eq!((stats.sessions, stats.rtp_legs, stats.sockets, stats.port_pairs), (1, 2, 4, 2));
    let last = call.end().await;
    assert_eq!(last.iter().filter(|e| matches!(e, Event::LegStats { last: true, stats, .. } if stats.packets_in >= 20)).count(), 2);
    assert_idle(&media);
    assert!(media.handle().stats().packets_in >= 41);
}

#[tokio::test]
async fn a_prompt_comes_at_its_pace_and_its_end_is_told() {
    let media = start((41_100, 41_199));
    let mut call = call(&media, &[A]);
    let prompt = Prompt::silence(400);
    prompt.prepare(Codec::Pcmu);
    let play = Play { prompts: vec![Arc::new(prompt)], repeat: false, interruptible: false, token: 77 };
    call.session.command(Command::Play { leg: A, play }).unwrap();
    let first = call.phones[0].receive().0;
    for n in 1..20u16 {
        let header = call.phones[0].receive().0;
        assert_eq!(header.sequence, first.sequence.wrapping_add(n));
        assert_eq!(header.ssrc, first.ssrc);
    }
    call.until(|e| matches!(e, Event::PlaybackDone { token: 77, interrupted: false, .. })).await;
    call.end().await;
    assert_idle(&media);
    assert!(media.handle().stats().ticks >= 20);
}

struct Exploding;
impl RecordSink for Exploding {
    fn write(&mut self, _: Bytes) -> bool {
        panic!("on purpose");
    }
}

#[tokio::test]
async fn a_panic_ends_its_session_and_no_other() {
    let media = start((41_200, 41_299));
    let mut bad = call(&media, &[A]);
    let mut good = call(&media, &[A, B]);
    good.session.command(Command::Bridge { a: A, b: B }).unwrap();
    bad.phones[0].send();
    bad.until(|e| matches!(e, Event::RtpStarted { .. })).await;
    bad.session.command(Command::RecordStart { customer: A, sink: Box::new(Exploding), token: 0 }).unwrap();
    bad.until(|e| matches!(e, Event::Failed { legs } if legs[..] == [A])).await;
    good.phones[0].send();
    good.phones[1].receive();
    assert_eq!(media.handle().stats().sessions_failed, 1);
    bad.end().await;
    good.end().await;
    assert_idle(&media);
}

#[tokio::test]
async fn a_stranger_is_not_heard_and_a_moved_phone_is_found_again() {
    let media = start((41_300, 41_399));
    let mut call = call(&media, &[A, B]);
    call.session.command(Command::Bridge { a: A, b: B }).unwrap();
    call.phones[0].send();
    call.phones[1].receive();
    let stranger = UdpSocket::bind("127.0.0.1:0").unwrap();
    let mut buffer = [0; PACKET_BYTES_MAX];
    let fake = rtp::write(&Header { ssrc: 666, ..Header::default() }, &[0x66; 160], &mut buffer).to_vec();
    for _ in 0..10 {
        stranger.send_to(&fake, call.phones[0].to).unwrap();
        call.phones[0].send();
        assert_eq!(call.phones[1].receive().1[0], 0x21);
    }
    // The phone's NAT gives it another port; after two seconds of silence it is believed there.
    let moved = UdpSocket::bind("127.0.0.1:0").unwrap();
    moved.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    call.phones[0].socket = moved;
    let mut buffer = [0; PACKET_BYTES_MAX];
    let found = (0..100).any(|_| {
        call.phones[0].send();
        call.phones[1].send();
        call.phones[0].socket.recv(&mut buffer).is_ok()
    });
    assert!(found, "the moved phone hears again");
    call.end().await;
    assert_idle(&media);
}

#[tokio::test]
async fn ports_run_out_with_an_error_and_come_back() {
    let media = start((41_400, 41_403));
    let handle = media.handle();
    let (a, b) = (handle.take_ports().unwrap(), handle.take_ports().unwrap());
    assert_eq!((a.port() % 2, b.port() % 2), (0, 0));
    assert!(matches!(handle.take_ports(), Err(MediaError::NoPorts(41_400, 41_403))));
    drop(a);
    assert!(handle.take_ports().is_ok());
    drop(b);
    assert_idle(&media);
}

#[tokio::test]
async fn limits_are_errors() {
    let config = MediaConfig { workers: 2, sessions_max: 2, rtp_ports: (41_500, 41_599), ..MediaConfig::default() };
    let media = Media::start(config).unwrap();
    let handle = media.handle();
    let (sender, _events) = mpsc::channel(8);
    let sessions = [handle.open(sender.clone()).unwrap(), handle.open(sender.clone()).unwrap()];
    assert!(matches!(handle.open(sender.clone()), Err(MediaError::TooManySessions)));
    assert!(matches!(sessions[0].add_web(A, "not sdp", Codec::Pcmu), Err(MediaError::Offer(_))));
    drop(media);
    assert!(matches!(sessions[1].command(Command::RecordStop), Err(MediaError::Stopped)));
    assert!(matches!(handle.open(sender), Err(MediaError::TooManySessions | MediaError::Stopped)));
}
