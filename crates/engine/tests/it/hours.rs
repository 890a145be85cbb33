use crate::tel::Tel;
use crate::world::{SALES, WAIT, World};
use domain::Timestamp;
use domain::calendar::{Switch, SwitchPosition};
use domain::interaction::{InteractionState, Outcome, SegmentKind};
use engine::voice::phone::{PhoneOrder, Sound};

#[tokio::test]
async fn who_calls_a_closed_number_leaves_a_message_for_its_queue() {
    let mut tel = Tel::new().await;
    let world = World::usual(tel.phone.addr).await;
    let call = tel.called(world.sip, "4007", "1").await;
    let ear = tel.listen(call);
    ear.hears(500.0).await;
    tel.say(call, Sound::Tone(700.0));
    tel.down(call).await;
    let (row, segments) = world.ended(1).await.remove(0);
    assert_eq!((row.queue, row.outcome), (Some(SALES), Some(Outcome::SelfServed)));
    assert!(row.recording.is_some() && row.queued_at.is_none());
    assert!(segments.iter().any(|s| s.kind == SegmentKind::Voicemail));
    world.stop().await;
}

#[tokio::test]
async fn an_emergency_is_heard_by_who_waits_and_by_who_comes() {
    let mut tel = Tel::new().await;
    let world = World::usual(tel.phone.addr).await;
    let waits = tel.called(world.sip, "4008", "1").await;
    let ear = tel.listen(waits);
    ear.hears(900.0).await;
    let tx = world.store.begin(Timestamp::from_ms(1_800_000_000_000)).await.unwrap();
    let switch = Switch { set: SwitchPosition::Emergency, since: None, until: None, prompt: Some("closed".into()) };
    store::repo::calendar_switches::set(&tx, "always", Some(&switch)).await.unwrap();
    tx.commit().await.unwrap();
    world.handle.config_changed().await;
    ear.hears(400.0).await;
    tel.down(waits).await;
    let comes = tel.called(world.sip, "4008", "1").await;
    tel.listen(comes).hears(400.0).await;
    tel.down(comes).await;
    let ended = world.ended(2).await;
    assert!(ended.iter().all(|(row, _)| row.outcome == Some(Outcome::Overflowed)), "{ended:?}");
    world.stop().await;
}

#[tokio::test]
async fn a_waiting_caller_is_comforted_and_leaves_by_key() {
    let mut tel = Tel::new().await;
    let world = World::usual(tel.phone.addr).await;
    let call = tel.called(world.sip, "4008", "1").await;
    let ear = tel.listen(call);
    ear.hears(900.0).await;
    ear.hears(600.0).await;
    world.call(InteractionState::Waiting).await;
    tel.say(call, Sound::Digits("1".into()));
    ear.hears(500.0).await;
    let entry = world.call(InteractionState::Entry).await;
    tel.say(call, Sound::Tone(700.0));
    while !world.handle.snapshot().await.unwrap().calls.iter().any(|c| c.call == entry.call && c.recording) {
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    tel.order(PhoneOrder::HangUp { call });
    let (row, _) = world.ended(1).await.remove(0);
    assert_eq!((row.queue, row.outcome), (Some(WAIT), Some(Outcome::SelfServed)));
    assert!(row.recording.is_some());
    world.stop().await;
}
