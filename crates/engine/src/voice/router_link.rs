//! Between the calls and the routing task: requests go out in order, effects and answers come back as news.
use super::cell::{BrowserOffer, CallCell, Waiter};
use super::driver::{Driver, Inbox};
use crate::handle::{AgentMedia, CommandError, CommandResult, Connected};
use crate::routing::{RouterError, RouterHandle};
use domain::call::{Chosen, Input, Origin, RouteRequest, Setup, Target};
use domain::interaction::Channel;
use domain::live::Device;
use domain::routing::{self, Card, DirectOffer, Enqueue};
use domain::{CallId, OfferId, UserId};
use tokio::sync::{mpsc, oneshot};

/// Requests to the router waiting in line.
pub const ROUTER_JOBS_MAX: usize = 8192;

pub(super) struct RouterJob {
    pub call: CallId,
    pub input: routing::Input,
    pub want: Want,
}

/// What the answer to a request means.
pub(super) enum Want {
    Nothing,
    /// The call must know when it is not taken.
    Queue,
    /// An agent's own accept: a refusal goes to whoever asked.
    Accept,
    /// A person who clicked to dial is reserved first.
    Dial(Box<DialOrder>),
}

pub(super) struct DialOrder {
    pub agent: UserId,
    pub dialled: String,
    pub target: Target,
    pub media: AgentMedia,
    pub reply: oneshot::Sender<CommandResult<Connected>>,
}

pub(super) enum RouterNews {
    Effect(routing::Effect),
    NotQueued(RouterError),
    NotAccepted(RouterError),
    Reserved(Box<DialOrder>, Result<(), RouterError>),
}

/// Carries requests to the router one by one, so that their order is kept, and brings the answers back.
pub(super) async fn relay(router: RouterHandle, mut jobs: mpsc::Receiver<RouterJob>, inbox: mpsc::Sender<Inbox>) {
    while let Some(job) = jobs.recv().await {
        let news = match job.want {
            Want::Nothing => {
                router.tell(job.input).await;
                continue;
            }
            Want::Queue => router.ask(job.input).await.err().map(RouterNews::NotQueued),
            Want::Accept => router.ask(job.input).await.err().map(RouterNews::NotAccepted),
            Want::Dial(order) => Some(RouterNews::Reserved(order, router.ask(job.input).await)),
        };
        if let Some(news) = news
            && inbox.send(Inbox::Router(job.call, news)).await.is_err()
        {
            return;
        }
    }
}

impl Driver {
    pub fn tell_router(&mut self, call: CallId, input: routing::Input, want: Want) {
        if let Err(error) = self.router.try_send(RouterJob { call, input, want }) {
            metrics::counter!("zhiyin_router_requests_lost_total").increment(1);
            tracing::error!(%call, "request to the router lost");
            // The reconciler frees what stays reserved; a call that wanted a queue must not wait for ever.
            if matches!(error.into_inner().want, Want::Queue) {
                self.feed(call, Input::RouteRefused { why: "the router is busy" });
            }
        }
    }

    pub fn route(&mut self, cell: &mut CallCell, request: RouteRequest) {
        let interaction = cell.id.into();
        let (input, want) = match request {
            RouteRequest::Enqueue { queue, priority, head, since, reason, again, chosen, callback } => {
                self.attach(cell);
                let card = Card { menu_digit: chosen.menu_digit, ..card(cell, reason) };
                let (Chosen { needs, may_move, .. }, prefer) = (chosen, cell.prefer);
                // Who has been talked to in this call has had what the earlier ones were for.
                let open = callback.is_none() && cell.machine.interaction().answered_at.is_none();
                let resumed_since = cell.places.iter().find(|p| open && p.queue == queue).map(|p| p.since);
                let new = Enqueue::new(interaction, queue, since);
                let place = Enqueue { priority, card, head, again, needs, prefer, may_move, callback, resumed_since, ..new };
                (routing::Input::Enqueue(place), Want::Queue)
            }
            RouteRequest::OfferTo { agent, queue, since, ring_timeout_ms, reason } => {
                self.attach(cell);
                let card = card(cell, reason);
                let channel = Channel::Voice;
                let offer = DirectOffer { interaction, channel, agent, queue, card, since, ring_timeout_ms };
                (routing::Input::DirectOffer(offer), Want::Queue)
            }
            RouteRequest::Leave { reason } => (routing::Input::Leave { interaction, reason: reason.to_owned() }, Want::Nothing),
            RouteRequest::Accept { offer, agent } => (routing::Input::Accept { agent, offer }, Want::Accept),
            RouteRequest::Decline { offer, agent } => (routing::Input::Decline { agent, offer }, Want::Nothing),
            RouteRequest::Occupy { agent } if cell.reserved == Some(agent) => return,
            RouteRequest::Occupy { agent } => (routing::Input::AgentBusy { agent, interaction }, Want::Nothing),
            RouteRequest::Release { agent, queue, wrap_up_ms, away } => {
                (routing::Input::Released { agent, interaction, queue, wrap_up_ms, away: away.map(str::to_owned) }, Want::Nothing)
            }
        };
        let call = cell.id;
        if let Err(error) = self.router.try_send(RouterJob { call, input, want }) {
            metrics::counter!("zhiyin_router_requests_lost_total").increment(1);
            if matches!(error.into_inner().want, Want::Queue) {
                cell.pending.push_back(Input::RouteRefused { why: "the router is busy" });
            }
        }
    }

    /// From the first request on, the router's effects for this call come in as news.
    fn attach(&mut self, cell: &mut CallCell) {
        if cell.attachment.is_some() {
            return;
        }
        let call = cell.id;
        let mut attachment = self.ctx.router.attach(call.into());
        let inbox = self.inbox.clone();
        cell.attachment = Some(self.runtime.spawn(async move {
            while let Some(effect) = attachment.next().await {
                if inbox.send(Inbox::Router(call, RouterNews::Effect(effect))).await.is_err() {
                    return;
                }
            }
        }));
    }

    pub fn on_router(&mut self, call: CallId, news: RouterNews) {
        match news {
            RouterNews::Effect(effect) => self.on_router_effect(call, effect),
            RouterNews::NotQueued(error) => {
                tracing::info!(%call, %error, "not queued");
                self.feed(call, Input::RouteRefused { why: "refused by the router" });
            }
            RouterNews::NotAccepted(error) => self.with_call(call, |_, cell| {
                cell.device = None;
                if let Some(offer) = cell.browser.take() {
                    let why = match error {
                        RouterError::Refused(_) => CommandError::Conflict("the offer is gone"),
                        RouterError::Unavailable => CommandError::Unavailable,
                    };
                    // The asker may be gone.
                    let _ = offer.reply.send(Err(why));
                }
            }),
            RouterNews::Reserved(order, Ok(())) => self.dial_reserved(call, *order),
            RouterNews::Reserved(order, Err(error)) => {
                let why = match error {
                    RouterError::Refused(routing::Refusal::Offline) => CommandError::Conflict("you are offline"),
                    RouterError::Refused(_) => CommandError::Conflict("you are busy"),
                    RouterError::Unavailable => CommandError::Unavailable,
                };
                // The asker may be gone.
                let _ = order.reply.send(Err(why));
            }
        }
    }

    fn on_router_effect(&mut self, call: CallId, effect: routing::Effect) {
        let input = match effect {
            routing::Effect::Offer { offer, device } => Input::Offered { offer: offer.offer, agent: offer.agent, device },
            routing::Effect::Withdraw { offer, result, .. } => Input::OfferEnded { offer, result: result.word() },
            routing::Effect::Assigned { agent, offer, device, interaction, .. } => {
                let Some(cell) = self.calls.get_mut(&call) else {
                    let input = routing::Input::Released { agent, interaction, queue: None, wrap_up_ms: 0, away: None };
                    return self.tell_router(call, input, Want::Nothing);
                };
                let device = cell.device.take().unwrap_or(device);
                Input::Assigned { offer, agent, device }
            }
            routing::Effect::Announce { position, wait, .. } => Input::Announce { position, wait },
            routing::Effect::Overflow { to, .. } => Input::Overflow { to },
            routing::Effect::Turn { .. } => Input::Turn,
            routing::Effect::EnqueueAgain { .. } => Input::EnqueueAgain,
            _ => return,
        };
        self.feed(call, input);
    }

    /// An agent takes an offered call in the browser or on the phone.
    pub fn accept(
        &mut self,
        agent: UserId,
        call: CallId,
        offer: OfferId,
        media: AgentMedia,
        reply: oneshot::Sender<CommandResult<Connected>>,
    ) {
        let Some(cell) = self.calls.get_mut(&call) else {
            // The asker may be gone.
            let _ = reply.send(Err(CommandError::Conflict("the caller has left")));
            return;
        };
        if cell.browser.is_some() {
            let _ = reply.send(Err(CommandError::Conflict("already being answered")));
            return;
        }
        match media {
            AgentMedia::Browser { sdp_offer } => {
                cell.device = Some(Device::Browser);
                cell.browser = Some(BrowserOffer { sdp: sdp_offer, reply });
            }
            AgentMedia::DeskPhone => {
                cell.device = Some(Device::DeskPhone);
                let _ = reply.send(Ok(Connected { call, sdp_answer: None }));
            }
        }
        self.tell_router(call, routing::Input::Accept { agent, offer }, Want::Accept);
    }

    /// Click to dial, first half: look the number up and reserve the agent.
    pub fn order_dial(&mut self, agent: UserId, dialled: String, media: AgentMedia, reply: oneshot::Sender<CommandResult<Connected>>) {
        let target = self.directory.resolve(&dialled);
        let refusal = match &target {
            _ if self.draining => Some(CommandError::Unavailable),
            _ if self.running() >= self.ctx.config.calls_max as usize => Some(CommandError::Limit("calls_max")),
            None => Some(CommandError::Invalid { field: "to", reason: "leads nowhere".into() }),
            Some(Target::Agent(other)) if *other == agent => {
                Some(CommandError::Invalid { field: "to", reason: "is your own extension".into() })
            }
            Some(_) => None,
        };
        let (Some(target), None) = (target, refusal.as_ref()) else {
            // The asker may be gone.
            let _ = reply.send(Err(refusal.unwrap_or(CommandError::NotFound("number"))));
            return;
        };
        let call = self.ctx.ids.new_id(self.now, CallId::from_parts);
        let order = DialOrder { agent, dialled, target, media, reply };
        self.tell_router(call, routing::Input::AgentBusy { agent, interaction: call.into() }, Want::Dial(Box::new(order)));
    }

    /// Second half: the agent is reserved, the call begins with their side.
    fn dial_reserved(&mut self, call: CallId, order: DialOrder) {
        let DialOrder { agent, dialled, target, media, reply } = order;
        let local = self.directory.user(agent).and_then(|u| u.extension.clone()).unwrap_or_default();
        let device = if matches!(media, AgentMedia::Browser { .. }) { Device::Browser } else { Device::DeskPhone };
        let setup = Setup { call, origin: Origin::Click { user: agent, device, target }, remote: dialled.into(), local, trunk: None };
        self.begin(setup, |cell| {
            cell.reserved = Some(agent);
            match media {
                AgentMedia::Browser { sdp_offer } => cell.browser = Some(BrowserOffer { sdp: sdp_offer, reply }),
                // The asker may be gone.
                AgentMedia::DeskPhone => drop(reply.send(Ok(Connected { call, sdp_answer: None }))),
            }
        });
    }

    /// A reloaded page brings new media.
    pub fn resume(&mut self, agent: UserId, call: CallId, sdp: String, reply: oneshot::Sender<CommandResult<Connected>>) {
        let Some(cell) = self.calls.get(&call).filter(|c| c.machine.has_agent(agent) && c.browser.is_none()) else {
            // The asker may be gone.
            let _ = reply.send(Err(CommandError::NotFound("call")));
            return;
        };
        let id = cell.id;
        self.with_call(id, |_, cell| {
            cell.browser = Some(BrowserOffer { sdp, reply });
            let request = cell.expect(Waiter::Browser);
            cell.pending.push_back(Input::Resumed { request });
        });
    }
}

fn card(cell: &CallCell, reason: Option<String>) -> Card {
    let row = cell.machine.interaction();
    Card {
        remote: row.remote.clone(),
        local: row.local.clone(),
        customer: row.customer,
        reason,
        known: cell.known.clone(),
        menu_digit: None,
    }
}
