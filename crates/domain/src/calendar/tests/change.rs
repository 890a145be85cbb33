//! Whatever the calendar, the next change is the first one, and nothing changes before it.
use super::*;
use crate::config::Label;
use proptest::prelude::*;

const MINUTE_US: i64 = 60_000_000;

fn weekday() -> impl Strategy<Value = Weekday> {
    use Weekday::*;
    proptest::sample::select(vec![Mon, Tue, Wed, Thu, Fri, Sat, Sun])
}
fn periods() -> impl Strategy<Value = Vec<Period>> {
    // Quarter hours, thick around midnight and the hours in which clocks jump.
    let minute = prop_oneof![2 => 0u16..16, 1 => 0u16..96].prop_map(|q| q * 15);
    proptest::collection::vec((minute.clone(), minute), 0..3).prop_map(|pairs| {
        let mut out: Vec<Period> = Vec::new();
        for p in pairs.into_iter().filter_map(|(a, b)| Period::new(a, if b == 0 { 1440 } else { b })) {
            if out.iter().all(|o| p.from_min() >= o.end_min() || o.from_min() >= p.end_min()) {
                out.push(p);
            }
        }
        out
    })
}
/// A date near a jump of some zone, or anywhere in 2026.
fn date() -> impl Strategy<Value = Date> {
    let near = proptest::sample::select(vec!["2026-03-28", "2026-10-24", "2026-03-07", "2026-10-31", "2026-09-05", "2026-04-04"]);
    (near, 0i32..4, any::<bool>(), 0i32..360).prop_map(|(near, plus, far, day)| {
        let base: jiff::civil::Date = if far { jiff::civil::date(2026, 1, 1) } else { near.parse().unwrap() };
        let days = if far { day } else { plus };
        Date(base.checked_add(jiff::ToSpan::days(days)).unwrap())
    })
}
fn any_calendar() -> impl Strategy<Value = Calendar> {
    let weekly = proptest::collection::vec((proptest::collection::vec(weekday(), 1..4), periods()), 0..3);
    let holidays = proptest::collection::vec((date(), 0i32..4, periods()), 0..3);
    let make_up = proptest::collection::vec((date(), weekday(), periods()), 0..3);
    let closures = proptest::collection::vec((date(), 0u16..1440, 1u16..1440), 0..3);
    let position = proptest::sample::select(vec![SwitchPosition::Open, SwitchPosition::Closed, SwitchPosition::Emergency]);
    let switch = proptest::option::of((position, proptest::option::of(date()), proptest::option::of(date())));
    (weekly, holidays, make_up, closures, switch).prop_map(|(weekly, holidays, make_up, closures, switch)| {
        let day = |d: Date, minute: u16| DateTime(d.at_minute(minute).unwrap());
        let utc = |d: Date| Zone::UTC.first(d.at_minute(0).unwrap()).unwrap();
        Calendar {
            weekly: weekly.into_iter().map(|(days, open)| Weekly { days, open }).collect(),
            holidays: holidays
                .into_iter()
                .map(|(from, days, open)| Holiday {
                    from,
                    to: Some(Date(from.0.checked_add(jiff::ToSpan::days(days)).unwrap())),
                    name: Label::default(),
                    open,
                })
                .collect(),
            make_up: make_up
                .into_iter()
                .map(|(date, like, open)| MakeUp { date, like: open.is_empty().then_some(like), open, name: Label::default() })
                .collect(),
            closures: closures
                .into_iter()
                .map(|(d, from, long)| Closure {
                    from: day(d, from),
                    to: DateTime(day(d, from).0.checked_add(jiff::ToSpan::minutes(i64::from(long))).unwrap()),
                    name: Label::default(),
                })
                .collect(),
            switch: switch.map(|(set, since, until)| Switch { set, since: since.map(utc), until: until.map(utc), prompt: None }),
            ..calendar("")
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]
    #[test]
    fn the_next_change_is_the_first(
        calendar in any_calendar(), zone in proptest::sample::select(ZONES.to_vec()), from in date(), minute in 0i64..1440,
    ) {
        // Random calendars may contradict themselves; those are refused, not evaluated.
        let Ok(hours) = Hours::new(calendar, Zone::posix(zone).unwrap()) else { return Ok(()) };
        let start = Timestamp(Zone::UTC.first(from.at_minute(0).unwrap()).unwrap().0 + minute * MINUTE_US);
        let standing = |t: Timestamp| {
            let (open, why) = hours.decide_at(t);
            (open, why.is_emergency())
        };
        let was = standing(start);
        let change = hours.next_change(start);
        if let Some(change) = change {
            prop_assert!(change > start);
            prop_assert_ne!(standing(change), was);
            prop_assert_eq!(standing(Timestamp(change.0 - 1)), was, "just before");
        }
        // Every minute of the next three days, seen by asking about that minute alone.
        for n in 1..3 * 1440 {
            let t = Timestamp(start.0 + n * MINUTE_US);
            if change.is_some_and(|c| t >= c) {
                break;
            }
            prop_assert_eq!(standing(t), was, "{} minutes on", n);
        }
        match hours.next_open(start) {
            Some(open) if open == start => prop_assert!(was.0),
            Some(open) => {
                prop_assert!(!was.0 && open > start && hours.is_open_at(open) && !hours.is_open_at(Timestamp(open.0 - 1)));
                prop_assert!(change.is_some_and(|c| c <= open));
            }
            None => prop_assert!(!was.0),
        }
    }

    #[test]
    fn any_text_is_taken_or_refused(text in "\\PC{0,20}") {
        let _ = (text.parse::<Period>(), text.parse::<Date>(), text.parse::<DateTime>());
    }
}
