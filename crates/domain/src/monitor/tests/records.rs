//! What is listed behind a number is what was counted into it.
use super::*;
use proptest::prelude::*;

fn behind(tape: &Tape, metric: Metric, scope: Scope, window: Window, ms: u64) -> Option<Behind> {
    tape.monitor(ms, QueueOptions::default()).behind(metric, scope, window, at(ms), &tape.events)
}

#[test]
fn each_number_has_its_interactions() {
    let mut tape = Tape::default();
    tape.visit(0, 1, 10_000, "answered");
    tape.visit(1_000, 2, 30_000, "answered");
    tape.visit(2_000, 3, 3_000, "caller_left");
    tape.visit(3_000, 4, 40_000, "wait_max");
    tape.offer_ended(10_000, 1, ALICE, "answered");
    tape.offer_ended(12_000, 2, BOB, "no_answer");
    let now = 120_000;
    let rows: &[(Metric, Scope, &[u128], &[u128])] = &[
        (Metric::Offered, queue(Q), &[4, 3, 2, 1], &[4, 3, 2, 1]),
        (Metric::Sl1, Scope::Tenant, &[4, 3, 2, 1], &[1]),
        (Metric::Abandoned, queue(Q), &[3], &[3]),
        (Metric::AbandonRate, queue(Q), &[4, 3, 2, 1], &[3]),
        (Metric::FlowOuts, queue(Q), &[4], &[4]),
        (Metric::WaitP90, queue(Q), &[2, 1], &[2, 1]),
        (Metric::Handled, agent(ALICE), &[2, 1], &[2, 1]),
        (Metric::OffersNotAnswered, agent(BOB), &[2], &[2]),
        (Metric::OffersNotAnswered, agent(ALICE), &[], &[]),
        (Metric::Offered, queue(Q2), &[], &[]),
    ];
    for (metric, scope, population, counted) in rows {
        let found = behind(&tape, *metric, *scope, Window::Last15Min, now).unwrap();
        let ids = |wanted: &[u128]| wanted.iter().map(|n| call(*n)).collect::<Vec<_>>();
        assert_eq!((found.population, found.counted), (ids(population), ids(counted)), "{metric:?} {scope:?}");
    }
    // Nothing of the past stands behind the present, nor an interaction behind an agent's time.
    assert_eq!(behind(&tape, Metric::Waiting, queue(Q), Window::Now, now), None);
    assert_eq!(behind(&tape, Metric::TimeBreak, agent(ALICE), Window::Today, now), None);
    // Outside the window there is nothing.
    let later = behind(&tape, Metric::Offered, queue(Q), Window::Last15Min, 3_600_000).unwrap();
    assert_eq!(later, Behind::default());
}

proptest! {
    /// Every count equals the number of interactions listed, whatever happened, for calls that visit one queue once.
    #[test]
    fn as_many_are_listed_as_were_counted(visits in prop::collection::vec((0u64..1_000_000, 0u64..90_000, 0usize..3), 0..40)) {
        let mut tape = Tape::default();
        for (n, (ms, wait_ms, end)) in visits.iter().enumerate() {
            tape.visit(*ms, n as u128, *wait_ms, ["answered", "caller_left", "wait_max"][*end]);
        }
        let now = 1_100_000;
        let monitor = tape.monitor(now, QueueOptions::default());
        for definition in CATALOGUE.iter().filter(|d| d.basis == Basis::QueueVisits && matches!(d.compute, Compute::Total(_))) {
            for window in [Window::Today, Window::Last15Min, Window::Interval, Window::LastInterval] {
                let value = monitor.value(definition.metric, queue(Q), window, at(now)).map_or(0, |v| v.numerator);
                let listed = monitor.behind(definition.metric, queue(Q), window, at(now), &tape.events).unwrap();
                prop_assert_eq!(value, listed.counted.len() as i64, "{} {:?}", definition.id, window);
            }
        }
    }
}
