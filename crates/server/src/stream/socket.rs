//! One client's WebSocket: hello, subscriptions, messages, pings.
use super::follow::Follow;
use super::hub::{Change, ClientId, Message, Start};
use super::mask::{self, Sight};
use crate::api::dto::alert::{AlertNews, AlertsSnapshot};
use crate::api::dto::stream::{
    AgentsSnapshot, CallCard, CallEnded, CallsSnapshot, MeSnapshot, OfferCard, OfferEnded, StreamHello, StreamMessage, Subscribe, Topic,
    TrunksSnapshot, WaitingEnded, WaitingSnapshot,
};
use crate::api::dto::view;
use crate::api::interactions::summary::summary;
use crate::app::App;
use crate::auth::Caller;
use crate::auth::caller::Credential;
use crate::stream::card;
use axum::extract::ws::{self, CloseFrame, Utf8Bytes, WebSocket};
use domain::UserId;
use domain::access::{Permission, Resource};
use engine::handle::{LiveChange, Snapshot};
use serde::Serialize;
use std::time::Duration;
use store::repo::users;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior};

/// The server asks this often whether the client is still there …
const PING_EVERY: Duration = Duration::from_secs(20);
/// … and lets go of one that said nothing for this long.
const SILENCE_MAX: Duration = Duration::from_secs(65);
/// Whoever asks more often than this is broken or means harm: each question costs a snapshot.
const REQUESTS_A_PING_MAX: u32 = 40;
/// Boards that are followed are looked at this often.
const BOARD_EVERY: Duration = Duration::from_millis(250);
const SEND_MAX: Duration = Duration::from_secs(10);

/// Close codes of our own (RFC 6455 §7.4.2: 4000–4999).
const CLOSE_SIGNED_OUT: u16 = 4401;
const CLOSE_TOO_MANY: u16 = 4429;
const CLOSE_RESTART: u16 = 1012;

struct Stream {
    app: App,
    caller: Caller,
    sight: Sight,
    client: ClientId,
    topics: Vec<Topic>,
    follow: Follow,
}

enum End {
    Gone,
    Close(u16, &'static str),
}
type Step = Result<(), End>;

pub async fn run(app: App, caller: Caller, mut socket: WebSocket) {
    let user = caller.principal.user;
    let (client, mut messages) = app.hub.join(user, app.config.limits.stream_queue_len_max);
    let mut stream = Stream { sight: caller.sight(), app, caller, client, topics: Vec::new(), follow: Follow::default() };
    let end = stream.serve(&mut socket, &mut messages).await;
    stream.app.hub.leave(client);
    if let Err(End::Close(code, reason)) = end {
        let frame = CloseFrame { code, reason: Utf8Bytes::from_static(reason) };
        // The client may be gone already; there is nobody to tell.
        let _ = socket.send(ws::Message::Close(Some(frame))).await;
    }
}

impl Stream {
    async fn serve(&mut self, socket: &mut WebSocket, messages: &mut mpsc::Receiver<Message>) -> Step {
        let hello = StreamHello { epoch: self.app.hub.epoch(), user: self.caller.user.as_ref().map(|u| u.id.0) };
        send(socket, "hello", 0, "hello", &hello).await?;
        let mut ping = tokio::time::interval(PING_EVERY);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ping.tick().await;
        let mut boards = tokio::time::interval(BOARD_EVERY);
        boards.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut heard = Instant::now();
        let mut requests = 0;
        loop {
            tokio::select! {
                incoming = socket.recv() => {
                    heard = Instant::now();
                    match incoming {
                        Some(Ok(ws::Message::Text(text))) => {
                            requests += 1;
                            if requests > REQUESTS_A_PING_MAX {
                                return Err(End::Close(CLOSE_TOO_MANY, "too many messages"));
                            }
                            self.request(socket, text.as_str()).await?;
                        }
                        Some(Ok(ws::Message::Close(_)) | Err(_)) | None => return Err(End::Gone),
                        Some(Ok(_)) => {}
                    }
                }
                Some(message) = messages.recv() => {
                    if self.app.hub.take_overflow(self.client) {
                        self.afresh(socket, messages).await?;
                    } else {
                        self.forward(socket, &message).await?;
                    }
                }
                _ = boards.tick(), if !self.follow.is_empty() => self.boards(socket).await?,
                _ = ping.tick() => {
                    requests = 0;
                    if heard.elapsed() > SILENCE_MAX {
                        return Err(End::Gone);
                    }
                    self.still_welcome().await?;
                    if self.app.hub.take_overflow(self.client) {
                        self.afresh(socket, messages).await?;
                    }
                    deliver(socket, ws::Message::Ping(bytes::Bytes::new())).await?;
                }
            }
        }
    }

    async fn still_welcome(&self) -> Step {
        if self.app.draining() && !self.app.hub.on_call(self.caller.principal.user) {
            return Err(End::Close(CLOSE_RESTART, "the server restarts"));
        }
        let welcome = match (&self.caller.credential, &self.caller.user) {
            (Credential::Session { id, .. }, Some(user)) => {
                let open = store::repo::sessions::of_user(&self.app.store, user.id, self.app.now()).await;
                let enabled = users::get(&self.app.store, user.id).await.is_ok_and(|u| !u.value.disabled);
                enabled && open.is_ok_and(|s| s.iter().any(|s| s.id == *id))
            }
            (Credential::ApiKey { expires_at, .. }, _) => expires_at.is_none_or(|t| t > self.app.now()),
            (Credential::Session { .. }, None) => false,
        };
        if welcome { Ok(()) } else { Err(End::Close(CLOSE_SIGNED_OUT, "signed out")) }
    }

    async fn request(&mut self, socket: &mut WebSocket, text: &str) -> Step {
        let Ok(request) = serde_json::from_str::<Subscribe>(text) else {
            return send(socket, "error", 0, "invalid", &serde_json::json!({ "detail": "expected {\"subscribe\": […]}" })).await;
        };
        if let Some(boards) = request.boards {
            if self.caller.authorize(Permission::LiveView, &Resource::HOUSE).is_ok() {
                self.follow.set(&boards.into_iter().map(Into::into).collect::<Vec<_>>());
                self.boards(socket).await?;
            } else {
                send(socket, "error", 0, "forbidden", &serde_json::json!({ "topic": "board" })).await?;
            }
        }
        let same_epoch = request.epoch.is_none_or(|e| e == self.app.hub.epoch());
        for topic in request.subscribe {
            if !self.may(topic) {
                send(socket, "error", 0, "forbidden", &serde_json::json!({ "topic": topic })).await?;
                continue;
            }
            let resume = request.resume.get(&topic).copied().filter(|_| same_epoch);
            if !self.topics.contains(&topic) {
                self.topics.push(topic);
            }
            match self.app.hub.subscribe(self.client, topic, resume) {
                Start::Missed(missed) => {
                    for message in &missed {
                        self.forward(socket, message).await?;
                    }
                }
                Start::Reset(seq) => self.reset(socket, topic, seq).await?,
            }
        }
        Ok(())
    }

    async fn boards(&mut self, socket: &mut WebSocket) -> Step {
        for (kind, data) in self.follow.news(&self.app).await {
            send(socket, "board", 0, kind, &data).await?;
        }
        Ok(())
    }

    fn may(&self, topic: Topic) -> bool {
        match topic {
            Topic::Me => self.caller.user.is_some(),
            _ => self.caller.authorize(Permission::LiveView, &Resource::HOUSE).is_ok(),
        }
    }

    /// The queue overflowed: throws away what it holds and starts every topic again.
    async fn afresh(&mut self, socket: &mut WebSocket, messages: &mut mpsc::Receiver<Message>) -> Step {
        while messages.try_recv().is_ok() {}
        for topic in self.topics.clone() {
            if let Start::Reset(seq) = self.app.hub.subscribe(self.client, topic, None) {
                self.reset(socket, topic, seq).await?;
            }
        }
        Ok(())
    }

    async fn reset(&self, socket: &mut WebSocket, topic: Topic, seq: u64) -> Step {
        let Ok(snapshot) = self.app.engine.snapshot().await else {
            return Err(End::Close(CLOSE_RESTART, "the engine is gone"));
        };
        let (sight, name) = (self.sight, topic_name(topic));
        let names = self.app.hub.names();
        match topic {
            Topic::Me => {
                let me = self.me(snapshot).await;
                send(socket, name, seq, "reset", &me).await
            }
            Topic::Agents => {
                let agents = snapshot.agents.iter().map(|a| mask::agent_view(a, names.get(&a.user))).collect();
                send(socket, name, seq, "reset", &AgentsSnapshot { agents }).await
            }
            Topic::Waiting => {
                let waiting = snapshot.waiting.iter().map(|w| mask::waiting_view(sight, w)).collect();
                send(socket, name, seq, "reset", &WaitingSnapshot { waiting }).await
            }
            Topic::Calls => {
                let calls = snapshot.calls.iter().map(|c| mask::call_view(sight, c)).collect();
                send(socket, name, seq, "reset", &CallsSnapshot { calls }).await
            }
            Topic::Alerts => {
                let alerts = self.app.engine.monitor().active_alerts().iter().filter_map(|a| view(a).ok()).collect();
                send(socket, name, seq, "reset", &AlertsSnapshot { alerts }).await
            }
            Topic::Trunks => {
                let trunks = snapshot.trunks.iter().map(mask::trunk_view).collect();
                send(socket, name, seq, "reset", &TrunksSnapshot { trunks }).await
            }
        }
    }

    async fn me(&self, snapshot: Snapshot) -> MeSnapshot {
        let user: UserId = self.caller.principal.user;
        let store = &self.app.store;
        let mut me = MeSnapshot { agent: None, offer: None, call: None };
        me.agent = snapshot.agents.iter().find(|a| a.user == user).map(|a| mask::agent_view(a, None));
        if let Some(offer) = snapshot.offers.into_iter().find(|o| o.agent == user) {
            let card = card::find(store, offer.customer, &offer.remote).await;
            let customer = offer.customer.or(card.as_ref().map(|c| c.id));
            let recent = card::without_current(card::recent(store, customer, &offer.remote).await, offer.interaction);
            me.offer = Some(self.offer_card(&offer, card.as_ref(), &recent));
        }
        if let Some(call) = snapshot.calls.into_iter().find(|c| c.agent == Some(user) || c.caller == Some(user)) {
            let card = card::find(store, call.customer, &call.remote).await;
            me.call = Some(self.call_card(&call, card.as_ref()));
        }
        me
    }

    fn offer_card(
        &self,
        offer: &domain::live::OfferLive,
        card: Option<&domain::config::Customer>,
        recent: &[domain::interaction::Interaction],
    ) -> OfferCard {
        OfferCard {
            offer: mask::offer_view(self.sight, offer),
            customer_card: card.map(|c| mask::card_view(self.sight, c)),
            recent: recent.iter().filter_map(|i| summary(self.sight, i).ok()).collect(),
        }
    }

    fn call_card(&self, call: &domain::live::CallLive, card: Option<&domain::config::Customer>) -> CallCard {
        CallCard { call: mask::call_view(self.sight, call), customer_card: card.map(|c| mask::card_view(self.sight, c)) }
    }

    async fn forward(&self, socket: &mut WebSocket, message: &Message) -> Step {
        let (topic, seq, sight) = (topic_name(message.topic), message.seq, self.sight);
        match message.change.as_ref() {
            Change::Offer { offer, card, recent } => {
                send(socket, topic, seq, "offer", &self.offer_card(offer, card.as_ref(), recent)).await
            }
            Change::Alert(news) => match view::<AlertNews>(news) {
                Ok(news) => send(socket, topic, seq, "alert", &news).await,
                Err(_) => Ok(()),
            },
            Change::Call { call, card } => send(socket, topic, seq, "call", &self.call_card(call, card.as_ref())).await,
            Change::Live(LiveChange::Agent(a)) => {
                let names = self.app.hub.names();
                let name = names.get(&a.user).filter(|_| message.topic == Topic::Agents);
                send(socket, topic, seq, "agent", &mask::agent_view(a, name)).await
            }
            Change::Live(LiveChange::Waiting(w)) => send(socket, topic, seq, "waiting", &mask::waiting_view(sight, w)).await,
            Change::Live(LiveChange::WaitingEnded { interaction, queue }) => {
                send(socket, topic, seq, "waiting_ended", &WaitingEnded { interaction: interaction.0, queue: queue.0 }).await
            }
            Change::Live(LiveChange::Call(c)) => send(socket, topic, seq, "call", &mask::call_view(sight, c)).await,
            Change::Live(LiveChange::CallEnded { call, agent, channel }) => {
                let ended = CallEnded { call: call.0, agent: agent.map(|a| a.0), channel: mask::channel_view(*channel) };
                send(socket, topic, seq, "call_ended", &ended).await
            }
            Change::Live(LiveChange::OfferEnded { offer, agent, result }) => {
                let ended = OfferEnded { offer: offer.0, agent: agent.0, result: result.clone() };
                send(socket, topic, seq, "offer_ended", &ended).await
            }
            Change::Live(LiveChange::Offer(o)) => send(socket, topic, seq, "offer", &mask::offer_view(sight, o)).await,
            Change::Live(LiveChange::Trunk(t)) => send(socket, topic, seq, "trunk", &mask::trunk_view(t)).await,
        }
    }
}

const fn topic_name(topic: Topic) -> &'static str {
    match topic {
        Topic::Me => "me",
        Topic::Agents => "agents",
        Topic::Waiting => "waiting",
        Topic::Calls => "calls",
        Topic::Trunks => "trunks",
        Topic::Alerts => "alerts",
    }
}

async fn send<T: Serialize>(socket: &mut WebSocket, topic: &str, seq: u64, kind: &str, data: &T) -> Step {
    let data = serde_json::to_value(data).map_err(|_| End::Gone)?;
    let message = StreamMessage { topic: topic.to_owned(), seq, r#type: kind.to_owned(), data };
    let text = serde_json::to_string(&message).map_err(|_| End::Gone)?;
    deliver(socket, ws::Message::Text(text.into())).await
}

/// A client that does not read is let go: its queue fills meanwhile, nobody else waits.
async fn deliver(socket: &mut WebSocket, message: ws::Message) -> Step {
    match tokio::time::timeout(SEND_MAX, socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        _ => Err(End::Gone),
    }
}
