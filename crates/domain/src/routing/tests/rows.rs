//! One caller, some agents, every way it can go.
use super::*;

#[test]
fn a_caller_is_offered_answered_and_wrapped_up() {
    check(
        "offer to wrap-up",
        &[
            ("in a1", "a1=away/signed_in"),
            ("avail a1", "a1=available"),
            ("queue c1 q1", "a1=ringing offer:a1:c1"),
            ("accept a1", "a1=on_call assigned:a1:c1"),
            ("release a1 c1 30000", "a1=wrap_up"),
            ("queue c2 q1", ""),
            ("done a1 c1", "a1=available a1=ringing offer:a1:c2"),
        ],
    );
    check(
        "wrap-up ends by time",
        &[
            ("avail a1", "a1=available"),
            ("busy a1 c1", "a1=on_call"),
            ("release a1 c1 30000", "a1=wrap_up"),
            ("wait 29999", ""),
            ("wait 1", "a1=available"),
        ],
    );
    check(
        "no wrap-up",
        &[
            ("avail a1", "a1=available"),
            ("busy a1 c1", "a1=on_call"),
            ("release a1 c1 0", "a1=available"),
            ("release a1 c1 0", "refused:not_theirs"),
        ],
    );
}

#[test]
fn a_waiting_caller_gets_the_first_agent_who_comes() {
    check("waits", &[("queue c1 q1", ""), ("avail a3", "a3=available"), ("avail a2", "a2=available a2=ringing offer:a2:c1")]);
}

#[test]
fn ring_without_answer_puts_the_agent_away_and_keeps_the_callers_place() {
    check(
        "no answer, next agent",
        &[
            ("avail a1", "a1=available"),
            ("wait 5", ""),
            ("avail a2", "a2=available"),
            ("queue c1 q1", "a1=ringing offer:a1:c1"),
            ("wait 9999", ""),
            ("wait 1", "withdraw:a1:c1:no_answer a1=away/no_answer a2=ringing offer:a2:c1"),
            ("accept a1", "refused:offer_gone"),
            ("accept a2", "a2=on_call assigned:a2:c1"),
            ("avail a1", "a1=available"),
        ],
    );
    check(
        "no answer, still first in line",
        &[
            ("avail a1", "a1=available"),
            ("queue c1 q1", "a1=ringing offer:a1:c1"),
            ("wait 5000", ""),
            ("queue c2 q1", ""),
            ("wait 5000", "withdraw:a1:c1:no_answer a1=away/no_answer"),
            ("avail a2", "a2=available a2=ringing offer:a2:c1"),
        ],
    );
}

#[test]
fn a_caller_may_hang_up_at_any_time() {
    check(
        "while waiting, ringing, talking, after",
        &[
            ("queue c1 q1", ""),
            ("leave c1", ""),
            ("avail a1", "a1=available"),
            ("queue c2 q1", "a1=ringing offer:a1:c2"),
            ("leave c2", "withdraw:a1:c2:caller_left a1=available"),
            ("accept a1", "refused:offer_gone"),
            ("queue c3 q1", "a1=ringing offer:a1:c3"),
            ("accept a1", "a1=on_call assigned:a1:c3"),
            ("leave c3", ""),
            ("release a1 c3 0", "a1=available"),
            ("leave c3", ""),
            ("leave c99", ""),
        ],
    );
    check(
        "the freed agent takes the next at once",
        &[
            ("avail a1", "a1=available"),
            ("queue c1 q1", "a1=ringing offer:a1:c1"),
            ("queue c2 q1", ""),
            ("leave c1", "withdraw:a1:c1:caller_left a1=available a1=ringing offer:a1:c2"),
        ],
    );
}

#[test]
fn who_declines_is_spared_for_a_while() {
    check(
        "the other agent gets it",
        &[
            ("avail a1", "a1=available"),
            ("wait 1", ""),
            ("avail a2", "a2=available"),
            ("queue c1 q1", "a1=ringing offer:a1:c1"),
            ("decline a1", "withdraw:a1:c1:declined a1=available a2=ringing offer:a2:c1"),
            ("decline a1", "refused:offer_gone"),
            // Still first in turn for anybody else.
            ("queue c2 q1", "a1=ringing offer:a1:c2"),
        ],
    );
    check(
        "alone, it comes back soon",
        &[
            ("avail a1", "a1=available"),
            ("queue c1 q1", "a1=ringing offer:a1:c1"),
            ("decline a1", "withdraw:a1:c1:declined a1=available"),
            ("wait 1999", ""),
            ("wait 1", "a1=ringing offer:a1:c1"),
        ],
    );
    check(
        "not alone, later",
        &[
            ("avail a1", "a1=available"),
            ("avail a2", "a2=available"),
            ("busy a2 c9", "a2=on_call"),
            ("queue c1 q1", "a1=ringing offer:a1:c1"),
            ("decline a1", "withdraw:a1:c1:declined a1=available"),
            ("wait 14999", ""),
            ("wait 1", "a1=ringing offer:a1:c1"),
        ],
    );
}

#[test]
fn priority_then_order_of_coming_then_head() {
    check(
        "order",
        &[
            ("queue c1 q1 p1", ""),
            ("wait 1", ""),
            ("queue c2 q1 p5", ""),
            ("wait 1", ""),
            ("queue c3 q1 p1 head", ""),
            ("avail a1", "a1=available a1=ringing offer:a1:c2"),
            ("accept a1", "a1=on_call assigned:a1:c2"),
            ("release a1 c2 0", "a1=available a1=ringing offer:a1:c3"),
            ("accept a1", "a1=on_call assigned:a1:c3"),
            ("release a1 c3 0", "a1=available a1=ringing offer:a1:c1"),
        ],
    );
    check(
        "over queues too: agent 2 serves both",
        &[("queue c1 q2", ""), ("wait 1", ""), ("queue c2 q1", ""), ("avail a2", "a2=available a2=ringing offer:a2:c1")],
    );
}

#[test]
fn the_longest_idle_agent_comes_first() {
    check(
        "turns",
        &[
            ("avail a2", "a2=available"),
            ("wait 1", ""),
            ("avail a1", "a1=available"),
            ("wait 1", ""),
            ("queue c1 q1", "a2=ringing offer:a2:c1"),
            ("accept a2", "a2=on_call assigned:a2:c1"),
            ("wait 1", ""),
            ("release a2 c1 0", "a2=available"),
            ("wait 1", ""),
            ("queue c2 q1", "a1=ringing offer:a1:c2"),
            ("leave c2", "withdraw:a1:c2:caller_left a1=available"),
            ("queue c3 q1", "a1=ringing offer:a1:c3"),
        ],
    );
}

#[test]
fn a_status_asked_for_during_a_call_follows_it() {
    check(
        "break after the call",
        &[
            ("avail a1", "a1=available"),
            ("busy a1 c1", "a1=on_call"),
            ("break a1 lunch", "a1=on_call>break"),
            ("release a1 c1 5000", "a1=wrap_up>break"),
            ("wait 5000", "a1=break/lunch"),
        ],
    );
    check(
        "taken back",
        &[
            ("avail a1", "a1=available"),
            ("busy a1 c1", "a1=on_call"),
            ("break a1 lunch", "a1=on_call>break"),
            ("avail a1", "a1=on_call"),
            ("release a1 c1 0", "a1=available"),
        ],
    );
    check(
        "available ends the wrap-up, sign-out too",
        &[
            ("avail a1", "a1=available"),
            ("busy a1 c1", "a1=on_call"),
            ("release a1 c1 5000", "a1=wrap_up"),
            ("avail a1", "a1=wrap_up>available a1=available"),
            ("busy a1 c1", "a1=on_call"),
            ("out a1", "a1=on_call>offline"),
            ("release a1 c1 5000", "a1=wrap_up>offline"),
            ("out a1", "a1=offline"),
            ("wait 5000", ""),
        ],
    );
    check(
        "a break while it rings is a refusal",
        &[
            ("avail a1", "a1=available"),
            ("queue c1 q1", "a1=ringing offer:a1:c1"),
            ("break a1 tea", "withdraw:a1:c1:agent_left a1=break/tea"),
            ("avail a1", "a1=available a1=ringing offer:a1:c1"),
            ("out a1", "withdraw:a1:c1:agent_left a1=offline"),
        ],
    );
}

#[test]
fn an_agent_is_reserved_once() {
    check(
        "busy",
        &[
            ("busy a1 c1", "refused:offline"),
            ("in a1", "a1=away/signed_in"),
            ("busy a1 c1", "a1=on_call"),
            ("busy a1 c1", ""),
            ("busy a1 c2", "refused:busy"),
            ("direct a1 c2", "refused:busy"),
            ("avail a2", "a2=available"),
            ("queue c3 q1", "a2=ringing offer:a2:c3"),
            ("busy a2 c4", "refused:busy"),
            ("release a2 c3 0", "refused:not_theirs"),
            ("done a2 c3", "refused:not_theirs"),
        ],
    );
    check(
        "a call out ends the wrap-up",
        &[
            ("avail a1", "a1=available"),
            ("busy a1 c1", "a1=on_call"),
            ("release a1 c1 9000", "a1=wrap_up"),
            ("busy a1 c2", "a1=available a1=on_call"),
            ("wait 9000", ""),
        ],
    );
}

#[test]
fn bad_inputs_are_refused_and_change_nothing() {
    let mut desk = Desk::new();
    let before = desk.router.clone();
    check_on(
        &mut desk,
        "refusals",
        &[
            ("avail a77", "refused:no_such_agent"),
            ("ring! a1", "refused:invalid_status"),
            ("queue c1 q77", "refused:no_such_queue"),
            ("accept a1", "refused:offer_gone"),
            ("decline a1", "refused:offer_gone"),
            ("desk a1", "refused:phone_not_registered"),
            ("direct a1 c1", "refused:offline"),
            ("direct a77 c1", "refused:no_such_agent"),
            ("release a1 c1 0", "refused:not_theirs"),
        ],
    );
    assert_eq!(desk.router, before);
}
