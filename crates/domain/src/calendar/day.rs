//! One local date of a calendar, worked out in instants: which rule it has and when it is open.
use super::hours::{Hours, Why};
use super::setup::Weekday;
use super::text::{Date, Period};
use crate::Timestamp;
use crate::config::Label;

/// Open from an instant up to but not including another.
pub(super) type Span = (Timestamp, Timestamp);

/// What governs a date.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Rule<'a> {
    MakeUp(&'a Label),
    Holiday(&'a Label),
    Weekly(Weekday),
}
impl Rule<'_> {
    pub fn why(&self) -> Why {
        match self {
            Rule::MakeUp(name) => Why::MakeUp { name: (*name).clone() },
            Rule::Holiday(name) => Why::Holiday { name: (*name).clone() },
            Rule::Weekly(day) => Why::Weekly { day: *day },
        }
    }
}

/// A date from its first instant to the next date's first. Where the clock is put back over midnight, the repeated evening belongs
/// to the new date: dates follow each other and never return.
pub(super) struct Day<'a> {
    pub date: Date,
    pub begins: Timestamp,
    pub ends: Timestamp,
    pub rule: Rule<'a>,
    pub open: Vec<Span>,
    /// What the date before carries past midnight, and by which rule; empty where a holiday ends it.
    pub carried: Vec<Span>,
    pub carried_rule: Rule<'a>,
}

impl Hours {
    /// The day an instant is in; none at the far ends of time.
    pub(super) fn day_at(&self, at: Timestamp) -> Option<Day<'_>> {
        let date = self.zone.date_at(at);
        // Where the clock is put back over midnight the wall shows the old date again, but the new one has begun.
        let next = date.next()?;
        self.day(if self.begin_of(next)? <= at { next } else { date })
    }

    pub(super) fn day(&self, date: Date) -> Option<Day<'_>> {
        let before = date.previous()?;
        let (rule, periods) = self.rule_of(date);
        let (carried_rule, carried_periods) = self.rule_of(before);
        let (begins, ends) = (self.begin_of(date)?, self.begin_of(date.next()?)?);
        let cut = matches!((rule, carried_rule), (Rule::Holiday(_), Rule::Weekly(_)));
        let mut carried = if cut { Vec::new() } else { self.spans(before, carried_periods) };
        carried.retain(|(_, to)| *to > begins);
        Some(Day { date, begins, ends, rule, open: self.spans(date, periods), carried, carried_rule })
    }

    fn begin_of(&self, date: Date) -> Option<Timestamp> {
        self.zone.first(date.at_minute(0)?)
    }

    fn spans(&self, date: Date, periods: &[Period]) -> Vec<Span> {
        periods.iter().filter_map(|p| self.span(date, *p)).filter(|(from, to)| from < to).collect()
    }

    fn span(&self, date: Date, period: Period) -> Option<Span> {
        let from = self.zone.first(date.at_minute(period.from_min())?)?;
        let (end_date, end_min) = match period.end_min() {
            past @ 1441.. => (date.next()?, past - 1440),
            within => (date, within),
        };
        Some((from, self.zone.end(end_date.at_minute(end_min)?)?))
    }

    fn rule_of(&self, date: Date) -> (Rule<'_>, &[Period]) {
        let c = &self.calendar;
        if let Some(day) = c.make_up.iter().find(|m| m.date == date) {
            let periods = day.like.map_or(day.open.as_slice(), |like| self.weekly_periods(like));
            return (Rule::MakeUp(&day.name), periods);
        }
        if let Some(day) = c.holidays.iter().find(|h| (h.from..=h.last()).contains(&date)) {
            return (Rule::Holiday(&day.name), &day.open);
        }
        (Rule::Weekly(date.weekday()), self.weekly_periods(date.weekday()))
    }

    fn weekly_periods(&self, day: Weekday) -> &[Period] {
        self.week.get(&day).map_or(&[], Vec::as_slice)
    }
}
