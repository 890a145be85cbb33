use super::*;

#[test]
fn agent_first_offers_then_dials_then_connects() {
    let mut rig = Rig::new(Mode::AgentFirst);
    assert_eq!(rig.first, "enqueue p3 since -240 s | [waiting]");
    assert_eq!(rig.send(Input::TurnNear), "", "the agent comes first");
    assert_eq!(rig.offered(), "[offered alice]");
    assert_eq!(rig.assigned(), "dial 1 13800001111 with alice | [dialling with alice]");
    assert_eq!(rig.up(1), "connect 1 alice | [connected alice]");
    assert_eq!(rig.send(Input::Cancel { by: CancelledBy::Customer }), "", "they talk");
    assert_eq!(rig.down(1, 200), "[done Reached] | finished");
    assert!(rig.callback.is_over() && rig.callback.next_timeout().is_none());
}

#[test]
fn an_agent_who_declines_leaves_it_in_its_place() {
    let mut rig = Rig::new(Mode::AgentFirst);
    rig.offered();
    let other = OfferId(Uuid::from_u128(0x99));
    assert_eq!(rig.send(Input::OfferEnded { offer: other }), "");
    assert_eq!(rig.send(Input::OfferEnded { offer: OFFER }), "[waiting]");
    assert_eq!(rig.send(Input::EnqueueAgain), "enqueue p3 since -240 s | [waiting]", "the place is the original one");
    assert_eq!(rig.callback.attempts(), 0);
}

#[test]
fn customer_first_dials_when_its_turn_is_near_and_holds_the_head() {
    let mut rig = Rig::new(Mode::CustomerFirst);
    assert_eq!(rig.send(Input::TurnNear), "leave dialling | dial 1 13800001111 | [dialling]");
    assert_eq!(rig.send(Input::TurnNear), "", "once");
    assert_eq!(rig.up(1), "hold 1 | enqueue head | [holding]");
    assert_eq!(rig.send(Input::EnqueueAgain), "enqueue head");
    assert_eq!(rig.assigned(), "connect 1 alice | [connected alice]");
    assert_eq!(rig.assigned(), "", "said twice");
    assert_eq!(rig.send(Input::Assigned { agent: BOB }), "release bob");
    assert_eq!(rig.down(1, 200), "[done Reached] | finished");
}

#[test]
fn customer_first_takes_an_agent_who_is_reserved() {
    let mut rig = Rig::new(Mode::CustomerFirst);
    assert_eq!(rig.assigned(), "dial 1 13800001111 with alice | [dialling with alice]");
    let mut rig = Rig::new(Mode::CustomerFirst);
    rig.send(Input::TurnNear);
    assert_eq!(rig.assigned(), "[dialling with alice]", "reserved while it rings");
    assert_eq!(rig.up(1), "connect 1 alice | [connected alice]");
}

#[test]
fn a_customer_who_answers_and_leaves_is_not_called_again() {
    let mut rig = Rig::new(Mode::CustomerFirst);
    rig.send(Input::TurnNear);
    rig.up(1);
    assert_eq!(rig.down(1, 200), "leave caller_left | [done CustomerLeft] | finished");
}

#[test]
fn no_agent_in_time_ends_the_try() {
    let mut rig = Rig::new(Mode::CustomerFirst);
    rig.send(Input::TurnNear);
    rig.up(1);
    assert_eq!(rig.due(), "Hold +60 s: leave no_agent | hangup 1 | [retry-at]");
    assert_eq!(rig.assigned(), "release alice", "too late");
    assert_eq!(rig.down(1, 200), "");
    assert_eq!(rig.due(), "Due +600 s: enqueue p3 since -240 s | [waiting]");
    rig.send(Input::TurnNear);
    rig.up(2);
    assert_eq!(rig.send(Input::NotQueued), "hangup 2 | [retry-at]");
}

#[test]
fn busy_no_answer_and_failure_are_tried_again_with_the_same_place() {
    for (sip, outcome) in [(486, "Busy"), (603, "Busy"), (480, "NoAnswer"), (408, "NoAnswer"), (503, "Failed")] {
        let mut rig = Rig::new(Mode::AgentFirst);
        for attempt in 1..=3 {
            assert_eq!(rig.assigned(), format!("dial {attempt} 13800001111 with alice | [dialling with alice]"));
            let expected =
                if attempt < 3 { "release alice | [retry-at]".to_string() } else { format!("release alice | [done {outcome}] | finished") };
            assert_eq!(rig.down(attempt, sip), expected, "{sip}");
            if attempt < 3 {
                assert_eq!(rig.due(), "Due +600 s: enqueue p3 since -240 s | [waiting]");
            }
        }
    }
}

#[test]
fn a_number_that_does_not_exist_is_not_tried_again() {
    let mut rig = Rig::new(Mode::AgentFirst);
    rig.assigned();
    assert_eq!(rig.down(1, 404), "release alice | [done BadNumber] | finished");
}

#[test]
fn ringing_ends_and_late_news_of_the_leg_change_nothing() {
    let mut rig = Rig::new(Mode::AgentFirst);
    rig.assigned();
    assert_eq!(rig.due(), "Ring +30 s: hangup 1 | release alice | [retry-at]");
    assert_eq!(rig.up(1), "", "answered while it was being ended");
    assert_eq!(rig.due(), "Teardown +35 s: ");
    assert_eq!(rig.due(), "Due +565 s: enqueue p3 since -240 s | [waiting]");
    rig.assigned();
    assert_eq!(rig.down(1, 200), "", "the first leg's end comes now");
    assert_eq!(rig.up(2), "connect 2 alice | [connected alice]");
}

#[test]
fn a_leg_that_does_not_end_is_waited_for() {
    let mut rig = Rig::new(Mode::AgentFirst);
    rig.callback.limits.teardown_ms = 700_000;
    rig.assigned();
    assert_eq!(rig.due(), "Ring +30 s: hangup 1 | release alice | [retry-at]");
    assert_eq!(rig.due(), "Due +600 s: enqueue p3 since -240 s | [waiting]");
    assert_eq!(rig.assigned(), "release alice | [retry-at]", "the first leg may still ring");
    assert_eq!(rig.down(1, 487), "");
    assert_eq!(rig.due(), "Due +700 s: enqueue p3 since -240 s | [waiting]");
    assert_eq!(rig.assigned(), "dial 2 13800001111 with alice | [dialling with alice]");
}

#[test]
fn an_agent_whose_side_fails_costs_no_try() {
    let mut rig = Rig::new(Mode::AgentFirst);
    rig.assigned();
    assert_eq!(rig.send(Input::AgentGone { agent: BOB }), "");
    assert_eq!(rig.send(Input::AgentGone { agent: ALICE }), "release alice | [dialling]");
    assert_eq!(rig.up(1), "hold 1 | enqueue head | [holding]");
    assert_eq!(rig.send(Input::Assigned { agent: BOB }), "connect 1 bob | [connected bob]");
    assert_eq!(rig.send(Input::AgentGone { agent: BOB }), "hold 1 | enqueue head | [holding]");
}

#[test]
fn it_can_be_cancelled_until_they_talk() {
    let by = CancelledBy::Agent;
    let row = |prepare: fn(&mut Rig)| {
        let mut rig = Rig::new(Mode::CustomerFirst);
        prepare(&mut rig);
        (rig.send(Input::Cancel { by }), rig.send(Input::Cancel { by }))
    };
    let end = "[cancelled Agent] | finished";
    assert_eq!(row(|_| ()), (format!("leave cancelled | {end}"), String::new()));
    assert_eq!(row(|r| drop(r.offered())).0, format!("leave cancelled | {end}"));
    assert_eq!(row(|r| drop(r.assigned())).0, format!("hangup 1 | release alice | {end}"));
    assert_eq!(row(|r| drop((r.send(Input::TurnNear), r.up(1)))).0, format!("leave cancelled | hangup 1 | {end}"));
    assert_eq!(row(|r| drop((r.assigned(), r.down(1, 486)))).0, end);
    let mut rig = Rig::new(Mode::AgentFirst);
    rig.assigned();
    rig.send(Input::Cancel { by });
    assert!(!rig.callback.is_over(), "the leg still ends");
    assert_eq!(rig.down(1, 487), "");
    assert!(rig.callback.is_over());
}

#[test]
fn a_scheduled_callback_waits_for_its_time_and_keeps_its_place() {
    let not_before = Some(start().plus_ms(3 * HOUR_MS));
    let mut rig = Rig::with(Request { not_before, ..request(Mode::AgentFirst) }, always);
    assert_eq!(rig.first, "[requested]");
    assert_eq!(rig.assigned(), "release alice", "not in the line yet");
    assert_eq!(rig.due(), "Due +10800 s: enqueue p3 since -240 s | [waiting]");
}

#[test]
fn nothing_is_dialled_outside_the_window() {
    let mut rig = Rig::with(Request { expires_at: start().plus_ms(60 * HOUR_MS), ..request(Mode::AgentFirst) }, daily(8));
    // Assigned one minute after closing: the agent is free again, the place waits for the morning.
    rig.now = start().plus_ms(8 * HOUR_MS + 60_000);
    assert_eq!(rig.assigned(), "release alice | [requested]");
    assert_eq!(rig.due(), format!("Due +{} s: enqueue p3 since -240 s | [waiting]", 16 * 3_600 - 60));
    // A retry that would come after closing comes the next morning.
    rig.now = start().plus_ms(32 * HOUR_MS - 60_000);
    rig.assigned();
    assert_eq!(rig.down(1, 486), "release alice | [retry-at]");
    assert_eq!(rig.due(), format!("Due +{} s: enqueue p3 since -240 s | [waiting]", 16 * 3_600 + 60));
    // Customer first: the place in the line is given back.
    let mut rig = Rig::with(request(Mode::CustomerFirst), daily(8));
    rig.now = start().plus_ms(9 * HOUR_MS);
    assert_eq!(rig.send(Input::TurnNear), "leave dialling | [done Expired] | finished", "it opens again when it is too late");
}

#[test]
fn it_expires_in_the_line_but_not_on_the_line() {
    let mut rig = Rig::new(Mode::AgentFirst);
    assert_eq!(rig.due(), "Expiry +86400 s: leave expired | [done Expired] | finished");
    let mut rig = Rig::new(Mode::AgentFirst);
    rig.now = start().plus_ms(24 * HOUR_MS - 1_000);
    rig.assigned();
    assert_eq!(rig.due(), "Expiry +1 s: ");
    assert_eq!(rig.down(1, 486), "release alice | [done Busy] | finished", "no try after it");
}

#[test]
fn a_full_line_is_asked_again() {
    let mut rig = Rig::new(Mode::AgentFirst);
    assert_eq!(rig.send(Input::NotQueued), "[requested]");
    assert_eq!(rig.due(), "Due +60 s: enqueue p3 since -240 s | [waiting]");
}

#[test]
fn it_survives_a_restart() {
    let again = |rig: &mut Rig| {
        let text = serde_json::to_string(&rig.callback).unwrap();
        rig.callback = serde_json::from_str(&text).unwrap();
        rig.send(Input::Restarted)
    };
    let mut rig = Rig::new(Mode::AgentFirst);
    assert_eq!(again(&mut rig), "leave restarted | enqueue p3 since -240 s | [waiting]");
    rig.assigned();
    assert_eq!(again(&mut rig), "release alice | [retry-at]");
    assert_eq!(again(&mut rig), "");
    rig.due();
    rig.assigned();
    rig.up(2);
    assert_eq!(again(&mut rig), "[done Reached] | finished");
}

#[test]
fn a_talk_without_an_end_is_ended() {
    let mut rig = Rig::new(Mode::AgentFirst);
    rig.assigned();
    rig.up(1);
    assert_eq!(rig.due(), "TalkMax +14400 s: hangup 1 | [done Reached] | finished");
}

#[test]
fn requests_that_cannot_be_met_are_refused() {
    let ok = request(Mode::AgentFirst);
    let number = |n: &str| Request { number: Pii::new(n.to_string()), ..ok.clone() };
    let expires = |ms| Request { expires_at: start().plus_ms(ms), ..ok.clone() };
    let rows = [
        (number("12"), Refusal::Number),
        (number("+"), Refusal::Number),
        (number("138 0000"), Refusal::Number),
        (number("123456789012345678901"), Refusal::Number),
        (Request { tries: 0, ..ok.clone() }, Refusal::Tries),
        (Request { tries: TRIES_MAX + 1, ..ok.clone() }, Refusal::Tries),
        (Request { retry_gap_ms: 59_999, ..ok.clone() }, Refusal::RetryGap),
        (Request { retry_gap_ms: u64::MAX, ..ok.clone() }, Refusal::RetryGap),
        (expires(0), Refusal::Expiry),
        (expires(KEPT_MAX_MS + 1), Refusal::Expiry),
        (Request { not_before: Some(start().plus_ms(24 * HOUR_MS)), ..ok.clone() }, Refusal::NoTime),
    ];
    for (request, refusal) in rows {
        let mut out = Vec::new();
        assert_eq!(Callback::start(start(), request, Limits::default(), &always, &mut out).unwrap_err(), refusal);
        assert!(out.is_empty());
    }
    let never = |_| None;
    assert_eq!(Callback::start(start(), ok, Limits::default(), &never, &mut Vec::new()).unwrap_err(), Refusal::NoTime);
}
