use crate::tel::Tel;
use crate::world::{ALICE, World};
use domain::interaction::{Direction, InteractionState, Outcome};
use domain::live::{AgentStatus, Device};
use engine::handle::{AgentMedia, CallCommand, Command, TransferTarget};
use engine::voice::phone::{PhoneNews, PhoneOrder, Sound};

#[tokio::test]
async fn a_wrong_password_does_not_register() {
    let world = World::usual("127.0.0.1:9".parse().unwrap()).await;
    let mut tel = Tel::new().await;
    tel.order(PhoneOrder::Register { registrar: world.sip, user: "2001".into(), password: "wrong".into() });
    tel.until(|n| matches!(n, PhoneNews::NotRegistered { .. })).await;
    world.stop().await;
}

#[tokio::test]
async fn registered_phones_call_each_other_and_one_of_our_numbers() {
    let world = World::usual("127.0.0.1:9".parse().unwrap()).await;
    let mut alice = Tel::registered(world.sip, "2001").await;
    let mut bob = Tel::registered(world.sip, "2002").await;
    let a = alice.call(world.sip, "2002", "2001");
    let (b, from) = bob.incoming().await;
    assert_eq!(from, "2001");
    bob.order(PhoneOrder::Ring { call: b });
    alice.until(|n| matches!(n, PhoneNews::Ringing { status: 180, .. })).await;
    bob.order(PhoneOrder::Answer { call: b });
    alice.until(|n| *n == PhoneNews::Up { call: a }).await;
    bob.say(b, Sound::Tone(1_000.0));
    alice.listen(a).hears(1_000.0).await;
    alice.order(PhoneOrder::HangUp { call: a });
    bob.down(b).await;
    let row = world.ended(1).await.remove(0).0;
    assert_eq!((row.direction, row.outcome), (Direction::Internal, Some(Outcome::Handled)));

    let echo = alice.called(world.sip, "4002", "2001").await;
    alice.say(echo, Sound::Tone(800.0));
    alice.listen(echo).hears(800.0).await;
    alice.order(PhoneOrder::HangUp { call: echo });
    world.ended(2).await;
    world.stop().await;
}

#[tokio::test]
async fn strangers_reach_our_numbers_only() {
    let world = World::usual("127.0.0.1:9".parse().unwrap()).await;
    let _bob = Tel::registered(world.sip, "2002").await;
    let mut stranger = Tel::new().await;
    for number in ["2002", "9555", "nobody"] {
        let call = stranger.call(world.sip, number, "2001");
        assert_eq!(stranger.down(call).await, 404, "{number}");
    }
    world.stop().await;
}

#[tokio::test]
async fn a_click_rings_the_agents_phone_then_the_outside() {
    let mut outside = Tel::new().await;
    let world = World::usual(outside.phone.addr).await;
    let mut desk = Tel::registered(world.sip, "2001").await;
    world.available(ALICE, Device::DeskPhone).await;
    let dial = |to: &str| {
        let to = to.to_owned();
        world.handle.ask(move |reply| Command::Dial { agent: ALICE, to, media: AgentMedia::DeskPhone, reply })
    };
    let connected = dial("95551234").await.unwrap();
    let (a, _) = desk.incoming().await;
    desk.order(PhoneOrder::Answer { call: a });
    let (b, from) = outside.incoming().await;
    assert_eq!(from, "02155550000");
    outside.order(PhoneOrder::Ring { call: b });
    let near = desk.listen(a);
    near.hears(450.0).await;
    outside.order(PhoneOrder::Answer { call: b });
    outside.say(b, Sound::Tone(1_000.0));
    near.hears(1_000.0).await;
    let live = world.call(InteractionState::Connected).await;
    assert_eq!((live.call, live.direction), (connected.call, Direction::Outbound));
    outside.order(PhoneOrder::HangUp { call: b });
    desk.down(a).await;
    world.status(ALICE, AgentStatus::WrapUp).await;
    world.status(ALICE, AgentStatus::Available).await;

    // Busy: the agent hears it, then the call ends.
    dial("95551200").await.unwrap();
    let (a, _) = desk.incoming().await;
    desk.order(PhoneOrder::Answer { call: a });
    let (b, _) = outside.incoming().await;
    outside.order(PhoneOrder::Reject { call: b, status: 486 });
    desk.listen(a).hears(450.0).await;
    desk.down(a).await;
    let ended = world.ended(2).await;
    assert_eq!(ended[0].0.outcome, Some(Outcome::Handled));
    assert_eq!(ended[1].0.outcome, Some(Outcome::NotReached));
    assert_eq!(ended[1].0.hangup.as_ref().unwrap().sip_status, Some(486));
    assert!(dial("7777").await.is_err());
    world.stop().await;
}

#[tokio::test]
async fn a_transfer_outside_leaves_the_customer_with_the_outside() {
    let mut outside = Tel::new().await;
    let world = World::usual(outside.phone.addr).await;
    let mut desk = Tel::registered(world.sip, "2001").await;
    let mut caller = Tel::new().await;
    world.available(ALICE, Device::DeskPhone).await;
    let a = caller.called(world.sip, "4001", "1").await;
    let (d, _) = desk.incoming().await;
    desk.order(PhoneOrder::Answer { call: d });
    let live = world.call(InteractionState::Connected).await;
    let command = CallCommand::Transfer(TransferTarget::Outside("9777".into()));
    world.handle.ask(|reply| Command::Call { agent: Some(ALICE), call: live.call, command, reply }).await.unwrap();
    desk.down(d).await;
    let (b, _) = outside.incoming().await;
    outside.order(PhoneOrder::Answer { call: b });
    outside.say(b, Sound::Tone(1_000.0));
    caller.listen(a).hears(1_000.0).await;
    caller.order(PhoneOrder::HangUp { call: a });
    outside.down(b).await;
    assert_eq!(world.ended(1).await[0].0.outcome, Some(Outcome::Handled));
    world.stop().await;
}
