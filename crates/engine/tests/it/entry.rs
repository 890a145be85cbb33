use crate::tel::Tel;
use crate::world::{SALES, SERVICE, World};
use domain::interaction::{InteractionState, Outcome};
use engine::voice::phone::{PhoneOrder, Sound};

#[tokio::test]
async fn echo_comes_back() {
    let mut tel = Tel::new().await;
    let world = World::usual(tel.phone.addr).await;
    let call = tel.called(world.sip, "4002", "1").await;
    let ear = tel.listen(call);
    tel.say(call, Sound::Tone(800.0));
    ear.hears(800.0).await;
    tel.order(PhoneOrder::HangUp { call });
    assert_eq!(world.ended(1).await[0].0.outcome, Some(Outcome::SelfServed));
    world.stop().await;
}

/// Each way of sending a digit reaches the menu once: `*` repeats it (600 Hz again), then `1` or `2` chooses a queue.
#[tokio::test]
async fn digits_reach_the_menu_once_each_way() {
    let mut tel = Tel::new().await;
    let world = World::usual(tel.phone.addr).await;
    for (calls, way, queue) in [(1, "4733", SERVICE), (2, "info", SALES), (3, "in band", SERVICE)] {
        let digit = if queue == SERVICE { '1' } else { '2' };
        if way == "in band" {
            // Tones in the voice count only where RFC 4733 was not agreed.
            tel = Tel::old().await;
        }
        let call = tel.called(world.sip, "4000", "1").await;
        let ear = tel.listen(call);
        ear.hears(600.0).await;
        match way {
            "4733" => tel.say(call, Sound::Digits(digit.to_string())),
            "info" => tel.order(PhoneOrder::Info { call, digit }),
            _ => tel.say(call, Sound::DigitTones(digit.to_string())),
        }
        ear.hears(900.0).await;
        let waiting = world.call(InteractionState::Waiting).await;
        assert_eq!(waiting.queue, Some(queue), "{way}");
        tel.order(PhoneOrder::HangUp { call });
        tel.down(call).await;
        let id = waiting.call.into();
        world.ended(calls).await;
        let events = store::repo::interactions::events(&*world.store, id).await.unwrap();
        let digits = events.iter().filter(|e| matches!(e.kind, domain::event::EventKind::Digit { .. })).count();
        assert_eq!(digits, 1, "{way}");
    }
    world.stop().await;
}

#[tokio::test]
async fn a_voicemail_is_recorded_and_ends_at_its_limit() {
    let mut tel = Tel::new().await;
    let world = World::usual(tel.phone.addr).await;
    let call = tel.called(world.sip, "4005", "1").await;
    tel.say(call, Sound::Tone(700.0));
    tel.down(call).await;
    let (row, segments) = world.ended(1).await.remove(0);
    assert_eq!(row.outcome, Some(Outcome::SelfServed));
    assert!(row.recording.is_some());
    assert!(segments.iter().any(|s| s.kind == domain::interaction::SegmentKind::Voicemail));
    world.stop().await;
}

#[tokio::test]
async fn a_caller_may_leave_at_any_time_and_nothing_stays() {
    let mut tel = Tel::new().await;
    let world = World::usual(tel.phone.addr).await;
    for (calls, number, state, outcome) in
        [(1, "4000", InteractionState::Entry, Outcome::LeftInEntry), (2, "4001", InteractionState::Waiting, Outcome::Abandoned)]
    {
        let call = tel.called(world.sip, number, "1").await;
        world.call(state).await;
        tel.order(PhoneOrder::HangUp { call });
        tel.down(call).await;
        let ended = world.ended(calls).await;
        assert_eq!(ended.last().unwrap().0.outcome, Some(outcome), "{number}");
    }
    let snapshot = world.handle.snapshot().await.unwrap();
    assert!(snapshot.calls.is_empty() && snapshot.waiting.is_empty() && snapshot.offers.is_empty());
    world.stop().await;
}
