//! Registrations, both as server and as client, and who may call.
use crate::net::*;
use crate::raw::*;
use signaling::*;

fn strict() -> EndpointConfig {
    let mut config = config(0);
    config.trusted.clear();
    config
}

fn register_text(number: u32, call_id: &str, more: &str) -> String {
    format!(
        "REGISTER sip:zhiyin.test SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bK{call_id}{number};rport\nFrom: <sip:1001@zhiyin.test>;tag=r\nTo: <sip:1001@zhiyin.test>\nCall-ID: {call_id}\nCSeq: {number} REGISTER\nMax-Forwards: 70\n{more}\n"
    )
}

fn open() -> Raw {
    let mut config = config(0);
    config.unknown_source = UnknownSource::Accept;
    Raw::with(config)
}

/// One step of a table: what is sent, what comes back, how many bindings stand then.
#[test]
fn registrar_rows() {
    let rows: &[(u32, &str, &str, u16, usize)] = &[
        (1, "a", "", 200, 0),
        (2, "a", "Contact: <sip:1001@10.0.0.9>\nExpires: 600\n", 200, 1),
        (3, "a", "Contact: <sip:1001@10.0.0.9>;expires=300, <sip:1001@10.0.0.8:5070>;q=0.5\n", 200, 2),
        (3, "a", "Contact: <sip:1001@10.0.0.9>\n", 200, 2),
        (2, "a", "Contact: <sip:1001@10.0.0.9>\n", 200, 2),
        (1, "b", "Contact: <sip:1001@10.0.0.7>;expires=30\n", 423, 2),
        (2, "b", "Contact: <sip:1001@10.0.0.7>;expires=99999999999999999999\n", 200, 3),
        (4, "a", "Contact: <sip:1001@10.0.0.8:5070>;expires=0\n", 200, 2),
        (5, "a", "Contact: *\nExpires: 60\n", 400, 2),
        (6, "a", "Contact: *, <sip:1001@10.0.0.9>\nExpires: 0\n", 400, 2),
        (7, "a", "Contact: <1001>\n", 400, 2),
        (8, "a", "Contact: sip:1001@10.0.0.9?x=y\n", 400, 2),
        (9, "a", "Contact: *\nExpires: 0\n", 200, 0),
    ];
    let mut raw = open();
    for (i, (number, call_id, lines, want, bound)) in rows.iter().enumerate() {
        // Rows with an old CSeq are copies with another branch: not absorbed by a transaction.
        let text = register_text(*number, call_id, lines).replace("z9hG4bK", &format!("z9hG4bK{i}"));
        let response = raw.ask(&text);
        // An older CSeq of the same phone is refused.
        let want = if (3..=4).contains(&i) { 500 } else { *want };
        assert_eq!(status(&response), want, "row {i}: {response}");
        assert_eq!(raw.endpoint.registrar().lookup("1001", raw.now).len(), *bound, "row {i}");
        if want == 200 {
            assert_eq!(response.matches("Contact: ").count(), *bound, "row {i}: {response}");
        }
    }
    let flags: Vec<(bool, bool, usize)> = raw
        .events
        .iter()
        .filter_map(|e| match e {
            Event::Registration(c) => Some((c.came, c.gone, c.bindings)),
            _ => None,
        })
        .collect();
    assert_eq!(flags, [(true, false, 1), (false, false, 2), (false, false, 3), (false, false, 2), (false, true, 0)]);
}

#[test]
fn bindings_run_out_and_are_bounded() {
    let mut raw = open();
    raw.ask(&register_text(1, "a", "Contact: <sip:1001@10.0.0.9>;expires=60, <sip:1001@10.0.0.8>;expires=120\n"));
    let target = raw.endpoint.registrar().lookup("1001", raw.now)[0].target();
    assert_eq!(target, Target { addr: PEER.parse().expect("address"), transport: Transport::Udp, socket: Some(0) });
    raw.wait_ms(60_000);
    assert_eq!(raw.endpoint.registrar().lookup("1001", raw.now).len(), 1);
    raw.wait_ms(60_000);
    assert!(raw.endpoint.registrar().is_empty());
    assert!(matches!(raw.events.last(), Some(Event::Registration(c)) if c.gone && c.bindings == 0));
    let many: Vec<String> = (0..9).map(|i| format!("Contact: <sip:1001@10.0.1.{i}>\n")).collect();
    assert_eq!(status(&raw.ask(&register_text(2, "a", &many.concat()))), 403);
    assert!(raw.endpoint.registrar().is_empty(), "all or nothing");
    for i in 0..20 {
        raw.now = raw.now.plus_ms(1_000);
        assert_eq!(status(&raw.ask(&register_text(3 + i, "b", &format!("Contact: <sip:1001-{i}@10.0.0.9>\n")))), 200);
    }
    let left: Vec<String> = raw.endpoint.registrar().lookup("1001", raw.now).iter().map(|b| b.contact.user().to_owned()).collect();
    assert_eq!(left, (12..20).rev().map(|i| format!("1001-{i}")).collect::<Vec<_>>(), "the oldest give way");
}

/// A phone's way: challenge, proof, refresh before it runs out with the same nonce, removal.
#[test]
fn client_registers_refreshes_and_leaves() {
    for algorithm in [Algorithm::Md5, Algorithm::Sha256] {
        let mut server = strict();
        server.algorithms = vec![algorithm];
        let mut net = Net::with(5, vec![server, config(1)]);
        net.nodes[0].endpoint.set_credentials("1001", Ha1s::of("1001", "zhiyin.test", "secret"));
        let register = Register {
            key: RequestKey(1),
            target: Target::udp(addr(0)),
            registrar: uri("sip:zhiyin.test"),
            aor: Party::new(uri("sip:1001@zhiyin.test")),
            contact_user: "1001".into(),
            credentials: Some(Credentials { username: "1001".into(), password: "secret".into() }),
            expires_s: 120,
        };
        net.command(1, Command::Register(Box::new(register)));
        let granted = |e: &Event| match e {
            Event::Registered { expires_s, .. } => Some(*expires_s),
            _ => None,
        };
        for _ in 0..20 {
            assert_eq!(net.until(1, "registered", granted), 120);
            assert_eq!(net.nodes[0].endpoint.registrar().lookup("1001", net.now).len(), 1);
            net.run_ms(100_000);
        }
        assert!(net.nodes[0].sent.iter().filter(|m| m.starts_with(b"SIP/2.0 401")).count() < 12, "a nonce serves several requests");
        net.command(1, Command::Unregister { key: RequestKey(1) });
        net.run_ms(5_000);
        assert!(net.nodes[0].endpoint.registrar().is_empty());
        assert_eq!(net.try_command(1, Command::Unregister { key: RequestKey(1) }), Err(CommandError::Unknown));
        net.assert_clean();
    }
}

#[test]
fn wrong_password_is_told_and_not_hammered() {
    let mut net = Net::with(6, vec![strict(), config(1)]);
    net.nodes[0].endpoint.set_credentials("1001", Ha1s::of("1001", "zhiyin.test", "secret"));
    let register = Register {
        key: RequestKey(1),
        target: Target::udp(addr(0)),
        registrar: uri("sip:zhiyin.test"),
        aor: Party::new(uri("sip:1001@zhiyin.test")),
        contact_user: "1001".into(),
        credentials: Some(Credentials { username: "1001".into(), password: "guess".into() }),
        expires_s: 120,
    };
    net.command(1, Command::Register(Box::new(register)));
    let failed = |e: &Event| match e {
        Event::RegistrationFailed { status, retry_ms, .. } => Some((*status, *retry_ms)),
        _ => None,
    };
    assert_eq!(net.until(1, "failure", failed), (403, Some(30_000)));
    net.until(0, "alarm", |e| matches!(e, Event::AuthFailed { user, .. } if user == "1001").then_some(()));
    assert_eq!(net.until(1, "failure", failed), (403, Some(60_000)));
}

#[test]
fn calls_of_strangers_are_challenged() {
    let mut net = Net::with(7, vec![config(0), strict()]);
    net.nodes[1].endpoint.set_credentials("1001", Ha1s::of("1001", "zhiyin.test", "secret"));
    let mut call = invite(1, 1);
    call.credentials = Some(Credentials { username: "1001".into(), password: "secret".into() });
    net.command(0, Command::Invite(Box::new(call)));
    let incoming = net.incoming(1);
    assert_eq!(incoming.auth, AuthState::User("1001".into()));
    net.command(1, Command::Answer { key: incoming.key, answer: answer() });
    net.until(0, "answer", |e| matches!(e, Event::Answered { .. }).then_some(()));
    net.command(0, Command::Bye { key: DialogKey(1), reason: None });
    let mut wrong = invite(2, 1);
    wrong.credentials = Some(Credentials { username: "1001".into(), password: "guess".into() });
    net.command(0, Command::Invite(Box::new(wrong)));
    net.until(0, "403", |e| matches!(e, Event::Failed { status: 403, .. }).then_some(()));
    net.command(0, Command::Invite(Box::new(invite(3, 1))));
    net.until(0, "401", |e| matches!(e, Event::Failed { status: 401, .. }).then_some(()));
    net.assert_clean();
}

/// A proof that someone overheard is worth nothing, and a stranger's INVITE leaves nothing behind.
#[test]
fn replayed_proof_is_stale() {
    let mut raw = Raw::with(strict());
    raw.endpoint.set_credentials("a", Ha1s::of("a", "zhiyin.test", "secret"));
    let challenge = raw.ask(&invite_text(1, ""));
    assert_eq!(raw.endpoint.stats().transactions, 0);
    let value = header(&challenge, "WWW-Authenticate").expect("challenge");
    let mut client = digest::ClientDigest::new(digest::Challenge::parse(value.as_bytes(), false).expect("valid"), "cn".into());
    let credentials = Credentials { username: "a".into(), password: "secret".into() };
    let proof = client.answer(&credentials, b"INVITE", format!("sip:4001@{}", addr(0)).as_bytes());
    let proof = format!("Authorization: {}\n", String::from_utf8(proof).expect("text"));
    assert!(raw.send(&invite_text(2, &proof)).is_empty());
    assert_eq!(raw.incoming().auth, AuthState::User("a".into()));
    assert_eq!(status(&raw.ask(&invite_text(2, &proof))), 100, "a copy is the same call");
    let replay = raw.ask(&invite_text(3, &proof).replace("raw-call", "other-call"));
    assert_eq!(status(&replay), 401);
    assert!(replay.contains("stale=true"));
}

#[test]
fn other_policies() {
    let mut config = strict();
    config.unknown_source = UnknownSource::Forbid;
    let mut raw = Raw::with(config);
    assert_eq!(status(&raw.ask(&invite_text(1, ""))), 403);
    let mut config = strict();
    config.registrar = RegistrarMode::Off;
    let mut raw = Raw::with(config);
    assert_eq!(status(&raw.ask(&register_text(1, "a", ""))), 405);
    let mut config = self::config(0);
    config.registrar = RegistrarMode::Application;
    config.unknown_source = UnknownSource::Accept;
    let mut raw = Raw::with(config);
    assert!(raw.send(&register_text(1, "a", "Contact: <sip:1001@10.0.0.9>\nExpires: 99\n")).is_empty());
    let Some(Event::RegisterRequest(asked)) = raw.events.pop() else { panic!("not asked") };
    assert_eq!((asked.aor.as_str(), &asked.contacts[..]), ("sip:1001@zhiyin.test", &[("sip:1001@10.0.0.9".to_owned(), 99)][..]));
    let sent = raw.command(Command::RegisterResponse { key: asked.key, status: 200, contacts: asked.contacts.clone() });
    assert_eq!((status(&sent[0]), header(&sent[0], "Contact")), (200, Some("<sip:1001@10.0.0.9>;expires=99")));
}

/// Someone else's address of record is nobody's to register.
#[test]
fn a_phone_registers_only_itself() {
    let mut raw = Raw::with(strict());
    raw.endpoint.set_credentials("1002", Ha1s::of("1002", "zhiyin.test", "secret"));
    let challenge = raw.ask(&register_text(1, "a", ""));
    let value = header(&challenge, "WWW-Authenticate").expect("challenge");
    let mut client = digest::ClientDigest::new(digest::Challenge::parse(value.as_bytes(), false).expect("valid"), "cn".into());
    let credentials = Credentials { username: "1002".into(), password: "secret".into() };
    let proof = String::from_utf8(client.answer(&credentials, b"REGISTER", b"sip:zhiyin.test")).expect("text");
    let response = raw.ask(&register_text(2, "a", &format!("Authorization: {proof}\nContact: <sip:1001@10.0.0.9>\n")));
    assert_eq!(status(&response), 403);
    assert!(raw.endpoint.registrar().is_empty());
}
