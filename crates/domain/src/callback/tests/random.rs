//! Whatever comes in whatever order: one call at a time, no more than agreed, and one end.
use super::*;
use proptest::prelude::*;

fn input() -> impl Strategy<Value = Input> {
    let sip = proptest::sample::select(vec![200u16, 404, 408, 480, 486, 487, 503, 603]);
    let end = prop_oneof![
        2 => Just(End::NotDialled),
        4 => sip.prop_map(|sip| End::NotAnswered(Cause::from_sip(sip))),
        1 => Just(End::CustomerLeft),
        1 => Just(End::NoAgent),
        1 => Just(End::Reached),
    ];
    prop_oneof![
        4 => (0u32..8).prop_map(|place| Input::Dialled { place }),
        6 => (0u32..8, end).prop_map(|(place, end)| Input::PlaceEnded { place, end }),
        1 => proptest::sample::select(vec![CancelledBy::Customer, CancelledBy::Agent]).prop_map(|by| Input::Cancel { by }),
        1 => Just(Input::Restarted),
        8 => Just(Input::Tick),
    ]
}

/// What must hold over a whole life, followed effect by effect.
#[derive(Default)]
struct Ledger {
    placed: u32,
    /// The place whose call lives.
    live: Option<u32>,
    finished: u32,
}
impl Ledger {
    fn before(&mut self, input: &Input) {
        match input {
            Input::PlaceEnded { place, .. } if self.live == Some(*place) => self.live = None,
            Input::Restarted => self.live = None,
            _ => {}
        }
    }
    fn follow(&mut self, now: Timestamp, request: &Request, hours: u64, effects: &[Effect]) {
        for e in effects {
            assert!(self.finished == 0, "nothing follows Finished: {}", written(effects));
            match e {
                Effect::Place { place } => {
                    self.placed += 1;
                    assert_eq!(*place, self.placed);
                    assert_eq!(self.live, None, "never two at once");
                    assert_eq!(daily(hours)(now), Some(now), "never outside the window");
                    assert!(now < request.expires_at && request.not_before.is_none_or(|at| at <= now));
                    self.live = Some(*place);
                }
                Effect::Withdraw { place } => assert_eq!(self.live, Some(*place)),
                Effect::Changed(callback) => assert!(callback.attempts() <= request.tries, "never more than tries"),
                Effect::Finished { state } => {
                    assert!(state.is_final());
                    self.finished += 1;
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]
    #[test]
    fn any_inputs_end_once_within_tries_and_hours(
        tries in 1u8..=5, gap_s in prop_oneof![60u64..200, 60u64..20_000], hours in 1u64..=24, after_h in 0u64..40, kept_h in 1u64..200,
        inputs in proptest::collection::vec((input(), prop_oneof![4 => 0u64..40, 1 => 0u64..60_000]), 0..60),
    ) {
        let request = Request {
            tries,
            retry_gap_ms: gap_s * 1000,
            not_before: (after_h > 0).then(|| start().plus_ms(after_h * HOUR_MS)),
            expires_at: start().plus_ms(kept_h * HOUR_MS),
            ..request()
        };
        let window = daily(hours);
        let (mut now, mut out, mut ledger) = (start(), Vec::new(), Ledger::default());
        let Ok(mut callback) = Callback::start(now, request.clone(), &window, &mut out) else { return Ok(()) };
        ledger.follow(now, &request, hours, &out);
        for (input, wait_s) in inputs {
            // Mostly as time passes for a driver: never past a timer without its tick.
            let next = now.plus_ms(wait_s * 1000);
            now = match callback.next_timeout() {
                Some((at, _)) if input == Input::Tick || at <= next => at.max(now),
                _ => next,
            };
            out.clear();
            ledger.before(&input);
            callback.handle(now, input, &window, &mut out);
            ledger.follow(now, &request, hours, &out);
        }
        // Its call ends at last, and nobody says anything any more: its own timers bring it to an end.
        if let Some(place) = ledger.live {
            out.clear();
            let input = Input::PlaceEnded { place, end: End::NotAnswered(Cause::BUSY) };
            ledger.before(&input);
            callback.handle(now, input, &window, &mut out);
            ledger.follow(now, &request, hours, &out);
        }
        for _ in 0..200 {
            let Some((at, _)) = callback.next_timeout() else { break };
            now = at.max(now);
            out.clear();
            callback.handle(now, Input::Tick, &window, &mut out);
            ledger.follow(now, &request, hours, &out);
        }
        prop_assert!(callback.state().is_final());
        prop_assert_eq!(ledger.finished, 1);
    }
}
