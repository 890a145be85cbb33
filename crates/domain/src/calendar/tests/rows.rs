use super::*;

/// Checks instants, each with its expected state, both in written form.
#[track_caller]
fn check(hours: &Hours, rows: &[(&str, &str)]) {
    for (instant, expected) in rows {
        assert_eq!(said(&hours.state_at(at(instant))), *expected, "at {instant}");
    }
}

const OFFICE: &str = r#"
[[weekly]]
days = ["mon", "tue", "wed", "thu", "fri"]
open = ["09:00-12:00", "13:00-18:00"]
"#;

#[test]
fn several_periods_a_day_are_half_open() {
    check(
        &hours(SHANGHAI, OFFICE),
        &[
            ("2026-03-02T08:59:59.999999+08:00", "closed weekly mon until 2026-03-02T01:00:00Z"),
            ("2026-03-02T09:00+08:00", "open weekly mon until 2026-03-02T04:00:00Z"),
            ("2026-03-02T11:59:59+08:00", "open weekly mon until 2026-03-02T04:00:00Z"),
            ("2026-03-02T12:00+08:00", "closed weekly mon until 2026-03-02T05:00:00Z"),
            ("2026-03-06T18:00+08:00", "closed weekly fri until 2026-03-09T01:00:00Z"),
            ("2026-03-07T10:00+08:00", "closed weekly sat until 2026-03-09T01:00:00Z"),
        ],
    );
}

#[test]
fn next_open_is_now_when_open() {
    let hours = hours(SHANGHAI, OFFICE);
    for (from, opens) in [
        ("2026-03-02T10:00+08:00", "2026-03-02T10:00+08:00"),
        ("2026-03-02T12:30+08:00", "2026-03-02T13:00+08:00"),
        ("2026-03-06T20:00+08:00", "2026-03-09T09:00+08:00"),
    ] {
        assert_eq!(hours.next_open(at(from)), Some(at(opens)), "{from}");
    }
}

#[test]
fn a_period_crosses_midnight_and_whole_days_join() {
    let night = hours(SHANGHAI, "[[weekly]]\ndays = [\"fri\"]\nopen = [\"22:00-06:00\"]");
    check(
        &night,
        &[
            ("2026-03-06T21:59+08:00", "closed weekly fri until 2026-03-06T14:00:00Z"),
            ("2026-03-06T23:59+08:00", "open weekly fri until 2026-03-06T22:00:00Z"),
            ("2026-03-07T00:00+08:00", "open weekly fri until 2026-03-06T22:00:00Z"),
            ("2026-03-07T05:59+08:00", "open weekly fri until 2026-03-06T22:00:00Z"),
            ("2026-03-07T06:00+08:00", "closed weekly sat until 2026-03-13T14:00:00Z"),
        ],
    );
    let two_days = hours(SHANGHAI, "[[weekly]]\ndays = [\"mon\", \"tue\"]\nopen = [\"00:00-24:00\"]");
    check(&two_days, &[("2026-03-02T00:00+08:00", "open weekly mon until 2026-03-03T16:00:00Z")]);
    let always = r#"
        [[weekly]]
        days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        open = ["00:00-24:00"]"#;
    check(&hours(SHANGHAI, always), &[("2026-03-02T12:00+08:00", "open weekly mon until ever")]);
    let never = hours(SHANGHAI, "");
    check(&never, &[("2026-03-02T12:00+08:00", "closed weekly mon until ever")]);
    assert_eq!(never.next_open(at("2026-03-02T12:00+08:00")), None);
}

#[test]
fn the_holidays_of_2026_and_their_make_up_days() {
    let mut calendar = calendar(OFFICE);
    (calendar.holidays, calendar.make_up) = prc_2026(Weekday::Wed);
    assert_eq!(calendar.check(), vec![]);
    let hours = Hours::new(calendar, Zone::posix(SHANGHAI).unwrap()).unwrap();
    check(
        &hours,
        &[
            ("2026-01-01T10:00+08:00", "closed holiday New Year's Day until 2026-01-04T01:00:00Z"),
            ("2026-01-04T10:00+08:00", "open make-up Make-up working day until 2026-01-04T04:00:00Z"),
            ("2026-02-14T18:30+08:00", "closed make-up Make-up working day until 2026-02-24T01:00:00Z"),
            ("2026-02-18T10:00+08:00", "closed holiday Spring Festival until 2026-02-24T01:00:00Z"),
            ("2026-02-28T10:00+08:00", "open make-up Make-up working day until 2026-02-28T04:00:00Z"),
            ("2026-09-20T17:00+08:00", "open make-up Make-up working day until 2026-09-20T10:00:00Z"),
            ("2026-10-01T10:00+08:00", "closed holiday National Day until 2026-10-08T01:00:00Z"),
            ("2026-10-10T17:00+08:00", "open make-up Make-up working day until 2026-10-10T10:00:00Z"),
            ("2026-10-11T10:00+08:00", "closed weekly sun until 2026-10-12T01:00:00Z"),
        ],
    );
    // Weekday dates off work, and weekends at work, as the notice counts them: 33 days off in all.
    let (holidays, make_up) = prc_2026(Weekday::Mon);
    let days: i32 = holidays.iter().map(|h| (h.last().0 - h.from.0).get_days() + 1).sum();
    assert_eq!((days, make_up.len()), (3 + 9 + 3 + 5 + 3 + 3 + 7, 6));
    assert!(make_up.iter().all(|m| matches!(m.date.weekday(), Weekday::Sat | Weekday::Sun)));
}

#[test]
fn the_higher_rule_decides() {
    // Every rule speaks about Saturday 2026-10-10; each removal uncovers the next.
    let mut calendar = calendar(
        r#"
        [[weekly]]
        days = ["sat"]
        open = ["08:00-09:00"]
        [[holidays]]
        from = "2026-10-09"
        to = "2026-10-11"
        name = { zh = "节", en = "Feast" }
        open = ["10:00-11:00"]
        [[make_up]]
        date = "2026-10-10"
        open = ["12:00-14:00"]
        name = { zh = "班", en = "Work" }
        [[closures]]
        from = "2026-10-10T13:00"
        to = "2026-10-10T15:00"
        name = { zh = "演习", en = "Drill" }
        [switch]
        set = "emergency""#,
    );
    calendar.switch.as_mut().unwrap().since = Some(at("2026-10-10T13:30+08:00"));
    calendar.switch.as_mut().unwrap().until = Some(at("2026-10-10T14:30+08:00"));
    let make = |calendar: &Calendar| Hours::new(calendar.clone(), Zone::posix(SHANGHAI).unwrap()).unwrap();
    let all = make(&calendar);
    check(
        &all,
        &[
            ("2026-10-10T12:30+08:00", "open make-up Work until 2026-10-10T05:00:00Z"),
            ("2026-10-10T13:15+08:00", "closed closure Drill until 2026-10-10T05:30:00Z"),
            ("2026-10-10T13:30+08:00", "closed switch emergency until 2026-10-10T06:30:00Z"),
            ("2026-10-10T14:30+08:00", "closed closure Drill until 2026-10-11T02:00:00Z"),
            ("2026-10-10T08:30+08:00", "closed make-up Work until 2026-10-10T04:00:00Z"),
        ],
    );
    assert!(all.state_at(at("2026-10-10T14:00+08:00")).is_emergency());
    assert!(!all.state_at(at("2026-10-10T14:30+08:00")).is_emergency());
    calendar.switch = None;
    check(&make(&calendar), &[("2026-10-10T13:30+08:00", "closed closure Drill until 2026-10-11T02:00:00Z")]);
    calendar.closures.clear();
    check(&make(&calendar), &[("2026-10-10T13:30+08:00", "open make-up Work until 2026-10-10T06:00:00Z")]);
    calendar.make_up.clear();
    check(&make(&calendar), &[("2026-10-10T10:30+08:00", "open holiday Feast until 2026-10-10T03:00:00Z")]);
    calendar.holidays.clear();
    check(&make(&calendar), &[("2026-10-10T08:30+08:00", "open weekly sat until 2026-10-10T01:00:00Z")]);
}

#[test]
fn a_switch_opens_what_is_closed_and_ends() {
    let mut hours = hours(SHANGHAI, OFFICE);
    let set = |set, until: Option<&str>| Some(Switch { set, since: None, until: until.map(at), prompt: None });
    hours.set_switch(set(SwitchPosition::Open, Some("2026-03-07T12:00+08:00")));
    check(&hours, &[("2026-03-07T10:00+08:00", "open switch open until 2026-03-07T04:00:00Z")]);
    hours.set_switch(set(SwitchPosition::Closed, None));
    check(&hours, &[("2026-03-02T10:00+08:00", "closed switch closed until ever")]);
    // The end of a switch is no change where the calendar says the same.
    hours.set_switch(set(SwitchPosition::Closed, Some("2026-03-07T12:00+08:00")));
    check(&hours, &[("2026-03-06T17:00+08:00", "closed switch closed until 2026-03-09T01:00:00Z")]);
    // The end of an emergency is one: callers hear something else.
    hours.set_switch(set(SwitchPosition::Emergency, Some("2026-03-07T12:00+08:00")));
    check(&hours, &[("2026-03-06T17:00+08:00", "closed switch emergency until 2026-03-07T04:00:00Z")]);
}

#[test]
fn a_holiday_ends_what_an_ordinary_day_carried_into_it() {
    let night = r#"
        [[weekly]]
        days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        open = ["22:00-06:00"]
        [[holidays]]
        from = "2026-10-01"
        to = "2026-10-02"
        name = { zh = "国庆节", en = "National Day" }
        open = ["20:00-02:00"]
        [[make_up]]
        date = "2026-10-10"
        open = ["09:00-10:00"]"#;
    check(
        &hours(SHANGHAI, night),
        &[
            ("2026-09-30T23:00+08:00", "open weekly wed until 2026-09-30T16:00:00Z"),
            ("2026-10-01T00:00+08:00", "closed holiday National Day until 2026-10-01T12:00:00Z"),
            ("2026-10-02T01:00+08:00", "open holiday National Day until 2026-10-01T18:00:00Z"),
            ("2026-10-03T01:00+08:00", "open holiday National Day until 2026-10-02T18:00:00Z"),
            ("2026-10-10T05:00+08:00", "open weekly fri until 2026-10-09T22:00:00Z"),
        ],
    );
}

#[test]
fn where_the_clock_jumps_forward_skipped_times_are_the_jump() {
    // Berlin, 2026-03-29: 02:00 becomes 03:00 at 01:00Z.
    let row = |open: &str| hours(BERLIN, &format!("[[weekly]]\ndays = [\"sun\"]\nopen = [\"{open}\"]"));
    check(&row("01:00-02:30"), &[("2026-03-29T00:30:00Z", "open weekly sun until 2026-03-29T01:00:00Z")]);
    check(&row("02:30-05:00"), &[("2026-03-29T00:59:59Z", "closed weekly sun until 2026-03-29T01:00:00Z")]);
    check(&row("02:30-05:00"), &[("2026-03-29T01:00:00Z", "open weekly sun until 2026-03-29T03:00:00Z")]);
    check(&row("02:15-02:45"), &[("2026-03-29T00:00:00Z", "closed weekly sun until 2026-04-05T00:15:00Z")]);
    check(&row("00:00-24:00"), &[("2026-03-29T12:00:00Z", "open weekly sun until 2026-03-29T22:00:00Z")]);
    // Santiago, 2026-09-05: the Sunday begins at 01:00.
    let sunday = hours(SANTIAGO, "[[weekly]]\ndays = [\"sun\"]\nopen = [\"00:00-02:00\"]");
    check(&sunday, &[("2026-09-06T03:59:59Z", "closed weekly sat until 2026-09-06T04:00:00Z")]);
    check(&sunday, &[("2026-09-06T04:00:00Z", "open weekly sun until 2026-09-06T05:00:00Z")]);
}

#[test]
fn where_an_hour_comes_twice_a_period_takes_both() {
    // Berlin, 2026-10-25: 03:00 becomes 02:00 at 01:00Z.
    let row = |open: &str| hours(BERLIN, &format!("[[weekly]]\ndays = [\"sun\"]\nopen = [\"{open}\"]"));
    check(&row("01:00-02:30"), &[("2026-10-24T23:00:00Z", "open weekly sun until 2026-10-25T01:30:00Z")]);
    check(&row("02:30-05:00"), &[("2026-10-25T00:00:00Z", "closed weekly sun until 2026-10-25T00:30:00Z")]);
    check(&row("01:00-02:00"), &[("2026-10-24T23:30:00Z", "open weekly sun until 2026-10-25T00:00:00Z")]);
    check(&row("03:00-04:00"), &[("2026-10-25T01:59:59Z", "closed weekly sun until 2026-10-25T02:00:00Z")]);
    // Havana, 2026-11-01: Sunday's first hour comes twice, and Saturday ends before both.
    let saturday = hours(HAVANA, "[[weekly]]\ndays = [\"sat\"]\nopen = [\"20:00-24:00\"]");
    check(&saturday, &[("2026-11-01T03:59:59Z", "open weekly sat until 2026-11-01T04:00:00Z")]);
    check(&saturday, &[("2026-11-01T04:30:00Z", "closed weekly sun until 2026-11-08T01:00:00Z")]);
    // St. John's, 2026-11-01: at 00:01 the clock goes back to 23:01 of Saturday, but Sunday has begun.
    let sunday = hours(ST_JOHNS, "[[weekly]]\ndays = [\"sun\"]\nopen = [\"00:00-24:00\"]");
    check(&sunday, &[("2026-11-01T02:29:59Z", "closed weekly sat until 2026-11-01T02:30:00Z")]);
    check(&sunday, &[("2026-11-01T02:45:00Z", "open weekly sun until 2026-11-02T03:30:00Z")]);
    // Santiago, 2026-04-04: Saturday's last hour comes twice.
    let saturday = hours(SANTIAGO, "[[weekly]]\ndays = [\"sat\"]\nopen = [\"20:00-24:00\"]");
    check(&saturday, &[("2026-04-05T02:30:00Z", "open weekly sat until 2026-04-05T04:00:00Z")]);
}

#[test]
fn zone_files_are_read_and_must_be_the_named_one() {
    assert!(Zone::tzif("Asia/Shanghai", b"not a zone file").unwrap_err().contains("Asia/Shanghai"));
    // The smallest zone file of RFC 8536: version 2, no transitions, one type, the rule in the footer.
    let header = |version: u8, types: u8, chars: u8| {
        let mut head = b"TZif".to_vec();
        head.push(version);
        head.extend([0; 15]);
        head.extend([[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, types], [0, 0, 0, chars]].concat());
        head
    };
    let block: Vec<u8> = [&28_800i32.to_be_bytes()[..], &[0, 0], b"CST\0"].concat();
    let file = [header(b'2', 1, 4), block.clone(), header(b'2', 1, 4), block, b"\nCST-8\n".to_vec()].concat();
    let zone = Zone::tzif("Asia/Shanghai", &file).unwrap();
    let problems = Hours::new(calendar(OFFICE), zone.clone()).unwrap_err();
    assert_eq!(problems[0].key, "timezone");
    let mut calendar = calendar(OFFICE);
    calendar.timezone = "Asia/Shanghai".into();
    let hours = Hours::new(calendar, zone).unwrap();
    check(&hours, &[("2026-03-02T09:00+08:00", "open weekly mon until 2026-03-02T04:00:00Z")]);
}

#[test]
fn the_far_ends_of_time_are_closed() {
    let hours = hours(BERLIN, OFFICE);
    for t in [i64::MIN, i64::MAX, 0] {
        let state = hours.state_at(Timestamp(t));
        assert!(!state.open);
        assert_eq!(state.until.is_some(), t == 0);
    }
}
