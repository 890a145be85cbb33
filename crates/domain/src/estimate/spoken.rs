//! The natural steps in which a waiting time is said.
use crate::config::Label;
use serde::{Deserialize, Serialize};

/// The minutes that are said.
const STEPS_MIN: [u32; 7] = [2, 5, 10, 15, 20, 25, 30];
const MINUTE_MS: u64 = 60_000;

/// What is said of a wait. A flow picks a prompt by it, `label` is the text to show or to synthesise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "snake_case")]
pub enum Spoken {
    UnderOneMinute,
    About { minutes: u32 },
    MoreThan { minutes: u32 },
}

impl Spoken {
    /// The step nearest in proportion: between 2 and 5 minutes the border is √10, because 3 minutes are half as much again as 2 but
    /// only two thirds less than 5. Up to half an hour; beyond that a number would claim too much.
    pub fn of(wait_ms: u64) -> Spoken {
        if wait_ms < MINUTE_MS {
            return Spoken::UnderOneMinute;
        }
        if wait_ms > 30 * MINUTE_MS {
            return Spoken::MoreThan { minutes: 30 };
        }
        let squared = u128::from(wait_ms) * u128::from(wait_ms);
        let border = |a: u32, b: u32| u128::from(a) * u128::from(b) * u128::from(MINUTE_MS * MINUTE_MS);
        let below = STEPS_MIN.iter().zip(STEPS_MIN.iter().skip(1)).find(|(a, b)| squared < border(**a, **b));
        Spoken::About { minutes: below.map_or(30, |(step, _)| *step) }
    }

    pub fn label(self) -> Label {
        let (zh, en) = match self {
            Spoken::UnderOneMinute => ("预计等待不到1分钟".to_string(), "less than one minute".to_string()),
            Spoken::About { minutes } => (format!("预计等待约{minutes}分钟"), format!("about {minutes} minutes")),
            Spoken::MoreThan { minutes } => (format!("预计等待超过{minutes}分钟"), format!("more than {minutes} minutes")),
        };
        Label { zh, en }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_said_in_natural_steps() {
        let mut rows: Vec<(u64, String)> = Vec::new();
        for second in 0..2_400 {
            let said = Spoken::of(second * 1000).label().en;
            if rows.last().is_none_or(|(_, last)| *last != said) {
                rows.push((second, said));
            }
        }
        let said: Vec<String> = rows.iter().map(|(s, said)| format!("{s} {said}")).collect();
        assert_eq!(
            said,
            [
                "0 less than one minute",
                "60 about 2 minutes",
                "190 about 5 minutes",
                "425 about 10 minutes",
                "735 about 15 minutes",
                "1040 about 20 minutes",
                "1342 about 25 minutes",
                "1644 about 30 minutes",
                "1801 more than 30 minutes",
            ]
        );
        assert_eq!(Spoken::of(u64::MAX), Spoken::MoreThan { minutes: 30 });
        assert_eq!(Spoken::of(300_000).label().zh, "预计等待约5分钟");
    }
}
