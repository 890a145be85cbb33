//! Whole calls between two endpoints, one feature a test.
use crate::net::*;
use bytes::Bytes;
use signaling::*;

#[test]
fn ring_early_media_answer_and_hang_up() {
    let mut net = Net::new(2, 1);
    net.command(0, Command::Invite(Box::new(invite(1, 1))));
    let call = net.incoming(1);
    assert_eq!(call.auth, AuthState::Trusted { tag: 7 });
    assert_eq!((call.request_uri.user(), call.from.display.as_deref()), ("4001", Some("知音 \"1\"")));
    assert_eq!((call.sdp.as_deref(), call.max_forwards, call.source.peer), (Some(OFFER), 70, addr(0)));
    net.command(1, Command::Provisional { key: call.key, status: 180, sdp: None, headers: vec![] });
    net.command(1, Command::Provisional { key: call.key, status: 183, sdp: Some(Bytes::from_static(ANSWER)), headers: vec![] });
    let early = |e: &Event| match e {
        Event::Provisional { status, sdp, .. } => Some((*status, sdp.is_some())),
        _ => None,
    };
    assert_eq!(net.until(0, "180", early), (180, false));
    assert_eq!(net.until(0, "183", early), (183, true));
    net.command(1, Command::Answer { key: call.key, answer: answer() });
    let sdp = net.until(0, "answer", |e| match e {
        Event::Answered { sdp, .. } => Some(sdp.clone()),
        _ => None,
    });
    assert_eq!(sdp.as_deref(), Some(ANSWER));
    net.until(1, "ACK", |e| matches!(e, Event::Acked { sdp: None, .. }).then_some(()));
    net.run_ms(60_000);
    net.command(0, Command::Bye { key: DialogKey(1), reason: Some(Reason::q850(16)) });
    let reason = net.until(1, "BYE", |e| match e {
        Event::Ended { by: EndedBy::Remote, reason, .. } => Some(reason.clone()),
        _ => None,
    });
    assert_eq!(reason.and_then(|r| r.q850_cause()), Some(16));
    assert_eq!(net.until(0, "end", ended), (EndedBy::Local, None));
    assert_eq!(net.try_command(0, Command::Bye { key: DialogKey(1), reason: None }), Err(CommandError::Unknown));
    net.assert_clean();
}

#[test]
fn callee_hangs_up() {
    let mut net = Net::new(2, 2);
    let key = connect(&mut net);
    net.command(1, Command::Bye { key, reason: None });
    assert_eq!(net.until(0, "end", ended), (EndedBy::Remote, None));
    net.assert_clean();
}

#[test]
fn rejected_with_reason() {
    let mut net = Net::new(2, 3);
    net.command(0, Command::Invite(Box::new(invite(1, 1))));
    let key = net.incoming(1).key;
    let headers = vec![("Reason".to_owned(), "Q.850;cause=17;text=\"busy\"".to_owned()), ("Via".to_owned(), "evil".to_owned())];
    net.command(1, Command::Reject { key, status: 486, reason: None, headers });
    assert_eq!(net.until(1, "end", ended), (EndedBy::Local, Some(486)));
    let (status, reason, cause) = net.until(0, "failure", |e| match e {
        Event::Failed { status, reason, cause, .. } => Some((*status, reason.clone(), cause.clone())),
        _ => None,
    });
    assert_eq!((status, reason.as_str(), cause.and_then(|c| c.q850_cause())), (486, "Busy Here", Some(17)));
    assert_eq!(last_sent(&net, 1, "SIP/2.0 486").matches("Via:").count(), 1);
    net.assert_clean();
}

#[test]
fn redirect_lists_its_targets() {
    let mut net = Net::new(2, 4);
    net.command(0, Command::Invite(Box::new(invite(1, 1))));
    let key = net.incoming(1).key;
    net.command(1, Command::Reject { key, status: 302, reason: None, headers: vec![("X-Note".into(), "a\r\nContact: <sip:x@y>".into())] });
    let (status, contacts) = net.until(0, "failure", |e| match e {
        Event::Failed { status, contacts, .. } => Some((*status, contacts.clone())),
        _ => None,
    });
    assert_eq!((status, contacts.len()), (302, 0), "line breaks in a header value smuggle no header");
    net.assert_clean();
}

#[test]
fn cancelled_while_ringing() {
    let mut net = Net::new(2, 5);
    net.command(0, Command::Invite(Box::new(invite(1, 1))));
    let key = net.incoming(1).key;
    net.command(1, Command::Provisional { key, status: 180, sdp: None, headers: vec![] });
    net.run_ms(100);
    net.command(0, Command::Cancel { key: DialogKey(1), reason: Some(Reason::sip(200)) });
    let reason = net.until(1, "CANCEL", |e| match e {
        Event::Ended { by: EndedBy::Remote, reason, .. } => Some(reason.clone()),
        _ => None,
    });
    assert_eq!(reason.and_then(|r| r.cause), Some(200));
    assert_eq!(net.until(0, "487", |e| matches!(e, Event::Failed { status: 487, .. }).then_some(487)), 487);
    assert_eq!(net.try_command(1, Command::Answer { key, answer: answer() }), Err(CommandError::Unknown));
    net.assert_clean();
}

/// CANCEL waits for a provisional response, and an answer that crosses it is acknowledged and hung up.
#[test]
fn cancel_at_once_and_crossed_by_the_answer() {
    let mut net = Net::new(2, 6);
    net.command(0, Command::Invite(Box::new(invite(1, 1))));
    net.command(0, Command::Bye { key: DialogKey(1), reason: None });
    assert!(!net.nodes[0].sent.iter().any(|m| m.starts_with(b"CANCEL")));
    let key = net.incoming(1).key;
    net.command(1, Command::Answer { key, answer: answer() });
    net.until(0, "487", |e| matches!(e, Event::Failed { status: 487, .. }).then_some(()));
    assert_eq!(net.until(1, "end", ended), (EndedBy::Remote, None));
    net.assert_clean();
}

#[test]
fn offer_in_the_answer() {
    let mut net = Net::new(2, 7);
    let mut bare = invite(1, 1);
    bare.sdp = None;
    net.command(0, Command::Invite(Box::new(bare)));
    let call = net.incoming(1);
    assert_eq!(call.sdp, None);
    net.command(1, Command::Answer { key: call.key, answer: answer() });
    net.until(0, "answer", |e| matches!(e, Event::Answered { sdp: Some(_), .. }).then_some(()));
    net.run_ms(700);
    net.command(0, Command::Ack { key: DialogKey(1), sdp: Bytes::from_static(OFFER) });
    let sdp = net.until(1, "ACK", |e| match e {
        Event::Acked { sdp, .. } => Some(sdp.clone()),
        _ => None,
    });
    assert_eq!(sdp.as_deref(), Some(OFFER));
    net.command(0, Command::Bye { key: DialogKey(1), reason: None });
    net.assert_clean();
}

#[test]
fn hold_and_resume_both_ways() {
    let mut net = Net::new(2, 8);
    let key = connect(&mut net);
    for (from, to, from_key, to_key) in [(0, 1, DialogKey(1), key), (1, 0, key, DialogKey(1))] {
        for _ in 0..2 {
            net.command(from, Command::ReInvite { key: from_key, sdp: Bytes::from_static(OFFER) });
            let got = net.until(to, "re-INVITE", |e| match e {
                Event::ReInvite { key, sdp } => Some((*key, sdp.clone())),
                _ => None,
            });
            assert_eq!((got.0, got.1.as_deref()), (to_key, Some(OFFER)));
            net.command(to, Command::AnswerReInvite { key: to_key, answer: answer() });
            let result = net.until(from, "result", |e| match e {
                Event::ReInviteResult { status, sdp, .. } => Some((*status, sdp.clone())),
                _ => None,
            });
            assert_eq!((result.0, result.1.as_deref()), (200, Some(ANSWER)));
            net.run_ms(100);
        }
    }
    net.command(1, Command::ReInvite { key, sdp: Bytes::from_static(OFFER) });
    net.until(0, "re-INVITE", |e| matches!(e, Event::ReInvite { .. }).then_some(()));
    net.command(0, Command::RejectReInvite { key: DialogKey(1), status: 488 });
    net.until(1, "488", |e| matches!(e, Event::ReInviteResult { status: 488, .. }).then_some(()));
    net.command(1, Command::Bye { key, reason: None });
    net.assert_clean();
}

/// Both sides offer at once: 491 on both, and each gets its turn (RFC 3261 §14.1).
#[test]
fn glare_is_resolved() {
    let mut net = Net::new(2, 9);
    let key = connect(&mut net);
    net.command(0, Command::ReInvite { key: DialogKey(1), sdp: Bytes::from_static(OFFER) });
    net.command(1, Command::ReInvite { key, sdp: Bytes::from_static(OFFER) });
    assert_eq!(net.try_command(1, Command::ReInvite { key, sdp: Bytes::from_static(OFFER) }), Err(CommandError::State));
    net.until(0, "re-INVITE", |e| matches!(e, Event::ReInvite { .. }).then_some(()));
    assert!(
        net.nodes[0].sent.iter().any(|m| m.starts_with(b"SIP/2.0 491")) && net.nodes[1].sent.iter().any(|m| m.starts_with(b"SIP/2.0 491"))
    );
    net.command(0, Command::AnswerReInvite { key: DialogKey(1), answer: answer() });
    net.until(1, "result", |e| matches!(e, Event::ReInviteResult { status: 200, .. }).then_some(()));
    net.until(1, "re-INVITE", |e| matches!(e, Event::ReInvite { .. }).then_some(()));
    net.command(1, Command::AnswerReInvite { key, answer: answer() });
    net.until(0, "result", |e| matches!(e, Event::ReInviteResult { status: 200, .. }).then_some(()));
    net.command(0, Command::Bye { key: DialogKey(1), reason: None });
    net.command(1, Command::Bye { key, reason: None });
    net.assert_clean();
}

#[test]
fn digits_by_info() {
    let mut net = Net::new(2, 10);
    let key = connect(&mut net);
    for digit in ['1', '#'] {
        let body = dtmf::relay_body(dtmf::Digit { digit, duration_ms: 100 });
        net.command(0, Command::Info { key: DialogKey(1), content_type: dtmf::RELAY_TYPE.into(), body });
        let (at, got) = net.until(1, "INFO", |e| match e {
            Event::Info { key, content_type, body } => Some((*key, dtmf::parse(content_type, body))),
            _ => None,
        });
        assert_eq!((at, got.map(|d| d.digit)), (key, Some(digit)));
    }
    net.command(0, Command::Bye { key: DialogKey(1), reason: None });
    net.assert_clean();
}

#[test]
fn calls_over_tcp() {
    let mut net = Net::new(2, 11);
    let mut over_tcp = invite(1, 1);
    over_tcp.target = Target::tcp(addr(1));
    net.command(0, Command::Invite(Box::new(over_tcp)));
    let call = net.incoming(1);
    assert_eq!(call.source.transport, Transport::Tcp);
    net.command(1, Command::Provisional { key: call.key, status: 180, sdp: None, headers: vec![] });
    net.command(1, Command::Answer { key: call.key, answer: answer() });
    net.until(0, "answer", |e| matches!(e, Event::Answered { .. }).then_some(()));
    net.until(1, "ACK", |e| matches!(e, Event::Acked { .. }).then_some(()));
    net.command(1, Command::ReInvite { key: call.key, sdp: Bytes::from_static(OFFER) });
    net.until(0, "re-INVITE", |e| matches!(e, Event::ReInvite { .. }).then_some(()));
    net.command(0, Command::AnswerReInvite { key: DialogKey(1), answer: answer() });
    net.until(1, "result", |e| matches!(e, Event::ReInviteResult { status: 200, .. }).then_some(()));
    assert_eq!((net.nodes[0].endpoint.stats().streams, net.nodes[1].endpoint.stats().streams), (1, 1), "one stream for both ways");
    assert!(net.nodes.iter().all(|n| n.sent.is_empty()));
    net.command(1, Command::Bye { key: call.key, reason: None });
    assert_eq!(net.until(0, "end", ended), (EndedBy::Remote, None));
    net.assert_clean();
}

#[test]
fn dead_tcp_target_fails_at_once() {
    let mut net = Net::new(2, 12);
    net.tcp_down = true;
    let mut over_tcp = invite(1, 1);
    over_tcp.target = Target::tcp(addr(1));
    net.command(0, Command::Invite(Box::new(over_tcp)));
    let start = net.now;
    net.until(0, "failure", |e| matches!(e, Event::Failed { status: 503, .. }).then_some(()));
    assert!(net.now.ms_since(start) < 100);
    net.assert_clean();
}

#[test]
fn blind_and_attended_transfer() {
    let mut net = Net::new(2, 13);
    let key = connect(&mut net);
    // The caller's phone is not ours in real life; here its REFER is written by hand.
    let ack = last_sent(&net, 0, "ACK");
    let line = |name: &str| ack.lines().find(|l| l.starts_with(name)).unwrap_or_else(|| panic!("{name}")).to_owned();
    let refer = |cseq: u32, to: &str| {
        format!(
            "REFER sip:4001@10.0.0.2:5060 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKrefer{cseq}\r\n{}\r\n{}\r\n{}\r\nCSeq: {cseq} REFER\r\nRefer-To: {to}\r\nContact: <sip:x@10.0.0.1>\r\nMax-Forwards: 70\r\n\r\n",
            line("From"),
            line("To"),
            line("Call-ID")
        )
    };
    let send = |net: &mut Net, text: String| {
        let now = net.now;
        net.nodes[1].endpoint.handle_input(now, Input::Datagram { socket: 0, peer: addr(0), bytes: text.into() });
        net.drain(1);
    };
    send(&mut net, refer(10, "<sip:4002@zhiyin.test>"));
    let got = net.until(1, "REFER", |e| match e {
        Event::Refer(r) => Some(r.clone()),
        _ => None,
    });
    assert_eq!((got.key, got.refer_to.uri.user(), got.replaces), (key, "4002", None));
    net.command(1, Command::AcceptRefer { key });
    assert!(last_sent(&net, 1, "SIP/2.0 202").contains("REFER"));
    let notify = last_sent(&net, 1, "NOTIFY");
    assert!(notify.contains("Event: refer;id=10\r\n") && notify.contains("SIP/2.0 100 Trying") && notify.contains("active"));
    net.command(1, Command::NotifyRefer { key, status: 200 });
    assert_eq!(last_sent(&net, 1, "NOTIFY"), notify, "one after the other: the first is not answered yet");
    net.run_ms(200);
    assert!(last_sent(&net, 1, "NOTIFY").contains("terminated"));
    assert_eq!(net.try_command(1, Command::NotifyRefer { key, status: 200 }), Err(CommandError::State));
    // Attended: Replaces names a leg that we hold (here the same one, which is enough to find it).
    let field = |l: String, f: &str| l.split(f).nth(1).expect("field").trim_start_matches(['=', ' ']).to_owned();
    let (ours, theirs) = (field(line("To"), "tag="), field(line("From"), "tag="));
    let call_id = line("Call-ID")["Call-ID: ".len()..].replace('@', "%40");
    send(&mut net, refer(11, &format!("<sip:4003@zhiyin.test?Replaces={call_id}%3Bto-tag%3D{ours}%3Bfrom-tag%3D{theirs}>")));
    let got = net.until(1, "REFER", |e| match e {
        Event::Refer(r) => Some(r.clone()),
        _ => None,
    });
    assert_eq!((got.replaces, got.refer_to.uri.user()), (Some(key), "4003"));
    net.command(1, Command::RejectRefer { key, status: 603 });
    net.command(1, Command::Bye { key, reason: None });
    net.assert_clean();
}

#[test]
fn first_response_limit_and_dead_targets() {
    let mut net = Net::new(1, 14);
    let mut nowhere = invite(1, 8);
    nowhere.first_response_ms = Some(4_000);
    net.command(0, Command::Invite(Box::new(nowhere)));
    net.command(0, Command::Invite(Box::new(invite(2, 8))));
    let start = net.now;
    let fail = |e: &Event| match e {
        Event::Failed { key, status, .. } => Some((key.0, *status)),
        _ => None,
    };
    assert_eq!(net.until(0, "408", fail), (1, 408));
    assert_eq!(net.now.ms_since(start), 4_000);
    assert_eq!(net.until(0, "408", fail), (2, 408));
    assert_eq!(net.now.ms_since(start), 32_000);
    net.assert_clean();
}

#[test]
fn options_probe_and_draining() {
    let mut net = Net::new(2, 15);
    let probe = |key: u64, to: usize| {
        let from = Party::new(uri("sip:probe@zhiyin.test"));
        Command::Options(Box::new(Options { key: RequestKey(key), target: Target::udp(addr(to)), request_uri: uri("sip:10.0.0.2"), from }))
    };
    let result = |e: &Event| match e {
        Event::OptionsResult { key, status } => Some((key.0, *status)),
        _ => None,
    };
    net.command(0, probe(1, 1));
    assert_eq!(net.until(0, "result", result), (1, Some(200)));
    net.nodes[1].endpoint.set_draining(true);
    net.command(0, probe(2, 1));
    assert_eq!(net.until(0, "result", result), (2, Some(503)));
    net.command(0, Command::Invite(Box::new(invite(1, 1))));
    let retry = net.until(0, "503", |e| match e {
        Event::Failed { status: 503, retry_after_s, .. } => Some(*retry_after_s),
        _ => None,
    });
    assert_eq!(retry, Some(5));
    net.command(0, probe(3, 7));
    assert_eq!(net.until(0, "result", result), (3, None));
    net.assert_clean();
}
