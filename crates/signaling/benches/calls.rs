//! Set-ups of a bridged call in memory: A → endpoint → B, with ring, answer, ACK and BYE, no sockets. Prints one JSON row a figure.
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
use bytes::Bytes;
use signaling::*;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Instant;

const SDP: &[u8] = b"v=0\r\no=- 1 1 IN IP4 127.0.0.2\r\ns=-\r\nc=IN IP4 127.0.0.2\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8 0 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\n";

struct Peer {
    endpoint: Endpoint,
    addr: SocketAddr,
    busy: std::time::Duration,
}

fn peer(host: u8, seed: u8) -> Peer {
    let addr = SocketAddr::from(([127, 0, 0, host], 5060));
    let mut config = EndpointConfig::new(vec![SocketConfig { transport: Transport::Udp, advertised: addr }], "bench");
    config.trusted = vec![TrustedSource { net: Cidr { addr: addr.ip(), prefix: 8 }, tag: 1 }];
    config.limits.dialogs_max = 1_000_000;
    config.limits.transactions_max = 4_000_000;
    Peer { endpoint: Endpoint::new(config, [seed; 32]), addr, busy: Default::default() }
}

fn uri(text: &str) -> Uri {
    Uri::parse(text).expect("a URI of this file")
}

/// What the application of each side does with an event.
fn react(
    index: usize,
    event: Event,
    legs: &mut std::collections::HashMap<DialogKey, DialogKey>,
    next: &mut u64,
    peers: &[SocketAddr; 3],
) -> Vec<Command> {
    let answer = |key| Command::Answer { key, answer: Answer { sdp: Some(Bytes::from_static(SDP)), headers: vec![] } };
    match (index, event) {
        // The bridge: a call in becomes a call out, and each side's progress is passed to the other.
        (1, Event::IncomingInvite(call)) => {
            *next += 1;
            let out = DialogKey(*next);
            legs.insert(out, call.key);
            legs.insert(call.key, out);
            let mut invite = Invite::new(
                out,
                Target::udp(peers[2]),
                uri("sip:agent@127.0.0.3"),
                Party::new(call.from.uri.clone()),
                Party::new(uri("sip:agent@127.0.0.3")),
            );
            invite.sdp = Some(Bytes::from_static(SDP));
            vec![Command::Invite(Box::new(invite))]
        }
        (1, Event::Provisional { key, status, .. }) => vec![Command::Provisional { key: legs[&key], status, sdp: None, headers: vec![] }],
        (1, Event::Answered { key, .. }) => vec![answer(legs[&key])],
        (1, Event::Ended { key, .. }) => match legs.remove(&key) {
            Some(other) if legs.remove(&other).is_some() => vec![Command::Bye { key: other, reason: None }],
            _ => vec![],
        },
        (2, Event::IncomingInvite(call)) => {
            vec![Command::Provisional { key: call.key, status: 180, sdp: None, headers: vec![] }, answer(call.key)]
        }
        (0, Event::Answered { key, .. }) => vec![Command::Bye { key, reason: None }],
        _ => vec![],
    }
}

fn run(calls: u64, per_second: u64) -> (f64, f64, usize) {
    let mut peers = [peer(2, 1), peer(1, 2), peer(3, 3)];
    let addrs = [peers[0].addr, peers[1].addr, peers[2].addr];
    let mut legs = std::collections::HashMap::new();
    let (mut next, mut ended, mut kept) = (0u64, 0u64, 0usize);
    let mut flying: VecDeque<(usize, SocketAddr, Bytes)> = VecDeque::new();
    let begin = Instant::now();
    for n in 0..calls {
        let now = Time(n * 1_000_000 / per_second);
        let mut invite = Invite::new(
            DialogKey(n + 1),
            Target::udp(addrs[1]),
            uri("sip:1000@127.0.0.1"),
            Party::new(uri("sip:caller@127.0.0.2")),
            Party::new(uri("sip:1000@127.0.0.1")),
        );
        invite.sdp = Some(Bytes::from_static(SDP));
        peers[0].endpoint.command(now, Command::Invite(Box::new(invite))).expect("below every limit");
        for i in 0..3 {
            drain(&mut peers, i, now, &mut flying, &mut legs, &mut next, &mut ended, &addrs);
        }
        while let Some((to, from, bytes)) = flying.pop_front() {
            let start = Instant::now();
            peers[to].endpoint.handle_input(now, Input::Datagram { socket: 0, peer: from, bytes });
            drain(&mut peers, to, now, &mut flying, &mut legs, &mut next, &mut ended, &addrs);
            peers[to].busy += start.elapsed();
        }
        if n % 16 == 0 {
            for i in 0..3 {
                let start = Instant::now();
                peers[i].endpoint.handle_input(now, Input::Timeout);
                drain(&mut peers, i, now, &mut flying, &mut legs, &mut next, &mut ended, &addrs);
                peers[i].busy += start.elapsed();
            }
        }
        kept = kept.max(peers[1].endpoint.stats().transactions);
    }
    assert_eq!(ended, calls * 2, "every leg of the bridge ended");
    (begin.elapsed().as_secs_f64(), peers[1].busy.as_secs_f64(), kept)
}

fn drain(
    peers: &mut [Peer; 3],
    i: usize,
    now: Time,
    flying: &mut VecDeque<(usize, SocketAddr, Bytes)>,
    legs: &mut std::collections::HashMap<DialogKey, DialogKey>,
    next: &mut u64,
    ended: &mut u64,
    addrs: &[SocketAddr; 3],
) {
    while let Some(output) = peers[i].endpoint.poll_output() {
        match output {
            Output::SendDatagram { peer, bytes, .. } => {
                let to = addrs.iter().position(|a| *a == peer).expect("one of the three");
                flying.push_back((to, peers[i].addr, bytes));
            }
            Output::Event(event) => {
                if i == 1 && matches!(event, Event::Ended { .. }) {
                    *ended += 1;
                }
                for command in react(i, event, legs, next, addrs) {
                    peers[i].endpoint.command(now, command).expect("the leg is there");
                }
            }
            _ => {}
        }
    }
}

fn main() {
    let calls: u64 = std::env::args().nth(1).and_then(|a| a.parse().ok()).unwrap_or(20_000);
    for per_second in [200, 1_000] {
        let (wall_s, busy_s, transactions) = run(calls, per_second);
        println!(
            "{{\"bench\":\"bridged_call_setup\",\"calls\":{calls},\"rate\":{per_second},\"bridge_us_per_call\":{:.1},\"bridge_calls_per_s_per_core\":{:.0},\"wall_s\":{wall_s:.2},\"transactions_max\":{transactions}}}",
            busy_s * 1e6 / calls as f64,
            calls as f64 / busy_s
        );
    }
}
