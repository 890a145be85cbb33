use super::*;

#[test]
fn a_menu_choice_leads_to_its_queue_with_the_reason() {
    let mut rig = Rig::inbound("4000");
    assert_eq!(rig.first, "answer 0 | identify");
    assert_eq!(rig.up(L0), "play 0 welcome");
    assert_eq!(rig.played(1), "play 0 notice");
    assert_eq!(rig.played(2), "play 0 menu");
    assert_eq!(rig.digit('1'), "stop 0 | play 0 music loop | enqueue service p3");
    assert_eq!(rig.segments, ["Entry 0 menu", "Menu 0 digit_1"]);
    assert_eq!(rig.row().queue, Some(SERVICE));
}

#[test]
fn what_the_menu_asks_for_holds_until_an_agent_decides() {
    let mut rig = Rig::inbound("4000");
    rig.up(L0);
    rig.played(1);
    rig.played(2);
    assert_eq!(rig.digit('3'), "stop 0 | play 0 music loop | enqueue service p0 needs english >= 3");
    let on = rig.send(Input::Overflow { to: crate::routing::OverflowTo::Queue { queue: SALES } });
    assert!(on.ends_with("enqueue sales p0 needs english >= 3"), "{on}");
    rig.send(Input::Offered { offer: OFFER, agent: ALICE, device: Device::Browser });
    rig.send(Input::Assigned { offer: OFFER, agent: ALICE, device: Device::Browser });
    rig.up(L1);
    let on = rig.ask(Ask::TransferQueue(SERVICE));
    assert!(on.contains("enqueue service p0") && !on.contains("needs"), "{on}");
}

#[test]
fn a_choice_that_led_nowhere_asks_for_nothing() {
    let mut rig = Rig::inbound("4000");
    rig.up(L0);
    rig.played(1);
    rig.played(2);
    rig.digit('9');
    rig.digit('7');
    assert!(rig.digit('7').ends_with("enqueue sales p0"));
    assert_eq!(rig.call.chosen, Chosen::default());
}

#[test]
fn a_digit_during_the_welcome_is_kept_but_the_notice_is_heard() {
    let mut rig = Rig::inbound("4000");
    rig.up(L0);
    assert_eq!(rig.digit('1'), "stop 0 | play 0 notice");
    assert_eq!(rig.digit('1'), "", "the notice is not cut");
    assert_eq!(rig.played(2), "play 0 music loop | enqueue service p3");
}

#[test]
fn silence_and_wrong_digits_repeat_the_menu_then_go_otherwise() {
    let mut rig = Rig::inbound("4000");
    rig.up(L0);
    rig.played(1);
    rig.played(2);
    rig.played(3);
    assert_eq!(rig.due(), "play 0 menu", "after 5 s of silence");
    assert_eq!(rig.digit('7'), "stop 0 | play 0 music loop | enqueue sales p0");
}

#[test]
fn information_is_followed_by_the_menu_again() {
    let mut rig = Rig::inbound("4000");
    rig.up(L0);
    rig.played(1);
    rig.played(2);
    assert_eq!(rig.digit('2'), "stop 0 | play 0 hours");
    assert_eq!(rig.played(4), "play 0 menu");
    assert_eq!(rig.digit('9'), "stop 0 | play 0 menu");
    assert_eq!(rig.digit('0'), "stop 0 | play 0 bye");
    assert_eq!(rig.played(7), "live-ended | hangup 0 200");
    assert_eq!(rig.down(L0), "finished");
    assert_eq!(rig.outcome(), Some(Outcome::SelfServed));
}

#[test]
fn a_stale_play_end_changes_nothing() {
    let mut rig = Rig::inbound("4000");
    rig.up(L0);
    rig.played(1);
    assert_eq!(rig.played(1), "");
    assert_eq!(rig.send(Input::Played { leg: L1, play: 2 }), "");
}

#[test]
fn a_caller_may_leave_in_every_step() {
    for (number, steps, outcome) in [
        ("4000", 0, Outcome::LeftInEntry),
        ("4000", 1, Outcome::LeftInEntry),
        ("4000", 2, Outcome::LeftInEntry),
        ("4000", 3, Outcome::LeftInEntry),
        ("4000", 4, Outcome::Abandoned),
        ("4002", 1, Outcome::SelfServed),
        ("4004", 1, Outcome::SelfServed),
        ("4005", 1, Outcome::LeftInEntry),
        ("4005", 2, Outcome::SelfServed),
        ("1000", 0, Outcome::Abandoned),
    ] {
        let mut rig = Rig::inbound(number);
        if steps >= 1 {
            rig.up(L0);
        }
        if steps >= 2 {
            rig.played(1);
        }
        if steps >= 3 {
            rig.played(2);
        }
        if steps >= 4 {
            rig.digit('1');
        }
        let end = rig.down(L0);
        rig.down(L1);
        assert!(rig.call.is_finished(), "{number} {steps}: {end}");
        assert_eq!(rig.outcome(), Some(outcome), "{number} {steps}");
        assert_eq!(rig.events.iter().filter(|e| *e == "interaction_ended").count(), 1);
        assert_eq!(rig.call.next_timeout(), None);
        assert_eq!(end.contains("leave caller_left"), steps == 4, "{end}");
    }
}

#[test]
fn echo_and_prompt_serve_for_ever() {
    let mut rig = Rig::inbound("4002");
    assert_eq!(rig.first, "answer 0");
    assert_eq!(rig.up(L0), "echo 0");
    let mut rig = Rig::inbound("4004");
    assert_eq!(rig.up(L0), "play 0 long loop");
}

#[test]
fn a_voicemail_is_recorded_after_the_tone_up_to_its_limit() {
    let mut rig = Rig::inbound("4005");
    assert_eq!(rig.up(L0), "play 0 greeting+beep");
    assert_eq!(rig.played(1), "record");
    assert_eq!(rig.due(), "record stop | live-ended | hangup 0 200");
    assert_eq!(rig.segments, ["Entry 0 greeted", "Voicemail 60000 ended"]);
    assert!(rig.row().recording.is_some());
    assert_eq!(rig.events.last().unwrap(), "interaction_ended");
}

#[test]
fn a_bridge_rings_through_answers_through_and_ends_with_either_side() {
    for (first, second, by) in [(L0, L1, crate::interaction::HangupBy::Customer), (L1, L0, crate::interaction::HangupBy::Agent)] {
        let mut rig = Rig::inbound("1001");
        assert_eq!(rig.first, "dial 1 sip:agent@127.0.0.3:5062 as 13800001111");
        assert_eq!(rig.send(Input::LegRinging { leg: L1, early_media: false }), "ring 0");
        assert_eq!(rig.later(500).up(L1), "answer 0");
        assert_eq!(rig.up(L0), "bridge 0 1 | record");
        assert_eq!(rig.later(3_000).down(first), format!("record stop | live-ended | hangup {} 200", second.0));
        assert_eq!(rig.down(second), "finished");
        assert_eq!(rig.outcome(), Some(Outcome::Handled));
        assert_eq!(rig.row().talk_ms, 3_000);
        assert_eq!(rig.row().hangup.as_ref().unwrap().by, by);
        assert_eq!(rig.events, ["interaction_started", "answered", "recording_started", "recording_ended", "interaction_ended"]);
    }
}

#[test]
fn a_bridge_passes_early_media_and_failure_on() {
    let mut rig = Rig::inbound("1000");
    assert_eq!(rig.send(Input::LegRinging { leg: L1, early_media: true }), "ring 0 early | bridge 0 1");
    assert_eq!(rig.fail(L1, 486), "live-ended | hangup 0 486");
    assert_eq!(rig.outcome(), Some(Outcome::NotReached));
    let mut rig = Rig::inbound("1000");
    assert_eq!(rig.due(), "hangup 1 487 | live-ended | hangup 0 480", "nobody answers");
    assert_eq!(rig.row().hangup.as_ref().unwrap().q850, Some(19));
}

#[test]
fn a_queue_that_does_not_exist_says_so_by_tone() {
    let mut rig = Rig::inbound("4009");
    assert_eq!(rig.up(L0), "play 0 congestion");
    assert_eq!(rig.due(), "live-ended | hangup 0 503", "even when the tone's end is never reported");
    assert_eq!(rig.outcome(), Some(Outcome::Overflowed));
}

#[test]
fn a_leg_that_never_confirms_its_end_is_forgotten() {
    let mut rig = Rig::inbound("1000");
    rig.down(L0);
    assert!(!rig.call.is_finished());
    assert_eq!(rig.due(), "finished");
}

#[test]
fn a_peer_that_is_gone_without_a_word_is_noticed() {
    let mut rig = Rig::inbound("4002");
    assert_eq!(rig.send(Input::LegSilent { leg: L0 }), "", "not up yet");
    rig.up(L0);
    assert_eq!(rig.send(Input::LegSilent { leg: L0 }), "live-ended | hangup 0 408");
    assert_eq!(rig.outcome(), Some(Outcome::SelfServed));
}

#[test]
fn a_closed_number_says_so_takes_a_message_or_leads_elsewhere() {
    for (number, heard) in [
        ("5001", "play 0 closed"),
        ("5002", "play 0 greeting+beep"),
        ("5003", "play 0 music loop | enqueue sales p0"),
        ("5004", "play 0 music loop | enqueue service p0"),
        ("5005", "play 0 fire"),
        ("5006", "play 0 closed"),
    ] {
        let mut rig = Rig::inbound(number);
        assert!(rig.first.starts_with("answer 0"), "{number}: {}", rig.first);
        assert_eq!(rig.up(L0).replace("identify | ", ""), heard, "{number}");
    }
    let mut rig = Rig::inbound("5001");
    rig.up(L0);
    assert_eq!(rig.played(1), "live-ended | hangup 0 480");
    assert_eq!((rig.outcome(), rig.segments[0].as_str()), (Some(Outcome::Overflowed), "Entry 0 closed"));
}

#[test]
fn a_message_left_at_night_belongs_to_the_queue() {
    let mut rig = Rig::inbound("5002");
    rig.up(L0);
    assert_eq!(rig.played(1), "record");
    assert_eq!(rig.later(8_000).down(L0), "record stop | live-ended | finished");
    assert_eq!((rig.row().queue, rig.outcome()), (Some(SERVICE), Some(Outcome::SelfServed)));
    assert!(rig.row().recording.is_some());
    assert_eq!(rig.segments, ["Entry 0 closed", "Voicemail 8000 caller_left"]);
}

fn ready() -> Input {
    Input::Announcement { sound: Some(PersonalSound(7)) }
}

#[test]
fn a_caller_hears_what_is_said_to_them_alone_after_the_welcome() {
    // Made while the welcome plays.
    let mut rig = Rig::inbound("5008");
    assert_eq!(rig.up(L0), "play 0 welcome");
    assert_eq!(rig.send(ready()), "");
    assert_eq!(rig.played(1), "play 0 personal7");
    assert_eq!(rig.send(ready()), "", "once");
    assert_eq!(rig.played(2), "play 0 music loop | enqueue service p0");

    // Waited for.
    let mut rig = Rig::inbound("5008");
    rig.up(L0);
    assert_eq!(rig.played(1), "");
    assert_eq!(rig.later(900).send(ready()), "play 0 personal7");
    assert_eq!(rig.played(2), "play 0 music loop | enqueue service p0");
}

#[test]
fn nobody_waits_longer_than_allowed_for_an_announcement() {
    for (answer, wait_ms) in [(None, 1_500), (Some(Input::Announcement { sound: None }), 300)] {
        let mut rig = Rig::inbound("5008");
        rig.up(L0);
        let since = rig.now;
        assert_eq!(rig.played(1), "");
        let heard = match answer {
            Some(none) => rig.later(300).send(none),
            None => rig.due(),
        };
        assert_eq!(heard, "play 0 music loop | enqueue service p0");
        assert_eq!(rig.now.ms_since(since), wait_ms);
        assert_eq!(rig.send(ready()), "", "too late");
    }
    let mut rig = Rig::inbound("4001");
    assert_eq!(rig.up(L0), "play 0 music loop | enqueue service p0", "a number that says none asks nobody");
}

#[test]
fn who_knows_the_menu_passes_the_announcement_over() {
    let mut rig = Rig::inbound("5009");
    rig.send(ready());
    assert_eq!(rig.up(L0), "play 0 personal7");
    assert_eq!(rig.digit('1'), "stop 0 | play 0 music loop | enqueue service p0");
    let mut rig = Rig::inbound("5009");
    assert_eq!(rig.up(L0), "");
    assert_eq!(rig.digit('1'), "play 0 music loop | enqueue service p0");
    let mut rig = Rig::inbound("5009");
    rig.up(L0);
    rig.down(L0);
    assert_eq!(rig.outcome(), Some(Outcome::LeftInEntry));
}
