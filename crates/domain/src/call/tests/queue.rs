use super::*;
use crate::routing::OverflowTo;

fn waiting() -> Rig {
    let mut rig = Rig::inbound("4001");
    assert_eq!(rig.first, "answer 0 | identify");
    assert_eq!(rig.up(L0), "play 0 music loop | enqueue service p0");
    rig
}

fn offered(rig: &mut Rig, device: Device) -> String {
    rig.send(Input::Offered { offer: OFFER, agent: ALICE, device })
}
fn assigned(rig: &mut Rig, device: Device) -> String {
    rig.send(Input::Assigned { offer: OFFER, agent: ALICE, device })
}

#[test]
fn a_browser_agent_answers_and_is_recorded() {
    let mut rig = waiting();
    assert_eq!(offered(&mut rig, Device::Browser), "");
    assert_eq!(rig.later(2_000).send(Input::Assigned { offer: OFFER, agent: ALICE, device: Device::Browser }), "browser 1");
    assert_eq!(rig.later(100).up(L1), "bridge 0 1 | record");
    assert_eq!(rig.later(5_000).ask(Ask::HangUp), "record stop | release 30000 | live-ended | hangup 0 200 | hangup 1 200 | ok");
    assert_eq!(rig.segments, ["Entry 0 queued", "Offer 2100 answered", "Queue 2100 answered", "Talk 5000 agent_left"]);
    assert_eq!((rig.row().wait_ms, rig.row().talk_ms), (2_100, 5_000));
    assert_eq!(rig.row().agent, Some(ALICE));
}

#[test]
fn a_desk_phone_rings_at_once_and_accepts_by_answering() {
    let mut rig = waiting();
    assert_eq!(offered(&mut rig, Device::DeskPhone), "dial 1 phone alice");
    assert_eq!(rig.up(L1), "accept");
    assert_eq!(assigned(&mut rig, Device::DeskPhone), "bridge 0 1 | record");
    assert_eq!(rig.down(L1), "record stop | release 30000 | live-ended | hangup 0 200");
}

#[test]
fn an_unanswered_phone_is_let_go_and_the_next_agent_tried() {
    let mut rig = waiting();
    offered(&mut rig, Device::DeskPhone);
    assert_eq!(rig.send(Input::OfferEnded { offer: OFFER, result: "no_answer" }), "hangup 1 487");
    assert_eq!(rig.down(L1), "");
    assert_eq!(rig.send(Input::Offered { offer: OFFER_2, agent: BOB, device: Device::DeskPhone }), "dial 2 phone bob");
    assert!(rig.segments.contains(&"Offer 0 no_answer".to_string()));
}

#[test]
fn a_busy_phone_declines_for_its_agent() {
    let mut rig = waiting();
    offered(&mut rig, Device::DeskPhone);
    assert_eq!(rig.fail(L1, 486), "decline");
    assert_eq!(rig.send(Input::OfferEnded { offer: OFFER, result: "declined" }), "");
}

#[test]
fn an_answer_that_crosses_the_withdrawal_loses() {
    let mut rig = waiting();
    offered(&mut rig, Device::DeskPhone);
    rig.up(L1);
    assert_eq!(rig.send(Input::OfferEnded { offer: OFFER, result: "no_answer" }), "hangup 1 487");
    assert_eq!(rig.down(L1), "");
}

#[test]
fn a_click_takes_the_call_on_a_phone_that_has_not_rung_yet() {
    let mut rig = waiting();
    offered(&mut rig, Device::Browser);
    assert_eq!(assigned(&mut rig, Device::DeskPhone), "dial 1 phone alice");
    assert_eq!(rig.up(L1), "bridge 0 1 | record");
}

#[test]
fn a_browser_without_media_sends_the_caller_back_first_and_the_agent_away() {
    let mut rig = waiting();
    offered(&mut rig, Device::Browser);
    assigned(&mut rig, Device::Browser);
    assert_eq!(rig.due(), "hangup 1 408 | release 0 media_failed | play 0 music loop | enqueue service p0 head");
    assert_eq!(rig.down(L1), "");
    assert_eq!(rig.row().queued_at, Some(rig.row().started_at), "the place is kept");
}

#[test]
fn a_caller_who_comes_back_keeps_the_priority() {
    let mut rig = Rig::inbound("4000");
    rig.up(L0);
    rig.played(1);
    rig.played(2);
    rig.digit('1');
    offered(&mut rig, Device::Browser);
    assigned(&mut rig, Device::Browser);
    assert_eq!(rig.due(), "hangup 1 408 | release 0 media_failed | play 0 music loop | enqueue service p3 head");
}

#[test]
fn the_position_interrupts_the_music_and_never_a_connection() {
    let mut rig = waiting();
    assert_eq!(rig.send(Input::Announce { position: 3, wait: None }), "play 0 position3");
    assert_eq!(rig.send(Input::Announce { position: 2, wait: None }), "", "one at a time");
    assert_eq!(rig.played(2), "play 0 music loop");
    offered(&mut rig, Device::Browser);
    assigned(&mut rig, Device::Browser);
    assert_eq!(rig.send(Input::Announce { position: 1, wait: None }), "");
}

#[test]
fn a_caller_may_leave_while_waiting_ringing_or_connecting() {
    let mut rig = waiting();
    assert_eq!(rig.down(L0), "leave caller_left | live-ended | finished");
    assert_eq!(rig.outcome(), Some(Outcome::Abandoned));

    let mut rig = waiting();
    offered(&mut rig, Device::DeskPhone);
    assert_eq!(rig.down(L0), "leave caller_left | live-ended | hangup 1 200");
    assert_eq!(rig.down(L1), "finished");

    let mut rig = waiting();
    offered(&mut rig, Device::Browser);
    assigned(&mut rig, Device::Browser);
    assert_eq!(rig.down(L0), "release 0 | live-ended | hangup 1 200");
    assert_eq!(rig.outcome(), Some(Outcome::Abandoned));
}

#[test]
fn an_assignment_after_the_end_frees_the_agent() {
    let mut rig = waiting();
    rig.down(L0);
    assert_eq!(assigned(&mut rig, Device::Browser), "release 0");
}

#[test]
fn overflow_moves_on_or_says_goodbye() {
    let mut rig = waiting();
    assert_eq!(rig.send(Input::Overflow { to: OverflowTo::Queue { queue: SALES } }), "play 0 music loop | enqueue sales p0");
    assert_eq!(rig.send(Input::Overflow { to: OverflowTo::HangUp { prompt: Some("sorry".into()) } }), "play 0 sorry");
    assert_eq!(rig.played(3), "live-ended | hangup 0 480");
    assert_eq!(rig.outcome(), Some(Outcome::Overflowed));
}

#[test]
fn what_the_menu_gave_goes_along_until_an_agent_decides() {
    let mut rig = Rig::inbound("4000");
    rig.up(L0);
    rig.played(1);
    rig.played(2);
    rig.digit('1');
    assert_eq!(rig.send(Input::Overflow { to: OverflowTo::Queue { queue: SALES } }), "play 0 music loop | enqueue sales p3");
    offered(&mut rig, Device::Browser);
    assigned(&mut rig, Device::Browser);
    rig.up(L1);
    assert!(rig.ask(Ask::TransferQueue(SERVICE)).contains("enqueue service p0"));
}

#[test]
fn queues_that_overflow_into_each_other_end() {
    let mut rig = waiting();
    for _ in 0..OVERFLOWS_MAX {
        assert!(rig.send(Input::Overflow { to: OverflowTo::Queue { queue: SALES } }).contains("enqueue"));
    }
    assert_eq!(rig.send(Input::Overflow { to: OverflowTo::Queue { queue: SALES } }), "play 0 busy");
}

#[test]
fn a_router_that_lost_the_call_gets_it_again() {
    let mut rig = waiting();
    assert_eq!(rig.send(Input::EnqueueAgain), "enqueue service p0 again");
    assert_eq!(rig.send(Input::RouteRefused { why: "too many are waiting" }), "play 0 congestion");
}

#[test]
fn who_overflows_may_leave_a_message_in_the_queue() {
    let to = || OverflowTo::Voicemail { greeting: "greeting".into(), length_max_ms: 30_000 };
    let mut rig = waiting();
    offered(&mut rig, Device::DeskPhone);
    assert_eq!(rig.later(4_000).send(Input::Overflow { to: to() }), "hangup 1 487 | play 0 greeting+beep");
    assert_eq!(rig.played(2), "record");
    assert_eq!(rig.later(5_000).digit('#'), "record stop | live-ended | hangup 0 200");
    assert_eq!((rig.row().queue, rig.outcome()), (Some(SERVICE), Some(Outcome::SelfServed)));

    let mut rig = waiting();
    rig.send(Input::Overflow { to: to() });
    rig.down(L0);
    assert_eq!(rig.outcome(), Some(Outcome::Overflowed), "they had waited and left no message");
}

/// A caller in a queue with comfort prompts and ways out.
fn comforted() -> Rig {
    let mut rig = Rig::inbound("5007");
    rig.up(L0);
    rig
}

#[test]
fn comfort_prompts_come_in_turn_between_the_music() {
    let mut rig = comforted();
    assert_eq!(rig.due(), "play 0 comfort1");
    assert_eq!(rig.send(Input::Announce { position: 1, wait: None }), "", "one at a time");
    assert_eq!(rig.played(2), "play 0 music loop");
    assert_eq!(rig.due(), "play 0 comfort2");
    assert_eq!(rig.played(4), "play 0 music loop");
    assert_eq!(rig.due(), "play 0 comfort1");
    rig.send(Input::Offered { offer: OFFER, agent: ALICE, device: Device::Browser });
    rig.send(Input::Assigned { offer: OFFER, agent: ALICE, device: Device::Browser });
    rig.later(9_000);
    assert_eq!(rig.send(Input::Tick), "", "somebody who is being connected hears nothing of it");
}

#[test]
fn the_wait_is_said_with_the_position() {
    let wait = Some(crate::estimate::Spoken::About { minutes: 5 });
    let mut rig = waiting();
    assert_eq!(rig.send(Input::Announce { position: 3, wait }), "play 0 position3+about 5 minutes");
}

#[test]
fn keys_lead_out_of_the_line() {
    for (digit, heard, outcome) in [
        ('1', "leave voicemail | play 0 greeting+beep", Outcome::Overflowed),
        ('2', "leave key | play 0 music loop | enqueue sales p0", Outcome::Abandoned),
        ('#', "leave key | play 0 bye", Outcome::Overflowed),
        ('9', "", Outcome::Abandoned),
    ] {
        let mut rig = comforted();
        assert_eq!(rig.later(3_000).digit(digit), heard, "{digit}");
        rig.down(L0);
        assert!(rig.call.is_finished());
        assert_eq!(rig.outcome(), Some(outcome), "{digit}");
        assert_eq!(rig.row().wait_ms, 3_000, "{digit}");
        assert_eq!(rig.events.contains(&"digit".to_owned()), digit != '9');
    }
}

#[test]
fn a_key_stops_the_phone_that_rings_and_not_the_agent_who_has_answered() {
    let mut rig = comforted();
    offered(&mut rig, Device::DeskPhone);
    assert_eq!(rig.digit('1'), "leave voicemail | hangup 1 487 | play 0 greeting+beep");
    assert_eq!(assigned(&mut rig, Device::DeskPhone), "release 0", "too late");
    assert_eq!(rig.played(2), "record");

    let mut rig = comforted();
    offered(&mut rig, Device::Browser);
    assigned(&mut rig, Device::Browser);
    assert_eq!(rig.digit('1'), "");
}
