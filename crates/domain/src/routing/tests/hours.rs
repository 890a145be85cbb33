//! Queues that close and open.
use super::*;

#[test]
fn nobody_new_comes_into_a_closed_queue_and_those_who_wait_are_served() {
    check(
        "closing, serve",
        &[
            ("queue c1 q1", ""),
            ("close q1", ""),
            ("queue c2 q1", "overflow:c2:closed:hang_up:closed"),
            ("avail a1", "a1=available a1=ringing offer:a1:c1"),
            ("accept a1", "a1=on_call assigned:a1:c1"),
            // Their agent's media failed: they were in before.
            ("release a1 c1 0", "a1=available"),
            ("queue c1 q1 head", "a1=ringing offer:a1:c1"),
            ("close q9", "refused:no_such_queue"),
        ],
    );
    check("open again", &[("close q1", ""), ("queue c1 q1", "overflow:c1:closed:hang_up:closed"), ("open q1", ""), ("queue c2 q1", "")]);
}

#[test]
fn those_who_wait_leave_with_the_agents_that_ring() {
    check(
        "closing, leave",
        &[
            ("avail a1", "a1=available"),
            ("queue c1 q1", "a1=ringing offer:a1:c1"),
            ("queue c2 q1", ""),
            ("queue c3 q2", ""),
            ("close q1 leave", "withdraw:a1:c1:closed a1=available overflow:c1:closed:hang_up:closed overflow:c2:closed:hang_up:closed"),
            ("avail a3", "a3=available a3=ringing offer:a3:c3"),
        ],
    );
}

#[test]
fn a_closed_queue_sends_by_its_own_way_and_any_other_reason_by_the_usual_one() {
    let mut desk = Desk::new();
    let way = Overflow::Voicemail { greeting: "night".into(), length_max_ms: 60_000 };
    desk.input(Input::Hours { queue: queue_id(1), closed: Some(Shut { way: way.clone(), leave: false }) });
    check_on(&mut desk, "by its way", &[("queue c1 q1", "overflow:c1:closed:voicemail:night")]);
    // A changed set-up does not open it; a queue that leads to it passes its callers on.
    desk.queues[1].overflow = Overflow::Queue { queue: "q1".into() };
    desk.queues[1].queue_len_max = 0;
    desk.queues[0].overflow = way;
    desk.configure();
    check_on(
        &mut desk,
        "passed on",
        &[("queue c2 q2", "overflow:c2:queue_full:q1"), ("queue c2 q1", "overflow:c2:closed:voicemail:night")],
    );
    check_on(&mut desk, "open", &[("open q1", ""), ("queue c3 q1", ""), ("wait 120000", "overflow:c3:wait_max:voicemail:night")]);
}
