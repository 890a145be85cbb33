//! Whatever comes in whatever order, a callback ends, dials one leg at a time, at most `tries` times, and only when it may.
use super::*;
use proptest::prelude::*;

fn who() -> impl Strategy<Value = UserId> {
    prop_oneof![Just(ALICE), Just(BOB)]
}
fn input() -> impl Strategy<Value = Input> {
    let sip = proptest::sample::select(vec![200u16, 404, 408, 480, 486, 487, 503, 603]);
    prop_oneof![
        4 => Just(Input::TurnNear),
        3 => who().prop_map(|agent| Input::Offered { offer: OFFER, agent }),
        2 => Just(Input::OfferEnded { offer: OFFER }),
        6 => who().prop_map(|agent| Input::Assigned { agent }),
        1 => Just(Input::NotQueued),
        1 => Just(Input::EnqueueAgain),
        4 => (0u8..6).prop_map(|attempt| Input::LegUp { attempt }),
        4 => (0u8..6, sip).prop_map(|(attempt, sip)| Input::LegDown { attempt, sip }),
        1 => who().prop_map(|agent| Input::AgentGone { agent }),
        1 => proptest::sample::select(vec![CancelledBy::Customer, CancelledBy::Agent]).prop_map(|by| Input::Cancel { by }),
        1 => Just(Input::Restarted),
        8 => Just(Input::Tick),
    ]
}

/// What must hold over a whole life, followed effect by effect.
#[derive(Default)]
struct Ledger {
    dialled: u8,
    /// The leg that may ring or talk: dialled and neither reported gone nor given time to go.
    live: Option<u8>,
    /// Told to end; forgotten after the teardown time.
    ended_at: Option<Timestamp>,
    queued: bool,
    reserved: Vec<UserId>,
    finished: u32,
    teardown_ms: u64,
}
impl Ledger {
    fn follow(&mut self, now: Timestamp, request: &Request, hours: u64, effects: &[Effect]) {
        for e in effects {
            let late = matches!(e, Effect::Release { .. });
            assert!(self.finished == 0 || late, "nothing follows Finished but late assignments' releases: {}", written(effects));
            match e {
                Effect::Dial { attempt, agent, .. } => {
                    self.dialled += 1;
                    assert_eq!(*attempt, self.dialled);
                    assert!(self.dialled <= request.tries, "never more than tries");
                    assert!(self.live.is_none(), "never two at once");
                    assert_eq!(daily(hours)(now), Some(now), "never outside the window");
                    assert!(now < request.expires_at && request.not_before.is_none_or(|at| at <= now));
                    assert!(agent.is_none_or(|a| self.reserved.contains(&a)), "only with a reserved agent");
                    self.live = Some(*attempt);
                    self.ended_at = None;
                    self.queued = false;
                }
                Effect::HangUp { attempt } => {
                    assert_eq!(self.live, Some(*attempt), "only a leg that lives");
                    assert!(self.ended_at.is_none(), "once");
                    self.ended_at = Some(now);
                }
                Effect::Hold { attempt } | Effect::Connect { attempt, .. } => {
                    assert!(self.live == Some(*attempt) && self.ended_at.is_none(), "only a leg that lives");
                    if let Effect::Connect { agent, .. } = e {
                        let place = self.reserved.iter().position(|a| a == agent);
                        self.reserved.remove(place.expect("only a reserved agent"));
                        self.queued = false;
                    }
                }
                Effect::Enqueue(q) => {
                    assert!(q.head || q.since == request.since, "the place is the original one");
                    self.queued = true;
                }
                Effect::Leave { .. } => self.queued = false,
                Effect::Release { agent } => {
                    let place = self.reserved.iter().position(|a| a == agent);
                    self.reserved.remove(place.expect("released once"));
                }
                Effect::Finished { state } => {
                    assert!(state.is_final());
                    assert!(!self.queued, "it is out of the line");
                    self.finished += 1;
                }
                Effect::Changed(_) => {}
            }
        }
    }
    fn before(&mut self, now: Timestamp, input: &Input, callback: &Callback) {
        if self.ended_at.is_some_and(|at| at.plus_ms(self.teardown_ms) <= now) {
            (self.live, self.ended_at) = (None, None);
        }
        match input {
            // Said twice of the agent who is reserved already is one reservation.
            Input::Assigned { agent } => {
                let state = callback.state();
                let known = matches!(state, State::Dialling { agent: Some(a) } | State::Connected { agent: a } if a == *agent);
                if !known {
                    self.reserved.push(*agent);
                }
                self.queued = false;
            }
            Input::NotQueued => self.queued = false,
            Input::LegDown { attempt, .. } if self.live == Some(*attempt) => (self.live, self.ended_at) = (None, None),
            Input::Restarted => (self.live, self.ended_at) = (None, None),
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]
    #[test]
    fn any_inputs_end_once_within_tries_and_hours(
        customer_first in any::<bool>(), tries in 1u8..=5, gap_s in prop_oneof![60u64..200, 60u64..20_000], hours in 1u64..=24, after_h in 0u64..40, kept_h in 1u64..200,
        teardown_s in 1u64..400, inputs in proptest::collection::vec((input(), prop_oneof![4 => 0u64..40, 1 => 0u64..60_000]), 0..60),
    ) {
        let request = Request {
            tries,
            retry_gap_ms: gap_s * 1000,
            not_before: (after_h > 0).then(|| start().plus_ms(after_h * HOUR_MS)),
            expires_at: start().plus_ms(kept_h * HOUR_MS),
            ..request(if customer_first { Mode::CustomerFirst } else { Mode::AgentFirst })
        };
        let window = daily(hours);
        let limits = Limits { teardown_ms: teardown_s * 1000, ..Limits::default() };
        let (mut now, mut out) = (start(), Vec::new());
        let mut ledger = Ledger { teardown_ms: limits.teardown_ms, ..Ledger::default() };
        let Ok(mut callback) = Callback::start(now, request.clone(), limits, &window, &mut out) else { return Ok(()) };
        ledger.follow(now, &request, hours, &out);
        for (input, wait_s) in inputs {
            // Mostly as time passes for a driver: never past a timer without its tick.
            let next = now.plus_ms(wait_s * 1000);
            now = match callback.next_timeout() {
                Some((at, _)) if input == Input::Tick || at <= next => at.max(now),
                _ => next,
            };
            out.clear();
            ledger.before(now, &input, &callback);
            callback.handle(now, input, &window, &mut out);
            ledger.follow(now, &request, hours, &out);
            if callback.is_over() {
                break;
            }
        }
        // Nobody says anything any more: its own timers bring it to an end.
        let mut steps = 0;
        while let Some((at, _)) = callback.next_timeout() {
            now = at.max(now);
            out.clear();
            ledger.before(now, &Input::Tick, &callback);
            callback.handle(now, Input::Tick, &window, &mut out);
            ledger.follow(now, &request, hours, &out);
            steps += 1;
            prop_assert!(steps < 100, "timers run in circles");
        }
        prop_assert!(callback.is_over());
        prop_assert_eq!(ledger.finished, 1);
        prop_assert!(ledger.reserved.is_empty(), "every agent was released or connected: {:?}", ledger.reserved);
    }
}
