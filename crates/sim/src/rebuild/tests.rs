//! Records in, scenario out; and what changes make of it.
use super::*;
use crate::scenario::Caller;
use crate::scenario::{Distribution, Membership, Shift};
use crate::{Report, simulate, what_if};
use domain::config::{Label, QueueMember, RoutingRule, Strategy};
use domain::{InteractionId, QueueId, UserId};
use uuid::Uuid;

const MIDNIGHT: Timestamp = Timestamp::from_ms(1_800_000_000_000 / 86_400_000 * 86_400_000);
const SERVICE: QueueId = QueueId(Uuid::from_u128(1));
const BILLING: QueueId = QueueId(Uuid::from_u128(2));
const ANN: UserId = UserId(Uuid::from_u128(11));
const BEN: UserId = UserId(Uuid::from_u128(12));

fn at_s(s: u64) -> Timestamp {
    MIDNIGHT.plus_ms(s * 1000)
}

fn queue(id: QueueId, key: &str, members: &[UserId], overflow: Overflow) -> Queue {
    Queue {
        id,
        key: key.into(),
        name: Label { zh: key.into(), en: key.into() },
        strategy: Strategy::LongestIdle,
        ring_timeout_ms: 20_000,
        wrap_up_ms: 30_000,
        queue_len_max: 50,
        wait_max_ms: 300_000,
        overflow,
        hours: Some("service".into()),
        closed: Overflow::default(),
        closing: Default::default(),
        waiting: Default::default(),
        callbacks: Default::default(),
        announce_every_ms: 0,
        music: String::new(),
        record: true,
        service_level_threshold_s: 30,
        measure: Default::default(),
        routing: Default::default(),
        members: members.iter().map(|m| QueueMember::new(*m, 2)).collect(),
    }
}

fn stay(n: u128, queue: QueueId, at_s_: u64, wait_s: u64, end: StayEnd) -> Stay {
    let answered = end == StayEnd::Answered;
    let ms = |s: u64| if answered { s * 1000 } else { 0 };
    Stay {
        interaction: InteractionId(Uuid::from_u128(n)),
        queue,
        at: at_s(at_s_),
        wait_ms: wait_s * 1000,
        end,
        priority: 2,
        agent: answered.then_some(ANN),
        ring_ms: answered.then_some(4_000),
        talk_ms: ms(100),
        hold_ms: ms(20),
        wrap_up_ms: ms(15),
    }
}

struct House {
    queues: Vec<Queue>,
    people: Vec<Person>,
    stays: Vec<Stay>,
    presences: BTreeMap<UserId, Presence>,
    rules: Vec<RoutingRule>,
    callers: BTreeMap<InteractionId, Came>,
}

impl House {
    fn new(stays: Vec<Stay>) -> Self {
        let person = |user, username: &str| Person { user, username: username.into(), skills: Skills::from([("english".into(), 5)]) };
        let billing = Overflow::Queue { queue: "service".into() };
        Self {
            queues: vec![queue(SERVICE, "service", &[ANN, BEN], Overflow::default()), queue(BILLING, "billing", &[ANN], billing)],
            people: vec![person(ANN, "ann"), person(BEN, "ben")],
            stays,
            presences: BTreeMap::new(),
            rules: Vec::new(),
            callers: BTreeMap::new(),
        }
    }
    fn rebuilt(&self, only: Option<&[&str]>) -> Rebuilt {
        let only = only.map(|keys| keys.iter().map(|k| (*k).to_owned()).collect::<BTreeSet<_>>());
        let records = Records {
            from: MIDNIGHT,
            days: 1,
            queues: &self.queues,
            people: &self.people,
            rules: &self.rules,
            callers: &self.callers,
            stays: &self.stays,
            presences: &self.presences,
            only: only.as_ref(),
        };
        rebuild(&records)
    }
}

fn kinds(rebuilt: &Rebuilt) -> Vec<(AssumptionKind, Option<&str>, Option<u64>)> {
    rebuilt.assumptions.iter().map(|a| (a.what, a.queue.as_deref(), a.count)).collect()
}

#[test]
fn callers_come_as_they_came() {
    use StayEnd::{Abandoned, Answered, FlowOut, Lost};
    let house = House::new(vec![
        stay(1, SERVICE, 100, 7, Answered),
        stay(2, SERVICE, 200, 40, Abandoned),
        // Over from billing, and answered there.
        stay(3, BILLING, 300, 180, FlowOut),
        stay(3, SERVICE, 480, 20, Answered),
        // Answered, and sent to another queue by the agent: a caller of its own.
        stay(4, SERVICE, 500, 0, Answered),
        stay(4, BILLING, 700, 5, Abandoned),
        stay(5, SERVICE, 800, 9, FlowOut),
        stay(6, SERVICE, 900, 9, Lost),
        // Of another day.
        stay(7, SERVICE, 90_000, 9, Answered),
    ]);
    let rebuilt = house.rebuilt(None);
    rebuilt.scenario.check().unwrap();
    let come = |at_s: u64, queue: &str| Replay { at_ms: at_s * 1000, queue: queue.into(), priority: 2, ..Replay::default() };
    let spoke =
        |over_ms: Option<u64>, r: Replay| Replay { handle_ms: Some(120_000), wrap_up_ms: Some(15_000), patience_over_ms: over_ms, ..r };
    let left = |ms: u64, r: Replay| Replay { patience_ms: Some(ms), ..r };
    let expected = [
        spoke(Some(7_000), come(100, "service")),
        left(40_000, come(200, "service")),
        spoke(Some(200_000), come(300, "billing")),
        spoke(None, come(500, "service")),
        left(5_000, Replay { transferred: true, ..come(700, "billing") }),
        Replay { patience_over_ms: Some(9_000), ..come(800, "service") },
    ];
    assert_eq!(rebuilt.scenario.replay, expected);
    // Over both queues 200 s, for the one it came for.
    let over = rebuilt.contacts.iter().find(|c| c.interaction == InteractionId(Uuid::from_u128(3))).unwrap();
    assert_eq!((rebuilt.contacts.len(), over.queue, over.wait_ms, over.end), (6, BILLING, 200_000, Answered));
    let service = &rebuilt.scenario.queues[0];
    assert_eq!((service.key.as_str(), service.threshold_s, service.wait_max_ms), ("service", 30.0, 300_000));
    assert_eq!(service.priority, 0, "the callers bring theirs");
    assert_eq!(rebuilt.scenario.queues[1].overflow, Overflow::Queue { queue: "service".into() });
    use AssumptionKind as A;
    let told = kinds(&rebuilt);
    for expected in [
        (A::PatiencePooled, Some("service"), None),
        (A::HandlingPooled, Some("billing"), None),
        (A::PatienceDrawn, None, Some(4)),
        (A::HandlingDrawn, None, Some(3)),
        (A::FlowOutsWait, None, Some(1)),
        (A::OpenLeftOut, None, Some(1)),
        (A::ShiftsUnknown, None, None),
        (A::RingingMean, None, None),
    ] {
        assert!(told.contains(&expected), "{expected:?} of {told:?}");
    }
}

#[test]
fn agents_are_there_when_they_were() {
    let mut house = House::new(vec![stay(1, SERVICE, 100, 7, StayEnd::Answered)]);
    let spans = |spans: &[(u64, u64)]| spans.iter().map(|(a, b)| (at_s(*a), at_s(*b))).collect::<Vec<_>>();
    // A break of half an hour, a blink, and on past midnight.
    house.presences.insert(ANN, Presence { staffed: spans(&[(3_600, 7_200), (9_000, 10_800), (10_802, 90_000)]), busy: vec![] });
    house.presences.insert(UserId(Uuid::from_u128(99)), Presence { staffed: spans(&[(0, 60)]), busy: vec![] });
    let rebuilt = house.rebuilt(None);
    assert!(!kinds(&rebuilt).iter().any(|k| k.0 == AssumptionKind::ShiftsUnknown));
    let Some(Crew::Groups(groups)) = &rebuilt.scenario.agents else { panic!("no groups") };
    assert_eq!(groups.len(), 1, "who was not there is not there");
    assert_eq!(groups[0].name.as_deref(), Some("ann"));
    assert_eq!(groups[0].queues, [Membership { queue: "service".into(), level: 2 }]);
    let shift = |from_h, to_h| Shift { from_h, to_h, day: Some(0) };
    assert_eq!(groups[0].shifts, [shift(1.0, 2.0), shift(2.5, 24.0)]);
    assert_eq!(groups[0].answer_delay, Some(Distribution::Deterministic { value_s: 4.0 }));
}

#[test]
fn only_some_queues_and_what_they_need() {
    let house = House::new(vec![stay(1, SERVICE, 100, 7, StayEnd::Answered), stay(2, BILLING, 100, 7, StayEnd::Answered)]);
    let keys = |r: &Rebuilt| r.scenario.queues.iter().map(|q| q.key.clone()).collect::<Vec<_>>();
    let billing = house.rebuilt(Some(&["billing"]));
    assert_eq!(keys(&billing), ["service", "billing"], "billing overflows into service");
    let service = house.rebuilt(Some(&["service"]));
    assert_eq!((keys(&service), service.scenario.replay.len()), (vec!["service".to_owned()], 1));
    assert!(kinds(&service).contains(&(AssumptionKind::QueuesLeftOut, None, None)));
    assert_eq!(House::new(vec![]).rebuilt(None).scenario.replay, []);
}

fn rule(json: serde_json::Value) -> RoutingRule {
    let mut whole = serde_json::json!({ "name": { "zh": "", "en": "" } });
    whole.as_object_mut().unwrap().extend(json.as_object().unwrap().clone());
    serde_json::from_value(whole).unwrap()
}

fn came(house: &mut House, n: u128, caller: Caller, first_queue: Option<QueueId>) {
    house.callers.insert(InteractionId(Uuid::from_u128(n)), Came { caller, first_queue, last_agent: None });
}

#[test]
fn rules_are_played_with_those_whom_they_concern() {
    let mut house = House::new((1..=6).map(|n| stay(n, SERVICE, 100 * n as u64, 7, StayEnd::Answered)).collect());
    let vip = Caller { vip: true, tags: vec!["gold".into()], ..Caller::default() };
    came(&mut house, 1, vip.clone(), None);
    // A rule sent the next two on: from a queue that is there, and from one that is gone.
    came(&mut house, 2, Caller { menu_digit: Some('3'), ..Caller::default() }, Some(BILLING));
    came(&mut house, 3, Caller::default(), Some(QueueId(Uuid::from_u128(9))));
    house.rules = vec![
        rule(serde_json::json!({ "key": "gold", "when": { "tag": "gold" }, "priority": 1 })),
        rule(serde_json::json!({ "key": "off", "priority": 9, "enabled": false })),
        rule(serde_json::json!({ "key": "third", "when": { "menu_digit": "3" }, "queue": "service" })),
    ];
    house.queues[0].routing.rules = vec![rule(serde_json::json!({ "key": "vip", "when": { "vip": true }, "priority": 200 }))];
    house.queues[1].routing.rules =
        vec![rule(serde_json::json!({ "key": "last", "when": { "vip": true }, "prefer_last_agent_ms": 5000, "queue": "service" }))];
    let billing = house.rebuilt(Some(&["billing"]));
    assert_eq!(billing.scenario.queues.len(), 2, "a rule of billing sends to service");
    let rebuilt = house.rebuilt(None);
    rebuilt.scenario.check().unwrap();
    let said: Vec<_> = rebuilt.scenario.replay.iter().map(|r| (r.queue.as_str(), r.priority, r.transferred)).collect();
    // Recorded with 2: of the VIP's all was the rules'. Without billing played, who came from there is not sent on again.
    assert_eq!(
        said,
        [
            ("service", 0, false),
            ("service", 2, true),
            ("service", 2, true),
            ("service", 2, false),
            ("service", 2, false),
            ("service", 2, false)
        ]
    );
    assert_eq!(rebuilt.scenario.replay[0].caller, vip);
    let whole = house.rebuilt(Some(&["service", "billing"]));
    assert_eq!((whole.scenario.replay[1].queue.as_str(), whole.scenario.replay[1].transferred), ("billing", false), "where it came first");
    assert_eq!(whole.scenario.rules.iter().map(|r| r.key.as_str()).collect::<Vec<_>>(), ["gold", "third"]);
    assert!(kinds(&whole).contains(&(AssumptionKind::RulesOfToday, None, None)));
    let Ok(Report::Queues(report)) = simulate(&whole.scenario) else { panic!("no report") };
    let offered: Vec<f64> = report.queues.iter().map(|q| q.total.offered.value.unwrap()).collect();
    assert_eq!(offered, [6.0, 0.0], "the rule sent it on, and it never stood in billing");

    let changes: Changes = serde_json::from_value(serde_json::json!({ "rules": {
        "removed": ["third", "service.vip"],
        "added": [{ "key": "gold", "name": { "zh": "", "en": "" }, "when": { "tag": "gold" }, "queue": "billing" }],
    } }))
    .unwrap();
    let changed = changes.apply(&whole.scenario, 1).unwrap();
    assert_eq!((changed.rules.len(), changed.rules[0].queue.as_deref(), changed.queues[0].routing.rules.len()), (1, Some("billing"), 0));
    let Ok(Report::Queues(report)) = simulate(&changed) else { panic!("no report") };
    let offered: Vec<f64> = report.queues.iter().map(|q| q.total.offered.value.unwrap()).collect();
    assert_eq!(offered, [4.0, 2.0], "gold goes to billing, and the third choice stays there");
}

#[test]
fn who_is_kept_for_the_last_agent_waits_for_them() {
    // Two agents, no load: the longest idle has the call, unless the one they had last is waited for.
    let mut house = busy_house();
    for n in 0..200 {
        came(&mut house, n, Caller { vip: true, ..Caller::default() }, None);
        house.callers.get_mut(&InteractionId(Uuid::from_u128(n))).unwrap().last_agent = Some(ANN);
    }
    let base = house.rebuilt(None).scenario;
    assert!(base.replay.iter().all(|r| r.prefer.as_deref() == Some("ann")));
    let keep = serde_json::json!({ "rules": { "added": [
        { "key": "keep", "name": { "zh": "", "en": "" }, "when": { "vip": true }, "prefer_last_agent_ms": 20_000 }] } });
    let kept = serde_json::from_value::<Changes>(keep).unwrap().apply(&base, 1).unwrap();
    let waited = |scenario: &Scenario| {
        let Ok(Report::Queues(report)) = simulate(scenario) else { panic!("no report") };
        report.total.asa_s.value.unwrap()
    };
    assert!(waited(&kept) > waited(&base) + 5.0, "{} {}", waited(&kept), waited(&base));
    let same = Scenario { replay: base.replay.iter().map(|r| Replay { prefer: None, ..r.clone() }).collect(), ..base.clone() };
    assert_eq!(waited(&same), waited(&base), "where nothing waits for anybody nobody is preferred");
}

#[test]
fn what_was_chosen_is_the_last_digit_before_the_line() {
    use domain::event::{Event, EventKind};
    let event = |n: u128, queue: Option<QueueId>, kind: EventKind| Event {
        id: domain::EventId(Uuid::from_u128(n)),
        at: at_s(n as u64),
        interaction: Some(InteractionId(Uuid::from_u128(7))),
        agent: None,
        queue,
        kind,
    };
    let digit = |n: u128, digit: char| event(n, None, EventKind::Digit { digit });
    let events = [
        digit(1, '9'),
        digit(2, '3'),
        event(3, Some(BILLING), EventKind::Overflowed { reason: "rule".into(), to: Some(SERVICE) }),
        event(4, Some(SERVICE), EventKind::Queued { priority: 0, callback: false }),
        digit(5, '1'),
        event(6, Some(SERVICE), EventKind::Overflowed { reason: "rule".into(), to: Some(BILLING) }),
    ];
    let found = chosen(&events);
    let one = &found[&InteractionId(Uuid::from_u128(7))];
    assert_eq!((one.caller.menu_digit, one.first_queue), (Some('3'), Some(BILLING)));
}

/// A day whose truth is known: the recorded one, played again without a change, is the recorded one.
#[test]
fn an_unchanged_day_is_what_happened() {
    // One agent, calls of 135 s every 200 s: nobody waits but for the ring; every tenth finds the agent busy and leaves after 5 s.
    let mut stays = Vec::new();
    for n in 0..100u64 {
        stays.push(stay(u128::from(n) * 2, SERVICE, 1_000 + n * 200, 4, StayEnd::Answered));
        if n % 10 == 0 {
            stays.push(stay(u128::from(n) * 2 + 1, SERVICE, 1_050 + n * 200, 5, StayEnd::Abandoned));
        }
    }
    let mut house = House::new(stays);
    house.presences.insert(ANN, Presence { staffed: vec![(at_s(0), at_s(80_000))], busy: vec![] });
    let rebuilt = house.rebuilt(None);
    let Ok(Report::Queues(report)) = simulate(&rebuilt.scenario) else { panic!("no report") };
    let total = report.total;
    let of = |m: crate::Measure| m.value.unwrap();
    assert_eq!([of(total.offered), of(total.answered), of(total.abandoned)], [110.0, 100.0, 10.0]);
    assert!((of(total.service_level) - 100.0 / 110.0).abs() < 1e-9);
    assert!((of(total.asa_answered_s) - 4.0).abs() < 1e-6);
    assert!((of(total.occupancy) - 100.0 * 135.0 / 80_000.0).abs() < 1e-6);
}

fn busy_house() -> House {
    let stays = (0..200u64)
        .map(|n| stay(u128::from(n), SERVICE, 1_000 + n * 60, 10, if n % 5 == 0 { StayEnd::Abandoned } else { StayEnd::Answered }))
        .collect();
    let mut house = House::new(stays);
    for agent in [ANN, BEN] {
        house.presences.insert(agent, Presence { staffed: vec![(at_s(0), at_s(20_000))], busy: vec![] });
    }
    house
}

#[test]
fn changes_change_what_they_name() {
    let base = busy_house().rebuilt(None).scenario;
    let changes: Changes = serde_json::from_value(serde_json::json!({
        "queues": [{ "queue": "service", "handling_factor": 0.5, "wrap_up_factor": 2, "strategy": "top_down", "priority": 3, "weight": 200,
            "needs": "english >= 7", "wait_max_ms": 9000 }],
        "agents": {
            "added": [{ "count": 2, "queues": [{ "queue": "service" }], "shift": { "from_h": 8, "to_h": 12 } }],
            "removed": ["ben"],
            "changed": [{ "username": "ann", "skills": { "english": 9, "billing": 1 }, "queues": [{ "queue": "service", "level": 1 }] }],
        },
    }))
    .unwrap();
    let changed = changes.apply(&base, 1).unwrap();
    let service = &changed.queues[0];
    assert_eq!((service.strategy, service.priority, service.routing.weight, service.wait_max_ms), (Strategy::TopDown, 3, 200, 9_000));
    assert_eq!(service.routing.needs.as_ref().map(ToString::to_string), Some("english >= 7".into()));
    assert!((service.handling.mean_s() - 60.0).abs() < 1e-9 && (service.wrap_up.unwrap().mean_s() - 30.0).abs() < 1e-9);
    assert_eq!((changed.replay[1].handle_ms, changed.replay[1].wrap_up_ms), (Some(60_000), Some(30_000)));
    let Some(Crew::Groups(groups)) = &changed.agents else { panic!("no groups") };
    let told: Vec<_> = groups.iter().map(|g| (g.name.as_deref(), g.count, g.skills.len(), g.shifts.len())).collect();
    assert_eq!(told, [(Some("ann"), 1, 2, 1), (None, 2, 0, 1)]);
    assert_eq!(groups[1].answer_delay, Some(Distribution::Deterministic { value_s: 4.0 }));
    assert_eq!(Changes::default().apply(&base, 1).unwrap(), base, "no change is the same world");
}

#[test]
fn a_factor_keeps_everybody_it_can() {
    let base = busy_house().rebuilt(None).scenario.replay;
    let times = |factor: f64| {
        let changes = Changes { arrivals_factor: Some(factor), ..Changes::default() };
        changes.apply(&Scenario { replay: base.clone(), ..busy_house().rebuilt(None).scenario }, 7).unwrap().replay
    };
    let (fewer, more, twice) = (times(0.8), times(1.25), times(2.0));
    assert!((140..180).contains(&fewer.len()) && fewer.iter().all(|r| base.contains(r)), "{}", fewer.len());
    assert!((230..270).contains(&more.len()) && base.iter().all(|r| more.contains(r)), "{}", more.len());
    assert_eq!(twice.len(), 400);
    assert!(twice.windows(2).all(|w| w[0].at_ms <= w[1].at_ms));
    assert!(times(0.5).iter().all(|r| fewer.contains(r)), "who leaves out at 0.8 leaves out at 0.5");
}

#[test]
fn mistakes_name_the_place() {
    let base = busy_house().rebuilt(None).scenario;
    for (json, key) in [
        (serde_json::json!({ "arrivals_factor": 9 }), "arrivals_factor"),
        (serde_json::json!({ "queues": [{ "queue": "nowhere" }] }), "queues.0.queue"),
        (serde_json::json!({ "queues": [{ "queue": "service", "handling_factor": 0 }] }), "queues.0.handling_factor"),
        (serde_json::json!({ "queues": [{ "queue": "service", "overflow": { "do": "queue", "queue": "x" } }] }), "queues.0.overflow.queue"),
        (serde_json::json!({ "rules": { "removed": ["vip"] } }), "rules.removed.0"),
        (serde_json::json!({ "rules": { "removed": ["service.vip"] } }), "rules.removed.0"),
        (
            serde_json::json!({ "rules": { "added": [{ "key": "x", "name": { "zh": "", "en": "" }, "queue": "y" }] } }),
            "rules.added.0.queue",
        ),
        (serde_json::json!({ "agents": { "removed": ["zoe"] } }), "agents.removed.0"),
        (serde_json::json!({ "agents": { "changed": [{ "username": "ann", "skills": { "x": 99 } }] } }), "agents.changed.0.skills.x"),
        (serde_json::json!({ "agents": { "added": [{ "count": 0, "queues": [] }] } }), "agents.added.0.count"),
    ] {
        let changes: Changes = serde_json::from_value(json).unwrap();
        assert_eq!(changes.apply(&base, 1).unwrap_err().key, key);
    }
}

#[test]
fn one_agent_more_helps_and_the_same_world_differs_in_nothing() {
    let base = busy_house().rebuilt(None).scenario;
    let same = what_if(&base, &base).unwrap();
    assert_eq!((same.total.difference.service_level.value, same.total.difference.asa_s.high), (Some(0.0), Some(0.0)));
    assert_eq!((same.intervals.len(), same.queues[0].intervals.len()), (96, 96));
    let added: Changes = serde_json::from_value(
        serde_json::json!({ "agents": { "added": [{ "count": 2, "queues": [{ "queue": "service", "level": 2 }] }] } }),
    )
    .unwrap();
    let better = what_if(&base, &added.apply(&base, 1).unwrap()).unwrap();
    assert!(better.total.difference.service_level.low.unwrap() > 0.0, "{:?}", better.total);
    let offered: f64 = better.intervals.iter().filter_map(|i| i.difference.base.offered.value).sum();
    assert_eq!(offered, 200.0);
}

#[test]
fn whoever_watches_may_stop_it() {
    let base = busy_house().rebuilt(None).scenario;
    let mut heard = Vec::new();
    let stopped = crate::what_if_watched(&base, &base, |done, of| {
        heard.push((done, of));
        done < 3
    });
    assert_eq!(stopped, Err(crate::SimError::Stopped));
    assert_eq!(heard, [(0, 10), (1, 10), (2, 10), (3, 10)]);
}

#[test]
fn a_queue_that_overflows_into_callbacks_is_played_without_them() {
    let mut house = House::new(vec![stay(1, SERVICE, 60, 5, StayEnd::Answered)]);
    house.queues[0].overflow = Overflow::Callback { ask: "ask".into(), other: None, booked: None };
    let scenario = house.rebuilt(None).scenario;
    assert_eq!(scenario.queues[0].overflow, Overflow::HangUp { prompt: None });
    scenario.check().unwrap();
}
