//! Quotas of breaks, the line for one, and who stays too long.
use super::*;
use crate::config::{BreakQuota, BreakReason};
use proptest::prelude::*;

fn quota(desk: &mut Desk, agents: &[u128], quota: BreakQuota) {
    let quota = QuotaSetup { agents: agents.iter().map(|a| user(*a)).collect(), quota };
    let tea = BreakReason { key: "tea".into(), name: Label::default(), duration_max_ms: Some(600_000) };
    desk.input(Input::House(House { break_quotas: vec![quota], break_reasons: vec![tea], ..House::default() }));
}

fn one_of_three() -> Desk {
    let mut desk = Desk::new();
    quota(&mut desk, &[1, 2, 3], BreakQuota { agents_max: Some(1), ..BreakQuota::default() });
    desk
}

#[test]
fn a_break_beyond_the_quota_waits_in_line() {
    check_on(
        &mut one_of_three(),
        "in line",
        &[
            ("avail a1", "a1=available"),
            ("avail a2", "a2=available"),
            ("avail a3", "a3=available"),
            ("break a1 lunch", "a1=break/lunch"),
            ("break a2 lunch", "a2=available?"),
            ("break a3 lunch", "a3=available?"),
            ("break a2 smoke", "a2=available?"),
            ("queue c1 q1", "a2=ringing? offer:a2:c1"),
            ("avail a1", "a1=available a2=ringing>break"),
            ("accept a2", "a2=on_call>break assigned:a2:c1"),
            ("release a2 c1 0", "a2=break/smoke"),
            ("out a2", "a2=offline a3=break/lunch"),
        ],
    );
}

#[test]
fn a_supervisor_approves_or_declines() {
    check_on(
        &mut one_of_three(),
        "decisions",
        &[
            ("avail a1", "a1=available"),
            ("avail a2", "a2=available"),
            ("avail a3", "a3=available"),
            ("break a1 lunch", "a1=break/lunch"),
            ("break a2 lunch", "a2=available?"),
            ("break a3 lunch", "a3=available?"),
            ("refuse a2", "a2=available"),
            ("refuse a2", "refused:no_such_request"),
            ("approve a3", "a3=break/lunch"),
            ("avail a1", "a1=available"),
            ("put a2 coaching", "a2=break/coaching"),
            ("avail a3", "a3=available"),
            ("break a3 lunch", "a3=available?"),
            ("avail a3", "a3=available"),
            ("avail a2", "a2=available"),
        ],
    );
}

#[test]
fn a_break_asked_for_during_a_call_is_counted_when_it_begins() {
    check_on(
        &mut one_of_three(),
        "after the call there is no room",
        &[
            ("avail a1", "a1=available"),
            ("busy a1 c1", "a1=on_call"),
            ("break a1 lunch", "a1=on_call>break"),
            ("avail a2", "a2=available"),
            ("break a2 lunch", "a2=break/lunch"),
            ("release a1 c1 0", "a1=on_call? a1=available?"),
            ("avail a2", "a2=available a1=break/lunch"),
        ],
    );
    let mut desk = one_of_three();
    quota(&mut desk, &[1, 2, 3], BreakQuota { percent_max: Some(40), refuse: true, ..BreakQuota::default() });
    check_on(
        &mut desk,
        "refused, and by share of those signed in",
        &[
            ("avail a1", "a1=available"),
            ("avail a2", "a2=available"),
            ("break a1 lunch", "a1=break/lunch"),
            ("break a2 lunch", "refused:break_full"),
            ("busy a2 c1", "a2=on_call"),
            ("break a2 lunch", "a2=on_call>break"),
            ("release a2 c1 0", "a2=on_call a2=available"),
        ],
    );
}

#[test]
fn who_stays_too_long_is_told_of() {
    let mut desk = one_of_three();
    check_on(&mut desk, "tea", &[("avail a1", "a1=available"), ("break a1 tea", "a1=break/tea")]);
    assert_eq!(desk.router.agents[&user(1)].live().break_until, Some(START.plus_ms(600_000)));
    check_on(
        &mut desk,
        "ten minutes",
        &[
            ("wait 599999", ""),
            ("wait 1", "overstayed:a1"),
            ("avail a1", "a1=available"),
            ("break a1 lunch", "a1=break/lunch"),
            ("wait 9999999", ""),
        ],
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Without a supervisor the quota holds, and nobody waits for a break while there is room.
    #[test]
    fn a_quota_holds(steps in proptest::collection::vec((0u8..9, 1u128..4, 0u8..4), 1..80), most in 1u16..3) {
        let mut desk = Desk::new();
        quota(&mut desk, &[1, 2, 3], BreakQuota { agents_max: Some(most), ..BreakQuota::default() });
        for (op, a, c) in steps {
            match op {
                0 | 1 => desk.line(&format!("break a{a} tea")),
                2 | 3 => desk.line(&format!("avail a{a}")),
                4 => desk.line(&format!("out a{a}")),
                5 => desk.line(&format!("queue c{c} q1")),
                6 => desk.line(&format!("accept a{a}")),
                7 => desk.line(&format!("release a{a} c{c} {}", u32::from(c) * 1000)),
                _ => desk.line("wait 3000"),
            };
            let status = |s: AgentStatus| desk.router.agents.values().filter(|a| a.presence.status == s).count();
            let asked = desk.router.breaks.requests.iter().map(|r| r.0).collect::<BTreeSet<_>>();
            prop_assert!(status(AgentStatus::Break) <= usize::from(most));
            prop_assert_eq!(asked.len(), desk.router.breaks.requests.len());
            let taken = status(AgentStatus::Break) + desk.router.breaks.granted.len();
            prop_assert!(asked.is_empty() || taken >= usize::from(most), "somebody waits beside room");
        }
    }
}
