//! The catalogue is whole and says the same everywhere.
use super::*;
use std::collections::BTreeSet;

#[test]
fn every_metric_has_one_definition_in_order() {
    assert_eq!(CATALOGUE.iter().map(|d| d.metric).collect::<Vec<_>>(), Metric::ALL);
    let ids: BTreeSet<&str> = CATALOGUE.iter().map(|d| d.id).collect();
    assert_eq!(ids.len(), CATALOGUE.len());
    for d in CATALOGUE {
        assert_eq!(serde_json::to_value(d.metric).unwrap(), d.id);
        assert_eq!(Metric::by_id(d.id), Some(d.metric));
        assert!(
            !d.zh.is_empty() && !d.en.is_empty() && !d.formula.zh.is_empty() && !d.formula.en.is_empty() && d.source.starts_with('§'),
            "{}",
            d.id
        );
        assert!(!d.zh.is_ascii(), "{} has no Chinese name", d.id);
    }
    for text in [CATALOGUE.iter().map(|d| d.zh).collect::<BTreeSet<_>>(), CATALOGUE.iter().map(|d| d.en).collect()] {
        assert_eq!(text.len(), CATALOGUE.len(), "two metrics of one name");
    }
}

/// A value exists only where the definition says so; a drill exists wherever a value does.
#[test]
fn questions_that_make_no_sense_have_no_answer() {
    let mut tape = Tape::default();
    tape.visit(0, 1, 1000, "answered");
    tape.visit(0, 2, 1000, "caller_left");
    tape.status(0, ALICE, AgentStatus::Offline, AgentStatus::Available, 0);
    let m = tape.monitor(10_000, QueueOptions::default());
    for metric in Metric::ALL {
        for scope in [Scope::Tenant, queue(Q), agent(ALICE)] {
            for window in Window::ALL.iter().copied() {
                assert_eq!(serde_json::to_value(window).unwrap(), window.word());
                let fits = metric.definition().fits(scope.kind(), window);
                let value = m.value(*metric, scope, window, at(10_000));
                let drill = m.drill(*metric, scope, window, at(10_000));
                assert!(fits || value.is_none(), "{metric:?} {scope:?} {window:?}");
                assert_eq!(drill.is_some(), fits, "{metric:?} {scope:?} {window:?}");
                if let Some(drill) = drill {
                    let json = serde_json::to_string(&drill).unwrap();
                    assert_eq!(serde_json::from_str::<Drill>(&json).unwrap(), drill);
                }
            }
        }
    }
}

/// Every word that the machines use is in the table by name; anything else flows out.
#[test]
fn words_of_leaving() {
    use crate::routing::{OfferResult, OverflowReason};
    use OverflowReason as Why;
    let words = [Why::QueueFull, Why::WaitMax, Why::QueueGone, Why::NoAgent, Why::TooManyWaiting, Why::Rule, Why::Estimate, Why::Closed]
        .map(Why::word);
    assert!(words.iter().all(|w| DEQUEUED.contains(&(w, Left::FlowOut))));
    assert_eq!(left(OfferResult::Answered.word()), Left::Answered);
    assert_eq!(left(OfferResult::Healed.word()), Left::Lost);
    assert_eq!((left("caller_left"), left("ended"), left("to the moon")), (Left::Abandoned, Left::Ended, Left::FlowOut));
}
