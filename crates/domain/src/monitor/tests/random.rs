//! Whatever comes in whatever order and however often: the books balance, and only the set of events matters.
use super::*;
use proptest::prelude::*;
use proptest::strategy::Strategy;

/// (what, which interaction, second queue, second agent, milliseconds)
type Seed = (u8, u8, bool, bool, u64);

fn seeds() -> impl Strategy<Value = Vec<Seed>> {
    prop::collection::vec((0u8..20, 0u8..6, any::<bool>(), any::<bool>(), 0u64..1_700_000), 0..120)
}

fn tape(seeds: &[Seed]) -> Tape {
    let mut tape = Tape::default();
    let statuses = [AgentStatus::Offline, AgentStatus::Available, AgentStatus::OnCall, AgentStatus::WrapUp, AgentStatus::Break];
    for &(what, n, second, bob, ms) in seeds {
        let (q, who, n) = (if second { Q2 } else { Q }, if bob { BOB } else { ALICE }, u128::from(n));
        match what {
            0 => tape.started(ms, n, if second { Direction::Outbound } else { Direction::Inbound }),
            1..=4 => tape.queued(ms, n, q),
            5 | 6 => tape.dequeued(ms, n, q, "answered"),
            7 => tape.dequeued(ms, n, q, "caller_left"),
            8 => tape.dequeued(ms, n, q, "ended"),
            9 => tape.dequeued(ms, n, q, if bob { "healed" } else { "wait_max" }),
            10..=12 => tape.answered(ms, n, q, who),
            13 => tape.talk(ms, n, if bob { EventKind::Held } else { EventKind::Unheld }),
            14 => tape.talk(ms, n, EventKind::Transferred { to: "x".into() }),
            15 => tape.ended(ms, n, if bob { Outcome::Abandoned } else { Outcome::Handled }, HangupBy::System),
            16 => tape.wrap_up(ms, n, ms / 2),
            17 => tape.talk(ms, n, EventKind::InteractionLost),
            18 => tape.offer_ended(ms, n, who, if second { "answered" } else { "no_answer" }),
            _ => tape.status(ms, who, statuses[ms as usize % 5], statuses[(ms as usize / 5) % 5], ms / 3),
        }
    }
    tape
}

fn balanced(m: &Monitor) {
    for buckets in [&m.minutes, &m.intervals] {
        for (key, cell) in buckets.every() {
            let s = &cell.sums;
            let parts = [Sum::Answered, Sum::Abandoned, Sum::FlowOut, Sum::Waiting].map(|sum| s.get(sum));
            assert_eq!(s.get(Sum::Offered), parts.iter().sum::<i64>(), "{key:?}");
            assert!(Sum::ALL.iter().all(|sum| s.get(*sum) >= 0), "{key:?} {s:?}");
            assert_eq!((cell.answered.count(), cell.abandoned.count()), (parts[0], parts[1]));
        }
    }
}

fn waiting_in_buckets(m: &Monitor) -> i64 {
    m.intervals.every().filter(|(k, _)| k.0 == Scope::Tenant).map(|(_, c)| c.sums.get(Sum::Waiting)).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn only_the_set_of_events_matters(seeds in seeds(), order in any::<u64>(), again in any::<u64>()) {
        let tape = tape(&seeds);
        let now = at(1_750_000);
        let mut events = tape.events.clone();
        events.extend(tape.events.iter().filter(|e| e.id.0.as_u128() & again as u128 & 7 == 1).cloned());
        // Any order, by a seed.
        events.sort_by_key(|e| (e.id.0.as_u128() as u64 ^ order).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(17) ^ order);
        let mut live = Monitor::new(CHINA_S).unwrap();
        live.configure(vec![setup(QueueOptions::default())]).unwrap();
        for event in &events {
            live.apply(now, event);
            balanced(&live);
            let waiting = live.value(Metric::Waiting, Scope::Tenant, Window::Now, now).unwrap().numerator;
            prop_assert_eq!(waiting, waiting_in_buckets(&live));
        }
        let anew = tape.monitor(1_750_000, QueueOptions::default());
        prop_assert_eq!(&live.minutes, &anew.minutes);
        prop_assert_eq!(&live.intervals, &anew.intervals);
        prop_assert_eq!((&live.waiting, &live.talking, &live.agents), (&anew.waiting, &anew.talking, &anew.agents));
    }

    /// A queue and its tenant agree when there is only that queue; a rate is never outside 0 … 100.
    #[test]
    fn sums_over_scopes_and_rates(seeds in seeds(), threshold_s in 1u32..100, short_abandon_s in 0u32..60) {
        let tape = tape(&seeds);
        let m = tape.monitor(1_750_000, QueueOptions { threshold_s, ..measured(Measure { short_abandon_s, ..Measure::default() }) });
        for d in CATALOGUE.iter().filter(|d| d.basis == Basis::QueueVisits) {
            let value = |scope| m.value(d.metric, scope, Window::Today, at(1_750_000));
            let (all, one, two) = (value(Scope::Tenant), value(queue(Q)), value(queue(Q2)));
            if !matches!(d.compute, Compute::WaitQuantile(_)) {
                let of = |v: Option<Value>| v.map_or(0, |v| v.numerator);
                prop_assert!(one.is_none() || two.is_none() || of(all) == of(one) + of(two), "{}", d.id);
            }
            if let (Unit::Percent, Some(v)) = (d.unit, all) {
                // Sl3 and the Genesys form may leave abandons out below the line, never answers.
                prop_assert!((0.0..=100.0).contains(&v.value), "{} {}", d.id, v.value);
            }
        }
    }
}
