//! Whatever comes in whatever order, a call never panics and always ends once, whole.
use super::*;
use crate::routing::OverflowTo;
use proptest::prelude::*;
use proptest::strategy::Strategy;

fn leg() -> impl Strategy<Value = LegId> {
    (0u16..6).prop_map(LegId)
}
fn who() -> impl Strategy<Value = UserId> {
    prop_oneof![Just(ALICE), Just(BOB)]
}
fn offer() -> impl Strategy<Value = OfferId> {
    prop_oneof![Just(OFFER), Just(OFFER_2)]
}
fn device() -> impl Strategy<Value = Device> {
    prop_oneof![Just(Device::Browser), Just(Device::DeskPhone)]
}
fn target() -> impl Strategy<Value = Target> {
    prop_oneof![
        who().prop_map(Target::Agent),
        prop_oneof![Just("4000"), Just("4001"), Just("4002"), Just("4005"), Just("1001"), Just("4242")]
            .prop_map(|n| Target::Number(number_id(n))),
        Just(Target::Trunk { trunk: OUT, number: "1".into() }),
    ]
}
fn ask() -> impl Strategy<Value = Ask> {
    prop_oneof![
        1 => Just(Ask::HangUp),
        2 => Just(Ask::Hold),
        2 => Just(Ask::Unhold),
        2 => any::<bool>().prop_map(Ask::Mute),
        1 => "[0-9A-Ex#*]{0,4}".prop_map(Ask::Dtmf),
        2 => prop_oneof![Just(SERVICE), Just(SALES)].prop_map(Ask::TransferQueue),
        2 => who().prop_map(Ask::TransferAgent),
        3 => target().prop_map(|target| Ask::TransferTo { dialled: "x".into(), target }),
    ]
}
fn input() -> impl Strategy<Value = Input> {
    prop_oneof![
        4 => (leg(), any::<bool>()).prop_map(|(leg, early_media)| Input::LegRinging { leg, early_media }),
        12 => leg().prop_map(|leg| Input::LegUp { leg }),
        2 => (leg(), 200u16..700).prop_map(|(leg, s)| Input::LegDown { leg, cause: Cause::from_sip(s) }),
        2 => (leg(), any::<bool>()).prop_map(|(leg, held)| Input::LegHeld { leg, held }),
        2 => leg().prop_map(|leg| Input::MediaLost { leg }),
        1 => leg().prop_map(|leg| Input::LegSilent { leg }),
        1 => (leg(), proptest::option::of(target())).prop_map(|(leg, target)| Input::Referred { leg, dialled: "1".into(), target }),
        1 => (leg(), proptest::option::of(who())).prop_map(|(replaces, agent)| Input::Adopt { replaces, agent }),
        1 => leg().prop_map(|leg| Input::GivenAway { leg }),
        3 => (leg(), "[0-9#x]").prop_map(|(leg, d)| Input::Digit { leg, digit: d.chars().next().unwrap() }),
        4 => (leg(), 0u32..12).prop_map(|(leg, play)| Input::Played { leg, play }),
        1 => (0u32..5).prop_map(|position| Input::Announce { position, wait: (position == 2).then_some(crate::estimate::Spoken::UnderOneMinute) }),
        8 => (offer(), who(), device()).prop_map(|(offer, agent, device)| Input::Offered { offer, agent, device }),
        2 => offer().prop_map(|offer| Input::OfferEnded { offer, result: "declined" }),
        6 => (offer(), who(), device()).prop_map(|(offer, agent, device)| Input::Assigned { offer, agent, device }),
        1 => prop_oneof![
            Just(OverflowTo::Queue { queue: SALES }),
            Just(OverflowTo::HangUp { prompt: None }),
            Just(OverflowTo::Voicemail { greeting: "greeting".into(), length_max_ms: 30_000 }),
            Just(OverflowTo::Callback { ask: "ask".into(), other: Some("other".into()), booked: None })
        ]
        .prop_map(|to| Input::Overflow { to }),
        1 => Just(Input::RouteRefused { why: "x" }),
        1 => Just(Input::EnqueueAgain),
        3 => Just(Input::Turn),
        2 => any::<bool>().prop_map(|taken| Input::Booked { taken }),
        1 => Just(Input::Withdrawn),
        1 => any::<bool>().prop_map(|there| Input::Announcement { sound: there.then_some(PersonalSound(3)) }),
        4 => ask().prop_map(|ask| Input::Asked { request: 1, ask }),
        2 => Just(Input::Resumed { request: 2 }),
        4 => Just(Input::Tick),
    ]
}
fn origin() -> impl Strategy<Value = Origin> {
    prop_oneof![
        prop_oneof![
            Just("4000"),
            Just("4001"),
            Just("4002"),
            Just("4004"),
            Just("4005"),
            Just("4009"),
            Just("1000"),
            Just("1001"),
            Just("4242"),
            Just("5001"),
            Just("5002"),
            Just("5006"),
            Just("5007"),
            Just("5008"),
            Just("5009"),
            Just("5010")
        ]
        .prop_map(|n| Origin::Inbound { number: number_id(n) }),
        (who(), target()).prop_map(|(user, target)| Origin::Phone { user, target }),
        (who(), device(), target()).prop_map(|(user, device, target)| Origin::Click { user, device, target }),
        prop_oneof![Just(CallbackMode::AgentFirst), Just(CallbackMode::CustomerFirst)].prop_map(|mode| {
            let since = Timestamp::from_ms(1_700_000_000_000);
            Origin::Callback(Box::new(CallbackOrder { queue: SERVICE, priority: 1, needs: None, since, mode, trunk: Some(OUT) }))
        }),
    ]
}

/// What must hold over a whole life, followed effect by effect.
#[derive(Default)]
struct Ledger {
    started: usize,
    ended: usize,
    finished: usize,
    recording: bool,
    queued: bool,
    held: Vec<UserId>,
    asked_down: Vec<LegId>,
    unknown_legs: bool,
}

impl Ledger {
    fn follow(&mut self, effects: &[Effect]) {
        for e in effects {
            assert_eq!(self.finished, 0, "nothing follows Finished but late assignments' releases: {e:?}");
            match e {
                Effect::Record(d) => match d.kind {
                    crate::event::EventKind::InteractionStarted { .. } => self.started += 1,
                    crate::event::EventKind::InteractionEnded { .. } => self.ended += 1,
                    _ => {}
                },
                Effect::RecordStart { .. } => {
                    assert!(!self.recording);
                    self.recording = true;
                }
                Effect::RecordStop => self.recording = false,
                Effect::Route(RouteRequest::Enqueue { .. } | RouteRequest::OfferTo { .. }) => self.queued = true,
                Effect::Route(RouteRequest::Leave { .. }) => self.queued = false,
                Effect::Route(RouteRequest::Occupy { agent }) => self.held.push(*agent),
                Effect::Route(RouteRequest::Release { agent, .. }) => self.held.retain(|a| a != agent),
                Effect::HangUp { leg, .. } => {
                    self.unknown_legs |= self.asked_down.contains(leg);
                    self.asked_down.push(*leg);
                }
                Effect::Finished => self.finished += 1,
                _ => {}
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]
    #[test]
    fn any_inputs_end_in_one_whole_interaction(origin in origin(), inputs in proptest::collection::vec((input(), 0u64..20_000), 0..120)) {
        let mut now = Timestamp::from_ms(1_800_000_000_000);
        let setup = Setup { call: CallId(Uuid::from_u128(1)), origin, remote: "13800001111".to_string().into(), local: "2".into(), trunk: Some(OUT) };
        let quiet = matches!(setup.origin, Origin::Callback(_));
        let (mut out, mut ledger) = (Vec::new(), Ledger::default());
        let mut call = Call::start(now, setup, directory(), Limits::default(), &mut out);
        ledger.follow(&out);
        for (input, wait) in inputs {
            if call.is_finished() {
                break;
            }
            now = now.plus_ms(wait);
            out.clear();
            // The router is faithful: it assigns only what waits, and then nothing waits any more.
            if let Input::Assigned { agent, .. } = &input {
                ledger.held.push(*agent);
                ledger.queued = false;
            }
            if matches!(input, Input::Overflow { .. } | Input::RouteRefused { .. }) {
                ledger.queued = false;
            }
            call.handle(now, input, &mut out);
            ledger.follow(&out);
        }
        out.clear();
        call.handle(now, Input::Shutdown, &mut out);
        ledger.follow(&out);
        for _ in 0..20 {
            let Some((at, _)) = call.next_timeout() else { break };
            now = at.max(now);
            out.clear();
            call.handle(now, Input::Tick, &mut out);
            ledger.follow(&out);
        }
        prop_assert!(call.is_finished());
        prop_assert_eq!((ledger.ended, ledger.finished), (ledger.started, 1));
        // A place that nobody was offered is no interaction.
        prop_assert!(ledger.started == 1 || quiet && ledger.started == 0);
        prop_assert!(!ledger.recording, "the recording was stopped");
        prop_assert!(ledger.held.is_empty(), "every agent was released: {:?}", ledger.held);
        prop_assert!(!ledger.unknown_legs, "no leg was hung up twice");
        prop_assert!(call.interaction().ended_at.is_some());
    }
}
