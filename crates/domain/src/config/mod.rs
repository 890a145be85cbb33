//! What an administrator sets up: people, queues, numbers, trunks, prompts, codes. The same structs are rows of the
//! store, bodies of the API and tables of a blueprint. Every duration is an integer with its unit in the name.
mod breaks;
mod capacity;
mod line;
mod needs;
mod routing;
mod rules;
mod webhook;
pub use breaks::{BreakQuota, BreakReason};
pub use capacity::{Capacity, CapacityProfile, ChannelCapacity, LOAD_MAX_PERCENT, SLOTS_MAX};
pub use line::*;
pub use needs::{Needs, NeedsError, SKILL_LEVEL_MAX, Skills, TERMS_MAX};
pub use routing::*;
pub use rules::{Known, RULES_MAX, RoutingRule, RuleWhen};
pub use webhook::Webhook;

use crate::monitor::Measure;
use crate::{NumberId, Pii, QueueId, TeamId, TrunkId, UserId, access::Role};
use serde::{Deserialize, Serialize};

/// A display text in both languages of the product.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    pub zh: String,
    pub en: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Team {
    pub id: TeamId,
    pub name: String,
    /// How many of the team may be on a break at once.
    #[serde(default)]
    pub breaks: BreakQuota,
}

/// A person who signs in. Secrets (password hash, SIP digest) live beside it in the store, never in this struct.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    pub id: UserId,
    pub username: String,
    pub display_name: String,
    pub roles: Vec<Role>,
    pub team: Option<TeamId>,
    /// The desk phone's number and SIP user (`1001`); also how other agents dial this person.
    pub extension: Option<String>,
    pub locale: Locale,
    /// What the person can do, for routing.
    #[serde(default)]
    pub skills: Skills,
    /// Key of a capacity profile: how much this person does at once; none: the usual.
    #[serde(default)]
    pub capacity: Option<String>,
    pub disabled: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Locale {
    #[default]
    #[serde(rename = "zh-CN")]
    ZhCn,
    #[serde(rename = "en")]
    En,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    pub id: QueueId,
    /// Stable natural key in blueprints and metrics: `[a-z0-9_-]{1,40}`.
    pub key: String,
    pub name: Label,
    pub strategy: Strategy,
    /// How long one agent's desk or phone rings before the offer is withdrawn.
    pub ring_timeout_ms: u64,
    pub wrap_up_ms: u64,
    pub queue_len_max: u32,
    /// After this long without an answer the caller leaves by `overflow`.
    pub wait_max_ms: u64,
    pub overflow: Overflow,
    /// Key of the calendar that says when it is open; none: always.
    #[serde(default)]
    pub hours: Option<String>,
    /// Where a caller goes who comes while it is closed.
    #[serde(default)]
    pub closed: Overflow,
    #[serde(default)]
    pub closing: Closing,
    #[serde(default)]
    pub waiting: WhileWaiting,
    #[serde(default)]
    pub callbacks: Callbacks,
    /// Position is announced this often; 0 never.
    pub announce_every_ms: u64,
    /// Prompt key of the looping music.
    pub music: String,
    pub record: bool,
    pub service_level_threshold_s: u32,
    /// What its service level means and which abandons are short.
    #[serde(default)]
    pub measure: Measure,
    #[serde(default)]
    pub routing: Routing,
    pub members: Vec<QueueMember>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Number {
    pub id: NumberId,
    pub number: String,
    pub name: Label,
    /// What its callers speak: the language of spoken numbers and positions.
    #[serde(default)]
    pub language: Locale,
    pub plan: EntryPlan,
    /// A caller whose record holds an `announcement` hears it after the welcome; it is waited for this long at most. 0: never said.
    #[serde(default)]
    pub announcement_wait_ms: u64,
    /// Key of the calendar that says when the plan runs; none: always.
    #[serde(default)]
    pub hours: Option<String>,
    /// Where a caller goes who comes while it is closed.
    #[serde(default)]
    pub closed: Overflow,
    pub enabled: bool,
}

/// What happens when this number is called. Queues and prompts are named by key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "does", rename_all = "snake_case", deny_unknown_fields)]
pub enum EntryPlan {
    /// Welcome, recording notice, one menu; each prompt optional.
    Ivr {
        welcome: Option<String>,
        recording_notice: Option<String>,
        menu: Menu,
    },
    Queue {
        queue: String,
        welcome: Option<String>,
        recording_notice: Option<String>,
        #[serde(default)]
        priority: u8,
    },
    Echo,
    /// Play a prompt for ever (load tests, information lines).
    Prompt {
        prompt: String,
    },
    /// Greeting, tone, record up to `length_max_ms`, hang up.
    Voicemail {
        greeting: String,
        length_max_ms: u64,
    },
    /// Straight to a fixed SIP target, media through us.
    Bridge {
        target: String,
        record: bool,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Menu {
    pub prompt: String,
    /// Wait this long for a digit after the prompt's end.
    pub timeout_ms: u64,
    /// Times the prompt is played again after no or a wrong digit; then `otherwise`.
    pub repeats: u8,
    pub options: Vec<MenuOption>,
    pub otherwise: MenuTarget,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MenuOption {
    /// One of `0-9 * #`.
    pub digit: char,
    pub label: Label,
    pub target: MenuTarget,
    /// What an agent must be able to do for those who chose this, whatever queue they are in.
    #[serde(default)]
    pub needs: Option<Needs>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "to", rename_all = "snake_case", deny_unknown_fields)]
pub enum MenuTarget {
    Queue {
        queue: String,
        #[serde(default)]
        priority: u8,
    },
    Prompt {
        prompt: String,
    },
    Repeat,
    HangUp {
        prompt: Option<String>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SipTransport {
    #[default]
    Udp,
    Tcp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trunk {
    pub id: TrunkId,
    pub key: String,
    pub name: Label,
    /// Host or address, and port, of the provider.
    pub host: String,
    pub port: u16,
    pub transport: SipTransport,
    /// Addresses whose INVITEs are this trunk's (IP authentication).
    pub inbound: Vec<ipnet::IpNet>,
    /// Digest user for calls out and for registration; the password is sealed in the store.
    pub username: Option<String>,
    pub register: bool,
    /// A dialled number that starts with this goes out here …
    pub prefix: String,
    /// … without its first `strip` digits.
    pub strip: u8,
    /// Shown as the caller; empty = the agent's extension.
    pub caller_id: Option<String>,
    pub calls_max: u32,
    pub enabled: bool,
}

/// A code for a wrap-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    pub key: String,
    pub name: Label,
}

/// Something that can be played. `source` says where the samples come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prompt {
    pub key: String,
    pub name: Label,
    pub source: PromptSource,
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case", deny_unknown_fields)]
pub enum PromptSource {
    /// An asset built into the binary (`assets/prompts/<name>`).
    Builtin { asset: String },
    /// A WAV uploaded or named by a blueprint, kept in the blob store under this name.
    File { path: String },
    /// Synthesised when first used, if a synthesiser is installed; else the built-in fallback tone.
    Speech { text: Label },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Customer {
    pub id: crate::CustomerId,
    pub name: Pii<String>,
    pub phones: Vec<Pii<String>>,
    pub email: Option<Pii<String>>,
    pub company: Option<String>,
    pub tags: Vec<String>,
    pub vip: bool,
    pub note: Option<Pii<String>>,
    /// Spoken to this customer by numbers that say announcements: "Your order is on its way."
    #[serde(default)]
    pub announcement: Option<Pii<String>>,
}
