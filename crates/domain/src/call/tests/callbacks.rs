//! Callbacks: asked for in the line and past it, and called.
use super::*;
use crate::callback::End;
use crate::routing::OverflowTo;

/// In a queue with a key for it, called from outside.
fn waiting() -> Rig {
    let mut rig = Rig::start_from(Origin::Inbound { number: number_id("5007") }, Some(OUT), "13800001111");
    rig.up(L0);
    rig
}

#[test]
fn a_caller_keeps_the_place_and_hangs_up() {
    let mut rig = waiting();
    assert_eq!(rig.later(5_000).digit('3'), "play 0 ask");
    assert_eq!(rig.send(Input::Announce { position: 1, wait: None }), "", "the caller is thinking");
    assert_eq!(rig.played(2), "play 0 music loop", "still in the line");
    assert_eq!(rig.digit('1'), "book 13800001111 p0");
    assert_eq!(rig.digit('1'), "", "asked once");
    assert_eq!(rig.send(Input::Booked { taken: true }), "leave callback | play 0 booked");
    assert_eq!(rig.played(4), "live-ended | hangup 0 200");
    assert_eq!(rig.outcome(), Some(Outcome::CallbackBooked));
    assert!(rig.segments.contains(&"Queue 5000 callback".to_owned()), "{:?}", rig.segments);
}

#[test]
fn another_number_is_typed() {
    let mut rig = waiting();
    rig.digit('3');
    assert_eq!(rig.digit('2'), "play 0 other");
    for digit in "139".chars() {
        assert_eq!(rig.digit(digit), "");
    }
    assert_eq!(rig.digit('*'), "play 0 other", "from the beginning");
    for digit in "02166668888".chars() {
        rig.digit(digit);
    }
    assert_eq!(rig.digit('#'), "book 02166668888 p0");
}

#[test]
fn who_calls_from_nowhere_types_a_number() {
    let mut rig = Rig::start_from(Origin::Inbound { number: number_id("5007") }, None, "anonymous");
    rig.up(L0);
    assert_eq!(rig.digit('3'), "play 0 other", "no number to call");
    for digit in "13900001111".chars() {
        rig.digit(digit);
    }
    assert_eq!(rig.later(8_000).send(Input::Tick), "book 13900001111 p0", "who types nothing more is done");
}

#[test]
fn a_caller_who_does_not_want_it_waits_on() {
    let mut rig = waiting();
    rig.digit('3');
    assert_eq!(rig.digit('*'), "play 0 music loop");
    assert_eq!(rig.digit('#'), "leave key | play 0 bye", "the other keys work again");
    // Nothing pressed: asked once more, then music.
    let mut rig = waiting();
    rig.digit('3');
    rig.played(2);
    assert_eq!(rig.later(7_999).send(Input::Tick), "");
    assert_eq!(rig.later(1).send(Input::Tick), "play 0 ask");
    rig.played(4);
    assert_eq!(rig.due(), "play 0 music loop | play 0 comfort2", "the line goes on as before");
}

#[test]
fn a_book_that_refuses_leaves_the_caller_in_line() {
    let mut rig = waiting();
    rig.digit('3');
    rig.digit('1');
    assert_eq!(rig.send(Input::Booked { taken: false }), "play 0 music loop");
}

#[test]
fn an_agent_who_is_faster_wins() {
    let mut rig = waiting();
    rig.digit('3');
    rig.digit('1');
    rig.send(Input::Offered { offer: OFFER, agent: ALICE, device: Device::Browser });
    rig.send(Input::Assigned { offer: OFFER, agent: ALICE, device: Device::Browser });
    assert_eq!(rig.send(Input::Booked { taken: true }), "unbook");
    assert_eq!(rig.up(L1), "bridge 0 1 | record");
}

#[test]
fn a_closed_number_offers_it_too() {
    let mut rig = Rig::start_from(Origin::Inbound { number: number_id("5010") }, Some(OUT), "13800001111");
    assert_eq!(rig.up(L0), "play 0 ask");
    assert_eq!(rig.digit('1'), "book 13800001111 p0");
    assert_eq!(rig.send(Input::Booked { taken: true }), "play 0 booked");
    assert_eq!((rig.played(2).as_str(), rig.outcome()), ("live-ended | hangup 0 200", Some(Outcome::CallbackBooked)));
    let mut rig = Rig::start_from(Origin::Inbound { number: number_id("5010") }, Some(OUT), "13800001111");
    rig.up(L0);
    assert_eq!(rig.digit('*'), "play 0 busy");
    assert_eq!((rig.played(2).as_str(), rig.outcome()), ("live-ended | hangup 0 480", Some(Outcome::Overflowed)));
}

fn order(mode: CallbackMode) -> CallbackOrder {
    let since = Timestamp::from_ms(1_800_000_000_000 - 240_000);
    CallbackOrder { queue: SERVICE, priority: 2, needs: None, since, mode, trunk: Some(OUT) }
}

fn call_back_with(mode: CallbackMode) -> Rig {
    Rig::start(Origin::Callback(Box::new(order(mode))))
}

#[test]
fn agent_first_takes_the_place_then_calls() {
    let mut rig = call_back_with(CallbackMode::AgentFirst);
    assert_eq!(rig.first, "identify | enqueue service p2 AgentFirst");
    assert!(rig.rows.is_empty() && rig.events.is_empty(), "a place is no interaction yet");
    assert!(rig.call.is_waiting());
    assert_eq!(rig.send(Input::Announce { position: 1, wait: None }), "", "nobody is on the line");
    assert_eq!(rig.send(Input::EnqueueAgain), "enqueue service p2 again AgentFirst");
    assert_eq!(rig.later(60_000).send(Input::Offered { offer: OFFER, agent: ALICE, device: Device::Browser }), "");
    assert_eq!(rig.events, ["interaction_started"]);
    assert_eq!(rig.send(Input::Assigned { offer: OFFER, agent: ALICE, device: Device::Browser }), "browser 0");
    assert_eq!(rig.up(L0), "dialled | dial 1 trunk 13800001111 as 02155550000 | play 0 ringback loop");
    assert_eq!(rig.send(Input::LegRinging { leg: L1, early_media: false }), "");
    assert_eq!(rig.up(L1), "bridge 1 0 | record");
    assert_eq!(rig.later(9_000).down(L1), "record stop | release 30000 | live-ended | hangup 0 200");
    assert_eq!((rig.outcome(), rig.call.callback_end()), (Some(Outcome::Handled), Some(End::Reached)));
}

#[test]
fn agent_first_on_a_desk_phone() {
    let mut rig = call_back_with(CallbackMode::AgentFirst);
    assert_eq!(rig.send(Input::Offered { offer: OFFER, agent: ALICE, device: Device::DeskPhone }), "dial 0 phone alice");
    assert_eq!(rig.up(L0), "accept");
    let assigned = rig.send(Input::Assigned { offer: OFFER, agent: ALICE, device: Device::DeskPhone });
    assert_eq!(assigned, "dialled | dial 1 trunk 13800001111 as 02155550000 | play 0 ringback loop");
}

#[test]
fn a_customer_who_is_not_reached_frees_the_agent() {
    for (sip, tone) in [(486, "busy"), (480, "congestion"), (404, "congestion")] {
        let mut rig = call_back_with(CallbackMode::AgentFirst);
        rig.send(Input::Offered { offer: OFFER, agent: ALICE, device: Device::Browser });
        rig.send(Input::Assigned { offer: OFFER, agent: ALICE, device: Device::Browser });
        rig.up(L0);
        assert_eq!(rig.fail(L1, sip), format!("play 0 {tone}"));
        assert_eq!(rig.due(), format!("release 0 | live-ended | hangup 0 {sip}"));
        let Some(End::NotAnswered(cause)) = rig.call.callback_end() else { panic!("{:?}", rig.call.callback_end()) };
        assert_eq!((cause.sip, rig.outcome()), (sip, Some(Outcome::NotReached)));
    }
}

#[test]
fn customer_first_calls_in_its_turn_and_holds_the_head() {
    let mut rig = call_back_with(CallbackMode::CustomerFirst);
    assert_eq!(rig.first, "identify | enqueue service p2 CustomerFirst");
    assert_eq!(rig.send(Input::Turn), "dialled | dial 0 trunk 13800001111 as 02155550000");
    assert_eq!(rig.send(Input::Turn), "", "once");
    assert_eq!(rig.later(6_000).up(L0), "play 0 music loop | enqueue service p2 head OnTheLine");
    rig.send(Input::Offered { offer: OFFER, agent: ALICE, device: Device::Browser });
    rig.send(Input::Assigned { offer: OFFER, agent: ALICE, device: Device::Browser });
    assert_eq!(rig.up(L1), "bridge 0 1 | record");
    assert!(rig.ask(Ask::TransferQueue(SALES)).contains("enqueue sales p0"), "from here on a call like any other");
    assert_eq!(rig.call.callback_end(), Some(End::Reached));
}

#[test]
fn customer_first_that_fails_frees_whoever_is_kept() {
    let mut rig = call_back_with(CallbackMode::CustomerFirst);
    rig.send(Input::Turn);
    assert_eq!(rig.due(), "leave not_reached | live-ended | hangup 0 480");
    rig.down(L0);
    assert!(matches!(rig.call.callback_end(), Some(End::NotAnswered(Cause { sip: 480, .. }))));
    let mut rig = call_back_with(CallbackMode::CustomerFirst);
    rig.send(Input::Turn);
    rig.up(L0);
    rig.down(L0);
    assert_eq!(rig.call.callback_end(), Some(End::CustomerLeft));
    let mut rig = call_back_with(CallbackMode::CustomerFirst);
    rig.send(Input::Turn);
    rig.up(L0);
    rig.send(Input::Overflow { to: OverflowTo::HangUp { prompt: None } });
    rig.due();
    rig.down(L0);
    assert_eq!(rig.call.callback_end(), Some(End::NoAgent));
}

#[test]
fn a_place_that_is_lost_costs_nothing() {
    for input in [Input::Overflow { to: OverflowTo::HangUp { prompt: None } }, Input::RouteRefused { why: "full" }, Input::Withdrawn] {
        let mut rig = call_back_with(CallbackMode::AgentFirst);
        let effects = rig.send(input);
        assert!(effects.ends_with("finished"), "{effects}");
        assert!(rig.rows.is_empty() && rig.events.is_empty());
        assert_eq!(rig.call.callback_end(), Some(End::NotDialled));
    }
}

#[test]
fn withdrawn_while_it_rings_but_not_while_they_talk() {
    let mut rig = call_back_with(CallbackMode::CustomerFirst);
    rig.send(Input::Turn);
    assert_eq!(rig.send(Input::Withdrawn), "leave not_reached | live-ended | hangup 0 487");
    let mut rig = call_back_with(CallbackMode::AgentFirst);
    rig.send(Input::Offered { offer: OFFER, agent: ALICE, device: Device::Browser });
    rig.send(Input::Assigned { offer: OFFER, agent: ALICE, device: Device::Browser });
    rig.up(L0);
    rig.up(L1);
    assert_eq!(rig.send(Input::Withdrawn), "");
}

#[test]
fn the_way_to_a_customer() {
    let d = directory();
    let way = |number: &str, usual| match d.way_out(number, usual) {
        Some(Target::Trunk { trunk, number }) => format!("{} {number}", if trunk == OUT { "out" } else { "?" }),
        other => format!("{other:?}"),
    };
    assert_eq!(way("13800001111", Some(OUT)), "out 13800001111", "back where they came in");
    assert_eq!(way("913800001111", Some(OUT)), "out 913800001111", "staff's prefix is no part of it");
    assert_eq!(way("913800001111", None), "out 13800001111", "as dialled");
    assert_eq!(way("13800001111", None), "out 13800001111", "the outside line");
    assert_eq!(way("+8613800001111", None), "out +8613800001111");
    for ours in ["2001", "4000", "12", "anonymous", "", "138 0000", "123456789012345678901"] {
        assert_eq!(way(ours, Some(OUT)), "None", "{ours}");
    }
}

#[test]
fn without_a_way_out_it_is_a_try_that_failed() {
    for mode in [CallbackMode::AgentFirst, CallbackMode::CustomerFirst] {
        let mut rig = Rig::start_from(Origin::Callback(Box::new(order(mode))), None, "4000");
        if mode == CallbackMode::CustomerFirst {
            assert_eq!(rig.send(Input::Turn), "dialled | leave not_reached | leave ended | live-ended | finished");
        } else {
            rig.send(Input::Offered { offer: OFFER, agent: ALICE, device: Device::Browser });
            rig.send(Input::Assigned { offer: OFFER, agent: ALICE, device: Device::Browser });
            assert_eq!(rig.up(L0), "dialled | play 0 congestion");
            rig.due();
            rig.down(L0);
        }
        assert_eq!(rig.call.callback_end(), Some(End::NotAnswered(Cause::UNAVAILABLE)), "{mode:?}");
    }
}
