use super::*;

fn seen(hours: &Hours, from: &str, count: u32) -> Vec<String> {
    let clock = |t: Timestamp| {
        let zone = jiff::tz::TimeZone::posix(SHANGHAI).unwrap();
        jiff::Timestamp::from_microsecond(t.0).unwrap().to_zoned(zone).strftime("%d-%H:%M").to_string()
    };
    let day = |d: DayView| {
        let rule = match &d.rule {
            Why::Holiday { name } | Why::MakeUp { name } => name.en.clone(),
            other => format!("{other:?}"),
        };
        let open: Vec<String> = d.open.iter().map(|(from, to)| format!("{}..{}", clock(*from), clock(*to))).collect();
        format!("{} {rule} {}", d.date, open.join(" ")).trim().to_owned()
    };
    hours.days(from.parse().unwrap(), count).into_iter().map(day).collect()
}

#[test]
fn a_week_is_seen_as_it_turns_out() {
    let hours = hours(
        SHANGHAI,
        r#"
        [[weekly]]
        days = ["mon", "tue", "wed", "thu", "fri"]
        open = ["09:00-12:00", "12:00-13:00", "22:00-02:00"]
        [[holidays]]
        from = "2026-10-07"
        name = { zh = "", en = "Feast" }
        [[make_up]]
        date = "2026-10-10"
        like = "mon"
        name = { zh = "", en = "Work" }
        [[closures]]
        from = "2026-10-10T10:00"
        to = "2026-10-10T11:00"
        name = { zh = "", en = "Drill" }"#,
    );
    assert_eq!(
        seen(&hours, "2026-10-06", 6),
        [
            "2026-10-06 Weekly { day: Tue } 06-00:00..06-02:00 06-09:00..06-13:00 06-22:00..07-00:00",
            "2026-10-07 Feast",
            "2026-10-08 Weekly { day: Thu } 08-09:00..08-13:00 08-22:00..09-00:00",
            "2026-10-09 Weekly { day: Fri } 09-00:00..09-02:00 09-09:00..09-13:00 09-22:00..10-00:00",
            "2026-10-10 Work 10-00:00..10-02:00 10-09:00..10-10:00 10-11:00..10-13:00 10-22:00..11-00:00",
            "2026-10-11 Weekly { day: Sun } 11-00:00..11-02:00",
        ]
    );
    assert_eq!(hours.days("2026-10-06".parse().unwrap(), u32::MAX).len(), DAYS_MAX as usize);
    assert_eq!(hours.days("9999-12-30".parse().unwrap(), 9).len(), 1);
}
