//! Broken input: at least a million mutated messages through parser, SDP, framing and endpoint, without a panic.
use crate::net::*;
use crate::torture;
use bytes::Bytes;
use proptest::prelude::*;
use signaling::*;

/// Every message of a rich call, and the torture messages.
fn corpus() -> Vec<Vec<u8>> {
    let mut net = Net::new(2, 77);
    let key = connect(&mut net);
    net.command(0, Command::ReInvite { key: DialogKey(1), sdp: Bytes::from_static(OFFER) });
    net.until(1, "re-INVITE", |e| matches!(e, Event::ReInvite { .. }).then_some(()));
    net.command(1, Command::AnswerReInvite { key, answer: answer() });
    net.run_ms(1_000);
    net.command(
        0,
        Command::Info {
            key: DialogKey(1),
            content_type: dtmf::RELAY_TYPE.into(),
            body: Bytes::from_static(b"Signal=1\r\nDuration=100\r\n"),
        },
    );
    net.command(1, Command::Bye { key, reason: Some(Reason::q850(16)) });
    net.run_ms(1_000);
    let mut all: Vec<Vec<u8>> = net.nodes.iter().flat_map(|n| n.sent.iter().map(|b| b.to_vec())).collect();
    for (method, more) in [
        (
            "REGISTER",
            "Contact: <sip:1001@10.0.0.9>;expires=60\nAuthorization: Digest username=\"a\", realm=\"zhiyin.test\", nonce=\"x\", uri=\"sip:x\", response=\"y\", qop=auth, nc=00000001, cnonce=\"z\"\n",
        ),
        ("REFER", "Refer-To: <sip:a@b?Replaces=c%3Bto-tag%3Dd%3Bfrom-tag%3De>\n"),
        ("UPDATE", ""),
        ("CANCEL", ""),
        ("OPTIONS", ""),
    ] {
        all.push(crate::raw::request(method, 1, more).replace('\n', "\r\n").into_bytes());
    }
    let parts = "Content-Type: multipart/mixed;boundary=\"-b-\"\n\n---b-\nContent-Type: text/plain\n\nx\n---b-\nContent-Type: application/sdp\n\nv=0\n---b---\n";
    all.push(crate::raw::request("INVITE", 2, parts).replace('\n', "\r\n").into_bytes());
    all.extend(torture::corpus());
    all
}

const PIECES: [&[u8]; 22] = [
    b"\r\n",
    b"\n",
    b"\r\n ",
    b"\r",
    b"\0",
    b"\"",
    b"<",
    b">",
    b";",
    b",",
    b":",
    b"%",
    b"=",
    b" ",
    b"\xff\xfe",
    b"z9hG4bK",
    b"Content-Length: 18446744073709551615\r\n",
    b"4294967296",
    b"-1",
    b"[::",
    b"\\",
    b"\r\n\r\n",
];

fn mutate(message: &mut Vec<u8>, chance: &mut Chance, other: &[u8]) {
    for _ in 0..=chance.below(4) {
        let len = message.len() as u64;
        if len == 0 {
            return;
        }
        let at = chance.below(len) as usize;
        let to = (at + chance.below(40) as usize).min(message.len());
        match chance.below(7) {
            0 => message[at] = chance.next() as u8,
            1 => message[at] ^= 1 << chance.below(8),
            2 => drop(message.drain(at..to)),
            3 => {
                let piece = PIECES[chance.below(PIECES.len() as u64) as usize];
                message.splice(at..at, piece.iter().copied());
            }
            4 => {
                let copy = message[at..to].to_vec();
                message.splice(at..at, copy);
            }
            5 => message.truncate(at),
            _ => {
                let from = chance.below(other.len().max(1) as u64) as usize;
                let end = (from + 60).min(other.len());
                message.splice(at..to, other[from.min(end)..end].iter().copied());
            }
        }
    }
}

fn touch(message: &Message) {
    let _ =
        (message.cseq(), message.call_id(), message.sdp().map(|s| sdp::Sdp::parse(&s)), message.reason_header(), message.content_type());
    let _ = (message.from().and_then(|a| NameAddr::from_ref(&a)), message.contact(), message.top_via(), Uri::parse(message.request_uri()));
}

struct Victim {
    endpoint: Endpoint,
    now: Time,
    callees: Vec<DialogKey>,
}

impl Victim {
    fn new(seed: u8) -> Victim {
        let mut config = config(1);
        config.limits.transactions_max = 3_000;
        config.limits.dialogs_max = 1_000;
        config.unknown_source = UnknownSource::Accept;
        Victim { endpoint: Endpoint::new(config, [seed; 32]), now: Time::from_ms(1_000), callees: Vec::new() }
    }

    /// Everything out; calls are answered, rejected or left to ring, offers answered, transfers accepted.
    fn drain(&mut self, chance: &mut Chance) {
        while let Some(output) = self.endpoint.poll_output() {
            let Output::Event(event) = output else { continue };
            let command = match event {
                Event::IncomingInvite(i) => {
                    self.callees.push(i.key);
                    match chance.below(3) {
                        0 => Command::Answer { key: i.key, answer: answer() },
                        1 => Command::Reject { key: i.key, status: 486, reason: None, headers: vec![] },
                        _ => Command::Provisional { key: i.key, status: 180, sdp: None, headers: vec![] },
                    }
                }
                Event::ReInvite { key, .. } => Command::AnswerReInvite { key, answer: answer() },
                Event::Refer(r) => Command::AcceptRefer { key: r.key },
                _ => continue,
            };
            let _ = self.endpoint.command(self.now, command);
        }
    }
}

/// Sized for a minute on a slow, shared core with optimisation; a debug build does a twentieth.
const MUTATIONS: u64 = if cfg!(debug_assertions) { 50_000 } else { 1_000_000 };

#[test]
fn a_million_mutations() {
    let corpus = corpus();
    let mut chance = Chance::new(2026);
    let mut victim = Victim::new(1);
    let mut parsed = 0u64;
    let mut stream = 0u64;
    for i in 0..MUTATIONS {
        let mut message = corpus[chance.below(corpus.len() as u64) as usize].clone();
        let other = &corpus[chance.below(corpus.len() as u64) as usize];
        mutate(&mut message, &mut chance, other);
        let message = Bytes::from(message);
        if let Ok(m) = Message::parse(message.clone(), 256) {
            parsed += 1;
            touch(&m);
        }
        let peer = if i % 2 == 0 { addr(0) } else { addr(8) };
        if i % 8 == 0 {
            stream += 1;
            let conn = ConnId(stream);
            victim.endpoint.handle_input(victim.now, Input::StreamAccepted { conn, socket: 1, peer });
            for piece in message.chunks(1 + chance.below(200) as usize) {
                victim.endpoint.handle_input(victim.now, Input::StreamData { conn, bytes: Bytes::copy_from_slice(piece) });
            }
            victim.endpoint.handle_input(victim.now, Input::StreamClosed { conn });
        } else {
            victim.endpoint.handle_input(victim.now, Input::Datagram { socket: 0, peer, bytes: message });
        }
        victim.drain(&mut chance);
        if i % 64 == 0 {
            victim.now = victim.now.plus_ms(500);
            victim.endpoint.handle_input(victim.now, Input::Timeout);
            victim.drain(&mut chance);
        }
        if victim.callees.len() > 200 {
            for key in std::mem::take(&mut victim.callees) {
                let _ = victim.endpoint.command(victim.now, Command::Bye { key, reason: None });
            }
            victim.drain(&mut chance);
        }
    }
    assert!(parsed > MUTATIONS / 2, "the mutations must stay close enough to be read: {parsed}");
    for key in std::mem::take(&mut victim.callees) {
        let _ = victim.endpoint.command(victim.now, Command::Bye { key, reason: None });
    }
    for _ in 0..400 {
        victim.now = victim.now.plus_ms(1_000);
        victim.endpoint.handle_input(victim.now, Input::Timeout);
        victim.drain(&mut chance);
    }
    let stats = victim.endpoint.stats();
    assert_eq!((stats.dialogs, stats.transactions, stats.streams), (0, 0, 0), "{stats:?}");
}

/// The caller's side: mutated responses to a live INVITE.
#[test]
fn mutated_responses() {
    let mut chance = Chance::new(9);
    let mut victim = Victim::new(2);
    for round in 0..(MUTATIONS / 200) {
        let mut out = invite(round + 1, 8);
        out.credentials = Some(Credentials { username: "u".into(), password: "p".into() });
        if victim.endpoint.command(victim.now, Command::Invite(Box::new(out))).is_err() {
            victim.now = victim.now.plus_ms(40_000);
            victim.endpoint.handle_input(victim.now, Input::Timeout);
            victim.drain(&mut chance);
            continue;
        }
        let mut sent = Bytes::new();
        while let Some(output) = victim.endpoint.poll_output() {
            if let Output::SendDatagram { bytes, .. } = output {
                sent = bytes;
            }
        }
        let text = String::from_utf8_lossy(&sent).into_owned();
        let lines: Vec<&str> =
            text.split("\r\n").filter(|l| ["Via:", "From:", "To:", "Call-ID:", "CSeq:"].iter().any(|n| l.starts_with(n))).collect();
        for status in ["100", "183", "401", "200", "302", "486", "200"] {
            let more = "Contact: <sip:b@10.0.0.9>, <sip:c@d>\r\nRecord-Route: <sip:10.0.0.7;lr>\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\nReason: Q.850;cause=16\r\n";
            let mut response = format!("SIP/2.0 {status} X\r\n{}\r\n{more}\r\n", lines.join("\r\n")).into_bytes();
            if chance.percent(70) {
                mutate(&mut response, &mut chance, &sent);
            }
            victim.endpoint.handle_input(victim.now, Input::Datagram { socket: 0, peer: addr(8), bytes: response.into() });
            victim.drain(&mut chance);
        }
        let _ = victim.endpoint.command(victim.now, Command::Bye { key: DialogKey(round + 1), reason: None });
        victim.drain(&mut chance);
        victim.now = victim.now.plus_ms(100);
        victim.endpoint.handle_input(victim.now, Input::Timeout);
        victim.drain(&mut chance);
    }
    for _ in 0..400 {
        victim.now = victim.now.plus_ms(1_000);
        victim.endpoint.handle_input(victim.now, Input::Timeout);
        victim.drain(&mut chance);
    }
    assert_eq!(victim.endpoint.stats().transactions, 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = Message::parse(bytes.clone().into(), 256).map(|m| touch(&m));
        let _ = (sdp::Sdp::parse(&bytes), Uri::parse(&bytes), NameAddr::parse(&bytes), Reason::parse(&bytes), ViaRef::parse(&bytes));
        let mut framer = stream::Framer::new(500);
        framer.push(&bytes);
        while let Ok(Some(_)) = framer.next() {}
    }

    #[test]
    fn any_header_value(value in "[ -~\\r\\n]{0,80}", name in prop::sample::select(vec!["From", "To", "Via", "CSeq", "Contact", "Route", "Authorization", "Content-Length", "Content-Type", "Session-Expires", "Replaces"])) {
        let mut raw = crate::raw::Raw::new();
        let text = crate::raw::invite_text(1, &format!("{name}: {value}\n"));
        for message in raw.send(&text) {
            prop_assert!(Message::parse(message.into_bytes().into(), 256).is_ok(), "what goes out can be read");
        }
    }

    /// A URI that is written can be read, with the same user.
    #[test]
    fn users_survive(user in "\\PC{1,20}") {
        let uri = Uri::sip(&user, "example.com", Some(5060)).expect("escaped");
        prop_assert_eq!(Uri::parse(uri.as_str()).expect("readable").user_decoded(), user);
    }

    /// Whatever an answer says, negotiation gives a result or an error.
    #[test]
    fn any_sdp(lines in proptest::collection::vec("(c=IN IP[46] [0-9a-f.:]{0,12}|m=(audio|video) [0-9]{1,5} RTP/AVP( [0-9]{1,3}){0,4}|a=(rtpmap:[0-9]{1,3} (PCMA|pcmu|telephone-event|G722)/8000|sendonly|inactive|ptime:[0-9]{1,3}|rtcp:[0-9]{1,5}))", 0..12)) {
        let text = format!("v=0\r\n{}\r\n", lines.join("\r\n"));
        if let Ok(offer) = sdp::Sdp::parse(text.as_bytes()) {
            let local = sdp::LocalAudio::new(addr(0), 1);
            if let Ok((answer, agreed)) = sdp::answer(&offer, &local) {
                let back = sdp::Sdp::parse(&answer).expect("ours");
                prop_assert_eq!(back.media.len(), offer.media.len());
                prop_assert_eq!(back.media.iter().filter(|m| m.port != 0).count(), 1);
                prop_assert!(agreed.ptime_ms >= 10);
            }
        }
    }
}
