//! Places that are kept for callbacks.
use super::*;

#[test]
fn a_callback_keeps_its_place_before_whoever_came_later() {
    check(
        "agent first: offered in its turn",
        &[
            ("queue c1 q1", ""),
            ("wait 1000", ""),
            ("queue c2 q1", ""),
            ("leave c1", ""),
            ("queue c3 q1 p0 callback=agent_first since=-1000", ""),
            ("avail a1", "a1=available a1=ringing offer:a1:c3"),
            ("decline a1", "withdraw:a1:c3:declined a1=available a1=ringing offer:a1:c2"),
        ],
    );
}

#[test]
fn nobody_on_the_line_waits_too_long_or_is_told_anything() {
    check("no wait limit", &[("queue c1 q1 p0 callback=agent_first", ""), ("wait 10000000", "")]);
    check("none for customer first", &[("queue c1 q1 p0 callback=customer_first", ""), ("wait 10000000", "")]);
    // The limit counts from the answer, however old the place is.
    check(
        "on the line",
        &[
            ("queue c1 q1 p0 head callback=on_the_line since=-9000000", ""),
            ("wait 119999", ""),
            ("wait 1", "overflow:c1:wait_max:hang_up:busy"),
        ],
    );
}

#[test]
fn a_full_queue_takes_a_callback() {
    check(
        "full",
        &[
            ("queue c1 q1", ""),
            ("queue c2 q1", ""),
            ("queue c3 q1", ""),
            ("queue c4 q1", "overflow:c4:queue_full:hang_up:busy"),
            ("queue c5 q1 p0 callback=agent_first", ""),
        ],
    );
}

#[test]
fn customer_first_keeps_an_agent_free_until_the_customer_is_there() {
    check(
        "answered",
        &[
            ("queue c1 q1 p0 callback=customer_first", ""),
            ("queue c2 q1", ""),
            ("avail a1", "a1=available a1=ringing turn:a1:c1"),
            ("wait 15000", ""),
            ("queue c1 q1 p0 head callback=on_the_line", "a1=available a1=ringing offer:a1:c1"),
            ("accept a1", "a1=on_call assigned:a1:c1"),
        ],
    );
    check(
        "not reached: the next in line gets the agent",
        &[
            ("queue c1 q1 p0 callback=customer_first", ""),
            ("queue c2 q1", ""),
            ("avail a1", "a1=available a1=ringing turn:a1:c1"),
            ("leave c1", "a1=available a1=ringing offer:a1:c2"),
        ],
    );
    check(
        "nobody says anything any more",
        &[
            ("queue c1 q1 p0 callback=customer_first", ""),
            ("avail a1", "a1=available a1=ringing turn:a1:c1"),
            ("wait 149999", ""),
            ("wait 1", "a1=available"),
        ],
    );
}

#[test]
fn one_agent_is_one_customer_called() {
    check(
        "one turn an agent",
        &[
            ("queue c1 q1 p0 callback=customer_first", ""),
            ("queue c2 q1 p0 callback=customer_first", ""),
            ("avail a1", "a1=available a1=ringing turn:a1:c1"),
            ("leave c1", "a1=available a1=ringing turn:a1:c2"),
        ],
    );
}

#[test]
fn a_kept_agent_may_want_a_break() {
    check(
        "the break comes after the customer",
        &[
            ("queue c1 q1 p0 callback=customer_first", ""),
            ("avail a1", "a1=available a1=ringing turn:a1:c1"),
            ("break a1 lunch", ""),
            ("leave c1", "a1=break/lunch"),
        ],
    );
}
