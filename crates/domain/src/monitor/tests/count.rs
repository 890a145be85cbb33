//! The counting model: visits, service levels, handling.
use super::*;

const AFTER: u64 = 600_000;

/// The worked check of the reference: off 100 = ans 88 (76 within 20 s) + ab 10 (4 within 20 s, 2 of them short) + fo 2.
fn worked() -> Tape {
    let mut tape = Tape::default();
    for n in 0..100 {
        let (wait_ms, end) = match n {
            // The border belongs to the threshold.
            0..76 => (if n == 0 { 20_000 } else { n as u64 * 250 }, "answered"),
            76..88 => (20_001 + n as u64, "answered"),
            88..90 => (5_000, "caller_left"),
            90..92 => (5_001, "caller_left"),
            92..98 => (30_000, "caller_left"),
            _ => (60_000, "wait_max"),
        };
        tape.visit(n as u64 * 1000, n, wait_ms, end);
    }
    tape
}

#[test]
fn service_level_variants_by_the_worked_check() {
    let m = worked().monitor(AFTER, QueueOptions::default());
    for scope in [Scope::Tenant, queue(Q)] {
        for (metric, hundredths) in [
            (Metric::Offered, 10_000),
            (Metric::Answered, 8800),
            (Metric::Abandoned, 1000),
            (Metric::ShortAbandons, 200),
            (Metric::FlowOuts, 200),
            (Metric::AnsweredInThreshold, 7600),
            (Metric::AbandonedInThreshold, 400),
            (Metric::Sl1, 7600),
            (Metric::Sl2, 7755),
            (Metric::Sl3, 8085),
            (Metric::Sl4, 8000),
            (Metric::Sl5, 8636),
            (Metric::SlGenesys, 7917),
            (Metric::ServiceLevel, 7600),
            (Metric::AbandonRate, 1000),
            (Metric::AbandonRateNet, 816),
            (Metric::AnswerRate, 8800),
            (Metric::FlowOutRate, 200),
        ] {
            assert_eq!(today(&m, metric, scope, AFTER), Some(hundredths), "{metric:?}");
        }
    }
    let v = m.value(Metric::Sl2, queue(Q), Window::Today, at(AFTER)).unwrap();
    assert_eq!((v.numerator, v.denominator, v.n), (76, 98, 98));
}

#[test]
fn changed_options_count_for_what_was() {
    let tape = worked();
    let mut m = tape.monitor(AFTER, QueueOptions::default());
    let variants = [
        (ServiceLevel::Sl1, 7600),
        (ServiceLevel::Sl2, 7755),
        (ServiceLevel::Sl3, 8085),
        (ServiceLevel::Sl4, 8000),
        (ServiceLevel::Sl5, 8636),
        (ServiceLevel::Genesys, 7917),
    ];
    for (service_level, hundredths) in variants {
        m.configure(vec![setup(measured(Measure { service_level, ..Measure::default() }))]).unwrap();
        assert_eq!(today(&m, Metric::ServiceLevel, Scope::Tenant, AFTER), Some(hundredths), "{service_level:?}");
    }
    // Abandons, short ones, flow-outs → what is under the line.
    for (a, s, f, under) in
        [(true, false, false, 96), (true, true, false, 98), (true, true, true, 100), (false, false, false, 88), (false, true, true, 90)]
    {
        let options = measured(Measure { include_abandons: a, include_short_abandons: s, include_flow_outs: f, ..Measure::default() });
        m.configure(vec![setup(options)]).unwrap();
        let v = m.value(Metric::SlGenesys, queue(Q), Window::Today, at(AFTER)).unwrap();
        assert_eq!((v.numerator, v.denominator), (76, under));
    }
    for options in [
        QueueOptions { threshold_s: 10, ..measured(Measure { short_abandon_s: 0, ..Measure::default() }) },
        QueueOptions { threshold_s: 31, measure: Measure { short_abandon_s: 6, service_level: ServiceLevel::Sl3, ..Measure::default() } },
    ] {
        m.configure(vec![setup(options.clone())]).unwrap();
        let fresh = tape.monitor(AFTER, options);
        assert_eq!((&m.intervals, &m.minutes), (&fresh.intervals, &fresh.minutes));
    }
    // 0 … 10,000 ms in steps of 250, without the first, which waited 20 s.
    m.configure(vec![setup(QueueOptions { threshold_s: 10, ..QueueOptions::default() })]).unwrap();
    assert_eq!(today(&m, Metric::AnsweredInThreshold, queue(Q), AFTER), Some(4000));
}

#[test]
fn options_have_limits() {
    let mut m = Monitor::new(0).unwrap();
    let with =
        |threshold_s, short_abandon_s| setup(QueueOptions { threshold_s, ..measured(Measure { short_abandon_s, ..Measure::default() }) });
    assert_eq!(m.configure(vec![with(0, 5)]), Err(OptionError::Threshold(Q, 0)));
    assert_eq!(m.configure(vec![with(20, 601)]), Err(OptionError::ShortAbandon(Q, 601)));
    assert_eq!(m.configure(vec![with(20, 5), with(30, 5)]), Err(OptionError::Twice(Q)));
    assert_eq!(Monitor::new(100).map(drop), Err(OptionError::UtcOffset(100)));
    assert!(serde_json::from_str::<QueueOptions>(r#"{"treshold_s":20}"#).is_err());
    assert_eq!(serde_json::from_str::<QueueOptions>(r#"{"threshold_s":20}"#).unwrap(), QueueOptions::default());
}

#[test]
fn waits() {
    let mut tape = Tape::default();
    for (n, wait_ms) in [0, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 24_000].into_iter().enumerate() {
        tape.visit(0, n as u128, wait_ms, "answered");
    }
    tape.visit(0, 50, 30_000, "caller_left");
    tape.visit(0, 51, 50_000, "caller_left");
    let m = tape.monitor(AFTER, QueueOptions::default());
    for (metric, hundredths) in [
        (Metric::Asa, 600),
        (Metric::AsaDelayed, 667),
        (Metric::WaitP50, 400),
        (Metric::WaitP90, 800),
        (Metric::WaitMax, 2400),
        (Metric::AbandonTimeAvg, 4000),
    ] {
        assert_eq!(today(&m, metric, queue(Q), AFTER), Some(hundredths), "{metric:?}");
        assert_eq!(today(&m, metric, queue(Q2), AFTER), None, "{metric:?}: nothing there");
    }
}

/// The wait ends at the connect; a connect that fails makes no second visit; RONA neither.
#[test]
fn one_visit_through_ringing_failing_and_connecting() {
    let mut tape = Tape::default();
    tape.started(0, 1, Direction::Inbound);
    tape.queued(0, 1, Q);
    tape.offer_ended(10_000, 1, BOB, "no_answer");
    tape.offer_ended(12_000, 1, ALICE, "answered");
    tape.dequeued(12_000, 1, Q, "answered");
    let waiting = |m: &Monitor| m.value(Metric::Waiting, queue(Q), Window::Now, at(20_000)).unwrap().numerator;
    assert_eq!(waiting(&tape.monitor(20_000, QueueOptions::default())), 1, "not yet connected");
    // The browser never came: back to the head of the queue.
    tape.queued(17_000, 1, Q);
    tape.dequeued(18_000, 1, Q, "answered");
    tape.answered(19_000, 1, Q, ALICE);
    tape.ended(30_000, 1, Outcome::Handled, HangupBy::Customer);
    let m = tape.monitor(AFTER, QueueOptions::default());
    assert_eq!(waiting(&m), 0);
    assert_eq!(today(&m, Metric::Offered, queue(Q), AFTER), Some(100));
    assert_eq!(today(&m, Metric::Asa, queue(Q), AFTER), Some(1900));
    for (scope, rona, rate) in [(queue(Q), 100, 5000), (agent(BOB), 100, 0), (agent(ALICE), 0, 10_000)] {
        assert_eq!(today(&m, Metric::OffersNotAnswered, scope, AFTER), Some(rona));
        assert_eq!(today(&m, Metric::AgentAnswerRate, scope, AFTER), Some(rate));
    }
}

/// How visits end, one row each: the events after `Queued` at 0, and where it is counted.
#[test]
fn ways_out_of_a_queue() {
    type Way = fn(&mut Tape);
    let ways: [(&str, Way, [i64; 5]); 9] = [
        (
            "left, the call first",
            |t| {
                t.ended(2000, 1, Outcome::Abandoned, HangupBy::Customer);
                t.dequeued(2001, 1, Q, "caller_left")
            },
            [0, 1, 0, 0, 0],
        ),
        (
            "left, the router first",
            |t| {
                t.dequeued(2000, 1, Q, "caller_left");
                t.ended(2001, 1, Outcome::Abandoned, HangupBy::Customer)
            },
            [0, 1, 0, 0, 0],
        ),
        (
            "left while connecting",
            |t| {
                t.dequeued(2000, 1, Q, "answered");
                t.ended(2500, 1, Outcome::Abandoned, HangupBy::Customer)
            },
            [0, 1, 0, 0, 0],
        ),
        (
            "its media died",
            |t| {
                t.dequeued(2000, 1, Q, "ended");
                t.ended(2001, 1, Outcome::Abandoned, HangupBy::System)
            },
            [0, 1, 0, 0, 0],
        ),
        (
            "a supervisor ended it",
            |t| {
                t.ended(2000, 1, Outcome::Overflowed, HangupBy::System);
                t.dequeued(2001, 1, Q, "ended")
            },
            [0, 0, 1, 0, 0],
        ),
        (
            "overflow to another queue",
            |t| {
                t.dequeued(2000, 1, Q, "wait_max");
                t.queued(2000, 1, Q2)
            },
            [0, 0, 1, 0, 1],
        ),
        ("healed", |t| t.dequeued(2000, 1, Q, "healed"), [0, 0, 1, 1, 0]),
        ("crash", |t| t.talk(2000, 1, EventKind::InteractionLost), [0, 0, 1, 1, 0]),
        ("still there", |_| {}, [0, 0, 0, 0, 1]),
    ];
    for (name, way, expected) in ways {
        let mut tape = Tape::default();
        tape.started(0, 1, Direction::Inbound);
        tape.queued(0, 1, Q);
        way(&mut tape);
        let m = tape.monitor(AFTER, QueueOptions::default());
        let count = |metric| today(&m, metric, queue(Q), AFTER).unwrap() / 100;
        let waiting = m.value(Metric::Waiting, Scope::Tenant, Window::Now, at(AFTER)).unwrap().numerator;
        let found = [count(Metric::Answered), count(Metric::Abandoned), count(Metric::FlowOuts), count(Metric::LostInQueue), waiting];
        assert_eq!(found, expected, "{name}");
        assert_eq!(count(Metric::Offered), 1, "{name}");
    }
}

/// Asked for in one call, called in another: one visit, no abandon, and the talk counts.
#[test]
fn a_callback_is_offered_once_and_handled() {
    let mut tape = Tape::default();
    tape.started(0, 1, Direction::Inbound);
    tape.queued(0, 1, Q);
    tape.dequeued(30_000, 1, Q, "callback");
    tape.ended(33_000, 1, Outcome::CallbackBooked, HangupBy::System);
    let kept = EventKind::Queued { priority: 0, callback: true };
    tape.push(at(33_000), Some(call(2)), None, Some(Q), kept);
    let waiting = tape.monitor(AFTER, QueueOptions::default());
    assert_eq!(waiting.value(Metric::Waiting, Scope::Tenant, Window::Now, at(AFTER)).unwrap().numerator, 0, "nobody is on the line");
    tape.started(100_000, 2, Direction::Outbound);
    tape.dequeued(101_000, 2, Q, "answered");
    tape.answered(120_000, 2, Q, ALICE);
    tape.ended(160_000, 2, Outcome::Handled, HangupBy::Customer);
    let m = tape.monitor(AFTER, QueueOptions::default());
    let found = [Metric::Offered, Metric::FlowOuts, Metric::Abandoned, Metric::Answered, Metric::Handled]
        .map(|metric| today(&m, metric, queue(Q), AFTER).unwrap() / 100);
    assert_eq!(found, [1, 1, 0, 0, 1]);
    assert_eq!(today(&m, Metric::TalkAvg, queue(Q), AFTER), Some(4_000));
}

#[test]
fn handling_and_its_parts() {
    let mut tape = Tape::default();
    // 100 s, of which 20 and 10 held; wrap-up of 30 s ends in the next interval but belongs to this one.
    tape.visit(0, 9, 0, "wait_max");
    tape.started(0, 1, Direction::Inbound);
    tape.queued(780_000, 1, Q);
    tape.answered(790_000, 1, Q, ALICE);
    for (ms, held) in [(800_000, true), (820_000, false), (830_000, true), (840_000, false)] {
        tape.talk(ms, 1, if held { EventKind::Held } else { EventKind::Unheld });
    }
    tape.ended(890_000, 1, Outcome::Handled, HangupBy::Customer);
    tape.wrap_up(920_000, 1, 30_000);
    // 50 s, passed on to queue 2, where Bob takes it and talks 60 s.
    tape.started(0, 2, Direction::Inbound);
    tape.queued(0, 2, Q);
    tape.answered(0, 2, Q, ALICE);
    tape.talk(50_000, 2, EventKind::Transferred { to: "q2".into() });
    tape.queued(50_000, 2, Q2);
    tape.answered(55_000, 2, Q2, BOB);
    tape.ended(115_000, 2, Outcome::Handled, HangupBy::Agent);
    // Calls that agents make are not this.
    tape.started(0, 3, Direction::Outbound);
    tape.answered(10_000, 3, Q, ALICE);
    tape.ended(99_000, 3, Outcome::Handled, HangupBy::Agent);
    let m = tape.monitor(1_000_000, QueueOptions::default());
    let now = 1_000_000;
    for (metric, scope, hundredths) in [
        (Metric::Handled, Scope::Tenant, 300),
        (Metric::Handled, queue(Q), 200),
        (Metric::Handled, agent(BOB), 100),
        (Metric::Aht, queue(Q), 9000),
        (Metric::TalkAvg, queue(Q), 6000),
        (Metric::HoldAvg, queue(Q), 1500),
        (Metric::WrapUpAvg, queue(Q), 1500),
        (Metric::HoldPerHoldAvg, agent(ALICE), 1500),
        (Metric::HoldRate, agent(ALICE), 5000),
        (Metric::Aht, agent(BOB), 6000),
        // Sums, not a mean of means: (130 + 50 + 60) / 3.
        (Metric::Aht, Scope::Tenant, 8000),
        (Metric::Transfers, agent(ALICE), 100),
        (Metric::TransferRate, queue(Q), 5000),
        (Metric::Calls, Scope::Tenant, 300),
        (Metric::CallsHandled, Scope::Tenant, 200),
    ] {
        assert_eq!(today(&m, metric, scope, now), Some(hundredths), "{metric:?} {scope:?}");
    }
    let interval = |window| m.value(Metric::WrapUpAvg, queue(Q), window, at(now)).map(|v| v.numerator);
    assert_eq!((interval(Window::LastInterval), interval(Window::Interval)), (Some(30_000), None));
}
