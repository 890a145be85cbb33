//! A supervisor in somebody else's talk: heard by nobody, by the agent, by both; gone with the talk.
use super::*;
use crate::call::SuperviseMode::{Barge, Listen, Whisper};

fn join(rig: &mut Rig, mode: SuperviseMode) -> String {
    rig.ask(Ask::Supervise { user: BOB, device: Device::Browser, mode })
}

#[test]
fn each_mode_is_heard_by_whom_it_says() {
    // Mode, who hears whom: 0 the customer, 1 the agent, 2 the supervisor.
    for (mode, heard) in
        [(Listen, "hear 1>2 | hear 0>2"), (Whisper, "hear 1>2 | hear 0>2 | hear 2>1"), (Barge, "hear 1>2 | hear 0>2 | hear 2>1 | hear 2>0")]
    {
        let mut rig = Rig::talking();
        assert_eq!(join(&mut rig, mode), "browser 2 | ok", "{mode:?}");
        assert_eq!(rig.up(L2), heard, "{mode:?}");
    }
}

#[test]
fn modes_change_while_talking() {
    let mut rig = Rig::talking();
    join(&mut rig, Listen);
    rig.up(L2);
    assert_eq!(rig.ask(Ask::SuperviseAs { user: BOB, mode: Barge }), "ok | hear 2>1 | hear 2>0");
    assert_eq!(rig.ask(Ask::SuperviseAs { user: BOB, mode: Whisper }), "ok | unhear 2>0");
    assert_eq!(rig.ask(Ask::SuperviseAs { user: BOB, mode: Whisper }), "ok");
    assert_eq!(rig.ask(Ask::SuperviseAs { user: ALICE, mode: Listen }), "refused: you are not in the call");
    assert_eq!(rig.ask(Ask::StopSupervising { user: BOB }), "hangup 2 200 | ok");
    assert_eq!(rig.down(L2), "");
    assert_eq!(rig.ask(Ask::StopSupervising { user: BOB }), "refused: you are not in the call");
    assert_eq!(rig.events.iter().filter(|e| *e == "supervised").count(), 4);
    // The talk goes on.
    assert!(rig.call.partner(L0) == Some(L1) && !rig.call.is_finished());
}

#[test]
fn the_supervisor_goes_with_the_talk_and_the_talk_not_with_the_supervisor() {
    let mut rig = Rig::talking();
    join(&mut rig, Barge);
    rig.up(L2);
    assert_eq!(rig.send(Input::MediaLost { leg: L2 }), "hangup 2 200");
    assert_eq!(rig.call.partner(L0), Some(L1));
    // Back again, on the next leg.
    join(&mut rig, Listen);
    rig.up(LegId(3));
    let end = rig.down(L0);
    assert!(end.contains("hangup 3 200") && end.contains("hangup 1 200"), "{end}");
    rig.down(L1);
    rig.down(L2);
    assert!(rig.down(LegId(3)).contains("finished"));
}

#[test]
fn a_transfer_ends_the_listening() {
    let mut rig = Rig::talking();
    join(&mut rig, Listen);
    rig.up(L2);
    let passed = rig.ask(Ask::TransferQueue(SALES));
    assert!(passed.contains("hangup 1 200") && passed.contains("hangup 2 200"), "{passed}");
    assert!(!passed.contains("unhear"), "{passed}");
}

#[test]
fn a_resumed_browser_is_heard_again() {
    let mut rig = Rig::talking();
    join(&mut rig, Whisper);
    rig.up(L2);
    rig.send(Input::MediaLost { leg: L1 });
    rig.send(Input::Resumed { request: 1 });
    assert_eq!(rig.up(LegId(3)), "bridge 0 3 | hear 3>2 | hear 2>3");
}

#[test]
fn refused_where_there_is_nothing_to_hear() {
    let mut rig = Rig::inbound("4001");
    rig.up(L0);
    assert_eq!(join(&mut rig, Listen), "refused: nobody is connected");
    let mut rig = Rig::talking();
    assert_eq!(rig.ask(Ask::Supervise { user: ALICE, device: Device::Browser, mode: Listen }), "refused: you are already in the call");
    join(&mut rig, Listen);
    assert_eq!(join(&mut rig, Listen), "refused: you are already in the call");
}

#[test]
fn who_does_not_get_through_is_given_up() {
    let mut rig = Rig::talking();
    assert_eq!(rig.ask(Ask::Supervise { user: BOB, device: Device::DeskPhone, mode: Listen }), "dial 2 phone bob | ok");
    assert_eq!(rig.due(), "hangup 2 480");
    assert_eq!(rig.call.partner(L0), Some(L1));
    // A phone that refuses.
    assert_eq!(rig.ask(Ask::Supervise { user: BOB, device: Device::DeskPhone, mode: Listen }), "dial 3 phone bob | ok");
    assert_eq!(rig.fail(LegId(3), 486), "");
    assert_eq!(rig.call.partner(L0), Some(L1));
}
