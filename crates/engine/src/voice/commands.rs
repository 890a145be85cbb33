//! Orders of the dispatcher.
use super::cell::{BrowserOffer, Waiter};
use super::driver::Driver;
use crate::handle::{AgentMedia, CallCommand, CommandError, CommandResult, Connected, TransferTarget};
use crate::port::{CallBack, CallbackNews, VoiceCommand};
use domain::call::{Ask, Input, Origin, Setup, SuperviseMode};
use domain::callback::End;
use domain::live::Device;
use domain::routing::CallBelief;
use domain::{CallId, UserId};
use tokio::sync::oneshot;

impl Driver {
    pub fn on_command(&mut self, command: VoiceCommand) {
        // A reply that nobody waits for any more is no error anywhere below.
        match command {
            VoiceCommand::Accept { agent, call, offer, media, reply } => self.accept(agent, call, offer, media, reply),
            VoiceCommand::Dial { agent, to, media, reply } => self.order_dial(agent, to, media, reply),
            VoiceCommand::Resume { agent, call, sdp_offer, reply } => self.resume(agent, call, sdp_offer, reply),
            VoiceCommand::Call { agent, call, command, reply } => self.order(agent, call, command, reply),
            VoiceCommand::Supervise { user, call, mode, media, reply } => self.supervise(user, call, mode, media, reply),
            VoiceCommand::CallMe { agent, reply } => self.call_me(agent, reply),
            VoiceCommand::CallBack(back) => self.call_back(*back),
            VoiceCommand::WithdrawCallback { call } => self.feed(call, Input::Withdrawn),
            VoiceCommand::Booked { call, taken } => self.feed(call, Input::Booked { taken }),
            VoiceCommand::SetupChanged { done } => {
                self.setup_changed();
                let _ = done.send(());
            }
            VoiceCommand::Beliefs { reply } => drop(reply.send(self.beliefs())),
            VoiceCommand::Running { reply } => drop(reply.send(self.running())),
            VoiceCommand::Drain { reply } => {
                self.draining = true;
                self.endpoint.set_draining(true);
                self.withdraw_places();
                let _ = reply.send(self.running());
            }
            VoiceCommand::Stop { reply } => self.stop(reply),
        }
    }

    fn order(&mut self, agent: Option<UserId>, call: CallId, command: CallCommand, reply: oneshot::Sender<CommandResult<()>>) {
        let known = self.calls.get(&call).is_some_and(|c| agent.is_none_or(|a| c.machine.has_agent(a)));
        let ask = if known { self.ask_of(command) } else { Err(CommandError::NotFound("call")) };
        match ask {
            Ok(ask) => self.with_call(call, |_, cell| {
                let request = cell.expect(Waiter::Done(reply));
                cell.pending.push_back(Input::Asked { request, ask });
            }),
            Err(error) => drop(reply.send(Err(error))),
        }
    }

    fn ask_of(&self, command: CallCommand) -> CommandResult<Ask> {
        Ok(match command {
            CallCommand::HangUp => Ask::HangUp,
            CallCommand::Hold => Ask::Hold,
            CallCommand::Unhold => Ask::Unhold,
            CallCommand::Mute(on) => Ask::Mute(on),
            CallCommand::Dtmf(digits) => Ask::Dtmf(digits),
            CallCommand::SuperviseAs { user, mode } => Ask::SuperviseAs { user, mode },
            CallCommand::StopSupervising { user } => Ask::StopSupervising { user },
            CallCommand::Transfer(TransferTarget::Queue(queue)) => Ask::TransferQueue(queue),
            CallCommand::Transfer(TransferTarget::Agent(agent)) => Ask::TransferAgent(agent),
            CallCommand::Transfer(TransferTarget::Outside(dialled)) => match self.directory.resolve(&dialled) {
                Some(target) => Ask::TransferTo { dialled, target },
                None => return Err(CommandError::Invalid { field: "number", reason: "leads nowhere".into() }),
            },
        })
    }

    /// A supervisor joins: their browser's media, or their desk phone rings.
    fn supervise(
        &mut self,
        user: UserId,
        call: CallId,
        mode: SuperviseMode,
        media: AgentMedia,
        reply: oneshot::Sender<CommandResult<Connected>>,
    ) {
        let refusal = match self.calls.get(&call) {
            None => Some(CommandError::NotFound("call")),
            Some(cell) if cell.browser.is_some() => Some(CommandError::Conflict("somebody else is being connected")),
            Some(_) => None,
        };
        if let Some(refusal) = refusal {
            drop(reply.send(Err(refusal)));
            return;
        }
        self.with_call(call, |_, cell| {
            let (device, waiter) = match media {
                AgentMedia::Browser { sdp_offer } => {
                    cell.browser = Some(BrowserOffer { sdp: sdp_offer, reply });
                    (Device::Browser, Waiter::Browser)
                }
                AgentMedia::DeskPhone => (Device::DeskPhone, Waiter::Joined(reply)),
            };
            let request = cell.expect(waiter);
            cell.pending.push_back(Input::Asked { request, ask: Ask::Supervise { user, device, mode } });
        });
    }

    fn beliefs(&self) -> Vec<CallBelief> {
        let believe = |cell: &super::cell::CallCell| CallBelief {
            interaction: cell.id.into(),
            waiting: cell.machine.is_waiting(),
            agents: cell.machine.agents().collect(),
        };
        self.calls.values().map(|c| believe(c)).collect()
    }

    /// A callback stands in line from here on.
    fn call_back(&mut self, back: CallBack) {
        let CallBack { call, order, number, local } = back;
        if self.draining {
            return self.tell_book(CallbackNews::Ended { call, end: End::NotDialled });
        }
        let trunk = order.trunk;
        self.begin(Setup { call, origin: Origin::Callback(Box::new(order)), remote: number, local, trunk }, |_| {});
    }

    /// Places in lines keep nobody waiting for the end of this process: the next one takes them again.
    fn withdraw_places(&mut self) {
        let places: Vec<CallId> = self.calls.values().filter(|c| c.machine.is_place()).map(|c| c.id).collect();
        for call in places {
            self.feed(call, Input::Withdrawn);
        }
    }

    fn call_me(&mut self, agent: UserId, reply: oneshot::Sender<CommandResult<()>>) {
        let way = self.directory.way_to(agent);
        let result = match (&self.demo, way) {
            (None, _) => Err(CommandError::Conflict("only the demo has simulated customers")),
            (Some(_), None) => Err(CommandError::Conflict("no number leads to a queue of yours")),
            (Some(demo), Some((number, digit))) => {
                demo.try_send(super::demo::Order::CallNow { number, digit }).map_err(|_| CommandError::Limit("demo customers"))
            }
        };
        drop(reply.send(result));
    }

    /// Ends every call; the loop answers when all are gone or the time is up.
    fn stop(&mut self, reply: oneshot::Sender<()>) {
        self.draining = true;
        self.endpoint.set_draining(true);
        let deadline = self.now.plus_ms(STOP_MS);
        self.stopping.get_or_insert((deadline, Vec::new())).1.push(reply);
        let running: Vec<CallId> = self.calls.keys().copied().collect();
        for call in running {
            self.feed(call, Input::Shutdown);
        }
        self.unregister_trunks();
    }
}

/// Peers may take this long to confirm the BYEs of a stop.
const STOP_MS: u64 = 2_000;
