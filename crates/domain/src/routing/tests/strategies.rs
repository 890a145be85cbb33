//! Strategies, needs, rings, priorities, lenders: who gets whom, in rows.
use super::*;
use crate::config::{Borrow, Relax};

/// One queue with agents 1 … 3, all signed in and available in that order, a second apart.
fn floor(strategy: Strategy, change: impl FnOnce(&mut Queue)) -> Desk {
    let mut q = queue(1, &[1, 2, 3]);
    q.strategy = strategy;
    q.queue_len_max = 100;
    change(&mut q);
    let mut desk = Desk::with(vec![q], &[1, 2, 3]);
    for a in 1..=3 {
        desk.line(&format!("in a{a}"));
        desk.line(&format!("avail a{a}"));
        desk.line("wait 1000");
    }
    desk
}

/// Who is rung for the next calls, each answered and ended at once.
fn served(desk: &mut Desk, calls: std::ops::Range<u128>) -> String {
    let mut order = String::new();
    for c in calls {
        let said = desk.line(&format!("queue c{c} q1"));
        let agent: u128 = said.split("offer:a").nth(1).unwrap()[..1].parse().unwrap();
        order.push_str(&agent.to_string());
        desk.line(&format!("accept a{agent}"));
        desk.line(&format!("wait {}", 1_000 * (4 - agent)));
        desk.line(&format!("release a{agent} c{c}"));
    }
    order
}

#[test]
fn every_strategy_has_its_order() {
    for (strategy, order) in [
        (Strategy::LongestIdle, "123123"),
        (Strategy::RoundRobin, "123123"),
        (Strategy::FewestCalls, "123123"),
        (Strategy::LeastRecent, "123123"),
        // Agent 1 talks 3 s a call, agent 2 two, agent 3 one.
        (Strategy::LeastTalkTime, "123323"),
        (Strategy::TopDown, "111111"),
    ] {
        assert_eq!(served(&mut floor(strategy, |_| {}), 1..7), order, "{strategy:?}");
    }
}

#[test]
fn round_robin_remembers_across_pauses() {
    let mut desk = floor(Strategy::RoundRobin, |_| {});
    assert_eq!(served(&mut desk, 1..2), "1");
    desk.line("break a2 tea");
    assert_eq!(served(&mut desk, 2..3), "3");
    desk.line("avail a2");
    assert_eq!(served(&mut desk, 3..5), "12");
}

#[test]
fn chance_is_fair_weighted_and_repeats() {
    let count = |strategy: Strategy, weights: [u16; 3]| {
        let mut desk = floor(strategy, |q| q.members.iter_mut().zip(weights).for_each(|(m, w)| m.weight = w));
        let order = served(&mut desk, 1..601);
        [1, 2, 3].map(|a| order.matches(&a.to_string()).count())
    };
    let even = count(Strategy::Random, [1, 1, 1]);
    assert!(even.iter().all(|n| (150..=250).contains(n)), "{even:?}");
    assert_eq!(even, count(Strategy::Random, [9, 1, 0]), "the seed repeats, weights do not matter");
    let weighted = count(Strategy::WeightedRandom, [4, 2, 0]);
    assert!((350..=450).contains(&weighted[0]) && weighted[2] == 0, "{weighted:?}");
}

#[test]
fn skills_decide_who_may_and_who_is_best() {
    let mut desk = floor(Strategy::BestSkill, |q| q.routing.needs = Some("english >= 2".parse().unwrap()));
    for (agent, level) in [(1, 1), (2, 3), (3, 5)] {
        desk.skills.insert(user(agent), [("english".to_owned(), level)].into());
    }
    desk.configure();
    assert_eq!(desk.line("queue c1 q1"), "offer:a3:c1 a3=ringing".split(' ').rev().collect::<Vec<_>>().join(" "));
    assert_eq!(desk.line("queue c2 q1"), "a2=ringing offer:a2:c2");
    assert_eq!(desk.line("queue c3 q1"), "", "agent 1 speaks too little English");
    assert_eq!(desk.line("queue c4 q1 0 needs=french"), "", "nobody speaks French");
}

#[test]
fn needs_are_relaxed_step_by_step_and_rings_widen() {
    let mut desk = floor(Strategy::LongestIdle, |q| {
        q.members[1].level = 2;
        q.members[2].level = 3;
        q.routing.level_max = 1;
        let step = |after_ms, needs: Option<&str>, level_max, own_needs| Relax {
            after_ms,
            needs: needs.map(|n| n.parse().unwrap()),
            level_max,
            own_needs,
        };
        q.routing.relax = vec![step(10_000, None, Some(2), false), step(20_000, None, Some(9), false), step(30_000, None, None, true)];
    });
    desk.line("break a1 tea");
    desk.line("break a2 tea");
    assert_eq!(desk.line("queue c1 q1"), "");
    assert_eq!(desk.line("wait 19999"), "");
    assert_eq!(desk.line("wait 1"), "a3=ringing offer:a3:c1", "the third ring");
    desk.line("accept a3");
    assert_eq!(desk.line("queue c2 q1 0 needs=french"), "");
    assert_eq!(desk.line("avail a1"), "a1=available");
    assert_eq!(desk.line("wait 30000"), "a1=ringing offer:a1:c2", "its own wish is given up");
}

#[test]
fn priority_counts_as_waiting_where_it_ages() {
    let mut desk = floor(Strategy::LongestIdle, |q| q.routing.priority_ms = 60_000);
    for a in 1..=3 {
        desk.line(&format!("break a{a} tea"));
    }
    desk.line("queue c1 q1 0");
    desk.line("wait 59000");
    desk.line("queue c2 q1 1");
    desk.line("wait 2000");
    desk.line("queue c3 q1 1");
    assert_eq!(desk.line("avail a1"), "a1=available a1=ringing offer:a1:c2", "59 s of waiting are less than a point");
    assert_eq!(desk.line("avail a2"), "a2=available a2=ringing offer:a2:c1", "61 s are more");
}

#[test]
fn a_preferred_agent_is_waited_for_then_the_pool() {
    let mut desk = floor(Strategy::LongestIdle, |q| q.routing.preferred_wait_ms = 15_000);
    desk.line("busy a3 c9");
    assert_eq!(desk.line("queue c1 q1 0 prefer=a3"), "", "their agent talks: worth a wait");
    assert_eq!(desk.line("queue c2 q1"), "a1=ringing offer:a1:c2", "others are not held up");
    assert_eq!(desk.line("wait 9000"), "");
    assert_eq!(desk.line("release a3 c9"), "a3=available a3=ringing offer:a3:c1");
    let mut desk = floor(Strategy::LongestIdle, |q| q.routing.preferred_wait_ms = 5_000);
    desk.line("busy a3 c9");
    desk.line("queue c1 q1 0 prefer=a3");
    assert_eq!(desk.line("wait 5000"), "a1=ringing offer:a1:c1");
    desk.line("out a2");
    assert_eq!(desk.line("queue c3 q1 0 prefer=a2"), "", "who is not at work is not waited for, but nobody else is free");
}

#[test]
fn all_ring_and_one_wins() {
    let mut desk = floor(Strategy::RingAll, |_| {});
    let rang = desk.line("queue c1 q1");
    assert_eq!(rang.matches("offer:").count(), 3, "{rang}");
    let won = desk.line("accept a2");
    assert!(won.contains("assigned:a2:c1") && won.contains("withdraw:a1:c1:answered_elsewhere"), "{won}");
    assert_eq!(won.matches("assigned").count(), 1);
    assert_eq!(desk.line("accept a1"), "refused:offer_gone");
    let again = desk.line("queue c2 q1");
    assert_eq!(again.matches("offer:").count(), 2, "{again}");
    let left = desk.line("leave c2");
    assert_eq!(left.matches("withdraw").count(), 2, "{left}");
}

/// Their wait limit passes while all ring: whoever takes it has it, though the other offers end.
#[test]
fn who_is_taken_at_last_does_not_overflow() {
    let mut desk = floor(Strategy::RingAll, |q| q.wait_max_ms = 5_000);
    desk.line("queue c1 q1");
    assert_eq!(desk.line("wait 6000"), "", "somebody rings");
    let won = desk.line("accept a2");
    assert!(won.contains("assigned:a2:c1") && !won.contains("overflow"), "{won}");
}

#[test]
fn phones_ring_one_after_the_other() {
    let mut desk = floor(Strategy::RingProgressively, |q| q.routing.ring_next_ms = 4_000);
    assert_eq!(desk.line("queue c1 q1"), "a1=ringing offer:a1:c1");
    assert_eq!(desk.line("queue c2 q1"), "a2=ringing offer:a2:c2", "the next caller is not kept waiting");
    assert_eq!(desk.line("wait 4000"), "a3=ringing offer:a3:c1");
    assert_eq!(desk.line("decline a1"), "withdraw:a1:c1:declined a1=available a1=ringing offer:a1:c2");
    assert!(desk.line("accept a3").contains("assigned:a3:c1"));
}

#[test]
fn a_lender_helps_only_while_it_is_well() {
    let mut desk = {
        let mut needy = queue(1, &[1]);
        needy.routing.borrow = vec![Borrow { from: "q2".into(), after_ms: 10_000, service_level_min: 80 }];
        let mut desk = Desk::with(vec![needy, queue(2, &[2, 3])], &[1, 2, 3]);
        for a in [2, 3] {
            desk.line(&format!("in a{a}"));
            desk.line(&format!("avail a{a}"));
        }
        desk
    };
    let level = |percent| Input::ServiceLevel { queue: queue_id(2), percent };
    desk.input(level(Some(70)));
    desk.line("queue c1 q1");
    assert_eq!(desk.line("wait 10000"), "", "the lender is not well itself");
    assert_eq!(desk.input(level(Some(85))), "a2=ringing offer:a2:c1");
    desk.line("accept a2");
    desk.line("queue c2 q1");
    desk.line("queue c3 q2");
    assert_eq!(desk.line("wait 10000"), "withdraw:a3:c3:no_answer a3=away/no_answer");
    desk.line("avail a3");
    desk.line("accept a3");
    assert_eq!(desk.line("queue c4 q2"), "");
    desk.line("wait 10000");
    assert_eq!(desk.line("release a2 c1"), "a2=available a2=ringing offer:a2:c4", "its own caller goes first");
}

#[test]
fn nobody_overflows_for_want_of_agents_while_a_borrowed_one_rings() {
    let mut needy = queue(1, &[1]);
    needy.routing.borrow = vec![Borrow { from: "q2".into(), after_ms: 0, service_level_min: 0 }];
    needy.routing.no_agent_ms = 4_000;
    let mut desk = Desk::with(vec![needy, queue(2, &[2])], &[1, 2]);
    desk.line("in a2");
    desk.line("avail a2");
    assert_eq!(desk.line("queue c1 q1"), "a2=ringing offer:a2:c1");
    assert_eq!(desk.line("wait 9000"), "", "looked for twice");
    assert_eq!(desk.line("decline a2"), "withdraw:a2:c1:declined a2=available");
    desk.line("break a2 tea");
    assert_eq!(desk.line("wait 3000"), "overflow:c1:no_agent:hang_up:busy");
}

#[test]
fn a_rule_taken_back_sends_nobody_away() {
    let mut desk = Desk::new();
    desk.queues[0].routing.no_agent_ms = 4_000;
    desk.configure();
    desk.line("queue c1 q1");
    desk.queues[0].routing.no_agent_ms = 60_000;
    desk.configure();
    assert_eq!(desk.line("wait 50000"), "", "longer now");
    desk.queues[0].routing.no_agent_ms = 0;
    desk.configure();
    assert_eq!(desk.line("wait 50000"), "");
}

#[test]
fn a_lender_helped_out_by_a_third_lends_at_once() {
    let borrow = |from: &str| vec![Borrow { from: from.into(), after_ms: 0, service_level_min: 0 }];
    let (mut first, mut second) = (queue(1, &[1]), queue(2, &[]));
    (first.routing.needs, first.routing.borrow) = ("x".parse().ok(), borrow("q3"));
    second.routing.borrow = borrow("q1");
    let mut desk = Desk::with(vec![first, second, queue(3, &[3])], &[1, 3]);
    desk.skills.insert(user(3), [("x".to_owned(), 1)].into());
    desk.configure();
    desk.line("avail a1");
    assert_eq!(desk.line("queue c1 q1"), "", "agent 1 cannot");
    assert_eq!(desk.line("queue c2 q2"), "", "the lender has somebody waiting itself");
    assert_eq!(desk.line("avail a3"), "a3=available a3=ringing offer:a3:c1 a1=ringing offer:a1:c2");
}

#[test]
fn a_caller_is_kept_for_an_agent_only_while_that_agent_works() {
    let mut desk = floor(Strategy::LongestIdle, |q| q.routing.preferred_wait_ms = 15_000);
    desk.line("busy a3 c9");
    assert_eq!(desk.line("queue c1 q1 0 prefer=a3"), "");
    assert_eq!(desk.line("out a3"), "a3=on_call>offline");
    assert_eq!(desk.line("release a3 c9"), "a3=offline a1=ringing offer:a1:c1", "gone home: the pool at once");
    desk.line("break a2 tea");
    desk.line("queue c2 q1 0 prefer=a3");
    desk.line("in a3");
    assert_eq!(desk.line("avail a2"), "a2=available", "back at work: kept for them");
    assert_eq!(desk.line("avail a3"), "a3=available a3=ringing offer:a3:c2");
}

#[test]
fn queues_compete_by_weight() {
    let mut heavy = queue(2, &[1]);
    heavy.routing.weight = 300;
    let mut desk = Desk::with(vec![queue(1, &[1]), heavy], &[1]);
    desk.line("in a1");
    desk.line("queue c1 q1");
    desk.line("wait 10000");
    desk.line("queue c2 q2");
    desk.line("wait 6000");
    assert_eq!(desk.line("avail a1"), "a1=available a1=ringing offer:a1:c2", "6 s × 3 are more than 16 s");
}

#[test]
fn a_queue_without_agents_or_with_too_many_callers_overflows() {
    let mut desk = Desk::with(
        vec![{
            let mut q = queue(1, &[1]);
            q.routing.no_agent_ms = 5_000;
            q
        }],
        &[1],
    );
    desk.line("queue c1 q1");
    assert_eq!(desk.line("wait 5000"), "overflow:c1:no_agent:hang_up:busy");
    let mut desk = Desk::with(
        vec![{
            let mut q = queue(1, &[1]);
            q.routing.waiting_percent_max = 200;
            q
        }],
        &[1],
    );
    desk.line("in a1");
    desk.line("avail a1");
    for c in 1..=2 {
        assert!(!desk.line(&format!("queue c{c} q1")).contains("overflow"));
    }
    assert_eq!(desk.line("queue c3 q1"), "overflow:c3:too_many_waiting:hang_up:busy");
}

#[test]
fn more_than_one_unanswered_offer_may_be_forgiven() {
    let mut desk = floor(Strategy::TopDown, |q| q.routing.no_answer_max = 2);
    assert_eq!(desk.line("queue c1 q1"), "a1=ringing offer:a1:c1");
    assert_eq!(desk.line("wait 10000"), "withdraw:a1:c1:no_answer a1=available a2=ringing offer:a2:c1", "not the same again at once");
    desk.line("accept a2");
    desk.line("queue c2 q1");
    assert_eq!(desk.line("wait 10000"), "withdraw:a1:c2:no_answer a1=away/no_answer a3=ringing offer:a3:c2");
}

#[test]
fn every_offer_out_of_a_queue_is_explained() {
    let mut desk = floor(Strategy::LongestIdle, |q| {
        q.members[1].level = 2;
        q.routing.level_max = 1;
        q.routing.needs = Some("english".parse().unwrap());
    });
    for agent in [1, 2] {
        desk.skills.insert(user(agent), [("english".to_owned(), 3)].into());
    }
    desk.configure();
    desk.line("wait 2000");
    desk.line("queue c1 q1");
    let explanation = desk.out.iter().find_map(|e| match e {
        Effect::Record(Draft { kind: EventKind::Routed { explanation, .. }, .. }) => Some(explanation.clone()),
        _ => None,
    });
    let explanation = explanation.unwrap();
    assert_eq!((explanation.candidates.clone(), explanation.candidates_total), (vec![user(1)], 1));
    let whys: Vec<(UserId, Why)> = explanation.ruled_out.iter().map(|r| (r.agent, r.why)).collect();
    assert_eq!(whys, [(user(2), Why::Level), (user(3), Why::Skills)]);
    assert_eq!(explanation.needs.as_deref(), Some("english"));
}
