//! The one door into the engine. The server holds a `Handle`, sends commands, awaits answers, and subscribes to
//! live changes; it never touches a socket, a machine or a worker.
pub use crate::callbacks::CallbackWish;
use crate::monitor::MonitorHandle;
use crate::webhooks::Webhooks;
use domain::call::SuperviseMode;
use domain::callback::{Callback, CancelledBy};
use domain::interaction::Channel;
use domain::live::{AgentLive, AgentStatus, CallLive, Device, OfferLive, WaitingLive};
use domain::routing::Diagnosis;
use domain::{BreakRequestId, CallId, CallbackId, InteractionId, OfferId, QueueId, UserId};
use serde::Serialize;
use std::time::Duration;
use tokio::sync::{broadcast, mpsc, oneshot};

/// Whoever changes the set-up waits so long at most for it to be in force.
pub const CONFIG_IN_FORCE_WAIT_MS: u64 = 2_000;

/// Why a command was refused. Each has a stable code (`CommandError::code`), which the API shows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    #[error("no such {0}")]
    NotFound(&'static str),
    /// The thing exists but is not in a state that allows this (offer taken, call ended, agent on a call …).
    #[error("not possible now: {0}")]
    Conflict(&'static str),
    #[error("invalid {field}: {reason}")]
    Invalid { field: &'static str, reason: String },
    /// A limit with a name was reached.
    #[error("limit reached: {0}")]
    Limit(&'static str),
    /// The engine is draining or its task is gone.
    #[error("unavailable")]
    Unavailable,
}
impl CommandError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "not_found",
            Self::Conflict(_) => "conflict",
            Self::Invalid { .. } => "invalid",
            Self::Limit(_) => "limit_reached",
            Self::Unavailable => "unavailable",
        }
    }
}
pub type CommandResult<T> = Result<T, CommandError>;

/// How an agent's side of a call is to be carried.
#[derive(Debug, Clone)]
pub enum AgentMedia {
    /// SDP offer of the agent's browser (complete, with its candidates); the answer comes back in the result.
    Browser { sdp_offer: String },
    /// Ring the agent's registered desk phone.
    DeskPhone,
}

#[derive(Debug, Clone, Serialize)]
pub struct Connected {
    pub call: CallId,
    /// For `AgentMedia::Browser` only.
    pub sdp_answer: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransferTarget {
    Queue(QueueId),
    Agent(UserId),
    /// A number as dialled: an extension, a number of ours, or one that a trunk's prefix takes out.
    Outside(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallCommand {
    HangUp,
    Hold,
    Unhold,
    Mute(bool),
    /// Digits `0-9A-D*#` to the far side, RFC 4733 (INFO where it was not negotiated).
    Dtmf(String),
    /// A supervisor who takes part changes how, or leaves.
    SuperviseAs {
        user: UserId,
        mode: SuperviseMode,
    },
    StopSupervising {
        user: UserId,
    },
    /// Blind transfer: the agent leaves at once.
    Transfer(TransferTarget),
}

/// Everything the server may ask of the engine. Each carries its answer's channel.
#[derive(Debug)]
pub enum Command {
    SignIn {
        agent: UserId,
        device: Device,
        reply: oneshot::Sender<CommandResult<AgentLive>>,
    },
    SignOut {
        agent: UserId,
        reply: oneshot::Sender<CommandResult<()>>,
    },
    /// Available, Break (with a reason key) or Offline. While on a call it becomes the next status.
    SetStatus {
        agent: UserId,
        status: AgentStatus,
        reason: Option<String>,
        reply: oneshot::Sender<CommandResult<AgentLive>>,
    },
    /// A supervisor's word: as `SetStatus`, without regard to break quotas.
    PutStatus {
        agent: UserId,
        status: AgentStatus,
        reason: Option<String>,
        reply: oneshot::Sender<CommandResult<()>>,
    },
    /// A supervisor decides about a break that waits.
    DecideBreak {
        request: BreakRequestId,
        approve: bool,
        reply: oneshot::Sender<CommandResult<()>>,
    },
    /// Why nobody gets this interaction.
    Diagnose {
        interaction: InteractionId,
        reply: oneshot::Sender<CommandResult<Diagnosis>>,
    },
    SetDevice {
        agent: UserId,
        device: Device,
        reply: oneshot::Sender<CommandResult<AgentLive>>,
    },
    Accept {
        agent: UserId,
        offer: OfferId,
        media: AgentMedia,
        reply: oneshot::Sender<CommandResult<Connected>>,
    },
    Decline {
        agent: UserId,
        offer: OfferId,
        reply: oneshot::Sender<CommandResult<()>>,
    },
    Dial {
        agent: UserId,
        to: String,
        media: AgentMedia,
        reply: oneshot::Sender<CommandResult<Connected>>,
    },
    /// A reloaded page brings new media for a call that is still this agent's (within 15 s of losing the old).
    Resume {
        agent: UserId,
        call: CallId,
        sdp_offer: String,
        reply: oneshot::Sender<CommandResult<Connected>>,
    },
    /// `agent`: whose call it must be; none for a supervisor who may control any.
    Call {
        agent: Option<UserId>,
        call: CallId,
        command: CallCommand,
        reply: oneshot::Sender<CommandResult<()>>,
    },
    /// A supervisor listens, whispers or barges in.
    Supervise {
        user: UserId,
        call: CallId,
        mode: SuperviseMode,
        media: AgentMedia,
        reply: oneshot::Sender<CommandResult<Connected>>,
    },
    WrapUp {
        agent: UserId,
        interaction: InteractionId,
        code: Option<String>,
        note: Option<domain::Pii<String>>,
        reply: oneshot::Sender<CommandResult<()>>,
    },
    /// Configuration in the store changed: read it again and apply it without touching running calls.
    ConfigChanged {
        /// Answered when router and calls follow it; dropped when it could not be read yet.
        done: oneshot::Sender<()>,
    },
    Snapshot {
        reply: oneshot::Sender<Snapshot>,
    },
    /// What a caller of this queue would be promised.
    Outlook {
        queue: QueueId,
        reply: oneshot::Sender<CommandResult<domain::estimate::Outlook>>,
    },
    /// Somebody is to be called back.
    RequestCallback {
        wish: Box<CallbackWish>,
        reply: oneshot::Sender<CommandResult<Callback>>,
    },
    /// Not while customer and agent talk.
    CancelCallback {
        id: CallbackId,
        by: CancelledBy,
        reply: oneshot::Sender<CommandResult<()>>,
    },
    /// Play the demo customer that calls this agent's queue (demo only; refused elsewhere).
    CallMe {
        agent: UserId,
        reply: oneshot::Sender<CommandResult<()>>,
    },
}

/// The live state of everything, for a stream's first message.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Snapshot {
    pub agents: Vec<AgentLive>,
    pub waiting: Vec<WaitingLive>,
    pub offers: Vec<OfferLive>,
    pub calls: Vec<CallLive>,
    pub trunks: Vec<TrunkLive>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrunkLive {
    pub key: String,
    /// `up`, `down`, `unknown` (nothing asked yet), `disabled`.
    pub state: &'static str,
    pub calls: u32,
    pub last_error: Option<String>,
}

/// One live change; the server filters by what the receiver may see, masks, numbers and sends it.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub enum LiveChange {
    Agent(AgentLive),
    Offer(OfferLive),
    OfferEnded { offer: OfferId, agent: UserId, result: String },
    Waiting(WaitingLive),
    WaitingEnded { interaction: InteractionId, queue: QueueId },
    Call(CallLive),
    CallEnded { call: CallId, agent: Option<UserId>, channel: Channel },
    Trunk(TrunkLive),
}

/// Commands wait in a queue this long; beyond it the server is answered `Unavailable`.
pub const COMMAND_QUEUE_LEN_MAX: usize = 1024;
/// Live changes kept for slow subscribers; beyond it they get a lag and must take a snapshot.
pub const LIVE_QUEUE_LEN_MAX: usize = 4096;

#[derive(Debug, Clone)]
pub struct Handle {
    commands: mpsc::Sender<Command>,
    live: broadcast::Sender<LiveChange>,
    monitor: MonitorHandle,
    webhooks: Webhooks,
}

impl Handle {
    pub fn new(commands: mpsc::Sender<Command>, live: broadcast::Sender<LiveChange>, monitor: MonitorHandle, webhooks: Webhooks) -> Self {
        Self { commands, live, monitor, webhooks }
    }

    /// Posts to other systems.
    pub fn webhooks(&self) -> &Webhooks {
        &self.webhooks
    }

    /// The numbers and the alerts of this moment.
    pub fn monitor(&self) -> &MonitorHandle {
        &self.monitor
    }

    /// Sends a command and awaits its answer: `handle.ask(|reply| Command::SignOut { agent, reply }).await?`.
    pub async fn ask<T>(&self, command: impl FnOnce(oneshot::Sender<CommandResult<T>>) -> Command) -> CommandResult<T> {
        let (reply, answer) = oneshot::channel();
        self.commands.try_send(command(reply)).map_err(|_| CommandError::Unavailable)?;
        answer.await.map_err(|_| CommandError::Unavailable)?
    }

    pub async fn snapshot(&self) -> CommandResult<Snapshot> {
        let (reply, answer) = oneshot::channel();
        self.commands.try_send(Command::Snapshot { reply }).map_err(|_| CommandError::Unavailable)?;
        answer.await.map_err(|_| CommandError::Unavailable)
    }

    /// The set-up in the store has changed: returns when router and calls follow it, so that what an answer says is true for the
    /// next call. Waits no longer than `CONFIG_IN_FORCE_WAIT_MS`; it comes into force all the same.
    pub async fn config_changed(&self) {
        let (done, in_force) = oneshot::channel();
        // A full queue means a reload is already waiting behind other commands; the engine also re-reads every minute.
        if self.commands.try_send(Command::ConfigChanged { done }).is_ok() {
            let _ = tokio::time::timeout(Duration::from_millis(CONFIG_IN_FORCE_WAIT_MS), in_force).await;
        }
    }

    pub fn subscribe(&self) -> broadcast::Receiver<LiveChange> {
        self.live.subscribe()
    }
}
