//! Opening hours: calendars, their switch, what they say of a moment and of a month.
use super::common::{Label, Validate, count, key, same, text, within};
use crate::http::problem::{ApiResult, Problem};
use domain::calendar as hours;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The year 3000: times beyond it are slips.
const AT_MAX_US: i64 = 32_503_680_000_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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

/// Open on these weekdays; a weekday may stand in several entries, one in none is closed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WeeklyHours {
    #[schema(max_items = 7)]
    pub days: Vec<Weekday>,
    /// `09:00-12:00`, `22:00-06:00` (into the next day), `00:00-24:00`.
    #[schema(max_items = 12)]
    pub open: Vec<String>,
}

/// A date or a range of dates with rules of its own.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    #[schema(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pub from: String,
    /// The last date, inclusive; absent: `from` alone.
    #[serde(default)]
    #[schema(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pub to: Option<String>,
    pub name: Label,
    /// Open at these times on each date; empty: closed.
    #[serde(default)]
    #[schema(max_items = 12)]
    pub open: Vec<String>,
}

/// A working day moved onto this date (调休): with the hours of a weekday, or with its own. Exactly one of the two is given.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeUp {
    #[schema(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pub date: String,
    #[serde(default)]
    pub like: Option<Weekday>,
    #[serde(default)]
    #[schema(max_items = 12)]
    pub open: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<Label>,
}

/// Closed once, from a local time up to but not including another.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Closure {
    #[schema(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$")]
    pub from: String,
    #[schema(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$")]
    pub to: String,
    pub name: Label,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarBody {
    /// Stable natural key.
    #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
    pub key: String,
    pub name: Label,
    /// IANA name such as `Asia/Shanghai`; every date and time below is local there.
    #[schema(min_length = 1, max_length = 60)]
    pub timezone: String,
    #[serde(default)]
    #[schema(max_items = 50)]
    pub weekly: Vec<WeeklyHours>,
    #[serde(default)]
    #[schema(max_items = 500)]
    pub holidays: Vec<Holiday>,
    #[serde(default)]
    #[schema(max_items = 200)]
    pub make_up: Vec<MakeUp>,
    #[serde(default)]
    #[schema(max_items = 500)]
    pub closures: Vec<Closure>,
}
impl Validate for CalendarBody {
    fn check(&self) -> ApiResult<()> {
        key("key", &self.key)?;
        self.name.check("name")?;
        text("timezone", &self.timezone, 1, 60)?;
        for (i, weekly) in self.weekly.iter().enumerate() {
            count(&format!("weekly.{i}.days"), weekly.days.len(), 7)?;
        }
        self.holidays.iter().enumerate().try_for_each(|(i, h)| h.name.check(&format!("holidays.{i}.name")))?;
        self.make_up.iter().enumerate().try_for_each(|(i, m)| m.name.as_ref().map_or(Ok(()), |n| n.check(&format!("make_up.{i}.name"))))?;
        self.closures.iter().enumerate().try_for_each(|(i, c)| c.name.check(&format!("closures.{i}.name")))?;
        self.hours().map(|_| ())
    }
}
impl CalendarBody {
    /// The same, ready to answer.
    ///
    /// # Errors
    /// 400 with the first problem of the calendar; a time zone that this machine does not know is one.
    pub fn hours(&self) -> ApiResult<hours::Hours> {
        engine::hours::hours_of(same(self)?).map_err(|problems| problem(&problems))
    }
}

/// The first problem, its key in the API's way of writing: `holidays.2.to`.
pub fn problem(problems: &[hours::Problem]) -> Problem {
    let Some(first) = problems.first() else { return Problem::internal(&"a calendar without a problem was refused") };
    let field = first.key.replace('[', ".").replace(']', "");
    Problem::invalid(&field, format!("{}; {}", first.reason, first.fix))
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Calendar {
    /// The ETag without its quotes.
    pub version: i64,
    #[serde(flatten)]
    pub body: CalendarBody,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SwitchPosition {
    /// The calendar decides.
    Automatic,
    Open,
    Closed,
    /// Closed, those who wait are sent away too, and everybody hears `prompt`.
    Emergency,
}
impl From<hours::SwitchPosition> for SwitchPosition {
    fn from(set: hours::SwitchPosition) -> Self {
        match set {
            hours::SwitchPosition::Open => Self::Open,
            hours::SwitchPosition::Closed => Self::Closed,
            hours::SwitchPosition::Emergency => Self::Emergency,
        }
    }
}

/// The hand on the switch; times in microseconds since 1970, UTC.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarSwitch {
    pub position: SwitchPosition,
    /// Absent: from now on.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 32_503_680_000_000_000_i64)]
    pub since: Option<i64>,
    /// When the calendar decides again; absent: when somebody turns it.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 32_503_680_000_000_000_i64)]
    pub until: Option<i64>,
    /// Key of a prompt that says why, heard instead of the usual one.
    #[serde(default)]
    #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
    pub prompt: Option<String>,
}
impl Validate for CalendarSwitch {
    fn check(&self) -> ApiResult<()> {
        instant("since", self.since)?;
        instant("until", self.until)?;
        self.prompt.as_ref().map_or(Ok(()), |p| key("prompt", p))
    }
}
impl CalendarSwitch {
    /// # Errors
    /// 400 when it ends before it begins.
    pub fn into_domain(self, now: domain::Timestamp) -> ApiResult<Option<hours::Switch>> {
        let set = match self.position {
            SwitchPosition::Automatic => return Ok(None),
            SwitchPosition::Open => hours::SwitchPosition::Open,
            SwitchPosition::Closed => hours::SwitchPosition::Closed,
            SwitchPosition::Emergency => hours::SwitchPosition::Emergency,
        };
        let (since, until) = (self.since.map_or(now, domain::Timestamp), self.until.map(domain::Timestamp));
        if until.is_some_and(|until| until <= since) {
            return Err(Problem::invalid("until", "must be after since, and in the future"));
        }
        Ok(Some(hours::Switch { set, since: Some(since), until, prompt: self.prompt }))
    }
    pub fn of(switch: Option<&hours::Switch>) -> Self {
        let us = |at: Option<domain::Timestamp>| at.map(domain::Timestamp::as_us);
        let position = switch.map_or(SwitchPosition::Automatic, |s| s.set.into());
        let (since, until) = switch.map_or((None, None), |s| (us(s.since), us(s.until)));
        Self { position, since, until, prompt: switch.and_then(|s| s.prompt.clone()) }
    }
}

/// # Errors
/// 400 for an instant before 1970 or after the year 3000.
pub fn instant(field: &str, at: Option<i64>) -> ApiResult<()> {
    at.map_or(Ok(()), |at| within(field, u64::try_from(at).unwrap_or(u64::MAX), 0, AT_MAX_US.unsigned_abs()))
}

/// The rule that decides.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum HoursRule {
    Switch { position: SwitchPosition, prompt: Option<String> },
    Closure { name: Label },
    MakeUp { name: Option<Label> },
    Holiday { name: Label },
    Weekly { day: Weekday },
}
impl HoursRule {
    pub fn of(why: &hours::Why) -> Self {
        let label = |l: &domain::config::Label| Label { zh: l.zh.clone(), en: l.en.clone() };
        match why {
            hours::Why::Switch { set, prompt } => Self::Switch { position: (*set).into(), prompt: prompt.clone() },
            hours::Why::Closure { name } => Self::Closure { name: label(name) },
            hours::Why::MakeUp { name } => Self::MakeUp { name: Some(label(name)).filter(|l| !(l.zh.is_empty() || l.en.is_empty())) },
            hours::Why::Holiday { name } => Self::Holiday { name: label(name) },
            hours::Why::Weekly { day } => Self::Weekly { day: weekday(*day) },
        }
    }
}

fn weekday(day: hours::Weekday) -> Weekday {
    match day {
        hours::Weekday::Mon => Weekday::Mon,
        hours::Weekday::Tue => Weekday::Tue,
        hours::Weekday::Wed => Weekday::Wed,
        hours::Weekday::Thu => Weekday::Thu,
        hours::Weekday::Fri => Weekday::Fri,
        hours::Weekday::Sat => Weekday::Sat,
        hours::Weekday::Sun => Weekday::Sun,
    }
}

/// What a calendar says of one moment; instants in microseconds since 1970, UTC.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CalendarState {
    pub at: i64,
    pub open: bool,
    pub emergency: bool,
    pub why: HoursRule,
    /// When it changes next between open, closed and emergency; absent: not within 400 days.
    pub until: Option<i64>,
    /// `at` itself when it is open then; absent: not within 400 days.
    pub next_open: Option<i64>,
    pub switch: CalendarSwitch,
}
impl CalendarState {
    pub fn at(hours: &hours::Hours, at: domain::Timestamp) -> Self {
        let state = hours.state_at(at);
        Self {
            at: at.as_us(),
            open: state.open,
            emergency: state.is_emergency(),
            why: HoursRule::of(&state.why),
            until: state.until.map(domain::Timestamp::as_us),
            next_open: hours.next_open(at).map(domain::Timestamp::as_us),
            switch: CalendarSwitch::of(hours.calendar().switch.as_ref()),
        }
    }
}

/// Which dates of which calendar to look at; it need not be saved.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewQuestion {
    pub calendar: CalendarBody,
    #[schema(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pub from: String,
    #[schema(minimum = 1, maximum = 100)]
    pub days: u32,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Preview {
    pub days: Vec<PreviewDay>,
}
/// One local date as it turns out, without the switch.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PreviewDay {
    pub date: String,
    /// The date's own rule: a make-up day, a holiday or the weekday.
    pub rule: HoursRule,
    pub open: Vec<OpenSpan>,
}
/// Open from an instant up to but not including another, microseconds since 1970, UTC.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpenSpan {
    pub from: i64,
    pub to: i64,
}
impl PreviewDay {
    pub fn of(day: &hours::DayView) -> Self {
        let open = day.open.iter().map(|(from, to)| OpenSpan { from: from.as_us(), to: to.as_us() }).collect();
        Self { date: day.date.to_string(), rule: HoursRule::of(&day.rule), open }
    }
}

/// The public holidays of one year, ready to be put into a calendar.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PublicHolidays {
    #[schema(minimum = 2000, maximum = 2100)]
    pub year: i32,
    pub holidays: Vec<Holiday>,
    pub make_up: Vec<MakeUp>,
}
