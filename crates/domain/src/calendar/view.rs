//! A calendar to look at: which rule each date has and when it is open.
use super::hours::{Hours, Why};
use super::text::Date;
use crate::Timestamp;

/// Dates of one look.
pub const DAYS_MAX: u32 = 100;

/// One local date as it turns out, closures and the switch included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayView {
    pub date: Date,
    /// The date's own rule: a make-up day, a holiday, or the weekday.
    pub rule: Why,
    /// Open from an instant up to but not including another, in order; none touch each other.
    pub open: Vec<(Timestamp, Timestamp)>,
    /// From midnight to midnight, usually 24 hours apart.
    pub begins: Timestamp,
    pub ends: Timestamp,
}

impl Hours {
    /// `count` dates from `from` on, at most `DAYS_MAX`; fewer at the far ends of time.
    pub fn days(&self, from: Date, count: u32) -> Vec<DayView> {
        let dates = std::iter::successors(Some(from), |date| date.next());
        dates.take(count.min(DAYS_MAX) as usize).map_while(|date| self.day_view(date)).collect()
    }

    /// The date on the wall of the calendar's zone.
    pub fn date_at(&self, at: Timestamp) -> Date {
        self.zone.date_at(at)
    }

    fn day_view(&self, date: Date) -> Option<DayView> {
        let day = self.day(date)?;
        let edges = self.edges(&day, day.begins);
        let starts = std::iter::once(day.begins).chain(edges.iter().copied());
        let ends = edges.iter().copied().chain([day.ends]);
        let mut open: Vec<(Timestamp, Timestamp)> = Vec::new();
        for (from, to) in starts.zip(ends).filter(|(from, _)| self.decide(*from, &day).0) {
            match open.last_mut() {
                Some(last) if last.1 == from => last.1 = to,
                _ => open.push((from, to)),
            }
        }
        Some(DayView { date, rule: day.rule.why(), open, begins: day.begins, ends: day.ends })
    }
}
