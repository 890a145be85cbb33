//! Places that outlive a call, or the router itself.
use super::*;
use std::collections::BTreeMap;

fn positions(desk: &mut Desk) -> Vec<(String, u32)> {
    let mut standing: Vec<_> = desk.router.entries.iter().map(|(i, e)| (call_name(*i), e.position)).collect();
    standing.sort_by_key(|(_, position)| *position);
    standing
}

fn line_of_three() -> Desk {
    let mut desk = Desk::new();
    for c in 1..=3 {
        desk.line(&format!("queue c{c} q1"));
        desk.line("wait 1000");
    }
    desk
}

#[test]
fn who_calls_again_stands_where_they_stood() {
    let mut desk = line_of_three();
    desk.line("leave c2");
    desk.line("wait 30000");
    desk.line("queue c4 q1");
    assert_eq!(positions(&mut desk).last().unwrap().0, "c4");
    // Another queue's place is none here; nor is one of somebody who does not wait.
    assert_eq!(desk.line("resume c4 q2 60000"), "");
    assert_eq!(desk.line("resume c9 q1 60000"), "");
    assert_eq!(desk.line("resume c4 q1 32000"), "");
    assert_eq!(positions(&mut desk), [("c1".to_owned(), 1), ("c4".to_owned(), 2), ("c3".to_owned(), 3)]);
    // Never to the back.
    desk.line("resume c4 q1 1000");
    assert_eq!(positions(&mut desk)[1].0, "c4");
    desk.line("in a1");
    assert!(desk.line("avail a1").contains("offer:a1:c1"));
    desk.line("accept a1 1");
    desk.line("in a2");
    assert!(desk.line("avail a2").contains("offer:a2:c4"));
}

#[test]
fn a_place_that_is_known_beforehand_is_taken_up_at_once_past_what_limits_coming_in() {
    let mut desk = line_of_three();
    desk.line("leave c1");
    desk.line("wait 60000");
    desk.line("queue c4 q1");
    // queue_len_max is 3.
    assert_eq!(desk.line("queue c5 q1"), "overflow:c5:queue_full:hang_up:busy");
    desk.line("queue c6 q1 resumed=-61500");
    let resumed = |e: &Effect| matches!(e, Effect::Record(Draft { kind: EventKind::PlaceResumed { waited_ms: 61_500 }, .. }));
    assert_eq!(desk.out.iter().filter(|e| resumed(e)).count(), 1, "{:?}", desk.out);
    let line = [("c2", 1), ("c6", 2), ("c3", 3), ("c4", 4)].map(|(c, n)| (c.to_owned(), n));
    assert_eq!(positions(&mut desk).into_iter().collect::<BTreeMap<_, _>>(), line.into());
    // One that would be later than now is none.
    assert_eq!(desk.line("queue c7 q1 resumed=-0"), "overflow:c7:queue_full:hang_up:busy");
    // Closed to newcomers: who stood there may stay, unless all were sent away.
    desk.line("close q1");
    assert_eq!(desk.line("queue c7 q1 resumed=-60000"), "");
    assert_eq!(positions(&mut desk).len(), 5);
    desk.line("close q1 leave");
    assert!(desk.line("queue c8 q1 resumed=-60000").starts_with("overflow:c8:closed"));
}

#[test]
fn another_router_that_is_given_the_places_goes_on_where_the_first_was() {
    let mut desk = Desk::new();
    let mut kept: BTreeMap<InteractionId, Enqueue> = BTreeMap::new();
    for line in [
        "queue c1 q1",
        "wait 1000",
        "queue c2 q1 p5",
        "queue c3 q1",
        "wait 2000",
        "queue c4 q1 head since=-9000",
        "leave c3",
        "known c1 vip",
    ] {
        desk.line(line);
        for effect in &desk.out {
            match effect {
                Effect::Placed(place) => drop(kept.insert(place.interaction, (**place).clone())),
                Effect::WaitingEnded { interaction, .. } => drop(kept.remove(interaction)),
                _ => {}
            }
        }
    }
    let first = positions(&mut desk);
    assert_eq!(first.len(), 3);
    desk.line("wait 60000");
    let mut other = Desk::new();
    other.now = desk.now;
    let mut places: Vec<Enqueue> = kept.into_values().collect();
    places.sort_by_key(|e| (e.entered_at, e.interaction));
    for place in places {
        other.input(Input::Enqueue(place));
    }
    assert_eq!(positions(&mut other), first);
    let next = |desk: &Desk| desk.router.next_timeout();
    assert_eq!(next(&other), next(&desk), "the limits of waiting are those of the first");
    let entries =
        |desk: &Desk| desk.router.entries.values().map(|e| (e.kept(e.place.interaction), e.live(e.place.interaction))).collect::<Vec<_>>();
    assert_eq!(entries(&other), entries(&desk));
}
