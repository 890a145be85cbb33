//! What an administrator writes, in the words of a blueprint.
use super::text::{Date, DateTime, Period};
use crate::Timestamp;
use crate::config::Label;
use serde::{Deserialize, Serialize};

/// Opening hours of whatever names them by `key`. `check` says what is wrong with it; `Hours::new` makes it answer.
///
/// ```toml
/// key = "service"
/// name = { zh = "客服", en = "Service" }
/// timezone = "Asia/Shanghai"
///
/// [[weekly]]
/// days = ["mon", "tue", "wed", "thu", "fri"]
/// open = ["09:00-12:00", "13:00-18:00"]
///
/// [[holidays]]
/// from = "2026-10-01"
/// to = "2026-10-07"
/// name = { zh = "国庆节", en = "National Day" }
///
/// [[make_up]]
/// date = "2026-10-10"
/// like = "wed"
///
/// [[closures]]
/// from = "2026-03-05T14:00"
/// to = "2026-03-05T16:30"
/// name = { zh = "系统升级", en = "System upgrade" }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// Stable natural key: `[a-z0-9_-]{1,40}`.
    pub key: String,
    pub name: Label,
    /// IANA name (`Asia/Shanghai`); every date and time below is local there.
    pub timezone: String,
    #[serde(default)]
    pub weekly: Vec<Weekly>,
    #[serde(default)]
    pub holidays: Vec<Holiday>,
    #[serde(default)]
    pub make_up: Vec<MakeUp>,
    #[serde(default)]
    pub closures: Vec<Closure>,
    /// The hand of an authorised user; none: the calendar decides.
    #[serde(default)]
    pub switch: Option<Switch>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// Open on these weekdays. A weekday may stand in several entries: their periods add up. A weekday in none is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weekly {
    pub days: Vec<Weekday>,
    pub open: Vec<Period>,
}

/// A date or a range of dates with rules of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    pub from: Date,
    /// The last date, inclusive; none: `from` alone.
    #[serde(default)]
    pub to: Option<Date>,
    pub name: Label,
    /// Open at these times on each date; empty: closed.
    #[serde(default)]
    pub open: Vec<Period>,
}
impl Holiday {
    pub fn last(&self) -> Date {
        self.to.unwrap_or(self.from)
    }
}

/// A working day moved onto this date (调休): with the periods of a weekday, or with its own. Exactly one of the two is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MakeUp {
    pub date: Date,
    #[serde(default)]
    pub like: Option<Weekday>,
    #[serde(default)]
    pub open: Vec<Period>,
    /// Empty texts are fine: "make-up working day" says enough.
    #[serde(default)]
    pub name: Label,
}

/// Closed once, from an instant up to but not including another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closure {
    pub from: DateTime,
    pub to: DateTime,
    pub name: Label,
}

/// The manual switch. Outside `since..until` it is as if it were not there, so that yesterday's hours stay what they were.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    pub set: SwitchPosition,
    /// When it was turned, inclusive; none: always so.
    #[serde(default)]
    pub since: Option<Timestamp>,
    /// When the calendar decides again; none: until somebody turns it.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// Key of a prompt that says why, heard instead of the usual one.
    #[serde(default)]
    pub prompt: Option<String>,
}
impl Switch {
    pub fn holds_at(&self, at: Timestamp) -> bool {
        self.since.is_none_or(|since| since <= at) && self.until.is_none_or(|until| at < until)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SwitchPosition {
    Open,
    Closed,
    /// Closed, and callers hear why at once (evacuation, outage).
    Emergency,
}
