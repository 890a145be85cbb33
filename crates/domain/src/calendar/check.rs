//! What is wrong with a calendar, said to the person who wrote it.
use super::setup::{Calendar, Weekday};
use super::text::{Date, Period};
use std::collections::BTreeMap;

/// Periods of one date.
pub const PERIODS_MAX: usize = 12;
pub const WEEKLY_MAX: usize = 50;
pub const HOLIDAYS_MAX: usize = 500;
pub const MAKE_UP_MAX: usize = 200;
pub const CLOSURES_MAX: usize = 500;

/// One thing to put right; the administrator must act.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {reason}; {fix}")]
pub struct Problem {
    /// The field, as in `holidays[2].to`.
    pub key: String,
    pub reason: String,
    pub fix: String,
}
impl Problem {
    pub(super) fn new(key: impl Into<String>, reason: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { key: key.into(), reason: reason.into(), fix: fix.into() }
    }
}

impl Calendar {
    /// Every problem, in the order of the fields. That the time zone exists is known only once its rules are loaded: `Hours::new`.
    pub fn check(&self) -> Vec<Problem> {
        let mut out = Vec::new();
        self.check_names(&mut out);
        self.check_weekly(&mut out);
        self.check_holidays(&mut out);
        self.check_make_up(&mut out);
        self.check_closures(&mut out);
        if let Some((since, until)) = self.switch.as_ref().and_then(|s| Some((s.since?, s.until?)))
            && until <= since
        {
            out.push(Problem::new("switch.until", "is not after `since`", "give a later time, or leave it out"));
        }
        // A slip in an entry for five weekdays is one slip.
        out.dedup();
        out
    }

    fn check_names(&self, out: &mut Vec<Problem>) {
        let ok = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
        if !(1..=40).contains(&self.key.len()) || !self.key.chars().all(ok) {
            out.push(Problem::new("key", format!("`{}` is not a key", self.key), "use 1 to 40 of a-z, 0-9, - and _"));
        }
        // The name becomes part of a file's path in the driver.
        let part = |p: &str| !p.is_empty() && p.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+'));
        if self.timezone.len() > 60 || !self.timezone.split('/').all(part) {
            let reason = format!("`{}` is not the name of a time zone", self.timezone);
            out.push(Problem::new("timezone", reason, "use an IANA name such as Asia/Shanghai"));
        }
    }

    fn check_weekly(&self, out: &mut Vec<Problem>) {
        limit("weekly", self.weekly.len(), WEEKLY_MAX, out);
        let mut week: BTreeMap<Weekday, Vec<Period>> = BTreeMap::new();
        for (i, entry) in self.weekly.iter().enumerate() {
            if entry.days.is_empty() {
                out.push(Problem::new(format!("weekly[{i}].days"), "names no weekday", "name one, or remove the entry"));
            }
            for day in &entry.days {
                let open = week.entry(*day).or_default();
                open.extend(&entry.open);
                check_periods(format!("weekly[{i}].open"), open, out);
            }
        }
    }

    fn check_holidays(&self, out: &mut Vec<Problem>) {
        limit("holidays", self.holidays.len(), HOLIDAYS_MAX, out);
        let mut ranges: Vec<(Date, Date, usize)> = Vec::new();
        for (i, holiday) in self.holidays.iter().enumerate() {
            if holiday.last() < holiday.from {
                out.push(Problem::new(format!("holidays[{i}].to"), "is before `from`", "give the last date of the holiday"));
            }
            check_periods(format!("holidays[{i}].open"), &holiday.open, out);
            ranges.push((holiday.from, holiday.last(), i));
        }
        ranges.sort_unstable();
        for ((_, last, one), (from, _, other)) in ranges.iter().zip(ranges.iter().skip(1)) {
            if from <= last {
                let reason = format!("{from} is already in holidays[{one}]");
                out.push(Problem::new(format!("holidays[{other}].from"), reason, "let every date have one holiday"));
            }
        }
    }

    fn check_make_up(&self, out: &mut Vec<Problem>) {
        limit("make_up", self.make_up.len(), MAKE_UP_MAX, out);
        let mut seen: BTreeMap<Date, usize> = BTreeMap::new();
        for (i, day) in self.make_up.iter().enumerate() {
            match (day.like, day.open.is_empty()) {
                (None, true) => {
                    let reason = "says neither which weekday it is like nor when it is open";
                    out.push(Problem::new(format!("make_up[{i}]"), reason, "give `like` or `open`"));
                }
                (Some(_), false) => {
                    out.push(Problem::new(format!("make_up[{i}]"), "gives both `like` and `open`", "keep one of them"));
                }
                _ => check_periods(format!("make_up[{i}].open"), &day.open, out),
            }
            if let Some(first) = seen.insert(day.date, i) {
                let reason = format!("{} is already in make_up[{first}]", day.date);
                out.push(Problem::new(format!("make_up[{i}].date"), reason, "let every date have one entry"));
            }
        }
    }

    fn check_closures(&self, out: &mut Vec<Problem>) {
        limit("closures", self.closures.len(), CLOSURES_MAX, out);
        for (i, closure) in self.closures.iter().enumerate() {
            if closure.to <= closure.from {
                out.push(Problem::new(format!("closures[{i}].to"), "is not after `from`", "give the time at which it opens again"));
            }
        }
    }
}

fn limit(key: &str, len: usize, max: usize, out: &mut Vec<Problem>) {
    if len > max {
        out.push(Problem::new(key, format!("has {len} entries, {max} are allowed"), "remove what is past"));
    }
}

/// Periods of one date must not overlap: two that do are more likely a slip than a wish.
fn check_periods(key: String, periods: &[Period], out: &mut Vec<Problem>) {
    if periods.len() > PERIODS_MAX {
        out.push(Problem::new(key.clone(), format!("has {} periods in a day, {PERIODS_MAX} are allowed", periods.len()), "join some"));
    }
    let mut sorted = periods.to_vec();
    sorted.sort_unstable();
    for (one, next) in sorted.iter().zip(sorted.iter().skip(1)) {
        if next.from_min() < one.end_min() {
            return out.push(Problem::new(key, format!("{one} and {next} overlap"), "make them follow each other, or join them"));
        }
    }
}
