//! Stays out of events.
use super::*;

#[test]
fn a_stay_knows_its_wait_its_ringing_and_its_work() {
    let mut tape = Tape::default();
    tape.started(0, 1, Direction::Inbound);
    tape.push(at(1_000), Some(call(1)), None, Some(Q), EventKind::Queued { priority: 3, callback: false });
    let offer = |n| EventKind::Offered { offer: OfferId(Uuid::from_u128(n)), ring_timeout_ms: 20_000 };
    tape.push(at(5_000), Some(call(1)), Some(BOB), Some(Q), offer(1));
    tape.push(at(26_000), Some(call(1)), Some(ALICE), Some(Q), offer(2));
    tape.dequeued(30_000, 1, Q, "answered");
    tape.answered(31_000, 1, Q, ALICE);
    tape.talk(41_000, 1, EventKind::Held);
    tape.talk(51_000, 1, EventKind::Unheld);
    tape.ended(91_000, 1, Outcome::Handled, HangupBy::Customer);
    tape.wrap_up(96_000, 1, 5_000);
    let found = stays(&tape.events);
    let expected = Stay {
        interaction: call(1),
        queue: Q,
        at: at(1_000),
        wait_ms: 30_000,
        end: StayEnd::Answered,
        priority: 3,
        agent: Some(ALICE),
        ring_ms: Some(5_000),
        talk_ms: 50_000,
        hold_ms: 10_000,
        wrap_up_ms: 5_000,
    };
    assert_eq!(found, [expected]);
    tape.events.reverse();
    assert_eq!(stays(&tape.events), found, "the order of events does not matter");
}

#[test]
fn one_contact_may_stay_in_several_queues() {
    let mut tape = Tape::default();
    tape.started(0, 1, Direction::Inbound);
    tape.queued(0, 1, Q);
    tape.dequeued(10_000, 1, Q, "wait_max");
    tape.queued(10_000, 1, Q2);
    tape.dequeued(14_000, 1, Q2, "answered");
    tape.answered(14_000, 1, Q2, BOB);
    tape.push(at(74_000), Some(call(1)), Some(BOB), Some(Q2), EventKind::Transferred { to: String::new() });
    tape.queued(74_000, 1, Q);
    tape.ended(80_000, 1, Outcome::Abandoned, HangupBy::Customer);
    let told: Vec<_> = stays(&tape.events).into_iter().map(|s| (s.queue, s.at, s.wait_ms, s.end, s.talk_ms)).collect();
    assert_eq!(
        told,
        [
            (Q, at(0), 10_000, StayEnd::FlowOut, 0),
            (Q2, at(10_000), 4_000, StayEnd::Answered, 60_000),
            (Q, at(74_000), 6_000, StayEnd::Abandoned, 0),
        ]
    );
}

#[test]
fn who_waits_still_and_who_was_lost() {
    let mut tape = Tape::default();
    tape.started(0, 1, Direction::Inbound);
    tape.queued(0, 1, Q);
    tape.started(1_000, 2, Direction::Inbound);
    tape.queued(1_000, 2, Q);
    tape.push(at(9_000), Some(call(2)), None, None, EventKind::InteractionLost);
    let ends: Vec<StayEnd> = stays(&tape.events).iter().map(|s| s.end).collect();
    assert_eq!(ends, [StayEnd::Waiting, StayEnd::Lost]);
}
