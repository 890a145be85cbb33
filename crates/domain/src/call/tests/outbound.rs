use super::*;

fn outside() -> Target {
    Target::Trunk { trunk: OUT, number: "5551234".into() }
}

#[test]
fn a_click_connects_the_browser_first_then_dials() {
    let mut rig = Rig::start(Origin::Click { user: ALICE, device: Device::Browser, target: outside() });
    assert_eq!(rig.first, "occupy alice | browser 0");
    assert_eq!(rig.up(L0), "dial 1 trunk 5551234 as 02155550000 | play 0 ringback loop");
    assert_eq!(rig.send(Input::LegRinging { leg: L1, early_media: false }), "");
    assert_eq!(rig.send(Input::LegRinging { leg: L1, early_media: true }), "stop 0 | bridge 0 1");
    assert_eq!(rig.later(2_000).up(L1), "bridge 1 0 | record");
    assert_eq!(rig.later(2_000).down(L1), "record stop | release 30000 | live-ended | hangup 0 200");
    assert_eq!(rig.outcome(), Some(Outcome::Handled));
    assert_eq!(rig.row().direction, crate::interaction::Direction::Outbound);
    assert_eq!((rig.row().agent, rig.row().trunk), (Some(ALICE), Some(OUT)));
}

#[test]
fn a_click_with_a_desk_phone_rings_it_first() {
    let mut rig = Rig::start(Origin::Click { user: ALICE, device: Device::DeskPhone, target: outside() });
    assert_eq!(rig.first, "occupy alice | dial 0 phone alice");
    assert_eq!(rig.up(L0), "dial 1 trunk 5551234 as 02155550000 | play 0 ringback loop");
    let mut rig = Rig::start(Origin::Click { user: ALICE, device: Device::DeskPhone, target: outside() });
    assert_eq!(rig.fail(L0, 486), "release 0 | live-ended | finished");
    assert_eq!(rig.outcome(), Some(Outcome::NotReached));
}

#[test]
fn busy_no_answer_and_failure_are_heard() {
    for (status, tone) in [(486, "busy"), (603, "busy"), (404, "congestion"), (503, "congestion")] {
        let mut rig = Rig::start(Origin::Click { user: ALICE, device: Device::Browser, target: outside() });
        rig.up(L0);
        assert_eq!(rig.fail(L1, status), format!("play 0 {tone}"));
        assert_eq!(rig.played(2), format!("release 0 | live-ended | hangup 0 {status}"));
        assert_eq!(rig.outcome(), Some(Outcome::NotReached));
        assert_eq!(rig.row().hangup.as_ref().unwrap().sip_status, Some(status));
    }
    let mut rig = Rig::start(Origin::Click { user: ALICE, device: Device::Browser, target: outside() });
    rig.up(L0);
    assert_eq!(rig.due(), "hangup 1 487 | play 0 congestion");
    assert_eq!(rig.down(L0), "release 0 | live-ended", "leaving during the tone");
    assert_eq!(rig.down(L1), "finished");
}

#[test]
fn an_agent_may_hang_up_while_it_rings() {
    let mut rig = Rig::start(Origin::Click { user: ALICE, device: Device::Browser, target: outside() });
    rig.up(L0);
    assert_eq!(rig.ask(Ask::HangUp), "release 0 | live-ended | hangup 0 200 | hangup 1 200 | ok");
    assert_eq!(rig.outcome(), Some(Outcome::NotReached));
}

#[test]
fn a_desk_phone_calls_a_colleague() {
    let mut rig = Rig::start(Origin::Phone { user: ALICE, target: Target::Agent(BOB) });
    assert_eq!(rig.first, "occupy alice | dial 1 phone bob");
    assert_eq!(rig.send(Input::LegRinging { leg: L1, early_media: false }), "ring 0");
    assert_eq!(rig.up(L1), "answer 0");
    assert_eq!(rig.up(L0), "occupy bob | bridge 1 0");
    assert_eq!(rig.down(L1), "release 0 | release 0 | live-ended | hangup 0 200");
    assert_eq!(rig.row().direction, crate::interaction::Direction::Internal);
    let mut rig = Rig::start(Origin::Phone { user: ALICE, target: Target::Agent(BOB) });
    assert_eq!(rig.fail(L1, 480), "release 0 | live-ended | hangup 0 480");
    assert_eq!(
        Rig::start(Origin::Phone { user: ALICE, target: Target::Agent(ALICE) }).first,
        "occupy alice | release 0 | live-ended | hangup 0 486"
    );
}

#[test]
fn a_desk_phone_that_dials_one_of_our_numbers_is_served() {
    let mut rig = Rig::start(Origin::Phone { user: BOB, target: Target::Number(number_id("4001")) });
    assert_eq!(rig.first, "occupy bob | answer 0 | identify");
    assert_eq!(rig.up(L0), "play 0 music loop | enqueue service p0");
    rig.send(Input::Offered { offer: OFFER, agent: ALICE, device: Device::DeskPhone });
    rig.up(L1);
    assert_eq!(rig.send(Input::Assigned { offer: OFFER, agent: ALICE, device: Device::DeskPhone }), "bridge 0 1 | record");
}

#[test]
fn a_desk_phone_dials_out() {
    let mut rig = Rig::start(Origin::Phone { user: ALICE, target: outside() });
    assert_eq!(rig.first, "occupy alice | dial 1 trunk 5551234 as 02155550000");
    assert_eq!(rig.send(Input::LegRinging { leg: L1, early_media: true }), "ring 0 early | bridge 0 1");
    assert_eq!(rig.up(L1), "answer 0");
    assert_eq!(rig.up(L0), "bridge 1 0 | record");
}

#[test]
fn the_dial_plan_prefers_our_numbers_then_people_then_the_longest_prefix() {
    let d = directory();
    assert_eq!(d.resolve("4001"), Some(Target::Number(number_id("4001"))));
    assert_eq!(d.resolve("2002"), Some(Target::Agent(BOB)));
    assert_eq!(d.resolve("9 (555) 12-34"), Some(Target::Trunk { trunk: OUT, number: "5551234".into() }));
    for nothing in ["", "9", "7777", "9;drop", "sip:x@y", &"9".repeat(40)] {
        assert_eq!(d.resolve(nothing), None, "{nothing}");
    }
}

#[test]
fn an_agent_is_reached_by_the_direct_line_before_the_menu() {
    let d = directory();
    assert_eq!(d.way_to(ALICE), Some(("4001".into(), None)));
    assert_eq!(d.way_to(UserId(Uuid::from_u128(9))), None);
}

#[test]
fn a_colleague_who_calls_our_own_number_uses_its_menu() {
    let origin = Origin::Click { user: ALICE, device: Device::Browser, target: Target::Number(number_id("4000")) };
    let mut rig = Rig::start(origin);
    assert!(rig.first.contains("occupy"), "{}", rig.first);
    assert_eq!(rig.up(L0), "play 0 welcome");
    assert_eq!(rig.ask(Ask::Dtmf("1".into())), "stop 0 | play 0 notice | ok");
    assert_eq!(rig.ask(Ask::Dtmf("x".into())), "refused: digits must be 0-9, A-D, * or #");
    assert_eq!(rig.ask(Ask::Hold), "refused: nobody is connected");
    let queued = rig.played(2);
    assert!(queued.ends_with("enqueue service p3"), "{queued}");
    assert!(rig.ask(Ask::HangUp).starts_with("leave caller_left"));
    rig.down(L0);
    assert_eq!(rig.outcome(), Some(Outcome::Abandoned));
}
