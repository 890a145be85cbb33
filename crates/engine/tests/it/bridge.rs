use crate::tel::Tel;
use crate::world::World;
use domain::interaction::{HangupBy, Outcome};
use engine::voice::phone::{PhoneNews, PhoneOrder, Sound};
use signaling::sdp::Codec;

/// Each side hears the other's tone, and the call ends with either side.
async fn tones_both_ways(number: &str, caller_codecs: Vec<Codec>, callee_codecs: Vec<Codec>) {
    let mut callee = Tel::at("127.0.0.1:0".parse().unwrap(), callee_codecs).await;
    let world = World::usual(callee.phone.addr).await;
    let mut caller = Tel::at("127.0.0.1:0".parse().unwrap(), caller_codecs).await;
    let a = caller.call(world.sip, number, "13800001111");
    let (b, from) = callee.incoming().await;
    assert_eq!(from, "13800001111");
    callee.order(PhoneOrder::Ring { call: b });
    caller.until(|n| matches!(n, PhoneNews::Ringing { status: 180, .. })).await;
    callee.order(PhoneOrder::Answer { call: b });
    caller.until(|n| *n == PhoneNews::Up { call: a }).await;
    let (near, far) = (caller.listen(a), callee.listen(b));
    caller.say(a, Sound::Tone(700.0));
    callee.say(b, Sound::Tone(1_000.0));
    far.hears(700.0).await;
    near.hears(1_000.0).await;
    callee.order(PhoneOrder::HangUp { call: b });
    caller.down(a).await;
    let ended = world.ended(1).await;
    let row = &ended[0].0;
    assert_eq!((row.outcome, row.hangup.as_ref().unwrap().by), (Some(Outcome::Handled), HangupBy::Agent));
    assert_eq!(row.recording.is_some(), number == "1001");
    world.stop().await;
}

#[tokio::test]
async fn the_same_codec_is_relayed() {
    tones_both_ways("1000", vec![Codec::Pcma, Codec::Pcmu], vec![Codec::Pcmu, Codec::Pcma]).await;
}

#[tokio::test]
async fn different_codecs_are_transcoded() {
    tones_both_ways("1000", vec![Codec::Pcma], vec![Codec::Pcmu]).await;
}

#[tokio::test]
async fn a_recorded_bridge_sounds_the_same() {
    tones_both_ways("1001", vec![Codec::Pcmu], vec![Codec::Pcmu]).await;
}

#[tokio::test]
async fn failure_and_leaving_pass_through() {
    let mut callee = Tel::new().await;
    let world = World::usual(callee.phone.addr).await;
    let mut caller = Tel::new().await;
    let a = caller.call(world.sip, "1000", "1");
    let (b, _) = callee.incoming().await;
    callee.order(PhoneOrder::Reject { call: b, status: 486 });
    assert_eq!(caller.down(a).await, 486);
    let a = caller.call(world.sip, "1000", "1");
    let (b, _) = callee.incoming().await;
    callee.order(PhoneOrder::Ring { call: b });
    caller.until(|n| matches!(n, PhoneNews::Ringing { .. })).await;
    caller.order(PhoneOrder::HangUp { call: a });
    callee.down(b).await;
    assert_eq!(caller.down(a).await, 487);
    let outcomes: Vec<_> = world.ended(2).await.into_iter().map(|(row, _)| row.outcome).collect();
    assert_eq!(outcomes, [Some(Outcome::NotReached), Some(Outcome::Abandoned)]);
    let nowhere = caller.call(world.sip, "7777", "1");
    assert_eq!(caller.down(nowhere).await, 404);
    world.stop().await;
}
