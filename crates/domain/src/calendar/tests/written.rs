use super::*;

#[test]
fn what_is_written_comes_back_the_same() {
    let text = r#"
        [[weekly]]
        days = ["mon"]
        open = ["09:00-12:00", "22:00-06:00", "12:00-24:00"]
        [[holidays]]
        from = "2026-10-01"
        name = { zh = "国庆节", en = "National Day" }
        [[make_up]]
        date = "2026-10-10"
        like = "mon"
        [[closures]]
        from = "2026-03-05T14:00"
        to = "2026-03-05T16:30"
        name = { zh = "升级", en = "Upgrade" }
        [switch]
        set = "emergency"
        until = 1800000000000000"#;
    let parsed = calendar(text);
    let again: Calendar = toml::from_str(&toml::to_string(&parsed).unwrap()).unwrap();
    assert_eq!(again, parsed);
    let json: Calendar = serde_json::from_str(&serde_json::to_string(&parsed).unwrap()).unwrap();
    assert_eq!(json, parsed);
    assert_eq!(parsed.closures[0].to.to_string(), "2026-03-05T16:30");
    assert!(toml::from_str::<Calendar>("key = \"a\"\ncolour = 1").unwrap_err().to_string().contains("colour"));
}

#[test]
fn periods_dates_and_times_are_taken_only_as_they_should_be_written() {
    for (text, minutes) in
        [("09:00-12:00", (540, 720)), ("22:00-06:00", (1320, 1800)), ("00:00-24:00", (0, 1440)), ("22:00-00:00", (1320, 1440))]
    {
        let p: Period = text.parse().unwrap();
        assert_eq!((p.from_min(), p.end_min()), minutes, "{text}");
    }
    for bad in ["", "9-12", "09:00", "9:00-12:00", "09:00-09:00", "00:00-00:00", "24:00-01:00", "09:60-10:00", "09:00-24:01", "+9:00-12:00"]
    {
        assert!(bad.parse::<Period>().is_err(), "{bad}");
    }
    for bad in ["", "2026-2-1", "2026-02-30", "2026-02-01T00:00", "20260201"] {
        assert!(bad.parse::<Date>().is_err(), "{bad}");
    }
    for bad in ["2026-02-01", "2026-02-01T24:00", "2026-02-01T10", "2026-02-01T10:00:00", "2026-02-01T10:00Z"] {
        assert!(bad.parse::<DateTime>().is_err(), "{bad}");
    }
}

#[test]
fn every_problem_has_a_key_a_reason_and_a_fix() {
    let bad = calendar(
        r#"
        [[weekly]]
        days = []
        open = ["09:00-12:00"]
        [[weekly]]
        days = ["mon", "tue"]
        open = ["09:00-12:00", "11:00-13:00"]
        [[holidays]]
        from = "2026-10-01"
        to = "2026-09-01"
        name = { zh = "", en = "" }
        [[holidays]]
        from = "2026-05-01"
        to = "2026-05-05"
        name = { zh = "", en = "" }
        [[holidays]]
        from = "2026-05-05"
        name = { zh = "", en = "" }
        [[make_up]]
        date = "2026-10-10"
        [[make_up]]
        date = "2026-10-10"
        like = "mon"
        open = ["09:00-12:00"]
        [[closures]]
        from = "2026-03-05T14:00"
        to = "2026-03-05T14:00"
        name = { zh = "", en = "" }
        [switch]
        set = "open"
        since = 5
        until = 5"#,
    );
    let bad = Calendar { key: "Service!".into(), timezone: "../etc/passwd".into(), ..bad };
    let problems = bad.check();
    let keys: Vec<&str> = problems.iter().map(|p| p.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "key",
            "timezone",
            "weekly[0].days",
            "weekly[1].open",
            "holidays[0].to",
            "holidays[2].from",
            "make_up[0]",
            "make_up[1]",
            "make_up[1].date",
            "closures[0].to",
            "switch.until",
        ]
    );
    assert!(problems.iter().all(|p| !p.reason.is_empty() && !p.fix.is_empty()));
    assert_eq!(problems[3].to_string(), "weekly[1].open: 09:00-12:00 and 11:00-13:00 overlap; make them follow each other, or join them");
    assert_eq!(Hours::new(bad, Zone::posix("UTC0").unwrap()).unwrap_err(), problems);
}

#[test]
fn lists_are_bounded() {
    let mut calendar = calendar("");
    calendar.closures =
        vec![
            Closure { from: "2026-03-05T14:00".parse().unwrap(), to: "2026-03-05T15:00".parse().unwrap(), name: Default::default() };
            CLOSURES_MAX + 1
        ];
    assert_eq!(calendar.check()[0].key, "closures");
}
