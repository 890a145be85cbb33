//! Several channels at one desk: what an agent does at once, what stands aside, and that nobody ever has more than they can do.
use super::*;
use crate::live::WorkStage;
use proptest::prelude::*;

#[test]
fn a_call_or_five_chats() {
    check(
        "chats beside each other, no call meanwhile",
        &[
            ("avail a1", "a1=available"),
            ("queue c1 q1 p0 ch=chat", "a1=ringing offer:a1:c1"),
            ("accept a1", "a1=on_call assigned:a1:c1"),
            ("queue c2 q1 p0 ch=chat", "a1=on_call offer:a1:c2"),
            ("accept a1", "a1=on_call assigned:a1:c2"),
            ("queue c3 q1", ""),
            ("busy a1 c9", "refused:busy"),
            ("direct a1 c9", "refused:busy"),
            ("release a1 c1 0", "a1=on_call"),
            ("release a1 c2 0", "a1=available a1=ringing offer:a1:c3"),
            ("accept a1", "a1=on_call assigned:a1:c3"),
            ("queue c4 q1 p0 ch=chat", ""),
            ("release a1 c3 0", "a1=available a1=ringing offer:a1:c4"),
        ],
    );
    let mut desk = Desk::new();
    desk.queues[0].queue_len_max = 10;
    desk.configure();
    desk.line("avail a1");
    for n in 1..=5 {
        assert!(desk.line(&format!("queue c{n} q1 p0 ch=chat")).ends_with(&format!("offer:a1:c{n}")));
        desk.line("accept a1");
    }
    assert_eq!(desk.line("queue c6 q1 p0 ch=chat"), "", "five are enough");
}

#[test]
fn a_call_interrupts_a_ticket_but_not_the_other_way_round() {
    let mut desk = Desk::new();
    check_on(
        &mut desk,
        "ticket, then call",
        &[
            ("avail a1", "a1=available"),
            ("queue c1 q1 p0 ch=ticket", "a1=ringing offer:a1:c1"),
            ("accept a1", "a1=on_call assigned:a1:c1"),
            ("queue c2 q1", "a1=on_call offer:a1:c2"),
            ("accept a1", "a1=on_call assigned:a1:c2"),
            ("queue c3 q1 p0 ch=ticket", ""),
        ],
    );
    let works: Vec<_> = desk.router.agents[&user(1)].live().works.iter().map(|w| (call_name(w.interaction), w.stage)).collect();
    assert_eq!(works, [("c1".to_owned(), WorkStage::Active), ("c2".to_owned(), WorkStage::Active)]);
    assert_eq!(desk.router.agents[&user(1)].live().interaction, Some(call(2)), "the call is what the status tells of");
    check_on(&mut desk, "back to the ticket", &[("release a1 c2 0", "a1=on_call a1=on_call offer:a1:c3")]);
}

#[test]
fn wrap_ups_hold_their_slots_and_end_one_by_one() {
    check(
        "two chats wrapped up",
        &[
            ("avail a1", "a1=available"),
            ("queue c1 q1 p0 ch=chat", "a1=ringing offer:a1:c1"),
            ("accept a1", "a1=on_call assigned:a1:c1"),
            ("queue c2 q1 p0 ch=chat", "a1=on_call offer:a1:c2"),
            ("accept a1", "a1=on_call assigned:a1:c2"),
            ("release a1 c1 5000", "a1=on_call"),
            ("wait 1000", ""),
            ("release a1 c2 5000", "a1=wrap_up"),
            ("wait 4000", "a1=wrap_up"),
            ("done a1 c1", "refused:not_theirs"),
            ("done a1 c2", "a1=available"),
        ],
    );
}

#[test]
fn who_wants_a_break_gets_nothing_more_and_has_it_after_the_last() {
    check(
        "break after two chats",
        &[
            ("avail a1", "a1=available"),
            ("queue c1 q1 p0 ch=chat", "a1=ringing offer:a1:c1"),
            ("accept a1", "a1=on_call assigned:a1:c1"),
            ("queue c2 q1 p0 ch=chat", "a1=on_call offer:a1:c2"),
            ("accept a1", "a1=on_call assigned:a1:c2"),
            ("queue c3 q1 p0 ch=chat", "a1=on_call offer:a1:c3"),
            ("break a1 tea", "a1=on_call>break withdraw:a1:c3:agent_left a1=on_call>break"),
            ("release a1 c1 0", "a1=on_call>break"),
            ("release a1 c2 0", "a1=break/tea"),
            ("avail a1", "a1=available a1=ringing offer:a1:c3"),
        ],
    );
}

#[test]
fn chats_go_to_the_least_loaded() {
    check(
        "spread",
        &[
            ("avail a1", "a1=available"),
            ("wait 1", ""),
            ("avail a2", "a2=available"),
            ("queue c1 q1 p0 ch=chat", "a1=ringing offer:a1:c1"),
            ("accept a1", "a1=on_call assigned:a1:c1"),
            ("queue c2 q1 p0 ch=chat", "a2=ringing offer:a2:c2"),
            ("accept a2", "a2=on_call assigned:a2:c2"),
            ("queue c3 q1 p0 ch=chat", "a1=on_call offer:a1:c3"),
        ],
    );
}

#[test]
fn a_lost_phone_takes_calls_away_but_no_chats() {
    check(
        "phone",
        &[
            ("phone a1 on", "a1=offline"),
            ("desk a1", "a1=offline"),
            ("avail a1", "a1=available"),
            ("queue c1 q1 p0 ch=chat", "a1=ringing offer:a1:c1"),
            ("phone a1 off", "a1=ringing"),
            ("accept a1", "a1=on_call assigned:a1:c1"),
        ],
    );
}

#[test]
fn a_profile_says_how_much() {
    use crate::config::{Capacity, ChannelCapacity};
    let of = |channel, slots, load_percent| ChannelCapacity { channel, slots, load_percent, interrupts: vec![] };
    let mut desk = Desk::new();
    let capacity = Capacity(vec![of(Channel::Voice, 1, 60), of(Channel::Chat, 2, 20)]);
    let agents = vec![AgentSetup { capacity, ..user(1).into() }];
    desk.input(Input::Configure { queues: desk.queues.clone(), agents });
    check_on(
        &mut desk,
        "a call beside two chats, no ticket",
        &[
            ("avail a1", "a1=available"),
            ("queue c1 q1", "a1=ringing offer:a1:c1"),
            ("accept a1", "a1=on_call assigned:a1:c1"),
            ("queue c2 q1 p0 ch=chat", "a1=on_call offer:a1:c2"),
            ("accept a1", "a1=on_call assigned:a1:c2"),
            ("queue c3 q1 p0 ch=ticket", ""),
            ("queue c4 q1 p0 ch=chat", "a1=on_call offer:a1:c4"),
            ("accept a1", "a1=on_call assigned:a1:c4"),
            ("queue c5 q1 p0 ch=chat", ""),
        ],
    );
}

fn line_of((op, a, b): (u8, u8, u8)) -> String {
    let (agent, i, q) = (1 + a % 3, 1 + b % 12, 1 + a % 2);
    let channel = ["voice", "chat", "ticket", "message", "video", "chat"][usize::from(b % 6)];
    match op % 16 {
        0..=4 => format!("queue c{i} q{q} p0 ch={channel}"),
        5..=7 => format!("accept a{agent}"),
        8 => format!("decline a{agent}"),
        9 => format!("leave c{i}"),
        10 | 11 => format!("avail a{agent}"),
        12 => format!("break a{agent} tea"),
        13 => format!("done a{agent} c{i}"),
        14 => format!("busy a{agent} c{}", 20 + i),
        _ => format!("wait {}", u16::from(b) * 60),
    }
}

/// Ends the n-th of what the agents serve.
fn release(desk: &mut Desk, n: u8) {
    let served: Vec<String> = desk
        .router
        .agents
        .values()
        .flat_map(|a| a.works.iter().filter(|w| w.is_active()).map(|w| format!("{} {}", name(a.user), call_name(w.interaction))))
        .collect();
    if let Some(who) = served.get(usize::from(n) % served.len().max(1)) {
        desk.line(&format!("release {who} {}", if n.is_multiple_of(2) { 2_000 } else { 0 }));
    }
}

fn nobody_has_too_much(desk: &Desk) -> Result<(), TestCaseError> {
    let router = &desk.router;
    for agent in router.agents.values() {
        let held: Vec<Channel> = agent.works.iter().map(|w| w.channel).collect();
        prop_assert!(!agent.capacity.exceeded(&held), "{held:?}");
        let mut ids: Vec<_> = agent.works.iter().map(|w| w.interaction).collect();
        ids.sort();
        ids.dedup();
        prop_assert_eq!(ids.len(), agent.works.len(), "the same twice");
        let offered = router.offers.values().filter(|o| o.agent == agent.user).count();
        prop_assert_eq!(agent.rings().count(), offered, "an offer without its work, or the other way round");
    }
    // Nobody with room stands beside somebody they may serve.
    for (interaction, entry) in &router.entries {
        let queue = &router.queues[&entry.queue];
        let rings = router.ringing.contains_key(interaction);
        let free = router
            .agents
            .values()
            .find(|a| queue.members.contains_key(&a.user) && a.can_take(entry.channel) && !entry.spares(desk.now, a.user));
        prop_assert!(rings || free.is_none(), "{} waits beside a free agent", call_name(*interaction));
    }
    // The sets of free agents are what a fresh look gives.
    for queue in router.queues.values() {
        for channel in &router.channels {
            let fresh: BTreeSet<_> = router.agents.values().filter(|a| a.can_take(*channel)).filter_map(|a| queue.free_key(a)).collect();
            prop_assert_eq!(queue.free.get(channel).cloned().unwrap_or_default(), fresh);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nobody_ever_has_more_than_they_can_do(steps in proptest::collection::vec((any::<u8>(), any::<u8>(), any::<u8>()), 1..120)) {
        let mut desk = Desk::new();
        for step in steps {
            desk.line(&line_of(step));
            if step.0.is_multiple_of(3) {
                release(&mut desk, step.2);
            }
            nobody_has_too_much(&desk)?;
        }
        // Everybody goes home: nothing stays behind.
        for n in 1..=40 {
            desk.line(&format!("leave c{n}"));
        }
        while desk.router.agents.values().any(|a| a.works.iter().any(|w| w.is_active())) {
            release(&mut desk, 1);
        }
        desk.wait(60_000);
        prop_assert!(desk.router.agents.values().all(|a| a.works.is_empty()));
        prop_assert_eq!(desk.router.next_timeout(), None);
    }
}
