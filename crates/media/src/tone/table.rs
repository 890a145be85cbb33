//! The tables.
use super::{Burst, Country, Kind};

const fn on(hz: u16, ms: u16) -> Burst {
    Burst { hz: [hz, 0, 0], ms }
}
const fn two(a: u16, b: u16, ms: u16) -> Burst {
    Burst { hz: [a, b, 0], ms }
}
const fn off(ms: u16) -> Burst {
    Burst { hz: [0; 3], ms }
}

pub(super) const fn bursts(kind: Kind, country: Country) -> &'static [Burst] {
    match kind {
        Kind::Dial => dial(country),
        Kind::Ringback => ringback(country),
        Kind::Busy => busy(country),
        Kind::Congestion => congestion(country),
        Kind::SpecialInformation => const { &[on(950, 330), on(1400, 330), on(1800, 330), off(1000)] },
        Kind::Beep => const { &[on(1000, 300)] },
    }
}

const fn dial(country: Country) -> &'static [Burst] {
    match country {
        Country::China => const { &[on(450, 1000)] },
        Country::UnitedStates | Country::UnitedKingdom | Country::HongKong => const { &[two(350, 440, 1000)] },
        Country::Europe | Country::Germany | Country::Singapore => const { &[on(425, 1000)] },
        Country::France => const { &[on(440, 1000)] },
        Country::Japan => const { &[on(400, 1000)] },
        Country::Australia => const { &[two(413, 438, 1000)] },
    }
}

const fn ringback(country: Country) -> &'static [Burst] {
    match country {
        Country::China => const { &[on(450, 1000), off(4000)] },
        Country::UnitedStates => const { &[two(440, 480, 2000), off(4000)] },
        Country::UnitedKingdom => const { &[two(400, 450, 400), off(200), two(400, 450, 400), off(2000)] },
        Country::Europe | Country::Germany => const { &[on(425, 1000), off(4000)] },
        Country::France => const { &[on(440, 1500), off(3500)] },
        Country::Japan => const { &[two(384, 416, 1000), off(2000)] },
        Country::HongKong => const { &[two(440, 480, 400), off(200), two(440, 480, 400), off(3000)] },
        Country::Singapore => const { &[two(401, 449, 400), off(200), two(401, 449, 400), off(2000)] },
        Country::Australia => const { &[two(413, 438, 400), off(200), two(413, 438, 400), off(2000)] },
    }
}

const fn busy(country: Country) -> &'static [Burst] {
    match country {
        Country::China => const { &[on(450, 350), off(350)] },
        Country::UnitedStates | Country::HongKong => const { &[two(480, 620, 500), off(500)] },
        Country::UnitedKingdom => const { &[on(400, 375), off(375)] },
        Country::Europe => const { &[on(425, 500), off(500)] },
        Country::Germany => const { &[on(425, 480), off(480)] },
        Country::France => const { &[on(440, 500), off(500)] },
        Country::Japan => const { &[on(400, 500), off(500)] },
        Country::Singapore => const { &[on(425, 750), off(750)] },
        Country::Australia => const { &[on(425, 375), off(375)] },
    }
}

const fn congestion(country: Country) -> &'static [Burst] {
    match country {
        Country::China => const { &[on(450, 700), off(700)] },
        Country::UnitedStates | Country::HongKong => const { &[two(480, 620, 250), off(250)] },
        Country::UnitedKingdom => const { &[on(400, 400), off(350), on(400, 225), off(525)] },
        Country::Europe => const { &[on(425, 200), off(200)] },
        Country::Germany => const { &[on(425, 240), off(240)] },
        Country::France => const { &[on(440, 250), off(250)] },
        Country::Japan => const { &[on(400, 250), off(250)] },
        Country::Singapore => const { &[on(425, 250), off(250)] },
        Country::Australia => const { &[on(425, 375), off(375)] },
    }
}
