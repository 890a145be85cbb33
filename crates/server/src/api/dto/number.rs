//! Numbers and their entry plans.
use super::common::{Label, Validate, count, dialled, key, text, within};
use super::queue::Overflow;
use super::routing::needs;
use super::user::Locale;
use crate::http::problem::{ApiResult, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What happens when this number is called. Queues and prompts are named by key.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "does", rename_all = "snake_case", deny_unknown_fields)]
pub enum EntryPlan {
    /// Welcome, recording notice, one menu; each prompt optional.
    Ivr {
        #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
        welcome: Option<String>,
        #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
        recording_notice: Option<String>,
        menu: Menu,
    },
    Queue {
        #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
        queue: String,
        #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
        welcome: Option<String>,
        #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
        recording_notice: Option<String>,
        #[serde(default)]
        #[schema(minimum = 0, maximum = 9)]
        priority: u8,
    },
    Echo {},
    /// Play a prompt for ever.
    Prompt {
        #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
        prompt: String,
    },
    /// Greeting, tone, record up to `length_max_ms`, hang up.
    Voicemail {
        #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
        greeting: String,
        #[schema(minimum = 1000, maximum = 600000)]
        length_max_ms: u64,
    },
    /// Straight to a fixed SIP target, media through us.
    Bridge {
        #[schema(pattern = "^sip:[!-~]{1,200}$")]
        target: String,
        record: bool,
    },
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Menu {
    #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
    pub prompt: String,
    /// Wait this long for a digit after the prompt's end.
    #[schema(minimum = 500, maximum = 60000)]
    pub timeout_ms: u64,
    /// Times the prompt is played again after no or a wrong digit; then `otherwise`.
    #[schema(minimum = 0, maximum = 9)]
    pub repeats: u8,
    #[schema(max_items = 12)]
    pub options: Vec<MenuOption>,
    pub otherwise: MenuTarget,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MenuOption {
    #[schema(pattern = "^[0-9*#]$")]
    pub digit: String,
    pub label: Label,
    pub target: MenuTarget,
    /// What an agent must be able to do for those who chose this, e.g. `english >= 3`.
    #[schema(max_length = 500)]
    pub needs: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "to", rename_all = "snake_case", deny_unknown_fields)]
pub enum MenuTarget {
    Queue {
        #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
        queue: String,
        #[serde(default)]
        #[schema(minimum = 0, maximum = 9)]
        priority: u8,
    },
    /// Play it, then the menu again.
    Prompt {
        #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
        prompt: String,
    },
    Repeat {},
    HangUp {
        #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
        prompt: Option<String>,
    },
}

/// The highest priority of a waiting caller.
pub const PRIORITY_MAX: u64 = 9;

impl EntryPlan {
    fn check(&self) -> ApiResult<()> {
        let prompt = |name: &str, p: &Option<String>| p.as_ref().map_or(Ok(()), |p| key(&format!("plan.{name}"), p));
        match self {
            Self::Ivr { welcome, recording_notice, menu } => {
                prompt("welcome", welcome)?;
                prompt("recording_notice", recording_notice)?;
                menu.check()
            }
            Self::Queue { queue, welcome, recording_notice, priority } => {
                key("plan.queue", queue)?;
                prompt("welcome", welcome)?;
                prompt("recording_notice", recording_notice)?;
                within("plan.priority", u64::from(*priority), 0, PRIORITY_MAX)
            }
            Self::Echo {} => Ok(()),
            Self::Prompt { prompt } => key("plan.prompt", prompt),
            Self::Voicemail { greeting, length_max_ms } => {
                key("plan.greeting", greeting)?;
                within("plan.length_max_ms", *length_max_ms, 1000, 600_000)
            }
            Self::Bridge { target, .. } => {
                let rest = target.strip_prefix("sip:").unwrap_or_default();
                let ok = (1..=200).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_graphic());
                if ok { Ok(()) } else { Err(Problem::invalid("plan.target", "a SIP URI such as sip:agent@10.0.0.5:5060")) }
            }
        }
    }
}

/// A key of a telephone: `^[0-9*#]$`.
pub fn menu_digit(field: &str, digit: &str) -> ApiResult<()> {
    let ok = digit.len() == 1 && digit.bytes().all(|b| b.is_ascii_digit() || b == b'*' || b == b'#');
    if ok { Ok(()) } else { Err(Problem::invalid(field, "one of 0-9, * and #")) }
}

impl Menu {
    fn check(&self) -> ApiResult<()> {
        key("plan.menu.prompt", &self.prompt)?;
        within("plan.menu.timeout_ms", self.timeout_ms, 500, 60_000)?;
        within("plan.menu.repeats", u64::from(self.repeats), 0, 9)?;
        count("plan.menu.options", self.options.len(), 12)?;
        for (i, option) in self.options.iter().enumerate() {
            let field = format!("plan.menu.options.{i}");
            menu_digit(&format!("{field}.digit"), &option.digit)?;
            option.label.check(&format!("{field}.label"))?;
            option.target.check(&format!("{field}.target"))?;
            needs(&format!("{field}.needs"), option.needs.as_deref())?;
        }
        self.otherwise.check("plan.menu.otherwise")
    }
    /// The first digit that two options share.
    pub fn doubled_digit(&self) -> Option<&str> {
        let doubled = self.options.iter().enumerate().find(|(i, o)| self.options[..*i].iter().any(|p| p.digit == o.digit));
        doubled.map(|(_, o)| o.digit.as_str())
    }
}

impl MenuTarget {
    fn check(&self, field: &str) -> ApiResult<()> {
        match self {
            Self::Queue { queue, priority } => {
                key(&format!("{field}.queue"), queue)?;
                within(&format!("{field}.priority"), u64::from(*priority), 0, PRIORITY_MAX)
            }
            Self::Prompt { prompt } => key(&format!("{field}.prompt"), prompt),
            Self::HangUp { prompt: Some(prompt) } => key(&format!("{field}.prompt"), prompt),
            Self::Repeat {} | Self::HangUp { prompt: None } => Ok(()),
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NumberBody {
    #[schema(pattern = "^[0-9*#+]{1,32}$")]
    pub number: String,
    pub name: Label,
    /// What its callers speak: the language of spoken numbers and positions.
    #[serde(default)]
    pub language: Locale,
    pub plan: EntryPlan,
    /// A caller whose record holds an `announcement` hears it after the welcome; it is waited for this long at most. 0: never said.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 10_000)]
    pub announcement_wait_ms: u64,
    /// Key of the calendar that says when the plan runs; absent: always.
    #[serde(default)]
    #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
    pub hours: Option<String>,
    /// Where a caller goes who comes while it is closed.
    #[serde(default)]
    pub closed: Overflow,
    pub enabled: bool,
}
impl Validate for NumberBody {
    fn check(&self) -> ApiResult<()> {
        dialled("number", &self.number)?;
        text("number", &self.number, 1, 32)?;
        self.name.check("name")?;
        self.hours.as_ref().map_or(Ok(()), |hours| key("hours", hours))?;
        self.closed.check("closed")?;
        within("announcement_wait_ms", self.announcement_wait_ms, 0, 10_000)?;
        self.plan.check()
    }
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Number {
    pub id: Uuid,
    /// The ETag without its quotes.
    pub version: i64,
    #[serde(flatten)]
    pub body: NumberBody,
}
