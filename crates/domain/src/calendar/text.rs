//! Dates, times and periods as they are written: `2026-10-01`, `2026-03-05T14:00`, `09:00-12:00`.
use super::setup::Weekday;
use crate::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

const DAY_MIN: u16 = 24 * 60;
const EPOCH: jiff::civil::Date = jiff::civil::date(1970, 1, 1);

/// A local date without a zone, written `2026-10-01` (RFC 3339 `full-date`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub(super) jiff::civil::Date);

impl Date {
    /// The weekday of this date.
    pub fn weekday(self) -> Weekday {
        use jiff::civil::Weekday as W;
        match self.0.weekday() {
            W::Monday => Weekday::Mon,
            W::Tuesday => Weekday::Tue,
            W::Wednesday => Weekday::Wed,
            W::Thursday => Weekday::Thu,
            W::Friday => Weekday::Fri,
            W::Saturday => Weekday::Sat,
            W::Sunday => Weekday::Sun,
        }
    }
    /// The date where clocks stand `utc_offset_s` east of UTC; instants beyond the years ±9999 count as the last ones within.
    pub fn at(at: Timestamp, utc_offset_s: i32) -> Date {
        let days = at.as_us().div_euclid(1_000_000).saturating_add(i64::from(utc_offset_s)).div_euclid(86_400);
        Date(EPOCH.saturating_add(jiff::Span::new().try_days(days).unwrap_or_default()))
    }
    /// Its midnight where clocks stand `utc_offset_s` east of UTC.
    pub fn begins(self, utc_offset_s: i32) -> Timestamp {
        let days = self.0.since(EPOCH).map_or(0, |span| i64::from(span.get_days()));
        Timestamp((days * 86_400 - i64::from(utc_offset_s)) * 1_000_000)
    }
    /// So many days later, or earlier; none beyond the years ±9999.
    pub fn plus_days(self, days: i32) -> Option<Date> {
        self.0.checked_add(jiff::Span::new().try_days(days).ok()?).ok().map(Date)
    }
    /// None after 9999-12-31.
    pub(super) fn next(self) -> Option<Date> {
        self.0.tomorrow().ok().map(Date)
    }
    /// None before -9999-01-01.
    pub(super) fn previous(self) -> Option<Date> {
        self.0.yesterday().ok().map(Date)
    }
    /// The local time `minute` minutes after midnight; 1440 is the next midnight.
    pub(super) fn at_minute(self, minute: u16) -> Option<jiff::civil::DateTime> {
        let date = if minute >= DAY_MIN { self.0.tomorrow().ok()? } else { self.0 };
        let minute = minute % DAY_MIN;
        Some(date.at((minute / 60) as i8, (minute % 60) as i8, 0, 0))
    }
}
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
impl FromStr for Date {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, String> {
        // jiff would also take a time behind the date.
        let date = (s.len() == 10).then(|| s.parse().ok()).flatten();
        date.map(Date).ok_or_else(|| format!("`{s}` is not a date; write it like 2026-10-01"))
    }
}

/// A local date and minute without a zone, written `2026-03-05T14:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime(pub(super) jiff::civil::DateTime);

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}T{:02}:{:02}", self.0.date(), self.0.hour(), self.0.minute())
    }
}
impl FromStr for DateTime {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, String> {
        let parts = s.split_once('T').and_then(|(date, time)| Some((Date::from_str(date).ok()?, minute(time, DAY_MIN - 1)?)));
        let at = parts.and_then(|(date, minute)| date.at_minute(minute));
        at.map(DateTime).ok_or_else(|| format!("`{s}` is not a local date and time; write it like 2026-03-05T14:00"))
    }
}

/// A stretch of a day in local minutes, half-open: `09:00-12:00` is open at 09:00 and closed at 12:00.
/// An end at or before the begin is on the next day (`22:00-06:00`); a whole day is `00:00-24:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    from_min: u16,
    to_min: u16,
}

impl Period {
    /// Minutes after midnight: `from_min` 0 … 1439, `to_min` 1 … 1440. None for anything else and for an empty period.
    pub fn new(from_min: u16, to_min: u16) -> Option<Self> {
        (from_min < DAY_MIN && (1..=DAY_MIN).contains(&to_min) && from_min != to_min).then_some(Self { from_min, to_min })
    }
    /// First minute, counted from the day's midnight.
    pub const fn from_min(self) -> u16 {
        self.from_min
    }
    /// The minute after the last, counted from the day's midnight: up to 2879 when it crosses the next one.
    pub const fn end_min(self) -> u16 {
        if self.crosses_midnight() { self.to_min + DAY_MIN } else { self.to_min }
    }
    pub const fn crosses_midnight(self) -> bool {
        self.to_min < self.from_min
    }
}
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (self.from_min, self.to_min);
        write!(f, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
    }
}
impl FromStr for Period {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, String> {
        let minutes = s.split_once('-').and_then(|(from, to)| Some((minute(from, DAY_MIN - 1)?, minute(to, DAY_MIN)?)));
        // Midnight as an end is 24:00; "22:00-00:00" means the same.
        let period = minutes.and_then(|(from, to)| Period::new(from, if to == 0 && from > 0 { DAY_MIN } else { to }));
        period.ok_or_else(|| format!("`{s}` is not a period; write it like 09:00-12:00, 22:00-06:00 or 00:00-24:00"))
    }
}

/// `HH:MM` as minutes after midnight, at most `max`.
fn minute(s: &str, max: u16) -> Option<u16> {
    let (hour, min) = s.split_once(':')?;
    let two = |part: &str| (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<u16>().ok()).flatten();
    let (hour, min) = (two(hour)?, two(min)?);
    let total = hour * 60 + min;
    (min < 60 && total <= max).then_some(total)
}

macro_rules! written {
    ($($name:ident),*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.collect_str(self) }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                String::deserialize(d)?.parse().map_err(de::Error::custom)
            }
        }
    )*};
}
written!(Date, DateTime, Period);
