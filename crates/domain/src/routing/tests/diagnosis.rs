//! Why nobody gets somebody, and what will change it.
use super::*;
use crate::config::{Borrow, Relax};

fn verdicts(d: &Diagnosis) -> Vec<(String, Option<Why>)> {
    d.agents.iter().map(|v| (name(v.agent), v.why)).collect()
}

#[test]
fn every_member_with_the_rule_that_leaves_them_out() {
    let mut queues = vec![queue(1, &[1, 2, 3, 4, 5, 6]), queue(2, &[7])];
    queues[0].members[3].level = 5;
    queues[0].queue_len_max = 10;
    queues[0].routing.level_max = 2;
    queues[0].routing.needs = Some("english >= 3".parse().unwrap());
    queues[0].routing.relax = vec![
        Relax { after_ms: 20_000, needs: None, level_max: Some(9), own_needs: false },
        Relax { after_ms: 40_000, needs: Some("*".parse().unwrap()), level_max: None, own_needs: false },
    ];
    queues[0].routing.borrow = vec![Borrow { from: "q2".into(), after_ms: 30_000, service_level_min: 80 }];
    let mut desk = Desk::with(queues, &[1, 2, 3, 4, 5, 6, 7]);
    for n in [1, 2, 3, 4, 6] {
        desk.skills.insert(user(n), [("english".to_owned(), 3)].into());
    }
    desk.configure();
    for line in ["break a2 tea", "avail a3", "busy a3 c9", "avail a4", "avail a5", "avail a6", "avail a7"] {
        desk.line(line);
    }
    check_on(
        &mut desk,
        "declined once",
        &[
            ("queue c1 q1 p3", "a6=ringing offer:a6:c1"),
            ("decline a6", "withdraw:a6:c1:declined a6=available"),
            ("queue c2 q1 needs=french", ""),
        ],
    );
    let d = desk.router.diagnose(desk.now, call(1)).unwrap();
    let why = |n: u128| verdicts(&d).into_iter().find(|v| v.0 == format!("a{n}")).unwrap().1;
    assert_eq!(why(1), Some(Why::Offline));
    assert_eq!(why(2), Some(Why::Break));
    assert_eq!(why(3), Some(Why::OnCall));
    assert_eq!(why(4), Some(Why::Level));
    assert_eq!(why(5), Some(Why::Skills));
    assert_eq!(why(6), Some(Why::Spared));
    assert_eq!(why(7), Some(Why::NotLentYet));
    assert_eq!((d.position, d.waiting, d.priority, d.agents_total), (1, 2, 3, 7));
    assert_eq!((d.needs.as_deref(), d.level_max), (Some("english >= 3"), 2));
    assert_eq!(d.overflow_at, Some(START.plus_ms(120_000)));
    let next = d.next.clone().unwrap();
    assert_eq!((next.at, next.level_max, next.gains), (START.plus_ms(20_000), 9, vec![user(4)]));
    assert!(d.agents.iter().any(|v| v.spared_until == Some(START.plus_ms(DECLINE_COOL_DOWN_MS))));
    // Behind it, with needs of its own.
    let second = desk.router.diagnose(desk.now, call(2)).unwrap();
    assert_eq!((second.position, second.needs.as_deref()), (2, Some("english >= 3 & french")));
    assert_eq!(second.ahead.iter().map(|a| (a.interaction, a.priority, a.ringing)).collect::<Vec<_>>(), [(call(1), 3, false)]);
    // The step comes and does what it said.
    assert_eq!(desk.wait(25_000), "a6=ringing offer:a6:c1 withdraw:a6:c1:no_answer a6=away/no_answer a4=ringing offer:a4:c1");
}

#[test]
fn ringing_kept_and_gone() {
    let mut desk = Desk::new();
    desk.queues[0].routing.preferred_wait_ms = 10_000;
    desk.configure();
    for line in ["avail a1", "avail a2", "busy a2 c9", "queue c1 q1 prefer=a2"] {
        desk.line(line);
    }
    let d = desk.router.diagnose(desk.now, call(1)).unwrap();
    assert_eq!(d.kept_for, Some(user(2)));
    assert_eq!(verdicts(&d), [("a1".to_owned(), Some(Why::Preferred)), ("a2".to_owned(), Some(Why::OnCall))]);
    let next = d.next.unwrap();
    assert_eq!((next.at, next.freed, next.gains), (START.plus_ms(10_000), true, vec![user(1)]));
    desk.wait(10_000);
    assert_eq!(desk.router.diagnose(desk.now, call(1)).unwrap().ringing, [user(1)]);
    desk.line("accept a1");
    assert_eq!(desk.router.diagnose(desk.now, call(1)), None);
    assert_eq!(desk.router.diagnose(desk.now, call(77)), None);
}
