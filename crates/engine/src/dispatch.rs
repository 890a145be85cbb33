//! What the server asks, carried to whoever can do it: agents' wishes to the router, calls' to the voice driver.
use crate::callbacks::CallbackCommand;
use crate::handle::{AgentMedia, Command, CommandError, CommandResult, Connected};
use crate::port::{VoiceCommand, VoiceHandle};
use crate::routing::{RouterError, RouterHandle};
use crate::state::LiveState;
use crate::writer::Writer;
use domain::routing::{Input, Refusal};
use domain::{InteractionId, OfferId, Pii, UserId};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use store::history::WrapUp;
use store::{Record, Store, StoreError};
use tokio::sync::{mpsc, oneshot};

pub(crate) struct Dispatcher {
    pub router: RouterHandle,
    pub voice: VoiceHandle,
    pub callbacks: mpsc::Sender<CallbackCommand>,
    pub live: LiveState,
    pub writer: Writer,
    pub store: Arc<Store>,
    pub reload: mpsc::Sender<oneshot::Sender<()>>,
    pub demo: bool,
    pub draining: Arc<AtomicBool>,
}

impl Dispatcher {
    /// Runs until every `Handle` is dropped.
    pub async fn run(self, mut commands: mpsc::Receiver<Command>) {
        while let Some(command) = commands.recv().await {
            self.carry_out(command).await;
        }
    }

    /// Replies to somebody who no longer waits are dropped, here and below.
    async fn carry_out(&self, command: Command) {
        match command {
            Command::SignIn { agent, device, reply } => {
                let done = self.router.ask(Input::SignIn { agent, device }).await;
                let _ = reply.send(self.agent_after(agent, done));
            }
            Command::SignOut { agent, reply } => {
                let _ = reply.send(self.router.ask(Input::SignOut { agent }).await.map_err(refused));
            }
            Command::SetStatus { agent, status, reason, reply } => {
                let done = self.router.ask(Input::SetStatus { agent, status, reason }).await;
                let _ = reply.send(self.agent_after(agent, done));
            }
            Command::PutStatus { agent, status, reason, reply } => {
                let _ = reply.send(self.router.ask(Input::PutStatus { agent, status, reason }).await.map_err(refused));
            }
            Command::DecideBreak { request, approve, reply } => {
                let _ = reply.send(self.router.ask(Input::DecideBreak { request, approve }).await.map_err(refused));
            }
            Command::Diagnose { interaction, reply } => {
                let found = self.router.diagnose(interaction).await.map_err(refused);
                let _ = reply.send(found.and_then(|d| d.ok_or(CommandError::NotFound("waiting interaction"))));
            }
            Command::SetDevice { agent, device, reply } => {
                let done = self.router.ask(Input::SetDevice { agent, device }).await;
                let _ = reply.send(self.agent_after(agent, done));
            }
            Command::Accept { agent, offer, media, reply } => self.accept(agent, offer, media, reply),
            Command::Decline { agent, offer, reply } => {
                let _ = reply.send(self.router.ask(Input::Decline { agent, offer }).await.map_err(refused));
            }
            Command::Supervise { user, call, mode, media, reply } => {
                self.to_voice(VoiceCommand::Supervise { user, call, mode, media, reply });
            }
            Command::Dial { reply, .. } if self.draining() => drop(reply.send(Err(CommandError::Unavailable))),
            Command::Dial { agent, to, media, reply } => self.to_voice(VoiceCommand::Dial { agent, to, media, reply }),
            Command::Resume { agent, call, sdp_offer, reply } => {
                self.to_voice(VoiceCommand::Resume { agent, call, sdp_offer, reply });
            }
            Command::Call { agent, call, command, reply } => self.to_voice(VoiceCommand::Call { agent, call, command, reply }),
            Command::WrapUp { agent, interaction, code, note, reply } => self.wrap_up(agent, interaction, code, note, reply),
            // A full channel means that reloads are already asked for.
            Command::ConfigChanged { done } => drop(self.reload.try_send(done)),
            Command::Snapshot { reply } => drop(reply.send(self.live.snapshot())),
            Command::Outlook { queue, reply } => drop(reply.send(self.live.outlook(queue).ok_or(CommandError::NotFound("queue")))),
            // A book that is gone, or too busy, drops the reply: `Unavailable`.
            Command::RequestCallback { wish, reply } => drop(self.callbacks.try_send(CallbackCommand::Request { wish, reply })),
            Command::CancelCallback { id, by, reply } => {
                drop(self.callbacks.try_send(CallbackCommand::Cancel { id, by, reply }));
            }
            Command::CallMe { reply, .. } if !self.demo => drop(reply.send(Err(CommandError::Conflict("only in the demo")))),
            Command::CallMe { agent, reply } => self.to_voice(VoiceCommand::CallMe { agent, reply }),
        }
    }

    fn draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// A driver that cannot take the command drops it and the reply in it, which reads as `Unavailable`.
    fn to_voice(&self, command: VoiceCommand) {
        let _ = self.voice.send(command);
    }

    fn agent_after(&self, agent: UserId, done: Result<(), RouterError>) -> CommandResult<domain::live::AgentLive> {
        done.map_err(refused)?;
        self.live.agent(agent).ok_or(CommandError::NotFound("agent"))
    }

    /// The offer names its call; that call's task asks the router, so that answer and media cannot fall apart.
    fn accept(&self, agent: UserId, offer: OfferId, media: AgentMedia, reply: oneshot::Sender<CommandResult<Connected>>) {
        match self.live.offer(offer).filter(|o| o.agent == agent) {
            Some(o) => self.to_voice(VoiceCommand::Accept { agent, call: o.interaction.into(), offer, media, reply }),
            None => drop(reply.send(Err(refused(RouterError::Refused(Refusal::OfferGone))))),
        }
    }

    /// Saves code and note, then ends the agent's wrap-up if this is the one it is in. Answers when both are in the store.
    fn wrap_up(
        &self,
        agent: UserId,
        interaction: InteractionId,
        code: Option<String>,
        note: Option<Pii<String>>,
        reply: oneshot::Sender<CommandResult<()>>,
    ) {
        let current = self.live.agent(agent).is_some_and(|a| a.works.iter().any(|w| w.interaction == interaction));
        let (router, writer, store) = (self.router.clone(), self.writer.clone(), self.store.clone());
        // Beside the command loop: the database's time is not the next command's.
        tokio::spawn(async move {
            let done = save_wrap_up(&router, &writer, &store, current, agent, interaction, code, note).await;
            let _ = reply.send(done);
        });
    }
}

#[expect(clippy::too_many_arguments, reason = "the parts of one command")]
async fn save_wrap_up(
    router: &RouterHandle,
    writer: &Writer,
    store: &Store,
    current: bool,
    agent: UserId,
    interaction: InteractionId,
    code: Option<String>,
    note: Option<Pii<String>>,
) -> CommandResult<()> {
    if !current {
        // An edit of an older one; whose it is the server has checked.
        match store::repo::interactions::get(store, interaction).await {
            Ok(_) => {}
            Err(StoreError::NotFound(_)) => return Err(CommandError::NotFound("interaction")),
            Err(error) => {
                tracing::error!(%error, "wrap-up not saved");
                return Err(CommandError::Unavailable);
            }
        }
    }
    writer.record(Record::WrapUp(WrapUp { interaction, code: code.clone(), note, wrap_up_ms: None }));
    if current {
        match router.ask(Input::WrapUpDone { agent, interaction, code }).await {
            // Still talking: code and note are saved, the wrap-up comes later. Over by time: nothing left to end.
            Ok(()) | Err(RouterError::Refused(_)) => {}
            Err(error) => return Err(refused(error)),
        }
    }
    if writer.flush().await { Ok(()) } else { Err(CommandError::Unavailable) }
}

/// The router's refusals in the words of the API.
pub(crate) fn refused(error: RouterError) -> CommandError {
    let RouterError::Refused(why) = error else { return CommandError::Unavailable };
    match why {
        Refusal::NoSuchAgent => CommandError::NotFound("agent"),
        Refusal::NoSuchQueue => CommandError::NotFound("queue"),
        Refusal::OfferGone => CommandError::Conflict("the offer is gone"),
        Refusal::Offline => CommandError::Conflict("the agent is offline"),
        Refusal::Busy => CommandError::Conflict("the agent is busy"),
        Refusal::NotAvailable => CommandError::Conflict("the agent is not available"),
        Refusal::PhoneNotRegistered => CommandError::Conflict("the desk phone is not registered"),
        Refusal::InvalidStatus => {
            CommandError::Invalid { field: "status", reason: "only available, break and offline can be set".to_owned() }
        }
        Refusal::Duplicate => CommandError::Conflict("the interaction already waits or talks"),
        Refusal::NotTheirs => CommandError::Conflict("the agent is not in that interaction"),
        Refusal::BreakFull => CommandError::Conflict("too many are on a break"),
        Refusal::NoSuchRequest => CommandError::NotFound("break request"),
        Refusal::WaitingMax => CommandError::Limit("waiting_max"),
    }
}
