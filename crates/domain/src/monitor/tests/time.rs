//! Intervals, windows, agents' time, what is happening now.
use super::*;
use AgentStatus::{Available, Break, Offline, OnCall, WrapUp};

#[test]
fn intervals_are_half_open_and_visits_belong_to_their_entry() {
    let mut tape = Tape::default();
    tape.visit(899_999, 1, 60_000, "answered");
    tape.visit(900_000, 2, 1_000, "answered");
    let m = tape.monitor(1_000_000, QueueOptions::default());
    let asa = |window| m.value(Metric::Asa, queue(Q), window, at(1_000_000)).map(|v| (v.numerator, v.n));
    assert_eq!((asa(Window::LastInterval), asa(Window::Interval)), (Some((60_000, 1)), Some((1_000, 1))));
    let handled = |window| m.value(Metric::Handled, queue(Q), window, at(1_000_000)).unwrap().numerator;
    assert_eq!((handled(Window::LastInterval), handled(Window::Interval)), (0, 2), "by the end of the talk");
    let trend = m.trend(Metric::Offered, queue(Q), 3, at(1_000_000));
    let dots: Vec<(u64, i64)> = trend.iter().map(|(t, v)| (t.ms_since(at(0)), v.unwrap().numerator)).collect();
    assert_eq!(dots, [(0, 0), (0, 1), (900_000, 1)]);
    assert!(m.trend(Metric::Waiting, queue(Q), 3, at(0)).is_empty());
}

#[test]
fn rolling_windows_move_by_the_minute() {
    let mut tape = Tape::default();
    tape.visit(0, 1, 1000, "answered");
    let offered =
        |ms, window| tape.monitor(ms, QueueOptions::default()).value(Metric::Offered, Scope::Tenant, window, at(ms)).unwrap().numerator;
    assert_eq!((offered(899_999, Window::Last15Min), offered(900_000, Window::Last15Min)), (1, 0));
    assert_eq!((offered(1_799_999, Window::Last30Min), offered(1_800_000, Window::Last30Min)), (1, 0));
}

/// 15:59:59 UTC is the last second of the day in China.
#[test]
fn today_begins_at_the_tenants_midnight() {
    let midnight_ms = 16 * 3_600_000 - START.as_ms().rem_euclid(24 * 3_600_000);
    let midnight = u64::try_from(midnight_ms.rem_euclid(24 * 3_600_000)).unwrap();
    let mut tape = Tape::default();
    tape.visit(midnight - 1, 1, 0, "answered");
    tape.visit(midnight, 2, 0, "answered");
    let now = midnight + 3_600_000;
    let mut m = tape.monitor(now, QueueOptions::default());
    assert_eq!(today(&m, Metric::Offered, Scope::Tenant, now), Some(100));
    m.set_utc_offset(0).unwrap();
    assert_eq!(today(&m, Metric::Offered, Scope::Tenant, now), Some(200));
}

#[test]
fn agents_time_is_split_at_the_borders() {
    let mut tape = Tape::default();
    tape.status(0, ALICE, Offline, Available, 99_000_000);
    tape.status(800_000, ALICE, Available, OnCall, 800_000);
    tape.status(1_000_000, ALICE, OnCall, WrapUp, 200_000);
    tape.status(1_050_000, ALICE, WrapUp, Available, 50_000);
    let now = 1_100_000;
    let m = tape.monitor(now, QueueOptions::default());
    let ms = |metric, window| m.value(metric, agent(ALICE), window, at(now)).unwrap().numerator;
    let of = |window| [Metric::TimeAvailable, Metric::TimeOnCall, Metric::TimeWrapUp].map(|metric| ms(metric, window));
    assert_eq!(of(Window::LastInterval), [800_000, 100_000, 0]);
    assert_eq!(of(Window::Interval), [50_000, 100_000, 50_000], "the running stretch counts up to now");
    assert_eq!(of(Window::Today), [850_000, 200_000, 50_000]);
    // From 240 s on: fifteen minutes, the running one included.
    assert_eq!(of(Window::Last15Min), [560_000 + 50_000, 200_000, 50_000]);
    let occupancy = |scope| m.value(Metric::Occupancy, scope, Window::Today, at(now)).unwrap();
    for scope in [agent(ALICE), queue(Q), Scope::Tenant] {
        assert_eq!((occupancy(scope).numerator, occupancy(scope).denominator, occupancy(scope).n), (250_000, 1_100_000, 18));
    }
}

#[test]
fn this_moment() {
    let mut tape = Tape::default();
    tape.status(0, ALICE, Offline, Available, 0);
    tape.status(0, BOB, Offline, Available, 0);
    tape.status(40_000, BOB, Available, Break, 40_000);
    for n in 1..=3 {
        tape.queued(n as u64 * 10_000, n, Q);
    }
    tape.queued(5_000, 4, Q2);
    tape.started(0, 5, Direction::Inbound);
    tape.queued(0, 5, Q);
    tape.answered(1_000, 5, Q, ALICE);
    let m = tape.monitor(60_000, QueueOptions::default());
    let now = |metric, scope| m.value(metric, scope, Window::Now, at(60_000)).map(|v| v.value);
    for (metric, scope, value) in [
        (Metric::Waiting, queue(Q), 3.0),
        (Metric::Waiting, Scope::Tenant, 4.0),
        (Metric::LongestWait, queue(Q), 50.0),
        (Metric::LongestWait, Scope::Tenant, 55.0),
        (Metric::WaitingPerAgent, queue(Q), 1.5),
        (Metric::Talking, queue(Q), 1.0),
        (Metric::Talking, agent(ALICE), 1.0),
        (Metric::AgentsSignedIn, queue(Q), 2.0),
        (Metric::AgentsAvailable, queue(Q), 1.0),
        (Metric::AgentsBreak, Scope::Tenant, 1.0),
        (Metric::LongestBreak, agent(BOB), 20.0),
        (Metric::LongestOnCall, agent(BOB), 0.0),
    ] {
        assert_eq!(now(metric, scope), Some(value), "{metric:?}");
    }
    assert_eq!(now(Metric::WaitingPerAgent, queue(Q2)), None, "nobody is signed in there");
    let drill = m.drill(Metric::LongestWait, Scope::Tenant, Window::Now, at(60_000)).unwrap();
    assert_eq!(drill.interactions, [4, 1, 2, 3].map(call));
    assert_eq!(m.drill(Metric::LongestBreak, queue(Q), Window::Now, at(60_000)).unwrap().agents, [BOB]);
    let drill = m.drill(Metric::Sl1, queue(Q), Window::LastInterval, at(960_000)).unwrap();
    assert_eq!((drill.time, drill.from, drill.to, drill.queue), (TimeKey::QueuedAt, at(0), at(900_000), Some(Q)));
    assert_eq!((drill.counted, drill.population), (Which::AnsweredWithinThreshold, Some(Which::Concluded)));
    assert_eq!(drill.limits[&Q], Limits { threshold_ms: 20_000, short_abandon_ms: 5_000 });
}

#[test]
fn a_break_that_lasts_too_long() {
    let mut tape = Tape::default();
    tape.status(0, ALICE, Offline, Break, 0);
    tape.status(0, BOB, Offline, Break, 0);
    tape.push(at(30_000), None, Some(BOB), None, EventKind::BreakOverstayed { reason: None, was_ms: 30_000 });
    let over = |tape: &Tape, scope| {
        tape.monitor(60_000, QueueOptions::default()).value(Metric::AgentsBreakOverstayed, scope, Window::Now, at(60_000)).unwrap().value
    };
    assert_eq!((over(&tape, agent(ALICE)), over(&tape, agent(BOB)), over(&tape, Scope::Tenant)), (0.0, 1.0, 1.0));
    let m = tape.monitor(60_000, QueueOptions::default());
    assert_eq!(m.drill(Metric::AgentsBreakOverstayed, queue(Q), Window::Now, at(60_000)).unwrap().agents, [BOB]);
    let mut alerts = Alerts::default();
    let fired = alerts.evaluate(at(60_000), &m, &default_rules());
    assert!(
        fired.iter().any(|e| matches!(e, AlertEffect::Fired { alert } if alert.rule == "break_overstayed" && alert.scope == agent(BOB)))
    );
    // Back at work, and on a new break: what was said of the old one says nothing.
    tape.status(40_000, BOB, Break, Available, 40_000);
    assert_eq!(over(&tape, agent(BOB)), 0.0);
    tape.status(50_000, BOB, Available, Break, 10_000);
    assert_eq!(over(&tape, agent(BOB)), 0.0);
}

#[test]
fn a_wrong_clock_and_a_restart() {
    let mut tape = Tape::default();
    tape.queued(FUTURE_MAX_MS + 1, 1, Q);
    tape.status(0, ALICE, Offline, Available, 0);
    let mut m = tape.monitor(0, QueueOptions::default());
    assert_eq!((m.ignored(), m.value(Metric::Waiting, Scope::Tenant, Window::Now, at(0)).unwrap().numerator), (1, 0));
    for us in [i64::MIN, i64::MAX, 0] {
        tape.push(Timestamp(us), Some(call(2)), None, Some(Q), EventKind::Queued { priority: 0, callback: false });
        m.apply(at(0), tape.events.last().unwrap());
    }
    assert_eq!(m.ignored(), 4);
    // A length that cannot be is cut to what is kept.
    tape.status(0, BOB, Break, Available, u64::MAX);
    m.apply(at(0), tape.events.last().unwrap());
    let day_ms = m.value(Metric::TimeBreak, agent(BOB), Window::Today, at(0)).unwrap().numerator;
    assert_eq!(day_ms, (START.as_ms() + 8 * 3_600_000).rem_euclid(24 * 3_600_000));
    assert_eq!(m.agents(Scope::Tenant), [ALICE, BOB]);
    m.sync_agents(&[]);
    assert!(m.agents(Scope::Tenant).is_empty());
}

/// A day of calls leaves no more behind than the limits say.
#[test]
fn memory_is_bounded() {
    let mut tape = Tape::default();
    let mut m = Monitor::new(0).unwrap();
    for n in 0..40_000 {
        tape.visit(n * 4_000, u128::from(n), 1_000, "answered");
    }
    for event in &tape.events {
        m.apply(event.at, event);
    }
    let buckets = |b: &buckets::Buckets| b.every().map(|(k, _)| k.1).collect::<std::collections::BTreeSet<_>>().len() as i64;
    assert_eq!((buckets(&m.intervals), buckets(&m.minutes)), (INTERVALS_KEPT, MINUTES_KEPT));
    assert!(m.stories() <= (SETTLE_MS / 4_000) as usize + 2, "{}", m.stories());
    assert_eq!(m.ignored(), 0);
}

/// One interaction with more events than any has: what is too much is not heard, its end is.
#[test]
fn an_endless_interaction() {
    let mut tape = Tape::default();
    tape.queued(0, 1, Q);
    tape.answered(0, 1, Q, ALICE);
    for n in 0..1000 {
        tape.talk(n * 10, 1, if n % 2 == 0 { EventKind::Held } else { EventKind::Unheld });
    }
    tape.ended(60_000, 1, Outcome::Handled, HangupBy::Customer);
    let m = tape.monitor(60_000, QueueOptions::default());
    assert_eq!(today(&m, Metric::Handled, queue(Q), 60_000), Some(100));
    assert!(m.ignored() > 700 && m.talkers(Scope::Tenant).next().is_none());
}
