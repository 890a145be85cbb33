//! Defects found in other SIP stacks (reading and experiments): each is a test that ours passes.
use crate::net::{OFFER, addr, answer};
use crate::raw::*;
use signaling::*;

/// 1. A display name in GBK or Latin-1 hides no later header.
#[test]
fn bytes_that_are_not_utf8_in_a_display_name() {
    for name in [&b"\xd6\xaa\xd2\xf4"[..], b"Andr\xe9", b"\"\xd6\xaa \xff\""] {
        let mut raw = Raw::new();
        let text = invite_text(1, "").replace('\n', "\r\n");
        let mut bytes = Vec::new();
        for line in text.split_inclusive("\r\n") {
            if line.starts_with("From:") {
                bytes.extend_from_slice(b"From: ");
                bytes.extend_from_slice(name);
                bytes.extend_from_slice(b" <sip:a@zhiyin.test>;tag=peer\r\n");
            } else {
                bytes.extend_from_slice(line.as_bytes());
            }
        }
        raw.datagram(PEER, bytes);
        let call = raw.incoming();
        let plain: Vec<u8> = name.iter().copied().filter(|b| *b != b'"').collect();
        assert_eq!(call.from.display_raw.as_deref(), Some(&plain[..]));
        assert_eq!((call.sdp.is_some(), call.from.uri.user(), call.message.cseq().map(|c| c.number)), (true, "a", Some(1)));
        let sent = raw.command(Command::Answer { key: call.key, answer: answer() });
        assert_eq!(status(&sent[0]), 200);
    }
}

/// 2. Without Content-Length on UDP the body runs to the end of the datagram (RFC 3261 §18.3).
#[test]
fn no_content_length_on_udp() {
    let mut raw = Raw::new();
    raw.send(&invite_text(1, ""));
    assert_eq!(raw.incoming().sdp.map(|s| s.len()), Some(OFFER.len()));
    let mut raw = Raw::new();
    assert_eq!(status(&raw.ask(&invite_text(1, "Content-Length: x\n"))), 400);
}

/// 3. Framing on TCP: a space before the colon, a folded value, and lengths that no machine holds.
#[test]
fn framing_on_tcp() {
    for line in ["Content-Length : 5", "l  :5", "Content-Length:\r\n 5", "CONTENT-LENGTH: 5\r\nl: 5"] {
        let mut raw = Raw::new();
        raw.accept(1);
        let two = format!(
            "OPTIONS sip:x@y SIP/2.0\r\nVia: SIP/2.0/TCP 10.0.0.9;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:x@y>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n{line}\r\n\r\nhello\
             OPTIONS sip:x@y SIP/2.0\r\nVia: SIP/2.0/TCP 10.0.0.9;branch=z9hG4bK2\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:x@y>\r\nCall-ID: 1\r\nCSeq: 2 OPTIONS\r\n\r\n"
        );
        let sent = raw.stream(1, two.as_bytes());
        assert_eq!(sent.iter().map(|m| status(m)).collect::<Vec<_>>(), [200, 200], "{line}");
        assert!(raw.closed.is_empty());
    }
    for (length, reason) in [
        ("18446744073709551615", CloseReason::TooLarge),
        ("99999999999999999999999", CloseReason::Malformed),
        ("5\r\nl: 6", CloseReason::Malformed),
        ("-5", CloseReason::Malformed),
    ] {
        let mut raw = Raw::new();
        raw.accept(1);
        raw.stream(1, format!("OPTIONS sip:x@y SIP/2.0\r\nContent-Length: {length}\r\n\r\n").as_bytes());
        assert_eq!(raw.closed, [(ConnId(1), reason)], "{length}");
    }
}

/// 4. The nonce count is hexadecimal on both sides, far beyond 255, for a phone that keeps its nonce.
#[test]
fn nonce_count_over_many_requests() {
    let mut config = crate::net::config(0);
    config.trusted.clear();
    let mut raw = Raw::with(config);
    raw.endpoint.set_credentials("1001", Ha1s::of("1001", "zhiyin.test", "secret"));
    let register = |n: u32, proof: &str| {
        request("REGISTER", n, proof)
            .replace("<sip:4001@zhiyin.test>", "<sip:1001@zhiyin.test>")
            .replace("<sip:a@10.0.0.9>", "<sip:1001@10.0.0.9>")
    };
    let challenge = raw.ask(&register(1, ""));
    assert_eq!(status(&challenge), 401);
    let value = header(&challenge, "WWW-Authenticate").expect("challenge");
    let mut client = digest::ClientDigest::new(digest::Challenge::parse(value.as_bytes(), false).expect("valid"), "cn".into());
    let credentials = Credentials { username: "1001".into(), password: "secret".into() };
    for n in 2..400 {
        let proof = client.answer(&credentials, b"REGISTER", format!("sip:4001@{}", addr(0)).as_bytes());
        let proof = format!("Authorization: {}\n", String::from_utf8(proof).expect("text"));
        assert_eq!(status(&raw.ask(&register(n, &proof))), 200, "request {n}");
    }
}

/// 5. and 6. Nothing blocks and nothing grows: a peer that does not read has a bounded queue, a flood gets 503.
#[test]
fn limits_answer_at_once() {
    let mut config = crate::net::config(0);
    config.limits.dialogs_max = 10;
    config.limits.transactions_max = 12;
    config.limits.stream_pending_bytes_max = 1_000;
    let mut raw = Raw::with(config);
    let mut seen = Vec::new();
    for n in 1..30 {
        let text = invite_text(n, "").replace("raw-call", &format!("call-{n}"));
        seen.extend(raw.send(&text).iter().map(|m| status(m)));
    }
    assert_eq!(raw.events.len(), 10);
    assert_eq!(seen, [503; 19]);
    assert_eq!(raw.endpoint.stats().overloaded, 19);
    let mut out = crate::net::invite(1, 5);
    out.target = Target::tcp(addr(5));
    assert_eq!(raw.endpoint.command(raw.now, Command::Invite(Box::new(out))), Err(CommandError::Limit));
}

/// 8. Timers run inside: an application that never looks after its call loses neither repetitions nor the end.
#[test]
fn an_application_that_does_nothing() {
    let mut raw = Raw::new();
    raw.send(&invite_text(1, ""));
    let key = raw.incoming().key;
    raw.command(Command::Answer { key, answer: answer() });
    let sent = raw.wait_ms(40_000);
    assert!(sent.iter().filter(|(_, m)| m.starts_with("SIP/2.0 200")).count() >= 9);
    assert!(sent.iter().any(|(_, m)| m.starts_with("BYE")), "no ACK: the call is ended");
    assert!(raw.events.iter().any(|e| matches!(e, Event::Ended { by: EndedBy::Timeout, .. })));
}

/// Issue lists of other stacks: the ACK of a repeated INVITE's 200 is told apart by its CSeq.
#[test]
fn ack_is_matched_by_the_cseq_of_its_invite() {
    let mut raw = Raw::new();
    raw.send(&invite_text(1, ""));
    let key = raw.incoming().key;
    let ok = raw.command(Command::Answer { key, answer: answer() }).remove(0);
    let to = header(&ok, "To").expect("To").to_owned();
    let within = |text: String| text.replace("To: <sip:4001@zhiyin.test>", &format!("To: {to}"));
    raw.send(&within(request("ACK", 1, "")));
    assert!(matches!(raw.events.pop(), Some(Event::Acked { .. })));
    raw.send(&within(invite_text(2, "")));
    assert!(matches!(raw.events.pop(), Some(Event::ReInvite { .. })));
    raw.command(Command::AnswerReInvite { key, answer: answer() });
    raw.send(&within(request("ACK", 1, "")));
    assert!(raw.events.is_empty(), "a late copy of the first ACK");
    assert_eq!(raw.wait_ms(600).len(), 1, "the second 200 is still repeated");
    raw.send(&within(request("ACK", 2, "")));
    assert!(matches!(raw.events.pop(), Some(Event::Acked { .. })));
    assert_eq!(raw.wait_ms(5_000), []);
}

/// A 401 is answered at the same target, and a second one is not answered again (wrong password).
#[test]
fn challenge_is_answered_once_at_the_same_target() {
    let mut raw = Raw::new();
    let mut invite = crate::net::invite(1, 8);
    invite.credentials = Some(Credentials { username: "t".into(), password: "p".into() });
    invite.headers = vec![("X-Call".into(), "7".into())];
    let first = raw.command(Command::Invite(Box::new(invite))).remove(0);
    let reply = |request: &str, extra: &str| {
        let lines: Vec<&str> = request
            .split("\r\n")
            .filter(|l| ["Via", "From", "To", "Call-ID", "CSeq"].iter().any(|n| l.starts_with(&format!("{n}:"))))
            .collect();
        format!(
            "SIP/2.0 407 Proxy Authentication Required\n{}\n{extra}\n",
            lines.join("\n").replace("To: <sip:4001@zhiyin.test>", "To: <sip:4001@zhiyin.test>;tag=x")
        )
    };
    let challenge = "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n1\", qop=\"auth\"\nProxy-Authenticate: Digest realm=\"r\", nonce=\"n2\", qop=\"auth\", algorithm=SHA-256\n";
    let sent = raw.send(&reply(&first, challenge));
    assert!(sent[0].starts_with("ACK ") && sent[1].starts_with("INVITE "), "{sent:?}");
    let proof = header(&sent[1], "Proxy-Authorization").expect("proof");
    assert!(proof.contains("nonce=\"n2\"") && proof.contains("algorithm=SHA-256") && proof.contains("nc=00000001"), "{proof}");
    assert_eq!(
        (header(&sent[1], "CSeq"), header(&sent[1], "X-Call"), header(&sent[1], "Call-ID")),
        (Some("2 INVITE"), Some("7"), header(&first, "Call-ID"))
    );
    assert_ne!(header(&sent[1], "Via"), header(&first, "Via"));
    assert!(sent[1].ends_with(&String::from_utf8_lossy(OFFER).into_owned()));
    let again = raw.send(&reply(&sent[1], challenge));
    assert!(again.len() == 1 && again[0].starts_with("ACK "), "{again:?}");
    assert!(raw.events.iter().any(|e| matches!(e, Event::Failed { status: 407, .. })));
}
