use super::*;

#[test]
fn it_stands_in_line_calls_and_ends() {
    let mut rig = Rig::new();
    assert_eq!(rig.first, "place 1 | [waiting]");
    assert_eq!(rig.dialled(7), "", "another place's call");
    assert_eq!(rig.dialled(1), "[calling]");
    assert_eq!(rig.dialled(1), "", "said twice");
    assert_eq!(rig.callback.attempts(), 1);
    assert_eq!(rig.ended(1, End::Reached), "[done reached] | finished");
    assert_eq!(rig.callback.next_timeout(), None);
    assert_eq!(rig.ended(1, End::Reached), "", "ends once");
}

#[test]
fn unanswered_calls_are_tried_again_and_the_last_one_ends_it() {
    for (sip, outcome) in [(486, "busy"), (603, "busy"), (480, "no_answer"), (408, "no_answer"), (503, "failed")] {
        let mut rig = Rig::new();
        for place in 1..=3 {
            rig.dialled(place);
            let expected = if place < 3 { "[retry_at]".to_owned() } else { format!("[done {outcome}] | finished") };
            assert_eq!(rig.unanswered(place, sip), expected, "{sip}");
            if place < 3 {
                assert_eq!(rig.due(), format!("Due +600 s: place {} | [waiting]", place + 1));
            }
        }
    }
}

#[test]
fn what_a_try_tells_decides_what_follows() {
    for (end, expected) in [
        (End::NotAnswered(Cause::NOT_FOUND), "[done bad_number] | finished"),
        (End::CustomerLeft, "[done customer_left] | finished"),
        (End::NoAgent, "[retry_at]"),
        (End::NotAnswered(Cause::CANCELLED), "[retry_at]"),
    ] {
        let mut rig = Rig::new();
        rig.dialled(1);
        assert_eq!(rig.ended(1, end), expected, "{end:?}");
    }
}

#[test]
fn a_stand_without_a_call_costs_no_try() {
    let mut rig = Rig::new();
    for place in 1..=5 {
        assert_eq!(rig.ended(place, End::NotDialled), "[requested]");
        assert_eq!(rig.due(), format!("Due +60 s: place {} | [waiting]", place + 1));
    }
    assert_eq!(rig.callback.attempts(), 0);
}

#[test]
fn it_can_be_cancelled_until_they_talk() {
    let by = CancelledBy::Agent;
    let mut rig = Rig::new();
    assert_eq!(rig.send(Input::Cancel { by }), "withdraw 1 | [cancelled Agent] | finished");
    let mut rig = Rig::with(Request { not_before: Some(start().plus_ms(HOUR_MS)), ..request() }, always);
    assert_eq!(rig.send(Input::Cancel { by }), "[cancelled Agent] | finished");
    let mut rig = Rig::new();
    rig.dialled(1);
    assert_eq!(rig.send(Input::Cancel { by }), "withdraw 1");
    assert_eq!(rig.send(Input::Cancel { by }), "", "said twice");
    assert_eq!(rig.unanswered(1, 487), "[cancelled Agent] | finished");
    let mut rig = Rig::new();
    rig.dialled(1);
    rig.send(Input::Cancel { by });
    assert_eq!(rig.ended(1, End::Reached), "[done reached] | finished", "they talked already");
}

#[test]
fn an_agreed_time_is_waited_for() {
    let mut rig = Rig::with(Request { not_before: Some(start().plus_ms(2 * HOUR_MS)), ..request() }, always);
    assert_eq!(rig.first, "[requested]");
    assert_eq!(rig.due(), "Due +7200 s: place 1 | [waiting]");
}

#[test]
fn it_calls_only_while_the_window_is_open() {
    let open = daily(8);
    let mut rig =
        Rig::with(Request { not_before: Some(start().plus_ms(9 * HOUR_MS)), expires_at: start().plus_ms(48 * HOUR_MS), ..request() }, open);
    assert_eq!(rig.due(), "Due +86400 s: place 1 | [waiting]");
    rig.now = start().plus_ms(24 * HOUR_MS + 8 * HOUR_MS - 60_000);
    rig.dialled(1);
    assert_eq!(rig.unanswered(1, 486), "[done busy] | finished", "the next window opens after it expired");
}

#[test]
fn it_expires_but_not_while_it_calls() {
    let mut rig = Rig::new();
    assert_eq!(rig.due(), "Expiry +86400 s: withdraw 1 | [done expired] | finished");
    let mut rig = Rig::new();
    rig.dialled(1);
    assert_eq!(rig.due(), "Expiry +86400 s: ");
    assert_eq!(rig.unanswered(1, 486), "[done busy] | finished", "no try follows");
    let mut rig = Rig::new();
    rig.dialled(1);
    rig.due();
    assert_eq!(rig.ended(1, End::Reached), "[done reached] | finished");
}

#[test]
fn a_restart_finds_it_in_line_again() {
    let mut rig = Rig::new();
    assert_eq!(rig.send(Input::Restarted), "place 2 | [waiting]", "the old place is gone with its call");
    assert_eq!(rig.ended(1, End::NotDialled), "", "and says nothing any more");
    rig.dialled(2);
    assert_eq!(rig.send(Input::Restarted), "[retry_at]");
    assert_eq!(rig.send(Input::Restarted), "", "its time has not come");
    assert_eq!(rig.due(), "Due +600 s: place 3 | [waiting]");
}

#[test]
fn requests_that_cannot_be_met_are_refused() {
    let refused = |r: Request| {
        let mut out = Vec::new();
        let why = Callback::start(start(), r, &always, &mut out).unwrap_err();
        assert!(out.is_empty());
        why
    };
    for number in ["", "12", "+12", "123456789012345678901", "1380000111a", "13800 001111"] {
        assert_eq!(refused(Request { number: Pii::new(number.into()), ..request() }), Refusal::Number, "{number}");
    }
    assert_eq!(refused(Request { tries: 0, ..request() }), Refusal::Tries);
    assert_eq!(refused(Request { tries: TRIES_MAX + 1, ..request() }), Refusal::Tries);
    assert_eq!(refused(Request { retry_gap_ms: RETRY_GAP_MIN_MS - 1, ..request() }), Refusal::RetryGap);
    assert_eq!(refused(Request { expires_at: start(), ..request() }), Refusal::Expiry);
    assert_eq!(refused(Request { expires_at: start().plus_ms(KEPT_MAX_MS + 1), ..request() }), Refusal::Expiry);
    assert_eq!(refused(Request { not_before: Some(start().plus_ms(24 * HOUR_MS)), ..request() }), Refusal::NoTime);
    let mut out = Vec::new();
    assert_eq!(Callback::start(start(), request(), &|_| None, &mut out), Err(Refusal::NoTime));
}
