//! What a packet costs inside a session, without sockets: one JSON row per case.
//! `cargo bench -p media --bench session`
use media::codec::Codec;
use media::player::Prompt;
use media::recording::RecordSink;
use media::rtp::{self, Header, PACKET_BYTES_MAX};
use media::session::{Channel, Command, Event, LegId, Output, Play, RtpConfig, Session, SessionConfig};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

const A: LegId = LegId(1);
const B: LegId = LegId(2);
const CALLS: usize = 100;
const SECONDS: u64 = 20;

#[derive(Default)]
struct Counting {
    packets: u64,
    bytes: u64,
}

impl Output for Counting {
    fn send_rtp(&mut self, _: LegId, _: Channel, _: SocketAddr, packet: &[u8]) {
        self.packets += 1;
        self.bytes += packet.len() as u64;
    }
    fn send_web(&mut self, _: LegId, _: SocketAddr, _: &[u8]) {}
    fn latched(&mut self, _: LegId, _: Channel, _: Option<SocketAddr>) {}
    fn event(&mut self, _: Event) {}
}

struct Shelf(u64);
impl RecordSink for Shelf {
    fn write(&mut self, chunk: bytes::Bytes) -> bool {
        self.0 += chunk.len() as u64;
        true
    }
}

fn peer(leg: LegId) -> SocketAddr {
    SocketAddr::from(([192, 0, 2, leg.0 as u8], 4000))
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn now() -> Instant {
    Instant::now()
}

/// CPU time of this thread: other work on the machine does not count.
fn cpu_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(stat.split(' ').next().and_then(|n| n.parse().ok()).unwrap_or(0))
}

fn sessions(case: &str, epoch: Instant, out: &mut Counting) -> Vec<Session> {
    let prompt = Prompt::from_pcm(&[1000; 8000 * 12], 8000).expect("a prompt");
    prompt.prepare(Codec::Pcmu);
    let prompt = Arc::new(prompt);
    let make = |i: usize| {
        let config = SessionConfig { seed: i as u64, epoch, phase: i as u32 % 10, unix_at_epoch: Duration::ZERO, cname: "bench".into() };
        let mut session = Session::new(config, epoch);
        let other = if case == "transcode" { Codec::Pcma } else { Codec::Pcmu };
        session.add_rtp(epoch, A, RtpConfig::g711(Codec::Pcmu, Some(peer(A))), out);
        if case == "prompt" {
            let play = Play { prompts: vec![prompt.clone()], repeat: true, interruptible: false, token: 0 };
            session.command(epoch, Command::Play { leg: A, play }, out);
            return session;
        }
        session.add_rtp(epoch, B, RtpConfig::g711(other, Some(peer(B))), out);
        session.command(epoch, Command::Bridge { a: A, b: B }, out);
        if case == "record" {
            session.command(epoch, Command::RecordStart { customer: A, sink: Box::new(Shelf(0)), token: 0 }, out);
        }
        session
    };
    (0..CALLS).map(make).collect()
}

fn run(case: &str) {
    let epoch = now();
    let mut out = Counting::default();
    let mut sessions = sessions(case, epoch, &mut out);
    let legs: &[LegId] = if case == "prompt" { &[A] } else { &[A, B] };
    let mut buffer = [0; PACKET_BYTES_MAX];
    let started = cpu_time();
    let mut packets_in = 0u64;
    for frame in 0..SECONDS * 50 {
        let at = epoch + Duration::from_millis(frame * 20);
        for session in &mut sessions {
            for leg in legs {
                let payload_type = if case == "transcode" && *leg == B { 8 } else { 0 };
                let header = Header { payload_type, marker: false, sequence: frame as u16, timestamp: frame as u32 * 160, ssrc: leg.0 };
                let len = rtp::write(&header, &[0x31; 160], &mut buffer).len();
                session.handle_rtp(at, *leg, Channel::Rtp, peer(*leg), &mut buffer[..len], &mut out);
                packets_in += 1;
            }
            let end = at + Duration::from_millis(19);
            while session.next_timeout() <= end {
                let due = session.next_timeout();
                session.handle_timeout(due, &mut out);
            }
        }
    }
    let spent = cpu_time() - started;
    let call_seconds = (CALLS as u64 * SECONDS) as f64;
    println!(
        "{{\"bench\":\"session\",\"case\":\"{case}\",\"calls\":{CALLS},\"us_per_call_second\":{:.2},\"ns_per_packet_in\":{:.0},\"packets_in\":{packets_in},\"packets_out\":{}}}",
        spent.as_secs_f64() * 1e6 / call_seconds,
        spent.as_nanos() as f64 / packets_in as f64,
        out.packets
    );
}

fn main() {
    for case in ["relay", "record", "prompt", "transcode"] {
        run(case);
    }
}
