use super::*;

#[test]
fn hold_gives_music_and_is_counted() {
    let mut rig = Rig::talking();
    assert_eq!(rig.later(1_000).ask(Ask::Hold), "unbridge | play 0 music loop | ok");
    assert_eq!(rig.ask(Ask::Hold), "ok", "twice is once");
    assert_eq!(rig.later(2_000).ask(Ask::Unhold), "bridge 0 1 | ok");
    rig.later(500).down(L0);
    assert_eq!((rig.row().talk_ms, rig.row().hold_ms), (1_500, 2_000));
    assert!(rig.events.contains(&"held".into()) && rig.events.contains(&"unheld".into()));
}

#[test]
fn the_phones_own_hold_does_the_same_and_the_customers_does_not() {
    let mut rig = Rig::talking();
    assert_eq!(rig.send(Input::LegHeld { leg: L1, held: true }), "unbridge | play 0 music loop");
    assert_eq!(rig.send(Input::LegHeld { leg: L1, held: false }), "bridge 0 1");
    assert_eq!(rig.send(Input::LegHeld { leg: L0, held: true }), "");
}

#[test]
fn mute_and_digits() {
    let mut rig = Rig::talking();
    assert_eq!(rig.ask(Ask::Mute(true)), "mute 1 true | ok");
    assert_eq!(rig.ask(Ask::Mute(true)), "ok");
    assert_eq!(rig.ask(Ask::Dtmf("12#a".into())), "digits 0 12#A | ok");
    assert_eq!(rig.ask(Ask::Dtmf("12x".into())), "refused: digits must be 0-9, A-D, * or #");
}

#[test]
fn orders_need_a_connection() {
    let mut rig = Rig::inbound("4001");
    assert_eq!(rig.ask(Ask::Hold), "refused: nobody is connected");
    rig.down(L0);
    assert_eq!(rig.ask(Ask::HangUp), "refused: the call has ended");
}

#[test]
fn a_transfer_to_a_queue_frees_the_agent_and_keeps_the_recording() {
    let mut rig = Rig::talking();
    assert_eq!(
        rig.later(4_000).ask(Ask::TransferQueue(SALES)),
        "unbridge | hangup 1 200 | release 30000 | play 0 music loop | enqueue sales p0 | ok"
    );
    rig.down(L1);
    rig.send(Input::Offered { offer: OFFER_2, agent: BOB, device: Device::DeskPhone });
    rig.up(L2);
    assert_eq!(rig.send(Input::Assigned { offer: OFFER_2, agent: BOB, device: Device::DeskPhone }), "bridge 0 2");
    assert_eq!(rig.down(L2), "record stop | release 30000 | live-ended | hangup 0 200");
    assert_eq!(rig.row().agent, Some(BOB));
    assert_eq!(rig.events.iter().filter(|e| *e == "transferred").count(), 1);
}

#[test]
fn a_transfer_to_a_person_who_does_not_answer_comes_back_to_the_queue() {
    let mut rig = Rig::talking();
    assert_eq!(rig.ask(Ask::TransferAgent(BOB)), "unbridge | hangup 1 200 | release 30000 | play 0 music loop | offer-to bob | ok");
    rig.send(Input::Offered { offer: OFFER_2, agent: BOB, device: Device::Browser });
    assert_eq!(rig.send(Input::OfferEnded { offer: OFFER_2, result: "no_answer" }), "play 0 music loop | enqueue service p0 head");
    let mut rig = Rig::talking();
    rig.ask(Ask::TransferAgent(BOB));
    assert_eq!(rig.send(Input::RouteRefused { why: "the agent is offline" }), "play 0 music loop | enqueue service p0 head");
    assert_eq!(Rig::talking().ask(Ask::TransferAgent(ALICE)), "refused: this agent is already in the call");
}

#[test]
fn a_transfer_outside_rings_talks_and_comes_back_when_it_fails() {
    let target = || Target::Trunk { trunk: OUT, number: "5551234".into() };
    let mut rig = Rig::talking();
    let said = rig.ask(Ask::TransferTo { dialled: "95551234".into(), target: target() });
    assert_eq!(said, "unbridge | hangup 1 200 | release 30000 | dial 2 trunk 5551234 as 02155550000 | play 0 ringback loop | ok");
    rig.down(L1);
    assert_eq!(rig.send(Input::LegRinging { leg: L2, early_media: true }), "stop 0 | bridge 0 2");
    assert_eq!(rig.up(L2), "bridge 0 2");
    assert_eq!(rig.down(L0), "record stop | live-ended | hangup 2 200");

    let mut rig = Rig::talking();
    rig.ask(Ask::TransferTo { dialled: "95551234".into(), target: target() });
    assert_eq!(rig.fail(L2, 486), "play 0 music loop | enqueue service p0 head");
}

#[test]
fn a_transfer_to_one_of_our_numbers_runs_its_plan() {
    let mut rig = Rig::talking();
    let said = rig.ask(Ask::TransferTo { dialled: "4000".into(), target: Target::Number(number_id("4000")) });
    assert_eq!(said, "unbridge | hangup 1 200 | release 30000 | play 0 welcome | ok");
}

#[test]
fn a_refer_from_the_agents_phone_is_a_blind_transfer() {
    let mut rig = Rig::talking();
    assert_eq!(rig.send(Input::Referred { leg: L1, dialled: "5".into(), target: None }), "refer 404");
    assert_eq!(rig.send(Input::Referred { leg: L0, dialled: "2002".into(), target: Some(Target::Agent(BOB)) }), "refer 603");
    let said = rig.send(Input::Referred { leg: L1, dialled: "2002".into(), target: Some(Target::Agent(BOB)) });
    assert_eq!(said, "refer 200 | unbridge | hangup 1 200 | release 30000 | play 0 music loop | offer-to bob");
}

#[test]
fn an_attended_transfer_puts_the_consulted_colleague_in() {
    let mut rig = Rig::talking();
    rig.send(Input::LegHeld { leg: L1, held: true });
    let said = rig.send(Input::Adopt { replaces: L1, agent: Some(BOB) });
    assert_eq!(said, "stop 0 | unbridge | hangup 1 200 | release 30000 | adopt 2 | occupy bob | bridge 0 2");
    assert_eq!(rig.down(L1), "");
    assert_eq!(rig.down(L0), "record stop | release 30000 | live-ended | hangup 2 200");
    assert_eq!(rig.row().agent, Some(BOB));
}

#[test]
fn the_consultation_ends_without_the_leg_it_gave_away() {
    let mut rig = Rig::start(Origin::Phone { user: ALICE, target: Target::Agent(BOB) });
    rig.up(L1);
    rig.up(L0);
    assert_eq!(rig.send(Input::GivenAway { leg: L1 }), "release 0 | release 0 | live-ended | hangup 0 200");
    assert_eq!(rig.down(L0), "finished");
    assert_eq!(rig.outcome(), Some(Outcome::Handled));
}

#[test]
fn a_lost_browser_comes_back_within_the_time() {
    let mut rig = Rig::talking();
    rig.ask(Ask::Mute(true));
    assert_eq!(rig.send(Input::MediaLost { leg: L1 }), "unbridge | play 0 music loop");
    assert_eq!(rig.later(3_000).send(Input::Resumed { request: 1 }), "hangup 1 200 | ok | browser 2");
    assert_eq!(rig.down(L1), "");
    assert_eq!(rig.up(L2), "mute 2 true | bridge 0 2");
    assert!(rig.call.next_timeout().unwrap().1 == Timer::CallMax, "nothing else is pending");
}

#[test]
fn a_reload_faster_than_its_detection_is_the_same() {
    let mut rig = Rig::talking();
    assert_eq!(rig.send(Input::Resumed { request: 1 }), "hangup 1 200 | ok | unbridge | play 0 music loop | browser 2");
    assert_eq!(rig.send(Input::MediaLost { leg: L1 }), "", "the old one's end means nothing");
    assert_eq!(rig.up(L2), "bridge 0 2");
}

#[test]
fn a_browser_that_stays_away_sends_the_caller_back_first() {
    let mut rig = Rig::talking();
    rig.send(Input::MediaLost { leg: L1 });
    let said = rig.due();
    assert_eq!(said, "unbridge | hangup 1 200 | release 30000 media_failed | play 0 music loop | enqueue service p0 head");
    assert_eq!(rig.send(Input::Resumed { request: 1 }), "refused: this call cannot be resumed");
}

#[test]
fn the_longest_call_ends() {
    let mut rig = Rig::talking();
    rig.later(Limits::default().call_max_ms);
    assert_eq!(rig.send(Input::Tick), "record stop | release 30000 | live-ended | hangup 0 200 | hangup 1 200");
    assert_eq!(rig.row().hangup.as_ref().unwrap().by, crate::interaction::HangupBy::System);
}

#[test]
fn ids_of_segments_are_unique() {
    let mut rig = Rig::inbound("4001");
    let mut out = Vec::new();
    rig.call.handle(rig.now, Input::LegUp { leg: L0 }, &mut out);
    rig.call.handle(rig.now, Input::Offered { offer: OFFER, agent: ALICE, device: Device::Browser }, &mut out);
    rig.call.handle(rig.now, Input::LegDown { leg: L0, cause: Cause::NORMAL }, &mut out);
    let mut ids: Vec<_> = out.iter().filter_map(|e| if let Effect::Segment(s) = e { Some(s.id) } else { None }).collect();
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), all), (3, 3));
}
