//! Direct offers, desk phones, limits, overflow, changes of the set-up, reconciliation, records.
use super::*;
use crate::event::EventKind;

#[test]
fn a_direct_offer_goes_to_that_agent_only() {
    check(
        "direct",
        &[
            ("direct a1 c1", "refused:offline"),
            ("break a1 tea", "a1=break/tea"),
            ("direct a1 c1", "refused:not_available"),
            ("avail a1", "a1=available"),
            ("avail a2", "a2=available"),
            ("direct a1 c1", "a1=ringing offer:a1:c1"),
            ("direct a2 c1", "refused:duplicate"),
            ("queue c1 q1", "refused:duplicate"),
            ("wait 10000", "withdraw:a1:c1:no_answer a1=away/no_answer"),
            ("direct a2 c1", "a2=ringing offer:a2:c1"),
            ("accept a2", "a2=on_call assigned:a2:c1"),
        ],
    );
}

#[test]
fn a_desk_phone_must_be_registered() {
    check(
        "phone",
        &[
            ("phone a1 on", "a1=offline"),
            ("desk a1", "a1=offline"),
            ("avail a1", "a1=available"),
            ("queue c1 q1", "a1=ringing offer:a1:c1"),
            ("phone a1 off", "a1=ringing withdraw:a1:c1:device_lost a1=away/phone_lost"),
            ("avail a1", "refused:phone_not_registered"),
            ("phone a1 on", "a1=away/phone_lost"),
            ("avail a1", "a1=available a1=ringing offer:a1:c1"),
        ],
    );
    check(
        "lost while talking: away afterwards",
        &[
            ("phone a1 on", "a1=offline"),
            ("desk a1", "a1=offline"),
            ("avail a1", "a1=available"),
            ("busy a1 c1", "a1=on_call"),
            ("phone a1 off", "a1=on_call"),
            ("release a1 c1 0", "a1=away/phone_lost"),
        ],
    );
}

#[test]
fn the_offer_says_which_device_rings() {
    let mut desk = Desk::new();
    check_on(&mut desk, "device", &[("phone a1 on", "a1=offline"), ("desk a1", "a1=offline"), ("avail a1", "a1=available")]);
    desk.line("queue c1 q1");
    assert!(desk.out.iter().any(|e| matches!(e, Effect::Offer { device: Device::DeskPhone, .. })));
}

#[test]
fn a_customer_found_late_still_shows_before_the_answer() {
    let mut desk = Desk::new();
    check_on(
        &mut desk,
        "known late",
        &[("known c1", ""), ("avail a1", "a1=available"), ("queue c1 q1", "a1=ringing offer:a1:c1"), ("known c1", "offer_changed:a1:c1")],
    );
    let customer = Some(crate::CustomerId(Uuid::from_u128(7)));
    assert!(desk.out.iter().any(|e| matches!(e, Effect::WaitingChanged(w) if w.customer == customer)));
    assert!(desk.out.iter().any(|e| matches!(e, Effect::OfferChanged(o) if o.customer == customer)));
    // The next agent's offer has it from the start.
    check_on(
        &mut desk,
        "next",
        &[("avail a2", "a2=available"), ("decline a1", "withdraw:a1:c1:declined a1=available a2=ringing offer:a2:c1")],
    );
    assert!(desk.out.iter().any(|e| matches!(e, Effect::Offer { offer, .. } if offer.customer == customer)));
}

#[test]
fn failed_media_puts_the_agent_away_and_the_caller_first() {
    check(
        "media",
        &[
            ("avail a1", "a1=available"),
            ("queue c1 q1", "a1=ringing offer:a1:c1"),
            ("accept a1", "a1=on_call assigned:a1:c1"),
            ("queue c2 q1", ""),
            ("fail a1 c1", "a1=away/media"),
            ("queue c1 q1 p0 head", ""),
            ("avail a2", "a2=available a2=ringing offer:a2:c1"),
        ],
    );
}

#[test]
fn a_full_queue_and_a_long_wait_overflow() {
    check(
        "full: queue_len_max is 3",
        &[
            ("queue c1 q1", ""),
            ("queue c2 q1", ""),
            ("queue c3 q1", ""),
            ("queue c4 q1", "overflow:c4:queue_full:hang_up:busy"),
            ("queue c4 q1 p0 head", ""),
            ("queue c4 q2", "refused:duplicate"),
        ],
    );
    check(
        "wait_max",
        &[("queue c1 q1", ""), ("wait 119999", ""), ("wait 1", "overflow:c1:wait_max:hang_up:busy"), ("avail a1", "a1=available")],
    );
    check(
        "not while an agent rings",
        &[
            ("queue c1 q1", ""),
            ("wait 115000", ""),
            ("avail a1", "a1=available a1=ringing offer:a1:c1"),
            ("wait 9999", ""),
            ("wait 1", "withdraw:a1:c1:no_answer a1=away/no_answer overflow:c1:wait_max:hang_up:busy"),
        ],
    );
    check(
        "the ringing agent may still take it",
        &[
            ("queue c1 q1", ""),
            ("wait 115000", ""),
            ("avail a1", "a1=available a1=ringing offer:a1:c1"),
            ("wait 9000", ""),
            ("accept a1", "a1=on_call assigned:a1:c1"),
            ("wait 99000", ""),
        ],
    );
}

#[test]
fn overflow_to_a_queue_needs_room_there() {
    let mut queues = vec![queue(1, &[1]), queue(2, &[2])];
    queues[0].overflow = Overflow::Queue { queue: "q2".into() };
    queues[0].queue_len_max = 1;
    queues[1].queue_len_max = 1;
    check_on(
        &mut Desk::with(queues, &[1, 2]),
        "other queue",
        &[
            ("queue c1 q1", ""),
            ("queue c2 q1", "overflow:c2:queue_full:q2"),
            ("queue c2 q2", ""),
            ("queue c3 q1", "overflow:c3:queue_full:hang_up:-"),
        ],
    );
}

#[test]
fn positions_are_announced_and_shown() {
    let mut queues = vec![queue(1, &[1])];
    queues[0].announce_every_ms = 20_000;
    let mut desk = Desk::with(queues, &[1]);
    check_on(&mut desk, "announce", &[("queue c1 q1", ""), ("wait 10000", ""), ("queue c2 q1", ""), ("wait 10000", "announce:c1:1")]);
    desk.line("queue c3 q1 p9");
    let shown: Vec<(InteractionId, u32)> =
        desk.out.iter().filter_map(|e| if let Effect::WaitingChanged(w) = e { Some((w.interaction, w.position)) } else { None }).collect();
    assert_eq!(shown, [(call(3), 1), (call(1), 2), (call(2), 3)]);
    check_on(&mut desk, "announce", &[("wait 10000", "announce:c2:3"), ("leave c3", ""), ("wait 10000", "announce:c1:1")]);
}

#[test]
fn the_set_up_may_change_under_running_work() {
    let mut desk = Desk::new();
    check_on(
        &mut desk,
        "start",
        &[
            ("avail a1", "a1=available"),
            ("avail a2", "a2=available"),
            ("queue c1 q1", "a1=ringing offer:a1:c1"),
            ("accept a1", "a1=on_call assigned:a1:c1"),
            ("queue c2 q1", "a2=ringing offer:a2:c2"),
            ("queue c3 q1", ""),
        ],
    );
    // Unchanged: nothing happens.
    assert_eq!(desk.configure(), "");
    // Agents 1 (talks) and 2 (rings) leave the company, agent 4 comes.
    desk.agents = vec![user(3), user(4)];
    assert_eq!(desk.configure(), "a1=on_call>offline withdraw:a2:c2:agent_left a2=available a2=offline removed:a2 a4=offline");
    check_on(
        &mut desk,
        "after",
        &[("avail a2", "refused:no_such_agent"), ("release a1 c1 5000", "a1=wrap_up>offline"), ("wait 5000", "a1=offline removed:a1")],
    );
    // The queue goes: who waits is sent away.
    desk.queues.remove(0);
    assert_eq!(desk.configure(), "overflow:c2:queue_gone:hang_up:busy overflow:c3:queue_gone:hang_up:busy");
}

#[test]
fn nobody_is_sent_on_to_a_queue_that_goes_too() {
    let mut desk = Desk::new();
    desk.queues[0].overflow = Overflow::Queue { queue: "q2".into() };
    desk.configure();
    desk.line("queue c1 q1");
    desk.queues.clear();
    assert_eq!(desk.configure(), "overflow:c1:queue_gone:hang_up:- a1=offline a2=offline a3=offline");
}

#[test]
fn who_had_a_place_gets_it_back_in_a_full_queue() {
    check(
        "again: queue_len_max is 3",
        &[
            ("queue c1 q1", ""),
            ("queue c2 q1", ""),
            ("queue c3 q1", ""),
            ("queue c4 q1", "overflow:c4:queue_full:hang_up:busy"),
            ("queue c5 q1 0 again", ""),
        ],
    );
}

#[test]
fn lost_messages_are_healed_after_the_grace() {
    let belief = |i: u128, waiting: bool, agents: &[u128]| CallBelief {
        interaction: call(i),
        waiting,
        agents: agents.iter().map(|a| user(*a)).collect(),
    };
    let mut desk = Desk::new();
    check_on(
        &mut desk,
        "start",
        &[("avail a1", "a1=available"), ("busy a1 c1", "a1=on_call"), ("avail a3", "a3=available"), ("queue c2 q1", "")],
    );
    let reconcile = |desk: &mut Desk, calls: Vec<CallBelief>| {
        let taken_at = desk.now;
        desk.input(Input::Reconcile { taken_at, calls })
    };
    assert_eq!(reconcile(&mut desk, vec![]), "", "too young to judge");
    desk.wait(RECONCILE_GRACE_MS);
    let all = vec![belief(1, false, &[1]), belief(2, true, &[])];
    assert_eq!(reconcile(&mut desk, all), "", "everybody agrees");
    assert_eq!(
        reconcile(&mut desk, vec![]),
        "healed:waiting_without_call healed:agent_without_call a1=available",
        "both calls died without a word"
    );
    // The other way round: what only the calls know, seen twice.
    let calls = || vec![belief(5, true, &[]), belief(6, false, &[3])];
    assert_eq!(reconcile(&mut desk, calls()), "");
    assert_eq!(reconcile(&mut desk, calls()), "healed:call_without_place again:c5 healed:call_with_free_agent a3=on_call");
    assert_eq!(reconcile(&mut desk, vec![]), "");
    // An offline person on the phone is nobody's mistake.
    let offline = || vec![belief(6, false, &[3]), belief(7, false, &[1])];
    desk.line("out a1");
    assert_eq!((reconcile(&mut desk, offline()), reconcile(&mut desk, offline())), (String::new(), String::new()));
    // A direct offer whose call died.
    desk.line("avail a2");
    desk.line("direct a2 c8");
    desk.wait(RECONCILE_GRACE_MS);
    assert_eq!(reconcile(&mut desk, vec![belief(6, false, &[3])]), "healed:offer_without_call withdraw:a2:c8:healed a2=available");
}

#[test]
fn history_is_recorded_once_and_whole() {
    let mut desk = Desk::new();
    let mut kinds = vec![];
    for line in [
        "avail a1",
        "wait 1000",
        "queue c1 q1 p3",
        "wait 10000",
        "avail a1",
        "wait 500",
        "accept a1",
        "wait 60000",
        "release a1 c1 30000",
        "done a1 c1",
    ] {
        desk.line(line);
        for effect in &desk.out {
            if let Effect::Record(draft) = effect {
                assert!(draft.at >= START);
                kinds.push(match &draft.kind {
                    EventKind::Queued { priority, .. } => format!("queued {priority}"),
                    EventKind::Dequeued { wait_ms, reason } => format!("dequeued {wait_ms} {reason}"),
                    EventKind::Offered { ring_timeout_ms, .. } => format!("offered {ring_timeout_ms}"),
                    EventKind::Routed { explanation, .. } => format!("routed {}", explanation.candidates_total),
                    EventKind::OfferEnded { result, .. } => format!("offer_ended {result}"),
                    EventKind::AgentStatusChanged { to, was_ms, .. } => format!("{} after {was_ms}", json_word(to)),
                    EventKind::WrapUpDone { took_ms, .. } => format!("wrap_up {took_ms}"),
                    other => format!("{other:?}"),
                });
            }
        }
    }
    assert_eq!(
        kinds,
        [
            "available after 0",
            "queued 3",
            "ringing after 1000",
            "offered 10000",
            "routed 1",
            "offer_ended no_answer",
            "away after 10000",
            "available after 0",
            "ringing after 0",
            "offered 10000",
            "routed 1",
            "offer_ended answered",
            "on_call after 500",
            "dequeued 10500 answered",
            "wrap_up after 60000",
            "wrap_up 0",
            "available after 0",
        ]
    );
}

#[test]
fn the_same_inputs_give_the_same_effects() {
    let mut desk = Desk::new();
    for line in ["avail a1", "queue c1 q1", "queue c2 q2", "wait 3000"] {
        desk.line(line);
    }
    assert!(matches!(desk.router.next_timeout(), Some((_, Timer::Ring(_)))), "every wake-up says why");
    let mut twin = desk.router.clone();
    let (mut a, mut b) = (vec![], vec![]);
    desk.router.handle(desk.now.plus_ms(7000), Input::Due, &mut a);
    twin.handle(desk.now.plus_ms(7000), Input::Due, &mut b);
    assert_eq!(a, b);
}
