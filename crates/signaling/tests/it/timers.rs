//! Timer rows of RFC 3261 table 4 and RFC 6026, milliseconds from the first sending.
use crate::net::{answer, invite};
use crate::raw::*;
use signaling::*;

fn times(sent: &[(u64, String)], start: &str) -> Vec<u64> {
    sent.iter().filter(|(_, m)| m.starts_with(start)).map(|(at, _)| *at).collect()
}

/// A response to a request that was sent.
fn reply(request: &str, status: u16, more: &str) -> String {
    let lines: Vec<&str> =
        request.split("\r\n").filter(|l| ["Via:", "From:", "To:", "Call-ID:", "CSeq:"].iter().any(|n| l.starts_with(n))).collect();
    let tagged = lines.join("\n").replace("To: <sip:4001@zhiyin.test>", "To: <sip:4001@zhiyin.test>;tag=uas");
    format!("SIP/2.0 {status} X\n{tagged}\nContact: <sip:b@10.0.0.9>\n{more}\n")
}

/// A: 500, doubling; B: 64·T1.
#[test]
fn a_and_b_invite_unanswered() {
    let mut raw = Raw::new();
    raw.command(Command::Invite(Box::new(invite(1, 8))));
    let sent = raw.wait_ms(40_000);
    assert_eq!(times(&sent, "INVITE"), [500, 1500, 3500, 7500, 15500, 31500]);
    assert!(matches!(raw.events[..], [Event::Failed { status: 408, .. }]));
    assert_eq!(raw.endpoint.stats().transactions, 0);
}

/// A stops with the first provisional response.
#[test]
fn a_stops_at_100() {
    let mut raw = Raw::new();
    let sent = raw.command(Command::Invite(Box::new(invite(1, 8)))).remove(0);
    raw.send(&reply(&sent, 100, ""));
    assert_eq!(raw.wait_ms(180_000), []);
}

/// D: copies of a 486 are acknowledged for 32 s.
#[test]
fn d_failure_is_acknowledged_again() {
    let mut raw = Raw::new();
    let sent = raw.command(Command::Invite(Box::new(invite(1, 8)))).remove(0);
    let busy = reply(&sent, 486, "");
    for _ in 0..3 {
        let acks = raw.send(&busy);
        assert!(acks.len() == 1 && acks[0].starts_with("ACK"), "{acks:?}");
        assert_eq!(header(&acks[0], "Via"), header(&sent, "Via"), "within the transaction");
        raw.wait_ms(10_000);
    }
    raw.wait_ms(3_000);
    assert!(raw.send(&busy).is_empty());
    assert_eq!(raw.events.len(), 1);
}

/// M (RFC 6026): copies of a 200 get the same ACK for 64·T1.
#[test]
fn m_answer_is_acknowledged_again() {
    let mut raw = Raw::new();
    let sent = raw.command(Command::Invite(Box::new(invite(1, 8)))).remove(0);
    let ok = reply(&sent, 200, "");
    let first = raw.send(&ok);
    raw.wait_ms(31_000);
    assert_eq!(raw.send(&ok), first);
    raw.wait_ms(2_000);
    assert!(raw.send(&ok).is_empty());
}

/// Another branch of a forked INVITE answers as well: ACK and BYE to it, the first call stays.
#[test]
fn m_forked_answer_is_ended() {
    let mut raw = Raw::new();
    let sent = raw.command(Command::Invite(Box::new(invite(1, 8)))).remove(0);
    raw.send(&reply(&sent, 200, ""));
    let other = reply(&sent, 200, "").replace("tag=uas", "tag=other").replace("b@10.0.0.9", "c@10.0.0.7");
    let out = raw.send(&other);
    assert!(out.len() == 2 && out[0].starts_with("ACK sip:c@10.0.0.7") && out[1].starts_with("BYE sip:c@10.0.0.7"), "{out:?}");
    assert!(out[1].contains(";tag=other"));
    assert_eq!(raw.send(&other).len(), 1, "a copy: only the ACK");
    assert_eq!(raw.events.len(), 1);
}

/// E: 500, doubling to T2 = 4 s; F: 64·T1. With a provisional response E is T2 at once.
#[test]
fn e_and_f_other_requests() {
    let probe = |raw: &mut Raw| {
        let from = Party::new(crate::net::uri("sip:p@zhiyin.test"));
        raw.command(Command::Options(Box::new(Options {
            key: RequestKey(1),
            target: Target::udp(crate::net::addr(8)),
            request_uri: crate::net::uri("sip:x@y"),
            from,
        })))
        .remove(0)
    };
    let mut raw = Raw::new();
    probe(&mut raw);
    let sent = raw.wait_ms(40_000);
    assert_eq!(times(&sent, "OPTIONS"), [500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500]);
    assert!(matches!(raw.events[..], [Event::OptionsResult { status: None, .. }]));
    let mut raw = Raw::new();
    let sent = probe(&mut raw);
    raw.wait_ms(100);
    raw.send(&reply(&sent, 100, ""));
    let sent = raw.wait_ms(10_000);
    assert_eq!(times(&sent, "OPTIONS"), [400, 4400, 8400]);
}

/// K: a finished request absorbs copies of its response for T4 = 5 s.
#[test]
fn k_lingers_t4() {
    let mut raw = Raw::new();
    let from = Party::new(crate::net::uri("sip:p@zhiyin.test"));
    let sent = raw.command(Command::Options(Box::new(Options {
        key: RequestKey(1),
        target: Target::udp(crate::net::addr(8)),
        request_uri: crate::net::uri("sip:x@y"),
        from,
    })));
    raw.send(&reply(&sent[0], 200, ""));
    raw.wait_ms(4_900);
    assert_eq!(raw.endpoint.stats().transactions, 1);
    raw.wait_ms(200);
    assert_eq!(raw.endpoint.stats().transactions, 0);
}

/// 100 Trying after 200 ms, or at the first copy of the INVITE.
#[test]
fn trying() {
    let mut raw = Raw::new();
    raw.send(&invite_text(1, ""));
    assert_eq!(times(&raw.wait_ms(1_000), "SIP/2.0 100"), [200]);
    let mut raw = Raw::new();
    raw.send(&invite_text(1, ""));
    assert_eq!(status(&raw.ask(&invite_text(1, ""))), 100);
    assert_eq!(raw.events.len(), 1, "one call");
    let mut raw = Raw::new();
    raw.send(&invite_text(1, ""));
    let key = raw.incoming().key;
    assert_eq!(status(&raw.command(Command::Provisional { key, status: 180, sdp: None, headers: vec![] })[0]), 180);
    assert_eq!(raw.wait_ms(1_000), []);
    assert_eq!(status(&raw.ask(&invite_text(1, ""))), 180);
}

/// G: a failure is repeated 500, doubling to 4 s, until the ACK; H gives up after 64·T1; I absorbs copies of the ACK for T4.
#[test]
fn g_h_and_i_failure_until_ack() {
    let reject = |raw: &mut Raw| {
        raw.send(&invite_text(1, ""));
        let key = raw.incoming().key;
        raw.command(Command::Reject { key, status: 486, reason: None, headers: vec![] }).remove(0)
    };
    let mut raw = Raw::new();
    reject(&mut raw);
    let sent = raw.wait_ms(40_000);
    assert_eq!(times(&sent, "SIP/2.0 486"), [500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500]);
    assert_eq!(raw.endpoint.stats().transactions, 0);
    let mut raw = Raw::new();
    let busy = reject(&mut raw);
    let ack = request("ACK", 1, "")
        .replace("z9hG4bKACK1", "z9hG4bKINVITE1")
        .replace("To: <sip:4001@zhiyin.test>", &format!("To: {}", header(&busy, "To").expect("To")));
    assert!(raw.send(&ack).is_empty());
    assert_eq!(raw.wait_ms(4_900), []);
    assert_eq!(raw.endpoint.stats().transactions, 1);
    raw.wait_ms(200);
    assert_eq!(raw.endpoint.stats().transactions, 0);
}

/// The 200 of an INVITE is repeated by the dialog, 500 doubling to 4 s, until the ACK; L absorbs copies of the INVITE.
#[test]
fn l_answer_until_ack() {
    let mut raw = Raw::new();
    raw.send(&invite_text(1, ""));
    let key = raw.incoming().key;
    raw.command(Command::Answer { key, answer: answer() });
    assert!(raw.send(&invite_text(1, "")).is_empty(), "the dialog repeats, not the transaction");
    let sent = raw.wait_ms(31_900);
    assert_eq!(times(&sent, "SIP/2.0 200"), [500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500]);
}

/// J: a finished request gets the same response again for 64·T1.
#[test]
fn j_same_response_again() {
    let mut raw = Raw::new();
    raw.send(&invite_text(1, ""));
    let key = raw.incoming().key;
    let ok = raw.command(Command::Answer { key, answer: answer() }).remove(0);
    let to = header(&ok, "To").expect("To").to_owned();
    let info = request("INFO", 2, "Content-Type: application/dtmf\n\n5").replace("To: <sip:4001@zhiyin.test>", &format!("To: {to}"));
    let first = raw.ask(&info);
    for _ in 0..3 {
        assert_eq!(raw.ask(&info), first);
    }
    assert_eq!(raw.events.iter().filter(|e| matches!(e, Event::Info { .. })).count(), 1, "told once");
}

/// RFC 4028: the peer promised to refresh within 90 s and did not.
#[test]
fn session_expires_and_is_refreshed() {
    let mut raw = Raw::new();
    let refused = raw.ask(&invite_text(1, "Session-Expires: 30\nSupported: timer\n"));
    assert_eq!((status(&refused), header(&refused, "Min-SE")), (422, Some("90")));
    raw.send(&invite_text(2, "Session-Expires: 90\nSupported: timer\n"));
    let key = raw.incoming().key;
    let ok = raw.command(Command::Answer { key, answer: answer() }).remove(0);
    assert_eq!((header(&ok, "Session-Expires"), header(&ok, "Require")), (Some("90;refresher=uac"), Some("timer")));
    let to = header(&ok, "To").expect("To").to_owned();
    let within = |text: String| text.replace("To: <sip:4001@zhiyin.test>", &format!("To: {to}"));
    raw.send(&within(request("ACK", 2, "")));
    raw.wait_ms(60_000);
    let refreshed = raw.ask(&within(request("UPDATE", 3, "Session-Expires: 90\nSupported: timer\n")));
    assert_eq!((status(&refreshed), header(&refreshed, "Session-Expires")), (200, Some("90;refresher=uac")));
    assert_eq!(times(&raw.wait_ms(89_000), "BYE"), [0u64; 0]);
    assert_eq!(times(&raw.wait_ms(2_000), "BYE").first(), Some(&1_000));
    assert!(raw.events.iter().any(|e| matches!(e, Event::Ended { by: EndedBy::Timeout, .. })));
}

/// Half-open, idle and dripping streams are closed; a busy one is not.
#[test]
fn streams_have_deadlines() {
    let mut raw = Raw::new();
    raw.accept(1);
    raw.accept(2);
    raw.accept(3);
    raw.stream(2, b"OPTIONS sip:x");
    for _ in 0..29 {
        raw.wait_ms(1_000);
        raw.stream(2, b"x");
        raw.stream(3, b"\r\n\r\n");
    }
    raw.wait_ms(2_000);
    assert_eq!(raw.closed, [(ConnId(1), CloseReason::HalfOpen), (ConnId(2), CloseReason::HalfOpen)]);
    raw.wait_ms(900_000);
    assert_eq!(raw.closed.last(), Some(&(ConnId(3), CloseReason::Idle)));
    assert_eq!(raw.endpoint.stats().streams, 0);
}
