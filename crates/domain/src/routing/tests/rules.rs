//! Rules: whom they concern, what they change, also when the customer is known late.
use super::*;
use crate::config::RoutingRule;
use crate::event::EventKind;

fn rule(json: &str) -> RoutingRule {
    let mut value: serde_json::Value = serde_json::from_str(json).unwrap();
    value["name"] = serde_json::json!({ "zh": "", "en": "" });
    serde_json::from_value(value).unwrap()
}

fn house(desk: &mut Desk, rules: &[&str]) -> String {
    desk.input(Input::House(House { rules: rules.iter().map(|r| rule(r)).collect(), ..House::default() }))
}

/// Priority and place of everybody as the list shows them.
fn shown(desk: &Desk) -> Vec<(String, u8, u32)> {
    let of = |e: &Effect| match e {
        Effect::WaitingChanged(w) => Some((call_name(w.interaction), w.priority, w.position)),
        _ => None,
    };
    desk.out.iter().filter_map(of).collect()
}

#[test]
fn a_vip_known_late_moves_up_and_keeps_its_time() {
    let mut desk = Desk::new();
    house(&mut desk, &[r#"{ "key": "vip", "when": { "vip": true }, "priority": 5 }"#]);
    check_on(&mut desk, "two wait", &[("queue c1 q1", ""), ("wait 1000", ""), ("queue c2 q1", ""), ("known c1", "")]);
    assert_eq!(shown(&desk), [("c1".to_owned(), 0, 1)], "no VIP, nothing changes");
    desk.line("known c2 vip");
    assert!(shown(&desk).contains(&("c2".to_owned(), 5, 1)) && shown(&desk).contains(&("c1".to_owned(), 0, 2)), "{:?}", shown(&desk));
    check_on(&mut desk, "first", &[("avail a1", "a1=available a1=ringing offer:a1:c2")]);
    let rules = desk.out.iter().find_map(|e| match e {
        Effect::Record(Draft { kind: EventKind::Routed { explanation, .. }, .. }) => Some(explanation.rules.clone()),
        _ => None,
    });
    assert_eq!(rules, Some(vec!["vip".to_owned()]), "the explanation names the rule");
    let waited = desk.out.iter().find_map(|e| if let Effect::Offer { offer, .. } = e { Some(offer.waited_ms) } else { None });
    assert_eq!(waited, Some(0));
}

#[test]
fn priorities_add_up_and_the_queues_own_rules_come_after() {
    let mut desk = Desk::new();
    desk.queues[0].routing.rules = vec![rule(r#"{ "key": "own", "when": { "number": "4001" }, "priority": 2 }"#)];
    desk.configure();
    house(
        &mut desk,
        &[
            r#"{ "key": "gold", "when": { "tag": "gold" }, "priority": 250 }"#,
            r#"{ "key": "off", "priority": 9, "enabled": false }"#,
            r#"{ "key": "menu", "when": { "menu_digit": "3" }, "priority": 1 }"#,
        ],
    );
    desk.line("queue c1 q1 p4 to=4001 digit=3");
    assert_eq!(shown(&desk), [("c1".to_owned(), 7, 1)]);
    desk.line("known c1 tag=gold");
    assert_eq!(shown(&desk).last().map(|s| s.1), Some(255), "never beyond the highest");
    desk.line("queue c2 q2 p4 to=4001");
    assert_eq!(shown(&desk), [("c2".to_owned(), 4, 1)], "the rule of another queue");
    // A rule that is taken away is no longer applied.
    house(&mut desk, &[]);
    desk.line("known c1 tag=gold");
    assert_eq!(shown(&desk).last().map(|s| s.1), Some(6));
}

#[test]
fn a_rule_asks_for_skills_besides() {
    let mut desk = Desk::new();
    desk.skills.insert(user(2), [("gold".to_owned(), 5), ("english".to_owned(), 3)].into());
    desk.skills.insert(user(1), [("english".to_owned(), 3)].into());
    desk.configure();
    house(&mut desk, &[r#"{ "key": "gold", "when": { "tag": "gold" }, "needs": "gold >= 2" }"#]);
    check_on(
        &mut desk,
        "needs",
        &[
            ("queue c1 q1 p0 needs=english", ""),
            ("known c1 tag=gold", ""),
            ("avail a1", "a1=available"),
            ("avail a2", "a2=available a2=ringing offer:a2:c1"),
        ],
    );
}

#[test]
fn a_rule_keeps_a_customer_for_the_last_agent() {
    let mut desk = Desk::new();
    house(&mut desk, &[r#"{ "key": "vip", "when": { "vip": true }, "prefer_last_agent_ms": 30000 }"#]);
    check_on(
        &mut desk,
        "kept for agent 2",
        &[
            ("avail a2", "a2=available"),
            ("busy a2 c9", "a2=on_call"),
            ("queue c1 q1", ""),
            ("known c1 vip prefer=a2", ""),
            ("avail a1", "a1=available"),
            ("wait 29999", ""),
            ("wait 1", "a1=ringing offer:a1:c1"),
        ],
    );
}

#[test]
fn a_rule_sends_to_another_queue_once() {
    let mut desk = Desk::new();
    house(
        &mut desk,
        &[r#"{ "key": "vip", "when": { "vip": true }, "queue": "q2" }"#, r#"{ "key": "n", "when": { "number": "4002" }, "queue": "q1" }"#],
    );
    check_on(
        &mut desk,
        "moved when it comes and when it is known",
        &[
            ("queue c1 q2 p0 to=4002 fresh", "overflow:c1:rule:q1"),
            ("queue c1 q1 p0 to=4002", ""),
            ("known c1 vip", ""),
            ("queue c2 q1 p0 fresh", ""),
            ("known c2 vip", "overflow:c2:rule:q2"),
            ("queue c2 q2 p0 fresh", ""),
            ("known c2 vip", ""),
        ],
    );
    let moved = |desk: &Desk| {
        desk.out
            .iter()
            .any(|e| matches!(e, Effect::Record(Draft { kind: EventKind::Overflowed { reason, to: Some(_) }, .. }) if reason == "rule"))
    };
    desk.line("queue c3 q1 p0 fresh");
    desk.line("known c3 vip");
    assert!(moved(&desk), "{:?}", desk.out);
    // Somebody who rings is not taken away.
    check_on(
        &mut desk,
        "ringing",
        &[
            ("leave c1", ""),
            ("queue c4 q1 p0 fresh", ""),
            ("avail a1", "a1=available a1=ringing offer:a1:c4"),
            ("known c4 vip", "offer_changed:a1:c4"),
        ],
    );
}

#[test]
fn what_was_blocked_is_recorded() {
    let mut desk = Desk::new();
    for n in 1..=3 {
        desk.line(&format!("queue c{n} q1"));
    }
    desk.line("queue c4 q1");
    let blocked = desk.out.iter().find_map(|e| match e {
        Effect::Record(Draft { queue, interaction, kind: EventKind::Overflowed { reason, to }, .. }) => {
            Some((*queue, *interaction, reason.clone(), *to))
        }
        _ => None,
    });
    assert_eq!(blocked, Some((Some(queue_id(1)), Some(call(4)), "queue_full".to_owned(), None)));
    desk.wait(120_000);
    let gone = desk
        .out
        .iter()
        .filter(|e| matches!(e, Effect::Record(Draft { kind: EventKind::Overflowed { reason, .. }, .. }) if reason == "wait_max"))
        .count();
    assert_eq!(gone, 3);
}
