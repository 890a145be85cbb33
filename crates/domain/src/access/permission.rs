//! The permissions: one a kind of act, named `thing.act`.
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr};

macro_rules! permissions {
    ($($(#[$m:meta])* $variant:ident = $name:literal),* $(,)?) => {
        /// One kind of act. The names are stable: API keys and the web client carry them.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Permission { $($(#[$m])* $variant),* }
        impl Permission {
            pub const ALL: &'static [Permission] = &[$(Permission::$variant),*];
            pub const fn name(self) -> &'static str { match self { $(Permission::$variant => $name),* } }
        }
        impl FromStr for Permission {
            type Err = UnknownPermission;
            fn from_str(s: &str) -> Result<Self, UnknownPermission> {
                match s { $($name => Ok(Permission::$variant),)* other => Err(UnknownPermission(other.chars().take(64).collect())) }
            }
        }
    };
}
permissions! {
    /// Be an agent: status, device, take and decline offers, resume a call, read the softphone's set-up.
    AgentWork = "agent.work",
    /// Set others' status, decide about their breaks, put them into queues and take them out.
    AgentSupervise = "agent.supervise",
    /// Ring a number (`POST /me/calls`).
    CallDial = "call.dial",
    /// Hang up, hold, mute, send digits, transfer.
    CallControl = "call.control",
    /// Listen to another's call, whisper to the agent, barge in; every use is audited.
    CallMonitor = "call.monitor",
    /// The live picture: agents, waiting, calls, trunks.
    LiveView = "live.view",
    /// Make and change wallboards.
    BoardWrite = "board.write",
    AlertAcknowledge = "alert.acknowledge",
    /// Plan: what past days measured, the staffing calculator, what-if runs.
    PlanningUse = "planning.use",
    /// Interactions with their segments, legs and events.
    InteractionRead = "interaction.read",
    /// Who is to be called back.
    CallbackRead = "callback.read",
    /// Have a customer called back, or not after all.
    CallbackWrite = "callback.write",
    /// Wrap-up code and note.
    InteractionWrapUp = "interaction.wrap_up",
    /// Recording and waveform; every use is audited.
    RecordingPlay = "recording.play",
    /// Customers, masked.
    CustomerRead = "customer.read",
    CustomerWrite = "customer.write",
    /// See phone numbers and names unmasked.
    CustomerReveal = "customer.reveal",
    /// Users, teams and roles, without secrets.
    UserRead = "user.read",
    /// Create, change, disable users; set their phone's password.
    UserManage = "user.manage",
    /// Set another's password, unlock after failed sign-ins.
    UserCredentials = "user.credentials",
    /// Give and take roles.
    RoleAssign = "role.assign",
    /// Queues, numbers, trunks, prompts, codes.
    ConfigRead = "config.read",
    ConfigWrite = "config.write",
    /// Turn a calendar's switch: open, closed, emergency.
    CalendarSwitch = "calendar.switch",
    ApiKeyManage = "api_key.manage",
    AuditRead = "audit.read",
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no permission is called {0:?}")]
pub struct UnknownPermission(pub String);

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
impl fmt::Debug for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
impl Serialize for Permission {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.name())
    }
}
impl<'de> Deserialize<'de> for Permission {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(d)?;
        name.parse().map_err(serde::de::Error::custom)
    }
}
