//! Nothing that arrives can make a session panic, grow or forget its peer.
use super::*;
use proptest::prelude::*;

fn busy_world() -> World {
    let mut w = World::new(&[(A, Codec::Pcmu, 700.0), (B, Codec::Pcma, 1000.0), (C, Codec::G722, 0.0)]);
    w.talkers.pop();
    w.command(Command::Bridge { a: A, b: B });
    w.command(Command::Bridge { a: B, b: C });
    w.command(Command::RecordStart { customer: A, sink: Box::new(Shelf::default()), token: 0 });
    w.run(100);
    w
}

/// One datagram: who gets it, on which socket, from the true peer or a stranger, and what it holds.
fn datagrams() -> impl Strategy<Value = Vec<(u8, bool, bool, Vec<u8>)>> {
    let random = proptest::collection::vec(any::<u8>(), 0..300);
    let header = (any::<u8>(), any::<u16>(), any::<u32>(), 0u32..3, proptest::collection::vec(any::<u8>(), 0..400)).prop_map(
        |(payload_type, sequence, timestamp, ssrc, payload)| {
            let known = [0, 8, 9, 101, 13, payload_type][usize::from(payload_type) % 6];
            let header = Header { payload_type: known, marker: false, sequence, timestamp, ssrc: 1000 + ssrc };
            rtp::write(&header, &payload, &mut [0; PACKET_BYTES_MAX]).to_vec()
        },
    );
    let report = (any::<u8>(), any::<u16>(), proptest::collection::vec(any::<u8>(), 0..200)).prop_map(|(kind, words, mut body)| {
        let mut out = vec![0x80 | (kind & 0x1f), 200 + kind % 4];
        out.extend(words.to_be_bytes());
        out.append(&mut body);
        out
    });
    let one = prop_oneof![random, header, report];
    proptest::collection::vec((1u8..4, any::<bool>(), any::<bool>(), one), 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn no_datagram_panics_or_stops_the_call(datagrams in datagrams()) {
        let mut w = busy_world();
        for (leg, rtcp, stranger, mut bytes) in datagrams {
            let leg = LegId(u32::from(leg));
            // C says nothing: whoever speaks first from anywhere is taken for it (latching), so strangers try the two who talk.
            let from = if stranger && leg != C { SocketAddr::from(([203, 0, 113, 6], 666)) } else { peer(leg) };
            let channel = if rtcp { Channel::Rtcp } else { Channel::Rtp };
            w.session.handle_rtp(w.now, leg, channel, from, &mut bytes, &mut w.out);
            w.run(20);
        }
        // Whatever came, the two who talk are heard again at the latest when the strange stream is over.
        w.run(3000);
        w.clear();
        w.run(1000);
        prop_assert!(w.sent(A).len() >= 49 && w.sent(B).len() >= 49);
        prop_assert!(share(w.sent(A), false, 1000.0) > 0.5, "{}", share(w.sent(A), false, 1000.0));
    }
}
