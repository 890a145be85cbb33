//! Rows of what happened, and what is measured.
use super::*;
use crate::calendar::Date;
use crate::event::{Event, EventKind};
use crate::live::AgentStatus::{self, Available, Break, Offline, OnCall, WrapUp};
use crate::monitor::{Stay, StayEnd};
use crate::{EventId, InteractionId, QueueId, Timestamp, UserId};
use uuid::Uuid;

const MIDNIGHT: Timestamp = Timestamp::from_ms(1_800_000_000_000 / 86_400_000 * 86_400_000);
const MIN: u64 = 60_000;

fn at_min(minutes: u64) -> Timestamp {
    MIDNIGHT.plus_ms(minutes * MIN)
}

fn stay(at: Timestamp, wait_s: u64, end: StayEnd, talk_s: u64) -> Stay {
    Stay {
        interaction: InteractionId(Uuid::nil()),
        queue: QueueId(Uuid::nil()),
        at,
        wait_ms: wait_s * 1000,
        end,
        priority: 0,
        agent: None,
        ring_ms: None,
        talk_ms: talk_s * 1000,
        hold_ms: 0,
        wrap_up_ms: if talk_s > 0 { 20_000 } else { 0 },
    }
}

fn changed(minute: u64, from: AgentStatus, to: AgentStatus, was_min: u64) -> Event {
    Event {
        id: EventId(Uuid::from_u128(u128::from(minute))),
        at: at_min(minute),
        interaction: None,
        agent: Some(UserId(Uuid::nil())),
        queue: None,
        kind: EventKind::AgentStatusChanged { from, to, reason: None, was_ms: was_min * MIN },
    }
}

#[test]
fn a_day_is_counted_by_the_quarter_in_which_its_callers_came() {
    let stays = [
        stay(at_min(60), 20, StayEnd::Answered, 100),
        stay(at_min(74), 40, StayEnd::Answered, 200),
        stay(at_min(75), 30, StayEnd::Abandoned, 0),
        stay(at_min(80), 10, StayEnd::FlowOut, 0),
        // Yesterday's and tomorrow's.
        stay(Timestamp(MIDNIGHT.0 - 1), 10, StayEnd::Answered, 10),
        stay(at_min(24 * 60), 10, StayEnd::Answered, 10),
    ];
    let mut day = Measured::default();
    measure(&mut day, MIDNIGHT, |_| 20_000, &stays, []);
    let counts = |t: &Tally| (t.offered, t.answered, t.abandoned, t.flow_out, t.in_threshold);
    assert_eq!(counts(&day.total), (4, 2, 1, 1, 1));
    assert_eq!((counts(&day.intervals[4]), counts(&day.intervals[5])), ((2, 2, 0, 0, 1), (2, 0, 1, 1, 0)));
    assert_eq!((day.intervals[4].service_level(), day.total.service_level()), (Some(0.5), Some(0.25)));
    assert_eq!((day.intervals[4].aht_s(), day.intervals[5].aht_s()), (Some(170.0), None));
    assert_eq!((day.total.asa_s(), day.total.asa_answered_s()), (Some(25.0), Some(30.0)));
    // 100 s waited by all, one gave up.
    assert_eq!((day.total.patience_s(), day.intervals[4].patience_s()), (Some(100.0), None));
    measure(&mut day, at_min(24 * 60), |_| 20_000, &stays, []);
    assert_eq!((day.days, day.total.offered, day.intervals[0].offered), (2, 5, 1));
}

#[test]
fn presence_is_told_by_changes_and_what_nobody_ended_is_believed_for_a_while() {
    let day = |events: &[Event]| presences(events, MIDNIGHT, at_min(24 * 60)).into_values().next().unwrap_or_default();
    let spans = |spans: &[(u64, u64)]| spans.iter().map(|(a, b)| (at_min(*a), at_min(*b))).collect::<Vec<_>>();
    let told = day(&[
        changed(60, Offline, Available, 500),
        changed(70, Available, OnCall, 10),
        changed(75, OnCall, WrapUp, 5),
        changed(76, WrapUp, Available, 1),
        changed(120, Available, Break, 44),
        changed(150, Break, Available, 30),
        changed(200, Available, Offline, 50),
    ]);
    assert_eq!(told, Presence { staffed: spans(&[(60, 120), (150, 200)]), busy: spans(&[(70, 76)]) });
    // Here since yesterday, and out tomorrow: told by a change of tomorrow.
    let over = day(&[changed(25 * 60, Available, Offline, 26 * 60)]);
    assert_eq!(over.staffed, spans(&[(0, 24 * 60)]));
    // The process died.
    let open = day(&[changed(60, Offline, Available, 0)]);
    assert_eq!(open.staffed, spans(&[(60, 60 + OPEN_MAX_MS / MIN)]));
    assert_eq!(day(&[]), Presence::default());
}

#[test]
fn time_is_split_at_the_quarters() {
    let agent = Presence { staffed: vec![(at_min(10), at_min(40))], busy: vec![(at_min(14), at_min(16))] };
    let mut day = Measured::default();
    measure(&mut day, MIDNIGHT, |_| 0, [], [&agent, &agent]);
    let minutes: Vec<(u64, u64)> = day.intervals.iter().take(4).map(|t| (t.staffed_ms / MIN, t.busy_ms / MIN)).collect();
    assert_eq!(minutes, [(10, 2), (30, 2), (20, 0), (0, 0)]);
    assert_eq!(day.total.occupancy(), Some(4.0 / 60.0));
}

#[test]
fn dates_begin_at_their_own_midnight() {
    for (text, offset_s, begins_s) in [("1970-01-01", 0, 0), ("1970-01-02", 28_800, 57_600), ("2026-11-21", 28_800, 1_795_190_400)] {
        let date: Date = text.parse().unwrap();
        let begins = date.begins(offset_s);
        assert_eq!(begins, Timestamp::from_ms(begins_s * 1000), "{text}");
        assert_eq!(Date::at(begins, offset_s), date);
        assert_eq!(Date::at(Timestamp(begins.0 - 1), offset_s).plus_days(1), Some(date));
    }
}
