use crate::tel::Tel;
use crate::world::{ALICE, BOB, SALES, World};
use domain::interaction::{InteractionState, Outcome, SegmentKind};
use domain::live::{AgentStatus, Device};
use engine::handle::{CallCommand, Command, TransferTarget};
use engine::voice::phone::{PhoneNews, PhoneOrder, Sound};

async fn order(world: &World, call: domain::CallId, command: CallCommand) {
    world.handle.ask(|reply| Command::Call { agent: None, call, command, reply }).await.unwrap();
}

#[tokio::test]
async fn a_caller_waits_is_answered_held_and_leaves() {
    let world = World::usual("127.0.0.1:9".parse().unwrap()).await;
    let mut desk = Tel::registered(world.sip, "2001").await;
    let mut caller = Tel::new().await;
    let a = caller.called(world.sip, "4001", "13800001111").await;
    let near = caller.listen(a);
    near.hears(900.0).await;
    world.available(ALICE, Device::DeskPhone).await;
    let (b, from) = desk.incoming().await;
    assert_eq!(from, "13800001111");
    desk.order(PhoneOrder::Ring { call: b });
    world.status(ALICE, AgentStatus::Ringing).await;
    desk.order(PhoneOrder::Answer { call: b });
    let live = world.call(InteractionState::Connected).await;
    assert_eq!((live.agent, live.recording), (Some(ALICE), true));
    let far = desk.listen(b);
    caller.say(a, Sound::Tone(700.0));
    desk.say(b, Sound::Tone(1_000.0));
    far.hears(700.0).await;
    near.hears(1_000.0).await;

    // Held by order, then by the phone itself: music both times.
    order(&world, live.call, CallCommand::Hold).await;
    near.hears(900.0).await;
    order(&world, live.call, CallCommand::Unhold).await;
    near.hears(1_000.0).await;
    desk.order(PhoneOrder::Hold { call: b, on: true });
    near.hears(900.0).await;
    desk.order(PhoneOrder::Hold { call: b, on: false });
    near.hears(1_000.0).await;

    order(&world, live.call, CallCommand::Dtmf("42#".into())).await;
    for digit in ['4', '2', '#'] {
        caller.until(|n| *n == PhoneNews::Digit { call: a, digit }).await;
    }
    caller.order(PhoneOrder::HangUp { call: a });
    desk.down(b).await;
    world.status(ALICE, AgentStatus::WrapUp).await;
    world.status(ALICE, AgentStatus::Available).await;
    let (row, segments) = world.ended(1).await.remove(0);
    assert_eq!((row.outcome, row.agent), (Some(Outcome::Handled), Some(ALICE)));
    assert!(row.hold_ms > 0 && row.talk_ms > 0 && row.recording.is_some());
    assert_eq!(segments.iter().filter(|s| s.kind == SegmentKind::Hold).count(), 2);
    let legs = store::repo::interactions::legs(&*world.store, row.id).await.unwrap();
    assert_eq!(legs.len(), 2);
    assert!(legs.iter().all(|l| l.quality.packets_received > 10 && l.quality.packets_lost == 0), "{legs:?}");
    world.stop().await;
}

#[tokio::test]
async fn ring_no_answer_sends_the_agent_away_and_the_caller_stays_first() {
    let world = World::usual("127.0.0.1:9".parse().unwrap()).await;
    let mut desk = Tel::registered(world.sip, "2001").await;
    let mut caller = Tel::new().await;
    world.available(ALICE, Device::DeskPhone).await;
    let a = caller.called(world.sip, "4001", "1").await;
    let (b, _) = desk.incoming().await;
    desk.order(PhoneOrder::Ring { call: b });
    desk.down(b).await;
    let away = world.status(ALICE, AgentStatus::Away).await;
    assert_eq!(away.reason.as_deref(), Some("no_answer"));
    let waiting = world.call(InteractionState::Waiting).await;
    let snapshot = world.handle.snapshot().await.unwrap();
    assert_eq!(snapshot.waiting.iter().map(|w| (w.interaction, w.position)).collect::<Vec<_>>(), [(waiting.call.into(), 1)]);
    // Back, and the same caller rings again.
    world.handle.ask(|reply| Command::SetStatus { agent: ALICE, status: AgentStatus::Available, reason: None, reply }).await.unwrap();
    let (b, _) = desk.incoming().await;
    desk.order(PhoneOrder::Answer { call: b });
    world.call(InteractionState::Connected).await;
    caller.order(PhoneOrder::HangUp { call: a });
    desk.down(b).await;
    let (row, segments) = world.ended(1).await.remove(0);
    assert_eq!(row.outcome, Some(Outcome::Handled));
    let results: Vec<_> = segments.iter().filter(|s| s.kind == SegmentKind::Offer).map(|s| s.result.clone().unwrap()).collect();
    assert_eq!(results, ["no_answer", "answered"]);
    world.stop().await;
}

#[tokio::test]
async fn a_caller_who_leaves_while_it_rings_frees_the_agent() {
    let world = World::usual("127.0.0.1:9".parse().unwrap()).await;
    let mut desk = Tel::registered(world.sip, "2001").await;
    let mut caller = Tel::new().await;
    world.available(ALICE, Device::DeskPhone).await;
    let a = caller.called(world.sip, "4001", "1").await;
    let (b, _) = desk.incoming().await;
    caller.order(PhoneOrder::HangUp { call: a });
    desk.down(b).await;
    world.status(ALICE, AgentStatus::Available).await;
    assert_eq!(world.ended(1).await[0].0.outcome, Some(Outcome::Abandoned));
    world.stop().await;
}

#[tokio::test]
async fn a_blind_transfer_to_a_queue_reaches_the_next_agent() {
    let world = World::usual("127.0.0.1:9".parse().unwrap()).await;
    let mut alice = Tel::registered(world.sip, "2001").await;
    let mut bob = Tel::registered(world.sip, "2002").await;
    let mut caller = Tel::new().await;
    world.available(ALICE, Device::DeskPhone).await;
    world.available(BOB, Device::DeskPhone).await;
    let a = caller.called(world.sip, "4001", "1").await;
    let (b, _) = alice.incoming().await;
    alice.order(PhoneOrder::Answer { call: b });
    let live = world.call(InteractionState::Connected).await;
    order(&world, live.call, CallCommand::Transfer(TransferTarget::Queue(SALES))).await;
    alice.down(b).await;
    let (c, _) = bob.incoming().await;
    bob.order(PhoneOrder::Answer { call: c });
    bob.say(c, Sound::Tone(1_000.0));
    caller.listen(a).hears(1_000.0).await;
    bob.order(PhoneOrder::HangUp { call: c });
    caller.down(a).await;
    let (row, segments) = world.ended(1).await.remove(0);
    assert_eq!((row.agent, row.queue), (Some(BOB), Some(SALES)));
    assert_eq!(segments.iter().filter(|s| s.kind == SegmentKind::Talk).count(), 2);
    world.stop().await;
}
