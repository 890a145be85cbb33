//! What the engine hands to a channel's driver, and what it asks of it. `voice` is the one driver now.
use crate::clock::{Clock, IdSource};
use crate::config::{EngineConfig, SharedSetup};
use crate::customers::Customers;
use crate::handle::{AgentMedia, CallCommand, CommandError, CommandResult, Connected};
use crate::hours::SharedHours;
use crate::recordings::Recordings;
use crate::routing::RouterHandle;
use crate::state::LiveState;
use crate::writer::Writer;
use domain::call::{CallbackOrder, SuperviseMode, Wish};
use domain::callback::End;
use domain::routing::CallBelief;
use domain::{CallId, OfferId, Pii, UserId};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// Everything a driver needs of the rest of the engine. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Context {
    pub config: Arc<EngineConfig>,
    pub setup: SharedSetup,
    /// As of the same reload as `setup`.
    pub hours: SharedHours,
    pub router: RouterHandle,
    pub writer: Writer,
    pub live: LiveState,
    pub clock: Clock,
    pub ids: IdSource,
    pub store: Arc<store::Store>,
    /// Sinks for `media`'s recorder.
    pub recordings: Recordings,
    /// The customer behind a number, cached, with a time limit.
    pub customers: Customers,
    /// News of callbacks; see [`CallbackNews`].
    pub callbacks: mpsc::Sender<CallbackNews>,
}

/// A call that is to stand in line with nobody on it.
#[derive(Debug, Clone)]
pub struct CallBack {
    pub call: CallId,
    pub order: CallbackOrder,
    pub number: Pii<String>,
    pub local: String,
}

/// What calls tell the book of callbacks.
#[derive(Debug)]
pub enum CallbackNews {
    /// A caller wants to be called back; `VoiceCommand::Booked` answers.
    Wished {
        call: CallId,
        wish: Box<Wish>,
    },
    /// The callback that was taken for this caller is not wanted after all.
    Unwished {
        call: CallId,
    },
    /// The customer of this callback's call is being dialled.
    Dialled {
        call: CallId,
    },
    Ended {
        call: CallId,
        end: End,
    },
}

/// What a driver tells when it is up.
#[derive(Debug, Clone)]
pub struct VoiceRunning {
    /// The address that the SIP sockets are bound to.
    pub sip_addr: std::net::SocketAddr,
}

/// What the dispatcher passes on to the voice driver. A reply that is dropped reads as `Unavailable`.
#[derive(Debug)]
pub enum VoiceCommand {
    /// The agent takes the offer of this call: the call's task asks the router (`Input::Accept`) and connects the media.
    Accept {
        agent: UserId,
        call: CallId,
        offer: OfferId,
        media: AgentMedia,
        reply: oneshot::Sender<CommandResult<Connected>>,
    },
    Dial {
        agent: UserId,
        to: String,
        media: AgentMedia,
        reply: oneshot::Sender<CommandResult<Connected>>,
    },
    Resume {
        agent: UserId,
        call: CallId,
        sdp_offer: String,
        reply: oneshot::Sender<CommandResult<Connected>>,
    },
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
    /// Demo only: a simulated customer calls a queue of this agent.
    CallMe {
        agent: UserId,
        reply: oneshot::Sender<CommandResult<()>>,
    },
    /// Stand in line for a callback; `CallbackNews::Ended` follows.
    CallBack(Box<CallBack>),
    /// The callback is not wanted any more; those who talk, talk on.
    WithdrawCallback {
        call: CallId,
    },
    /// Whether the callback that this call's customer wished is taken.
    Booked {
        call: CallId,
        taken: bool,
    },
    /// `Context::setup` holds a new set-up: registrations, trunks and numbers follow it.
    SetupChanged {
        done: oneshot::Sender<()>,
    },
    /// What every running call believes, for the reconciler.
    Beliefs {
        reply: oneshot::Sender<Vec<CallBelief>>,
    },
    /// Take no new calls (503); answer with the number of running ones at once.
    Drain {
        reply: oneshot::Sender<usize>,
    },
    /// How many calls run.
    Running {
        reply: oneshot::Sender<usize>,
    },
    /// End every call that still runs, close the sockets, stop the threads; answer when done.
    Stop {
        reply: oneshot::Sender<()>,
    },
}

/// Commands waiting for the voice driver.
pub const VOICE_QUEUE_LEN_MAX: usize = 1024;

#[derive(Debug, Clone)]
pub struct VoiceHandle {
    commands: mpsc::Sender<VoiceCommand>,
}
impl VoiceHandle {
    pub fn new(commands: mpsc::Sender<VoiceCommand>) -> Self {
        Self { commands }
    }

    /// Hands the command over; on a full queue the reply in it is dropped, which its waiter reads as `Unavailable`.
    pub fn send(&self, command: VoiceCommand) -> CommandResult<()> {
        self.commands.try_send(command).map_err(|_| CommandError::Unavailable)
    }

    pub async fn ask<T>(&self, command: impl FnOnce(oneshot::Sender<T>) -> VoiceCommand) -> CommandResult<T> {
        let (reply, answer) = oneshot::channel();
        self.send(command(reply))?;
        answer.await.map_err(|_| CommandError::Unavailable)
    }

    /// For what must not be lost: waits for room in a full queue.
    pub async fn ask_in_turn<T>(&self, command: impl FnOnce(oneshot::Sender<T>) -> VoiceCommand) -> CommandResult<T> {
        let (reply, answer) = oneshot::channel();
        self.commands.send(command(reply)).await.map_err(|_| CommandError::Unavailable)?;
        answer.await.map_err(|_| CommandError::Unavailable)
    }
}
