//! Every row of the published reference tables, to the printed digit; identities between the three models; bad input.
use super::*;
use proptest::prelude::*;

#[track_caller]
fn near(got: f64, want: f64, digits: i32) {
    assert!((got - want).abs() <= 0.5001 * 10f64.powi(-digits), "got {got}, want {want}");
}

#[test]
fn erlang_b_table() {
    for (a, n, want) in [
        (1.0, 1, 0.5),
        (1.0, 2, 0.2),
        (2.0, 3, 0.2105263158),
        (5.0, 5, 0.2848678213),
        (5.0, 10, 0.0183845703),
        (10.0, 10, 0.2145823431),
        (10.0, 15, 0.0364969455),
        (20.0, 20, 0.1588919615),
        (20.0, 30, 0.0084574983),
        (50.0, 50, 0.1047874555),
        (50.0, 60, 0.0216684731),
        (100.0, 100, 0.0757004527),
        (100.0, 117, 0.0097900711),
        (200.0, 220, 0.0110416237),
    ] {
        near(erlang_b(a, n).unwrap(), want, 10);
    }
}

#[test]
fn erlang_c_table() {
    for (a, n, c, sl, asa) in [
        (1.0, 2, 0.3333333333, 0.701720, 60.0),
        (2.0, 3, 0.4444444444, 0.602294, 80.0),
        (5.0, 6, 0.5875164505, 0.474267, 105.7530),
        (5.0, 8, 0.1672665067, 0.880148, 10.0360),
        (8.0, 10, 0.4091801508, 0.672354, 36.8262),
        (10.0, 12, 0.4493882243, 0.640158, 40.4449),
        (10.0, 14, 0.1741319336, 0.888350, 7.8359),
        (20.0, 24, 0.2980722998, 0.808882, 13.4133),
        (50.0, 55, 0.3845473179, 0.779365, 13.8437),
        (100.0, 105, 0.5157074268, 0.704111, 18.5655),
        (200.0, 208, 0.4654705896, 0.808639, 10.4731),
    ] {
        near(erlang_c(a, n).unwrap(), c, 10);
        let f = Demand::calls(a * 20.0, 180.0, None).figures(n, 20.0).unwrap();
        near(f.service_level, sl, 6);
        near(f.asa_s.unwrap(), asa, 4);
        near(f.occupancy, a / f64::from(n), 12);
    }
}

#[test]
fn erlang_c_of_20_erlangs() {
    for (n, c, sl, asa) in [
        (21, 0.760642, 0.319348, 136.916),
        (22, 0.567915, 0.545249, 51.112),
        (23, 0.415738, 0.702111, 24.944),
        (24, 0.298072, 0.808882, 13.413),
        (25, 0.209103, 0.880027, 7.528),
        (26, 0.1434, 0.926376, 4.302),
        (28, 0.062822, 0.974173, 1.413),
        (30, 0.02495, 0.991786, 0.449),
    ] {
        let f = Demand::calls(400.0, 180.0, None).figures(n, 20.0).unwrap();
        near(f.p_wait, c, 6);
        near(f.service_level, sl, 6);
        near(f.asa_s.unwrap(), asa, 3);
        near(f.asa_waited_s.unwrap(), 180.0 / (f64::from(n) - 20.0), 9);
    }
}

#[test]
fn trunks_for_a_blocking() {
    let loads = [1.0, 5.0, 10.0, 20.0, 50.0, 100.0];
    for (p, want) in [
        (0.001, [6, 14, 21, 35, 71, 128]),
        (0.01, [5, 11, 18, 30, 64, 117]),
        (0.02, [4, 10, 17, 28, 61, 113]),
        (0.05, [4, 9, 15, 26, 56, 105]),
    ] {
        assert_eq!(loads.map(|a| trunks_min(a, p).unwrap()), want, "{p}");
    }
    for (n, p, want) in [(10, 0.01, 4.461), (10, 0.02, 5.084), (30, 0.01, 20.337), (100, 0.01, 84.064), (100, 0.05, 95.240)] {
        near(traffic_max(n, p).unwrap(), want, 3);
    }
}

#[test]
fn agents_for_a_target() {
    // Calls and minutes of the interval, AHT, level, threshold; agents, level, ASA, occupancy; occupancy limits and agents for them.
    type Row = (f64, f64, f64, f64, f64, u32, f64, f64, f64, &'static [(f64, u32)]);
    let rows: [Row; 6] = [
        (100.0, 30.0, 180.0, 0.8, 20.0, 14, 0.888350, 7.836, 0.7143, &[(0.85, 14)]),
        (200.0, 30.0, 180.0, 0.8, 20.0, 24, 0.808882, 13.413, 0.8333, &[(0.85, 24)]),
        (360.0, 60.0, 240.0, 0.8, 20.0, 29, 0.840283, 11.629, 0.8276, &[]),
        (60.0, 30.0, 300.0, 0.9, 15.0, 15, 0.920529, 6.123, 0.6667, &[]),
        (1000.0, 30.0, 240.0, 0.8, 20.0, 142, 0.828544, 9.776, 0.9390, &[(0.90, 149), (0.85, 157)]),
        (5.0, 30.0, 600.0, 0.5, 60.0, 3, 0.737658, 134.892, 0.5556, &[]),
    ];
    for (calls, minutes, aht_s, level, threshold_s, agents, sl, asa, occupancy, limits) in rows {
        let demand = Demand::calls(calls * 60.0 / minutes, aht_s, None);
        let plan = demand.agents_min(&Target::level(level, threshold_s)).unwrap();
        assert_eq!(plan.agents, agents);
        near(plan.figures.service_level, sl, 6);
        near(plan.figures.asa_s.unwrap(), asa, 3);
        near(plan.figures.occupancy, occupancy, 4);
        for &(max, agents) in limits {
            let target = Target { occupancy_max: Some(max), ..Target::level(level, threshold_s) };
            assert_eq!(demand.agents_min(&target).unwrap().agents, agents);
        }
    }
}

#[test]
fn erlang_a_table() {
    for (calls, aht_s, patience_s, n, wait, abandon, asa, occupancy, served, left) in [
        (100.0, 180.0, 120.0, 10, 0.496853, 0.137464, 16.4957, 0.862536, 0.639941, 0.065041),
        (100.0, 180.0, 120.0, 12, 0.279807, 0.061597, 7.3917, 0.782002, 0.825583, 0.034005),
        (200.0, 180.0, 60.0, 18, 0.545203, 0.170818, 10.2491, 0.921313, 0.674814, 0.119359),
        (200.0, 180.0, 120.0, 20, 0.482759, 0.097711, 11.7253, 0.902289, 0.706453, 0.058365),
        (1000.0, 240.0, 180.0, 130, 0.583277, 0.050925, 9.1665, 0.973410, 0.779021, 0.040619),
    ] {
        let f = Demand::calls(calls * 2.0, aht_s, Some(patience_s)).figures(n, 20.0).unwrap();
        near(f.p_wait, wait, 6);
        near(f.p_abandon, abandon, 6);
        near(f.asa_s.unwrap(), asa, 4);
        near(f.occupancy, occupancy, 6);
        near(f.service_level, served, 6);
        near(f.abandon_within_threshold, left, 6);
    }
}

#[test]
fn people_behind_agents_and_agents_behind_chats() {
    assert_eq!(headcount(24, 0.3), Ok(35));
    assert_eq!(headcount(21, 0.3), Ok(30));
    assert_eq!(headcount(0, 0.3), Ok(0));
    let chat = Demand { concurrency: 2.5, ..Demand::calls(200.0, 180.0, None) };
    let voice = Demand::calls(200.0, 180.0, None);
    assert_eq!(chat.figures(6, 20.0), voice.figures(15, 20.0));
    // 14 voice agents, so ⌈14 / 2.5⌉.
    assert_eq!(chat.agents_min(&Target::level(0.8, 20.0)).unwrap().agents, 6);
}

#[test]
fn a_day_has_a_curve() {
    let demand = Demand::calls(0.0, 180.0, Some(120.0));
    let target = Target { abandon_max: Some(0.05), ..Target::level(0.8, 20.0) };
    let day = intraday(&[0.0, 10.0, 50.0, 100.0, 20.0], 1800.0, &demand, &target, 0.3).unwrap();
    assert_eq!(day[0].agents, 0);
    assert_eq!(day[0].figures.service_level, 1.0);
    for plan in &day[1..] {
        assert!(plan.figures.service_level >= 0.8 && plan.figures.p_abandon <= 0.05, "{plan:?}");
        let fewer = Demand { calls_per_hour: plan.calls * 2.0, ..demand }.figures(plan.agents - 1, 20.0).unwrap();
        assert!(fewer.service_level < 0.8 || fewer.p_abandon > 0.05, "{plan:?}");
        assert!(plan.headcount > plan.agents);
    }
    near(day[3].erlangs, 10.0, 9);
    // More callers, more agents; and callers who give up need no more of them than callers who never do.
    assert!(day[3].agents > day[2].agents && day[2].agents > day[1].agents);
    let endless = Demand { patience_s: None, ..demand };
    assert!(day[3].agents <= intraday(&[100.0], 1800.0, &endless, &Target::level(0.8, 20.0), 0.0).unwrap()[0].agents);
}

#[test]
fn nonsense_says_which_key() {
    let key = |e: StaffingError| match e {
        StaffingError::Invalid { key, .. } => key,
        StaffingError::OutOfReach { .. } => "out of reach",
    };
    for bad in [f64::NAN, -1.0, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(key(erlang_b(bad, 1).unwrap_err()), "erlangs");
        assert_eq!(key(erlang_c(bad, 1).unwrap_err()), "erlangs");
        assert_eq!(key(trunks_min(1.0, bad).unwrap_err()), "blocking_max");
        assert_eq!(key(headcount(1, bad).unwrap_err()), "shrinkage");
        let figures = |calls, aht, patience, t| key(Demand::calls(calls, aht, Some(patience)).figures(1, t).unwrap_err());
        assert_eq!(figures(bad, 1.0, 1.0, 1.0), "calls_per_hour");
        assert_eq!(figures(1.0, bad, 1.0, 1.0), "aht_s");
        assert_eq!(figures(1.0, 1.0, bad, 1.0), "patience_s");
        assert_eq!(figures(1.0, 1.0, 1.0, bad), "threshold_s");
        assert_eq!(key(intraday(&[bad], 900.0, &Demand::calls(0.0, 1.0, None), &Target::level(0.8, 20.0), 0.0).unwrap_err()), "calls");
    }
    assert_eq!(key(Demand::calls(1.0, 0.0, None).figures(1, 1.0).unwrap_err()), "aht_s");
    assert_eq!(key(Demand::calls(1.0, 1.0, None).figures(AGENTS_MAX + 1, 1.0).unwrap_err()), "agents");
    assert_eq!(key(Demand { concurrency: 0.5, ..Demand::calls(1.0, 1.0, None) }.figures(1, 1.0).unwrap_err()), "concurrency");
    assert_eq!(key(Demand::calls(1e9, 3600.0, None).figures(1, 1.0).unwrap_err()), "calls_per_hour");
    assert_eq!(key(erlang_b(1.0, AGENTS_MAX + 1).unwrap_err()), "trunks");
    assert_eq!(key(traffic_max(0, 0.01).unwrap_err()), "trunks");
    let level = |level| Demand::calls(10.0, 60.0, None).agents_min(&Target::level(level, 20.0));
    assert_eq!(key(level(1.0).unwrap_err()), "service_level");
    let target = Target { abandon_max: Some(0.05), ..Target::level(0.8, 20.0) };
    assert_eq!(key(Demand::calls(10.0, 60.0, None).agents_min(&target).unwrap_err()), "abandon_max");
    assert_eq!(
        key(Demand::calls(1e5, 3600.0, None).agents_min(&Target { occupancy_max: Some(0.5), ..Target::level(0.8, 20.0) }).unwrap_err()),
        "out of reach"
    );
    assert_eq!(key(Demand::calls(1e6, 3600.0 / 36.0, Some(1e7)).figures(1, 20.0).unwrap_err()), "patience_s");
}

#[test]
fn extremes_stay_finite() {
    assert_eq!(Demand::calls(10.0, 3600.0, None).figures(10, 20.0).unwrap().asa_s, None);
    assert_eq!(erlang_b(0.0, 0).unwrap(), 1.0);
    assert_eq!(erlang_b(0.0, 5).unwrap(), 0.0);
    for (calls, aht, patience, n) in [
        (1e6, 180.0, 60.0, 50_000),
        (1e6, 180.0, 60.0, 20_000),
        (1e6, 180.0, 60.0, 90_000),
        (1.0, 1.0, 1.0, 100_000),
        (2000.0, 3600.0, 2000.0, 1),
        (1e6, 1.0, 1000.0, 100),
    ] {
        let f = Demand::calls(calls, aht, Some(patience)).figures(n, 20.0).unwrap();
        for share in [f.p_wait, f.p_abandon, f.service_level, f.abandon_within_threshold, f.occupancy] {
            assert!((0.0..=1.0 + 1e-12).contains(&share), "{calls} {n}: {f:?}");
        }
        // What comes in is served or leaves.
        near(f.occupancy * f64::from(n), calls * aht / 3600.0 * (1.0 - f.p_abandon), 3);
    }
}

/// P(X ≥ n) of a Poisson variable, summed from its mode outwards.
fn poisson_at_least(mean: f64, n: u32) -> f64 {
    let ln_p = |k: u32| f64::from(k) * mean.ln() - mean - (1..=k).map(|i| f64::from(i).ln()).sum::<f64>();
    1.0 - (0..n).map(|k| ln_p(k).exp()).sum::<f64>()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn patience_like_handling_makes_the_number_present_poisson(a in 0.5f64..60.0, n in 1u32..80) {
        let f = Demand::calls(a * 20.0, 180.0, Some(180.0)).figures(n, 20.0).unwrap();
        prop_assert!((f.p_wait - poisson_at_least(a, n)).abs() < 1e-9);
    }

    #[test]
    fn endless_patience_is_erlang_c(n in 1u32..120, load in 0.2f64..0.97, t in 0.0f64..120.0) {
        let a = f64::from(n) * load;
        let c = Demand::calls(a * 20.0, 180.0, None).figures(n, t).unwrap();
        let f = Demand::calls(a * 20.0, 180.0, Some(1e7)).figures(n, t).unwrap();
        // The difference is of the order of the waiting time's share in the patience.
        prop_assert!((f.p_wait - c.p_wait).abs() < 3e-3 && (f.service_level - c.service_level).abs() < 3e-3, "{f:?} {c:?}");
        prop_assert!(f.p_abandon < 1e-3 && f.asa_s.unwrap() <= c.asa_s.unwrap() + 1e-9);
    }

    #[test]
    fn more_lines_lose_less_and_waiting_is_likelier_than_losing(n in 1u32..300, load in 0.05f64..0.999) {
        let a = f64::from(n) * load;
        let (b, more) = (erlang_b(a, n).unwrap(), erlang_b(a, n + 1).unwrap());
        prop_assert!(more < b || b == 0.0);
        prop_assert!(erlang_c(a, n).unwrap() >= b);
        prop_assert!(erlang_c(a, n).unwrap() > b || b < 1e-300);
    }

    #[test]
    fn the_parts_of_erlang_a_agree(a in 0.5f64..150.0, n in 1u32..150, patience_s in 5.0f64..2000.0, t in 0.0f64..300.0) {
        let demand = Demand::calls(a * 20.0, 180.0, Some(patience_s));
        let f = demand.figures(n, t).unwrap();
        // Everybody is served or leaves; in the long run within any time.
        prop_assert!((f.occupancy * f64::from(n) - a * (1.0 - f.p_abandon)).abs() < 1e-7 * a);
        let late = demand.figures(n, 1e6).unwrap();
        prop_assert!((late.service_level - (1.0 - f.p_abandon)).abs() < 1e-7, "{late:?}");
        prop_assert!((late.abandon_within_threshold - f.p_abandon).abs() < 1e-7);
        let at_once = demand.figures(n, 0.0).unwrap();
        prop_assert!((at_once.service_level - (1.0 - f.p_wait)).abs() < 1e-9);
        prop_assert!(at_once.abandon_within_threshold < 1e-9);
        let better = demand.figures(n + 1, t).unwrap();
        prop_assert!(better.service_level >= f.service_level - 1e-12 && better.p_abandon <= f.p_abandon + 1e-12);
    }

    #[test]
    fn the_least_is_the_least(calls in 0.0f64..5000.0, aht_s in 10.0f64..900.0, level in 0.1f64..0.99, patience_s in proptest::option::of(20.0f64..600.0)) {
        let demand = Demand::calls(calls, aht_s, patience_s);
        let plan = demand.agents_min(&Target::level(level, 20.0)).unwrap();
        prop_assert!(plan.figures.service_level >= level);
        if plan.agents > 0 {
            prop_assert!(demand.figures(plan.agents - 1, 20.0).unwrap().service_level < level);
        }
    }
}
