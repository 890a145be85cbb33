//! What a single request gets, and where responses and requests are sent.
use crate::net::{addr, answer, invite};
use crate::raw::*;
use signaling::*;

#[test]
fn refusal_rows() {
    let rows: &[(&str, String, u16)] = &[
        ("unknown method", request("FLY", 1, ""), 501),
        ("MESSAGE", request("MESSAGE", 1, ""), 405),
        ("SUBSCRIBE", request("SUBSCRIBE", 1, "Event: presence\n"), 489),
        ("PUBLISH", request("PUBLISH", 1, "Event: presence\n"), 489),
        ("NOTIFY of nothing", request("NOTIFY", 1, "Event: x\n"), 481),
        ("BYE of nothing", request("BYE", 1, ""), 481),
        ("BYE of an unknown dialog", request("BYE", 1, "").replace("4001@zhiyin.test>", "4001@zhiyin.test>;tag=0123456789abcdef"), 481),
        ("re-INVITE of an unknown dialog", invite_text(1, "").replace("4001@zhiyin.test>", "4001@zhiyin.test>;tag=0123456789abcdef"), 481),
        ("CANCEL of nothing", request("CANCEL", 1, ""), 481),
        ("REFER outside a call", request("REFER", 1, "Refer-To: <sip:x@y>\n"), 403),
        ("required extension", request("OPTIONS", 1, "Require: 100rel, timer\n"), 420),
        ("hop count at its end", invite_text(1, "").replace("Max-Forwards: 70", "Max-Forwards: 0"), 483),
        ("hop count is no number", invite_text(1, "").replace("Max-Forwards: 70", "Max-Forwards: many"), 400),
        ("other version", request("OPTIONS", 1, "").replace("SIP/2.0\nVia", "SIP/3.0\nVia"), 505),
        ("CSeq of another method", request("OPTIONS", 1, "").replace("1 OPTIONS\n", "1 INVITE\n"), 400),
        ("no From", request("OPTIONS", 1, "").replace("From:", "X-From:"), 400),
        ("no Call-ID", request("OPTIONS", 1, "").replace("Call-ID:", "X-Call-ID:"), 400),
        ("no CSeq", request("OPTIONS", 1, "").replace("CSeq:", "X-CSeq:"), 400),
        ("no Via", request("OPTIONS", 1, "").replace("Via:", "X-Via:"), 400),
        ("unknown body", request("INVITE", 1, "Content-Type: text/plain\n\nhello"), 415),
        ("encoded body", invite_text(1, "Content-Encoding: gzip\n"), 415),
        ("cannot take SDP", invite_text(1, "Accept: text/plain\n"), 406),
        ("http scheme", request("OPTIONS", 1, "").replace(&format!("sip:4001@{}", addr(0)), "http://x"), 416),
        ("Replaces of nothing", invite_text(1, "Replaces: a;to-tag=0123456789abcdef;from-tag=b\n"), 481),
        ("Contact that is none", invite_text(1, "").replace("Contact: <sip:a@10.0.0.9>", "Contact: <nonsense>"), 400),
        ("OPTIONS", request("OPTIONS", 1, "Require: timer\n"), 200),
    ];
    for (what, text, want) in rows {
        let mut raw = Raw::new();
        let response = raw.ask(text);
        assert_eq!(status(&response), *want, "{what}: {response}");
        assert!(raw.events.is_empty(), "{what}");
        if *want == 405 || *want == 501 {
            assert!(header(&response, "Allow").is_some(), "{what}");
        }
        assert!(header(&response, "To").is_none_or(|to| to.contains(";tag=")), "{what}: {response}");
    }
}

#[test]
fn oversized_merged_and_keepalive() {
    let mut config = crate::net::config(0);
    config.limits.message_bytes_max = 2_000;
    let mut raw = Raw::with(config);
    assert_eq!(status(&raw.ask(&request("OPTIONS", 1, &format!("X: {}\n", "x".repeat(2_000))))), 513);
    raw.send(&invite_text(1, ""));
    assert_eq!(status(&raw.ask(&invite_text(1, "").replace("z9hG4bKINVITE1", "z9hG4bKotherway"))), 482);
    assert_eq!(raw.events.len(), 1);
    let malformed = raw.endpoint.stats().malformed;
    assert!(raw.datagram(PEER, "\r\n\r\n").is_empty() && raw.datagram(PEER, "").is_empty());
    assert_eq!(raw.endpoint.stats().malformed, malformed);
    assert!(raw.datagram(PEER, "hello there\r\n\r\n").is_empty());
    assert_eq!(raw.endpoint.stats().malformed, malformed + 1);
    assert!(raw.send(&request("ACK", 9, "")).is_empty(), "a stray ACK is never answered");
}

/// RFC 3261 §18.2.2 and RFC 3581.
#[test]
fn responses_find_their_way() {
    let rows = [
        ("Via: SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bKx", "10.0.0.9:5060", ""),
        ("Via: SIP/2.0/UDP 10.0.0.9:7000;branch=z9hG4bKx", "10.0.0.9:7000", ""),
        ("Via: SIP/2.0/UDP 10.0.0.9:7000;branch=z9hG4bKx;rport", "10.0.0.9:33000", ";rport=33000;received=10.0.0.9"),
        ("Via: SIP/2.0/UDP phone.local;branch=z9hG4bKx", "10.0.0.9:5060", ";received=10.0.0.9"),
        ("Via: SIP/2.0/UDP 192.168.1.5:5062;rport;branch=z9hG4bKx", "10.0.0.9:33000", ";branch=z9hG4bKx;rport=33000;received=10.0.0.9"),
        ("v: SIP/2.0/UDP 10.0.0.9;received=1.2.3.4;branch=z9hG4bKx", "10.0.0.9:5060", "10.0.0.9;branch=z9hG4bKx"),
    ];
    for (via, want, stamp) in rows {
        let mut raw = Raw::new();
        let text = request("OPTIONS", 1, "").replace("Via: SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bKOPTIONS1", via).replace('\n', "\r\n");
        raw.endpoint
            .handle_input(raw.now, Input::Datagram { socket: 0, peer: "10.0.0.9:33000".parse().expect("address"), bytes: text.into() });
        let Some(Output::SendDatagram { peer, bytes, .. }) = raw.endpoint.poll_output() else { panic!("no answer") };
        assert_eq!(peer.to_string(), want, "{via}");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(header(&text, "Via").is_some_and(|v| v.ends_with(stamp)), "{text}");
    }
}

fn sent_to(raw: &mut Raw, command: Command) -> (String, String) {
    raw.endpoint.command(raw.now, command).expect("accepted");
    loop {
        match raw.endpoint.poll_output().expect("something is sent") {
            Output::SendDatagram { peer, bytes, .. } => return (peer.to_string(), String::from_utf8_lossy(&bytes).into_owned()),
            _ => continue,
        }
    }
}

/// A call through a proxy that stays in the path (loose routing): requests go to it with its Route, to the phone's Contact.
#[test]
fn proxy_in_front() {
    let mut raw = Raw::new();
    let lines = "Record-Route: <sip:10.0.0.7;lr;ftag=1>\nRecord-Route: <sip:10.0.0.6:5070;lr>\n";
    raw.send(
        &invite_text(1, lines)
            .replace("Via:", "Via: SIP/2.0/UDP 10.0.0.7;branch=z9hG4bKproxy\nVia:")
            .replace("Contact: <sip:a@10.0.0.9>", "Contact: <sip:a@192.168.1.5:5066>"),
    );
    let key = raw.incoming().key;
    let ok = raw.command(Command::Answer { key, answer: answer() }).remove(0);
    assert!(ok.contains("Record-Route: <sip:10.0.0.7;lr;ftag=1>\r\nRecord-Route: <sip:10.0.0.6:5070;lr>\r\n"), "{ok}");
    let to = header(&ok, "To").expect("To").to_owned();
    raw.send(&request("ACK", 1, "").replace("To: <sip:4001@zhiyin.test>", &format!("To: {to}")));
    let (peer, bye) = sent_to(&mut raw, Command::Bye { key, reason: None });
    assert_eq!(peer, "10.0.0.7:5060");
    assert!(bye.starts_with("BYE sip:a@192.168.1.5:5066 SIP/2.0\r\n"), "{bye}");
    assert!(bye.contains("Route: <sip:10.0.0.7;lr;ftag=1>\r\nRoute: <sip:10.0.0.6:5070;lr>\r\n"), "{bye}");
}

/// The same from the calling side: the order is turned round; a strict router gets its own URI as Request-URI.
#[test]
fn proxy_on_the_way_out() {
    for (route, strict) in [("<sip:10.0.0.6:5070;lr>", false), ("<sip:10.0.0.6:5070>", true)] {
        let mut raw = Raw::new();
        let mut out = invite(1, 6);
        out.routes = vec!["<sip:10.0.0.7;lr>".into()];
        let sent = raw.command(Command::Invite(Box::new(out))).remove(0);
        assert_eq!(header(&sent, "Route"), Some("<sip:10.0.0.7;lr>"));
        let lines: Vec<&str> =
            sent.split("\r\n").filter(|l| ["Via:", "From:", "Call-ID:", "CSeq:"].iter().any(|n| l.starts_with(n))).collect();
        let to = "To: <sip:4001@zhiyin.test>;tag=b";
        let text = format!(
            "SIP/2.0 200 OK\n{}\n{to}\nContact: <sip:b@172.16.0.5>\nRecord-Route: <sip:10.0.0.5;lr>\nRecord-Route: {route}\n\n",
            lines.join("\n")
        );
        let ack = raw.ask(&text);
        let first = if strict { "ACK sip:10.0.0.6:5070 SIP/2.0" } else { "ACK sip:b@172.16.0.5 SIP/2.0" };
        assert!(ack.starts_with(first), "{ack}");
        let routes: Vec<&str> = ack.split("\r\n").filter_map(|l| l.strip_prefix("Route: ")).collect();
        let want: &[&str] =
            if strict { &["<sip:10.0.0.5;lr>", "<sip:b@172.16.0.5>"] } else { &["<sip:10.0.0.6:5070;lr>", "<sip:10.0.0.5;lr>"] };
        assert_eq!(routes, want);
        let (peer, _) = sent_to(&mut raw, Command::Bye { key: DialogKey(1), reason: None });
        assert_eq!(peer, "10.0.0.6:5070");
    }
}

/// A phone behind NAT names an address that cannot be reached: requests go where it was seen.
#[test]
fn peer_behind_nat() {
    let mut raw = Raw::new();
    let text = invite_text(1, "")
        .replace("Via: SIP/2.0/UDP 10.0.0.9:5060", "Via: SIP/2.0/UDP 192.168.1.5:5062;rport")
        .replace("Contact: <sip:a@10.0.0.9>", "Contact: <sip:a@192.168.1.5:5062>");
    raw.datagram("10.0.0.9:33000", text.replace('\n', "\r\n"));
    let key = raw.incoming().key;
    let ok = raw.command(Command::Answer { key, answer: answer() }).remove(0);
    let to = header(&ok, "To").expect("To").to_owned();
    raw.send(&request("ACK", 1, "").replace("To: <sip:4001@zhiyin.test>", &format!("To: {to}")));
    let (peer, bye) = sent_to(&mut raw, Command::Bye { key, reason: None });
    assert_eq!(peer, "10.0.0.9:33000");
    assert!(bye.starts_with("BYE sip:a@192.168.1.5:5062 "));
}

/// A Contact elsewhere (a gateway that splits signalling) is honoured.
#[test]
fn contact_decides_where_requests_go() {
    let mut raw = Raw::new();
    raw.send(&invite_text(1, "").replace("Contact: <sip:a@10.0.0.9>", "Contact: <sip:a@10.0.0.77:5099>"));
    let key = raw.incoming().key;
    let ok = raw.command(Command::Answer { key, answer: answer() }).remove(0);
    let to = header(&ok, "To").expect("To").to_owned();
    raw.send(&request("ACK", 1, "").replace("To: <sip:4001@zhiyin.test>", &format!("To: {to}")));
    assert_eq!(sent_to(&mut raw, Command::Bye { key, reason: None }).0, "10.0.0.77:5099");
}

#[test]
fn identity_only_from_trusted_sources_and_multipart_bodies() {
    let mut raw = Raw::new();
    let sdp = String::from_utf8_lossy(crate::net::OFFER).replace("\r\n", "\n");
    let more = format!(
        "P-Asserted-Identity: \"Li\" <sip:+8613800000000@carrier.example>\nContent-Type: multipart/mixed;boundary=\"b1\"\n\n--b1\nContent-Type: application/isup\n\nxx\n--b1\nContent-Type: application/sdp\n\n{sdp}--b1--\n"
    );
    raw.send(&request("INVITE", 1, &more));
    let call = raw.incoming();
    assert_eq!(call.asserted.map(|a| a.uri.user().to_owned()).as_deref(), Some("+8613800000000"));
    assert!(sdp::Sdp::parse(&call.sdp.expect("the part")).is_ok_and(|s| s.media.len() == 1));
    let mut config = crate::net::config(0);
    config.trusted.clear();
    config.unknown_source = UnknownSource::Accept;
    let mut raw = Raw::with(config);
    raw.send(&invite_text(1, "P-Asserted-Identity: <sip:boss@zhiyin.test>\n"));
    assert_eq!(raw.incoming().asserted, None);
}

/// Delimiters that overlap, are missing or without end: no part, no harm.
#[test]
fn broken_multipart_bodies() {
    for (boundary, body) in [
        ("-".repeat(60), "-".repeat(5_000)),
        ("b".into(), "--b".into()),
        ("b".into(), "--b--b--b\n\n--b".repeat(30)),
        (String::new(), "--".into()),
    ] {
        let mut raw = Raw::new();
        let text = request("INVITE", 1, &format!("Content-Type: multipart/mixed;boundary=\"{boundary}\"\n\n{body}"));
        assert_eq!(status(&raw.ask(&text)), 415);
    }
}

#[test]
fn replaces_names_the_leg() {
    let mut raw = Raw::new();
    raw.send(&invite_text(1, ""));
    let key = raw.incoming().key;
    let ok = raw.command(Command::Answer { key, answer: answer() }).remove(0);
    let tag = header(&ok, "To").and_then(|t| t.split("tag=").nth(1)).expect("tag").to_owned();
    raw.send(
        &invite_text(2, &format!("Require: replaces\nReplaces: raw-call;to-tag={tag};from-tag=peer\n"))
            .replace("Call-ID: raw-call", "Call-ID: second"),
    );
    assert_eq!(raw.incoming().replaces, Some(key));
}

#[test]
fn peers_of_rfc_2543() {
    let mut raw = Raw::new();
    let old = |text: String| {
        text.replace(";branch=z9hG4bKINVITE1", "")
            .replace(";branch=z9hG4bKACK1", "")
            .replace(";tag=peer", "")
            .replace("Contact: <sip:a@10.0.0.9>\n", "")
    };
    raw.send(&old(invite_text(1, "")));
    assert_eq!(status(&raw.ask(&old(invite_text(1, "")))), 100, "a copy");
    let key = raw.incoming().key;
    let busy = raw.command(Command::Reject { key, status: 486, reason: None, headers: vec![] }).remove(0);
    let to = header(&busy, "To").expect("To").to_owned();
    assert!(raw.send(&old(request("ACK", 1, "")).replace("To: <sip:4001@zhiyin.test>", &format!("To: {to}"))).is_empty());
    assert_eq!(raw.wait_ms(4_000), [], "acknowledged");
}
